//! A question to the metric layer as the page asks it, and its query.

use crate::diagnostic::Diagnostic;
use crate::metric::Grain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a page asks of one metric. The worker adds the day the data reach.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MetricQuestion {
    /// Its id.
    pub metric: String,
    /// The dimension it is split by.
    pub by: Option<String>,
    /// The periods; one value for all of its history without it.
    pub grain: Option<Grain>,
    /// What each value is held against: `previous`, `year_ago` or `plan`.
    pub against: Option<String>,
}

/// The query that answers it, or why there is none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MetricAnswer {
    /// The query in the words of each dialect, by its name, Almanac's own first. Empty when the question is refused.
    pub texts: Vec<(String, String)>,
    /// The columns of its answer.
    pub columns: Vec<MetricColumn>,
    /// Why it is refused, or what a reader should know.
    pub diagnostics: Vec<Diagnostic>,
}

/// A column of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, String>")]
pub struct MetricColumn {
    /// Its name.
    pub name: String,
    /// `period`, `dimension`, `value`, `compared`, `change` or `change_share`.
    pub role: String,
}

/// Texts by name, so that the page needs no code of its own to read it.
impl From<BTreeMap<String, String>> for MetricColumn {
    fn from(mut texts: BTreeMap<String, String>) -> Self {
        let mut text = |name: &str| texts.remove(name).unwrap_or_default();
        Self { name: text("name"), role: text("role") }
    }
}
