//! Extracts of written sources, read back; what is wrong is refused with its place, and nothing is written then.

mod server;

use super::{Arguments, run};
use almanac_model::Type;
use almanac_model::manifest::Manifest;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "tables:
  deals:
    description: One row per deal.
    primary_key: deal_id
    columns:
      deal_id: {type: integer}
      amount: {type: double, unit: usd, nullable: true}
      cents: {type: bigint, nullable: true}
      won: {type: boolean, nullable: true}
      closed: {type: date, nullable: true}
      seen: {type: timestamp, nullable: true}
      note: {type: varchar}
";

const CSV: &str = "\u{feff}note,deal_id,amount,cents,won,closed,seen,internal
\"a \"\"big\"\", one\",2,1234.5,9007199254740993,true,2025-11-30,2025-11-30 12:00:00,x
,1,,,,,,y
\"two
lines\",3,-0.1,-1,f,1969-12-31,2025-11-30T13:00:00+01:00,z
";

/// An empty folder with a sources file and a schema file.
struct Site(PathBuf);

impl Site {
    fn new(name: &str, sources: &str, schema: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("almanac-sources-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let site = Self(folder);
        site.write("sources.yml", sources).write("schema.yml", schema);
        site
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    fn arguments(&self) -> Arguments {
        Arguments {
            sources: self.0.join("sources.yml"),
            schema: Some(self.0.join("schema.yml")),
            site: self.0.clone(),
            out: None,
            table: Vec::new(),
            dry_run: false,
            report: None,
        }
    }

    /// What is said, or what is wrong.
    fn extract(&self) -> Result<String, String> {
        let mut said = String::new();
        run(&self.arguments(), &mut |words| said.push_str(words)).map(|()| said)
    }

    fn manifest(&self) -> Manifest {
        serde_json::from_slice(&fs::read(self.0.join("data/datapackage.json")).unwrap()).unwrap()
    }

    fn rows(&self, path: &str) -> RecordBatch {
        let file = fs::File::open(self.0.join("data").join(path)).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
        arrow_select::concat::concat_batches(&batches[0].schema(), &batches).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The rows of [`CSV`], in the order of the key.
fn check_deals(rows: &RecordBatch) {
    let column = |name: &str| rows.column_by_name(name).unwrap();
    let ids: Vec<i32> = column("deal_id").as_primitive::<Int32Type>().values().to_vec();
    assert_eq!(ids, [1, 2, 3]);
    let amounts: Vec<Option<f64>> = column("amount").as_primitive::<Float64Type>().iter().collect();
    assert_eq!(amounts, [None, Some(1234.5), Some(-0.1)]);
    // One more than a double can tell: 2^53 + 1.
    let cents: Vec<Option<i64>> = column("cents").as_primitive::<Int64Type>().iter().collect();
    assert_eq!(cents, [None, Some(9_007_199_254_740_993), Some(-1)]);
    let won: Vec<Option<bool>> = column("won").as_boolean().iter().collect();
    assert_eq!(won, [None, Some(true), Some(false)]);
    // `date -u -d 2025-11-30 +%s` is 1764460800: day 20422.
    let closed: Vec<Option<i32>> = column("closed").as_primitive::<Date32Type>().iter().collect();
    assert_eq!(closed, [None, Some(20_422), Some(-1)]);
    let seen: Vec<Option<i64>> = column("seen").as_primitive::<TimestampMicrosecondType>().iter().collect();
    assert_eq!(seen, [None, Some(1_764_504_000_000_000), Some(1_764_504_000_000_000)]);
    let notes: Vec<Option<&str>> = column("note").as_string::<i32>().iter().collect();
    assert_eq!(notes, [Some(""), Some("a \"big\", one"), Some("two\nlines")]);
    assert!(rows.column_by_name("internal").is_none());
}

#[test]
fn csv_becomes_an_extract_of_the_columns_that_the_schema_names() {
    let site = Site::new("csv", "tables: {deals: {files: raw-*.csv}}", SCHEMA);
    site.write("raw-1.csv", CSV);
    let said = site.extract().unwrap();
    assert!(said.contains("Left out, as the schema does not name them: internal"), "{said}");
    check_deals(&site.rows("deals.parquet"));
    let manifest = site.manifest();
    let [deals] = manifest.resources.as_slice() else { panic!("one table") };
    assert_eq!((deals.rows, deals.description.as_str()), (3, "One row per deal."));
    assert_eq!(deals.schema.primary_key, ["deal_id"]);
    assert_eq!((deals.schema.fields[1].ty, deals.schema.fields[1].distinct), (Type::Double, Some(2)));
}

#[test]
fn json_lines_and_lists_say_the_same() {
    let rows = [
        r#"{"deal_id": 2, "amount": 1234.5, "cents": 9007199254740993, "won": true, "closed": "2025-11-30", "seen": "2025-11-30T12:00:00Z", "note": "a \"big\", one", "internal": [1]}"#,
        r#"{"deal_id": 1, "amount": null, "note": ""}"#,
        r#"{"deal_id": 3, "amount": -0.1, "cents": -1, "won": false, "closed": "1969-12-31", "seen": "2025-11-30 13:00:00+01", "note": "two\nlines"}"#,
    ];
    for (name, text) in [("a.ndjson", rows.join("\n")), ("a.json", format!("[{}]", rows.join(",")))] {
        let site = Site::new("json", &format!("tables: {{deals: {{files: {name}}}}}"), SCHEMA);
        site.write(name, text);
        site.extract().unwrap();
        check_deals(&site.rows("deals.parquet"));
    }
}

#[test]
fn a_parquet_file_is_read_again_with_other_types() {
    let site = Site::new("parquet", "tables: {deals: {files: a.csv}}", SCHEMA);
    site.write("a.csv", CSV).extract().unwrap();
    fs::copy(site.0.join("data/deals.parquet"), site.0.join("a.parquet")).unwrap();
    site.write("sources.yml", "tables: {deals: {files: a.parquet}}").extract().unwrap();
    check_deals(&site.rows("deals.parquet"));
    // A whole number may become wider, a number never less exact, a text whatever it says.
    site.write("schema.yml", SCHEMA.replace("deal_id: {type: integer}", "deal_id: {type: double}")).extract().unwrap();
    let ids = site.rows("deals.parquet").column(0).as_primitive::<Float64Type>().values().to_vec();
    assert_eq!(ids, [1.0, 2.0, 3.0]);
    let narrow = SCHEMA.replace("cents: {type: bigint", "cents: {type: integer");
    let wrong = site.write("schema.yml", narrow).extract().unwrap_err();
    assert!(wrong.contains("`a.parquet`, row 2, column `cents`: it is too large for INTEGER"), "{wrong}");
    let other = SCHEMA.replace("amount: {type: double", "amount: {type: bigint");
    let wrong = site.write("schema.yml", other).extract().unwrap_err();
    assert!(wrong.contains("column `amount` is Float64 there, which is not always a BIGINT"), "{wrong}");
}

#[test]
fn a_table_is_sorted_and_cut_by_its_partition_and_old_files_go() {
    let schema =
        "tables:\n  sales:\n    partition: month\n    columns:\n      month: {type: date}\n      n: {type: integer}\n";
    let sources = "tables: {sales: {files: a.csv, sort_by: n, row_group_rows: 1000}}";
    let site = Site::new("parts", sources, schema);
    site.write("a.csv", "month,n\n2025-02-01,3\n2025-01-01,2\n2025-02-01,1\n").extract().unwrap();
    let files = |site: &Site| -> Vec<(String, u64)> {
        site.manifest().resources[0].files.iter().map(|file| (file.path.clone(), file.rows)).collect()
    };
    let (january, february) = ("sales/2025-01.parquet".to_owned(), "sales/2025-02.parquet".to_owned());
    assert_eq!(files(&site), [(january, 1), (february.clone(), 2)]);
    assert_eq!(site.rows(&february).column(1).as_primitive::<Int32Type>().values().to_vec(), [1, 3]);
    site.write("a.csv", "month,n\n2025-02-01,3\n").extract().unwrap();
    assert_eq!(files(&site), [(february, 1)]);
    assert!(!site.0.join("data/sales/2025-01.parquet").exists());
}

#[test]
fn row_groups_are_as_long_as_asked() {
    let site = Site::new(
        "groups",
        "tables: {t: {files: a.csv, row_group_rows: 1000}}",
        "tables: {t: {columns: {n: {type: integer}}}}",
    );
    let rows: String = (0..2_500).map(|n| format!("{n}\n")).collect();
    site.write("a.csv", format!("n\n{rows}")).extract().unwrap();
    let file = fs::File::open(site.0.join("data/t.parquet")).unwrap();
    let groups = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().metadata().row_groups().to_vec();
    assert_eq!(groups.iter().map(|group| group.num_rows()).collect::<Vec<_>>(), [1_000, 1_000, 500]);
}

/// What is wrong, with the words that say so.
fn refused(name: &str, file: &str, content: &str, schema: &str, words: &[&str]) {
    let site = Site::new(name, &format!("tables: {{t: {{files: {file}}}}}"), schema);
    let wrong = site.write(file, content).extract().unwrap_err();
    for word in words {
        assert!(wrong.contains(word), "{name}: `{word}` is not in\n{wrong}");
    }
    assert!(!site.0.join("data").exists(), "{name}: nothing is written");
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_nothing_is_written() {
    let schema = "tables: {t: {primary_key: n, columns: {n: {type: integer}, d: {type: date}}}}";
    refused(
        "types",
        "a.csv",
        "n,d\n1,2025-02-30\nx,2025-01-01\n",
        schema,
        &[
            "`a.csv`, line 2, column `d`: `2025-02-30` is no DATE: a day, as 2025-11-30 is expected",
            "`a.csv`, line 3, column `n`: `x` is no INTEGER",
        ],
    );
    refused(
        "null",
        "a.csv",
        "n,d\n1,\n",
        schema,
        &["line 2, column `d`: it is empty, but the schema does not say `nullable: true`"],
    );
    refused(
        "key",
        "a.csv",
        "n,d\n1,2025-01-01\n1,2025-01-02\n",
        schema,
        &["1 row has the key (n) of a row before, the first is (1)"],
    );
    refused("column", "a.csv", "n,date\n", schema, &["has no column `d`, which the schema wants"]);
    refused("fields", "a.csv", "n,d\n1,2,3\n", schema, &["line 2: it has 3 fields and the head line 2"]);
    refused(
        "latin",
        "a.csv",
        "n,d\n",
        "tables: {u: {columns: {n: {type: integer}}}}",
        &["the schema file has no table of that name"],
    );
    refused("json", "a.json", "[{\"n\": 1, \"d\": {}}]", schema, &["record 1, column `d`: an object is no DATE"]);
    refused("no-json", "a.json", "[1, ", schema, &["`a.json` is not JSON"]);
    refused("no-parquet", "a.parquet", "PAR1", schema, &["`a.parquet` is no Parquet file"]);
    refused("ending", "a.xls", "", schema, &["ends in none of .csv"]);
    let site = Site::new("utf8", "tables: {t: {files: a.csv}}", schema);
    let wrong = site.write("a.csv", b"n,d\n1,\xe4\n").extract().unwrap_err();
    assert!(wrong.contains("line 2: it is not UTF-8"), "{wrong}");
}

#[test]
fn all_problems_of_all_tables_are_told_and_long_lists_are_cut() {
    let schema = "tables: {a: {columns: {n: {type: integer}}}, b: {columns: {n: {type: integer}}}}";
    let site = Site::new("many", "tables: {a: {files: a.csv}, b: {files: b.csv}}", schema);
    let rows = "x\n".repeat(30);
    let wrong = site.write("a.csv", format!("n\n{rows}")).extract().unwrap_err();
    assert!(wrong.contains("line 21") && !wrong.contains("line 22") && wrong.contains("and 10 more"), "{wrong}");
    assert!(wrong.contains("`b.csv` cannot be read"), "{wrong}");
}

#[test]
fn what_looks_personal_is_published_only_with_a_reason() {
    let schema = "tables: {t: {columns: {n: {type: integer}, who: {type: varchar}}}}";
    let site = Site::new("personal", "tables: {t: {files: a.csv}}", schema);
    let wrong = site.write("a.csv", "n,who\n1,nobody\n2,ann@example.org\n").extract().unwrap_err();
    assert!(
        wrong.contains("column `who` looks personal: 1 of 2 values hold what looks like e-mail addresses"),
        "{wrong}"
    );
    assert!(!wrong.contains("ann@"), "the value itself is not repeated: {wrong}");
    assert!(!site.0.join("data").exists());
    site.write("sources.yml", "tables: {t: {files: a.csv, public: {who: 'demo people, agreed by legal'}}}");
    assert!(site.extract().unwrap().contains("Published because: demo people, agreed by legal"));
}

#[test]
fn a_dry_run_says_what_would_be_public_and_writes_nothing() {
    let site = Site::new("dry", "tables: {deals: {files: a.csv}}", SCHEMA);
    site.write("a.csv", CSV);
    let report = site.0.join("report.md");
    let mut said = String::new();
    let arguments = Arguments { dry_run: true, report: Some(report.clone()), ..site.arguments() };
    run(&arguments, &mut |words| said.push_str(words)).unwrap();
    assert!(
        said.contains("Nothing was written.") && said.contains("| closed | DATE | 1 | 1969-12-31 to 2025-11-30 |"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(report).unwrap(), said);
    assert!(!Path::new(&site.0.join("data")).exists());
}
