//! A second, closer look at the row groups that the footer could not rule out: pages by the page index, values by bloom filters.
//!
//! It costs a round trip, so it is only taken where it may pay: the data must be clustered by a column of the condition, or have
//! bloom filters for one that is compared with constants.
//! Source: <https://parquet.apache.org/docs/file-format/pageindex/> and <https://parquet.apache.org/docs/file-format/bloomfilter/>.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use almanac_model::{Type, Value};
use almanac_sql::functions::Scalar;
use almanac_sql::plan::{Expr, ExprKind};
use arrow::datatypes::DataType;
use parquet::bloom_filter::Sbbf;
use parquet::errors::Result;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::page_index::index_reader::{decode_column_index, decode_offset_index};
use parquet::file::page_index::offset_index::{OffsetIndexMetaData, PageLocation};

use super::domain::{Domain, Edge};
use super::parquet::{Footer, Source, damaged, guarded};
use super::prune::{Condition, may_pass_all};
use super::rows::Rows;
use super::sparse::SparseFile;
use super::thrift;

/// A look at less than this many bytes of data costs more than the data.
const WORTH_A_LOOK: u64 = 1 << 20;
/// Row groups of which none was ruled out: the data are taken for unordered.
const MANY_GROUPS: usize = 4;

/// A column chunk: row group and leaf column.
type Chunk = (usize, usize);

/// What has been read of a file's page index and bloom filters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pages {
    columns: BTreeMap<Chunk, ColumnIndexMetaData>,
    offsets: BTreeMap<Chunk, OffsetIndexMetaData>,
    blooms: BTreeMap<Chunk, Arc<Sbbf>>,
    /// Chunks that were looked at, whatever was found.
    seen: BTreeMap<Chunk, ()>,
}

/// A part of the file that a closer look needs.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    chunk: Chunk,
    kind: PartKind,
    /// Where it lies.
    pub(crate) range: Range<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Columns,
    Offsets,
    Bloom,
}

impl Pages {
    /// Takes in what was fetched; a damaged index is as good as none.
    pub(crate) fn take(&mut self, footer: &Footer, part: &Part, file: &SparseFile) {
        self.seen.insert(part.chunk, ());
        // Whatever is wrong with it, the data themselves are read then.
        let _ = guarded("", || self.read(footer, part, file).map_err(|error| damaged("", error)));
    }

    fn read(&mut self, footer: &Footer, part: &Part, file: &SparseFile) -> Result<()> {
        let chunk = footer.chunk(part.chunk.0, part.chunk.1);
        let bytes = file.bytes(part.range.start, usize::try_from(part.range.end - part.range.start)?)?;
        match part.kind {
            PartKind::Columns => {
                self.columns.insert(part.chunk, decode_column_index(&bytes, chunk.column_type())?);
            }
            PartKind::Offsets if thrift::list_fits(&bytes) => {
                self.offsets.insert(part.chunk, decode_offset_index(&bytes)?);
            }
            PartKind::Offsets => {}
            PartKind::Bloom => {
                if let Some(bloom) = Sbbf::read_from_column_chunk(chunk, file)?.filter(|bloom| bloom.num_blocks() > 0) {
                    self.blooms.insert(part.chunk, Arc::new(bloom));
                }
            }
        }
        Ok(())
    }

    /// The pages of a chunk, if they are known and sound: rows ascend from 0 and bytes lie within the chunk.
    pub(crate) fn locations(&self, footer: &Footer, chunk: Chunk, bytes: &Range<u64>) -> Option<&[PageLocation]> {
        let pages = self.offsets.get(&chunk)?.page_locations();
        let rows = footer.group(chunk.0);
        let ascending = pages.first()?.first_row_index == 0
            && pages.windows(2).all(|pair| pair[0].first_row_index < pair[1].first_row_index)
            && pages.last().is_some_and(|last| (last.first_row_index as u64) < rows.end - rows.start);
        let inside = pages.iter().all(|page| {
            let start = u64::try_from(page.offset).unwrap_or(0);
            let size = u64::try_from(page.compressed_page_size).unwrap_or(u64::MAX);
            start >= bytes.start && start.checked_add(size).is_some_and(|end| end <= bytes.end)
        });
        (ascending && inside).then_some(pages)
    }

    /// The rows of a row group, counted from its start, that can pass by what is known of its pages.
    pub(crate) fn rows(&self, footer: &Footer, group: usize, condition: &Condition<'_>) -> Rows {
        let range = footer.group(group);
        let count = range.end - range.start;
        let mut kept = Rows::below(count);
        for (column, parts) in condition.parts() {
            let Some((column, source)) = column.and_then(|id| Some((id, footer.source(condition.name(id)?)?))) else {
                continue;
            };
            let chunk = (group, source.leaf);
            if let Some(bloom) = self.blooms.get(&chunk)
                && parts.iter().any(|part| !may_hold(bloom, part, &source.reading.data_type))
            {
                return Rows::default();
            }
            let Ok(bytes) = footer.chunk_range("", group, source.leaf, u64::MAX) else { continue };
            let (Some(index), Some(pages)) = (self.columns.get(&chunk), self.locations(footer, chunk, &bytes)) else {
                continue;
            };
            let sound = index.num_pages() == pages.len() as u64
                && index.null_counts().is_none_or(|counts| counts.len() == pages.len())
                && index.nan_counts().is_none_or(|counts| counts.len() == pages.len());
            if !sound {
                continue;
            }
            let mut passing = Rows::default();
            for (at, page) in pages.iter().enumerate() {
                let start = page.first_row_index as u64;
                let end = pages.get(at + 1).map_or(count, |next| next.first_row_index as u64);
                if may_pass_all(column, &parts, &source.reading.of_page(index, at, end - start)) {
                    passing.push(start..end);
                }
            }
            kept = kept.and(&passing);
        }
        kept
    }

