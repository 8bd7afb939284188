//! Pages one after the other: their levels, their dictionary, their values.

use std::ops::Range;

use parquet::basic::{Compression, Type as Physical};
use polars_arrow::bitmap::MutableBitmap;

use super::codec::Unpacker;
use super::header::{Kind, PageHeader};
use super::hybrid::{Hybrid, Run};
use super::numbers::Stored;
use super::texts::{self, Spans};
use super::{Flaw, Outcome, delta, length, take};
use crate::load::column::{Builder, Values};
use crate::load::rows::Rows;

/// Encodings by their numbers in the format.
mod encoding {
    pub(super) const PLAIN: i64 = 0;
    pub(super) const PLAIN_DICTIONARY: i64 = 2;
    pub(super) const RLE: i64 = 3;
    pub(super) const BIT_PACKED: i64 = 4;
    pub(super) const DELTA_BINARY_PACKED: i64 = 5;
    pub(super) const DELTA_LENGTH_BYTE_ARRAY: i64 = 6;
    pub(super) const DELTA_BYTE_ARRAY: i64 = 7;
    pub(super) const RLE_DICTIONARY: i64 = 8;
    pub(super) const BYTE_STREAM_SPLIT: i64 = 9;
}

/// Memory that is used again for each page.
#[derive(Default)]
pub(in crate::load) struct Scratch {
    unpacker: Unpacker,
    spans: Spans,
}

/// A column chunk.
pub(in crate::load) struct Chunk<'a> {
    /// How its values are stored.
    pub(in crate::load) stored: &'a Stored,
    /// How its pages are packed.
    pub(in crate::load) codec: Compression,
    /// Rows of its pages.
    pub(in crate::load) rows: u64,
    /// Those that are wanted, counted in these pages; all when `None`.
    pub(in crate::load) wanted: Option<&'a Rows>,
    /// Bytes that a page may take when it is unpacked, and the texts of all.
    pub(in crate::load) room: u64,
}

/// Reading a chunk.
pub(in crate::load) struct Reader<'a> {
    chunk: &'a Chunk<'a>,
    scratch: &'a mut Scratch,
    dictionary: Option<Values>,
    /// The row that the next value is of.
    row: u64,
    /// Bytes of texts so far.
    texts: u64,
}

impl<'a> Chunk<'a> {
    /// Begins to read.
    pub(in crate::load) fn reader(&'a self, scratch: &'a mut Scratch) -> Reader<'a> {
        Reader { chunk: self, scratch, dictionary: None, row: 0, texts: 0 }
    }
}

/// The values of a page, with what is before them read.
struct Content<'a> {
    /// Values, NULL among them.
    count: usize,
    /// Which are not NULL; `None` when none is.
    valid: Option<MutableBitmap>,
    /// How many are not NULL.
    present: usize,
    encoding: i64,
    bytes: &'a [u8],
}

