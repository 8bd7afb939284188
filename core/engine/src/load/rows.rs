//! Sets of rows of a table or a file, as ranges: what a scan may need, what is held, what is still to be fetched.

use std::ops::Range;

/// Rows by number: sorted ranges that neither touch nor overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Rows(Vec<Range<u64>>);

impl Rows {
    /// The rows below `end`.
    pub(crate) fn below(end: u64) -> Self {
        let mut rows = Self::default();
        rows.push(0..end);
        rows
    }

    /// Adds rows that come after all others.
    pub(crate) fn push(&mut self, range: Range<u64>) {
        if range.start >= range.end {
            return;
        }
        match self.0.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => self.0.push(range),
        }
    }

    /// The ranges in order.
    pub(crate) fn ranges(&self) -> &[Range<u64>] {
        &self.0
    }

    /// Number of rows.
    pub(crate) fn total(&self) -> u64 {
        self.0.iter().map(|range| range.end - range.start).sum()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Rows of either.
    pub(crate) fn or(&self, other: &Self) -> Self {
        let mut all: Vec<Range<u64>> = self.0.iter().chain(&other.0).cloned().collect();
        all.sort_by_key(|range| range.start);
        let mut out = Self::default();
        all.into_iter().for_each(|range| out.push(range));
        out
    }

    /// Rows of both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut out = Self::default();
        let (mut a, mut b) = (0, 0);
        while let (Some(x), Some(y)) = (self.0.get(a), other.0.get(b)) {
            out.push(x.start.max(y.start)..x.end.min(y.end));
            if x.end < y.end { a += 1 } else { b += 1 }
        }
        out
    }

    /// Rows of this one that are not of the other.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let mut out = Self::default();
        let mut taken = other.0.iter().peekable();
        for range in &self.0 {
            let mut start = range.start;
            while let Some(gone) = taken.peek().filter(|gone| gone.start < range.end) {
                out.push(start..gone.start.min(range.end));
                start = start.max(gone.end);
                if gone.end > range.end {
                    break;
                }
                taken.next();
            }
            out.push(start..range.end);
        }
        out
    }

    /// Whether all rows of the other are among these.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.without(self).is_empty()
    }

    /// The same rows, counted from another place: `by` is added.
    pub(crate) fn shifted(&self, by: u64) -> Self {
        Self(self.0.iter().map(|range| range.start + by..range.end + by).collect())
    }

    /// Those within `range`, counted from its start.
    pub(crate) fn within(&self, range: &Range<u64>) -> Self {
        let mut only = Self::default();
        only.push(range.clone());
        let inside = self.and(&only);
        Self(inside.0.iter().map(|part| part.start - range.start..part.end - range.start).collect())
    }

    /// Where these rows stand when only the rows of `held` are at hand: places in `held`, which covers them.
    pub(crate) fn places_in(&self, held: &Self) -> Self {
        let mut out = Self::default();
        let mut before = 0;
        let mut own = self.0.iter().peekable();
        for range in &held.0 {
            while let Some(part) = own.next_if(|part| part.start < range.end) {
                out.push(before + (part.start - range.start)..before + (part.end - range.start));
            }
            before += range.end - range.start;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ranges: &[(u64, u64)]) -> Rows {
        let mut out = Rows::default();
        ranges.iter().for_each(|(start, end)| out.push(*start..*end));
        out
    }

    /// Every set below 8, so that the operations can be compared with those on bits.
    fn all() -> impl Iterator<Item = (u32, Rows)> {
        (0_u32..256).map(|bits| {
            let mut out = Rows::default();
            (0..8).filter(|row| bits >> row & 1 == 1).for_each(|row| out.push(row..row + 1));
            (bits, out)
        })
    }

    #[test]
    fn operations_are_those_of_sets() {
        let sets: Vec<(u32, Rows)> = all().collect();
        for (a, x) in &sets {
            assert_eq!(x.total(), u64::from(a.count_ones()));
            for (b, y) in &sets {
                assert_eq!(x.or(y), sets[(a | b) as usize].1);
                assert_eq!(x.and(y), sets[(a & b) as usize].1);
                assert_eq!(x.without(y), sets[(a & !b) as usize].1);
                assert_eq!(x.covers(y), b & !a == 0);
            }
        }
    }

    #[test]
    fn places_are_counted_in_what_is_held() {
        let held = rows(&[(10, 20), (30, 50)]);
        assert_eq!(
            rows(&[(12, 14), (18, 20), (30, 31), (49, 50)]).places_in(&held),
            rows(&[(2, 4), (8, 11), (29, 30)])
        );
        assert_eq!(held.places_in(&held), Rows::below(30));
        assert_eq!(rows(&[(12, 14), (18, 40)]).within(&(13..19)), rows(&[(0, 1), (5, 6)]));
        assert_eq!(rows(&[(0, 2)]).shifted(5), rows(&[(5, 7)]));
    }
}
