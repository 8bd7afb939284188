//! Parquet by ranges: the footer, the byte ranges of the wanted columns, and their values. No I/O of its own.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use almanac_model::{Diagnostic, Type};
use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::ParquetMetaDataReader;

use super::shape;
use super::sparse::SparseFile;

/// Length of what follows the footer: its length and the magic.
pub(crate) const TAIL: u64 = 8;
/// A footer larger than this is damage or an attack: one of 10,000 columns in 100 row groups stays below it.
const LARGEST_FOOTER: u64 = 16 << 20;
/// Most rows decoded into one array; row groups of the usual size come in one piece.
const BATCH_ROWS: usize = 1 << 20;

const MAGIC: &[u8] = b"PAR1";

/// What a file's footer says.
#[derive(Debug, Clone)]
pub(crate) struct Footer {
    metadata: ArrowReaderMetadata,
    /// Columns that can be read: name and type.
    pub(crate) columns: Vec<(String, Type)>,
    /// Columns that cannot, with their Arrow type.
    pub(crate) unreadable: Vec<(String, String)>,
}

impl Footer {
    /// Rows of the file.
    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }
}

fn damaged(path: &str, why: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error_without_place("damaged-file", format!("`{path}` is not a whole Parquet file: {why}"))
        .hint("copy or export the file again; it may have been cut off on its way")
}

/// Where the footer lies, by the last eight bytes of a file of `len` bytes.
pub(crate) fn footer_range(path: &str, tail: &[u8], len: u64) -> Result<Range<u64>, Diagnostic> {
    let Some((length, magic)) =
        tail.split_last_chunk::<4>().and_then(|(rest, magic)| Some((rest.last_chunk::<4>()?, magic)))
    else {
        return Err(damaged(path, format_args!("it has only {} bytes", tail.len())));
    };
    if magic == b"PARE" {
        return Err(damaged(path, "its footer is encrypted"));
    }
    if magic != MAGIC {
        return Err(damaged(path, "it does not end with the mark `PAR1`"));
    }
    let length = u64::from(u32::from_le_bytes(*length));
    if length > LARGEST_FOOTER {
        return Err(damaged(
            path,
            format_args!("its footer claims {length} bytes, more than the {LARGEST_FOOTER} allowed"),
        ));
    }
    match len.checked_sub(TAIL + length) {
        Some(start) if start >= MAGIC.len() as u64 && length > 0 => Ok(start..len - TAIL),
        _ => Err(damaged(path, format_args!("its footer claims {length} bytes of {len}"))),
    }
}

/// The footer of a file that is wholly at hand, after a look at both its ends.
pub(crate) fn footer_of_whole(path: &str, bytes: &Bytes) -> Result<Footer, Diagnostic> {
    let len = bytes.len();
    if len < MAGIC.len() + 8 {
        return Err(damaged(path, format_args!("it has only {len} bytes")));
    }
    if !bytes.starts_with(MAGIC) {
        return Err(damaged(path, "it does not begin with the mark `PAR1`"));
    }
    let range = footer_range(path, &bytes[len - 8..], len as u64)?;
    let (start, end) = (usize::try_from(range.start), usize::try_from(range.end));
    match (start, end) {
        (Ok(start), Ok(end)) => footer(path, &bytes[start..end]),
        _ => Err(damaged(path, "it is too large for this machine")),
    }
}

/// Reads the footer's bytes.
pub(crate) fn footer(path: &str, bytes: &[u8]) -> Result<Footer, Diagnostic> {
    let metadata = ParquetMetaDataReader::decode_metadata(bytes).map_err(|error| damaged(path, error))?;
    if metadata.row_groups().iter().any(|group| group.num_rows() < 0) {
        return Err(damaged(path, "a row group has a negative number of rows"));
    }
    let metadata = Arc::new(metadata);
    let plain =
        ArrowReaderMetadata::try_new(Arc::clone(&metadata), ArrowReaderOptions::new().with_skip_arrow_metadata(true))
            .map_err(|error| damaged(path, error))?;
    let mut columns = Vec::new();
    let mut unreadable = Vec::new();
    for field in plain.schema().fields() {
        match shape::sql_type(field.data_type()) {
            Some(ty) => columns.push((field.name().clone(), ty)),
            None => unreadable.push((field.name().clone(), field.data_type().to_string())),
        }
    }
    let hinted: Vec<Field> = plain.schema().fields().iter().map(|field| shape::reading_hint(field)).collect();
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(Arc::new(Schema::new(hinted)));
    // A hint the reader does not take is no loss: the conversion afterwards does the same, slower.
    let metadata = ArrowReaderMetadata::try_new(metadata, options).unwrap_or(plain);
    Ok(Footer { metadata, columns, unreadable })
}

