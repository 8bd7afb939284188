//! Small numbers in runs: either one number many times, or many numbers of a few bits each. Dictionary places, definition levels
//! and truth values are stored so.

use super::{Flaw, Outcome, take, varint};

/// Numbers unpacked at a time.
const BLOCK: usize = 1024;
/// Bytes from which eight numbers of up to 32 bits are read, and some more.
const WINDOW: usize = 40;

/// Numbers in a row.
pub(super) enum Run<'a> {
    /// The same one so many times.
    Same(u32, usize),
    /// Several, packed.
    Packed(Packed<'a>),
}

/// Numbers of `width` bits each, the lowest bits first.
pub(super) struct Packed<'a> {
    /// Their bytes.
    pub(super) bytes: &'a [u8],
    width: u32,
    /// How many.
    pub(super) count: usize,
}

/// A sequence of runs.
pub(super) struct Hybrid<'a> {
    bytes: &'a [u8],
    width: u32,
    left: usize,
}

impl<'a> Hybrid<'a> {
    /// `count` numbers of `width` bits, 32 at most.
    pub(super) fn new(bytes: &'a [u8], width: u8, count: usize) -> Outcome<Self> {
        if width > 32 {
            return Err(Flaw::damaged(format!("numbers of {width} bits in a page")));
        }
        Ok(Self { bytes, width: u32::from(width), left: count })
    }

