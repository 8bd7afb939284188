//! A hash table of 64-bit keys that numbers them in order of first appearance.
//!
//! Slots are four bytes and hold a number; the keys lie one after the other. With a million and a half groups that is 20 MB where
//! a general table takes three times as much: what counts here is how many cache lines a row touches.

/// Numbers of keys.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// A key's number plus one; zero where there is none. Always a power of two, at most half of it in use.
    slots: Vec<u32>,
    keys: Vec<u64>,
    shift: u32,
}

/// Slots at the start.
const FIRST_BITS: u32 = 10;

impl Numbers {
    pub(crate) fn new() -> Self {
        Self { slots: vec![0; 1 << FIRST_BITS], keys: Vec::new(), shift: u64::BITS - FIRST_BITS }
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key's number; the next free one when it is new.
    #[inline]
    pub(crate) fn number(&mut self, key: u64) -> u32 {
        let mask = self.slots.len() - 1;
        let mut place = self.place(key);
        loop {
            match self.slots[place] {
                0 => return self.add(key, place),
                number if self.keys[number as usize - 1] == key => return number - 1,
                _ => place = (place + 1) & mask,
            }
        }
    }

    /// The key's number, if it has one.
    #[inline]
    pub(crate) fn find(&self, key: u64) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut place = self.place(key);
        loop {
            match self.slots[place] {
                0 => return None,
                number if self.keys[number as usize - 1] == key => return Some(number - 1),
                _ => place = (place + 1) & mask,
            }
        }
    }

    /// Fibonacci hashing (D. Knuth, The Art of Computer Programming, volume 3, 6.4): the upper bits of the product depend on all
    /// bits of the key, and keys in a row spread evenly.
    #[inline]
    fn place(&self, key: u64) -> usize {
        // The upper half first goes into the lower: doubles of whole numbers differ in their upper bits alone.
        ((key ^ key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    #[cold]
    fn grow(&mut self) {
        self.shift -= 2;
        self.slots = vec![0; 1 << (u64::BITS - self.shift)];
        let mask = self.slots.len() - 1;
        for number in 0..self.keys.len() {
            let mut place = self.place(self.keys[number]);
            while self.slots[place] != 0 {
                place = (place + 1) & mask;
            }
            self.slots[place] = number as u32 + 1;
        }
    }

    fn add(&mut self, key: u64, place: usize) -> u32 {
        self.keys.push(key);
        self.slots[place] = self.keys.len() as u32;
        if self.keys.len() * 2 > self.slots.len() {
            self.grow();
        }
        self.keys.len() as u32 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn keys_are_numbered_as_they_come() {
        let mut numbers = Numbers::new();
        assert_eq!([7, 0, 7, u64::MAX, 0].map(|key| numbers.number(key)), [0, 1, 0, 2, 1]);
        assert_eq!(numbers.len(), 3);
    }

    #[test]
    fn a_hundred_thousand_keys_of_any_shape_agree_with_the_standard_table() {
        let shapes: [fn(u64) -> u64; 4] = [
            |n| n,
            |n| n << 40,
            |n| (n as f64).to_bits(),
            |n| n.wrapping_mul(0x5851_F42D_4C95_7F2D).rotate_left(17) % 30_000,
        ];
        for shape in shapes {
            let (mut numbers, mut known) = (Numbers::new(), HashMap::new());
            for n in 0..100_000_u64 {
                let key = shape(n % 70_000);
                let next = known.len() as u32;
                assert_eq!(numbers.find(key), known.get(&key).copied(), "{key}");
                assert_eq!(numbers.number(key), *known.entry(key).or_insert(next), "{key}");
            }
            assert_eq!(numbers.len(), known.len());
        }
    }
}
