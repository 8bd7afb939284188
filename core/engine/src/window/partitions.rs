//! Rows in windows: grouped by the partition's keys, ordered within, peers known.

use polars_core::prelude::{Column, PolarsResult};

use crate::aggregate::groups::Groups;
use crate::order::{Comparer, Direction};

/// The rows of all partitions, laid end to end in window order.
pub(crate) struct Partitions {
    /// Row numbers.
    pub(crate) rows: Vec<u32>,
    /// Places in `rows` where partitions start, and the number of rows at the end.
    pub(crate) starts: Vec<usize>,
    /// For each place, the first place of its peers.
    pub(crate) peer_start: Vec<u32>,
    /// For each place, one past the last place of its peers.
    pub(crate) peer_end: Vec<u32>,
}

impl Partitions {
    /// Partitions `count` rows. Without order keys all rows of a partition are peers.
    pub(crate) fn new(keys: &[Column], order: &[Column], directions: &[Direction], count: usize) -> PolarsResult<Self> {
        let groups = Groups::by(keys, count)?;
        let comparer = Comparer::new(order, directions)?;
        let mut starts = vec![0_usize; groups.len() + 1];
        for id in &groups.ids {
            starts[*id as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; count];
        for (row, id) in groups.ids.iter().enumerate() {
            rows[next[*id as usize]] = row as u32;
            next[*id as usize] += 1;
        }
        let mut peer_start = vec![0_u32; count];
        let mut peer_end = vec![0_u32; count];
        for bounds in starts.windows(2) {
            let (from, to) = (bounds[0], bounds[1]);
            if !order.is_empty() {
                rows[from..to].sort_by(|a, b| comparer.compare(*a as usize, *b as usize));
            }
            let mut start = from;
            while start < to {
                let mut end = start + 1;
                while end < to && comparer.compare(rows[start] as usize, rows[end] as usize).is_eq() {
                    end += 1;
                }
                peer_start[start..end].fill(start as u32);
                peer_end[start..end].fill(end as u32);
                start = end;
            }
        }
        Ok(Self { rows, starts, peer_start, peer_end })
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Partitions as ranges of places.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.starts.windows(2).map(|bounds| bounds[0]..bounds[1])
    }

    /// Puts values computed by place back to their rows.
    pub(crate) fn by_row<T: Clone + Default>(&self, by_place: &[T]) -> Vec<T> {
        let mut out = vec![T::default(); by_place.len()];
        for (value, row) in by_place.iter().zip(&self.rows) {
            out[*row as usize] = value.clone();
        }
        out
    }
}
