//! Which group each row belongs to: keys become small codes, codes of several keys become one, groups are numbered in order of
//! first appearance.
//!
//! Dense tables are used wherever the codes are few, as they are on dashboards; hashing is the fallback.

use polars_core::prelude::{Column, PlHashMap, PolarsResult};
use std::cell::OnceCell;

use super::table::Numbers;
use crate::physical::{Bools, Cells, Doubles, Intervals, Ints, Texts, double_bits};

/// The codes of one or more keys.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    /// One a row, below `bound`.
    pub(crate) ids: Vec<u32>,
    /// One more than the largest code possible.
    pub(crate) bound: u32,
    /// Whether the codes are 0, 1, 2, … in order of first appearance.
    pub(crate) in_order: bool,
}

impl Codes {
    /// One code for all rows.
    fn one(rows: usize) -> Self {
        Self { ids: vec![0; rows], bound: 1, in_order: true }
    }
}

/// Rows in groups.
#[derive(Debug, Clone)]
pub(crate) struct Groups {
    /// Group of each row.
    pub(crate) ids: Vec<u32>,
    /// First row of each group.
    pub(crate) first: Vec<u32>,
    /// Rows of each group, once somebody has asked.
    sizes: OnceCell<Vec<i64>>,
}

impl Groups {
    /// Rows of the groups `ids`, each with its first row.
    pub(crate) fn new(ids: Vec<u32>, first: Vec<u32>) -> Self {
        Self { ids, first, sizes: OnceCell::new() }
    }

    /// Rows of each group.
    pub(crate) fn sizes(&self) -> &[i64] {
        self.sizes.get_or_init(|| {
            if let [_] = self.first.as_slice() {
                return vec![self.ids.len() as i64];
            }
            let mut sizes = vec![0; self.first.len()];
            self.ids.iter().for_each(|id| sizes[*id as usize] += 1);
            sizes
        })
    }

    /// All rows in one group, which exists even when there are no rows.
    pub(crate) fn single(rows: usize) -> Self {
        Self::new(vec![0; rows], vec![0])
    }

    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        self.first.len()
    }

    /// Groups the rows by the keys. NULLs are alike, NaNs are alike, both zeros are alike.
    pub(crate) fn by(keys: &[Column], rows: usize) -> PolarsResult<Self> {
        let mut all: Option<Codes> = None;
        for key in keys {
            let codes = codes(&Cells::new(key)?, rows);
            all = Some(match all {
                None => codes,
                Some(before) => combined(before, &codes),
            });
        }
        Ok(all.map_or_else(|| Self::single(rows), dense))
    }
}

/// A code for each row: equal values, equal codes.
pub(crate) fn codes(cells: &Cells, rows: usize) -> Codes {
    match cells {
        Cells::Bools(values) => of_bools(values, rows),
        Cells::Ints(values) => of_ints(values, rows),
        Cells::Doubles(values) => of_doubles(values, rows),
        Cells::Texts(values) => of_texts(values, rows),
        Cells::Intervals(values) => of_intervals(values, rows),
    }
}

/// Codes of pairs are multiplied up to this many; beyond, hashing has fewer cache misses.
const LARGEST_TABLE: u64 = 1 << 20;
/// Whole numbers are their own codes up to this span, and twice the number of rows: extracts are often sorted by a number, and
/// then the table is read from front to back.
const LARGEST_SPAN: u64 = 1 << 24;

fn of_bools(values: &Bools, rows: usize) -> Codes {
    let ids = (0..rows).map(|row| values.get(row).map_or(2, u32::from)).collect();
    Codes { ids, bound: 3, in_order: false }
}

fn of_ints(values: &Ints, rows: usize) -> Codes {
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    for row in 0..rows {
        if let Some(n) = values.get(row) {
            low = low.min(n);
            high = high.max(n);
        }
    }
    if low > high {
        return Codes::one(rows);
    }
    let span = (i128::from(high) - i128::from(low)) as u128;
    if span < u128::from(LARGEST_SPAN.min(rows as u64 * 2 + 1024)) {
        // NULL comes after the largest value.
        let null = span as u32 + 1;
        let ids = (0..rows).map(|row| values.get(row).map_or(null, |n| n.wrapping_sub(low) as u32)).collect();
        return Codes { ids, bound: null + 1, in_order: false };
    }
    numbered(rows, |row| values.get(row).map(|n| n as u64))
}

fn of_doubles(values: &Doubles, rows: usize) -> Codes {
    numbered(rows, |row| values.get(row).map(double_bits))
}

fn of_intervals(values: &Intervals, rows: usize) -> Codes {
    interned(rows, |row| values.key(row))
}

/// Entries of the cache in front of the hash table of texts.
const RECENT: usize = 256;

