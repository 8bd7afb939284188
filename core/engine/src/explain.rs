//! EXPLAIN and EXPLAIN ANALYZE: the steps of a plan as rows, and what they took.
//!
//! May use: a clock and counts that the host gives. Never: a clock of its own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use almanac_model::Type;
use almanac_model::view::{Fetched, Measured, PlanStep};
use almanac_sql::outline;
use almanac_sql::plan::Query;
use polars_core::prelude::{Column, DataFrame, PlSmallStr};

use crate::execute::engine_error;
use crate::result::ResultSet;

/// Measures steps as they are run, one inside the other.
pub(crate) struct Meter<'a> {
    clock: &'a dyn Fn() -> f64,
    /// Time of the steps that ran inside the one that runs now.
    inside: Cell<f64>,
    steps: RefCell<BTreeMap<usize, Measured>>,
}

impl<'a> Meter<'a> {
    /// With the host's clock, in milliseconds.
    pub(crate) fn new(clock: &'a dyn Fn() -> f64) -> Self {
        Self { clock, inside: Cell::new(0.0), steps: RefCell::default() }
    }

    /// Now, and the time of the steps inside the one around.
    pub(crate) fn start(&self) -> (f64, f64) {
        ((self.clock)(), self.inside.replace(0.0))
    }

    /// What a step took since `start`; steps that are run again add up.
    pub(crate) fn end(&self, step: usize, (start, around): (f64, f64), rows: u64) {
        let all = (self.clock)() - start;
        let own = all - self.inside.replace(around + all);
        let mut steps = self.steps.borrow_mut();
        let measured = steps.entry(step).or_default();
        measured.rows += rows;
        measured.millis += own.max(0.0);
    }
}

/// The steps of a query, with what was measured and fetched, if it was run.
pub(crate) fn steps(query: &Query, meter: Option<&Meter<'_>>, fetched: &BTreeMap<String, Fetched>) -> Vec<PlanStep> {
    let known = meter.map(|meter| meter.steps.borrow());
    let step = |step: almanac_sql::Outline| PlanStep {
        measured: known.as_ref().and_then(|known| known.get(&step.key).copied()),
        fetched: step.title.strip_prefix("read ").and_then(|table| fetched.get(table).copied()),
        depth: step.depth,
        title: step.title,
        detail: step.detail,
    };
    outline(query).into_iter().map(step).collect()
}

/// A count of a step, where it was measured.
type Count = fn(&PlanStep) -> Option<i64>;

/// The steps as rows: as text, and in columns when they were measured.
pub(crate) fn rows(steps: &[PlanStep], measured: bool) -> Result<ResultSet, almanac_model::Diagnostic> {
    let line = |step: &PlanStep| {
        let space = if step.detail.is_empty() { "" } else { " " };
        format!("{:width$}{}{space}{}", "", step.title, step.detail, width = step.depth as usize * 2)
    };
    let name = |at: usize| PlSmallStr::from_string(at.to_string());
    let mut heads = vec![("plan".to_owned(), Type::Varchar)];
    let mut columns = vec![Column::new(name(0), steps.iter().map(line).collect::<Vec<_>>())];
    if measured {
        let ints: [(&str, Count); 3] = [
            ("rows", |step| step.measured.and_then(|measured| i64::try_from(measured.rows).ok())),
            ("ranges", |step| step.fetched.map(|fetched| i64::from(fetched.ranges))),
            ("bytes", |step| step.fetched.and_then(|fetched| i64::try_from(fetched.bytes).ok())),
        ];
        for (head, value) in ints {
            columns.push(Column::new(name(columns.len()), steps.iter().map(value).collect::<Vec<_>>()));
            heads.push((head.to_owned(), Type::BigInt));
        }
        let millis: Vec<Option<f64>> = steps.iter().map(|step| step.measured.map(|measured| measured.millis)).collect();
        columns.push(Column::new(name(columns.len()), millis));
        heads.push(("millis".to_owned(), Type::Double));
    }
    Ok(ResultSet::new(heads, DataFrame::new(columns).map_err(engine_error)?))
}
