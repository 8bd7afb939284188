//! Encoded values, looked at before a decoder is let at them.
//!
//! Decoders take some of what a page says on trust: they reserve the memory a header asks for, cut their bytes where lengths say,
//! and panic where that cannot be. What they trust is checked here, in one pass over lengths and runs, not over values.
//! Source: <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

use std::ops::RangeInclusive;

/// A check's outcome; an error says what the page does.
pub(super) type Verdict<T = ()> = Result<T, &'static str>;

/// Values of a block of deltas, at most; writers use 128 or 256.
const LARGEST_BLOCK: u64 = 1 << 20;
const ENDS: &str = "ends too early";
const LENGTH: &str = "has a value of a length that its column does not allow";

/// A number of up to 64 bits, and the bytes behind it.
fn varint(bytes: &mut &[u8]) -> Verdict<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(ENDS)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Ok(number);
        }
    }
    Err("has a number without end")
}

fn zigzag(bytes: &mut &[u8]) -> Verdict<i32> {
    let number = varint(bytes)?;
    i32::try_from((number >> 1) as i64 ^ -((number & 1) as i64)).map_err(|_| "has a length out of range")
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Verdict<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(ENDS)?;
    *bytes = rest;
    Ok(taken)
}

/// The `at`-th number of `width` bits, up to 32, of packed ones.
fn unpacked(packed: &[u8], at: usize, width: u8) -> u32 {
    let bit = at * usize::from(width);
    let mut number = 0_u64;
    for (place, byte) in packed.iter().skip(bit / 8).take(5).enumerate() {
        number |= u64::from(*byte) << (8 * place);
    }
    (number >> (bit % 8) & ((1_u64 << width) - 1)) as u32
}

/// Passes over `count` numbers of `width` bits in runs; tells `same` the number and length of each run of equals, and `packed` the
/// bytes and length of each other. A last run may be longer than what is left, as writers fill it up.
fn runs(
    mut bytes: &[u8],
    width: u8,
    count: usize,
    mut same: impl FnMut(u32, usize) -> Verdict,
    mut packed: impl FnMut(&[u8], usize) -> Verdict,
) -> Verdict {
    let mut left = count;
    while left > 0 {
        let head = varint(&mut bytes)?;
        let length = usize::try_from(head >> 1).unwrap_or(usize::MAX);
        if head & 1 == 0 {
            let value = take(&mut bytes, usize::from(width).div_ceil(8))?;
            let length = length.min(left);
            left -= length;
            same(value.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)), length)?;
        } else {
            let all = length.saturating_mul(8);
            let length = all.min(left);
            left -= length;
            let needed = length.saturating_mul(usize::from(width)).div_ceil(8);
            let whole = all.saturating_mul(usize::from(width)) / 8;
            let value = bytes.get(..needed).ok_or(ENDS)?;
            packed(value, length)?;
            bytes = bytes.get(whole..).unwrap_or_default();
        }
    }
    Ok(())
}

/// Definition levels of `count` values of a column that is not nested: how many are not NULL.
pub(super) fn present(bytes: &[u8], count: usize) -> Verdict<usize> {
    let mut present = 0;
    let same = std::cell::Cell::new(0);
    runs(
        bytes,
        1,
        count,
        |level, length| match level {
            0 => Ok(()),
            1 => {
                same.set(same.get() + length);
                Ok(())
            }
            _ => Err("has a level that its column does not have"),
        },
        |packed, length| {
            present += ones(packed, length);
            Ok(())
        },
    )?;
    Ok(present + same.get())
}

/// The first `count` bits that are set.
pub(super) fn ones(packed: &[u8], count: usize) -> usize {
    let whole: u32 = packed.iter().take(count / 8).map(|byte| byte.count_ones()).sum();
    let rest = packed.get(count / 8).map_or(0, |byte| (byte & ((1 << (count % 8)) - 1)).count_ones());
    (whole + rest) as usize
}

/// Indices of `count` values into a dictionary of so many entries; the first byte is their width.
pub(super) fn indices(bytes: &[u8], count: usize, entries: usize) -> Verdict {
    let (width, bytes) = bytes.split_first().ok_or(ENDS)?;
    if *width > 32 {
        return Err("has indices of more than 32 bits");
    }
    let within = |index: u32| {
        if (index as usize) < entries { Ok(()) } else { Err("refers to values that its dictionary does not have") }
    };
    runs(
        bytes,
        *width,
        count,
        |index, length| if length == 0 { Ok(()) } else { within(index) },
        |packed, length| (0..length).try_for_each(|at| within(unpacked(packed, at, *width))),
    )
}

/// `count` texts, each behind its length.
pub(super) fn texts(mut bytes: &[u8], count: usize, lengths: RangeInclusive<usize>) -> Verdict {
    for _ in 0..count {
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or(ENDS)?;
        let length = u32::from_le_bytes(*length) as usize;
        if !lengths.contains(&length) {
            return Err(LENGTH);
        }
        bytes = rest.get(length..).ok_or(ENDS)?;
    }
    Ok(())
}

/// The head of numbers kept as differences: values of a block, its parts, values in all.
pub(super) fn delta_head(bytes: &mut &[u8]) -> Verdict<(usize, usize, usize)> {
    let (block, parts, count) = (varint(bytes)?, varint(bytes)?, varint(bytes)?);
    let even = block > 0 && block % 128 == 0 && parts > 0 && block % parts == 0 && (block / parts) % 32 == 0;
    if !even || block > LARGEST_BLOCK {
        return Err("has blocks of no allowed size");
    }
    Ok((block as usize, parts as usize, usize::try_from(count).unwrap_or(usize::MAX)))
}

