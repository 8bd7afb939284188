//! The rows of all questions, by metric.

use super::questions::Purpose;
use almanac_model::Value;
use almanac_model::data::Table;
use std::collections::BTreeMap;

/// Values by the first day of their month; NULL is `None`.
pub(super) type Months = BTreeMap<i32, Option<f64>>;

/// The answers so far.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    pub(super) months: BTreeMap<String, Months>,
    pub(super) whole: BTreeMap<String, Option<f64>>,
    /// Sums over the values of a dimension, by metric and dimension; states of today have the month 0.
    pub(super) slices: BTreeMap<(String, String), BTreeMap<i32, f64>>,
    pub(super) reconciliations: BTreeMap<String, Option<f64>>,
    /// Why a metric, or a metric's split, has no answer.
    pub(super) broken: BTreeMap<(String, Option<String>), String>,
}

impl Answers {
    /// Takes the rows of a question in.
    pub fn take(&mut self, purpose: &Purpose, rows: &Table) {
        let column = |at: usize, row: usize| rows.columns.get(at).and_then(|column| number(&column.values.get(row)));
        let month = |row: usize| rows.columns.first().map_or(0, |column| day(&column.values.get(row)));
        match purpose {
            Purpose::Months(metrics) => {
                for (at, id) in metrics.iter().enumerate() {
                    let values = (0..rows.rows).map(|row| (month(row), column(at + 1, row)));
                    self.months.insert(id.clone(), values.collect());
                }
            }
            Purpose::Whole(metrics) => {
                for (at, id) in metrics.iter().enumerate() {
                    self.whole.insert(id.clone(), column(at, 0));
                }
            }
            Purpose::Slices { dimension, months, metrics } => {
                let keys = 1 + usize::from(*months);
                for (at, id) in metrics.iter().enumerate() {
                    let sums = self.slices.entry((id.clone(), dimension.clone())).or_default();
                    for row in 0..rows.rows {
                        let period = if *months { month(row) } else { 0 };
                        *sums.entry(period).or_default() += column(at + keys, row).unwrap_or(0.0);
                    }
                }
            }
            Purpose::Reconciliation(id) => {
                self.reconciliations.insert(id.clone(), column(0, 0));
            }
        }
    }

    /// Says why a question has no answer.
    pub fn refuse(&mut self, purpose: &Purpose, why: &str) {
        let (metrics, dimension) = match purpose {
            Purpose::Months(metrics) | Purpose::Whole(metrics) => (metrics.as_slice(), None),
            Purpose::Slices { dimension, metrics, .. } => (metrics.as_slice(), Some(dimension.clone())),
            Purpose::Reconciliation(id) => (std::slice::from_ref(id), Some("reconciles".to_owned())),
        };
        for id in metrics {
            self.broken.insert((id.clone(), dimension.clone()), why.to_owned());
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        // Counts below 2^53 are exact.
        Value::Int(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        Value::Boolean(truth) => Some(f64::from(u8::from(*truth))),
        _ => None,
    }
}

fn day(value: &Value) -> i32 {
    match value {
        Value::Date(day) => *day,
        _ => 0,
    }
}
