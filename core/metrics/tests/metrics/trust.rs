//! The questions that tests need, and what is said of answers that are made up.

use crate::common::{day, site, with};
use almanac_metrics::trust::{Answers, Purpose, judge, questions};
use almanac_model::Type;
use almanac_model::data::{Column, Table, Values};
use almanac_model::quality::{Outcome, TestResult};
use std::collections::BTreeSet;

const TWO: &str = "team: t\nowner: o\nreviewers: [a, b]\nmetrics:\n  won:\n    name: Won\n    definition: D.\n    entity: deals\n    \
                   type: simple\n    table: deals\n    measure: sum(amount_usd)\n    additivity: sum\n    unit: usd\n    grains: \
                   [month]\n    dimensions: [region]\n    tests: [{range: [0, 100]}, {rises_within_year: true}]\n    lifecycle: \
                   certified\n  small:\n    name: Small\n    definition: D.\n    entity: deals\n    type: simple\n    table: deals\n    \
                   measure: count(*)\n    additivity: sum\n    unit: int\n    grains: [month]\n    mature_after_days: 10\n    \
                   tests: [{at_most: won}, {equals: won / 2}, {reconciles: select 7}]\n    lifecycle: draft\n";

/// Months from 2025-09-01 and columns of numbers.
fn rows(columns: &[&[Option<f64>]]) -> Table {
    let months = ["2025-09-01", "2025-10-01", "2025-11-01"].map(|month| Some(day(month)));
    let months = Column { name: "period".into(), ty: Type::Date, values: Values::Date(months.to_vec()) };
    let number = |values: &&[Option<f64>]| Column {
        name: "v".into(),
        ty: Type::Double,
        values: Values::Double(values.to_vec()),
    };
    Table { columns: std::iter::once(months).chain(columns.iter().map(number)).collect(), rows: 3 }
}

fn judged(small: &[Option<f64>], won: &[Option<f64>], slices: f64) -> Vec<TestResult> {
    let catalogue = with(TWO);
    assert!(catalogue.problems.is_empty(), "{:?}", catalogue.problems);
    let mut answers = Answers::default();
    answers.take(&Purpose::Months(vec!["small".into(), "won".into()]), &rows(&[small, won]));
    let mut split = rows(&[&[Some(slices); 3]]);
    let regions = Values::Text(vec![Some("na".into()); 3]);
    split.columns.insert(1, Column { name: "region".into(), ty: Type::Varchar, values: regions });
    let purpose = Purpose::Slices { dimension: "region".into(), months: true, metrics: vec!["won".into()] };
    answers.take(&purpose, &split);
    let one = Table {
        columns: vec![Column { name: "v".into(), ty: Type::BigInt, values: Values::Int(vec![Some(7)]) }],
        rows: 1,
    };
    answers.take(&Purpose::Reconciliation("small".into()), &one);
    judge(&catalogue, &answers, day("2025-11-30"), &BTreeSet::from(["deals".to_owned()]))
}

fn failed(results: &[TestResult]) -> Vec<String> {
    let told = |result: &TestResult| format!("{} {}: {}", result.subject, result.test, result.found);
    results.iter().filter(|result| result.outcome != Outcome::Passed).map(told).collect()
}

#[test]
fn what_holds_passes() {
    let results = judged(&[Some(4.0), Some(3.0), Some(99.0)], &[Some(8.0), Some(8.0), Some(8.0)], 8.0);
    // November is not final for `small`: 99 is not looked at. October's 3 is not half of 8.
    assert_eq!(
        failed(&results),
        ["small fresh: late: deals", "small equals: 3 in 2025-10 against 4", "won fresh: late: deals"]
    );
    assert_eq!(results.len(), 2 + 5 + 3, "{results:?}");
}

#[test]
fn what_does_not_hold_is_told_with_its_month() {
    let results = judged(&[Some(9.0), None, None], &[Some(8.0), Some(7.0), Some(101.0)], 7.0);
    let told = failed(&results);
    for expected in [
        "small complete: no value in 2025-10",
        "small at_most: 9 in 2025-09 against 8",
        "small reconciles: 9 against 7",
        "won range: 101 in 2025-11",
        "won rises_within_year: it falls to 7 in 2025-10",
        "won sum_over_region: 7 in 2025-09, and 8 as a whole",
    ] {
        assert!(told.iter().any(|told| told == expected), "{expected} in {told:?}");
    }
}

#[test]
fn one_query_serves_many_tests() {
    let asked = questions(site(), day("2025-11-30"));
    let metrics: BTreeSet<&String> = asked
        .iter()
        .flat_map(|question| match &question.purpose {
            Purpose::Months(metrics) | Purpose::Whole(metrics) => metrics.as_slice(),
            _ => &[],
        })
        .collect();
    assert_eq!(metrics.len(), site().metrics().count(), "each metric is asked for");
    assert!(asked.len() < 400, "{} queries for {} metrics", asked.len(), metrics.len());
}
