//! Monitors of the extracts: what `schema.yml`, the file of tables and the manifest say about rows, columns, keys and rhythm, as
//! queries that count what is wrong.
//!
//! **Invariant:** a probe answers one row with one number a check: how much is wrong, 0 when nothing is.

mod drift;
mod keys;
mod rhythm;
mod rows;
mod shape;

use crate::print::BoundText;
use almanac_model::Value;
use almanac_model::data::Table as Rows;
use almanac_model::manifest::{Manifest, Resource};
use almanac_model::metric::{TableFacts, TablesFile};
use almanac_model::quality::{Outcome, Subject, TestResult};
use almanac_model::schema::Table;

/// The test that says that a table is older than it may be.
pub const FRESHNESS: &str = "freshness";

/// A query and the checks its columns answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// What the engine runs.
    pub text: BoundText,
    /// One a column, in order.
    pub checks: Vec<Check>,
}

/// One monitor.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    subject: Subject,
    test: String,
    expected: String,
    /// What the number counts.
    unit: &'static str,
}

/// What is watched of one table.
pub(crate) struct Watched<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) schema: &'a Table,
    pub(crate) facts: Option<&'a TableFacts>,
    pub(crate) tables: &'a TablesFile,
    pub(crate) as_of: i32,
}

/// The monitors of all tables that the schema describes: those that need rows, and what the manifest alone says.
#[must_use]
pub fn monitors(
    manifest: &Manifest,
    schema: &[Table],
    tables: &TablesFile,
    as_of: i32,
) -> (Vec<Probe>, Vec<TestResult>) {
    let (mut probes, mut told) = (Vec::new(), Vec::new());
    for table in schema {
        let Some(resource) = manifest.resources.iter().find(|resource| resource.name == table.name) else {
            told.push(shape::missing(table));
            continue;
        };
        let watched = Watched { resource, schema: table, facts: tables.tables.get(&table.name), tables, as_of };
        told.extend(shape::told(&watched));
        probes.extend(rows::probe(&watched));
        probes.extend(keys::probes(&watched, schema));
        probes.extend(rhythm::probes(&watched));
        probes.extend(drift::probes(&watched));
    }
    (probes, told)
}

impl Probe {
    fn one(sql: String, check: Check) -> Self {
        Self { text: BoundText { sql, ..BoundText::default() }, checks: vec![check] }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.text.parameters.insert(name.to_owned(), value);
        self
    }

    /// What the answer says; without one, why there is none.
    #[must_use]
    pub fn judge(&self, answer: Result<&Rows, &str>) -> Vec<TestResult> {
        let number = |rows: &Rows, at: usize| match rows.columns.get(at).map(|column| column.values.get(0)) {
            Some(Value::Int(number)) => number as f64,
            Some(Value::Double(number)) => number,
            // There is nothing that could be wrong in a table without rows; that it has none is another test.
            _ => 0.0,
        };
        let judged = |(at, check): (usize, &Check)| match answer {
            Ok(rows) => check.judge(number(rows, at)),
            Err(why) => check.result(Outcome::Broken, why.to_owned(), "see whether `schema.yml` is right".to_owned()),
        };
        self.checks.iter().enumerate().map(judged).collect()
    }
}

impl Check {
    fn of_table(watched: &Watched<'_>, test: &str, expected: impl Into<String>, unit: &'static str) -> Self {
        let subject = Subject::Table(watched.schema.name.clone());
        Self { subject, test: test.to_owned(), expected: expected.into(), unit }
    }

    fn of_column(
        watched: &Watched<'_>,
        column: &str,
        test: &str,
        expected: impl Into<String>,
        unit: &'static str,
    ) -> Self {
        let subject = Subject::Column { table: watched.schema.name.clone(), column: column.to_owned() };
        Self { subject, test: test.to_owned(), expected: expected.into(), unit }
    }

    fn judge(&self, bad: f64) -> TestResult {
        if bad <= 0.0 {
            return self.result(Outcome::Passed, String::new(), String::new());
        }
        let next = match &self.subject {
            Subject::Table(table) => format!("look at the rows of `{table}`, and ask the owner of its source"),
            Subject::Column { table, column } => {
                format!("look at `{column}` of `{table}`, and ask the owner of its source")
            }
            Subject::Metric(id) => format!("run `almanac metric {id}`"),
        };
        self.result(Outcome::Failed, format!("{bad} {}", self.unit), next)
    }

    fn result(&self, outcome: Outcome, found: String, next: String) -> TestResult {
        TestResult {
            subject: self.subject.clone(),
            test: self.test.clone(),
            outcome,
            found,
            expected: self.expected.clone(),
            next,
            reads: self.subject.table().map(str::to_owned).into_iter().collect(),
        }
    }
}

impl Watched<'_> {
    /// The table's name in SQL.
    fn name(&self) -> String {
        quoted(&self.schema.name)
    }

    /// The column of days, that of months.
    fn times(&self) -> (Option<&str>, Option<&str>) {
        let time = self.facts.filter(|facts| !facts.calendar).map(|facts| &facts.time);
        (
            time.and_then(|time| time.day.as_ref()).map(|day| day.text.as_str()),
            time.and_then(|time| time.month.as_ref()).map(|month| month.text.as_str()),
        )
    }

    /// Its dimensions whose values are known and mean the same here.
    fn known_values(&self) -> Vec<(&str, &[String])> {
        let Some(facts) = self.facts else { return Vec::new() };
        let known = |name: &str| {
            let dimension = self.tables.dimensions.get(name).filter(|dimension| !dimension.values.is_empty())?;
            let here = dimension.shared_by.as_ref().is_none_or(|tables| tables.contains(&self.schema.name));
            here.then_some(dimension.values.as_slice())
        };
        facts
            .dimensions
            .iter()
            .filter_map(|dimension| Some((dimension.text.as_str(), known(&dimension.text)?)))
            .collect()
    }
}

/// A name that is taken as it is.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
