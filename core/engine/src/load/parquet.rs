//! Parquet by ranges: the footer, the byte ranges of column chunks, and their values. No I/O of its own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use almanac_model::{Diagnostic, Type};
use arrow::datatypes::{Field, Schema};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelectionPolicy,
};
use parquet::file::metadata::page_index::PageIndexProvider;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader};

use super::column::Builder;
use super::domain::{Domain, Reading};
use super::pages::Pages;
use super::prune::Condition;
use super::rows::Rows;
use super::shape;
use super::sparse::SparseFile;

/// Length of what follows the footer: its length and the magic.
pub(crate) const TAIL: u64 = 8;
/// A footer larger than this is damage or an attack: one of 10,000 columns in 100 row groups stays below it.
const LARGEST_FOOTER: u64 = 16 << 20;
/// Most rows decoded into one array: small enough to stay in the processor's cache until they are where they belong.
const BATCH_ROWS: usize = 1 << 15;

const MAGIC: &[u8] = b"PAR1";

/// A column as it lies in the file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its place among the columns of the file.
    root: usize,
    /// Its place in each row group.
    pub(crate) leaf: usize,
    /// How its statistics are read.
    pub(crate) reading: Reading,
}

/// What a file's footer says.
#[derive(Debug, Clone)]
pub(crate) struct Footer {
    metadata: ArrowReaderMetadata,
    /// Columns that can be read: name and type.
    pub(crate) columns: Vec<(String, Type)>,
    /// Columns that cannot, with their Arrow type.
    pub(crate) unreadable: Vec<(String, String)>,
    sources: BTreeMap<String, Source>,
    /// Rows of each row group, counted in the file.
    groups: Vec<Range<u64>>,
}

impl Footer {
    /// Rows of the file.
    pub(crate) fn rows(&self) -> u64 {
        self.groups.last().map_or(0, |last| last.end)
    }

    /// Number of row groups.
    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The rows of a row group.
    pub(crate) fn group(&self, group: usize) -> &Range<u64> {
        &self.groups[group]
    }

    /// A column by name.
    pub(crate) fn source(&self, name: &str) -> Option<&Source> {
        self.sources.get(name)
    }

    /// A column chunk.
    pub(crate) fn chunk(&self, group: usize, leaf: usize) -> &ColumnChunkMetaData {
        self.metadata.metadata().row_group(group).column(leaf)
    }

    /// Where a column chunk lies in a file of `len` bytes.
    ///
    /// # Errors
    /// When the footer puts it somewhere else.
    pub(crate) fn chunk_range(
        &self,
        path: &str,
        group: usize,
        leaf: usize,
        len: u64,
    ) -> Result<Range<u64>, Diagnostic> {
        let chunk = self.chunk(group, leaf);
        // The decoder asserts that offsets are not negative; a damaged footer must not end the worker.
        if chunk.dictionary_page_offset().is_some_and(|offset| offset < 0) {
            return Err(damaged(path, "a dictionary has a negative place"));
        }
        let start =
            chunk.dictionary_page_offset().filter(|offset| *offset > 0).unwrap_or_else(|| chunk.data_page_offset());
        let (Ok(start), Ok(size)) = (u64::try_from(start), u64::try_from(chunk.compressed_size())) else {
            return Err(damaged(path, "a column chunk has a negative place or size"));
        };
        match start.checked_add(size) {
            Some(end) if end <= len => Ok(start..end),
            _ => Err(damaged(path, "a column chunk lies past the end of the file")),
        }
    }

    /// What the statistics say of a leaf column in a row group.
    pub(crate) fn domain(&self, group: usize, leaf: usize) -> Domain {
        let rows = &self.groups[group];
        match self.sources.values().find(|source| source.leaf == leaf) {
            Some(source) => source.reading.of_chunk(self.chunk(group, leaf), rows.end - rows.start),
            None => Domain::anything(),
        }
    }

    /// Whether a row of the group can pass the condition, by the footer alone.
    pub(crate) fn may_pass(&self, group: usize, condition: &Condition<'_>) -> bool {
        condition.may_pass(&|id| {
            let source = condition.name(id).and_then(|name| self.source(name));
            source.map_or_else(Domain::anything, |source| self.domain(group, source.leaf))
        })
    }

    /// The same footer with what is known of pages, so that pages that were not fetched are passed over.
    pub(crate) fn with_pages(&self, path: &str, pages: &Pages) -> Result<ArrowReaderMetadata, Diagnostic> {
        let index: Arc<dyn PageIndexProvider> = Arc::new(pages.clone());
        let metadata = (**self.metadata.metadata()).clone().into_builder().set_page_index(Some(index)).build();
        let options = options().with_schema(Arc::clone(self.metadata.schema()));
        ArrowReaderMetadata::try_new(Arc::new(metadata), options).map_err(|error| damaged(path, error))
    }

