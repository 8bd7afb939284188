//! The pages of one column of one row group, each looked at after it is unpacked and before it is decoded.
//!
//! A damaged page is an error of the reader then, not a panic or a claim on memory of some decoder: in the browser either would
//! cost the worker. Only columns that are not nested are read, so a page has one level at most for each row.

use std::ops::RangeInclusive;
use std::sync::Arc;

use bytes::Bytes;
use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::{Encoding, Type as Physical};
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::encodings::{self, Verdict};
use super::sparse::SparseFile;

/// Bytes of a number of 38 digits, and of one of 76.
const DECIMAL_BYTES: (usize, usize) = (16, 32);

/// One column of one row group, as the reader of a table with that column alone.
pub(super) struct Chunk<'a> {
    /// The file's.
    pub(super) metadata: &'a ParquetMetaData,
    /// What the footer says of it.
    pub(super) chunk: &'a ColumnChunkMetaData,
    /// The pages at hand in order, as many as there are in each.
    pub(super) pages: Vec<Bytes>,
    /// Their rows.
    pub(super) rows: usize,
    /// Bytes that texts of a page may take when they are unfolded.
    pub(super) room: u64,
}

impl Chunk<'_> {
    /// The pages as if they lay one behind the other in a file of their own.
    fn reader(&self) -> Result<Box<dyn PageReader>> {
        let mut parts = Vec::with_capacity(self.pages.len());
        let mut end = 0;
        for pages in &self.pages {
            parts.push((end, pages.clone()));
            end += pages.len() as u64;
        }
        let place = self.chunk.clone().into_builder().set_dictionary_page_offset(None).set_data_page_offset(0);
        let place = place.set_total_compressed_size(i64::try_from(end)?).build()?;
        let inner = SerializedPageReader::new(Arc::new(SparseFile::new(end, parts)), &place, self.rows, None)?;
        let look = Look { column: self.chunk.column_descr_ptr(), rows: self.rows, entries: None, room: self.room };
        Ok(Box::new(Checked { inner, look }))
    }
}

impl RowGroups for Chunk<'_> {
    fn num_rows(&self) -> usize {
        self.rows
    }

    fn column_chunks(&self, _: usize) -> Result<Box<dyn PageIterator>> {
        Ok(Box::new(Once(Some(self.reader()))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::empty())
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.metadata
    }
}

/// The one chunk there is.
struct Once(Option<Result<Box<dyn PageReader>>>);

impl Iterator for Once {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take()
    }
}

impl PageIterator for Once {}

struct Checked {
    inner: SerializedPageReader<SparseFile>,
    look: Look,
}

impl Iterator for Checked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Checked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.inner.get_next_page()?;
        if let Some(page) = &page {
            self.look.at(page).map_err(|what| ParquetError::General(format!("a page {what}")))?;
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }
}

/// What pages are measured by.
struct Look {
    column: ColumnDescPtr,
    /// Rows of the chunk: no page has more.
    rows: usize,
    /// Values of the dictionary, once it came.
    entries: Option<usize>,
    room: u64,
}

impl Look {
    fn at(&mut self, page: &Page) -> Verdict {
        let count = page.num_values() as usize;
        if page.is_data_page() && count > self.rows {
            return Err("has more values than its row group has rows");
        }
        let nullable = self.column.max_def_level() > 0;
        match page {
            Page::DictionaryPage { buf, .. } => {
                if self.entries.is_some() {
                    return Err("is a second dictionary");
                }
                self.plain(buf, count)?;
                self.entries = Some(count);
                Ok(())
            }
            Page::DataPage { buf, encoding, .. } if !nullable => self.values(*encoding, buf, count),
            Page::DataPage { buf, encoding, def_level_encoding: Encoding::RLE, .. } => {
                let (length, rest) = buf.split_first_chunk::<4>().ok_or("ends within its levels")?;
                let length = u32::from_le_bytes(*length) as usize;
                let (levels, values) = rest.split_at_checked(length).ok_or("ends within its levels")?;
                self.values(*encoding, values, encodings::present(levels, count)?)
            }
            Page::DataPage { buf, encoding, .. } => {
                let (levels, values) = buf.split_at_checked(count.div_ceil(8)).ok_or("ends within its levels")?;
                self.values(*encoding, values, encodings::ones(levels, count))
            }
            Page::DataPageV2 { buf, encoding, num_nulls, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let rest = buf.get(*rep_levels_byte_len as usize..).ok_or("ends within its levels")?;
                let (levels, values) =
                    rest.split_at_checked(*def_levels_byte_len as usize).ok_or("ends within its levels")?;
                let present = if nullable { encodings::present(levels, count)? } else { count };
                if present.checked_add(*num_nulls as usize) != Some(count) {
                    return Err("has another number of NULLs than it says");
                }
                self.values(*encoding, values, present)
            }
        }
    }

    /// The bytes a value takes, of types whose values all take as many.
    fn width(&self) -> Option<usize> {
        match self.column.physical_type() {
            Physical::BOOLEAN | Physical::BYTE_ARRAY => None,
            Physical::INT32 | Physical::FLOAT => Some(4),
            Physical::INT64 | Physical::DOUBLE => Some(8),
            Physical::INT96 => Some(12),
            Physical::FIXED_LEN_BYTE_ARRAY => usize::try_from(self.column.type_length()).ok(),
        }
    }

    /// The lengths that a value may have; a number has a byte at least.
    fn lengths(&self) -> RangeInclusive<usize> {
        match (self.width(), self.column.type_precision()) {
            (Some(width), _) => width..=width,
            (None, ..=0) => 0..=i32::MAX as usize,
            (None, 1..=38) => 1..=DECIMAL_BYTES.0,
            (None, _) => 1..=DECIMAL_BYTES.1,
        }
    }

    fn plain(&self, bytes: &[u8], count: usize) -> Verdict {
        let fits = match (self.column.physical_type(), self.width()) {
            (Physical::BYTE_ARRAY, _) => return encodings::texts(bytes, count, self.lengths()),
            (Physical::BOOLEAN, _) => count.div_ceil(8) <= bytes.len(),
            (_, width) => width.and_then(|width| width.checked_mul(count)).is_some_and(|all| all <= bytes.len()),
        };
        if fits { Ok(()) } else { Err("has fewer bytes than its values take") }
    }

    /// `count` values that are not NULL.
    fn values(&self, encoding: Encoding, mut bytes: &[u8], count: usize) -> Verdict {
        let is_fixed = self.column.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY;
        match encoding {
            Encoding::PLAIN | Encoding::BYTE_STREAM_SPLIT => self.plain(bytes, count),
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let entries = self.entries.ok_or("lacks its dictionary")?;
                // The other types' decoders look at each index themselves.
                if is_fixed { encodings::indices(bytes, count, entries) } else { Ok(()) }
            }
            Encoding::DELTA_BINARY_PACKED => encodings::delta_head(&mut bytes).map(|_| ()),
            Encoding::DELTA_LENGTH_BYTE_ARRAY => encodings::delta_texts(bytes, self.rows, self.lengths()),
            Encoding::DELTA_BYTE_ARRAY => encodings::shared_texts(bytes, self.rows, self.lengths(), self.room),
            _ => Ok(()),
        }
    }
}
