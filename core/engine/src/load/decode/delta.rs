//! Whole numbers as differences, and texts whose lengths or common beginnings are stored so: `DELTA_BINARY_PACKED`,
//! `DELTA_LENGTH_BYTE_ARRAY` and `DELTA_BYTE_ARRAY`.

use super::texts::Spans;
use super::{Flaw, Outcome, reserve, take, varint};

/// Exactly `count` numbers; the bytes behind them are left.
pub(super) fn integers(bytes: &mut &[u8], count: usize, out: &mut Vec<i64>) -> Outcome<()> {
    let block = size(bytes)?;
    let parts = size(bytes)?;
    let announced = size(bytes)?;
    let mut number = zigzag(bytes)?;
    if announced != count || parts == 0 || block % parts != 0 || block / parts % 8 != 0 {
        return Err(Flaw::damaged(format!("{announced} differences where {count} are due")));
    }
    let in_part = block / parts;
    out.clear();
    reserve(out, count)?;
    if count > 0 {
        out.push(number);
    }
    while out.len() < count {
        let least = zigzag(bytes)?;
        let widths = take(bytes, parts)?;
        for width in widths {
            if out.len() >= count {
                break;
            }
            if *width > 64 {
                return Err(Flaw::damaged(format!("differences of {width} bits")));
            }
            let packed = take(bytes, (in_part / 8).saturating_mul(usize::from(*width)))?;
            for at in 0..in_part.min(count - out.len()) {
                number = number.wrapping_add(least).wrapping_add(bits(packed, at, u32::from(*width)).cast_signed());
                out.push(number);
            }
        }
    }
    Ok(())
}

/// The number of `width` bits at a place.
fn bits(packed: &[u8], at: usize, width: u32) -> u64 {
    if width == 0 {
        return 0;
    }
    let bit = at * width as usize;
    let mut word = [0; 16];
    let window = packed.get(bit / 8..).unwrap_or_default();
    let window = &window[..window.len().min(16)];
    word[..window.len()].copy_from_slice(window);
    (u128::from_le_bytes(word) >> (bit % 8)) as u64 & u64::MAX >> (64 - width)
}

fn size(bytes: &mut &[u8]) -> Outcome<usize> {
    usize::try_from(varint(bytes)?).map_err(|_| Flaw::damaged("a page announces more than it holds"))
}

fn zigzag(bytes: &mut &[u8]) -> Outcome<i64> {
    let number = varint(bytes)?;
    Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
}

/// Texts whose lengths come first. What is left of the bytes afterwards is the texts.
pub(super) fn after_lengths(bytes: &mut &[u8], count: usize, spans: &mut Spans) -> Outcome<()> {
    let mut lengths = Vec::new();
    integers(bytes, count, &mut lengths)?;
    spans.clear();
    reserve(spans, count)?;
    let mut start = 0_usize;
    for length in lengths {
        let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length));
        let end = end.filter(|end| *end <= bytes.len()).ok_or_else(|| Flaw::damaged("texts end too early"))?;
        spans.push((start as u32, (end - start) as u32));
        start = end;
    }
    Ok(())
}

/// Texts that begin as the one before; gives all of them, one behind the other. They may take `room` bytes.
pub(super) fn with_beginnings(mut bytes: &[u8], count: usize, room: u64, spans: &mut Spans) -> Outcome<Vec<u8>> {
    let mut shared = Vec::new();
    integers(&mut bytes, count, &mut shared)?;
    after_lengths(&mut bytes, count, spans)?;
    let mut all = Vec::new();
    let mut before = 0..0;
    for (shared, span) in shared.into_iter().zip(spans.iter_mut()) {
        let ending = &bytes[span.0 as usize..(span.0 + span.1) as usize];
        let shared = usize::try_from(shared).ok().filter(|shared| *shared <= before.len());
        let shared = shared.ok_or_else(|| Flaw::damaged("a text begins like more than there is"))?;
        let (start, length) = (all.len(), shared + ending.len());
        let end = (start + length) as u64;
        if end > room.min(u64::from(u32::MAX)) {
            return Err(Flaw::OverBudget(end));
        }
        all.try_reserve(length).map_err(|_| Flaw::NoMemory(start + length))?;
        all.extend_from_within(before.start..before.start + shared);
        all.extend_from_slice(ending);
        before = start..start + length;
        *span = (start as u32, length as u32);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_format_are_read() {
        // 1 to 5: blocks of 128 in 4 parts, 5 numbers from 1, differences of at least 1 in 0 bits.
        let mut out = Vec::new();
        let mut bytes = &[0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0, 9][..];
        integers(&mut bytes, 5, &mut out).expect("reads");
        assert_eq!((out.as_slice(), bytes), (&[1, 2, 3, 4, 5][..], &[9][..]));
        // 7 5 3 1 2 3 4 5: least difference -2, the others in 2 bits: 0 0 0 3 3 3 3.
        let mut bytes = vec![0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f];
        bytes.extend([0; 6]);
        integers(&mut bytes.as_slice(), 8, &mut out).expect("reads");
        assert_eq!(out, [7, 5, 3, 1, 2, 3, 4, 5]);
        for cut in 0..bytes.len() {
            assert!(integers(&mut &bytes[..cut], 8, &mut out).is_err(), "cut at {cut}");
        }
        assert!(integers(&mut bytes.as_slice(), 7, &mut out).is_err(), "another number of values");
    }

    #[test]
    fn beginnings_are_put_together() {
        // axis, axle, babble, babyhood: beginnings of 0 2 0 3 bytes; endings axis le babble yhood.
        let numbers = |first: u8, least: i8, packed: [u8; 8]| {
            let least = ((least << 1) ^ (least >> 7)) as u8;
            let mut bytes = vec![0x80, 1, 4, 4, first << 1, least, 2 + u8::from(packed[7] == 1), 0, 0, 0];
            bytes.extend(&packed[..]);
            bytes.extend(vec![0; if packed[7] == 1 { 4 } else { 0 }]);
            bytes
        };
        // Differences 2 -2 3 less -2: 4 0 5, in 3 bits; of lengths 4 2 6 5: -2 4 -1 less -2: 0 6 1.
        let beginnings = numbers(0, -2, [0x44, 1, 0, 0, 0, 0, 0, 1]);
        let lengths = numbers(4, -2, [0x70, 0, 0, 0, 0, 0, 0, 1]);
        let bytes = [beginnings, lengths, b"axislebabbleyhood".to_vec()].concat();
        let mut spans = Spans::new();
        let all = with_beginnings(&bytes, 4, 1 << 20, &mut spans).expect("reads");
        let texts: Vec<&[u8]> =
            spans.iter().map(|(start, length)| &all[*start as usize..(*start + *length) as usize]).collect();
        assert_eq!(texts, [&b"axis"[..], b"axle", b"babble", b"babyhood"]);
    }
}
