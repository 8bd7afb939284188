//! Extracts by ranges, dropped files, and files that are not what they say.

use std::sync::Arc;

use crate::common::*;
use almanac_model::Type;
use almanac_sql::catalog::Catalog;
use almanac_sql::plan::Plan;
use arrow::array::{
    Array, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    TimestampMillisecondArray, UInt16Array, UInt64Array,
};
use arrow::datatypes::Int32Type;
use bytes::Bytes;

const ROWS: i64 = 120_000;

/// A file large enough to be read by ranges.
fn large(from: i64) -> Bytes {
    let noise = |n: i64| n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 7;
    parquet(
        vec![
            ("id", array(Int64Array::from_iter_values(from..from + ROWS))),
            ("amount", array(Float64Array::from_iter_values((from..from + ROWS).map(|n| noise(n) as f64)))),
            ("name", array(StringArray::from_iter_values((from..from + ROWS).map(|n| format!("name {}", n % 3))))),
            (
                "blob",
                array(StringArray::from_iter_values(
                    (from..from + ROWS).map(|n| format!("{:x}{:x}", noise(n), noise(n + 1))),
                )),
            ),
        ],
        30_000,
    )
}

const FIELDS: [(&str, Type); 4] =
    [("id", Type::BigInt), ("amount", Type::Double), ("name", Type::Varchar), ("blob", Type::Varchar)];

fn scan(table: &str, columns: &[(&str, u32, Type)]) -> Plan {
    Plan::Scan {
        table: table.to_owned(),
        columns: columns.iter().map(|(source, id, ty)| ((*source).to_owned(), field(*id, *ty))).collect(),
    }
}

#[test]
fn only_the_wanted_columns_are_fetched_once() {
    let (first, second) = (large(0), large(ROWS));
    let mut host = MemoryHost::default();
    host.files.insert("t/1.parquet".into(), first.clone());
    host.files.insert("t/2.parquet".into(), second.clone());
    let files = vec![file("t/1.parquet", &first, ROWS as u64), file("t/2.parquet", &second, ROWS as u64)];
    let total: u64 = files.iter().map(|file| file.bytes).sum();
    let mut engine = engine(vec![resource("t", &FIELDS, files)]);

    let ids = query(scan("t", &[("id", 0, Type::BigInt)]), &[(0, Type::BigInt)]);
    let answer = block_on(engine.run(&host, &ids)).unwrap();
    assert_eq!((answer.result.rows(), answer.reading.rows_read), (2 * ROWS as u64, 2 * ROWS as u64));
    assert!(
        answer.reading.bytes_fetched > 0 && answer.reading.bytes_fetched < total / 2,
        "{} of {total}",
        answer.reading.bytes_fetched
    );
    let page = answer.result.page(ROWS as u64 - 1, 2, None, |_, value| format!("{value:?}"));
    assert_eq!(page.rows, [[Some("Int(119999)".to_owned())], [Some("Int(120000)".to_owned())]]);

    let again = block_on(engine.run(&host, &ids)).unwrap();
    assert_eq!(again.reading.bytes_fetched, 0);
    let both = query(scan("t", &[("id", 0, Type::BigInt), ("name", 1, Type::Varchar)]), &[(1, Type::Varchar)]);
    let before = host.reads.borrow().len();
    assert_eq!(block_on(engine.run(&host, &both)).unwrap().result.rows(), 2 * ROWS as u64);
    assert!(host.reads.borrow().len() > before);
}