    /// The next run; `None` after the last number.
    pub(super) fn next_run(&mut self) -> Outcome<Option<Run<'a>>> {
        while self.left > 0 {
            // Of numbers without bits nothing need be stored.
            if self.width == 0 && self.bytes.is_empty() {
                return Ok(Some(Run::Same(0, std::mem::take(&mut self.left))));
            }
            let head = varint(&mut self.bytes)?;
            let count = usize::try_from(head >> 1).unwrap_or(usize::MAX);
            if head & 1 == 0 {
                let value = take(&mut self.bytes, self.width.div_ceil(8) as usize)?;
                let value = value.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
                let count = count.min(self.left);
                self.left -= count;
                if count > 0 {
                    return Ok(Some(Run::Same(value, count)));
                }
                continue;
            }
            let width = self.width as usize;
            let size = count.saturating_mul(width).min(self.bytes.len());
            let count = count.saturating_mul(8).min(self.left);
            let needed = count.checked_mul(width).map(|bits| bits.div_ceil(8));
            if needed.is_none_or(|needed| needed > size) {
                return Err(Flaw::damaged("packed numbers end too early"));
            }
            let bytes = take(&mut self.bytes, size)?;
            self.left -= count;
            if count > 0 {
                return Ok(Some(Run::Packed(Packed { bytes, width: self.width, count })));
            }
        }
        Ok(None)
    }

    /// Adds to `out` the dictionary's values that the numbers are places of.
    pub(super) fn gather<T: Copy>(mut self, dictionary: &[T], out: &mut Vec<T>) -> Outcome<()> {
        let outside = || Flaw::damaged(format!("a place outside its dictionary of {} values", dictionary.len()));
        let mut block = [0; BLOCK];
        while let Some(run) = self.next_run()? {
            match run {
                Run::Same(place, count) => {
                    let value = *dictionary.get(place as usize).ok_or_else(outside)?;
                    out.resize(out.len() + count, value);
                }
                Run::Packed(packed) => {
                    for from in (0..packed.count).step_by(BLOCK) {
                        let part = &mut block[..(packed.count - from).min(BLOCK)];
                        packed.unpack(from, part);
                        if !look_up(part, dictionary, out) {
                            return Err(outside());
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Adds the values at these places; `false` when one is outside.
///
/// Small and called for every block on purpose: a browser makes fast code of a function between two calls of it.
#[inline(never)]
fn look_up<T: Copy>(places: &[u32], dictionary: &[T], out: &mut Vec<T>) -> bool {
    let largest = places.iter().fold(0, |largest, place| largest.max(*place));
    if largest as usize >= dictionary.len() {
        return false;
    }
    out.extend(places.iter().map(|place| dictionary[*place as usize]));
    true
}

impl Packed<'_> {
    /// The numbers from `from` on, a multiple of eight, which are there.
    fn unpack(&self, from: usize, out: &mut [u32]) {
        let bytes = self.bytes.get(from / 8 * self.width as usize..).unwrap_or_default();
        match self.width {
            0 => out.fill(0),
            1..=8 => unpack::<8>(bytes, self.width, out),
            9..=16 => unpack::<4>(bytes, self.width, out),
            17..=28 => unpack::<2>(bytes, self.width, out),
            _ => unpack::<1>(bytes, self.width, out),
        }
    }
}

/// Unpacks `AT_ONCE` numbers from each eight bytes that are loaded.
#[inline(never)]
fn unpack<const AT_ONCE: usize>(bytes: &[u8], width: u32, out: &mut [u32]) {
    let mask = u64::MAX >> (64 - width);
    let mut rest = bytes;
    let mut last = [0; WINDOW];
    let mut group = |out: &mut [u32; 8]| {
        let window = match rest.first_chunk::<WINDOW>() {
            Some(window) => window,
            None => {
                last = [0; WINDOW];
                last[..rest.len()].copy_from_slice(rest);
                &last
            }
        };
        for (at, numbers) in out.as_chunks_mut::<AT_ONCE>().0.iter_mut().enumerate() {
            let bit = (at * AT_ONCE) as u32 * width;
            // Eight numbers of 32 bits begin below byte 32.
            let start = (bit >> 3 & 31) as usize;
            let mut word = [0; 8];
            word.copy_from_slice(&window[start..start + 8]);
            let mut word = u64::from_le_bytes(word) >> (bit & 7);
            for number in numbers {
                *number = (word & mask) as u32;
                word >>= width;
            }
        }
        rest = rest.get(width as usize..).unwrap_or_default();
    };
    let (groups, few) = out.as_chunks_mut::<8>();
    groups.iter_mut().for_each(&mut group);
    if !few.is_empty() {
        let mut whole = [0; 8];
        group(&mut whole);
        few.copy_from_slice(&whole[..few.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs numbers bit by bit, as the format tells it.
    fn packed(numbers: &[u32], width: u32) -> Vec<u8> {
        let mut bytes = vec![0; (numbers.len().div_ceil(8) * width as usize).max(1)];
        for (at, number) in numbers.iter().enumerate() {
            for bit in 0..width as usize {
                let place = at * width as usize + bit;
                bytes[place / 8] |= ((number >> bit & 1) as u8) << (place % 8);
            }
        }
        bytes
    }

    #[test]
    fn every_width_is_unpacked() {
        for width in 1..=32_u32 {
            for count in [1, 7, 8, 9, 100, 1_024, 1_999] {
                let mask = (u64::MAX >> (64 - width)) as u32;
                let numbers: Vec<u32> =
                    (0..count).map(|n| 0x9e37_79b9_u32.wrapping_mul(n).rotate_left(n % 31) & mask).collect();
                let bytes = packed(&numbers, width);
                let all = Packed { bytes: &bytes, width, count: numbers.len() };
                let mut out = vec![0; numbers.len()];
                all.unpack(0, &mut out);
                assert_eq!(out, numbers, "{width} bits");
                if numbers.len() > 16 {
                    let mut out = vec![0; numbers.len() - 16];
                    all.unpack(16, &mut out);
                    assert_eq!(out, numbers[16..], "{width} bits from the middle");
                }
            }
        }
    }

    #[test]
    fn runs_of_both_kinds_are_read() {
        // The format's own example: the numbers 0 to 7 of three bits are 88 C6 FA.
        let bytes = [3, 0x88, 0xc6, 0xfa, 8, 5];
        let mut out = Vec::new();
        let dictionary: Vec<u32> = (100..108).collect();
        Hybrid::new(&bytes, 3, 12).and_then(|runs| runs.gather(&dictionary, &mut out)).expect("reads");
        assert_eq!(out, [100, 101, 102, 103, 104, 105, 106, 107, 105, 105, 105, 105]);
    }

    #[test]
    fn what_is_too_short_or_outside_is_told() {
        let read = |bytes: &[u8], width, count, size: usize| {
            Hybrid::new(bytes, width, count).and_then(|runs| runs.gather(&vec![0_u8; size], &mut Vec::new()))
        };
        assert!(read(&[3, 0x88, 0xc6], 3, 8, 8).is_err(), "cut off");
        assert!(read(&[3, 0x88, 0xc6, 0xfa], 3, 9, 8).is_err(), "a number is missing");
        assert!(read(&[3, 0x88, 0xc6, 0xfa], 3, 8, 7).is_err(), "place 7 of 7 values");
        assert!(read(&[8, 9], 4, 4, 8).is_err(), "place 9 of 8 values");
        assert!(read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], 32, 9, 8).is_err(), "a huge run");
        assert!(read(&[], 33, 1, 1).is_err(), "too wide");
        assert!(read(&[], 0, 5, 1).is_ok(), "no bits");
        assert!(read(&[], 0, 5, 0).is_err(), "no dictionary");
    }
}
