//! Runs over a small extract: what is fetched, what a missing file stops, files that a reader drops.

use crate::common::Bench;
use almanac_model::Type;
use almanac_model::manifest::{Field, File, Manifest, Resource, Schema};
use almanac_model::protocol::Limits;
use almanac_model::view::{CellBody, TableSource};
use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// Five sales: region, qty, price.
fn sales() -> Bytes {
    let region: ArrayRef = Arc::new(StringArray::from(vec![Some("na"), Some("emea"), Some("na"), None, Some("apac")]));
    let qty: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4, 5]));
    let price: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.5), Some(2.0), None, Some(0.25), Some(10.0)]));
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("region", region, true),
        ("qty", qty, true),
        ("price", price, true),
    ])
    .expect("equal lengths");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    bytes.into()
}

fn manifest(bytes: &Bytes) -> Manifest {
    let length = bytes.len();
    let footer = u32::from_le_bytes(bytes[length - 8..length - 4].try_into().expect("four bytes"));
    let mut sha256 = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(sha256, "{byte:02x}");
    }
    let field = |name: &str, ty| Field {
        name: name.to_owned(),
        ty,
        description: String::new(),
        nullable: true,
        distinct: None,
        ..Field::default()
    };
    Manifest {
        name: "test".to_owned(),
        as_of: Some("2025-11-30".to_owned()),
        resources: vec![Resource {
            name: "sales".to_owned(),
            description: "One row a sale".to_owned(),
            format: "parquet".to_owned(),
            rows: 5,
            schema: Schema {
                fields: vec![field("region", Type::Varchar), field("qty", Type::BigInt), field("price", Type::Double)],
                ..Schema::default()
            },
            files: vec![File {
                path: "sales.parquet".to_owned(),
                bytes: length as u64,
                sha256,
                rows: 5,
                footer_start: length as u64 - 8 - u64::from(footer),
                footer: None,
                ..File::default()
            }],
            ..Resource::default()
        }],
        ..Manifest::default()
    }
}

fn bench(source: &str) -> Bench {
    let bytes = sales();
    let bench = Bench::over(manifest(&bytes), source);
    bench.files.files.borrow_mut().insert("sales.parquet".to_owned(), bytes);
    bench
}

