//! Whether an answer is the expected one: letters of the columns, rows, numbers within 1e-9 of each other.

use crate::value_text::{letter, text};
use almanac_model::data::Table;

/// An answer as an `.slt` file writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// One letter a column.
    pub letters: String,
    /// Rows of texts.
    pub rows: Vec<Vec<String>>,
}

impl Answer {
    /// The answer a table is.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let letters = table.columns.iter().map(|column| letter(column.ty)).collect();
        let row = |at: usize| table.columns.iter().map(|column| text(&column.values.get(at))).collect();
        Self { letters, rows: (0..table.rows).map(row).collect() }
    }

    /// The answer below the `----` of a record: tab-separated lines.
    #[must_use]
    pub fn written(letters: String, lines: &[String]) -> Self {
        Self { letters, rows: lines.iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect() }
    }

    /// Why this is not `expected`; `None` when it is. With `sorted`, the order of rows does not matter.
    #[must_use]
    pub fn difference(&self, expected: &Self, sorted: bool) -> Option<String> {
        let same_kinds = self.letters.len() == expected.letters.len()
            && self.letters.chars().zip(expected.letters.chars()).all(|(got, wanted)| got == wanted || got == '?');
        if !same_kinds {
            return Some(format!("column kinds: expected {}, got {}", expected.letters, self.letters));
        }
        if self.rows.len() != expected.rows.len() {
            return Some(format!("rows: expected {}, got {}", expected.rows.len(), self.rows.len()));
        }
        let (mut got, mut wanted) = (self.rows.clone(), expected.rows.clone());
        if sorted {
            got.sort_by_cached_key(|row| sort_key(row, &expected.letters));
            wanted.sort_by_cached_key(|row| sort_key(row, &expected.letters));
        }
        let differs = |(a, b): (&Vec<String>, &Vec<String>)| !same_row(a, b, &expected.letters);
        let at = got.iter().zip(&wanted).position(differs)?;
        Some(format!("row {}: expected {:?}, got {:?}", at + 1, wanted[at].join("\t"), got[at].join("\t")))
    }
}

/// Numbers are cut to nine digits, so that two spellings of nearly the same number sort alike.
fn sort_key(row: &[String], letters: &str) -> Vec<String> {
    let cut = |(value, kind): (&String, char)| match value.parse::<f64>() {
        Ok(number) if kind == 'R' => format!("{number:.8e}"),
        _ => value.clone(),
    };
    row.iter().zip(letters.chars()).map(cut).collect()
}

fn same_row(a: &[String], b: &[String], letters: &str) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).zip(letters.chars()).all(|((a, b), kind)| a == b || (kind == 'R' && close(a, b)))
}

fn close(a: &str, b: &str) -> bool {
    let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>()) else { return false };
    if !(a.is_finite() && b.is_finite()) {
        return a == b || (a.is_nan() && b.is_nan());
    }
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(letters: &str, lines: &[&str]) -> Answer {
        Answer::written(letters.into(), &lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn only_kind_r_is_compared_as_a_number() {
        let expected = answer("RT", &["0.3\t0.3"]);
        assert_eq!(answer("RT", &["0.30000000000000004\t0.3"]).difference(&expected, false), None);
        assert!(answer("RT", &["0.3\t0.30000000000000004"]).difference(&expected, false).is_some());
        assert!(answer("RT", &["0.3000001\t0.3"]).difference(&expected, false).is_some());
        assert!(answer("IT", &["0.3\t0.3"]).difference(&expected, false).is_some());
    }

    #[test]
    fn null_is_no_number_and_an_infinity_is_itself() {
        assert!(answer("R", &["NULL"]).difference(&answer("R", &["0.0"]), false).is_some());
        assert!(answer("R", &["1e308"]).difference(&answer("R", &["inf"]), false).is_some());
        assert_eq!(answer("R", &["inf"]).difference(&answer("R", &["inf"]), false), None);
        assert_eq!(answer("R", &["nan"]).difference(&answer("R", &["nan"]), false), None);
    }

    #[test]
    fn rows_in_another_order_are_the_same_only_when_sorted() {
        let (a, b) = (answer("IR", &["1\t0.1", "2\t0.2"]), answer("IR", &["2\t0.2", "1\t0.1"]));
        assert_eq!(a.difference(&b, true), None);
        assert!(a.difference(&b, false).is_some());
    }
}