impl Reader<'_> {
    /// Whether all rows have been passed.
    pub(in crate::load) fn is_done(&self) -> bool {
        self.row >= self.chunk.rows
    }

    /// Reads the page at the start of these bytes, which goes, and adds its wanted values to the column.
    ///
    /// # Errors
    /// When it is damaged or cut off.
    pub(in crate::load) fn page(&mut self, bytes: &mut &[u8], into: &mut Builder) -> Outcome<()> {
        let (header, size) = PageHeader::read(bytes).ok_or_else(|| Flaw::damaged("a page is missing"))?;
        take(bytes, size)?;
        let body = take(bytes, usize::try_from(header.packed).map_err(|_| negative())?)?;
        let size = usize::try_from(header.unpacked).map_err(|_| negative())?;
        let Self { chunk, scratch, dictionary, row, texts } = self;
        if size as u64 > chunk.room {
            return Err(Flaw::OverBudget(size as u64));
        }
        let kind = header.kind();
        let (Kind::Data { values, .. } | Kind::DataV2 { values, .. }) = kind else {
            if let Kind::Dictionary { values } = kind {
                let page = scratch.unpacker.unpack(body, size, chunk.codec)?;
                let count = usize::try_from(values).map_err(|_| negative())?;
                let mut entries = Values::new(chunk.stored.ty, 0)?;
                chunk.stored.add_plain(page, count, &mut scratch.spans, &mut entries)?;
                *dictionary = Some(entries);
            }
            return Ok(());
        };
        let end = u64::try_from(values).ok().and_then(|values| row.checked_add(values));
        let end = end.filter(|end| *end <= chunk.rows).ok_or_else(|| Flaw::damaged("more values than rows"))?;
        let rows = std::mem::replace(row, end)..end;
        let wanted = chunk.wanted.map(|wanted| wanted.within(&rows));
        if rows.is_empty() || wanted.as_ref().is_some_and(Rows::is_empty) {
            return Ok(());
        }
        let count = usize::try_from(rows.end - rows.start).map_err(|_| negative())?;
        let content = chunk.content(kind, count, body, size, &mut scratch.unpacker)?;
        let before = into.text_bytes();
        match wanted.filter(|wanted| wanted.total() < rows.end - rows.start) {
            None => chunk.add(content, dictionary.as_mut(), &mut scratch.spans, into)?,
            Some(wanted) => {
                let mut page = Builder::new(chunk.stored.ty, count as u64)?;
                chunk.add(content, dictionary.as_mut(), &mut scratch.spans, &mut page)?;
                let place = |row: u64| usize::try_from(row).unwrap_or(usize::MAX);
                let ranges: Vec<Range<usize>> =
                    wanted.ranges().iter().map(|range| place(range.start)..place(range.end)).collect();
                into.take(&page, &ranges);
            }
        }
        *texts += into.text_bytes() - before;
        if *texts > chunk.room { Err(Flaw::OverBudget(*texts)) } else { Ok(()) }
    }
}

fn negative() -> Flaw {
    Flaw::damaged("a page has a negative size")
}

impl Chunk<'_> {
    /// What a data page holds.
    fn content<'b>(
        &self,
        kind: Kind,
        count: usize,
        body: &'b [u8],
        size: usize,
        unpacker: &'b mut Unpacker,
    ) -> Outcome<Content<'b>> {
        let nullable = self.stored.nullable;
        let (valid, encoding, bytes) = match kind {
            Kind::DataV2 { encoding, repetition, definition, compressed, .. } => {
                let part = |size: i64| usize::try_from(size).map_err(|_| negative());
                let mut rest = body;
                let repetition = take(&mut rest, part(repetition)?)?;
                let definition = take(&mut rest, part(definition)?)?;
                let levels = repetition.len() + definition.len();
                let size = size.checked_sub(levels).ok_or_else(|| Flaw::damaged("levels take more than their page"))?;
                let codec = if compressed && size > 0 { self.codec } else { Compression::UNCOMPRESSED };
                let bytes = if size == 0 { &[] } else { unpacker.unpack(rest, size, codec)? };
                let valid = if nullable { Some(runs_of_bits(definition, count)?) } else { None };
                (valid, encoding, bytes)
            }
            Kind::Data { encoding, levels, .. } => {
                let mut page = unpacker.unpack(body, size, self.codec)?;
                let valid = match levels {
                    _ if !nullable => None,
                    encoding::BIT_PACKED => Some(bits_from_the_top(take(&mut page, count.div_ceil(8))?, count)),
                    _ => {
                        let size = length(&mut page)?;
                        Some(runs_of_bits(take(&mut page, size)?, count)?)
                    }
                };
                (valid, encoding, page)
            }
            Kind::Dictionary { .. } | Kind::Other => return Err(Flaw::damaged("a page is missing")),
        };
        let present = valid.as_ref().map_or(count, MutableBitmap::set_bits);
        Ok(Content { count, valid: valid.filter(|_| present < count), present, encoding, bytes })
    }
}