    /// What the decoder needs to know when whole row groups are read.
    pub(crate) fn metadata(&self) -> &ArrowReaderMetadata {
        &self.metadata
    }
}

/// The Arrow schema that a writer left in the file is not looked at: types follow from Parquet's own.
fn options() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_skip_arrow_metadata(true)
}

pub(crate) fn damaged(path: &str, why: impl std::fmt::Display) -> Diagnostic {
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
    let mut groups = Vec::with_capacity(metadata.num_row_groups());
    let mut rows = 0_u64;
    for group in metadata.row_groups() {
        let end = u64::try_from(group.num_rows()).ok().and_then(|more| rows.checked_add(more));
        let Some(end) = end else {
            return Err(damaged(path, "a row group has a negative number of rows"));
        };
        groups.push(rows..end);
        rows = end;
    }
    if u64::try_from(metadata.file_metadata().num_rows()) != Ok(rows) {
        return Err(damaged(path, "its row groups do not add up to its rows"));
    }
    let metadata = Arc::new(metadata);
    let plain = ArrowReaderMetadata::try_new(Arc::clone(&metadata), options()).map_err(|error| damaged(path, error))?;
    let mut columns = Vec::new();
    let mut unreadable = Vec::new();
    let mut sources = BTreeMap::new();
    let leaves = plain.parquet_schema();
    for (root, field) in plain.schema().fields().iter().enumerate() {
        let leaf = (0..leaves.num_columns()).find(|leaf| leaves.get_column_root_idx(*leaf) == root);
        match (shape::sql_type(field.data_type()), leaf) {
            (Some(ty), Some(leaf)) => {
                columns.push((field.name().clone(), ty));
                let order = metadata.file_metadata().column_order(leaf);
                let reading = Reading { data_type: field.data_type().clone(), order };
                sources.entry(field.name().clone()).or_insert(Source { root, leaf, reading });
            }
            _ => unreadable.push((field.name().clone(), field.data_type().to_string())),
        }
    }
    let hinted: Vec<Field> = plain.schema().fields().iter().map(|field| shape::reading_hint(field)).collect();
    // A hint the reader does not take is no loss: the conversion afterwards does the same, slower.
    let metadata = ArrowReaderMetadata::try_new(metadata, options().with_schema(Arc::new(Schema::new(hinted))));
    Ok(Footer { metadata: metadata.unwrap_or(plain), columns, unreadable, sources, groups })
}

/// One column of one row group, to be read.
pub(crate) struct Piece<'a> {
    /// The file, for diagnostics.
    pub(crate) path: &'a str,
    /// Its footer, with pages when only some rows are wanted.
    pub(crate) metadata: &'a ArrowReaderMetadata,
    /// The row group.
    pub(crate) group: usize,
    /// The column.
    pub(crate) source: &'a Source,
    /// The column's type.
    pub(crate) ty: Type,
    /// The wanted rows, counted in the row group; all when `None`.
    pub(crate) rows: Option<&'a Rows>,
    /// How many these are.
    pub(crate) count: u64,
}

/// Decodes a piece from bytes at hand, and adds its values to the column.
///
/// # Errors
/// When they are damaged, or do not fit the column's type.
pub(crate) fn decode(piece: &Piece<'_>, file: SparseFile, into: &mut Builder) -> Result<(), Diagnostic> {
    let path = piece.path;
    let mask = ProjectionMask::roots(piece.metadata.parquet_schema(), [piece.source.root]);
    let batch = usize::try_from(piece.count).unwrap_or(BATCH_ROWS).clamp(1, BATCH_ROWS);
    let mut reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, piece.metadata.clone())
        .with_projection(mask)
        .with_row_groups(vec![piece.group])
        .with_batch_size(batch);
    if let Some(rows) = piece.rows {
        let all = piece.metadata.metadata().row_group(piece.group).num_rows();
        let place = |row: u64| usize::try_from(row).unwrap_or(usize::MAX);
        let ranges = rows.ranges().iter().map(|range| place(range.start)..place(range.end));
        reader = reader
            .with_row_selection(RowSelection::from_consecutive_ranges(ranges, usize::try_from(all).unwrap_or(0)))
            .with_row_selection_policy(RowSelectionPolicy::Selectors);
    }
    into.next_group();
    let before = into.len();
    for batch in reader.build().map_err(|error| damaged(path, error))? {
        let batch = batch.map_err(|error| damaged(path, error))?;
        let name = batch.schema_ref().field(0).name().clone();
        let array = shape::physical(batch.column(0), piece.ty).map_err(|error| {
            Diagnostic::error_without_place("unreadable-column", format!("column `{name}` of `{path}`: {error}"))
        })?;
        into.push(&array)?;
    }
    let came = into.len() - before;
    if came == piece.count {
        Ok(())
    } else {
        Err(damaged(path, format_args!("a column has {came} values for {} rows", piece.count)))
    }
}