#[test]
fn types_are_widened_and_nested_columns_left_out() {
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)]), None]);
    let bytes = parquet(
        vec![
            ("u16", array(UInt16Array::from(vec![Some(65_535), None]))),
            ("price", array(Decimal128Array::from(vec![1250, -1]).with_precision_and_scale(15, 2).unwrap())),
            ("day", array(Date32Array::from(vec![19_782, 0]))),
            ("at", array(TimestampMillisecondArray::from(vec![1_500, -1]))),
            ("list", array(lists)),
        ],
        10,
    );
    let mut engine = engine(Vec::new());
    let (table, warnings) = engine.open_file("Q4 Extract (final).parquet", bytes).unwrap();
    assert_eq!(table.name, "q4_extract__final");
    assert_eq!((warnings.len(), warnings[0].code.0.as_ref()), (1, "unreadable-column"));
    let types: Vec<Type> = engine.table("Q4_EXTRACT__FINAL").unwrap().columns.iter().map(|(_, ty)| *ty).collect();
    assert_eq!(types, [Type::Integer, Type::Double, Type::Date, Type::Timestamp]);
    let all =
        [("u16", 0, Type::Integer), ("price", 1, Type::Double), ("day", 2, Type::Date), ("at", 3, Type::Timestamp)];
    let plan = scan("q4_extract__final", &all);
    let output = [(0, Type::Integer), (1, Type::Double), (2, Type::Date), (3, Type::Timestamp)];
    let result = run(&mut engine, &query(plan, &output)).unwrap();
    assert_eq!(rows(&result), [["65535", "12.5", "day 19782", "1500000"], ["NULL", "-0.01", "day 0", "-1000"]]);
}

#[test]
fn a_number_too_large_is_named() {
    let bytes = parquet(vec![("n", array(UInt64Array::from(vec![u64::MAX])))], 10);
    let error = engine(Vec::new()).open_file("n.parquet", bytes).unwrap_err();
    assert_eq!(error.code.0, "unreadable-column");
    assert!(error.message.contains("`n`"), "{}", error.message);
}

#[test]
fn files_that_are_not_what_the_manifest_says() {
    let bytes = large(0);
    let honest = file("t.parquet", &bytes, ROWS as u64);
    let check = |served: Option<Bytes>, claimed: almanac_model::manifest::File, code: &str| {
        let mut host = MemoryHost::default();
        if let Some(served) = served {
            host.files.insert("t.parquet".into(), served);
        }
        let mut engine = engine(vec![resource("t", &FIELDS, vec![claimed])]);
        let ids = query(scan("t", &[("id", 0, Type::BigInt)]), &[(0, Type::BigInt)]);
        let error = block_on(engine.run(&host, &ids)).unwrap_err();
        assert_eq!(error.code.0, code, "{}", error.message);
        assert!(!error.hints.is_empty());
    };
    check(None, honest.clone(), "file-missing");
    check(Some(bytes.slice(..bytes.len() / 2)), honest.clone(), "file-changed");
    check(
        Some(bytes.clone()),
        almanac_model::manifest::File { footer_start: honest.footer_start - 4, ..honest.clone() },
        "file-changed",
    );
    check(
        Some(bytes.clone()),
        almanac_model::manifest::File { footer_start: u64::MAX, ..honest.clone() },
        "file-changed",
    );
    check(Some(bytes), almanac_model::manifest::File { rows: 1, ..honest }, "file-changed");

    // A small file is read whole, so its hash is looked at.
    let small = parquet(vec![("id", array(Int64Array::from(vec![1, 2])))], 10);
    let claimed = almanac_model::manifest::File { sha256: "00".repeat(32), ..file("t.parquet", &small, 2) };
    check(Some(small.clone()), claimed, "file-changed");
    let longer = Bytes::from([small.as_ref(), &[0; 100]].concat());
    check(Some(longer), file("t.parquet", &small, 2), "file-changed");
}

