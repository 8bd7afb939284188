//! Only the bytes a query needs: row groups and pages that a condition rules out, neighbours fetched together, and the same answers
//! as without any of it.

use std::collections::BTreeMap;

use crate::common::*;
use almanac_engine::Engine;
use almanac_model::manifest::{File, Manifest};
use almanac_model::protocol::Limits;
use almanac_model::{Type, Value};
use arrow::array::{
    BooleanArray, Date32Array, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray, UInt32Array,
};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};

pub const ROWS: i64 = 3_000;
const GROUP: usize = 250;

/// Numbers without a pattern; the same in every run.
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    pub fn one_of<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len() as u64) as usize]
    }
}

/// Texts that agree in more bytes than statistics keep; some have characters of several bytes where they are cut off.
fn word(n: i64) -> String {
    match n % 7 {
        0 => String::new(),
        1 => format!("{}{:03}", "long common beginning ".repeat(4), n / 100),
        2 => format!("ä{}ö{:03}", "ü".repeat(n as usize % 9), n / 50),
        3 => "\u{10FFFF}\u{10FFFF}\u{10FFFF}".to_owned(),
        _ => format!("w{:04}", n / 10),
    }
}

/// A table with everything that statistics can get wrong: NULL, NaN, both zeros, groups of NULL alone, cut-off texts.
pub fn table(dice: &mut Dice) -> RecordBatch {
    let rows = || 0..ROWS;
    let doubles: Vec<Option<f64>> = rows()
        .map(|n| match (n / GROUP as i64, n % 10) {
            (3, _) => None,
            (4, _) => Some(f64::NAN),
            (_, 0) => None,
            (g, 1) if g % 2 == 0 => Some(f64::NAN),
            (_, 2) => Some(-0.0),
            (_, 3) => Some(0.0),
            (7, 4) => Some(f64::INFINITY),
            _ => Some(n as f64 / 4.0 - 300.0),
        })
        .collect();
    let noise: Vec<String> = rows().map(|_| (0..200).map(|_| format!("{:08x}", dice.roll())).collect()).collect();
    RecordBatch::try_from_iter([
        ("n", array(Int64Array::from_iter(rows().map(|n| (n % 11 != 0).then_some(n * 3))))),
        ("loose", array(Int64Array::from_iter_values(rows().map(|n| n * 7_919 % ROWS)))),
        ("d", array(Float64Array::from(doubles.clone()))),
        ("f", array(Float32Array::from_iter(doubles.iter().map(|x| x.map(|x| x as f32))))),
        ("s", array(StringArray::from_iter(rows().map(|n| (n % 13 != 0).then(|| word(n)))))),
        ("day", array(Date32Array::from_iter_values(rows().map(|n| 19_000 + (n / 40) as i32)))),
        ("at", array(TimestampMillisecondArray::from_iter_values(rows().map(|n| (n - 1_000) * 43_200_000 + 1)))),
        (
            "b",
            array(BooleanArray::from_iter(rows().map(|n| match n / GROUP as i64 {
                0 => None,
                1 => Some(true),
                2 => Some(false),
                _ => (n % 3 != 0).then_some(n % 2 == 0),
            }))),
        ),
        (
            "k",
            array(Int32Array::from_iter(rows().map(|n| (n / GROUP as i64 != 5).then_some((n / GROUP as i64) as i32)))),
        ),
        ("u", array(UInt32Array::from_iter_values(rows().map(|n| u32::MAX / 2 - 1_500 + n as u32)))),
        (
            "same",
            array(StringArray::from_iter_values(rows().map(|n| if n < 1_000 { "one" } else { "the very same text" }))),
        ),
        ("noise", array(StringArray::from(noise))),
    ])
    .unwrap()
}

pub const FIELDS: [(&str, Type); 12] = [
    ("n", Type::BigInt),
    ("loose", Type::BigInt),
    ("d", Type::Double),
    ("f", Type::Double),
    ("s", Type::Varchar),
    ("day", Type::Date),
    ("at", Type::Timestamp),
    ("b", Type::Boolean),
    ("k", Type::Integer),
    ("u", Type::BigInt),
    ("same", Type::Varchar),
    ("noise", Type::Varchar),
];

pub fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP))
        .set_write_batch_size(25)
        .set_data_page_row_count_limit(50)
}

fn written(batch: &RecordBatch, properties: WriterProperties) -> Bytes {
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    out.into()
}

/// An engine over the table, in two files, and the host that has them.
pub fn site(batch: &RecordBatch, properties: &WriterProperties, footers: bool) -> (Engine, MemoryHost) {
    let mut host = MemoryHost::default();
    let half = batch.num_rows() / 2;
    let files = [("t/1.parquet", 0, half), ("t/2.parquet", half, batch.num_rows() - half)].map(|(path, from, rows)| {
        let bytes = written(&batch.slice(from, rows), properties.clone());
        host.files.insert(path.to_owned(), bytes.clone());
        let known = file(path, &bytes, rows as u64);
        File { footer: footers.then(|| base64(&bytes[known.footer_start as usize..bytes.len() - 8])), ..known }
    });
    let manifest = Manifest { resources: vec![resource("t", &FIELDS, files.to_vec())], ..Manifest::default() };
    (Engine::new(manifest, Limits::default()), host)
}

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