fn of_texts(values: &Texts, rows: usize) -> Codes {
    if values.is_constant() {
        return Codes::one(rows);
    }
    let array = values.array();
    let views = array.views();
    if views.iter().any(|view| view.length > 12) {
        return interned(rows, |row| values.get(row));
    }
    // Texts of at most 12 bytes lie whole in their 16-byte views, padded with zeros: equal views, equal texts.
    let mut table: PlHashMap<u128, u32> = PlHashMap::default();
    let mut recent = [(u128::MAX, 0_u32); RECENT];
    let mut null = None;
    let mut next = 0;
    let mut ids = Vec::with_capacity(rows);
    for (row, view) in views.iter().enumerate().take(rows) {
        let id = if values.is_null(row) {
            *null.get_or_insert_with(|| {
                next += 1;
                next - 1
            })
        } else {
            let key = view.as_u128();
            let mixed = ((key >> 32) as u64 ^ key as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let entry = &mut recent[(mixed >> 56) as usize % RECENT];
            if entry.0 != key {
                let id = *table.entry(key).or_insert_with(|| {
                    next += 1;
                    next - 1
                });
                *entry = (key, id);
            }
            entry.1
        };
        ids.push(id);
    }
    Codes { ids, bound: next.max(1), in_order: true }
}

/// Codes in order of first appearance.
fn interned<K: std::hash::Hash + Eq>(rows: usize, key: impl Fn(usize) -> Option<K>) -> Codes {
    let mut table: PlHashMap<Option<K>, u32> = PlHashMap::default();
    let mut next = 0_u32;
    let ids = (0..rows)
        .map(|row| {
            *table.entry(key(row)).or_insert_with(|| {
                next += 1;
                next - 1
            })
        })
        .collect();
    Codes { ids, bound: next.max(1), in_order: true }
}

/// The same of keys of 64 bits.
fn numbered(rows: usize, key: impl Fn(usize) -> Option<u64>) -> Codes {
    let mut numbers = Numbers::new();
    // NULL is numbered when it first comes, as any other value: the keys after it come one later.
    let mut null: Option<u32> = None;
    let mut last = None;
    let ids = (0..rows)
        .map(|row| {
            let key = key(row);
            if let Some((held, id)) = last
                && held == key
            {
                return id;
            }
            let id = match (key, null) {
                (Some(key), None) => numbers.number(key),
                (Some(key), Some(null)) => {
                    let number = numbers.number(key);
                    if number < null { number } else { number + 1 }
                }
                (None, Some(null)) => null,
                (None, None) => *null.insert(numbers.len() as u32),
            };
            last = Some((key, id));
            id
        })
        .collect();
    let bound = numbers.len() as u32 + u32::from(null.is_some());
    Codes { ids, bound: bound.max(1), in_order: true }
}

/// Codes of pairs.
pub(crate) fn combined(mut left: Codes, right: &Codes) -> Codes {
    let product = u64::from(left.bound) * u64::from(right.bound);
    if product <= LARGEST_TABLE {
        for (a, b) in left.ids.iter_mut().zip(&right.ids) {
            *a = *a * right.bound + b;
        }
        left.bound = product as u32;
        left.in_order = false;
        return left;
    }
    let pair = |row: usize| u64::from(left.ids[row]) << 32 | u64::from(right.ids[row]);
    numbered(left.ids.len(), |row| Some(pair(row)))
}

/// Numbers the codes that occur, in order of first appearance.
fn dense(codes: Codes) -> Groups {
    let mut ids = codes.ids;
    if codes.in_order {
        let mut first = Vec::new();
        for (row, id) in ids.iter().enumerate() {
            if *id as usize == first.len() {
                first.push(row as u32);
            }
        }
        return Groups::new(ids, first);
    }
    let mut table = vec![u32::MAX; codes.bound as usize];
    let mut first = Vec::new();
    for (row, id) in ids.iter_mut().enumerate() {
        let slot = &mut table[*id as usize];
        if *slot == u32::MAX {
            *slot = first.len() as u32;
            first.push(row as u32);
        }
        *id = *slot;
    }
    Groups::new(ids, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(keys: &[Column]) -> (Vec<u32>, Vec<u32>) {
        let groups = Groups::by(keys, keys[0].len()).expect("groups");
        (groups.ids, groups.first)
    }

    #[test]
    fn nulls_nans_and_zeros_are_alike() {
        let texts = Column::new("t".into(), [Some("a"), None, Some(""), Some("a"), None]);
        assert_eq!(ids(&[texts]), (vec![0, 1, 2, 0, 1], vec![0, 1, 2]));
        let doubles = Column::new("d".into(), [Some(f64::NAN), Some(0.0), Some(-0.0), None, Some(-f64::NAN)]);
        assert_eq!(ids(&[doubles]).0, [0, 1, 1, 2, 0]);
        let ints = Column::new("i".into(), [Some(i64::MIN), Some(i64::MAX), None, Some(i64::MIN)]);
        assert_eq!(ids(&[ints]).0, [0, 1, 2, 0]);
        let late =
            Column::new("i".into(), [Some(i64::MAX), Some(7), None, Some(i64::MIN), None, Some(7), Some(i64::MIN)]);
        assert_eq!(ids(&[late]), (vec![0, 1, 2, 3, 2, 1, 3], vec![0, 1, 2, 3]));
        let small = Column::new("i".into(), [Some(5_i64), Some(3), None, Some(5)]);
        assert_eq!(ids(&[small]).0, [0, 1, 2, 0]);
    }

    #[test]
    fn long_and_short_texts_and_pairs() {
        let long = "a text that is longer than twelve bytes";
        let texts = Column::new("t".into(), [long, "x", long, "x"]);
        let flags = Column::new("b".into(), [Some(true), Some(true), Some(true), None]);
        assert_eq!(ids(&[texts, flags]), (vec![0, 1, 0, 2], vec![0, 1, 3]));
    }
}
