//! The order of rows by several keys, stable, with NULLs where SQL puts them.

use std::cmp::Ordering;

use almanac_sql::plan::SortKey;
use polars_core::prelude::{Column, DataType, IdxCa, NewChunkedArray, PlSmallStr, PolarsResult};

use crate::physical::Cells;

/// How one key orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Direction {
    /// Largest first.
    pub(crate) descending: bool,
    /// NULLs before all values, whatever the direction.
    pub(crate) nulls_first: bool,
}

/// The directions of a plan's sort keys.
pub(crate) fn directions(keys: &[SortKey]) -> Vec<Direction> {
    keys.iter().map(|key| Direction { descending: key.descending, nulls_first: key.nulls_first }).collect()
}

/// Compares rows by keys.
pub(crate) struct Comparer {
    keys: Vec<(Cells, Direction)>,
}

impl Comparer {
    /// Of these columns, the most significant first.
    pub(crate) fn new(columns: &[Column], directions: &[Direction]) -> PolarsResult<Self> {
        let keys = columns
            .iter()
            .zip(directions)
            .map(|(column, direction)| Ok((Cells::new(column)?, *direction)))
            .collect::<PolarsResult<_>>()?;
        Ok(Self { keys })
    }

    /// The order of two rows.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        for (cells, direction) in &self.keys {
            let nulls = |first: bool| if first == direction.nulls_first { Ordering::Less } else { Ordering::Greater };
            let order = match (cells.is_null(a), cells.is_null(b)) {
                (true, true) => continue,
                (true, false) => nulls(true),
                (false, true) => nulls(false),
                (false, false) => {
                    let order = cells.compare(a, b);
                    if direction.descending { order.reverse() } else { order }
                }
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }
}

/// Row numbers in the order of the keys; equal rows keep their order.
pub(crate) fn permutation(columns: &[Column], directions: &[Direction], rows: usize) -> PolarsResult<Vec<u32>> {
    let comparer = Comparer::new(columns, directions)?;
    let mut out: Vec<u32> = (0..rows as u32).collect();
    out.sort_by(|a, b| comparer.compare(*a as usize, *b as usize));
    Ok(out)
}

/// The first `most` row numbers in the order of the keys; equal rows keep their order.
pub(crate) fn top(columns: &[Column], directions: &[Direction], rows: usize, most: usize) -> PolarsResult<Vec<u32>> {
    if most == 0 {
        return Ok(Vec::new());
    }
    if let Some(candidates) = candidates(columns, directions, rows, most)? {
        let places = IdxCa::from_slice(PlSmallStr::EMPTY, &candidates);
        let taken = columns.iter().map(|column| column.take(&places)).collect::<PolarsResult<Vec<_>>>()?;
        let order = first(&taken, directions, candidates.len(), most)?;
        return Ok(order.into_iter().map(|place| candidates[place as usize]).collect());
    }
    first(columns, directions, rows, most)
}

fn first(columns: &[Column], directions: &[Direction], rows: usize, most: usize) -> PolarsResult<Vec<u32>> {
    let comparer = Comparer::new(columns, directions)?;
    let order = |a: &u32, b: &u32| comparer.compare(*a as usize, *b as usize).then(a.cmp(b));
    let mut out: Vec<u32> = (0..rows as u32).collect();
    if most < rows {
        out.select_nth_unstable_by(most - 1, order);
        out.truncate(most);
    }
    out.sort_unstable_by(order);
    Ok(out)
}

/// The rows whose first key does not come after that of the last row wanted, in ascending order: two passes over that key alone.
/// `None` where that would not leave few.
fn candidates(
    columns: &[Column],
    directions: &[Direction],
    rows: usize,
    most: usize,
) -> PolarsResult<Option<Vec<u32>>> {
    let (Some(column), Some(direction)) = (columns.first(), directions.first()) else { return Ok(None) };
    if column.len() != rows || most > rows / SHARE || column.null_count() > 0 {
        return Ok(None);
    }
    let series = column.as_materialized_series().rechunk();
    let found = match (series.dtype(), direction.descending) {
        (DataType::Int32, false) => not_after(series.i32()?.cont_slice()?, most, |a, b| a < b),
        (DataType::Int32, true) => not_after(series.i32()?.cont_slice()?, most, |a, b| a > b),
        (DataType::Int64, false) => not_after(series.i64()?.cont_slice()?, most, |a, b| a < b),
        (DataType::Int64, true) => not_after(series.i64()?.cont_slice()?, most, |a, b| a > b),
        // NaN is the largest double.
        (DataType::Float64, false) => {
            not_after(series.f64()?.cont_slice()?, most, |a, b| (a < b) | (b.is_nan() & !a.is_nan()))
        }
        (DataType::Float64, true) => {
            not_after(series.f64()?.cont_slice()?, most, |a, b| (a > b) | (a.is_nan() & !b.is_nan()))
        }
        _ => return Ok(None),
    };
    Ok(found)
}

