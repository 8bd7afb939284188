//! What a browser keeps of a site: which bytes stand where in one large file, under whose name, and what goes when there is no
//! room. Only the bookkeeping: the worker reads and writes the file.
//!
//! **Invariant:** nothing here is trusted: a place may have been overwritten since the index was last written, so every entry
//! carries a checksum of its bytes, and one that does not match is as good as none.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// The index.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Kept {
    /// Most bytes that are kept.
    #[serde(skip)]
    limit: u64,
    /// Grows with each use: what was used longest ago goes first.
    clock: u64,
    /// By name.
    entries: BTreeMap<String, Named>,
}

/// What is kept under one name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Named {
    /// The hash of the file, or whatever else says that it is another one now.
    version: String,
    /// Parts, by where they begin in the file.
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Part {
    /// Which bytes of the file.
    of: Range<u64>,
    /// Where they stand in the store.
    place: u64,
    sum: u64,
    used: u64,
}

/// Bytes of the store that belong to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Which bytes of the file they are.
    pub of: Range<u64>,
    /// Where they stand in the store.
    pub place: u64,
    /// Their [`checksum`].
    pub sum: u64,
}

impl Kept {
    /// The index as it was last written; an empty one when that is damaged.
    #[must_use]
    pub fn read(bytes: &[u8], limit: u64) -> Self {
        let (head, body) = bytes.split_at(bytes.len().min(8));
        let whole = head.try_into().is_ok_and(|sum: [u8; 8]| u64::from_le_bytes(sum) == checksum(body));
        let kept: Option<Self> = whole.then(|| serde_json::from_slice(body).ok()).flatten();
        let mut kept = kept.unwrap_or_default();
        kept.limit = limit;
        kept.make_room(0);
        kept
    }

    /// The index as it is to be written.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let body = serde_json::to_vec(self).unwrap_or_default();
        [checksum(&body).to_le_bytes().as_slice(), &body].concat()
    }

    /// Sets how much may be kept; what is too much goes.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
        self.make_room(0);
    }

    /// Bytes that are kept.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.parts().map(|part| part.of.end - part.of.start).sum()
    }

    /// Names and bytes of all that is kept, in order of name.
    #[must_use]
    pub fn names(&self) -> Vec<(String, u64)> {
        let size = |named: &Named| named.parts.iter().map(|part| part.of.end - part.of.start).sum();
        self.entries.iter().map(|(name, named)| (name.clone(), size(named))).collect()
    }

    /// Where the bytes `of` a file of that version stand, in order and without gaps; `None` when some are not kept.
    pub fn find(&mut self, name: &str, version: &str, of: &Range<u64>) -> Option<Vec<Stored>> {
        self.clock += 1;
        let clock = self.clock;
        let named = self.entries.get_mut(name).filter(|named| named.version == version)?;
        let mut found = Vec::new();
        let mut from = of.start;
        while from < of.end {
            // Of parts that overlap, the one that reaches farthest.
            let part = named
                .parts
                .iter_mut()
                .filter(|part| part.of.start <= from && part.of.end > from)
                .max_by_key(|part| part.of.end)?;
            part.used = clock;
            from = part.of.end;
            found.push(Stored { of: part.of.clone(), place: part.place, sum: part.sum });
        }
        Some(found)
    }

    /// Whether the bytes `of` a file of that version are kept.
    #[must_use]
    pub fn has(&self, name: &str, version: &str, of: &Range<u64>) -> bool {
        let Some(named) = self.entries.get(name).filter(|named| named.version == version) else { return false };
        let mut from = of.start;
        while from < of.end {
            let reaches = named.parts.iter().filter(|part| part.of.start <= from && part.of.end > from);
            let Some(end) = reaches.map(|part| part.of.end).max() else { return false };
            from = end;
        }
        true
    }

    /// Makes room for bytes of a file, and says where they are to be written; `None` when they are more than may be kept.
    pub fn put(&mut self, name: &str, version: &str, of: &Range<u64>, sum: u64) -> Option<u64> {
        let length = of.end.checked_sub(of.start).filter(|length| *length > 0 && *length <= self.limit)?;
        let named = self.entries.entry(name.to_owned()).or_default();
        if named.version != version {
            *named = Named { version: version.to_owned(), parts: Vec::new() };
        }
        named.parts.retain(|part| part.of.start < of.start || part.of.end > of.end);
        self.clock += 1;
        self.make_room(length);
        let place = self.gap(length)?;
        let part = Part { of: of.clone(), place, sum, used: self.clock };
        self.entries.get_mut(name)?.parts.push(part);
        Some(place)
    }

    /// Forgets what is kept under a name.
    pub fn forget(&mut self, name: &str) {
        self.entries.remove(name);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Forgets every name that is not wanted any more; `wanted` says of a name which version still counts.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> Option<String>) {
        self.entries.retain(|name, named| wanted(name).is_none_or(|version| version == named.version));
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.entries.values().flat_map(|named| &named.parts)
    }

    /// Lets go of what was used longest ago until so many bytes more fit.
    fn make_room(&mut self, more: u64) {
        let mut bytes = self.bytes();
        while bytes + more > self.limit && self.parts().next().is_some() {
            bytes -= self.drop_oldest();
        }
        self.entries.retain(|_, named| !named.parts.is_empty() || more > 0);
    }

    fn drop_oldest(&mut self) -> u64 {
        let oldest = self.parts().map(|part| part.used).min().unwrap_or(0);
        let mut dropped = 0;
        for named in self.entries.values_mut() {
            named.parts.retain(|part| {
                let stays = part.used != oldest;
                dropped += if stays { 0 } else { part.of.end - part.of.start };
                stays
            });
        }
        dropped
    }

    /// The first place of the store with so many free bytes. The store may grow to twice the limit, so that there always is one
    /// unless what is kept is badly scattered; then the oldest goes.
    fn gap(&mut self, length: u64) -> Option<u64> {
        loop {
            let mut taken: Vec<Range<u64>> =
                self.parts().map(|part| part.place..part.place + (part.of.end - part.of.start)).collect();
            taken.sort_by_key(|range| range.start);
            let mut place = 0;
            for range in &taken {
                if range.start.saturating_sub(place) >= length {
                    break;
                }
                place = place.max(range.end);
            }
            if place + length <= 2 * self.limit {
                return Some(place);
            }
            if taken.is_empty() {
                return None;
            }
            self.drop_oldest();
        }
    }
}

