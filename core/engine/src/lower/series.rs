//! `generate_series` and `range` with bounds that are computed from rows.

use almanac_model::{Diagnostic, Interval, Value};
use almanac_sql::plan::{Expr, Field, Plan};
use polars_core::prelude::*;

use super::Lowering;
use super::ask::Ask;
use super::expr::name;
use crate::calendar;
use crate::execute::engine_error;
use crate::physical::{Cells, int_column};
use crate::rows::{Rows, numbers};

/// Most rows made.
const MOST: usize = 20_000_000;

impl Lowering<'_> {
    pub(super) fn series(
        &mut self,
        input: &Plan,
        bounds: &[Expr; 3],
        inclusive: bool,
        field: &Field,
        ask: &Ask,
    ) -> Result<Rows, Diagnostic> {
        let input = self.lower(input, &ask.and(bounds))?;
        let computed = self.evaluate(&input, &bounds.iter().collect::<Vec<_>>())?;
        let cells = computed.iter().map(Cells::new).collect::<PolarsResult<Vec<_>>>().map_err(engine_error)?;
        let [start, end, by] = cells.as_slice() else { return Err(engine_error("a series has three bounds")) };
        let (mut rows, mut values): (Vec<u32>, Vec<i64>) = (Vec::new(), Vec::new());
        for row in 0..input.len() {
            let at = |cells: &Cells, bound: &Expr| cells.value(row, bound.ty);
            let (Some(mut value), Some(last)) = (int(&at(start, &bounds[0])), int(&at(end, &bounds[1]))) else {
                continue;
            };
            let by = match at(by, &bounds[2]) {
                Value::Null => continue,
                Value::Int(by) => By::Number(by),
                Value::Interval(by) => By::Time(by),
                _ => return Err(engine_error("a series takes steps of numbers or intervals")),
            };
            let Some(forward) = by.is_forward() else {
                let message = "a series needs a step that goes one way, and not nowhere";
                return Err(Diagnostic::error("invalid-series", bounds[2].span, message));
            };
            while if forward { value < last } else { value > last } || (inclusive && value == last) {
                if values.len() == MOST {
                    let message = format!("this series has more than the {MOST} rows allowed");
                    return Err(Diagnostic::error("over-budget", bounds[1].span, message));
                }
                rows.push(row as u32);
                values.push(value);
                let Some(next) = by.after(value) else { break };
                value = next;
            }
        }
        let made = int_column(name(field.id), field.ty, values.into_iter().map(Some));
        Ok(input.picked(&numbers(rows)).map_err(|error| self.explain(&error))?.with(vec![made]))
    }
}

fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) | Value::Timestamp(value) => Some(*value),
        _ => None,
    }
}

/// A step.
pub(super) enum By {
    Number(i64),
    Time(Interval),
}

impl By {
    /// Whether it goes up, `None` if it goes nowhere or both ways.
    pub(super) fn is_forward(&self) -> Option<bool> {
        let parts = match self {
            Self::Number(by) => [*by, 0, 0],
            Self::Time(by) => [i64::from(by.months), i64::from(by.days), by.micros],
        };
        let (up, down) = (parts.iter().any(|part| *part > 0), parts.iter().any(|part| *part < 0));
        (up != down).then_some(up)
    }

    /// The next value; `None` where there is none.
    pub(super) fn after(&self, value: i64) -> Option<i64> {
        match self {
            Self::Number(by) => value.checked_add(*by),
            Self::Time(by) => calendar::add_interval(value, *by),
        }
    }
}
