//! The pairs of rows with equal keys.

use polars_arrow::array::Array;

use super::index::Index;
use super::lane::Lane;

/// Stands for a row that is not there.
pub(crate) const NONE: u32 = u32::MAX;

/// Rows looked up at a time.
const BLOCK: usize = 512;

/// Rows of two sides, pair by pair, in the order of the second side.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Rows of the side that has the index.
    pub(crate) held: Vec<u32>,
    /// Rows of the side whose keys were looked up.
    pub(crate) asked: Vec<u32>,
}

impl Pairs {
    /// All pairs with equal keys; `None` if there are more than `most`. With `alone`, rows that find nobody are paired with
    /// [`NONE`].
    pub(crate) fn new(index: &Index, lane: &Lane, alone: bool, most: usize) -> Option<Self> {
        let mut pairs = Self::default();
        let mut found = [0_u32; BLOCK];
        let valid = lane.validity().filter(|_| lane.null_count() > 0);
        for (number, keys) in lane.values().as_slice().chunks(BLOCK).enumerate() {
            let start = number * BLOCK;
            let found = &mut found[..keys.len()];
            index.find(keys, found);
            if let Some(valid) = valid {
                for (at, row) in found.iter_mut().enumerate() {
                    *row *= u32::from(valid.get_bit(start + at));
                }
            }
            match (index.is_unique(), alone) {
                (true, true) => {
                    // A row that is not there is zero: one less is the mark for it.
                    pairs.held.extend(found.iter().map(|row| row.wrapping_sub(1)));
                    pairs.asked.extend(start as u32..(start + found.len()) as u32);
                }
                (true, false) => pairs.add_found(start, found),
                (false, _) => pairs.add_chains(index, start, found, alone, most),
            }
            if pairs.held.len() > most {
                return None;
            }
        }
        Some(pairs)
    }

    /// Without a branch that depends on the rows found.
    fn add_found(&mut self, start: usize, found: &[u32]) {
        let (mut held, mut asked) = ([0_u32; BLOCK], [0_u32; BLOCK]);
        let mut count = 0;
        for (at, row) in found.iter().enumerate() {
            held[count] = row.wrapping_sub(1);
            asked[count] = (start + at) as u32;
            count += usize::from(*row != 0);
        }
        self.held.extend_from_slice(&held[..count]);
        self.asked.extend_from_slice(&asked[..count]);
    }

    /// Ends soon after there are more than `most`.
    fn add_chains(&mut self, index: &Index, start: usize, found: &[u32], alone: bool, most: usize) {
        for (at, row) in found.iter().enumerate() {
            if self.held.len() > most {
                return;
            }
            let asked = (start + at) as u32;
            let mut row = *row;
            if row == 0 && alone {
                self.held.push(NONE);
                self.asked.push(asked);
            }
            while row != 0 {
                self.held.push(row - 1);
                self.asked.push(asked);
                row = index.next(row - 1);
            }
        }
    }

    /// Adds the rows of the second side, `rows` of them, that are in no pair, where they belong in its order.
    pub(crate) fn with_alone(self, rows: usize) -> Self {
        let mut out = Self { held: Vec::with_capacity(rows), asked: Vec::with_capacity(rows) };
        let mut next = 0;
        for (held, asked) in self.held.into_iter().zip(self.asked) {
            out.skip(next..asked);
            next = asked + 1;
            out.held.push(held);
            out.asked.push(asked);
        }
        out.skip(next..rows as u32);
        out
    }

    /// The same seen from the other side.
    pub(crate) fn swapped(self) -> Self {
        Self { held: self.asked, asked: self.held }
    }

    fn skip(&mut self, rows: std::ops::Range<u32>) {
        for row in rows {
            self.held.push(NONE);
            self.asked.push(row);
        }
    }
}

/// The rows that occur among these, or those that do not, of `rows` rows.
pub(crate) fn occurring(among: &[u32], rows: usize, wanted: bool) -> Vec<u32> {
    let mut occurs = vec![false; rows];
    for row in among {
        if let Some(occurs) = occurs.get_mut(*row as usize) {
            *occurs = true;
        }
    }
    (0..rows as u32).zip(occurs).filter(|(_, occurs)| *occurs == wanted).map(|(row, _)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair by a look at all.
    fn naive(held: &[Option<i64>], asked: &[Option<i64>], alone: bool) -> Pairs {
        let mut pairs = Pairs::default();
        for (row, key) in asked.iter().enumerate() {
            let before = pairs.held.len();
            for (other, its) in held.iter().enumerate() {
                if key.is_some() && key == its {
                    pairs.held.push(other as u32);
                    pairs.asked.push(row as u32);
                }
            }
            if alone && pairs.held.len() == before {
                pairs.held.push(NONE);
                pairs.asked.push(row as u32);
            }
        }
        pairs
    }

    fn check(held: &[Option<i64>], asked: &[Option<i64>]) {
        let (one, other): (Lane, Lane) = (held.iter().copied().collect(), asked.iter().copied().collect());
        let index = Index::new(&one);
        for alone in [false, true] {
            let pairs = Pairs::new(&index, &other, alone, usize::MAX).expect("no bound");
            assert_eq!(pairs, naive(held, asked, alone), "{held:?} {asked:?} {alone}");
        }
        let inner = Pairs::new(&index, &other, false, usize::MAX).expect("no bound");
        assert_eq!(inner.with_alone(asked.len()), naive(held, asked, true));
    }

    #[test]
    fn empty_sides_nulls_and_the_ends_of_the_range() {
        let (min, max) = (i64::MIN, i64::MAX);
        for (held, asked) in [
            (vec![], vec![Some(1), None]),
            (vec![Some(1), None], vec![]),
            (vec![None, None], vec![None, Some(0)]),
            (vec![Some(max), Some(min), Some(max)], vec![Some(min), Some(0), None, Some(max), Some(max)]),
            (vec![Some(max), Some(max - 1)], vec![Some(min), Some(min + 1), Some(max), Some(-1)]),
            (vec![Some(min), Some(min + 1)], vec![Some(max), Some(min + 1), Some(1)]),
            (vec![Some(-3), Some(7), Some(-3)], vec![Some(-3), Some(-4), Some(7), Some(8)]),
        ] {
            check(&held, &asked);
        }
    }

    #[test]
    fn every_kind_of_table_agrees_with_a_look_at_all_pairs() {
        // A step of 1 is a table by the key, of 30 a ranked one, of 2^40 a hashed one; with and without repetitions and NULLs.
        for step in [1_i64, 30, 1 << 40] {
            for copies in [1, 3] {
                let key = |n: i64| (n % 11 != 10).then(|| (n / copies * 37 % 151 - 60) * step);
                let held: Vec<_> = (0..150 * copies).map(key).collect();
                let asked: Vec<_> = (0..600).map(|n| (n % 7 != 6).then(|| (n * 5 % 310 - 150) * step)).collect();
                check(&held, &asked);
                check(&asked, &held);
            }
        }
    }

    #[test]
    fn too_many_pairs_are_not_made() {
        let lane: Lane = (0..100).map(|_| Some(7)).collect();
        assert!(Pairs::new(&Index::new(&lane), &lane, false, 9_999).is_none());
        assert_eq!(Pairs::new(&Index::new(&lane), &lane, false, 10_000).map(|pairs| pairs.held.len()), Some(10_000));
    }

    #[test]
    fn rows_that_occur() {
        assert_eq!(occurring(&[3, 1, 3, NONE], 5, true), [1, 3]);
        assert_eq!(occurring(&[3, 1, 3, NONE], 5, false), [0, 2, 4]);
    }
}
