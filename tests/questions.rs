//! Whole sets of questions over tables of real size, with DuckDB's answers to the last row: one test a set.
//!
//! The extracts are made here, or lie in the set's `fixtures`; the answers are written by `questions/oracle.py`.

use almanac_engine::Engine;
use almanac_model::protocol::Limits;
use almanac_native::{Disk, block_on, manifest_of};
use almanac_tests::answers::Answer;
use almanac_tests::extracts;
use almanac_tests::project::project;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let set = |name: &'static str, texts: &'static str| Trial::test(name, move || run_set(name, &project(texts)));
    let trials =
        vec![set("tpch", "bench/tpch"), set("groupby", "tests/questions/groupby"), set("join", "tests/questions/join")];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Asks every `*.sql` of a folder.
fn run_set(name: &str, texts: &Path) -> Result<(), Failed> {
    let folder = extracts_of(name)?;
    let mut engine = Engine::new(manifest_of(&folder)?, Limits::default());
    let host = Disk::new(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(texts)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    paths.sort();
    let (mut failures, mut failed) = (String::new(), 0);
    for path in &paths {
        let question = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let sql = std::fs::read_to_string(path)?;
        let answers = project(&format!("tests/questions/{name}/answers/{question}.tsv"));
        let expected = std::fs::read_to_string(&answers).map_err(|error| format!("{}: {error}", answers.display()))?;
        let problem = match block_on(engine.query(&host, &sql, &BTreeMap::new())) {
            Ok(answer) => Answer::of(&answer.result.to_table(usize::MAX)).difference_from(&expected),
            Err(problems) => Some(format!("refused: {problems:?}")),
        };
        if let Some(problem) = problem {
            failed += 1;
            let _ = writeln!(failures, "{name}/{question}: {problem}");
        }
    }
    match failed {
        0 if paths.is_empty() => Err(format!("there are no questions in {}", texts.display()).into()),
        0 => Ok(()),
        _ => Err(format!("{failed} of {} answers are wrong\n{failures}", paths.len()).into()),
    }
}

/// The set's own files, or those that are made for it.
fn extracts_of(name: &str) -> Result<PathBuf, Failed> {
    let committed = project(&format!("tests/questions/{name}/fixtures"));
    if committed.is_dir() {
        return Ok(committed);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("questions").join(name);
    extracts::write(name, &folder).map_err(|error| error.to_string())?;
    Ok(folder)
}