#[test]
fn damaged_parquet_never_panics() {
    let bytes = parquet(
        vec![
            ("id", array(Int64Array::from_iter_values(0..500))),
            ("name", array(StringArray::from_iter_values((0..500).map(|n| n.to_string())))),
        ],
        100,
    );
    let mut variants: Vec<Vec<u8>> = Vec::new();
    let len = bytes.len();
    variants.extend((0..len).step_by(7).chain(len - 64..len).map(|cut| bytes[..cut].to_vec()));
    for claimed in [0_u32, 1, len as u32, u32::MAX, 1 << 31, 17 << 20] {
        let mut copy = bytes.to_vec();
        copy[len - 8..len - 4].copy_from_slice(&claimed.to_le_bytes());
        variants.push(copy);
    }
    for at in (0..len).step_by(3) {
        let mut copy = bytes.to_vec();
        copy[at] ^= 0x55;
        variants.push(copy);
    }
    // Seven bytes that once made a reader allocate 100 GiB.
    let bomb = [0x2b, 0xf9, 0xee, 0xee, 0xee, 0xee, 0x43];
    variants.push([b"PAR1".as_slice(), &bomb, &7_u32.to_le_bytes(), b"PAR1"].concat());
    for variant in variants {
        let mut engine = engine(Vec::new());
        if let Err(error) = engine.open_file("damaged.parquet", Bytes::from(variant)) {
            assert!(!error.message.is_empty());
        }
        let one = Plan::Values { fields: vec![field(0, Type::BigInt)], rows: vec![vec![lit(1, Type::BigInt)]] };
        assert_eq!(rows(&run(&mut engine, &query(one, &[(0, Type::BigInt)])).unwrap()), [["1"]]);
    }
}

#[test]
fn foreign_and_empty_files_are_named() {
    let mut engine = engine(Vec::new());
    for (bytes, code) in [
        (&b""[..], "empty-file"),
        (b"PK\x03\x04....", "foreign-file"),
        (b"{\"a\": 1}", "foreign-file"),
        (b"\x00\x01\x02\x03", "foreign-file"),
        (b"PAR1", "damaged-file"),
        (b"ARROW1\0\0garbage", "damaged-file"),
    ] {
        assert_eq!(engine.open_file("x", Bytes::from_static(bytes)).unwrap_err().code.0, code, "{bytes:?}");
    }
    assert!(engine.table_names().is_empty());
}

#[test]
fn arrow_files_streams_and_csv_open() {
    let batch = RecordBatch::try_from_iter([
        ("n", Arc::new(Int64Array::from(vec![Some(1), None])) as Arc<dyn Array>),
        ("t", Arc::new(StringArray::from(vec!["a", "b"]))),
    ])
    .unwrap();
    let mut stream = Vec::new();
    let mut writer = arrow::ipc::writer::StreamWriter::try_new(&mut stream, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    let options = arrow::ipc::writer::IpcWriteOptions::default()
        .try_with_compression(Some(arrow::ipc::CompressionType::ZSTD))
        .unwrap();
    let mut compressed = Vec::new();
    let mut writer =
        arrow::ipc::writer::FileWriter::try_new_with_options(&mut compressed, &batch.schema(), options).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();

    let mut engine = engine(Vec::new());
    for bytes in [Bytes::from(stream), Bytes::from(compressed), Bytes::from_static(b"n,t\n1,a\n,b\n")] {
        let (table, warnings) = engine.open_file("data.bin", bytes).unwrap();
        assert!(warnings.is_empty());
        let plan = scan(&table.name, &[("n", 0, Type::BigInt), ("t", 1, Type::Varchar)]);
        let result = run(&mut engine, &query(plan, &[(0, Type::BigInt), (1, Type::Varchar)])).unwrap();
        assert_eq!(rows(&result), [["1", "a"], ["NULL", "b"]]);
    }
    assert_eq!(engine.table_names(), ["data", "data_2", "data_3"]);
    engine.close("DATA_2");
    assert_eq!(engine.table_names(), ["data", "data_3"]);
}

#[test]
fn a_table_too_large_for_memory_is_refused_before_it_is_fetched() {
    let bytes = large(0);
    let resource = resource("t", &FIELDS, vec![file("t.parquet", &bytes, ROWS as u64)]);
    let limits = almanac_model::protocol::Limits { memory_bytes: 1_000_000, ..Default::default() };
    let manifest = almanac_model::manifest::Manifest { resources: vec![resource], ..Default::default() };
    let mut engine = almanac_engine::Engine::new(manifest, limits);
    let host = MemoryHost::default();
    let ids = query(scan("t", &[("id", 0, Type::BigInt)]), &[(0, Type::BigInt)]);
    assert_eq!(block_on(engine.run(&host, &ids)).unwrap_err().code.0, "over-budget");
    assert!(host.reads.borrow().is_empty());
}
