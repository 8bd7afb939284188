//! Columns of the rows as the axes need them.

use almanac_model::chart::{Channel, ChartSpec};
use almanac_model::data::{Column, Table};
use almanac_model::format::{self, civil_from_days};
use almanac_model::{Diagnostic, Type, Value};

use crate::words::Measure;

const MICROS_PER_DAY: f64 = 86_400_000_000.0;

/// One channel and its column.
pub(crate) struct Field<'a> {
    pub(crate) column: &'a Column,
    pub(crate) format: Option<&'a str>,
    /// Axis title, tooltip name.
    pub(crate) title: String,
}

/// The column of a channel that must be there.
pub(crate) fn field<'a>(table: &'a Table, channel: Option<&'a Channel>, name: &str) -> Result<Field<'a>, Diagnostic> {
    let channel = channel.ok_or_else(|| {
        Diagnostic::error_without_place("missing-channel", format!("the chart has no `{name}`"))
            .hint(format!("name a column: `{name}: column`"))
    })?;
    let column = table.column(&channel.field).ok_or_else(|| {
        Diagnostic::error_without_place(
            "unknown-column",
            format!("no column `{}` in the rows of the chart", channel.field),
        )
        .did_you_mean(&channel.field, table.columns.iter().map(|column| column.name.as_str()))
    })?;
    let title = channel.title.clone().unwrap_or_else(|| words(&channel.field));
    Ok(Field { column, format: channel.format.as_deref(), title })
}

/// A column name as words: `amount_usd` is "amount usd".
fn words(name: &str) -> String {
    name.replace('_', " ")
}

impl Field<'_> {
    /// The value of a row as a number: dates are days, moments are days with a fraction. NULL, NaN and infinities are missing,
    /// and so are numbers beyond 1e300, between which the distance may be infinite.
    pub(crate) fn number(&self, row: usize) -> Option<f64> {
        let number = match self.column.values.get(row) {
            Value::Int(number) => number as f64,
            Value::Double(number) => number,
            Value::Date(days) => f64::from(days),
            Value::Timestamp(micros) => micros as f64 / MICROS_PER_DAY,
            _ => return None,
        };
        (number.abs() <= 1e300).then_some(number)
    }

    /// A measure must be numeric.
    pub(crate) fn must_be_numeric(&self, channel: &str) -> Result<(), Diagnostic> {
        if self.column.ty.is_numeric() || self.column.ty == Type::Null {
            return Ok(());
        }
        Err(Diagnostic::error_without_place(
            "not-a-number",
            format!("`{channel}` is `{}`, of type {}; a number is needed", self.column.name, self.column.ty),
        )
        .hint("count or sum it in the query, or choose a numeric column"))
    }

    /// A row's value for a tooltip: every digit, dates in the channel's format.
    pub(crate) fn exact(&self, row: usize) -> String {
        match self.column.values.get(row) {
            value @ (Value::Date(_) | Value::Timestamp(_) | Value::Text(_)) => {
                format::format_value(&value, self.format)
            }
            value => format::exact(&value),
        }
    }

    /// A row's value as a label.
    pub(crate) fn label(&self, row: usize) -> String {
        match self.column.values.get(row) {
            Value::Null => "none".to_owned(),
            value => format::format_value(&value, self.format),
        }
    }

    /// What words need to know of this measure, over a scale `x`.
    pub(crate) fn measure<'a>(&'a self, x: &Field<'_>, say: &'a dyn Fn(f64) -> String) -> Measure<'a> {
        let tag = self.format.unwrap_or_default();
        let share = tag.starts_with("pct");
        let money = ["usd", "eur", "gbp"].iter().any(|unit| tag.starts_with(unit));
        let counts = matches!(self.column.ty, Type::Integer | Type::BigInt);
        let first = if matches!(x.column.ty, Type::Date | Type::Timestamp) { Some(x.label(0)) } else { None };
        let at = match first {
            None => "at",
            // A day or a time of it, not a year.
            Some(label) if label.starts_with(|c: char| c.is_ascii_digit()) && label.len() > 4 => "on",
            Some(_) => "in",
        };
        Measure { say, share, adds_up: !share && (money || counts), at }
    }

    /// A number in words.
    pub(crate) fn say(&self, number: f64) -> String {
        match self.format {
            Some(tag) => format::format_value(&Value::Double(number), Some(tag)),
            None => short(number),
        }
    }

    /// A number on this axis, whose labels are `step` apart: with as many decimals as tell neighbours apart.
    pub(crate) fn tick(&self, number: f64, step: f64) -> String {
        match self.format {
            Some(tag) => format::format_value(&Value::Double(number), Some(tag)),
            None => {
                let (scale, suffix) = match number.abs().max(step) {
                    size if size >= 1e9 => (1e9, "b"),
                    size if size >= 1e6 => (1e6, "m"),
                    size if size >= 1e4 => (1e3, "k"),
                    _ => (1.0, ""),
                };
                // A little less than the logarithm, which is not exact for 0.1 and its like.
                let decimals = (-(step / scale).log10() - 1e-9).ceil().max(0.0);
                if decimals > 9.0 {
                    return format::default(&Value::Double(number));
                }
                format::format_value(&Value::Double(number), Some(&format!("num{decimals:.0}{suffix}")))
            }
        }
    }

    /// Labels of these places of a temporal axis, as short as neighbours allow: years, months, days, times of a day.
    pub(crate) fn moments(&self, ticks: &[f64]) -> Vec<String> {
        let whole_months = ticks.iter().all(|tick| tick.fract() == 0.0 && civil_from_days(*tick as i64).2 == 1);
        let times = ticks.iter().any(|tick| tick.fract() != 0.0);
        ticks
            .iter()
            .map(|tick| {
                if times && self.format.is_none() && tick.fract() != 0.0 {
                    let micros = (tick * MICROS_PER_DAY).round() as i64;
                    return format::format_value(&Value::Timestamp(micros), Some("time"));
                }
                self.day(tick.floor() as i64, whole_months)
            })
            .collect()
    }

    /// A day on this axis.
    pub(crate) fn day(&self, day: i64, whole_months: bool) -> String {
        let value = Value::Date(i32::try_from(day).unwrap_or(i32::MAX));
        let tag = self.format.unwrap_or(if whole_months {
            if matches!(civil_from_days(day), (_, 1, _)) { "year" } else { "mmm-yy" }
        } else {
            "iso"
        });
        format::format_value(&value, Some(tag))
    }
}

