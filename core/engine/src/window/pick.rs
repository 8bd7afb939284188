//! Functions that fetch the value of another row of the window: its row number is found here.

use std::ops::Range;

use super::frame::Frames;
use super::partitions::Partitions;

/// The places of rows that are not passed over.
pub(crate) struct Shown {
    /// Places that count, ascending; `None` when all do.
    places: Option<Vec<u32>>,
}

impl Shown {
    /// All places, or with `IGNORE NULLS` those whose row is not NULL.
    pub(crate) fn new(partitions: &Partitions, is_null: Option<&dyn Fn(usize) -> bool>) -> Self {
        let places = is_null.map(|is_null| {
            (0..partitions.len() as u32).filter(|place| !is_null(partitions.rows[*place as usize] as usize)).collect()
        });
        Self { places }
    }

    /// The `n`-th place (from 0) of a range.
    fn nth(&self, range: &Range<usize>, n: usize) -> Option<usize> {
        match &self.places {
            _ if range.is_empty() => None,
            None => range.start.checked_add(n).filter(|place| *place < range.end),
            Some(places) => {
                let from = places.partition_point(|place| (*place as usize) < range.start);
                places.get(from.checked_add(n)?).map(|place| *place as usize).filter(|place| *place < range.end)
            }
        }
    }

    fn count(&self, range: &Range<usize>) -> usize {
        match &self.places {
            None => range.len(),
            Some(places) => {
                let before = |end: usize| places.partition_point(|place| (*place as usize) < end);
                before(range.end).saturating_sub(before(range.start))
            }
        }
    }

    fn last(&self, range: &Range<usize>) -> Option<usize> {
        match &self.places {
            _ if range.is_empty() => None,
            None => range.end.checked_sub(1).filter(|place| *place >= range.start),
            Some(places) => {
                let to = places.partition_point(|place| (*place as usize) < range.end);
                places.get(to.checked_sub(1)?).map(|place| *place as usize).filter(|place| *place >= range.start)
            }
        }
    }

    /// The place `by` places later (earlier when negative) in the partition.
    fn moved(&self, partition: &Range<usize>, place: usize, by: i64) -> Option<usize> {
        if by == 0 {
            return Some(place);
        }
        match &self.places {
            None => usize::try_from(place as i64 + by).ok().filter(|place| partition.contains(place)),
            Some(places) => {
                let at = if by > 0 {
                    // Counting starts with the first shown place after this one.
                    places.partition_point(|shown| *shown as usize <= place) as i64 + by - 1
                } else {
                    places.partition_point(|shown| (*shown as usize) < place) as i64 + by
                };
                let place = *places.get(usize::try_from(at).ok()?)? as usize;
                partition.contains(&place).then_some(place)
            }
        }
    }
}

/// For each place, the row `by(row)` rows later in its partition; `None` outside of it, or where `by` is NULL.
pub(crate) fn offset(partitions: &Partitions, shown: &Shown, by: impl Fn(usize) -> Option<i64>) -> Vec<Option<u32>> {
    let mut out = Vec::with_capacity(partitions.len());
    for range in partitions.ranges() {
        for place in range.clone() {
            let row = partitions.rows[place] as usize;
            out.push(by(row).and_then(|by| shown.moved(&range, place, by)).map(|place| partitions.rows[place]));
        }
    }
    out
}

/// For each place, the first row of its frame.
pub(crate) fn first(partitions: &Partitions, shown: &Shown, frames: &Frames) -> Vec<Option<u32>> {
    nth(partitions, shown, frames, |_| Some(1))
}

/// For each place, the last row of its frame.
pub(crate) fn last(partitions: &Partitions, shown: &Shown, frames: &Frames) -> Vec<Option<u32>> {
    let last = |place: usize| frames.parts(partitions, place).iter().rev().find_map(|part| shown.last(part));
    (0..partitions.len()).map(|place| last(place).map(|place| partitions.rows[place])).collect()
}

/// For each place, the row of its frame with the number `n(row)`, from 1.
pub(crate) fn nth(
    partitions: &Partitions,
    shown: &Shown,
    frames: &Frames,
    n: impl Fn(usize) -> Option<i64>,
) -> Vec<Option<u32>> {
    (0..partitions.len())
        .map(|place| {
            let mut n = n(partitions.rows[place] as usize).and_then(|n| usize::try_from(n).ok()?.checked_sub(1))?;
            for part in frames.parts(partitions, place) {
                if let Some(found) = shown.nth(&part, n) {
                    return Some(partitions.rows[found]);
                }
                n -= shown.count(&part).min(n);
            }
            None
        })
        .collect()
}
