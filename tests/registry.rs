//! The function registry: how many functions there are, and that what is made of it is up to date.
//!
//! Two files are made of the registry and kept in the project: the examples as SQL logic tests, which DuckDB answers and the
//! engine is judged by, and the reference that the page shows. After a change of the registry:
//!
//! ```text
//! ALMANAC_WRITE=1 cargo test -p almanac-tests --test registry
//! python3 tests/slt/oracle.py functions.slt
//! cargo test -p almanac-tests --test registry
//! ```

use almanac_model::reference::FILE_NAME;
use almanac_sql::catalog::{Catalog, CatalogTable};
use almanac_sql::functions::{self, Entry, Target, reference};
use almanac_tests::project::project;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Most that is written of the registry.
const LEAST: usize = 180;

/// The content of a file; written anew when the environment asks for it.
fn kept(path: &Path, made: &str) -> String {
    if std::env::var_os("ALMANAC_WRITE").is_some() {
        std::fs::write(path, made).expect("the project can be written");
    }
    std::fs::read_to_string(path).expect("it is part of the project")
}

const HELP: &str = "run `ALMANAC_WRITE=1 cargo test -p almanac-tests --test registry`, then `python3 tests/slt/oracle.py functions.slt`";

/// Names that can be called and mean something of their own: operators, further names and further signatures do not count.
#[test]
fn there_are_at_least_180_functions() {
    let names: BTreeSet<&str> =
        functions::all().filter(|entry| entry.is_callable()).map(|entry| entry.names[0]).collect();
    assert!(names.len() >= LEAST, "{} functions: {names:?}", names.len());
}

#[test]
fn every_entry_is_complete() {
    let mut seen: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in functions::all() {
        let name = entry.names[0];
        assert!(!entry.signatures.is_empty() && !entry.example.is_empty() && !entry.answer.is_empty(), "{name}");
        assert!(entry.description.ends_with('.') && entry.description.len() > 5, "{name}: {}", entry.description);
        assert!(entry.names.iter().all(|name| *name == name.to_lowercase()), "{name}");
        for name in entry.names.iter().filter(|_| entry.is_callable()) {
            let first = seen.entry(name).or_insert(entry);
            assert_eq!(is_aggregate(first), is_aggregate(entry), "{name} is an aggregate and something else");
        }
    }
}

fn is_aggregate(entry: &Entry) -> bool {
    matches!(entry.target, Target::Aggregate(_) | Target::Window(_))
}

/// Nothing to read.
struct Empty;

impl Catalog for Empty {
    fn table(&self, _: &str) -> Option<CatalogTable> {
        None
    }

    fn table_names(&self) -> Vec<String> {
        Vec::new()
    }
}

#[test]
fn every_name_is_offered_while_it_is_written() {
    for entry in functions::all().filter(|entry| entry.is_callable()) {
        for name in entry.names {
            let sql = format!("select {name}");
            let cursor = u32::try_from(sql.len()).expect("short");
            let (_, items) = almanac_sql::complete(&sql, cursor, &Empty, &BTreeMap::new());
            let item = items.iter().find(|item| item.label == *name && item.kind == "function");
            let item = item.unwrap_or_else(|| panic!("{name} is not offered"));
            assert!(!item.detail.is_empty() && item.info.contains("Example: "), "{item:?}");
        }
    }
}

/// The records of `functions.slt`: statement and answer.
fn records(text: &str) -> Vec<(String, Option<String>)> {
    text.split("\n\n")
        .filter(|record| record.starts_with("query "))
        .map(|record| {
            let mut lines = record.lines().skip(1);
            let sql = lines.by_ref().take_while(|line| *line != "----").collect::<Vec<_>>().join("\n");
            (sql, lines.next().map(str::to_owned))
        })
        .collect()
}

#[test]
fn every_example_is_a_record_that_duckdb_answered() {
    let mut made = String::from(
        "# The example of every function and operator, written from the registry by tests/registry.rs, answered by DuckDB.\n",
    );
    for entry in functions::all() {
        made += &format!("\nquery T\n{}\n----\n{}\n", entry.example_query(), written(entry.answer));
    }
    let kept = records(&kept(&project("tests/slt/functions.slt"), &made));
    assert_eq!(kept.len(), functions::all().count(), "{HELP}");
    for (entry, (sql, answer)) in functions::all().zip(kept) {
        assert_eq!(sql, entry.example_query(), "{HELP}");
        assert_eq!(
            answer.as_deref(),
            Some(written(entry.answer).as_str()),
            "the registry's answer of {sql} is not DuckDB's"
        );
    }
}

/// A text as an `.slt` file writes it.
fn written(answer: &str) -> String {
    if answer.is_empty() {
        "(empty)".to_owned()
    } else {
        answer.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")
    }
}

#[test]
fn the_page_shows_the_registry() {
    let reference = reference();
    assert_eq!(reference.count(), functions::all().count(), "an entry belongs to no section");
    // One function a line, so that a change reads well.
    let text = serde_json::to_string(&reference).expect("plain data").replace("{\"names\"", "\n{\"names\"") + "\n";
    // Not `assert_eq`, which would print the whole of it twice.
    assert!(
        kept(&project("app/ui/static").join(FILE_NAME), &text) == text,
        "functions.json is not the registry's: {HELP}"
    );
}
