//! Functions of a row's place in its window.

use super::partitions::Partitions;

/// 1, 2, 3, … within the partition.
pub(crate) fn row_number(partitions: &Partitions) -> Vec<i64> {
    each(partitions, |place, range| (place - range.start) as i64 + 1)
}

/// 1 and the number of rows before the peers.
pub(crate) fn rank(partitions: &Partitions) -> Vec<i64> {
    each(partitions, |place, range| i64::from(partitions.peer_start[place]) - range.start as i64 + 1)
}

/// 1 and the number of groups of peers before.
pub(crate) fn dense_rank(partitions: &Partitions) -> Vec<i64> {
    let mut rank = 0;
    each(partitions, |place, range| {
        if place == range.start {
            rank = 1;
        } else if partitions.peer_start[place] as usize == place {
            rank += 1;
        }
        rank
    })
}

/// (rank - 1) / (rows - 1); 0 for a single row.
pub(crate) fn percent_rank(partitions: &Partitions) -> Vec<f64> {
    each(partitions, |place, range| {
        if range.len() < 2 {
            0.0
        } else {
            (partitions.peer_start[place] as usize - range.start) as f64 / (range.len() - 1) as f64
        }
    })
}

/// Share of rows that come no later than the peers.
pub(crate) fn cume_dist(partitions: &Partitions) -> Vec<f64> {
    each(partitions, |place, range| (partitions.peer_end[place] as usize - range.start) as f64 / range.len() as f64)
}

/// Which of `buckets(row)` equal buckets the row is in, the first ones taking one more; `None` for a bad number.
pub(crate) fn ntile(partitions: &Partitions, buckets: impl Fn(usize) -> Option<i64>) -> Vec<Option<i64>> {
    each(partitions, |place, range| {
        let buckets = buckets(partitions.rows[place] as usize).filter(|n| *n > 0)?;
        let rows = range.len() as i64;
        let at = (place - range.start) as i64;
        let buckets = buckets.min(rows);
        let (size, larger) = (rows / buckets, rows % buckets);
        Some(if at < larger * (size + 1) {
            at / (size + 1) + 1
        } else {
            larger + (at - larger * (size + 1)) / size + 1
        })
    })
}

fn each<T>(partitions: &Partitions, mut f: impl FnMut(usize, &std::ops::Range<usize>) -> T) -> Vec<T> {
    let mut out = Vec::with_capacity(partitions.len());
    for range in partitions.ranges() {
        for place in range.clone() {
            out.push(f(place, &range));
        }
    }
    out
}
