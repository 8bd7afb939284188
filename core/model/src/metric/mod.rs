//! Metrics as data: what a number means, who answers for it, and from which rows it is made.
//!
//! One YAML file a team holds its metrics, one more the facts of the tables they read; `public/metrics/` shows both. The words are
//! those of dbt's MetricFlow: simple, ratio, derived, cumulative and conversion metrics, measures, dimensions, grains.
//!
//! **Invariant:** [`MetricFile::parse`] and [`TablesFile::parse`] return a value for every text; what is wrong is a diagnostic with
//! its place, and an entry that cannot be read is left out alone.
//! **Invariant:** nothing here knows SQL: measures and filters are texts with a place, read by `almanac-metrics`.

mod fields;
mod grain;
mod kinds;
mod parse;
mod rules;
mod tables;
#[cfg(test)]
mod tests;

pub use grain::{Grain, month_after};
pub use tables::{Dimension, Spine, TableFacts, TablesFile};

use crate::diagnostic::Span;
use serde::{Deserialize, Serialize};

/// The metrics of one team, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MetricFile {
    /// The team they belong to.
    pub team: String,
    /// Who answers for a metric that names nobody.
    pub owner: String,
    /// Who reviewed the metrics that name nobody.
    pub reviewers: Vec<String>,
    /// The metrics.
    pub metrics: Vec<Metric>,
    /// Ids of metrics that could not be read, so that what reads them can say why it is not answered.
    pub broken: Vec<String>,
}

/// A text of the file that another parser reads, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Written {
    /// The text as the author means it.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Whether its bytes stand in the file as they are here, from [`Written::span`]'s start on: no quotes, no folded lines.
    pub plain: bool,
}

/// One metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Its name in queries, unique in the catalogue: `win_rate`.
    pub id: String,
    /// Where the id stands.
    pub span: Span,
    /// Its name on pages.
    pub name: String,
    /// The team it belongs to.
    pub team: String,
    /// Who answers for it.
    pub owner: String,
    /// Who reviewed it, or is to: people or teams other than the owner.
    pub reviewers: Vec<String>,
    /// What it means, in a sentence.
    pub definition: String,
    /// The entity it is about: `accounts`.
    pub entity: String,
    /// How it is made.
    pub kind: MetricKind,
    /// `usd`, `pct`, `int`, `days`, …: what a value counts.
    pub unit: String,
    /// A number format, when the unit's is not the right one.
    pub format: Option<String>,
    /// Which way is good.
    pub direction: Good,
    /// 1 headline, 2 normal, 3 a helper of others.
    pub tier: u8,
    /// Periods it may be asked for; empty for a state of today, which has none.
    pub grains: Vec<Grain>,
    /// Dimensions it may be split and filtered by.
    pub dimensions: Vec<Written>,
    /// What a gap on the time spine is.
    pub fill: Option<Fill>,
    /// The metric that is its plan.
    pub plan: Option<Written>,
    /// Automated tests beside those of its kind.
    pub tests: Vec<MetricTest>,
    /// When to warn.
    pub alert: Option<Alert>,
    /// Days after the end of a period until its value is final.
    pub mature_after_days: u32,
    /// Where it is on its way from draft to retirement.
    pub lifecycle: Lifecycle,
    /// Goals that are measured by it, by id.
    pub goals: Vec<String>,
    /// Guides that explain it, by path.
    pub guides: Vec<String>,
}

/// How a metric is made: the five types of MetricFlow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum MetricKind {
    /// One aggregate over one table.
    Simple(Simple),
    /// One metric over another; both are aggregated apart, then divided.
    Ratio {
        /// The metric above.
        numerator: Written,
        /// The metric below.
        denominator: Written,
    },
    /// Arithmetic over metrics.
    Derived {
        /// The arithmetic, over the names of the inputs.
        expression: Written,
        /// The metrics it reads.
        inputs: Vec<Input>,
    },
    /// A running or trailing total of a metric.
    Cumulative {
        /// The metric.
        metric: Written,
        /// Over which months.
        window: Window,
        /// What is made of them.
        aggregate: WindowAggregate,
    },
    /// The share of base rows that convert within a window.
    Conversion {
        /// Where the rows are.
        source: Source,
        /// What makes a base row convert.
        converted: Written,
        /// Within how many days; the condition says so too, this is what the maturity of a period follows from.
        window_days: u32,
        /// The column that names the thing that converts.
        entity_key: Written,
    },
}

