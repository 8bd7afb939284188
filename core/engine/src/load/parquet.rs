//! Parquet by ranges: the footer, the byte ranges of column chunks, and their values. No I/O of its own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use almanac_model::{Diagnostic, Type};
use arrow::datatypes::DataType;
use bytes::Bytes;
use parquet::arrow::parquet_to_arrow_schema;
use parquet::basic::Type as Physical;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::{SchemaDescriptor, Type as ParquetType, TypePtr};

use super::claims;
use super::column::Builder;
use super::decode::{Chunk, Flaw, Scratch, Stored};
use super::domain::{Domain, Exact, Reading};
use super::outline;
use super::prune::Condition;
use super::rows::Rows;
use super::shape;

/// Length of what follows the footer: its length and the magic.
pub(crate) const TAIL: u64 = 8;
/// A footer larger than this is damage or an attack: one of 10,000 columns in 100 row groups stays below it.
const LARGEST_FOOTER: u64 = 16 << 20;

const MAGIC: &[u8] = b"PAR1";

/// A column as it lies in the file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its place in each row group.
    pub(crate) leaf: usize,
    /// How its statistics are read.
    pub(crate) reading: Reading,
    /// How its values are stored.
    stored: Stored,
}

/// What a file's footer says.
#[derive(Debug, Clone)]
pub(crate) struct Footer {
    metadata: Arc<ParquetMetaData>,
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
        self.metadata.row_group(group).column(leaf)
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

    /// What the statistics say of a column in a row group.
    pub(crate) fn domain(&self, group: usize, source: &Source) -> Domain {
        let rows = &self.groups[group];
        source.reading.of_chunk(self.chunk(group, source.leaf), rows.end - rows.start)
    }

    /// Whether a row of the group can pass the condition, by the footer alone.
    pub(crate) fn may_pass(&self, group: usize, condition: &Condition<'_>) -> bool {
        condition.may_pass(&|id| {
            let source = condition.name(id).and_then(|name| self.source(name));
            source.map_or_else(Domain::anything, |source| self.domain(group, source))
        })
    }

    /// Whether every row of the group passes the condition, by the footer alone.
    pub(crate) fn must_pass(&self, group: usize, condition: &Condition<'_>) -> bool {
        condition.must_pass(&|id| {
            let source = condition.name(id).and_then(|name| self.source(name));
            source.map_or_else(Domain::anything, |source| self.domain(group, source))
        })
    }

    /// The extremes of a column in a row group and its number of NULLs, where the statistics tell them.
    pub(crate) fn exact(&self, group: usize, source: &Source) -> Option<Exact> {
        let rows = &self.groups[group];
        source.reading.exact(self.chunk(group, source.leaf), rows.end - rows.start)
    }

    /// The file's own description of itself.
    pub(crate) fn metadata(&self) -> &Arc<ParquetMetaData> {
        &self.metadata
    }
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
pub(crate) fn footer_of_whole(path: &str, bytes: &Bytes, budget: u64) -> Result<Footer, Diagnostic> {
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
        (Ok(start), Ok(end)) => footer(path, &bytes[start..end], budget),
        _ => Err(damaged(path, "it is too large for this machine")),
    }
}

/// What `work` gives; a decoder that panics makes it damage. In the browser a panic ends the worker, and the page tells it.
pub(super) fn guarded<T>(path: &str, work: impl FnOnce() -> Result<T, Diagnostic>) -> Result<T, Diagnostic> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged(path, "its values cannot be decoded")))
}

/// Reads the footer's bytes; what it describes may take `budget` bytes of memory.
pub(crate) fn footer(path: &str, bytes: &[u8], budget: u64) -> Result<Footer, Diagnostic> {
    let needed = outline::memory(bytes).map_err(|why| damaged(path, why))?;
    if needed > budget {
        let text = format!(
            "the footer of `{path}` describes so many columns and row groups that it takes {} MiB",
            needed >> 20
        );
        return Err(
            Diagnostic::error_without_place("over-budget", text).hint("export fewer columns, in larger row groups")
        );
    }
    guarded(path, || read_footer(path, bytes))
}

fn read_footer(path: &str, bytes: &[u8]) -> Result<Footer, Diagnostic> {
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
    let schema = metadata.file_metadata().schema_descr();
    let mut columns = Vec::new();
    let mut unreadable = Vec::new();
    let mut sources = BTreeMap::new();
    let mut end = 0;
    for (root, field) in schema.root_schema().get_fields().iter().enumerate() {
        let leaf = end;
        while end < schema.num_columns() && schema.get_column_root_idx(end) == root {
            end += 1;
        }
        match column(field) {
            Ok((data_type, ty, stored)) => {
                columns.push((field.name().to_owned(), ty));
                let order = metadata.file_metadata().column_order(leaf);
                let source = Source { leaf, reading: Reading { data_type, order }, stored };
                sources.entry(field.name().to_owned()).or_insert(source);
            }
            Err(ty) => unreadable.push((field.name().to_owned(), ty)),
        }
    }
    Ok(Footer { metadata: Arc::new(metadata), columns, unreadable, sources, groups })
}

