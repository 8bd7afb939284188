//! Every encoding, page format and codec of Parquet that a writer at hand can make, read back: the values that were written.

use crate::common::*;
use almanac_engine::Engine;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use arrow::array::{
    BooleanArray, Date32Array, Decimal128Array, Decimal256Array, Float16Array, Float32Array, Float64Array, Int8Array,
    Int32Array, Int64Array, RecordBatch, StringArray, Time32MillisecondArray, TimestampNanosecondArray, UInt32Array,
};
use arrow::datatypes::{ArrowPrimitiveType, Float16Type, i256};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;
use std::collections::BTreeMap;

const ROWS: i64 = 2_500;

type Half = <Float16Type as ArrowPrimitiveType>::Native;

/// Which values are NULL.
#[derive(Debug, Clone, Copy)]
enum Gaps {
    None,
    Some,
    All,
}

impl Gaps {
    fn at(self, n: i64) -> bool {
        match self {
            Self::None => false,
            // Runs of both, and both in turn.
            Self::Some => n % 300 < 40 || n % 3 == 1 && n % 500 > 250,
            Self::All => true,
        }
    }
}

/// A number that grows in some parts, jumps in others, and stays in some.
fn number(n: i64) -> i64 {
    match n / 400 {
        0 => n,
        1 => 77,
        2 => n.wrapping_mul(6_364_136_223_846_793_005) >> 40,
        _ => -n * 3,
    }
}

fn text(n: i64) -> String {
    match n % 6 {
        0 => String::new(),
        1 => format!("a text of more than twelve bytes {}", number(n) % 90),
        2 => "twelve bytes".to_owned(),
        3 => format!("ä\u{10FFFF}{}", n % 50),
        4 => format!("https://example.org/a/long/way/{n}"),
        _ => format!("k{}", n % 7),
    }
}

/// The columns, and for each value the text that the engine must give.
fn table(gaps: Gaps) -> (RecordBatch, Vec<Vec<String>>) {
    let rows = || 0..ROWS;
    let put = |n: i64| !gaps.at(n);
    let some = |value: fn(i64) -> i64| rows().map(|n| put(n).then(|| value(n))).collect::<Vec<Option<i64>>>();
    let of = |numbers: &[Option<i64>], value: fn(i64) -> String| -> Vec<String> {
        numbers.iter().map(|n| n.map_or("NULL".to_owned(), value)).collect()
    };
    let numbers = some(number);
    let small = some(|n| number(n) % 100);
    let narrow = |numbers: &[Option<i64>]| numbers.iter().map(|n| n.map(|n| n as i32)).collect::<Vec<_>>();
    let texts: Vec<Option<String>> = rows().map(|n| put(n).then(|| text(n))).collect();
    let truths: Vec<Option<bool>> = rows().map(|n| put(n).then_some(n / 20 % 3 == 0 || n % 7 == 2)).collect();
    let wide: Decimal256Array = numbers.iter().map(|n| n.map(i256::from)).collect();
    let columns: Vec<(&str, arrow::array::ArrayRef, Vec<String>)> = vec![
        ("i32", array(Int32Array::from(narrow(&numbers))), of(&numbers, |n| (n as i32).to_string())),
        ("i64", array(Int64Array::from(numbers.clone())), of(&numbers, |n| n.to_string())),
        ("i8", array(small.iter().map(|n| n.map(|n| n as i8)).collect::<Int8Array>()), of(&small, |n| n.to_string())),
        (
            "u32",
            array(numbers.iter().map(|n| n.map(|n| n as u32)).collect::<UInt32Array>()),
            of(&numbers, |n| (n as u32).to_string()),
        ),
        (
            "f64",
            array(numbers.iter().map(|n| n.map(|n| n as f64 / 8.0)).collect::<Float64Array>()),
            of(&numbers, |n| format!("{:?}", n as f64 / 8.0)),
        ),
        (
            "f32",
            array(small.iter().map(|n| n.map(|n| n as f32 / 4.0)).collect::<Float32Array>()),
            of(&small, |n| format!("{:?}", n as f64 / 4.0)),
        ),
        (
            "f16",
            array(small.iter().map(|n| n.map(|n| Half::from_f64(n as f64 / 4.0))).collect::<Float16Array>()),
            of(&small, |n| format!("{:?}", n as f64 / 4.0)),
        ),
        (
            "cents",
            array(
                numbers
                    .iter()
                    .map(|n| n.map(i128::from))
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(18, 2)
                    .unwrap(),
            ),
            of(&numbers, |n| format!("{:?}", n as f64 / 100.0)),
        ),
        (
            "long",
            array(
                numbers
                    .iter()
                    .map(|n| n.map(i128::from))
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(30, 3)
                    .unwrap(),
            ),
            of(&numbers, |n| format!("{:?}", n as f64 / 1000.0)),
        ),
        (
            "longest",
            array(wide.with_precision_and_scale(60, 3).unwrap()),
            of(&numbers, |n| format!("{:?}", n as f64 / 1000.0)),
        ),
        ("day", array(Date32Array::from(narrow(&small))), of(&small, |n| format!("day {n}"))),
        ("time", array(Time32MillisecondArray::from(narrow(&small))), of(&small, |n| (n * 1_000).to_string())),
        ("at", array(TimestampNanosecondArray::from(numbers.clone())), of(&numbers, |n| (n / 1_000).to_string())),
        ("truth", array(BooleanArray::from(truths.clone())), {
            truths.iter().map(|truth| truth.map_or("NULL".to_owned(), |truth| truth.to_string())).collect()
        }),
        ("text", array(StringArray::from(texts.clone())), {
            texts.iter().map(|text| text.clone().unwrap_or("NULL".to_owned())).collect()
        }),
    ];
    let nullable = !matches!(gaps, Gaps::None);
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.iter().map(|(name, array, _)| (*name, array.clone(), nullable)),
    );
    let shown = (0..ROWS as usize).map(|row| columns.iter().map(|(_, _, shown)| shown[row].clone()).collect());
    (batch.unwrap(), shown.collect())
}

