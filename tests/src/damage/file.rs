//! A good file taken apart: its footer as a tree, and where its pages lie. The field numbers are those of `parquet.thrift`
//! (<https://github.com/apache/parquet-format>).

use super::thrift::{self, Struct, Value, field, field_mut};
use std::ops::Range;

/// Fields of `FileMetaData`.
pub const SCHEMA: i16 = 2;
/// Rows of the file.
pub const ROWS: i16 = 3;
/// Row groups.
pub const GROUPS: i16 = 4;
/// Fields of `RowGroup`: its chunks.
pub const CHUNKS: i16 = 1;
/// Fields of `ColumnChunk`: what it is made of.
pub const META: i16 = 3;
/// Fields of `ColumnMetaData`: how it is compressed.
pub const CODEC: i16 = 4;
/// Bytes of its pages as they lie in the file.
pub const PACKED: i16 = 7;
/// Where its first data page lies.
pub const DATA: i16 = 9;
/// Where its dictionary lies.
pub const DICTIONARY: i16 = 11;

/// Fields of `ColumnChunk` that are places in the file, and those of its `ColumnMetaData`.
const PLACES: ([i16; 3], [i16; 4]) = ([2, 4, 6], [DATA, 10, DICTIONARY, 14]);

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The row group and the chunk in it.
    pub chunk: (usize, usize),
    /// What its header says.
    pub header: Struct,
    /// Where the header lies.
    pub head: Range<usize>,
    /// Where the page lies.
    pub body: Range<usize>,
}

/// A file taken apart.
#[derive(Debug, Clone)]
pub struct File {
    /// All of it.
    pub bytes: Vec<u8>,
    /// Its footer.
    pub footer: Struct,
    /// Where that begins.
    pub start: usize,
    /// Its pages in the order in which they lie.
    pub pages: Vec<Page>,
}

impl File {
    /// Takes a good file apart.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let start = footer_start(bytes)?;
        let (footer, _) = thrift::read(bytes.get(start..)?)?;
        let mut file = Self { bytes: bytes.to_vec(), footer, start, pages: Vec::new() };
        let mut pages = Vec::new();
        for (group, chunks) in file.groups().enumerate() {
            for (at, chunk) in chunks.iter().enumerate() {
                pages.extend(file.pages_of((group, at), chunk)?);
            }
        }
        pages.sort_by_key(|page| page.head.start);
        file.pages = pages;
        Some(file)
    }

    /// The chunks of each row group.
    pub fn groups(&self) -> impl Iterator<Item = &[Value]> {
        let groups = field(&self.footer, GROUPS).and_then(Value::list).unwrap_or_default();
        groups.iter().map(|group| group.fields().and_then(|group| field(group, CHUNKS)?.list()).unwrap_or_default())
    }

    fn pages_of(&self, chunk: (usize, usize), value: &Value) -> Option<Vec<Page>> {
        let meta = field(value.fields()?, META)?.fields()?;
        let number = |id| field(meta, id).and_then(Value::int).and_then(|number| usize::try_from(number).ok());
        let mut at = number(DICTIONARY).or(number(DATA))?;
        let end = at + number(PACKED)?;
        let mut pages = Vec::new();
        while at < end {
            let (header, length) = thrift::read(self.bytes.get(at..end)?)?;
            let packed = usize::try_from(field(&header, 3)?.int()?).ok()?;
            let body = at + length..at + length + packed;
            pages.push(Page { chunk, header, head: at..body.start, body: body.clone() });
            at = body.end;
        }
        Some(pages)
    }

    /// The same data behind another footer.
    #[must_use]
    pub fn with_footer(&self, footer: &[u8]) -> Vec<u8> {
        whole(&self.bytes[..self.start], footer)
    }

    /// The file with other bytes in a place; what lies behind moves, and the footer knows.
    #[must_use]
    pub fn with_bytes(&self, place: &Range<usize>, chunk: (usize, usize), bytes: &[u8]) -> Vec<u8> {
        let data = [&self.bytes[..place.start], bytes, &self.bytes[place.end..self.start]].concat();
        let by = bytes.len() as i64 - place.len() as i64;
        let mut footer = self.footer.clone();
        each_chunk(&mut footer, |at, value| {
            let moved = |value: &mut Value| {
                if let Value::Int(_, number) = value
                    && *number > place.start as i64
                {
                    *number += by;
                }
            };
            let Value::Struct(fields) = value else { return };
            PLACES.0.iter().for_each(|id| field_mut(fields, *id).into_iter().for_each(moved));
            let Some(Value::Struct(meta)) = field_mut(fields, META) else { return };
            PLACES.1.iter().for_each(|id| field_mut(meta, *id).into_iter().for_each(moved));
            if let Some(Value::Int(_, packed)) = field_mut(meta, PACKED).filter(|_| at == chunk) {
                *packed += by;
            }
        });
        whole(&data, &thrift::write(&footer))
    }
}

/// Where the footer of a file begins.
#[must_use]
pub fn footer_start(bytes: &[u8]) -> Option<usize> {
    let (rest, tail) = bytes.split_last_chunk::<8>()?;
    let length = u32::from_le_bytes(*tail.first_chunk()?) as usize;
    rest.len().checked_sub(length)
}

/// Data and footer as a file.
#[must_use]
pub fn whole(data: &[u8], footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap_or(u32::MAX);
    [data, footer, &length.to_le_bytes(), b"PAR1"].concat()
}

/// Calls `change` with each chunk of a footer and its place: row group and number in it.
pub fn each_chunk(footer: &mut Struct, mut change: impl FnMut((usize, usize), &mut Value)) {
    let Some(Value::List(_, groups)) = field_mut(footer, GROUPS) else { return };
    for (at, group) in groups.iter_mut().enumerate() {
        let Value::Struct(group) = group else { continue };
        let Some(Value::List(_, chunks)) = field_mut(group, CHUNKS) else { continue };
        chunks.iter_mut().enumerate().for_each(|(chunk, value)| change((at, chunk), value));
    }
}
