//! What a dropped Parquet file claims to hold, looked at before memory is taken for it.
//!
//! Decoders take the memory that a page's header asks for and only then look at the page: seven bytes can ask for gigabytes, and
//! in the browser that ends the worker. So the headers are read here first, by a reader that takes no memory, and a claim that
//! no page can keep is damage. Source of the format: `parquet.thrift` (<https://github.com/apache/parquet-format>), in Thrift's
//! compact protocol.

use std::ops::Range;

use almanac_model::{Diagnostic, Type};
use bytes::Bytes;
use parquet::basic::{Compression, Type as Physical};
use parquet::file::metadata::ColumnChunkMetaData;

use super::parquet::{Footer, damaged};
use super::thrift::Compact;

/// Bytes a page may unpack to whatever its size: smaller claims harm nobody.
const HARMLESS: u64 = 1 << 20;

/// Looks at the claims of a whole file. `width` is how many bytes a value of a type takes in memory.
///
/// # Errors
/// `over-budget` when its values take more than `budget` bytes, `damaged-file` when the claims cannot be true.
pub(crate) fn check(
    path: &str,
    bytes: &Bytes,
    footer: &Footer,
    budget: u64,
    width: impl Fn(Type) -> u64,
) -> Result<(), Diagnostic> {
    let row: u64 = footer.columns.iter().map(|(_, ty)| width(*ty)).sum();
    let mut needed = row.saturating_mul(footer.rows());
    for group in footer.metadata().row_groups() {
        for chunk in group.columns() {
            let range =
                place(chunk, bytes.len()).ok_or_else(|| lies(path, chunk, "a page", "lies outside the file"))?;
            let unpacked = pages(path, &bytes[range], chunk, budget)?;
            // The values of other types are counted by their number.
            let texts = if chunk.column_type() == Physical::BYTE_ARRAY { unpacked } else { 0 };
            needed = needed.saturating_add(texts).max(unpacked);
        }
    }
    if needed > budget { Err(over_budget(path, needed, budget)) } else { Ok(()) }
}

/// A file whose values are too many for the memory there may be.
pub(super) fn over_budget(path: &str, needed: u64, budget: u64) -> Diagnostic {
    let text =
        format!("`{path}` holds about {} MiB of values, more than the {} MiB allowed", needed >> 20, budget >> 20);
    Diagnostic::error_without_place("over-budget", text).hint("export fewer rows or columns")
}

fn lies(path: &str, chunk: &ColumnChunkMetaData, who: &str, what: &str) -> Diagnostic {
    damaged(path, format_args!("{who} of column `{}` {what}", chunk.column_path().string()))
}

/// The bytes that the pages of a chunk, one behind the other, claim to unpack to; stops once they are more than `enough`.
///
/// # Errors
/// A claim that cannot be true.
pub(super) fn pages(path: &str, mut rest: &[u8], chunk: &ColumnChunkMetaData, enough: u64) -> Result<u64, Diagnostic> {
    let lies = |what: &str| lies(path, chunk, "a page", what);
    let mut total = 0_u64;
    // Behind the last page may lie anything: what is no header ends the look, and the decoder tells whether pages are missing.
    while let Some((header, length)) = PageHeader::read(rest).filter(|_| total <= enough) {
        let packed = usize::try_from(header.packed).map_err(|_| lies("has a negative size"))?;
        let unpacked = u64::try_from(header.unpacked).map_err(|_| lies("has a negative size"))?;
        if unpacked > most_of(packed.min(rest.len()) as u64, chunk.compression()) {
            return Err(lies(&format!("of {packed} bytes claims to unpack to {unpacked}")));
        }
        // An entry of a dictionary takes a byte at least.
        if u64::try_from(header.entries).map_or(true, |entries| entries > unpacked.saturating_add(1)) {
            return Err(lies(&format!("of {unpacked} bytes claims to hold {} values", header.entries)));
        }
        if header.levels > i64::from(i32::MAX) {
            return Err(lies("claims more levels than bytes"));
        }
        total = total.saturating_add(unpacked);
        rest = length.checked_add(packed).and_then(|next| rest.get(next..)).unwrap_or_default();
    }
    Ok(total)
}

