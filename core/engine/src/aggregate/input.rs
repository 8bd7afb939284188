//! The rows an aggregate sees: which group each belongs to, which are left out, and in which order they come.

use polars_core::prelude::{Column, PlHashSet, PolarsResult};

use super::groups::{self, Groups};
use crate::physical::{Cells, bools};

/// The rows of one aggregate call.
pub(crate) struct Input<'a> {
    /// Number of input rows.
    pub(crate) rows: usize,
    /// Group of each row.
    pub(crate) groups: &'a Groups,
    /// Rows that count; `None` for all.
    keep: Option<Vec<bool>>,
    /// Rows in the order the aggregate asked for; `None` for the input's.
    order: Option<Vec<u32>>,
}

impl<'a> Input<'a> {
    /// All rows, in the input's order.
    pub(crate) fn new(rows: usize, groups: &'a Groups) -> Self {
        Self { rows, groups, keep: None, order: None }
    }

    /// Only rows for which `condition` is true (not NULL).
    pub(crate) fn filtered(mut self, condition: &Column) -> PolarsResult<Self> {
        let condition = bools(condition)?;
        self.keep = Some((0..self.rows).map(|row| condition.get(row) == Some(true)).collect());
        Ok(self)
    }

    /// Only the first row of each group with the same values of all `columns`; rows with a NULL among them do not count, unless
    /// `with_nulls`.
    pub(crate) fn distinct(mut self, columns: &[Column], with_nulls: bool) -> PolarsResult<Self> {
        let mut keep = self.keep.take().unwrap_or_else(|| vec![true; self.rows]);
        let bound = self.groups.len().max(1) as u32;
        let mut codes = groups::Codes { ids: self.groups.ids.clone(), bound, in_order: true };
        for column in columns {
            let cells = Cells::new(column)?;
            if cells.has_nulls() && !with_nulls {
                for (row, keep) in keep.iter_mut().enumerate() {
                    *keep &= !cells.is_null(row);
                }
            }
            codes = groups::combined(codes, &groups::codes(&cells, self.rows));
        }
        if u64::from(codes.bound) <= 4 * self.rows as u64 + 1024 {
            let mut seen = vec![false; codes.bound as usize];
            for (keep, id) in keep.iter_mut().zip(&codes.ids) {
                *keep = *keep && !std::mem::replace(&mut seen[*id as usize], true);
            }
        } else {
            let mut seen: PlHashSet<u32> = PlHashSet::default();
            for (keep, id) in keep.iter_mut().zip(&codes.ids) {
                *keep = *keep && seen.insert(*id);
            }
        }
        self.keep = Some(keep);
        Ok(self)
    }

    /// Which rows count.
    pub(crate) fn kept(self) -> Vec<bool> {
        self.keep.unwrap_or_else(|| vec![true; self.rows])
    }

    /// The rows in this order: a permutation of all rows.
    pub(crate) fn ordered(mut self, order: Vec<u32>) -> Self {
        self.order = Some(order);
        self
    }

    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether every row counts and all values of `cells` do: then the number of rows of a group is known.
    pub(crate) fn is_plain(&self, cells: &Cells) -> bool {
        self.has_all_rows() && self.order.is_none() && !cells.has_nulls()
    }

    /// Whether every row counts.
    pub(crate) fn has_all_rows(&self) -> bool {
        self.keep.is_none()
    }

    /// Calls `f(group, row)` for each row that counts and is not null, in order.
    #[inline]
    pub(crate) fn each(&self, nulls: Option<&dyn Fn(usize) -> bool>, mut f: impl FnMut(usize, usize)) {
        let ids = &self.groups.ids;
        match (&self.order, &self.keep, nulls) {
            (None, None, None) => {
                for (row, id) in ids.iter().enumerate() {
                    f(*id as usize, row);
                }
            }
            (None, keep, nulls) => {
                for (row, id) in ids.iter().enumerate() {
                    if keep.as_ref().is_none_or(|keep| keep[row]) && !nulls.is_some_and(|is_null| is_null(row)) {
                        f(*id as usize, row);
                    }
                }
            }
            (Some(order), keep, nulls) => {
                for row in order {
                    let row = *row as usize;
                    if keep.as_ref().is_none_or(|keep| keep[row]) && !nulls.is_some_and(|is_null| is_null(row)) {
                        f(ids[row] as usize, row);
                    }
                }
            }
        }
    }

    /// Calls `f(group, row)` for each row that counts and whose cell is not NULL, in order.
    #[inline]
    pub(crate) fn each_of(&self, cells: &Cells, f: impl FnMut(usize, usize)) {
        if cells.has_nulls() {
            self.each(Some(&|row| cells.is_null(row)), f);
        } else {
            self.each(None, f);
        }
    }

    /// The rows of each group whose cell is not NULL, in order.
    pub(crate) fn lists(&self, cells: &Cells) -> Vec<Vec<u32>> {
        let mut out = vec![Vec::new(); self.len()];
        self.each_of(cells, |group, row| out[group].push(row as u32));
        out
    }
}