pub fn ask(engine: &mut Engine, host: &MemoryHost, sql: &str) -> almanac_engine::Answer {
    block_on(engine.query(host, sql, &BTreeMap::new())).unwrap_or_else(|problems| panic!("{sql}: {problems:?}"))
}

/// A condition on one column, or a few of them together.
pub fn condition(dice: &mut Dice, depth: u32) -> String {
    if depth > 0 && dice.below(2) == 0 {
        let (a, b) = (condition(dice, depth - 1), condition(dice, depth - 1));
        return match dice.below(5) {
            0 | 1 => format!("({a} and {b})"),
            2 => format!("({a} or {b})"),
            3 => format!("not ({a})"),
            _ => format!("({a} is null)"),
        };
    }
    let at = dice.below(ROWS as u64) as i64;
    let constant = |dice: &mut Dice, column: &str| match column {
        "n" => (at * 3 + dice.below(3) as i64 - 1).to_string(),
        "loose" => at.to_string(),
        "d" | "f" => match dice.below(6) {
            0 => "'nan'::double".to_owned(),
            1 => "0.0".to_owned(),
            2 => "-0.0".to_owned(),
            3 => "'infinity'::double".to_owned(),
            _ => (at as f64 / 4.0 - 300.0).to_string(),
        },
        "s" => format!("'{}'", word(at)),
        "day" => format!("date '2022-01-08' + {}", at / 40),
        "at" => format!("timestamp '1970-01-01' + interval '{}' hour", (at - 1_000) * 12),
        "b" => (dice.below(2) == 0).to_string(),
        "k" => dice.below(13).to_string(),
        "u" => (u32::MAX / 2 - 1_500 + at as u32).to_string(),
        _ => dice.one_of(&["'one'", "'the very same text'", "'another'"]).to_owned(),
    };
    let columns: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).filter(|name| *name != "noise").collect();
    let column = dice.one_of(&columns);
    let (a, b, c) = (constant(dice, column), constant(dice, column), constant(dice, column));
    match dice.below(12) {
        0 => format!("{column} is null"),
        1 => format!("{column} is not null"),
        2 => format!("{column} between {a} and {b}"),
        3 => format!("{column} in ({a}, {b}, {c})"),
        4 => format!("{column} not in ({a}, {b})"),
        5 if matches!(column, "s" | "same") => {
            let text = word(at);
            let part: String = text.chars().take(dice.below(90) as usize).collect();
            format!("{column} {}like '{part}%'", dice.one_of(&["", "not "]))
        }
        6 if matches!(column, "k" | "n") => format!("{column} {} {a} + 0.5", dice.one_of(&["<", ">", "="])),
        7 => format!("{a} {} {column}", dice.one_of(&["<", "<=", "=", ">", ">="])),
        _ => format!("{column} {} {a}", dice.one_of(&["=", "<>", "<", "<=", ">", ">="])),
    }
}

#[test]
fn what_is_left_out_could_not_have_passed() {
    let mut dice = Dice(7);
    let batch = table(&mut dice);
    let plain = properties().build();
    let variants = [
        (plain.clone(), true),
        (plain.clone(), false),
        (properties().set_statistics_enabled(EnabledStatistics::Chunk).build(), true),
        (properties().set_statistics_enabled(EnabledStatistics::None).build(), false),
        (
            properties()
                .set_statistics_truncate_length(Some(3))
                .set_column_index_truncate_length(Some(2))
                .set_bloom_filter_enabled(true)
                .build(),
            true,
        ),
        (properties().set_dictionary_enabled(false).set_bloom_filter_enabled(true).build(), false),
    ];
    let mut skipped = 0;
    for (properties, footers) in &variants {
        let (mut pruned, host) = site(&batch, properties, *footers);
        let (mut whole, other) = site(&batch, properties, *footers);
        let all = ask(&mut whole, &other, "select * from t").result;
        whole.register("t", &all);
        for round in 0..100 {
            if round % 10 == 0 {
                // What was held goes, so that parts are fetched in ever other orders.
                (pruned, _) = site(&batch, properties, *footers);
            }
            let columns = dice.one_of(&["*", "n, s, d", "day, k, b, noise", "count(*) as c", "same, u"]);
            let sql = format!("select {columns} from t where {}", condition(&mut dice, 2));
            let (got, wanted) = (ask(&mut pruned, &host, &sql), ask(&mut whole, &other, &sql));
            assert_eq!(rows(&got.result), rows(&wanted.result), "{sql}");
            skipped += u64::from(got.reading.rows_read < ROWS as u64);
        }
    }
    assert!(skipped > 150, "only {skipped} of 600 queries left something out");
}

