//! The demo company is the one that was planned: `company/facts.sql` says within which bounds each number lies, and
//! `company/defects.sql` what counts the bad rows of each planted defect: none on clean data, some on dirty ones.
//!
//! The numbers are those of the plan, not of the generator; `company/facts.py` has DuckDB read the same files and judge alike.
//! The extracts are those that `cargo xtask` makes once: `public/data` and `target/dirty`.

use almanac_engine::Engine;
use almanac_model::manifest::FILE_NAME;
use almanac_model::protocol::Limits;
use almanac_model::{Diagnostic, Value};
use almanac_native::{Disk, block_on, manifest_of};
use almanac_tests::project::project;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A question and the bounds of its answer.
struct Fact {
    name: String,
    low: f64,
    high: f64,
    sql: String,
}

fn main() {
    let facts = std::fs::read_to_string(project("tests/company/facts.sql")).expect("a file of the project");
    let defects = std::fs::read_to_string(project("tests/company/defects.sql")).expect("a file of the project");
    let (clean, dirty) = (project("public/data"), dirty());
    let mut trials = Vec::new();
    for (section, facts) in sections(&facts) {
        trials.push(trial(format!("facts_{section}"), &clean, facts));
    }
    for (section, facts) in sections(&defects) {
        let bad = facts.iter().map(|fact| Fact {
            name: fact.name.clone(),
            low: 1.0,
            high: f64::INFINITY,
            sql: fact.sql.clone(),
        });
        trials.push(trial(format!("dirty_{section}"), &dirty, bad.collect()));
        trials.push(trial(format!("clean_{section}"), &clean, facts));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Where `cargo xtask test` puts the dirty variant: the target folder, wherever it is.
fn dirty() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project("target"), PathBuf::from);
    target.join("dirty")
}

fn trial(name: String, data: &Path, facts: Vec<Fact>) -> Trial {
    let missing = !data.join(FILE_NAME).is_file();
    let data = data.to_owned();
    // Without the extracts there is nothing to ask; `cargo xtask test` makes them.
    Trial::test(name, move || judge(&data, &facts)).with_ignored_flag(missing)
}

fn judge(data: &Path, facts: &[Fact]) -> Result<(), Failed> {
    let host = Disk::new(data);
    let mut engine = Engine::new(manifest_of(data)?, Limits::default());
    let mut failures = String::new();
    for fact in facts {
        match answer(&mut engine, &host, &fact.sql) {
            Ok(Some(value)) if (fact.low..=fact.high).contains(&value) => {}
            Ok(value) => {
                let _ = writeln!(failures, "{}: {value:?} is not within {} and {}", fact.name, fact.low, fact.high);
            }
            Err(problems) => {
                let _ = writeln!(failures, "{}: {problems:?}", fact.name);
            }
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.into()) }
}

/// The one number of an answer.
fn answer(engine: &mut Engine, host: &Disk, sql: &str) -> Result<Option<f64>, Vec<Diagnostic>> {
    let answer = block_on(engine.query(host, sql, &BTreeMap::new()))?;
    let table = answer.result.to_table(2);
    let value = table.columns.first().filter(|_| table.rows == 1).map(|column| column.values.get(0));
    Ok(match value {
        Some(Value::Int(n)) => Some(n as f64),
        Some(Value::Double(x)) => Some(x),
        _ => None,
    })
}

/// The facts by section. `-- == name` begins a section, `-- name: low .. high, words` a fact, which ends with `;`.
fn sections(source: &str) -> Vec<(String, Vec<Fact>)> {
    let mut sections: Vec<(String, Vec<Fact>)> = Vec::new();
    for line in source.lines() {
        if let Some(name) = line.strip_prefix("-- == ") {
            sections.push((name.trim().to_owned(), Vec::new()));
            continue;
        }
        let Some((_, facts)) = sections.last_mut() else { continue };
        match line.strip_prefix("-- ") {
            Some(head) => facts.push(head_of(head)),
            None => {
                if let Some(fact) = facts.last_mut() {
                    fact.sql += line.trim_end_matches(';');
                    fact.sql.push('\n');
                }
            }
        }
    }
    sections
}

fn head_of(head: &str) -> Fact {
    let read = || {
        let (name, rest) = head.split_once(": ")?;
        let bounds = rest.split(',').next().unwrap_or_default();
        let (low, high) = bounds.split_once(" .. ").unwrap_or((bounds, bounds));
        let number = |text: &str| text.trim().parse().ok();
        Some(Fact { name: name.to_owned(), low: number(low)?, high: number(high)?, sql: String::new() })
    };
    read().unwrap_or_else(|| panic!("`-- {head}` is no fact: write `-- name: low .. high, why`"))
}