/// How a column is read: its Arrow type, its SQL type, and how its values are stored. What it is called, when it cannot be.
fn column(field: &TypePtr) -> Result<(DataType, Type, Stored), String> {
    let unknown = |error: ParquetError| error.to_string();
    let only =
        ParquetType::group_type_builder("schema").with_fields(vec![Arc::clone(field)]).build().map_err(unknown)?;
    let only = SchemaDescriptor::new(Arc::new(only));
    let plain = parquet_to_arrow_schema(&only, None).map_err(unknown)?;
    let plain = plain.fields().first().ok_or("without columns")?;
    let data_type = plain.data_type().clone();
    let Some(ty) = shape::sql_type(&data_type) else { return Err(data_type.to_string()) };
    let leaf = only.column(0);
    let most = match data_type {
        DataType::Decimal128(..) => 16,
        DataType::Decimal256(..) => 32,
        _ => i32::MAX,
    };
    if leaf.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY && !(1..=most).contains(&leaf.type_length()) {
        return Err(format!("{data_type} of {} bytes", leaf.type_length()));
    }
    let stored = Stored::new(&leaf, &data_type, ty).ok_or_else(|| data_type.to_string())?;
    Ok((data_type, ty, stored))
}

/// One column of one row group, to be read.
pub(super) struct Piece<'a> {
    /// The file, for diagnostics.
    pub(super) path: &'a str,
    /// Its description of itself.
    pub(super) metadata: &'a ParquetMetaData,
    /// The row group.
    pub(super) group: usize,
    /// The column.
    pub(super) source: &'a Source,
    /// The rows of the pages at hand, counted in the row group; all when `None`.
    pub(super) held: Option<&'a Rows>,
    /// Those of them that are wanted; all when `None`.
    pub(super) rows: Option<&'a Rows>,
    /// How many these are.
    pub(super) count: u64,
    /// Bytes that its pages may take when they are unpacked.
    pub(super) room: u64,
}

/// Decodes a piece from pages at hand, in order, and adds its values to the column.
///
/// # Errors
/// When they are damaged, take more memory than there is room, or do not fit the column's type.
pub(super) fn decode(
    piece: &Piece<'_>,
    pages: &[Bytes],
    scratch: &mut Scratch,
    into: &mut Builder,
) -> Result<(), Diagnostic> {
    let before = into.len();
    into.next_group();
    fill(piece, pages, scratch, into).map_err(|flaw| refused(piece, flaw))?;
    let came = into.len() - before;
    if came == piece.count {
        Ok(())
    } else {
        Err(damaged(piece.path, format_args!("a column has {came} values for {} rows", piece.count)))
    }
}

fn fill(piece: &Piece<'_>, pages: &[Bytes], scratch: &mut Scratch, into: &mut Builder) -> Result<(), Flaw> {
    let stored = &piece.source.stored;
    if stored.is_nothing() {
        return into.push_constant(None, piece.count).map_err(|error| Flaw::Unfit(error.message));
    }
    let group = piece.metadata.row_group(piece.group);
    let all = Rows::below(u64::try_from(group.num_rows()).unwrap_or(0));
    let held = piece.held.unwrap_or(&all);
    let wanted = piece.rows.map(|rows| rows.places_in(held));
    let codec = group.column(piece.source.leaf).compression();
    let chunk = Chunk { stored, codec, rows: held.total(), wanted: wanted.as_ref(), room: piece.room };
    let mut reader = chunk.reader(scratch);
    for part in pages {
        let mut rest: &[u8] = part;
        // Behind the last page of a chunk may lie anything.
        while !rest.is_empty() && !reader.is_done() {
            reader.page(&mut rest, into)?;
        }
    }
    Ok(())
}

fn refused(piece: &Piece<'_>, flaw: Flaw) -> Diagnostic {
    let path = piece.path;
    let column = piece.metadata.row_group(piece.group).column(piece.source.leaf).column_path().string();
    match flaw {
        Flaw::Damaged(what) => damaged(path, format_args!("column `{column}`: {what}")),
        Flaw::Unfit(what) => {
            Diagnostic::error_without_place("unreadable-column", format!("column `{column}` of `{path}`: {what}"))
        }
        Flaw::OverBudget(bytes) => claims::over_budget(path, bytes, piece.room),
        Flaw::NoMemory(bytes) => no_memory(bytes),
    }
}

/// Says that memory of this many bytes cannot be had.
pub(super) fn no_memory(bytes: usize) -> Diagnostic {
    Diagnostic::error_without_place("over-budget", format!("there is no memory for {bytes} bytes of a column"))
        .hint("read fewer columns, or a smaller table")
}
