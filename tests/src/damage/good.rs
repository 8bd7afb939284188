//! Good files, small and of many kinds: types, encodings, codecs, page versions, page index, bloom filters, nested columns.

use crate::extracts::Random;
use almanac_model::Type;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Decimal256Array, Float32Array, Float64Array, Int8Array,
    Int32Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray, Time32MillisecondArray,
    Time64MicrosecondArray, TimestampMicrosecondArray, TimestampNanosecondArray, UInt16Array, UInt64Array,
};
use arrow_schema::{DataType, Field, Fields};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::schema::types::ColumnPath;
use std::sync::Arc;

/// Rows of most files: enough for several row groups of several pages.
const ROWS: i64 = 240;
/// Rows of the file whose pages are fetched one by one.
const PAGED_ROWS: i64 = 4_000;
/// Bytes of its widest value: together more than a megabyte, as less is always read whole.
const PAD: usize = 300;

/// A good file.
#[derive(Debug, Clone)]
pub struct Good {
    /// What kind it is.
    pub name: &'static str,
    /// The file.
    pub bytes: Bytes,
    /// Columns that can be queried, as a manifest has them.
    pub columns: Vec<(String, Type)>,
    /// Rows.
    pub rows: u64,
    /// The condition of a query that needs some of its pages only.
    pub condition: Option<&'static str>,
}

/// All kinds.
#[must_use]
pub fn all() -> Vec<Good> {
    let mut all = Vec::new();
    let props = WriterProperties::builder;
    all.extend(written("plain", numbers(), props().set_dictionary_enabled(false)));
    all.extend(written("dictionary", texts(), props().set_compression(Compression::SNAPPY)));
    all.extend(written("open dictionary", texts(), props()));
    let second = || props().set_writer_version(WriterVersion::PARQUET_2_0);
    all.extend(written("second version", texts(), second().set_compression(Compression::ZSTD(ZstdLevel::default()))));
    all.extend(written("deltas", differences(), deltas(props())));
    all.extend(written(
        "packed deltas",
        differences(),
        deltas(second()).set_compression(Compression::GZIP(GzipLevel::default())),
    ));
    all.extend(written("times", times(), props().set_compression(Compression::LZ4_RAW)));
    all.extend(written("decimals", decimals(), props()));
    all.extend(written("nested", nested(), props().set_compression(Compression::LZ4)));
    all.extend(written(
        "no rows",
        vec![("n", Arc::new(Int64Array::from(Vec::<i64>::new()))), ("t", text_of(Vec::<&str>::new()))],
        props(),
    ));
    let paged = props()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_data_page_row_count_limit(100)
        .set_max_row_group_row_count(Some(2_000))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_bloom_filter_enabled(ColumnPath::from("code"), true)
        .set_column_dictionary_enabled(ColumnPath::from("pad"), false)
        .set_column_compression(ColumnPath::from("pad"), Compression::UNCOMPRESSED);
    all.extend(
        written("paged", pages(), paged)
            .map(|good| Good { condition: Some("id between 350 and 420 and code < 30"), ..good }),
    );
    all
}

/// A file of these columns, in row groups of a third of the rows unless told; `None` when it cannot be written.
fn written(name: &'static str, columns: Vec<(&str, ArrayRef)>, properties: WriterPropertiesBuilder) -> Option<Good> {
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).ok()?;
    let properties = properties.set_write_batch_size(20);
    let properties = if name == "paged" {
        properties
    } else {
        properties.set_max_row_group_row_count(Some(ROWS as usize / 3)).set_data_page_row_count_limit(40)
    };
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).ok()?;
    writer.write(&batch).ok()?;
    writer.close().ok()?;
    let columns = batch
        .schema()
        .fields()
        .iter()
        .filter_map(|field| Some((field.name().clone(), sql_type(field.data_type())?)))
        .collect();
    Some(Good { name, bytes: bytes.into(), columns, rows: batch.num_rows() as u64, condition: None })
}

/// The type a column has in a query, by the documentation of the import.
fn sql_type(data_type: &DataType) -> Option<Type> {
    Some(match data_type {
        DataType::Boolean => Type::Boolean,
        DataType::Int8 | DataType::Int32 | DataType::UInt16 => Type::Integer,
        DataType::Int64 | DataType::UInt64 => Type::BigInt,
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) | DataType::Decimal256(..) => Type::Double,
        DataType::Utf8 => Type::Varchar,
        DataType::Date32 => Type::Date,
        DataType::Time32(_) | DataType::Time64(_) => Type::Time,
        DataType::Timestamp(..) => Type::Timestamp,
        _ => return None,
    })
}

/// Some of the rows are NULL.
fn some<T>(values: impl Iterator<Item = T>) -> Vec<Option<T>> {
    values.enumerate().map(|(at, value)| (at % 7 != 3).then_some(value)).collect()
}

fn text_of<S: AsRef<str>>(values: Vec<S>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn numbers() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("b", Arc::new(BooleanArray::from(some((0..ROWS).map(|n| n % 3 == 0))))),
        ("i", Arc::new(Int32Array::from_iter_values((0..ROWS).map(|n| n as i32 * 7 - 500)))),
        ("s", Arc::new(Int8Array::from(some((0..ROWS).map(|n| n as i8))))),
        ("u", Arc::new(UInt64Array::from_iter_values((0..ROWS).map(|n| n as u64 * 1_000_003)))),
        ("x", Arc::new(Float64Array::from(some((0..ROWS).map(|n| n as f64 / 8.0))))),
        ("y", Arc::new(Float32Array::from_iter_values((0..ROWS).map(|n| n as f32 / 4.0)))),
        ("t", Arc::new(StringArray::from(some((0..ROWS).map(|n| format!("line {n} of a text that is long")))))),
    ]
}

