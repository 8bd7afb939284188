//! The order of rows by several keys, stable, with NULLs where SQL puts them.

use std::cmp::Ordering;

use almanac_sql::plan::SortKey;
use polars_core::prelude::{Column, PolarsResult};

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
    let comparer = Comparer::new(columns, directions)?;
    let order = |a: &u32, b: &u32| comparer.compare(*a as usize, *b as usize).then(a.cmp(b));
    let mut out: Vec<u32> = (0..rows as u32).collect();
    if most == 0 {
        return Ok(Vec::new());
    }
    if most < rows {
        out.select_nth_unstable_by(most - 1, order);
        out.truncate(most);
    }
    out.sort_unstable_by(order);
    Ok(out)
}