/// Bytes that a query fetches when nothing is held, and requests beside those for footers.
fn fetched(batch: &RecordBatch, properties: &WriterProperties, sql: &str) -> (u64, usize) {
    let (mut engine, host) = site(batch, properties, true);
    let answer = ask(&mut engine, &host, sql);
    let requests = host.reads.borrow().len();
    (answer.reading.bytes_fetched, requests)
}

#[test]
fn row_groups_and_pages_are_skipped() {
    let batch = table(&mut Dice(7));
    let plain = properties().build();
    let (all, _) = fetched(&batch, &plain, "select noise from t");
    let (one_group, _) = fetched(&batch, &plain, "select noise from t where k = 3");
    assert!(one_group * 10 < all, "{one_group} of {all}");
    // Without an index of pages a whole row group is read, with one a page of it.
    let chunk = properties().set_statistics_enabled(EnabledStatistics::Chunk).build();
    let few = "select noise from t where day >= date '2022-01-10' and day < date '2022-01-11'";
    let wide = "select * from t where n between 2400 and 2600 or n is null and k = 3";
    for sql in [few, wide] {
        assert!(fetched(&batch, &plain, sql).0 <= fetched(&batch, &chunk, sql).0, "{sql}");
    }
    // The same condition twice: nothing is fetched again; a wider one fetches what is new.
    let (mut engine, host) = site(&batch, &plain, true);
    let first = ask(&mut engine, &host, "select noise from t where k = 3");
    assert_eq!((first.result.rows(), first.reading.rows_read), (GROUP as u64, GROUP as u64));
    assert_eq!(ask(&mut engine, &host, "select noise from t where k = 3").reading.bytes_fetched, 0);
    let wider = ask(&mut engine, &host, "select noise from t where k in (3, 4)");
    assert_eq!(wider.result.rows(), 2 * GROUP as u64);
    assert!(wider.reading.bytes_fetched * 2 < first.reading.bytes_fetched * 3);
}

#[test]
fn a_bloom_filter_rules_out_what_bounds_cannot() {
    let batch = table(&mut Dice(7));
    let sql = "select noise from t where loose = 123456789";
    let between = "select noise from t where loose = 1500";
    let plain = properties().build();
    let with = properties().set_bloom_filter_enabled(true).build();
    assert_eq!(fetched(&batch, &plain, sql).0, 0, "beyond all bounds");
    let (without, with) = (fetched(&batch, &plain, between).0, fetched(&batch, &with, between).0);
    assert!(with * 3 < without, "{with} of {without}");
}

#[test]
fn what_statistics_say_is_not_fetched() {
    let batch = table(&mut Dice(7));
    let plain = properties().build();
    let (mut engine, host) = site(&batch, &plain, true);
    let answer = ask(&mut engine, &host, "select same, k, count(*) as c from t group by 1, 2 order by 1, 2 limit 3");
    assert_eq!(rows(&answer.result), [["one", "0", "250"], ["one", "1", "250"], ["one", "2", "250"]]);
    assert!(answer.reading.bytes_fetched < 4_000, "{}", answer.reading.bytes_fetched);
}

#[test]
fn neighbours_are_fetched_in_one_request() {
    let batch = table(&mut Dice(7));
    let plain = properties().build();
    // Footers come with the manifest; two files of less than 8 MiB, all columns: one request each.
    assert_eq!(fetched(&batch, &plain, "select * from t").1, 2);
    // One for each of the 12 row groups: what lies between two of them is not worth fetching.
    let (_, requests) = fetched(&batch, &plain, "select n, s from t");
    assert!(requests <= 12, "{requests}");
}

#[test]
fn damaged_footers_in_the_manifest_are_told() {
    let batch = table(&mut Dice(7));
    let plain = properties().build();
    let bytes = written(&batch, plain);
    let honest = file("t.parquet", &bytes, ROWS as u64);
    let mut host = MemoryHost::default();
    host.files.insert("t.parquet".into(), bytes.clone());
    for footer in ["", "not Base64!", "AAAA", &base64(&bytes[honest.footer_start as usize + 9..bytes.len() - 8])] {
        let files = vec![File { footer: Some(footer.to_owned()), ..honest.clone() }];
        let mut engine = engine(vec![resource("t", &FIELDS, files)]);
        let problems = block_on(engine.query(&host, "select n from t", &BTreeMap::new())).unwrap_err();
        assert!(["file-changed", "damaged-file"].contains(&problems[0].code.0.as_ref()), "{problems:?}");
    }
    let none: BTreeMap<String, Value> = BTreeMap::new();
    let mut engine = engine(vec![resource("t", &FIELDS, vec![honest])]);
    assert_eq!(block_on(engine.query(&host, "select n from t", &none)).unwrap().result.rows(), ROWS as u64);
}