    /// What to fetch for a closer look at row groups of which the columns at `wanted` are to be read.
    pub(crate) fn worth(
        &self,
        footer: &Footer,
        groups: &[usize],
        condition: &Condition<'_>,
        wanted: &[usize],
    ) -> Vec<Part> {
        let groups: Vec<usize> = groups
            .iter()
            .copied()
            .filter(|group| wanted.iter().any(|leaf| !self.seen.contains_key(&(*group, *leaf))))
            .collect();
        let size = |group: usize, leaf: usize| u64::try_from(footer.chunk(group, leaf).compressed_size()).unwrap_or(0);
        let data: u64 = groups.iter().flat_map(|group| wanted.iter().map(|leaf| size(*group, *leaf))).sum();
        if data < WORTH_A_LOOK {
            return Vec::new();
        }
        let mut parts = Vec::new();
        let mut by_pages = false;
        for (column, conditions) in condition.parts() {
            let Some(source) = column.and_then(|id| footer.source(condition.name(id)?)) else { continue };
            let has_bloom = conditions.iter().any(|part| constants(part).is_some());
            let clustered = is_clustered(footer, source, groups.len());
            for &group in &groups {
                let chunk = footer.chunk(group, source.leaf);
                if clustered && let Some(range) = sound(chunk.column_index_range()) {
                    by_pages = true;
                    parts.push(Part { chunk: (group, source.leaf), kind: PartKind::Columns, range });
                }
                if has_bloom
                    && let (Some(start), Some(length)) = (chunk.bloom_filter_offset(), chunk.bloom_filter_length())
                    && let (Ok(start), Ok(length)) = (u64::try_from(start), u64::try_from(length))
                {
                    parts.push(Part {
                        chunk: (group, source.leaf),
                        kind: PartKind::Bloom,
                        range: start..start + length,
                    });
                }
            }
        }
        if by_pages {
            let read = condition.columns.iter().filter_map(|(name, _)| Some(footer.source(name)?.leaf));
            let leaves: std::collections::BTreeSet<usize> = read.chain(wanted.iter().copied()).collect();
            for &group in &groups {
                for &leaf in &leaves {
                    if let Some(range) = sound(footer.chunk(group, leaf).offset_index_range()) {
                        parts.push(Part { chunk: (group, leaf), kind: PartKind::Offsets, range });
                    }
                }
            }
        }
        let cost: u64 = parts.iter().map(|part| part.range.end - part.range.start).sum();
        if cost > data / 8 { Vec::new() } else { parts }
    }
}

fn sound(range: Option<Range<u64>>) -> Option<Range<u64>> {
    range.filter(|range| range.start < range.end && range.end - range.start < 1 << 24)
}

/// Whether row groups differ in a column so much that pages may, too: few of many were left, or their bounds hardly overlap.
fn is_clustered(footer: &Footer, source: &Source, left: usize) -> bool {
    let all = footer.groups();
    if all < 2 {
        return true;
    }
    let number = |edge: Option<Edge>| match edge {
        Some(Edge::Int(n)) => Some(n as f64),
        Some(Edge::Double(x)) => Some(x),
        _ => None,
    };
    let mut bounds = Vec::with_capacity(all);
    for group in 0..all {
        let Domain { low, high, .. } = footer.domain(group, source);
        if let (Some(low), Some(high)) = (number(low), number(high)) {
            bounds.push((low, high));
        }
    }
    if bounds.len() < 2 {
        return left < all || all < MANY_GROUPS;
    }
    let least = |pick: fn(&(f64, f64)) -> f64| bounds.iter().map(pick).fold(f64::INFINITY, f64::min);
    let most = |pick: fn(&(f64, f64)) -> f64| bounds.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = (|bound: &(f64, f64)| bound.0, |bound: &(f64, f64)| bound.1);
    let overlap = least(high) - most(low);
    overlap < 0.5 * (most(high) - least(low))
}

/// The constants that a column must equal one of for a part of a condition to be true.
fn constants(part: &Expr) -> Option<Vec<&Value>> {
    let is_column = |expr: &Expr| match &expr.kind {
        ExprKind::Column(_) => true,
        ExprKind::Cast { input, .. } => {
            matches!(input.kind, ExprKind::Column(_)) && input.ty == Type::Integer && expr.ty == Type::BigInt
        }
        _ => false,
    };
    match &part.kind {
        ExprKind::Call(Scalar::Eq, args) => match args.as_slice() {
            [a, b] if is_column(a) => literal(b).map(|value| vec![value]),
            [a, b] if is_column(b) => literal(a).map(|value| vec![value]),
            _ => None,
        },
        ExprKind::InList { input, list } if is_column(input) => Some(list.iter().collect()),
        _ => None,
    }
}

fn literal(expr: &Expr) -> Option<&Value> {
    match &expr.kind {
        ExprKind::Literal(value) => Some(value),
        _ => None,
    }
}

/// Whether the filter may hold a value that makes a part of a condition true. Only types whose stored form is the value's own.
fn may_hold(bloom: &Sbbf, part: &Expr, data_type: &DataType) -> bool {
    let Some(values) = constants(part) else { return true };
    values.iter().any(|value| match (value, data_type) {
        (Value::Int(n), DataType::Int32) => i32::try_from(*n).is_ok_and(|n| bloom.check(&n)),
        (Value::Int(n), DataType::Int64) => bloom.check(n),
        (Value::Date(days), DataType::Date32) => bloom.check(days),
        (Value::Text(text), DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8) => bloom.check(text.as_str()),
        (Value::Null, _) => false,
        _ => true,
    })
}
