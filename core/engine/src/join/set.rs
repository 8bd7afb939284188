//! Which keys there are: for semi and anti joins, and to leave rows out before anything else is done with them.

use polars_arrow::array::{Array, StaticArray};

use super::lane::{Lane, bounds};
use crate::aggregate::table::Numbers;

/// One bit a number may take so much room for each key, or so much in all: a table of the keys themselves takes as much.
const BITS_PER_KEY: u64 = 256;
const FEW_BITS: u64 = 1 << 23;
const MOST_BITS: u64 = 1 << 30;

/// Whether numbers with this span get one bit each.
pub(crate) fn is_dense(span: u64, keys: usize) -> bool {
    span <= (BITS_PER_KEY.saturating_mul(keys as u64) + FEW_BITS).min(MOST_BITS)
}

/// Keys of a join.
#[derive(Debug)]
pub(crate) enum Set {
    /// One bit for each number from `low` on, and a word of zeros for all others.
    Bits {
        /// The smallest key.
        low: i64,
        /// Bits, the lowest first.
        words: Vec<u64>,
    },
    /// The keys of numbers that are far apart.
    Sparse(Numbers),
}

impl Set {
    /// The keys of these rows.
    pub(crate) fn new(lane: &Lane) -> Self {
        let Some((low, span)) = bounds(lane) else { return Self::Bits { low: 0, words: vec![0] } };
        if !is_dense(span, lane.len()) {
            let mut numbers = Numbers::new();
            lane.non_null_values_iter().for_each(|key| _ = numbers.number(key as u64));
            return Self::Sparse(numbers);
        }
        Self::Bits { low, words: bits(lane, low, span) }
    }

    /// Whether the key is among them.
    #[inline]
    pub(crate) fn has(&self, key: i64) -> bool {
        match self {
            Self::Bits { low, words } => bit(words, key.wrapping_sub(*low) as u64),
            Self::Sparse(numbers) => numbers.find(key as u64).is_some(),
        }
    }

    /// The rows whose key is among them, or those whose key is not.
    pub(crate) fn rows(&self, lane: &Lane, among: bool) -> Vec<u32> {
        match self {
            Self::Bits { low, words } => rows(lane, among, |key| bit(words, key.wrapping_sub(*low) as u64)),
            Self::Sparse(numbers) => rows(lane, among, |key| numbers.find(key as u64).is_some()),
        }
    }

    /// The share of rows whose key is among them, by a look at some.
    pub(crate) fn share(&self, lane: &Lane) -> f64 {
        const LOOKS: usize = 500;
        let step = (lane.len() / LOOKS).max(1);
        let looked = (0..lane.len()).step_by(step);
        let hits = looked.clone().filter(|row| lane.get(*row).is_some_and(|key| self.has(key))).count();
        hits as f64 / looked.count().max(1) as f64
    }
}

/// A bit for each number that occurs; the last word has none.
pub(crate) fn bits(lane: &Lane, low: i64, span: u64) -> Vec<u64> {
    let mut words = vec![0_u64; span as usize / 64 + 2];
    let mut set = |key: i64| {
        let place = key.wrapping_sub(low) as u64;
        words[(place >> 6) as usize] |= 1 << (place & 63);
    };
    if lane.null_count() == 0 {
        lane.values_iter().for_each(|key| set(*key));
    } else {
        lane.non_null_values_iter().for_each(set);
    }
    words
}

/// The bit at a place; zero past the end.
#[inline]
pub(crate) fn bit(words: &[u64], place: u64) -> bool {
    // Past the end is the last word, which is zero: a minimum where there would be a branch.
    let word = words[(place >> 6).min(words.len() as u64 - 1) as usize];
    word >> (place & 63) & 1 != 0
}

/// Rows looked at before those that were chosen are put down.
const BLOCK: usize = 512;

fn rows(lane: &Lane, among: bool, has: impl Fn(i64) -> bool) -> Vec<u32> {
    let mut out = Vec::new();
    let mut block = [0_u32; BLOCK];
    let validity = lane.validity().filter(|_| lane.null_count() > 0);
    for (number, keys) in lane.values().as_slice().chunks(BLOCK).enumerate() {
        let start = number * BLOCK;
        let mut chosen = 0;
        // Without a branch that depends on the key: whether a key is there is as good as random.
        for (at, key) in keys.iter().enumerate() {
            let valid = validity.is_none_or(|validity| validity.get_bit(start + at));
            block[chosen] = (start + at) as u32;
            chosen += usize::from((valid & has(*key)) == among);
        }
        out.extend_from_slice(&block[..chosen]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(keys: &[Option<i64>]) -> Lane {
        keys.iter().copied().collect()
    }

    #[test]
    fn near_and_far_keys() {
        let asked = lane(&[Some(3), None, Some(i64::MIN), Some(i64::MAX), Some(-1), Some(64)]);
        for (keys, expected) in [
            (vec![Some(-1), Some(3), Some(3), None], vec![0, 4]),
            (vec![Some(i64::MAX), Some(i64::MIN)], vec![2, 3]),
            (vec![Some(i64::MAX), Some(i64::MAX - 1)], vec![3]),
            (vec![Some(i64::MIN)], vec![2]),
            (vec![None], vec![]),
            (vec![], vec![]),
        ] {
            let set = Set::new(&lane(&keys));
            assert_eq!(set.rows(&asked, true), expected, "{keys:?}");
            let others: Vec<u32> = (0..6).filter(|row| !expected.contains(row)).collect();
            assert_eq!(set.rows(&asked, false), others, "{keys:?}");
        }
    }

    #[test]
    fn a_share_is_measured() {
        let set = Set::new(&(0..1000).map(Some).collect());
        let share = set.share(&(0..4000).map(Some).collect());
        assert!((share - 0.25).abs() < 0.01, "{share}");
        assert_eq!(set.share(&lane(&[])), 0.0);
    }
}
