//! Where the rows of a table are cut.

use std::ops::Range;

use crate::load::rows::Rows;

/// Consecutive ranges that together are the rows below `all`, each with about as many of the `needed` rows: cut where row groups
/// begin, when there are enough of them to be fair.
pub(super) fn ranges(needed: &Rows, starts: &[u64], all: u64, parts: usize) -> Vec<Range<u64>> {
    let total = needed.total();
    let groups: Vec<u64> =
        starts.iter().copied().filter(|start| !needed.within(&(*start..all)).is_empty() && *start > 0).collect();
    let few_groups = groups.len() + 1 < 2 * parts;
    let mut cuts: Vec<u64> = (1..parts as u64)
        .map(|part| {
            let wanted = place(needed, total * part / parts as u64);
            let nearest = groups.iter().copied().min_by_key(|start| start.abs_diff(wanted));
            nearest.filter(|_| !few_groups).unwrap_or(wanted)
        })
        .filter(|cut| *cut > 0 && *cut < all)
        .collect();
    cuts.dedup();
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    starts.zip(cuts.iter().copied().chain([all])).map(|(start, end)| start..end).collect()
}

/// The row of which so many needed ones come before.
fn place(needed: &Rows, mut before: u64) -> u64 {
    for range in needed.ranges() {
        let length = range.end - range.start;
        if before < length {
            return range.start + before;
        }
        before -= length;
    }
    needed.ranges().last().map_or(0, |last| last.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ranges: &[(u64, u64)]) -> Rows {
        let mut out = Rows::default();
        ranges.iter().for_each(|(start, end)| out.push(*start..*end));
        out
    }

    #[test]
    fn cuts_are_where_row_groups_begin() {
        let starts: Vec<u64> = (0..10).map(|group| group * 100).collect();
        assert_eq!(ranges(&Rows::below(1_000), &starts, 1_000, 3), [0..300, 300..700, 700..1_000]);
        assert_eq!(ranges(&rows(&[(600, 1_000)]), &starts, 1_000, 2), [0..800, 800..1_000]);
    }

    #[test]
    fn few_row_groups_are_cut_themselves() {
        assert_eq!(ranges(&Rows::below(10), &[0], 10, 3), [0..3, 3..6, 6..10]);
        assert_eq!(ranges(&rows(&[(2, 4), (8, 10)]), &[0, 5], 10, 2), [0..8, 8..10]);
    }

    #[test]
    fn every_row_is_in_one_part() {
        for parts in 1..6 {
            for all in 0..30_u64 {
                let needed = rows(&[(all / 4, all / 2), (all / 2 + 1, all)]);
                let starts: Vec<u64> = (0..all).step_by(3).collect();
                let cut = ranges(&needed, &starts, all, parts);
                assert!(cut.len() <= parts);
                assert_eq!(
                    (cut.first().map(|first| first.start), cut.last().map(|last| last.end)),
                    (Some(0), Some(all))
                );
                assert!(cut.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].start < pair[0].end));
            }
        }
    }
}