/// Candidates are looked for where at most one row in so many is wanted, and given up where more than that are found.
const SHARE: usize = 16;
/// Values that are looked at together: nearly always none of them is wanted.
const BLOCK: usize = 256;

fn not_after<T: Copy>(values: &[T], most: usize, before: impl Fn(T, T) -> bool) -> Option<Vec<u32>> {
    let order = |a: &T, b: &T| {
        if before(*a, *b) {
            Ordering::Less
        } else if before(*b, *a) {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    };
    // The first `most` so far and those that may displace them, until there are twice as many.
    let enough = 2 * most + BLOCK;
    let mut held: Vec<T> = Vec::with_capacity(enough + BLOCK);
    let mut last: Option<T> = None;
    for block in values.chunks(BLOCK) {
        match last {
            None => held.extend_from_slice(block),
            Some(last) if block.iter().fold(false, |any, value| any | before(*value, last)) => {
                held.extend(block.iter().filter(|value| before(**value, last)));
            }
            Some(_) => {}
        }
        if held.len() >= enough {
            last = Some(*held.select_nth_unstable_by(most - 1, order).1);
            held.truncate(most);
        }
    }
    let last = *held.select_nth_unstable_by(most - 1, order).1;
    let mut out = Vec::new();
    for (at, block) in values.chunks(BLOCK).enumerate() {
        if block.iter().fold(true, |all, value| all & before(last, *value)) {
            continue;
        }
        let row = (at * BLOCK) as u32;
        out.extend((row..).zip(block).filter(|(_, value)| !before(last, **value)).map(|(row, _)| row));
        if out.len() > most + values.len() / SHARE {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition: all rows sorted, the first of them.
    fn sorted(columns: &[Column], directions: &[Direction], rows: usize, most: usize) -> Vec<u32> {
        permutation(columns, directions, rows).expect("sorts").into_iter().take(most).collect()
    }

    #[test]
    fn first_rows_are_those_of_the_sorted_ones() {
        let rows = 5000;
        let mixed = |n: u64| (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as i64;
        let ints: Vec<i64> = (0..rows as u64).map(|n| mixed(n) % 700 - 350).collect();
        let doubles: Vec<f64> = (0..rows as u64)
            .map(|n| match mixed(n) % 50 {
                0 => f64::NAN,
                1 => -0.0,
                2 => 0.0,
                3 => f64::INFINITY,
                x => x as f64 / 7.0,
            })
            .collect();
        let holes: Vec<Option<i64>> = ints.iter().map(|n| (n % 9 != 0).then_some(*n)).collect();
        let texts: Vec<String> = ints.iter().map(|n| n.to_string()).collect();
        let narrow: Vec<i32> = ints.iter().map(|n| *n as i32).collect();
        let columns = [
            Column::new("i".into(), &ints),
            Column::new("n".into(), &narrow),
            Column::new("d".into(), &doubles),
            Column::new("h".into(), &holes),
            Column::new("t".into(), &texts),
            Column::new("c".into(), vec![1_i64; rows]),
            Column::new("s".into(), (0..rows as i64).collect::<Vec<_>>()),
        ];
        for key in &columns {
            for descending in [false, true] {
                for nulls_first in [false, true] {
                    let first = Direction { descending, nulls_first };
                    for second in [false, true] {
                        let keys = [key.clone(), columns[2].clone()];
                        let directions = [first, Direction { descending: second, nulls_first: false }];
                        for most in [0, 1, 7, 300, 4999, 5000, 9000] {
                            assert_eq!(
                                top(&keys, &directions, rows, most).expect("answers"),
                                sorted(&keys, &directions, rows, most),
                                "{} {directions:?} {most}",
                                key.name()
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn first_of_few_or_no_rows() {
        let direction = [Direction { descending: true, nulls_first: false }];
        let none = Column::new("x".into(), [0.0_f64; 0]);
        assert!(top(&[none], &direction, 0, 10).expect("answers").is_empty());
        let one = Column::new("x".into(), [f64::NAN]);
        assert_eq!(top(&[one], &direction, 1, 10).expect("answers"), [0]);
    }
}
