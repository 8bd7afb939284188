//! How alike two texts are. Like DuckDB's, these functions compare bytes: letters outside of ASCII count for several.

use polars_core::prelude::Column;

use crate::lower::call::{Answer, Call};
use crate::physical::texts;

/// Most cells of a table of distances.
const MOST: usize = 1 << 26;

/// A distance of two texts, refused where the table would be too large.
pub(crate) fn distance(call: &Call<'_>, f: impl Fn(&[u8], &[u8]) -> usize) -> Answer<Column> {
    let (values, others) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    call.ints(|row| {
        let Some((a, b)) = values.get(row).zip(others.get(row)) else { return Ok(None) };
        if a.len().saturating_mul(b.len()) > MOST {
            return call.refuse(row, "out-of-range", || "the texts are too long to be compared".to_owned());
        }
        Ok(Some(f(a.as_bytes(), b.as_bytes()) as i64))
    })
}

/// A similarity of two texts.
pub(crate) fn similarity(call: &Call<'_>, f: impl Fn(&[u8], &[u8]) -> f64) -> Answer<Column> {
    let (values, others) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    call.doubles(|row| Ok(values.get(row).zip(others.get(row)).map(|(a, b)| f(a.as_bytes(), b.as_bytes()))))
}

/// Least number of bytes to insert, delete or replace.
pub(crate) fn levenshtein(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, d) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(c != d);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// The same where exchanged neighbours cost one, wherever they come to lie.
/// Source: R. Lowrance and R. A. Wagner, "An extension of the string-to-string correction problem", Journal of the ACM 22 (1975).
pub(crate) fn damerau(a: &[u8], b: &[u8]) -> usize {
    let wide = b.len() + 2;
    let limit = a.len() + b.len();
    let mut table = vec![0_usize; (a.len() + 2) * wide];
    table[0] = limit;
    for i in 0..=a.len() {
        table[(i + 1) * wide] = limit;
        table[(i + 1) * wide + 1] = i;
    }
    for j in 0..=b.len() {
        table[j + 1] = limit;
        table[wide + j + 1] = j;
    }
    // The last row in which a byte of the first text stood.
    let mut last_row = [0_usize; 256];
    for i in 1..=a.len() {
        let mut last_match = 0;
        for j in 1..=b.len() {
            let (k, l) = (last_row[usize::from(b[j - 1])], last_match);
            let same = a[i - 1] == b[j - 1];
            if same {
                last_match = j;
            }
            let replaced = table[i * wide + j] + usize::from(!same);
            let inserted = table[(i + 1) * wide + j] + 1;
            let deleted = table[i * wide + j + 1] + 1;
            let exchanged = table[k * wide + l] + (i - k - 1) + 1 + (j - l - 1);
            table[(i + 1) * wide + j + 1] = replaced.min(inserted).min(deleted).min(exchanged);
        }
        last_row[usize::from(a[i - 1])] = i;
    }
    table[(a.len() + 1) * wide + b.len() + 1]
}

/// Jaro's similarity; 0 for an empty text.
/// Source: M. A. Jaro, "Advances in record-linkage methodology", Journal of the American Statistical Association 84 (1989).
pub(crate) fn jaro(a: &[u8], b: &[u8]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    for (i, c) in a.iter().enumerate() {
        for j in i.saturating_sub(reach)..(i + reach + 1).min(b.len()) {
            if !in_b[j] && b[j] == *c {
                (in_a[i], in_b[j]) = (true, true);
                break;
            }
        }
    }
    let matched = |bytes: &[u8], flags: &[bool]| -> Vec<u8> {
        bytes.iter().zip(flags).filter(|(_, matched)| **matched).map(|(byte, _)| *byte).collect()
    };
    let (left, right) = (matched(a, &in_a), matched(b, &in_b));
    if left.is_empty() {
        return 0.0;
    }
    let moved = left.iter().zip(&right).filter(|(a, b)| a != b).count() / 2;
    let m = left.len() as f64;
    (m / a.len() as f64 + m / b.len() as f64 + (m - moved as f64) / m) / 3.0
}

/// Jaro's similarity, above 0.7 raised by a tenth of what is missing for each of the first four bytes that agree.
/// Source: W. E. Winkler, "String comparator metrics and enhanced decision rules in the Fellegi–Sunter model" (1990).
pub(crate) fn jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    let plain = jaro(a, b);
    if plain <= 0.7 {
        return plain;
    }
    let start = a.iter().zip(b).take(4).take_while(|(a, b)| a == b).count();
    plain + start as f64 * 0.1 * (1.0 - plain)
}

/// Bytes that both have among those that either has; an error for an empty text.
pub(crate) fn jaccard(call: &Call<'_>) -> Answer<Column> {
    let (values, others) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    let set = |text: &str| {
        let mut set = [false; 256];
        text.bytes().for_each(|byte| set[usize::from(byte)] = true);
        set
    };
    call.doubles(|row| match values.get(row).zip(others.get(row)) {
        None => Ok(None),
        Some((a, b)) if a.is_empty() || b.is_empty() => {
            call.refuse(row, "out-of-range", || "jaccard needs two texts that are not empty".to_owned())
        }
        Some((a, b)) => {
            let (a, b) = (set(a), set(b));
            let count = |f: fn(bool, bool) -> bool| a.iter().zip(&b).filter(|(a, b)| f(**a, **b)).count() as f64;
            Ok(Some(count(|a, b| a && b) / count(|a, b| a || b)))
        }
    })
}

/// Bytes at which two texts of one length differ.
pub(crate) fn hamming(call: &Call<'_>) -> Answer<Column> {
    let (values, others) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    call.ints(|row| match values.get(row).zip(others.get(row)) {
        None => Ok(None),
        Some((a, b)) if a.len() != b.len() => {
            call.refuse(row, "out-of-range", || "hamming needs two texts of one length".to_owned())
        }
        Some((a, b)) => Ok(Some(a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count() as i64)),
    })
}
