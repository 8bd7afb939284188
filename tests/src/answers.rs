//! Whether an answer is the expected one: letters of the columns, rows, numbers within 1e-9 of each other.

use crate::value_text::{letter, text};
use almanac_model::data::Table;
use sha2::{Digest, Sha256};

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

    /// Why this is not the answer of a file that `questions/oracle.py` wrote, a digest or whole; `None` when it is.
    #[must_use]
    pub fn difference_from(&self, file: &str) -> Option<String> {
        let mut lines = file.lines();
        let head = lines.next().unwrap_or_default();
        let (letters, sorted) = head.strip_suffix(" rowsort").map_or((head, false), |letters| (letters, true));
        let rest: Vec<String> = lines.map(str::to_owned).collect();
        match rest.first().and_then(|line| line.strip_prefix("digest ")) {
            None => self.difference(&Self::written(letters.to_owned(), &rest), sorted),
            Some(_) if self.letters != letters => {
                Some(format!("column kinds: expected {letters}, got {}", self.letters))
            }
            Some(_) => {
                let got = self.digest();
                let same = got.len() == rest.len() && got.iter().zip(&rest).all(|(a, b)| same_words(a, b));
                (!same).then(|| format!("digest: expected {rest:?}, got {got:?}"))
            }
        }
    }

    /// What `questions/oracle.py` keeps of a long answer.
    fn digest(&self) -> Vec<String> {
        let mut total = 0_u64;
        let mut sums: Vec<(usize, usize, f64)> =
            self.letters.char_indices().filter(|(_, kind)| *kind == 'R').map(|(at, _)| (at, 0, 0.0)).collect();
        for row in &self.rows {
            let exact: Vec<&str> = row
                .iter()
                .zip(self.letters.chars())
                .filter(|(_, kind)| *kind != 'R')
                .map(|(value, _)| value.as_str())
                .collect();
            let hash = Sha256::digest(exact.join("\t").as_bytes());
            let hash = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            total = total.wrapping_add(hash);
            for (at, count, sum) in &mut sums {
                if let Ok(number) = row[*at].parse::<f64>() {
                    *count += 1;
                    *sum += number * (1 + hash % 1000) as f64;
                }
            }
        }
        let sums: Vec<String> = sums.iter().map(|(_, count, sum)| format!("{count} {sum:?}")).collect();
        vec![format!("digest {}", self.rows.len()), total.to_string(), sums.join("\t")]
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

/// Whether two lines hold the same words, numbers that are not whole within the tolerance.
fn same_words(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split_whitespace().collect(), b.split_whitespace().collect());
    let same = |(a, b): (&&str, &&str)| a == b || (a.parse::<u64>().is_err() && close(a, b));
    a.len() == b.len() && a.iter().zip(&b).all(same)
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
    fn a_digest_notices_what_matters() {
        let rows = ["1\t0.5\ta", "2\tNULL\tb", "3\t1.5\tc"];
        let file = format!("IRT\n{}\n", answer("IRT", &rows).digest().join("\n"));
        // Written by `digest` of questions/oracle.py for these three rows.
        assert_eq!(file, "IRT\ndigest 3\n12864117337405398247\n2 751.5\n");
        assert_eq!(answer("IRT", &["3\t1.5000000000000002\tc", rows[0], rows[1]]).difference_from(&file), None);
        for other in ["3\t1.5001\tc", "3\t1.5\td", "4\t1.5\tc"] {
            assert!(answer("IRT", &[rows[0], rows[1], other]).difference_from(&file).is_some(), "{other}");
        }
        // The same values in other rows.
        assert!(answer("IRT", &["1\t1.5\ta", rows[1], "3\t0.5\tc"]).difference_from(&file).is_some());
    }

    #[test]
    fn rows_in_another_order_are_the_same_only_when_sorted() {
        let (a, b) = (answer("IR", &["1\t0.1", "2\t0.2"]), answer("IR", &["2\t0.2", "1\t0.1"]));
        assert_eq!(a.difference(&b, true), None);
        assert!(a.difference(&b, false).is_some());
    }
}