/// Encodings to be tried for all columns that have them.
const TURNS: [Option<Encoding>; 6] = [
    None,
    Some(Encoding::PLAIN),
    Some(Encoding::DELTA_BINARY_PACKED),
    Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
    Some(Encoding::DELTA_BYTE_ARRAY),
    Some(Encoding::BYTE_STREAM_SPLIT),
];

fn has(column: &str, encoding: Encoding) -> bool {
    let fixed = ["f16", "long", "longest"];
    match encoding {
        Encoding::DELTA_BINARY_PACKED => ["i32", "i64", "i8", "u32", "cents", "day", "time", "at"].contains(&column),
        Encoding::DELTA_LENGTH_BYTE_ARRAY => column == "text",
        Encoding::DELTA_BYTE_ARRAY => column == "text" || fixed.contains(&column),
        Encoding::BYTE_STREAM_SPLIT => !["text", "truth"].contains(&column),
        _ => true,
    }
}

#[test]
fn what_was_written_is_read() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for gaps in [Gaps::None, Gaps::Some, Gaps::All] {
        let (batch, expected) = table(gaps);
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for (turn, encoding) in TURNS.into_iter().enumerate() {
                let codec = codecs[(turn + version.as_num() as usize) % codecs.len()];
                let mut properties = WriterProperties::builder()
                    .set_writer_version(version)
                    .set_compression(codec)
                    .set_write_batch_size(64)
                    .set_data_page_row_count_limit(700)
                    .set_dictionary_enabled(encoding.is_none())
                    // Numbers outgrow their dictionary, so that one chunk has pages of both kinds.
                    .set_dictionary_page_size_limit(4_000)
                    .set_max_row_group_row_count(Some(1_800));
                for field in batch.schema().fields() {
                    if let Some(encoding) = encoding.filter(|encoding| has(field.name(), *encoding)) {
                        properties = properties.set_column_encoding(ColumnPath::from(field.name().as_str()), encoding);
                    }
                }
                let mut bytes = Vec::new();
                let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
                writer.write(&batch).unwrap();
                writer.close().unwrap();

                let mut engine = Engine::new(Manifest::default(), Limits::default());
                let (_, warnings) = engine.open_file("written.parquet", bytes.into()).unwrap();
                assert!(warnings.is_empty(), "{warnings:?}");
                let answer = block_on(engine.query(&MemoryHost::default(), "select * from written", &BTreeMap::new()));
                let read = rows(&answer.unwrap().result);
                assert_eq!(read.len(), expected.len());
                for (row, (read, expected)) in read.iter().zip(&expected).enumerate() {
                    assert_eq!(read, expected, "row {row}: {gaps:?}, {version:?}, {encoding:?}, {codec}");
                }
            }
        }
    }
}