/// A number in at most three figures and a scale: 1.2m, 450k, 12.
fn short(number: f64) -> String {
    let tag = match number.abs() {
        size if size >= 1e9 => "num1b",
        size if size >= 1e6 => "num1m",
        size if size >= 1e4 => "num0k",
        size if size >= 10.0 || number.fract() == 0.0 => "num0",
        size if size >= 0.1 => "num1",
        _ => return format::default(&Value::Double(number)),
    };
    format::format_value(&Value::Double(number), Some(tag))
}

/// Rows by series, in order of first appearance; without a colour channel all rows are one series.
pub(crate) struct Series {
    pub(crate) names: Vec<String>,
    /// Rows of each series, in order.
    pub(crate) rows: Vec<Vec<usize>>,
    /// Series left out because there are too many.
    pub(crate) left_out: usize,
}

/// Parts the rows; of more than eight series the largest by `size` stay.
pub(crate) fn series(spec: &ChartSpec, table: &Table, size: impl Fn(usize) -> f64) -> Result<Series, Diagnostic> {
    if spec.color.is_none() {
        return Ok(Series { names: vec![String::new()], rows: vec![(0..table.rows).collect()], left_out: 0 });
    }
    let field = field(table, spec.color.as_ref(), "color")?;
    let mut at = std::collections::BTreeMap::new();
    let mut all: Vec<(String, Vec<usize>, f64)> = Vec::new();
    for row in 0..table.rows {
        let name = field.label(row);
        let index = *at.entry(name.clone()).or_insert_with(|| {
            all.push((name, Vec::new(), 0.0));
            all.len() - 1
        });
        all[index].1.push(row);
        all[index].2 += size(row).abs();
    }
    let left_out = all.len().saturating_sub(crate::MAX_SERIES);
    if left_out > 0 {
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| all[*b].2.total_cmp(&all[*a].2));
        let kept: std::collections::BTreeSet<usize> = order.into_iter().take(crate::MAX_SERIES).collect();
        let mut index = 0;
        all.retain(|_| {
            index += 1;
            kept.contains(&(index - 1))
        });
    }
    let (names, rows) = all.into_iter().map(|(name, rows, _)| (name, rows)).unzip();
    Ok(Series { names, rows, left_out })
}
