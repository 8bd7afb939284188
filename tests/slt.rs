//! Runs every `slt/*.slt` on the engine: one test a file, whose failures show the record, what was expected and what came.
//! So it does with `company/*.slt`, over tables of their own, with `random/*.slt`, queries that `random/generate.py` made up,
//! and with the file of such queries that `ALMANAC_SLT` names.
//!
//! Of the `sqllogictest` crate only the parser is used: its runner stops at the first difference of a file.

use almanac_engine::Engine;
use almanac_model::Diagnostic;
use almanac_model::protocol::Limits;
use almanac_native::{block_on, manifest_of};
use almanac_tests::answers::Answer;
use almanac_tests::project::project;
use crew::Crew;
use libtest_mimic::{Arguments, Failed, Trial};
use sqllogictest::{Condition, DefaultColumnType, QueryExpect, Record, SortMode};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

mod crew;

fn main() {
    let mut trials: Vec<Trial> = files_of("tests/slt").into_iter().map(|path| trial("", path, WRITTEN)).collect();
    trials.extend(files_of("tests/company").into_iter().map(|path| trial("company_", path, COMPANY)));
    trials.extend(files_of("tests/random").into_iter().map(|path| trial("random_", path, RANDOM)));
    // The same answers from an engine that has helpers.
    let divided = |suite: Suite| Suite { divides: true, ..suite };
    trials.extend(files_of("tests/slt").into_iter().map(|path| trial("parts_", path, divided(WRITTEN))));
    trials.extend(files_of("tests/company").into_iter().map(|path| trial("parts_company_", path, divided(COMPANY))));
    trials.extend(std::env::var_os("ALMANAC_SLT").map(|path| trial("given_", path.into(), RANDOM)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Over which tables a file's records are, and whether a person wrote them.
#[derive(Clone, Copy)]
struct Suite {
    fixtures: &'static str,
    random: bool,
    /// Whether helpers compute parts of the queries.
    divides: bool,
}

const WRITTEN: Suite = Suite { fixtures: "tests/slt/fixtures", random: false, divides: false };
const COMPANY: Suite = Suite { fixtures: "tests/company/fixtures", random: false, divides: false };
const RANDOM: Suite = Suite { fixtures: "tests/slt/fixtures", random: true, divides: false };

fn files_of(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(project(folder))
        .expect("the folder is part of the project")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "slt"))
        .collect();
    files.sort();
    files
}

fn trial(prefix: &str, path: PathBuf, suite: Suite) -> Trial {
    let name = format!("{prefix}{}", path.file_stem().unwrap_or_default().to_string_lossy());
    Trial::test(name, move || run_file(&path, suite))
}

/// Random queries may ask for what is not supported: so much of a file at most, one in so many.
const UNSUPPORTED: usize = 20;

fn run_file(path: &Path, suite: Suite) -> Result<(), Failed> {
    let records = sqllogictest::parse_file::<DefaultColumnType>(path)?;
    let mut database = Database::open(suite)?;
    let (mut count, mut unsupported, mut failures) = (0, 0, String::new());
    for record in records {
        let Record::Query { loc, sql, expected, conditions, .. } = record else { continue };
        count += 1;
        let gap =
            conditions.iter().any(|condition| matches!(condition, Condition::SkipIf { label } if label == "almanac"));
        let problem = if gap { database.judge_gap(&sql) } else { database.judge(&sql, &expected) };
        if suite.random && problem.as_ref().is_some_and(|problem| problem.starts_with("refused: unsupported:")) {
            unsupported += 1;
            continue;
        }
        if let Some(problem) = problem {
            let _ = writeln!(
                failures,
                "{}:{}\n    {}\n  {problem}",
                path.file_name().unwrap_or_default().display(),
                loc.line(),
                sql.replace('\n', "\n    ")
            );
        }
    }
    if unsupported * UNSUPPORTED > count {
        let _ = writeln!(failures, "{}.slt: {unsupported} of {count} queries are not supported", path.display());
    }
    match failures.matches(".slt:").count() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {count} records failed\n{failures}").into()),
    }
}

/// The engine over the fixtures.
struct Database {
    suite: Suite,
    engine: Engine,
    host: Crew,
}

impl Database {
    fn open(suite: Suite) -> Result<Self, Failed> {
        let folder = project(suite.fixtures);
        let manifest = manifest_of(&folder)?;
        let host = Crew::new(&folder, &manifest, suite.divides);
        Ok(Self { suite, engine: Engine::new(manifest, Limits::default()), host })
    }

    /// Why a record fails; `None` when it passes.
    fn judge(&mut self, sql: &str, expected: &QueryExpect<DefaultColumnType>) -> Option<String> {
        let answer = catch_unwind(AssertUnwindSafe(|| self.answer(sql)));
        let Ok(answer) = answer else {
            // What a panic leaves behind is not worth trusting.
            *self = Self::open(self.suite).expect("it opened before");
            return Some("the engine panicked".into());
        };
        match (answer, expected) {
            (Ok(got), QueryExpect::Results { types, sort_mode, results, .. }) => {
                let letters = types.iter().map(sqllogictest::ColumnType::to_char).collect();
                got.difference(&Answer::written(letters, results), *sort_mode == Some(SortMode::RowSort))
            }
            (Err(problems), QueryExpect::Results { .. }) => Some(format!("refused: {}", told(&problems))),
            (Ok(got), QueryExpect::Error(_)) => {
                Some(format!("answered, though it must be refused: {:?}", got.rows.first()))
            }
            (Err(problems), QueryExpect::Error(wanted)) => {
                let told = told(&problems);
                let placed = problems
                    .iter()
                    .all(|problem| problem.span.is_none_or(|span| sql.get(span.start..span.end).is_some()));
                match (wanted.is_match(&told, None), placed) {
                    (true, true) => None,
                    (false, _) => Some(format!("refused with {told}, expected {wanted}")),
                    (true, false) => Some(format!("the place of {told} is no part of the text")),
                }
            }
        }
    }

    /// A feature that is not there yet is refused in words; it is never answered wrongly.
    fn judge_gap(&mut self, sql: &str) -> Option<String> {
        match catch_unwind(AssertUnwindSafe(|| self.answer(sql))) {
            Ok(Err(_)) => None,
            Ok(Ok(_)) => Some("answered: take `skipif almanac` away".into()),
            Err(_) => {
                *self = Self::open(self.suite).expect("it opened before");
                Some("the engine panicked".into())
            }
        }
    }

    fn answer(&mut self, sql: &str) -> Result<Answer, Vec<Diagnostic>> {
        let answer = block_on(self.engine.query(&self.host, sql, &BTreeMap::new()))?;
        Ok(Answer::of(&answer.result.to_table(usize::MAX)))
    }
}

fn told(problems: &[Diagnostic]) -> String {
    problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect::<Vec<_>>().join("; ")
}
