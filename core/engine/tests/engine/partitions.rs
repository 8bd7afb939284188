//! Tables cut into files, one a month: a file that cannot answer is not opened, by what the manifest says of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::common::*;
use almanac_model::Type;
use almanac_model::manifest::{Bound, File};
use arrow::array::{Date32Array, Int64Array};

/// 2025-01-01, and the days of the three months from then on.
const START: i32 = 20_089;
const DAYS: [i32; 3] = [31, 28, 31];
const FIELDS: [(&str, Type); 3] = [("month", Type::Date), ("day", Type::Date), ("amount", Type::BigInt)];

/// One row a day, the amount its number; `bounds` of the files as the manifest has them.
fn site(bounds: impl Fn(&str, &str) -> (Bound, Bound)) -> (almanac_engine::Engine, MemoryHost) {
    let mut host = MemoryHost::default();
    let mut files = Vec::new();
    let mut first = START;
    for (month, days) in (1..).zip(DAYS) {
        let rows = first..first + days;
        let bytes = parquet(
            vec![
                ("month", Arc::new(Date32Array::from_iter_values(rows.clone().map(|_| first)))),
                ("day", Arc::new(Date32Array::from_iter_values(rows.clone()))),
                ("amount", Arc::new(Int64Array::from_iter_values(rows.map(|day| i64::from(day - START))))),
            ],
            10,
        );
        let path = format!("t/2025-0{month}.parquet");
        let (start, end) = (format!("2025-0{month}-01"), format!("2025-0{month}-{days}"));
        let between =
            BTreeMap::from([("month".to_owned(), bounds(&start, &start)), ("day".to_owned(), bounds(&start, &end))]);
        files.push(File { between, ..file(&path, &bytes, days.unsigned_abs().into()) });
        host.files.insert(path, bytes);
        first += days;
    }
    (engine(vec![resource("t", &FIELDS, files)]), host)
}

fn dates(low: &str, high: &str) -> (Bound, Bound) {
    (Bound::Text(low.to_owned()), Bound::Text(high.to_owned()))
}

/// The answer, and the files that were fetched for it.
fn ask(engine: &mut almanac_engine::Engine, host: &MemoryHost, sql: &str) -> (Vec<Vec<String>>, Vec<String>) {
    host.reads.borrow_mut().clear();
    let answer =
        block_on(engine.query(host, sql, &BTreeMap::new())).unwrap_or_else(|problems| panic!("{sql}: {problems:?}"));
    let mut read: Vec<String> = host.reads.borrow().iter().map(|(path, _)| path.clone()).collect();
    read.sort();
    (rows(&answer.result), read)
}

#[test]
fn only_the_months_that_are_asked_for_are_fetched() {
    let (mut engine, host) = site(dates);
    let february = ask(&mut engine, &host, "select count(*), sum(amount) from t where month = date '2025-02-01'");
    assert_eq!(
        february,
        (vec![vec!["28".into(), (31..59).sum::<i64>().to_string()]], vec!["t/2025-02.parquet".into()])
    );
    // What is held stays; what a wider condition needs comes.
    let (answer, read) = ask(&mut engine, &host, "select count(*) from t where day >= date '2025-02-20'");
    assert_eq!((answer, read), (vec![vec!["40".to_owned()]], vec!["t/2025-03.parquet".to_owned()]));
    let (answer, read) = ask(&mut engine, &host, "select count(*), max(amount) from t");
    assert_eq!((answer, read), (vec![vec!["90".to_owned(), "89".to_owned()]], vec!["t/2025-01.parquet".to_owned()]));
    let (answer, read) = ask(&mut engine, &host, "select count(*) from t where month = date '2024-02-01'");
    assert_eq!((answer, read), (vec![vec!["0".to_owned()]], Vec::new()));
}

#[test]
fn a_file_that_is_not_needed_may_be_missing() {
    let (mut engine, mut host) = site(dates);
    host.files.remove("t/2025-01.parquet");
    assert_eq!(ask(&mut engine, &host, "select count(*) from t where month > date '2025-01-01'").0, [["59"]]);
    assert_eq!(ask(&mut engine, &host, "select count(*) from t").0, [["90"]], "the manifest counts them");
    let error = block_on(engine.query(&host, "select sum(amount) from t", &BTreeMap::new())).map(|_| ()).unwrap_err();
    assert_eq!(error[0].code.0, "file-missing");
}

#[test]
fn a_bound_of_another_type_says_nothing() {
    for wrong in [(Bound::Int(1), Bound::Int(2)), (Bound::Text("soon".into()), Bound::Text("later".into()))] {
        let (mut engine, host) = site(|_, _| wrong.clone());
        let (answer, read) = ask(&mut engine, &host, "select count(*) from t where month = date '2025-02-01'");
        assert_eq!((answer, read.len()), (vec![vec!["28".to_owned()]], 3));
    }
}
