//! What the manifest alone says: which columns a table has, and how many rows its files.

use super::{Check, Watched};
use almanac_model::quality::{Outcome, Subject, TestResult};
use almanac_model::schema::Table;

/// A file has at most so many times the rows of the one before it, and at least that part of them.
const JUMP: u64 = 2;

/// A table that is described and not there.
pub(super) fn missing(table: &Table) -> TestResult {
    TestResult {
        subject: Subject::Table(table.name.clone()),
        test: "schema".to_owned(),
        outcome: Outcome::Failed,
        found: "no such table among the extracts".to_owned(),
        expected: "the table that `schema.yml` describes".to_owned(),
        next: "load it, or take it out of `schema.yml`".to_owned(),
        reads: vec![table.name.clone()],
    }
}

pub(super) fn told(watched: &Watched<'_>) -> Vec<TestResult> {
    let mut told = vec![schema(watched), rows(watched)];
    if watched.resource.files.len() > 2 {
        told.push(volume(watched));
    }
    told
}

/// The columns are those that are described.
fn schema(watched: &Watched<'_>) -> TestResult {
    let fields = &watched.resource.schema.fields;
    let mut wrong = Vec::new();
    for column in &watched.schema.columns {
        match fields.iter().find(|field| field.name == column.name) {
            None => wrong.push(format!("`{}` is missing", column.name)),
            Some(field) if field.ty != column.ty => {
                wrong.push(format!("`{}` is {} instead of {}", column.name, field.ty, column.ty));
            }
            Some(_) => {}
        }
    }
    let known = |name: &str| watched.schema.columns.iter().any(|column| column.name == name);
    let added = fields.iter().filter(|field| !known(&field.name));
    wrong.extend(added.map(|field| format!("`{}` is not described", field.name)));
    let check = Check::of_table(watched, "schema", "the columns and types of `schema.yml`", "");
    told_by(&check, &wrong.join(", "), "describe the change in `schema.yml`, or undo it in the source")
}

fn rows(watched: &Watched<'_>) -> TestResult {
    let check = Check::of_table(watched, "row_count", "rows", "");
    let found = if watched.resource.rows == 0 { "none" } else { "" };
    told_by(&check, found, "load it")
}

/// No file has many more or many fewer rows than the one before it.
fn volume(watched: &Watched<'_>) -> TestResult {
    let files = &watched.resource.files;
    let odd = files.windows(2).find(|pair| {
        let (before, now) = (pair[0].rows, pair[1].rows);
        now > before.saturating_mul(JUMP) || now.saturating_mul(JUMP) < before
    });
    let found =
        odd.map(|pair| format!("{} rows in `{}`, {} in the file before", pair[1].rows, pair[1].path, pair[0].rows));
    let expected = "files of half to twice the rows of the one before";
    let check = Check::of_table(watched, "volume", expected, "");
    told_by(&check, &found.unwrap_or_default(), "see whether rows of that file are missing or loaded twice")
}

/// Passed when nothing was found.
fn told_by(check: &Check, found: &str, next: &str) -> TestResult {
    if found.is_empty() {
        check.result(Outcome::Passed, String::new(), String::new())
    } else {
        check.result(Outcome::Failed, found.to_owned(), next.to_owned())
    }
}
