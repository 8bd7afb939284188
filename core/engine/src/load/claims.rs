//! What a dropped Parquet file claims to hold, looked at before memory is taken for it.
//!
//! Decoders take the memory that a page's header asks for and only then look at the page: seven bytes can ask for gigabytes, and
//! in the browser that ends the worker. So the headers are read here first, by a reader that takes no memory, and a claim that
//! no page can keep is damage. Source of the format: `parquet.thrift` (<https://github.com/apache/parquet-format>), in Thrift's
//! compact protocol.

use std::ops::Range;

use almanac_model::{Diagnostic, Type};
use bytes::Bytes;
use parquet::basic::Type as Physical;
use parquet::file::metadata::ColumnChunkMetaData;

use super::decode::header::PageHeader;
use super::decode::most_of;
use super::parquet::{Footer, damaged};

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
fn pages(path: &str, mut rest: &[u8], chunk: &ColumnChunkMetaData, enough: u64) -> Result<u64, Diagnostic> {
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
        if u64::try_from(header.entries()).map_or(true, |entries| entries > unpacked.saturating_add(1)) {
            return Err(lies(&format!("of {unpacked} bytes claims to hold {} values", header.entries())));
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