/// Rows of a table, and when they happened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Source {
    /// The table.
    pub table: Written,
    /// Which of its rows count; all without it.
    pub filter: Option<Written>,
    /// Its time columns; those of the table when the metric names none.
    pub time: Option<MetricTime>,
}

/// The columns that say when a row counts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MetricTime {
    /// A column of first days of months.
    pub month: Option<Written>,
    /// A column of days.
    pub day: Option<Written>,
    /// The state of today: there is no history.
    pub now: bool,
}

/// One aggregate over one table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Simple {
    /// The rows.
    pub source: Source,
    /// The aggregate: `sum(amount_usd)`.
    pub measure: Written,
    /// How months become quarters and years.
    pub additivity: Additivity,
}

/// How the values of months become those of quarters and years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Additivity {
    /// They add up.
    #[default]
    Sum,
    /// A balance: the last complete month counts.
    Last,
    /// An opening balance: the first month counts.
    First,
    /// They do not add up (distinct counts, means, quantiles): it is computed anew from the rows of the whole period.
    None,
}

/// What the time spine shows where a metric has no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// Nothing happened: 0.
    Zero,
    /// Nothing is known: NULL.
    Null,
}

/// A metric that a derived one reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The metric.
    pub metric: Written,
    /// From how many months before.
    pub offset_months: u32,
    /// Its name in the expression.
    pub alias: String,
}

/// The months a cumulative metric covers, up to and with the one it stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// So many months.
    Months(u32),
    /// From the first month of its year or quarter.
    ToDate(Grain),
}

/// What a cumulative metric makes of its months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowAggregate {
    /// Their sum.
    Sum,
    /// Their mean.
    Avg,
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Good {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    #[default]
    None,
}

/// An automated test of a metric's values, on every mature period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricTest {
    /// Within bounds; `None` is open.
    Range {
        /// Least.
        low: Option<f64>,
        /// Most.
        high: Option<f64>,
    },
    /// At most as large as another metric.
    AtMost(Written),
    /// Equal to an expression over metrics.
    Equals {
        /// The expression.
        expression: Written,
        /// Absolute difference that is let pass.
        tolerance: f64,
        /// Relative difference that is let pass.
        relative: f64,
        /// Whether only the totals of the whole history are compared.
        total: bool,
    },
    /// Its whole history, or the last value of a balance, equals the one value of a query.
    Reconciles(Written),
    /// Periods with a smaller denominator have too few data to be shown.
    LeastDenominator(f64),
    /// Never falls within a year.
    RisesWithinYear,
}

/// When to warn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// What is compared.
    pub kind: AlertKind,
    /// Threshold of a warning.
    pub warn: f64,
    /// Threshold of an alarm.
    pub critical: f64,
}

/// What an alert compares with its thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// The value is below.
    Below,
    /// The value is above.
    Above,
    /// It fell by this share of the period before.
    Drop,
    /// It rose by this share of the period before.
    Rise,
}

/// Where a metric is on its way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Being written.
    #[default]
    Draft,
    /// Two teams look at it.
    InReview,
    /// Reviewed, tested, to be relied on.
    Certified,
    /// Still answered, to be left.
    Deprecated {
        /// What to use instead.
        successor: Written,
        /// Until when it is answered, `2026-06-30`.
        sunset: Option<String>,
    },
    /// No longer answered.
    Retired {
        /// What to use instead.
        successor: Option<Written>,
    },
}

impl Lifecycle {
    /// Its name in files and on pages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Certified => "certified",
            Self::Deprecated { .. } => "deprecated",
            Self::Retired { .. } => "retired",
        }
    }
}

impl MetricKind {
    /// Its name in files and on pages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Simple(_) => "simple",
            Self::Ratio { .. } => "ratio",
            Self::Derived { .. } => "derived",
            Self::Cumulative { .. } => "cumulative",
            Self::Conversion { .. } => "conversion",
        }
    }

    /// The metrics it reads, with their places.
    #[must_use]
    pub fn metrics(&self) -> Vec<&Written> {
        match self {
            Self::Simple(_) | Self::Conversion { .. } => Vec::new(),
            Self::Ratio { numerator, denominator } => vec![numerator, denominator],
            Self::Derived { inputs, .. } => inputs.iter().map(|input| &input.metric).collect(),
            Self::Cumulative { metric, .. } => vec![metric],
        }
    }

    /// The rows it reads itself.
    #[must_use]
    pub fn source(&self) -> Option<&Source> {
        match self {
            Self::Simple(Simple { source, .. }) | Self::Conversion { source, .. } => Some(source),
            _ => None,
        }
    }
}
