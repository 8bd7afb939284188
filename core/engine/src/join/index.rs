//! Where the rows with a key are: a table by the key itself where keys lie close together, ranks of set bits where they lie less
//! close (G. Jacobson, "Space-efficient static trees and graphs", 1989), and a hash table for the rest.

use polars_arrow::array::Array;

use super::lane::{Lane, bounds};
use super::set::{bit, bits, is_dense};
use crate::aggregate::table::Numbers;

/// A table by the key may have so many places for each key, or so many in all.
const PLACES_PER_KEY: u64 = 4;
const FEW_PLACES: u64 = 1 << 14;

/// Rows of one side of a join by key.
#[derive(Debug)]
pub(crate) struct Index {
    places: Places,
    /// The first row of each place plus one; zero where there is none. The last place is for keys that are not there.
    first: Vec<u32>,
    /// The next row with the same key plus one; empty when all keys differ.
    next: Vec<u32>,
}

/// How a key becomes a place.
#[derive(Debug)]
enum Places {
    /// It is its distance from the smallest.
    Direct { low: i64 },
    /// It is how many keys are smaller.
    Ranked { low: i64, words: Vec<u64>, ranks: Vec<u32> },
    /// It is the number of the key in the order of appearance.
    Hashed(Numbers),
}

impl Places {
    /// The place of a key; `none` when it has none.
    #[inline]
    fn of(&self, key: i64, none: usize) -> usize {
        match self {
            Self::Direct { low } => direct(key, *low, none),
            Self::Ranked { low, words, ranks } => ranked(key, *low, words, ranks, none),
            Self::Hashed(numbers) => numbers.find(key as u64).map_or(none, |number| number as usize),
        }
    }
}

#[inline]
fn direct(key: i64, low: i64, none: usize) -> usize {
    // Smaller keys wrap around to places past the end.
    (key.wrapping_sub(low) as u64).min(none as u64) as usize
}

#[inline]
fn ranked(key: i64, low: i64, words: &[u64], ranks: &[u32], none: usize) -> usize {
    let place = key.wrapping_sub(low) as u64;
    if !bit(words, place) {
        return none;
    }
    let word = (place >> 6) as usize;
    let below = words[word] & ((1 << (place & 63)) - 1);
    ranks[word] as usize + below.count_ones() as usize
}

impl Index {
    /// The rows of these keys.
    pub(crate) fn new(lane: &Lane) -> Self {
        let (places, count) = places(lane);
        let mut index = Self { places, first: vec![0; count + 1], next: Vec::new() };
        // From the last row to the first: then each chain goes through the rows in order.
        let rows = lane.len();
        let valid = lane.validity().filter(|_| lane.null_count() > 0);
        for (row, key) in lane.values_iter().enumerate().rev() {
            if valid.is_some_and(|valid| !valid.get_bit(row)) {
                continue;
            }
            let place = index.places.of(*key, count);
            let held = std::mem::replace(&mut index.first[place], row as u32 + 1);
            if held != 0 {
                if index.next.is_empty() {
                    index.next = vec![0; rows];
                }
                index.next[row] = held;
            }
        }
        index
    }

    /// Whether no key occurs twice.
    pub(crate) fn is_unique(&self) -> bool {
        self.next.is_empty()
    }

    /// The first row of each key, plus one; zero where the key is not there.
    pub(crate) fn find(&self, keys: &[i64], out: &mut [u32]) {
        let (first, none) = (self.first.as_slice(), self.first.len() - 1);
        let pairs = keys.iter().zip(out);
        // The same loop three times: what differs is inside of it.
        match &self.places {
            Places::Direct { low } => pairs.for_each(|(key, out)| *out = first[direct(*key, *low, none)]),
            Places::Ranked { low, words, ranks } => {
                pairs.for_each(|(key, out)| *out = first[ranked(*key, *low, words, ranks, none)]);
            }
            places @ Places::Hashed(_) => pairs.for_each(|(key, out)| *out = first[places.of(*key, none)]),
        }
    }

    /// The next row with the same key, plus one; zero after the last.
    #[inline]
    pub(crate) fn next(&self, row: u32) -> u32 {
        self.next.get(row as usize).copied().unwrap_or(0)
    }
}

/// The places of keys, and how many there are.
fn places(lane: &Lane) -> (Places, usize) {
    let Some((low, span)) = bounds(lane) else { return (Places::Direct { low: 0 }, 0) };
    if span <= PLACES_PER_KEY * lane.len() as u64 + FEW_PLACES {
        return (Places::Direct { low }, span as usize);
    }
    if !is_dense(span, lane.len()) {
        let mut numbers = Numbers::new();
        lane.non_null_values_iter().for_each(|key| _ = numbers.number(key as u64));
        let count = numbers.len();
        return (Places::Hashed(numbers), count);
    }
    let words = bits(lane, low, span);
    let mut count = 0;
    let ranks = words
        .iter()
        .map(|word| {
            let before = count;
            count += word.count_ones();
            before
        })
        .collect();
    (Places::Ranked { low, words, ranks }, count as usize)
}
