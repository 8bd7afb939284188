//! Tiles: a value, how it stands against another, and its course.

use crate::shown::{column, first_value};
use crate::sparkline::sparkline;
use crate::values::{Values, unknown_column};
use almanac_model::data::Values as Column;
use almanac_model::format::{MINUS, exact, format_value};
use almanac_model::notebook::{Cell, CellColumn, Direction, KpiSpec, SparkSpec};
use almanac_model::view::{KpiView, Svg};
use almanac_model::{Diagnostic, Span, Value};

/// Most points of a sparkline; the last ones are drawn.
const MAX_POINTS: usize = 400;

/// The tiles of a cell. A tile that cannot be had reads `n/a` and is explained.
pub(crate) fn tiles(values: &Values<'_>, cell: &Cell, specs: &[KpiSpec]) -> (Vec<KpiView>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let tiles = specs
        .iter()
        .enumerate()
        .map(|(at, spec)| {
            let place = |key: &str| cell.places.get(&format!("{at}.{key}")).copied().unwrap_or(cell.body);
            tile(values, spec, place, &mut problems)
        })
        .collect();
    (tiles, problems)
}

fn tile(values: &Values<'_>, spec: &KpiSpec, place: impl Fn(&str) -> Span, problems: &mut Vec<Diagnostic>) -> KpiView {
    let mut get = |reference: &CellColumn, place: Span| {
        read(values, reference, place).unwrap_or_else(|problem| {
            problems.push(*problem);
            Value::Null
        })
    };
    let value = get(&spec.value, place("value"));
    let compare = spec.compare.as_ref().map(|compare| get(compare, place("compare")));
    let change = compare.as_ref().and_then(|compare| Change::new(spec, &value, compare));
    let sparkline = spec.spark.as_ref().and_then(|spark| {
        course(values, spark, place("spark.data"), place("spark.y")).unwrap_or_else(|problem| {
            problems.push(*problem);
            None
        })
    });
    KpiView {
        label: spec.label.clone(),
        value: format_value(&value, spec.format.as_deref()),
        exact: exact(&value),
        good: change.as_ref().and_then(|change| change.good(spec.good)),
        variance: change.map(|change| change.words),
        sparkline,
    }
}

fn read(values: &Values<'_>, reference: &CellColumn, place: Span) -> Result<Value, Box<Diagnostic>> {
    let result = values.result(&reference.cell, place)?;
    let Some(at) = column(&result, &reference.column) else {
        return Err(Box::new(unknown_column(&result, &reference.cell, &reference.column, place)));
    };
    Ok(first_value(&result, at, None).unwrap_or(Value::Null))
}

/// How a value stands against another.
struct Change {
    words: String,
    amount: f64,
}

impl Change {
    /// In percent of the other, or in points where both are shares.
    fn new(spec: &KpiSpec, value: &Value, compare: &Value) -> Option<Self> {
        let (value, compare) = (number(value)?, number(compare)?);
        let than = spec
            .comparator
            .clone()
            .or_else(|| spec.compare.as_ref().map(|compare| compare.column.replace('_', " ")))
            .unwrap_or_default();
        let shares = spec.format.as_deref().is_some_and(|format| format.starts_with("pct"));
        let (amount, unit) = if shares {
            ((value - compare) * 100.0, " pts")
        } else if compare == 0.0 {
            return None;
        } else {
            ((value - compare) / compare.abs() * 100.0, "\u{2009}%")
        };
        if !amount.is_finite() {
            return None;
        }
        let digits = format_value(&Value::Double(amount.abs()), Some("num1"));
        let is_zero = digits == "0.0";
        let sign = if is_zero {
            "±".to_owned()
        } else if amount < 0.0 {
            MINUS.to_string()
        } else {
            "+".to_owned()
        };
        let than = if than.is_empty() { than } else { format!(" vs {than}") };
        Some(Self { words: format!("{sign}{digits}{unit}{than}"), amount: if is_zero { 0.0 } else { amount } })
    }

    fn good(&self, direction: Option<Direction>) -> Option<bool> {
        if self.amount == 0.0 {
            return None;
        }
        direction.map(|direction| (self.amount > 0.0) == (direction == Direction::Up))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a change is shown with one decimal of a percent")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        _ => None,
    }
}

fn course(values: &Values<'_>, spark: &SparkSpec, data: Span, y: Span) -> Result<Option<Svg>, Box<Diagnostic>> {
    let result = values.result(&spark.data, data)?;
    let Some(at) = column(&result, &spark.y) else {
        return Err(Box::new(unknown_column(&result, &spark.data, &spark.y, y)));
    };
    let table = result.to_table(20_000);
    let points: Vec<Option<f64>> = match table.columns.get(at).map(|column| &column.values) {
        Some(Column::Int(_) | Column::Double(_)) => {
            (0..table.rows).map(|row| table.columns[at].values.get(row)).map(|value| number(&value)).collect()
        }
        _ => {
            let problem = Diagnostic::warning(
                "not-a-number",
                y,
                format!("a sparkline needs numbers, but `{}` has none", spark.y),
            );
            return Err(Box::new(problem));
        }
    };
    Ok(sparkline(&points[points.len().saturating_sub(MAX_POINTS)..]))
}