impl Chunk<'_> {
    /// Adds the values of a page.
    fn add(
        &self,
        content: Content<'_>,
        dictionary: Option<&mut Values>,
        spans: &mut Spans,
        into: &mut Builder,
    ) -> Outcome<()> {
        let stored = self.stored;
        let Content { count, valid, present, encoding, mut bytes } = content;
        into.add(count, valid.as_ref(), |out| match encoding {
            _ if present == 0 => Ok(()),
            encoding::PLAIN => stored.add_plain(bytes, present, spans, out),
            encoding::PLAIN_DICTIONARY | encoding::RLE_DICTIONARY => {
                let dictionary = dictionary.ok_or_else(|| Flaw::damaged("a dictionary is missing"))?;
                let width = take(&mut bytes, 1)?[0];
                gather(Hybrid::new(bytes, width, present)?, dictionary, out)
            }
            encoding::RLE if stored.physical == Physical::BOOLEAN => {
                let size = length(&mut bytes)?;
                out.add_bits(&runs_of_bits(take(&mut bytes, size)?, present)?)
            }
            encoding::DELTA_BINARY_PACKED => {
                let mut numbers = Vec::new();
                delta::integers(&mut bytes, present, &mut numbers)?;
                stored.plain(&stored.bytes_of(&numbers)?, present, out)
            }
            encoding::DELTA_LENGTH_BYTE_ARRAY => {
                delta::after_lengths(&mut bytes, present, spans)?;
                stored.add_spans(bytes, spans, out)
            }
            encoding::DELTA_BYTE_ARRAY => {
                let area = delta::with_beginnings(bytes, present, self.room, spans)?;
                match stored.physical {
                    Physical::FIXED_LEN_BYTE_ARRAY => stored.plain(&area, present, out),
                    _ => stored.add_spans(&area, spans, out),
                }
            }
            encoding::BYTE_STREAM_SPLIT if !matches!(stored.physical, Physical::BOOLEAN | Physical::BYTE_ARRAY) => {
                stored.plain(&stored.joined(bytes, present)?, present, out)
            }
            other => Err(Flaw::damaged(format!("{} values in an encoding of number {other}", stored.physical))),
        })
    }
}

/// Truth values in runs.
fn runs_of_bits(bytes: &[u8], count: usize) -> Outcome<MutableBitmap> {
    let mut out = MutableBitmap::new();
    let mut runs = Hybrid::new(bytes, 1, count)?;
    while let Some(run) = runs.next_run()? {
        match run {
            Run::Same(level, count) => out.extend_constant(count, level != 0),
            Run::Packed(packed) => out.extend_from_slice(packed.bytes, 0, packed.count),
        }
    }
    Ok(out)
}

/// Levels as early writers packed them: the highest bit first.
fn bits_from_the_top(bytes: &[u8], count: usize) -> MutableBitmap {
    (0..count).map(|at| bytes[at / 8] << (at % 8) & 0x80 != 0).collect()
}

impl Stored {
    /// Adds values that are stored as such.
    fn add_plain(&self, mut bytes: &[u8], count: usize, spans: &mut Spans, out: &mut Values) -> Outcome<()> {
        match self.physical {
            Physical::BOOLEAN => {
                let bits = take(&mut bytes, count.div_ceil(8))?;
                out.add_bits(&MutableBitmap::from_vec(bits.to_vec(), count))
            }
            Physical::BYTE_ARRAY => {
                texts::plain(bytes, count, spans)?;
                self.add_spans(bytes, spans, out)
            }
            _ => self.plain(bytes, count, out),
        }
    }

    fn add_spans(&self, area: &[u8], spans: &Spans, out: &mut Values) -> Outcome<()> {
        match out {
            Values::Text(texts) => texts.add(area, spans),
            Values::Double(doubles) if self.physical == Physical::BYTE_ARRAY => {
                self.decimals(area, spans, doubles);
                Ok(())
            }
            _ => Err(Flaw::Unfit(format!("{} is stored as {}", self.data_type, self.physical))),
        }
    }
}

/// Adds the dictionary's values at these places.
fn gather(places: Hybrid<'_>, dictionary: &mut Values, out: &mut Values) -> Outcome<()> {
    match (dictionary, out) {
        (Values::Int(dictionary), Values::Int(out)) => places.gather(dictionary, out),
        (Values::Big(dictionary), Values::Big(out)) => places.gather(dictionary, out),
        (Values::Double(dictionary), Values::Double(out)) => places.gather(dictionary, out),
        (Values::Text(dictionary), Values::Text(out)) => places.gather(dictionary.views_for(out), out.views_mut()),
        _ => Err(Flaw::damaged("a dictionary of truth values")),
    }
}
