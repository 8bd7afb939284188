//! What is asked: metrics, split by dimensions, by period, of some rows, beside another period or a plan.

use almanac_model::Value;
use almanac_model::metric::{Grain, Window};

/// A question to the metric layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricQuery {
    /// Ids of metrics, in the order of the answer's columns.
    pub metrics: Vec<String>,
    /// Dimensions to split by, in the order of the answer's columns.
    pub dimensions: Vec<String>,
    /// The periods of the answer; without it, one value for the whole range.
    pub grain: Option<Grain>,
    /// The first day; days since 1970-01-01. The catalogue's history when absent. It is widened to whole periods.
    pub from: Option<i32>,
    /// The last day; days since 1970-01-01. The day the data reach when absent. It is widened to whole periods.
    pub to: Option<i32>,
    /// Which rows count, for every table that is read.
    pub filters: Vec<MetricFilter>,
    /// What each value is held against.
    pub comparison: Option<Comparison>,
    /// A running or trailing total instead of the value of each month.
    pub window: Option<Window>,
    /// The day the data reach, from the manifest; days since 1970-01-01.
    pub as_of: i32,
}

/// A condition on a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricFilter {
    /// The dimension.
    pub dimension: String,
    /// How it is compared.
    pub operator: FilterOperator,
    /// With what: one value, or any number for `In` and `NotIn`. None for `IsNull` and `IsNotNull`.
    pub values: Vec<Value>,
}

/// How a dimension is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterOperator {
    /// Equal.
    Is,
    /// Not equal.
    IsNot,
    /// One of.
    In,
    /// None of.
    NotIn,
    /// At least.
    AtLeast,
    /// At most.
    AtMost,
    /// Unknown.
    IsNull,
    /// Known.
    IsNotNull,
}

/// What a value is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The period before.
    Previous,
    /// The same period a year ago.
    YearAgo,
    /// The metric's plan.
    Plan,
}