/// Tells damaged bytes from whole ones, fast: 8 bytes at a time in four lanes, each mixed as FNV-1a mixes single bytes. Not for
/// secrets.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |lane: u64, word: u64| (lane ^ word).wrapping_mul(PRIME).rotate_left(29);
    let mut lanes = [1_u64, 2, 3, 4];
    let (blocks, rest) = bytes.as_chunks::<32>();
    for block in blocks {
        let (words, _) = block.as_chunks::<8>();
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = mix(*lane, u64::from_le_bytes(*word));
        }
    }
    let last = rest.iter().fold(bytes.len() as u64, |hash, byte| mix(hash, u64::from(*byte)));
    lanes.iter().fold(last, |hash, lane| mix(hash, *lane))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_found_whole_and_in_parts() {
        let mut kept = Kept::read(&[], 1_000);
        assert_eq!(kept.put("a", "1", &(100..200), 7), Some(0));
        assert_eq!(kept.put("a", "1", &(200..250), 8), Some(100));
        let found = kept.find("a", "1", &(150..220)).expect("kept");
        assert_eq!(found, [Stored { of: 100..200, place: 0, sum: 7 }, Stored { of: 200..250, place: 100, sum: 8 },]);
        for (name, version, of) in [("a", "1", 90..110), ("a", "1", 240..251), ("a", "2", 100..110), ("b", "1", 0..1)] {
            assert!(!kept.has(name, version, &of));
            assert_eq!(kept.find(name, version, &of), None);
        }
        assert!(kept.has("a", "1", &(150..220)) && kept.has("a", "1", &(100..250)));
        let back = Kept::read(&kept.write(), 1_000);
        assert_eq!((back.names(), back.bytes()), (vec![("a".to_owned(), 150)], 150));
    }

    #[test]
    fn a_damaged_index_is_an_empty_one() {
        let mut kept = Kept::read(&[], 1_000);
        kept.put("a", "1", &(0..10), 7);
        let written = kept.write();
        for at in 0..written.len() {
            let mut copy = written.clone();
            copy[at] ^= 0x20;
            assert_eq!(Kept::read(&copy, 1_000).bytes(), 0, "byte {at}");
            assert_eq!(Kept::read(&written[..at], 1_000).bytes(), 0);
        }
    }

    #[test]
    fn the_oldest_goes_first_and_places_do_not_overlap() {
        let mut kept = Kept::read(&[], 100);
        for n in 0..10_u64 {
            assert!(kept.put("a", "1", &(n * 10..n * 10 + 10), n).is_some());
        }
        assert!(kept.find("a", "1", &(0..10)).is_some());
        assert!(kept.put("b", "1", &(0..25), 1).is_some());
        assert!(kept.find("a", "1", &(0..10)).is_some(), "used a moment ago");
        assert!(kept.find("a", "1", &(10..20)).is_none(), "the oldest");
        assert_eq!(kept.put("c", "1", &(0..101), 1), None);
        // Sizes without a pattern: whatever is kept is within the limit, and no two parts share a byte of the store.
        let mut state = 1_u64;
        for n in 0..2_000_u64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let length = 1 + (state >> 40) % 30;
            assert!(kept.put(&format!("f{}", n % 7), "1", &(n..n + length), n).is_some());
            assert!(kept.bytes() <= 100);
            let mut places: Vec<_> = kept.parts().map(|part| (part.place, part.of.end - part.of.start)).collect();
            places.sort_unstable();
            assert!(places.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0));
            assert!(places.iter().all(|(place, length)| place + length <= 200));
        }
    }

    #[test]
    fn other_versions_are_forgotten() {
        let mut kept = Kept::read(&[], 100);
        kept.put("a", "1", &(0..10), 1);
        kept.put("b", "1", &(0..10), 1);
        kept.put("result", "9", &(0..10), 1);
        kept.keep(|name| (name != "result").then(|| if name == "a" { "2" } else { "1" }.to_owned()));
        assert_eq!(kept.names().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["b", "result"]);
        kept.put("b", "2", &(5..15), 1);
        assert_eq!(kept.bytes(), 20);
    }

    #[test]
    fn every_bit_counts() {
        let bytes: Vec<u8> = (0..100_u8).collect();
        let sum = checksum(&bytes);
        for at in 0..bytes.len() * 8 {
            let mut copy = bytes.clone();
            copy[at / 8] ^= 1 << (at % 8);
            assert_ne!(checksum(&copy), sum, "bit {at}");
        }
        assert_ne!(checksum(&[0; 32]), checksum(&[0; 64]));
        assert_ne!(checksum(&[]), checksum(&[0]));
    }
}
