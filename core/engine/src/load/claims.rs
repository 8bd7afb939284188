//! What a dropped Parquet file claims to hold, looked at before memory is taken for it.
//!
//! Decoders take the memory that a page's header asks for and only then look at the page: seven bytes can ask for gigabytes, and
//! in the browser that ends the worker. So the headers are read here first, by a reader that takes no memory, and a claim that
//! no page can keep is damage. Source of the format: `parquet.thrift` (<https://github.com/apache/parquet-format>), in Thrift's
//! compact protocol.

use std::ops::Range;

use almanac_model::{Diagnostic, Type};
use bytes::Bytes;
use parquet::basic::Compression;
use parquet::file::metadata::ColumnChunkMetaData;

use super::parquet::{Footer, damaged};

/// Bytes a page may unpack to whatever its size: smaller claims harm nobody.
const HARMLESS: u64 = 1 << 20;
/// Most nested structures in a page's header; the format has three.
const DEEPEST: usize = 8;

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
    let metadata = footer.metadata().metadata();
    let of_groups: i64 = metadata.row_groups().iter().fold(0, |sum, group| group.num_rows().saturating_add(sum));
    if of_groups != metadata.file_metadata().num_rows() {
        return Err(damaged(path, "its row groups do not have as many rows as the file"));
    }
    let row: u64 = footer.columns.iter().map(|(_, ty)| width(*ty)).sum();
    let mut needed = row.saturating_mul(footer.rows());
    for group in metadata.row_groups() {
        for chunk in group.columns() {
            let unpacked = u64::try_from(chunk.uncompressed_size()).unwrap_or(0);
            // The values of other types are counted by their number.
            if chunk.column_type() == parquet::basic::Type::BYTE_ARRAY {
                needed = needed.saturating_add(unpacked);
            }
            needed = needed.max(pages(path, bytes, chunk, budget)?);
        }
    }
    if needed > budget {
        return Err(Diagnostic::error_without_place(
            "over-budget",
            format!("`{path}` holds about {} MiB of values, more than the {} MiB allowed", needed >> 20, budget >> 20),
        )
        .hint("export fewer rows or columns"));
    }
    Ok(())
}

/// The bytes that the pages of a chunk claim to unpack to; stops once they are more than `enough`.
fn pages(path: &str, bytes: &Bytes, chunk: &ColumnChunkMetaData, enough: u64) -> Result<u64, Diagnostic> {
    let lies = |what: &str| damaged(path, format_args!("a page of column `{}` {what}", chunk.column_path().string()));
    let range = place(chunk, bytes.len()).ok_or_else(|| lies("lies outside the file"))?;
    let mut rest = &bytes[range];
    let mut total = 0_u64;
    // Behind the last page may lie anything: what is no header ends the look, and the decoder tells whether pages are missing.
    while let Some((header, length)) = PageHeader::read(rest).filter(|_| total <= enough) {
        let packed = usize::try_from(header.packed).map_err(|_| lies("has a negative size"))?;
        let unpacked = u64::try_from(header.unpacked).map_err(|_| lies("has a negative size"))?;
        if unpacked > most_of(packed.min(bytes.len()) as u64, chunk.compression()) {
            return Err(lies(&format!("of {packed} bytes claims to unpack to {unpacked}")));
        }
        // An entry of a dictionary takes a byte at least.
        if u64::try_from(header.entries).map_or(true, |entries| entries > unpacked.saturating_add(1)) {
            return Err(lies(&format!("of {unpacked} bytes claims to hold {} values", header.entries)));
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

/// What a page's header claims: fields 2 and 3 of `PageHeader`, and field 1 of its `DictionaryPageHeader`, which is field 7.
#[derive(Debug, Default)]
struct PageHeader {
    unpacked: i64,
    packed: i64,
    entries: i64,
}

impl PageHeader {
    /// The header at the start of these bytes, and its length.
    fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Compact { bytes, at: 0 };
        let mut header = Self::default();
        let mut field = 0;
        loop {
            let head = reader.byte()?;
            if head == 0 {
                return Some((header, reader.at));
            }
            field = if head >> 4 == 0 { reader.number()? } else { field + i64::from(head >> 4) };
            match (field, head & 15) {
                (2, 4..=6) => header.unpacked = reader.number()?,
                (3, 4..=6) => header.packed = reader.number()?,
                (7, 12) => header.entries = reader.first_number()?,
                (_, kind) => reader.skip(kind, DEEPEST)?,
            }
        }
    }
}

/// Thrift's compact protocol, as much of it as skipping takes.
struct Compact<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn number(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The structure's first field, a whole number; passes over the others.
    fn first_number(&mut self) -> Option<i64> {
        let first = self.byte()?;
        let number = if matches!(first, 0x14..=0x16) { self.number()? } else { return None };
        self.skip(12, DEEPEST)?;
        Some(number)
    }

    /// Passes over a value of a kind.
    fn skip(&mut self, kind: u8, deepest: usize) -> Option<()> {
        let deepest = deepest.checked_sub(1)?;
        match kind {
            // Truth values stand in the field's own head.
            1 | 2 => {}
            3 => _ = self.byte()?,
            4..=6 => _ = self.unsigned()?,
            7 => self.jump(8)?,
            8 => {
                let length = usize::try_from(self.unsigned()?).ok()?;
                self.jump(length)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.unsigned()? } else { u64::from(head >> 4) };
                for _ in 0..count {
                    self.skip_element(head & 15, deepest)?;
                }
            }
            12 => loop {
                let head = self.byte()?;
                if head == 0 {
                    break;
                }
                if head >> 4 == 0 {
                    self.unsigned()?;
                }
                self.skip(head & 15, deepest)?;
            },
            // The format's headers hold no maps.
            _ => return None,
        }
        Some(())
    }

    /// In lists, truth values take a byte each.
    fn skip_element(&mut self, kind: u8, deepest: usize) -> Option<()> {
        if matches!(kind, 1 | 2) { self.byte().map(|_| ()) } else { self.skip(kind, deepest) }
    }

    fn jump(&mut self, length: usize) -> Option<()> {
        self.at = self.at.checked_add(length).filter(|at| *at <= self.bytes.len())?;
        Some(())
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