/// Where a chunk lies in a file of `len` bytes.
fn place(chunk: &ColumnChunkMetaData, len: usize) -> Option<Range<usize>> {
    let start = chunk.dictionary_page_offset().filter(|offset| *offset > 0).unwrap_or_else(|| chunk.data_page_offset());
    let (start, size) = (usize::try_from(start).ok()?, usize::try_from(chunk.compressed_size()).ok()?);
    let end = start.checked_add(size)?;
    (end <= len).then_some(start..end)
}

/// The most bytes that so many packed ones can hold.
fn most_of(packed: u64, codec: Compression) -> u64 {
    let times = match codec {
        Compression::UNCOMPRESSED => 1,
        // A copy of up to 64 bytes takes two.
        Compression::SNAPPY => 32,
        // A byte of a length stands for 255.
        Compression::LZ4 | Compression::LZ4_RAW => 255,
        // 258 bytes in two bits.
        Compression::GZIP(_) => 1_032,
        // A block of 128 KiB of one byte takes four.
        _ => 32_768,
    };
    packed.saturating_mul(times).saturating_add(HARMLESS)
}

/// What a page's header claims: fields 2 and 3 of `PageHeader`; of its field 7, a `DictionaryPageHeader`, the values; of its field 8,
/// a `DataPageHeaderV2`, the bytes of levels.
#[derive(Debug, Default)]
struct PageHeader {
    unpacked: i64,
    packed: i64,
    entries: i64,
    levels: i64,
}

/// Field 1 of a structure, and the sum of its fields 5 and 6; passes over the others.
fn numbers(reader: &mut Compact<'_>) -> Option<(i64, i64)> {
    let (mut first, mut levels) = (0, 0_i64);
    let mut field = (0, 0);
    loop {
        field = reader.field(field.0)?;
        match field {
            (_, 0) => return Some((first, levels)),
            (1, _) => first = reader.number()?,
            (5 | 6, _) => levels = levels.checked_add(reader.number()?)?,
            (_, kind) => reader.skip(kind)?,
        }
    }
}

impl PageHeader {
    /// The header at the start of these bytes, and its length.
    fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Compact::new(bytes);
        let mut header = Self::default();
        let mut field = (0, 0);
        loop {
            field = reader.field(field.0)?;
            match field {
                (_, 0) => return Some((header, reader.at)),
                (2, _) => header.unpacked = reader.number()?,
                (3, _) => header.packed = reader.number()?,
                (7, _) => header.entries = numbers(&mut reader)?.0,
                (8, _) => header.levels = numbers(&mut reader)?.1,
                (_, kind) => reader.skip(kind)?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_the_rest_is_passed_over() {
        // A data page of 300 bytes in 9: type 0, sizes, checksum, a data page header with statistics.
        let bytes = [
            0x15, 0, 0x15, 0xd8, 4, 0x15, 18, 0x15, 2, 0x1c, 0x15, 8, 0x15, 0, 0x15, 6, 0x15, 6, 0x1c, 0x18, 1, 7, 0,
            0, 0, 99,
        ];
        let (header, length) = PageHeader::read(&bytes).expect("a header");
        assert_eq!((header.unpacked, header.packed, length), (300, 9, bytes.len() - 1));
        for cut in 0..bytes.len() - 1 {
            assert!(PageHeader::read(&bytes[..cut]).is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn what_does_not_end_is_refused() {
        // A list of 2^63 elements, structures in structures, a number without end.
        for bytes in [&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f][..], &[0x1c; 99], &[0xff; 99]]
        {
            assert!(PageHeader::read(bytes).is_none());
        }
    }
}