fn texts() -> Vec<(&'static str, ArrayRef)> {
    let words = ["Ähre", "a word of more than twelve letters", "", "x"];
    vec![
        ("word", Arc::new(StringArray::from(some((0..ROWS).map(|n| words[n as usize % 4]))))),
        ("code", Arc::new(Int32Array::from(some((0..ROWS).map(|n| n as i32 % 5))))),
        ("big", Arc::new(Int64Array::from_iter_values((0..ROWS).map(|n| n % 11)))),
        ("long", text_of((0..ROWS).map(|n| format!("{n:>40}")).collect())),
        ("ratio", Arc::new(Float64Array::from_iter_values((0..ROWS).map(|n| (n % 6) as f64)))),
    ]
}

fn differences() -> Vec<(&'static str, ArrayRef)> {
    let name = |n: i64| format!("customer {:05}", n * n % 9_973);
    vec![
        ("id", Arc::new(Int64Array::from(some((0..ROWS).map(|n| n * n))))),
        ("small", Arc::new(Int32Array::from_iter_values((0..ROWS).map(|n| n as i32 % 90)))),
        ("name", Arc::new(StringArray::from(some((0..ROWS).map(name))))),
        ("path", text_of((0..ROWS).map(|n| format!("/a/folder/of/files/{:03}", n / 2)).collect())),
        ("x", Arc::new(Float64Array::from(some((0..ROWS).map(|n| n as f64 * 0.5))))),
        ("y", Arc::new(Float32Array::from_iter_values((0..ROWS).map(|n| n as f32)))),
    ]
}

fn deltas(properties: WriterPropertiesBuilder) -> WriterPropertiesBuilder {
    let encodings = [
        ("id", Encoding::DELTA_BINARY_PACKED),
        ("small", Encoding::DELTA_BINARY_PACKED),
        ("name", Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ("path", Encoding::DELTA_BYTE_ARRAY),
        ("x", Encoding::BYTE_STREAM_SPLIT),
        ("y", Encoding::BYTE_STREAM_SPLIT),
    ];
    encodings.into_iter().fold(properties.set_dictionary_enabled(false), |properties, (column, encoding)| {
        properties.set_column_encoding(ColumnPath::from(column), encoding)
    })
}

fn times() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("day", Arc::new(Date32Array::from(some((0..ROWS).map(|n| 20_000 + n as i32))))),
        ("clock", Arc::new(Time32MillisecondArray::from_iter_values((0..ROWS).map(|n| n as i32 * 1_000)))),
        ("fine", Arc::new(Time64MicrosecondArray::from(some((0..ROWS).map(|n| n * 999))))),
        (
            "at",
            Arc::new(
                TimestampMicrosecondArray::from_iter_values((0..ROWS).map(|n| n * 86_400_000_123)).with_timezone("UTC"),
            ),
        ),
        ("nanos", Arc::new(TimestampNanosecondArray::from(some((0..ROWS).map(|n| n * 1_000_000_007))))),
        ("port", Arc::new(UInt16Array::from_iter_values((0..ROWS).map(|n| n as u16 * 200)))),
    ]
}

/// Numbers of 4, 8, 16 and 32 bytes.
fn decimals() -> Vec<(&'static str, ArrayRef)> {
    let of = |precision: u8, scale: i8| {
        let values = Decimal128Array::from(some((0..ROWS).map(|n| i128::from(n % 40) * 17 - 99)));
        values.with_precision_and_scale(precision, scale).map(|array| Arc::new(array) as ArrayRef).ok()
    };
    let wide = Decimal256Array::from_iter_values((0..ROWS).map(|n| arrow_buffer::i256::from_i128(i128::from(n))));
    let wide = wide.with_precision_and_scale(60, 4).map(|array| Arc::new(array) as ArrayRef).ok();
    let all = [("small", of(7, 2)), ("middle", of(15, 2)), ("large", of(38, 6)), ("wide", wide)];
    all.into_iter().filter_map(|(name, array)| Some((name, array?))).collect()
}

fn nested() -> Vec<(&'static str, ArrayRef)> {
    let lists = (0..ROWS).map(|n| (n % 5 != 2).then(|| (0..n as i32 % 4).map(|m| (m != 2).then_some(m))));
    let fields = Fields::from(vec![Field::new("name", DataType::Utf8, true), Field::new("n", DataType::Int64, true)]);
    let parts: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(some((0..ROWS).map(|n| format!("part {n}"))))),
        Arc::new(Int64Array::from_iter_values(0..ROWS)),
    ];
    let mut columns: Vec<(&'static str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from_iter_values(0..ROWS))),
        ("tags", Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))),
    ];
    columns.extend(StructArray::try_new(fields, parts, None).ok().map(|both| ("both", Arc::new(both) as ArrayRef)));
    columns.push(("name", text_of((0..ROWS).map(|n| format!("name {}", n % 9)).collect())));
    columns
}

fn pages() -> Vec<(&'static str, ArrayRef)> {
    let mut random = Random::new(3);
    let mut pad = || (0..PAD).map(|_| char::from(b'!' + random.below(90) as u8)).collect::<String>();
    vec![
        ("id", Arc::new(Int64Array::from_iter_values(0..PAGED_ROWS))),
        ("code", Arc::new(Int32Array::from(some((0..PAGED_ROWS).map(|n| n as i32 % 97))))),
        ("pad", text_of((0..PAGED_ROWS).map(|_| pad()).collect())),
        ("name", text_of((0..PAGED_ROWS).map(|n| format!("name {}", n % 30)).collect())),
    ]
}