const NOTEBOOK: &str = "---
inputs:
  region: {kind: select, options: {sql: \"select distinct region from sales where region is not null order by 1\"}, default: all}
---
**{{ top(by_region, q).region }}** leads with {{ total.q | plural(piece, pieces) }} in all, {{ total.worth | usd2 }}.

```sql by_region
select region, sum(qty) as q from sales where $region = 'all' or region = $region group by region order by q, region
```

```sql total
select sum(q) as q, (select sum(qty * price) from sales) as worth from by_region
```

```chart
data: by_region
mark: bar
x: region
y: q
title: \"{{ top(by_region, q).region }} leads\"
```

```table
data: sales
columns: [qty]
```

```expect by_region
emea | 2
NULL | 4
na | 4
apac | 5
```
";

#[test]
fn a_notebook_over_an_extract() {
    // Sums by hand: na 1 + 3, emea 2, NULL 4, apac 5; 1.5 + 4 + 1 + 50 = 56.5.
    let mut bench = bench(NOTEBOOK.replace("NULL | 4\nna | 4", "na | 4\nNULL | 4").as_str());
    let said = bench.run();
    for view in &said.views {
        assert!(view.diagnostics.is_empty(), "{view:?}");
    }
    assert_eq!(said.texts(), ["apac", "15 pieces", "$56.50"]);
    let CellBody::Chart(chart) = &said.view("cell-3").body else { panic!("{:?}", said.view("cell-3")) };
    assert_eq!(chart.title, "apac leads");
    assert_eq!(said.rows("cell-4").len(), 5);
    assert!(said.view("by_region").cost.is_some_and(|cost| cost.rows_read == 5));
    bench.set("region", "na");
    let said = bench.run();
    assert_eq!(said.rows("by_region"), [[Some("na".to_owned()), Some("4".to_owned())]]);
    assert_eq!(said.codes("cell-5"), ["unexpected-answer"]);
    assert_eq!(said.texts()[0], "na");
    assert!(!said.ids().contains(&"cell-4"), "the extract has not changed");
}

#[test]
fn a_missing_file_stops_its_readers_until_it_is_there() {
    let mut bench = bench("```sql a\nselect sum(qty) as q from sales\n```\n\n```sql free\nselect 1 as n\n```\n");
    let bytes = bench.files.files.borrow_mut().remove("sales.parquet").expect("the file");
    let said = bench.run();
    assert_eq!(said.view("a").diagnostics.len(), 1);
    assert!(said.view("a").diagnostics[0].message.contains("sales.parquet"), "{:?}", said.view("a").diagnostics);
    assert_eq!(said.rows("free").len(), 1);
    bench.files.files.borrow_mut().insert("sales.parquet".to_owned(), bytes);
    let said = bench.run();
    assert_eq!(said.rows("a"), [[Some("15".to_owned())]]);
    assert_eq!(said.ids(), ["a"]);
}

#[test]
fn a_cell_that_hides_an_extract_says_so_and_gives_it_back() {
    let mut bench = bench("```sql sales\nselect 7 as qty\n```\n\n```sql a\nselect sum(qty) as q from sales\n```\n");
    let said = bench.run();
    assert_eq!(said.codes("sales"), ["shadowed-table"]);
    assert_eq!(said.rows("a"), [[Some("7".to_owned())]]);
    bench.edit("```sql sales\nselect 7 as qty\n```\n", "");
    assert_eq!(bench.run().rows("a"), [[Some("15".to_owned())]]);
}

#[test]
fn a_dropped_file_is_a_table_until_it_is_closed() {
    let mut bench = bench("```sql a\nselect count(*) as n from my_sales\n```\n");
    assert_eq!(bench.run().codes("a"), ["unknown-table"]);
    let (table, warnings) = bench.session.open_file("My sales.parquet", sales()).expect("a Parquet file");
    assert_eq!((table.name.as_str(), table.source, table.rows), ("my_sales", TableSource::Dropped, Some(5)));
    assert_eq!(warnings, vec![]);
    assert_eq!(bench.run().rows("a"), [[Some("5".to_owned())]]);
    assert_eq!(bench.queries(), 0);
    bench.session.close_file("sales");
    assert_eq!(bench.queries(), 0, "an extract is not closed");
    bench.session.close_file("my_sales");
    assert_eq!(bench.run().codes("a"), ["unknown-table"]);
    assert!(bench.session.open_file("notes.txt.parquet", Bytes::from_static(b"PAR1 no")).is_err());
}

#[test]
fn sql_is_checked_and_completed_with_the_notebook_in_mind() {
    let mut bench = bench(
        "---\ninputs:\n  region: {kind: text}\n---\n```sql by_region\nselect region, sum(qty) as q from sales group by region\n```\n\n```sql later\nselect * from not_there\n```\n",
    );
    bench.run();
    assert_eq!(bench.session.check("select q from later"), vec![], "a cell that has not answered is not unknown");
    assert_eq!(bench.session.check("select q from by_region where region = $region"), vec![]);
    let problems = bench.session.check("select qq from by_region");
    assert_eq!(problems.iter().map(|problem| problem.code.0.as_ref()).collect::<Vec<_>>(), ["unknown-column"]);
    let (from, items) = bench.session.complete("select * from by_", 17);
    assert_eq!(from, 14);
    assert_eq!(items.first().map(|item| item.label.as_str()), Some("by_region"));
}

#[test]
fn what_takes_more_than_the_limits_asks_first() {
    let source = "```sql sums\nselect sum(qty) as q from sales\n```\n\n```sql one\nselect 1 as n\n```\n";
    let mut bench = bench(source);
    bench.session.set_limits(Limits { ask_memory_bytes: 10, ..Limits::default() });
    let said = bench.run();
    let problem = &said.views.iter().find(|view| view.id == "sums").unwrap().diagnostics[0];
    assert_eq!(problem.code.0, "needs-consent");
    assert!(!problem.hints.is_empty());
    assert_eq!(said.views.iter().find(|view| view.id == "one").unwrap().diagnostics, vec![]);
    // It asks again until the reader has said something; then it runs, and its answer stays.
    bench.request.allow = vec!["sums".to_owned()];
    let said = bench.run();
    let view = said.views.iter().find(|view| view.id == "sums").unwrap();
    assert_eq!((view.diagnostics.len(), view.cost.unwrap().rows_read), (0, 5));
    bench.request.allow.clear();
    assert!(bench.run().views.is_empty());
}

#[test]
fn a_site_published_anew_is_answered_anew() {
    let source = "```sql sums\nselect count(*) as n, min(region) as r from sales\n```\n";
    let mut bench = bench(source);
    assert_eq!(bench.run().views[0].diagnostics, vec![]);
    // The same manifest again: nothing is another, nothing runs.
    assert!(!bench.session.renew(manifest(&sales())));
    assert!(bench.run().views.is_empty());
    let mut other = manifest(&sales());
    other.resources[0].files[0].sha256 = "0".repeat(64);
    assert!(bench.session.renew(other));
    assert_eq!(bench.run().views[0].diagnostics[0].code.0, "file-changed");
    assert!(bench.session.renew(manifest(&sales())));
    assert_eq!(bench.run().views[0].diagnostics, vec![]);
}
