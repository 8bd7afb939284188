//! Files that claim much: deep and wide schemas, thousands of row groups, values that unfold to gigabytes, extreme and odd values.

use super::Case;
use super::file::{CHUNKS, File, GROUPS, META, ROWS, SCHEMA, whole};
use super::thrift::{self, Struct, Value, field, field_mut, varint};
use arrow_array::{
    ArrayRef, BinaryArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, Time64MicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use std::sync::Arc;

/// All of them, by name.
#[must_use]
pub fn cases() -> Vec<Case> {
    let mut all: Vec<(String, Vec<u8>)> = vec![
        // Once a reader took 100 GiB for them: <https://github.com/pola-rs/polars/pull/27490>.
        ("seven bytes".into(), whole(b"PAR1", &[0x2b, 0xf9, 0xee, 0xee, 0xee, 0xee, 0x43])),
        ("no footer".into(), whole(b"PAR1", &[])),
        ("an empty footer".into(), whole(b"PAR1", &[0])),
    ];
    if let Some(file) = number_file() {
        all.extend([33, 1_000, 100_000].map(|levels| (format!("{levels} levels"), deep(&file, levels))));
        all.push(("2147483647 columns claimed".into(), claimed(&file)));
        all.extend(
            [100, 10_000].map(|columns| (format!("{columns} columns"), wide(&file, columns, |n| format!("c{n}")))),
        );
        all.push(("100 columns of one name".into(), wide(&file, 100, |_| "same".into())));
        all.push(("10000 row groups".into(), groups(&file, 10_000)));
        all.push(("rows beyond counting".into(), rows(&file)));
    }
    all.extend(text_file(vec!["a".repeat(100 << 20)]).map(|bytes| ("a text of 100 MiB".into(), bytes)));
    all.extend(shared().map(|bytes| ("gigabytes of shared beginnings".into(), bytes)));
    all.extend(odd().map(|bytes| ("extreme values".into(), bytes)));
    all.extend(no_letters().map(|bytes| ("texts that are none".into(), bytes)));
    all.into_iter().map(|(name, bytes)| Case { name: format!("large/{name}"), bytes: bytes.into() }).collect()
}

/// A file of these columns.
fn file_of(columns: Vec<(&str, ArrayRef)>, properties: WriterPropertiesBuilder) -> Option<Vec<u8>> {
    let batch = RecordBatch::try_from_iter(columns).ok()?;
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).ok()?;
    writer.write(&batch).ok()?;
    writer.close().ok()?;
    Some(bytes)
}

fn number_file() -> Option<File> {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..10));
    File::read(&file_of(vec![("n", numbers)], WriterProperties::builder())?)
}

fn text_file(texts: Vec<String>) -> Option<Vec<u8>> {
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(zstd).set_dictionary_enabled(false);
    file_of(vec![("t", Arc::new(StringArray::from_iter_values(texts)))], properties)
}

/// An element of a schema that has so many parts.
fn group(name: &str, parts: i64) -> Value {
    Value::Struct(vec![(3, Value::Int(5, 1)), (4, Value::Bytes(name.into())), (5, Value::Int(5, parts))])
}

fn with_schema(file: &File, change: impl FnOnce(&mut Vec<Value>)) -> Struct {
    let mut footer = file.footer.clone();
    if let Some(Value::List(_, elements)) = field_mut(&mut footer, SCHEMA) {
        change(elements);
    }
    footer
}

fn deep(file: &File, levels: usize) -> Vec<u8> {
    let footer = with_schema(file, |elements| {
        let leaf = elements.pop();
        elements.extend((0..levels).map(|level| group(&format!("g{level}"), 1)));
        elements.extend(leaf);
    });
    file.with_footer(&thrift::write(&footer))
}

fn claimed(file: &File) -> Vec<u8> {
    let footer = with_schema(file, |elements| elements[0] = group("schema", i64::from(i32::MAX)));
    file.with_footer(&thrift::write(&footer))
}

/// Columns that all lie in the same place.
fn wide(file: &File, columns: usize, name: impl Fn(usize) -> String) -> Vec<u8> {
    let mut footer = with_schema(file, |elements| {
        elements[0] = group("schema", columns as i64);
        let Value::Struct(leaf) = elements.remove(1) else { return };
        elements.extend((0..columns).map(|n| {
            let mut leaf = leaf.clone();
            if let Some(Value::Bytes(own)) = field_mut(&mut leaf, 4) {
                *own = name(n).into_bytes();
            }
            Value::Struct(leaf)
        }));
    });
    // The order of each column is told too.
    footer.retain(|(id, _)| *id != 7);
    if let Some(Value::List(_, groups)) = field_mut(&mut footer, GROUPS) {
        for group in groups {
            let Value::Struct(group) = group else { continue };
            let Some(Value::List(_, chunks)) = field_mut(group, CHUNKS) else { continue };
            let one = chunks.remove(0);
            chunks.extend((0..columns).map(|n| {
                let mut one = one.clone();
                if let Value::Struct(chunk) = &mut one
                    && let Some(Value::Struct(meta)) = field_mut(chunk, META)
                    && let Some(Value::List(_, path)) = field_mut(meta, 3)
                {
                    *path = vec![Value::Bytes(name(n).into_bytes())];
                }
                one
            }));
        }
    }
    file.with_footer(&thrift::write(&footer))
}