/// Lengths kept as differences, at most `most` of them; leaves the bytes behind them.
pub(super) fn lengths(bytes: &mut &[u8], most: usize) -> Verdict<Vec<u32>> {
    let (block, parts, count) = delta_head(bytes)?;
    if count > most {
        return Err("claims more values than it has rows");
    }
    let mut last = zigzag(bytes)?;
    let mut out = Vec::with_capacity(count);
    let mut push = |length: i32| {
        out.push(u32::try_from(length).map_err(|_| "has a negative length")?);
        Ok::<_, &'static str>(())
    };
    let mut left = count;
    if left > 0 {
        push(last)?;
        left -= 1;
    }
    while left > 0 {
        let least = zigzag(bytes)?;
        for width in take(bytes, parts)? {
            if left == 0 {
                break;
            }
            if *width > 32 {
                return Err("has lengths of more than 32 bits");
            }
            let part = block / parts;
            let packed = take(bytes, usize::from(*width) * part / 8)?;
            for at in 0..part.min(left) {
                last = last.wrapping_add(least).wrapping_add(unpacked(packed, at, *width).cast_signed());
                push(last)?;
            }
            left -= part.min(left);
        }
    }
    Ok(out)
}

/// Texts behind all their lengths. Each must begin with a whole letter, so that they are valid one by one if all together are.
pub(super) fn delta_texts(mut bytes: &[u8], most: usize, allowed: RangeInclusive<usize>) -> Verdict {
    for length in lengths(&mut bytes, most)? {
        let text = take(&mut bytes, length as usize)?;
        if !allowed.contains(&text.len()) {
            return Err(LENGTH);
        }
        begins_whole(text)?;
    }
    Ok(())
}

/// Texts that share beginnings with the one before: all together they may take `room` bytes.
pub(super) fn shared_texts(mut bytes: &[u8], most: usize, allowed: RangeInclusive<usize>, room: u64) -> Verdict {
    let shared = lengths(&mut bytes, most)?;
    let own = lengths(&mut bytes, most)?;
    if shared.len() != own.len() {
        return Err("has beginnings without ends");
    }
    let (mut before, mut all) = (0, 0_u64);
    for (shared, own) in shared.into_iter().zip(own) {
        if shared > before {
            return Err("shares more of a value than there is");
        }
        let text = take(&mut bytes, own as usize)?;
        if shared == 0 {
            begins_whole(text)?;
        }
        before = shared.checked_add(own).ok_or(LENGTH)?;
        all += u64::from(before);
        if !allowed.contains(&(before as usize)) || all > room {
            return Err(LENGTH);
        }
    }
    Ok(())
}

fn begins_whole(text: &[u8]) -> Verdict {
    match text.first() {
        Some(byte) if byte & 0xc0 == 0x80 => Err("has a text that is cut within a letter"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_counted() {
        // Five equal ones, then eight packed.
        assert_eq!(present(&[10, 1, 3, 0b1010_0101], 13), Ok(9));
        assert_eq!(present(&[10, 1, 3, 0b1010_0101], 8), Ok(7));
        assert_eq!(present(&[10, 1, 3], 13), Err(ENDS));
        assert_eq!(present(&[10, 2], 5), Err("has a level that its column does not have"));
        // A packed run of 2^60 groups in one byte.
        assert_eq!(present(&[255, 255, 255, 255, 255, 255, 255, 255, 31, 1], 99), Err(ENDS));
    }

    #[test]
    fn indices_stay_within_the_dictionary() {
        // Width 3: the numbers 0 to 7 packed, as the format's own example has them.
        let eight = [3, 3, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(indices(&eight, 8, 8), Ok(()));
        assert!(indices(&eight, 8, 7).is_err());
        assert_eq!(indices(&eight, 7, 7), Ok(()));
        assert!(indices(&[33, 3, 0], 1, 8).is_err());
        assert!(indices(&[], 1, 8).is_err());
    }

    #[test]
    fn lengths_come_from_differences() {
        // Blocks of 128 in 4 parts; 5 values from 7 on: 7, 5, 3, 1, 2 is the format's second example: least delta -2, then 0 0 0 3.
        let mut bytes: &[u8] = &[0x80, 1, 4, 5, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0, 0, 0, 0, 0, 0, 0, 99];
        assert_eq!(lengths(&mut bytes, 5), Ok(vec![7, 5, 3, 1, 2]));
        assert_eq!(bytes, [99]);
        assert!(lengths(&mut &[0x80, 1, 4, 6, 14][..], 5).is_err(), "more than there are rows");
        assert!(lengths(&mut &[0x80, 1, 0, 5, 14][..], 5).is_err(), "no parts");
        assert!(lengths(&mut &[0x80, 1, 4, 1, 1][..], 5).is_err(), "a negative length");
    }

    #[test]
    fn shared_beginnings_are_bounded() {
        // Two texts: "ab", then all of it once more.
        let ab = [0x80, 1, 4, 2, 0, 4, 0, 0, 0, 0, 0x80, 1, 4, 2, 4, 3, 0, 0, 0, 0, b'a', b'b'];
        assert_eq!(shared_texts(&ab, 2, 0..=99, 4), Ok(()));
        assert!(shared_texts(&ab, 2, 0..=99, 3).is_err());
        assert!(shared_texts(&ab, 2, 0..=1, 99).is_err());
        assert_eq!(delta_texts(&[0x80, 1, 4, 1, 2, 0x80], 1, 0..=9), Err("has a text that is cut within a letter"));
        assert_eq!(texts(&[1, 0, 0, 0, b'x', 255, 255, 255, 255], 1, 1..=1), Ok(()));
        assert_eq!(texts(&[9, 0, 0, 0, b'x'], 1, 0..=9), Err(ENDS));
    }
}
