//! What became of the tests of a site's numbers: `data/quality.json`, written by `almanac check`, read by the Quality page.

use crate::lineage::Node;
use serde::{Deserialize, Serialize};

/// The file's name in the folder of the extracts.
pub const FILE_NAME: &str = "quality.json";

/// One run of all tests over the extracts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// The last day the data speak of, as in the manifest.
    pub as_of: Option<String>,
    /// [`crate::manifest::Manifest::fingerprint`] of the extracts that were judged: another one means that the run is stale.
    pub data: String,
    /// Each test once, metrics first, then tables, both by name.
    pub results: Vec<TestResult>,
    /// What depends on tests that did not pass; see [`crate::lineage::Lineage::marked`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<Marked>,
}

/// Something that depends on tests that did not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// A metric, a notebook, a column, ….
    pub node: Node,
    /// The places of those tests among the results.
    pub tests: Vec<usize>,
}

/// What became of one test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// What was judged.
    pub subject: Subject,
    /// The kind of test, or the name of a rule: `range`, `unique_key`, `closed_after_created`.
    pub test: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found, in words; empty when it passed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
    /// What was expected, in words.
    pub expected: String,
    /// What to do next; empty when it passed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub next: String,
    /// The tables whose rows were read.
    pub reads: Vec<String>,
}

/// What a test judges.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A metric, by id.
    Metric(String),
    /// A table as a whole.
    Table(String),
    /// A column.
    Column {
        /// Its table.
        table: String,
        /// Its name.
        column: String,
    },
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What was found is what was expected.
    Passed,
    /// It is not.
    Failed,
    /// It could not be judged: the query was refused, or a table is missing.
    Broken,
}

impl Quality {
    /// The tests that did not pass.
    pub fn failures(&self) -> impl Iterator<Item = &TestResult> {
        self.results.iter().filter(|result| result.outcome != Outcome::Passed)
    }
}

impl Subject {
    /// The table it is or belongs to; `None` for a metric.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::Metric(_) => None,
            Self::Table(table) | Self::Column { table, .. } => Some(table),
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Metric(id) => f.write_str(id),
            Self::Table(table) => f.write_str(table),
            Self::Column { table, column } => write!(f, "{table}.{column}"),
        }
    }
}

impl Outcome {
    /// A word for tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Broken => "broken",
        }
    }
}