fn groups(file: &File, count: usize) -> Vec<u8> {
    let mut footer = file.footer.clone();
    if let Some(Value::List(_, groups)) = field_mut(&mut footer, GROUPS) {
        let one = groups[0].clone();
        *groups = vec![one; count];
    }
    if let Some(Value::Int(_, rows)) = field_mut(&mut footer, ROWS) {
        *rows *= count as i64;
    }
    file.with_footer(&thrift::write(&footer))
}

fn rows(file: &File) -> Vec<u8> {
    let mut footer = file.footer.clone();
    let many = Value::Int(6, 1 << 40);
    if let Some(rows) = field_mut(&mut footer, ROWS) {
        *rows = many.clone();
    }
    if let Some(Value::List(_, groups)) = field_mut(&mut footer, GROUPS)
        && let Some(Value::Struct(group)) = groups.first_mut()
        && let Some(rows) = field_mut(group, 3)
    {
        *rows = many;
    }
    file.with_footer(&thrift::write(&footer))
}

/// Ten thousand texts of a megabyte, each the same as the one before: 10 GB in a page of a megabyte.
fn shared() -> Option<Vec<u8>> {
    const COUNT: usize = 10_000;
    const LENGTH: u32 = 1_000_000;
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..COUNT).map(|_| "a")));
    let properties = WriterProperties::builder().set_dictionary_enabled(false).set_encoding(Encoding::DELTA_BYTE_ARRAY);
    let file = File::read(&file_of(vec![("t", texts)], properties)?)?;
    let page = file.pages.first()?;
    let mut shared = vec![LENGTH; COUNT];
    shared[0] = 0;
    let mut own = vec![0; COUNT];
    own[0] = LENGTH;
    let body = [deltas(&shared), deltas(&own), vec![b'a'; LENGTH as usize]].concat();
    let mut header = page.header.clone();
    for id in [2, 3] {
        *field_mut(&mut header, id)? = Value::Int(5, body.len() as i64);
    }
    let both = [thrift::write(&header), body].concat();
    Some(file.with_bytes(&(page.head.start..page.body.end), page.chunk, &both))
}

/// Numbers as differences of 32 bits, in blocks of 128.
fn deltas(numbers: &[u32]) -> Vec<u8> {
    let mut out = vec![0x80, 1, 4];
    varint(numbers.len() as u64, &mut out);
    varint(u64::from(numbers[0]) << 1, &mut out);
    let differences: Vec<u32> = numbers.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect();
    for block in differences.chunks(128) {
        out.extend([0, 32, 32, 32, 32]);
        let filled = block.iter().copied().chain(std::iter::repeat(0)).take(128.min(block.len().div_ceil(32) * 32));
        filled.for_each(|number| out.extend(number.to_le_bytes()));
    }
    out
}

/// The ends of every type's range.
fn odd() -> Option<Vec<u8>> {
    let decimals = Decimal128Array::from(vec![10_i128.pow(38) - 1, -(10_i128.pow(38) - 1), 0])
        .with_precision_and_scale(38, 0)
        .ok()?;
    file_of(
        vec![
            ("day", Arc::new(Date32Array::from(vec![i32::MIN, i32::MAX, 0]))),
            ("clock", Arc::new(Time64MicrosecondArray::from(vec![i64::MIN, i64::MAX, -1]))),
            ("millis", Arc::new(TimestampMillisecondArray::from(vec![i64::MIN / 1_000, i64::MAX / 1_000, 0]))),
            ("nanos", Arc::new(TimestampNanosecondArray::from(vec![i64::MIN, i64::MAX, 0]))),
            ("x", Arc::new(Float64Array::from(vec![f64::NAN, f64::INFINITY, -0.0]))),
            ("d", Arc::new(decimals)),
            ("n", Arc::new(Int64Array::from(vec![i64::MIN, i64::MAX, 0]))),
            ("t", Arc::new(StringArray::from(vec!["\0", "\u{10ffff}", ""]))),
        ],
        WriterProperties::builder(),
    )
}

/// Bytes that are said to be texts.
fn no_letters() -> Option<Vec<u8>> {
    let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![&b"\xff\xfe"[..], b"a\x80b", b"\xc3"]));
    let file = File::read(&file_of(vec![("t", bytes)], WriterProperties::builder())?)?;
    let footer = with_schema(&file, |elements| {
        if let Some(Value::Struct(leaf)) = elements.get_mut(1) {
            leaf.retain(|(id, _)| *id < 6);
            leaf.push((6, Value::Int(5, 0)));
        }
    });
    field(&footer, SCHEMA)?;
    Some(file.with_footer(&thrift::write(&footer)))
}

/// Ten million rows: a hundred row groups that all lie in the same place.
#[must_use]
pub fn ten_million_rows() -> Option<Bytes> {
    const ROWS: i64 = 100_000;
    let words = ["north", "south", "east", "the west of the country"];
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("n", Arc::new(Int64Array::from_iter_values((0..ROWS).map(|n| n % 1_000)))),
        ("k", Arc::new(Int32Array::from_iter_values((0..ROWS).map(|n| n as i32 % 7)))),
        ("x", Arc::new(Float64Array::from_iter_values((0..ROWS).map(|n| (n % 500) as f64 / 4.0)))),
        ("t", Arc::new(StringArray::from_iter_values((0..ROWS).map(|n| words[n as usize % 4])))),
    ];
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
    Some(groups(&File::read(&file_of(columns, properties)?)?, 100).into())
}
