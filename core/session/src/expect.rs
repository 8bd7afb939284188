//! What a cell must answer, compared with what it did.

use crate::shown::Shown;
use almanac_engine::ResultSet;
use almanac_model::data::Table;
use almanac_model::format::plain;
use almanac_model::notebook::ExpectSpec;
use almanac_model::view::CheckedView;
use almanac_model::{Diagnostic, Span, Value};
use std::rc::Rc;

/// What was compared; the difference from what was expected, at the place of the expectation, when there is one.
pub(crate) fn expected(spec: &ExpectSpec, result: Rc<ResultSet>, place: Span) -> Result<CheckedView, Diagnostic> {
    match difference(spec, &result, place) {
        Some(difference) => Err(difference),
        None => Ok(CheckedView { of: spec.of.clone(), table: Shown::all(result).view() }),
    }
}

fn difference(spec: &ExpectSpec, result: &ResultSet, place: Span) -> Option<Diagnostic> {
    let unexpected =
        |message: String| Some(Diagnostic::error("unexpected-answer", place, format!("`{}` {message}", spec.of)));
    if result.rows() != spec.rows.len() as u64 {
        return unexpected(format!("has {} rows, expected were {}", result.rows(), spec.rows.len()));
    }
    let table = result.to_table(spec.rows.len());
    let at = spec.rows.iter().enumerate().position(|(row, expected)| !same_row(&table, row, expected))?;
    let got: Vec<String> = table.columns.iter().map(|column| text(&column.values.get(at))).collect();
    unexpected(format!("answers `{}` in row {}, expected was `{}`", got.join(" | "), at + 1, spec.rows[at].join(" | ")))
}

fn same_row(table: &Table, row: usize, expected: &[String]) -> bool {
    table.columns.len() == expected.len()
        && table.columns.iter().zip(expected).all(|(column, expected)| same(&column.values.get(row), expected))
}

/// Numbers with a point agree within 1e-9 of the larger one; everything else as text.
fn same(value: &Value, expected: &str) -> bool {
    if let (Value::Double(value), Ok(expected)) = (value, expected.parse::<f64>()) {
        let close = value.is_finite() && (value - expected).abs() <= 1e-9 * value.abs().max(expected.abs());
        return *value == expected || close || (value.is_nan() && expected.is_nan());
    }
    text(value).trim() == expected
}

fn text(value: &Value) -> String {
    if *value == Value::Null { "NULL".to_owned() } else { plain(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_compared_as_they_are_written() {
        for (value, expected, equal) in [
            (Value::Double(12.5), "12.5", true),
            (Value::Double(0.1 + 0.2), "0.3", true),
            (Value::Double(2.0), "2", true),
            (Value::Double(1.0), "1.000001", false),
            (Value::Double(f64::INFINITY), "inf", true),
            (Value::Double(f64::INFINITY), "1e308", false),
            (Value::Int(2), "2.0", false),
            (Value::Null, "NULL", true),
            (Value::Null, "", false),
            (Value::Text("NULL".into()), "NULL", true),
            (Value::Date(20_422), "2025-11-30", true),
            (Value::Text(" a ".into()), "a", true),
        ] {
            assert_eq!(same(&value, expected), equal, "{value:?} and {expected}");
        }
    }
}
