//! Whole sets of questions over tables of real size, with DuckDB's answers to the last row: one test a set.
//!
//! Each set is asked twice: of one engine, and of one that has helpers. The extracts are made here, or lie in the set's `fixtures`;
//! the answers are written by `questions/oracle.py`. A set is asked once more of the folder that `ALMANAC_QUESTIONS` names, if it
//! has a folder of its name there with larger extracts and, in `answers`, their answers.

use almanac_engine::Engine;
use almanac_model::protocol::Limits;
use almanac_native::{block_on, manifest_of};
use almanac_tests::answers::Answer;
use almanac_tests::extracts;
use almanac_tests::project::project;
use crew::Crew;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

mod crew;

fn main() {
    // With so many questions, at least, that can be divided: the joins put out all their rows.
    let sets =
        [("tpch", "bench/tpch", 20), ("groupby", "tests/questions/groupby", 14), ("join", "tests/questions/join", 0)];
    let given = std::env::var_os("ALMANAC_QUESTIONS").map(PathBuf::from);
    let mut trials = Vec::new();
    for (name, texts, least) in sets {
        let answers = project(&format!("tests/questions/{name}/answers"));
        if let Some(given) = given.as_ref().map(|given| given.join(name)).filter(|given| given.is_dir()) {
            trials.push(Trial::test(format!("given_{name}"), move || {
                run_over(name, &given, &project(texts), &given.join("answers"), false).map(drop)
            }));
        }
        let whole = answers.clone();
        trials.push(Trial::test(name, move || {
            run_over(name, &extracts_of(name, false)?, &project(texts), &whole, false).map(drop)
        }));
        let in_parts = move || run_over(name, &extracts_of(name, true)?, &project(texts), &answers, true);
        trials.push(Trial::test(format!("{name}_in_parts"), move || match in_parts()? {
            divided if divided >= least => Ok(()),
            divided => Err(format!("only {divided} queries were divided").into()),
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Asks every `*.sql` of a folder over the extracts of another; gives how many were answered with the help of others.
fn run_over(name: &str, folder: &Path, texts: &Path, answers: &Path, divides: bool) -> Result<usize, Failed> {
    let manifest = manifest_of(folder)?;
    let host = Crew::new(folder, &manifest, divides);
    let mut engine = Engine::new(manifest, Limits::default());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(texts)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    paths.sort();
    let (mut failures, mut failed, mut divided) = (String::new(), 0, 0);
    for path in &paths {
        let question = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let sql = std::fs::read_to_string(path)?;
        let answers = answers.join(format!("{question}.tsv"));
        let expected = std::fs::read_to_string(&answers).map_err(|error| format!("{}: {error}", answers.display()))?;
        let problem = match block_on(engine.query(&host, &sql, &BTreeMap::new())) {
            Ok(answer) => {
                divided += usize::from(answer.reading.helpers > 0);
                Answer::of(&answer.result.to_table(usize::MAX)).difference_from(&expected)
            }
            Err(problems) => Some(format!("refused: {problems:?}")),
        };
        if let Some(problem) = problem {
            failed += 1;
            let _ = writeln!(failures, "{name}/{question}: {problem}");
        }
    }
    match failed {
        0 if paths.is_empty() => Err(format!("there are no questions in {}", texts.display()).into()),
        0 => Ok(divided),
        _ => Err(format!("{failed} of {} answers are wrong\n{failures}", paths.len()).into()),
    }
}

/// The set's own files, or those that are made for it: each test makes its own, as others may run beside it.
fn extracts_of(name: &str, divides: bool) -> Result<PathBuf, Failed> {
    let committed = project(&format!("tests/questions/{name}/fixtures"));
    if committed.is_dir() {
        return Ok(committed);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(if divides { "questions-in-parts" } else { "questions" })
        .join(name);
    extracts::write(name, 1, &folder).map_err(|error| error.to_string())?;
    Ok(folder)
}
