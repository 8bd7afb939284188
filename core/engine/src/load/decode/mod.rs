//! Values out of the pages of a Parquet column chunk, straight to where they stay. No I/O of its own, no Arrow arrays between.
//!
//! Whatever the bytes say, the answer is values or a [`Flaw`]: lengths are checked before they are believed, and no memory is taken
//! for what a page cannot hold. Source of all formats: <https://parquet.apache.org/docs/file-format/data-pages/encodings/> and
//! `parquet.thrift`.

mod codec;
mod delta;
pub(super) mod header;
mod hybrid;
mod numbers;
mod page;
mod texts;

pub(super) use codec::most_of;
pub(super) use numbers::Stored;
pub(super) use page::{Chunk, Scratch};

/// Why values cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The bytes are not what the format says.
    Damaged(String),
    /// A value that the column's type does not hold.
    Unfit(String),
    /// More bytes than there is room for.
    OverBudget(u64),
    /// No memory for so many bytes.
    NoMemory(usize),
}

impl Flaw {
    fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

type Outcome<T> = Result<T, Flaw>;

/// The first bytes of a slice, which go; an error when there are fewer.
fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Outcome<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(count).ok_or_else(|| Flaw::damaged("a page ends too early"))?;
    *bytes = rest;
    Ok(head)
}

/// A number of up to 64 bits, seven to a byte.
fn varint(bytes: &mut &[u8]) -> Outcome<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(Flaw::damaged("a number in a page does not end"))
}

/// A count that another number of the page announces.
fn length(bytes: &mut &[u8]) -> Outcome<usize> {
    let head = take(bytes, 4)?.first_chunk().map_or(0, |head| u32::from_le_bytes(*head));
    usize::try_from(head).map_err(|_| Flaw::damaged("a page announces more than it holds"))
}

/// Memory for so many more values, or a flaw.
fn reserve<T>(values: &mut Vec<T>, more: usize) -> Outcome<()> {
    values.try_reserve_exact(more).map_err(|_| Flaw::NoMemory(more.saturating_mul(size_of::<T>())))
}