fn root_index(footer: &Footer, name: &str) -> Option<usize> {
    footer.metadata.schema().fields().iter().position(|field| field.name() == name)
}

/// The byte ranges of the named columns in all row groups, unmerged.
pub(crate) fn ranges(path: &str, footer: &Footer, names: &[&str], len: u64) -> Result<Vec<Range<u64>>, Diagnostic> {
    let roots: BTreeSet<usize> = names.iter().filter_map(|name| root_index(footer, name)).collect();
    let schema = footer.metadata.parquet_schema();
    let mut out = Vec::new();
    for group in footer.metadata.metadata().row_groups() {
        for (leaf, chunk) in group.columns().iter().enumerate() {
            if !roots.contains(&schema.get_column_root_idx(leaf)) {
                continue;
            }
            // `byte_range` asserts that offsets are not negative; a damaged footer must not end the worker.
            let start =
                chunk.dictionary_page_offset().filter(|offset| *offset > 0).unwrap_or_else(|| chunk.data_page_offset());
            let (Ok(start), Ok(size)) = (u64::try_from(start), u64::try_from(chunk.compressed_size())) else {
                return Err(damaged(path, "a column chunk has a negative place or size"));
            };
            match start.checked_add(size) {
                Some(end) if end <= len => out.push(start..end),
                _ => return Err(damaged(path, "a column chunk lies past the end of the file")),
            }
        }
    }
    Ok(out)
}

/// The values of the named columns, as the chunks they were decoded in, in the physical shape of the wanted types.
pub(crate) fn decode(
    path: &str,
    file: SparseFile,
    footer: &Footer,
    wanted: &[(&str, Type)],
) -> Result<Vec<Vec<ArrayRef>>, Diagnostic> {
    let mut roots = Vec::with_capacity(wanted.len());
    for (name, _) in wanted {
        match root_index(footer, name) {
            Some(root) => roots.push(root),
            None => {
                return Err(Diagnostic::error_without_place(
                    "file-changed",
                    format!("`{path}` has no column `{name}` any more"),
                )
                .hint("reload the page: the data have been published anew since it was opened"));
            }
        }
    }
    let mask = ProjectionMask::roots(footer.metadata.parquet_schema(), roots.iter().copied());
    let rows = footer.metadata.metadata().row_groups().iter().map(|group| group.num_rows()).max().unwrap_or(0);
    let batch = usize::try_from(rows).unwrap_or(BATCH_ROWS).clamp(1, BATCH_ROWS);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, footer.metadata.clone())
        .with_projection(mask)
        .with_batch_size(batch)
        .build()
        .map_err(|error| damaged(path, error))?;
    // The reader puts columns out in file order, each once.
    let order: Vec<usize> = roots.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut out: Vec<Vec<ArrayRef>> = wanted.iter().map(|_| Vec::new()).collect();
    for record_batch in reader {
        let record_batch = record_batch.map_err(|error| damaged(path, error))?;
        for ((chunks, root), (name, ty)) in out.iter_mut().zip(&roots).zip(wanted) {
            let place = order.binary_search(root).unwrap_or(0);
            let array = shape::physical(record_batch.column(place), *ty).map_err(|error| {
                Diagnostic::error_without_place("unreadable-column", format!("column `{name}` of `{path}`: {error}"))
            })?;
            chunks.push(array);
        }
    }
    Ok(out)
}
