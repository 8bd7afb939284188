//! Files of metrics and of tables: what is read, and what is said about what cannot be read.

use super::{Additivity, Grain, Lifecycle, MetricFile, MetricKind, MetricTest, TablesFile, Window, month_after};
use crate::format::parse_date;

const GOOD: &str = "\
team: sales
owner: Head of Sales
metrics:
  deals_won:
    name: Deals won
    definition: Deals closed as won.
    entity: accounts
    type: simple
    table: deals
    measure: count(*)
    filter: \"deal_type = 'new_business'\"
    time: {month: closed_month, day: closed_date}
    additivity: sum
    unit: int
    direction: up
    grains: [day, month]
    dimensions: [segment, region]
    tests: [{range: [0, null]}, {equals: {expression: a + b, tolerance: 0.01, at: total}}]
    alert: {drop: [0.28, 0.47]}
    lifecycle: {deprecated: {successor: win_rate, sunset: 2026-06-30}}
    goals: [S-Q1]
  growth:
    name: Growth
    definition: Against a year ago.
    entity: accounts
    owner: Someone
    type: derived
    expression: won / before - 1
    inputs: [{metric: deals_won, offset: 12m, as: before}, deals_won]
    unit: pct
  ytd:
    name: Year to date
    definition: Since January.
    entity: accounts
    type: cumulative
    metric: deals_won
    window: ytd
    unit: int
";

#[test]
fn a_file_is_read() {
    let parsed = MetricFile::parse(GOOD);
    assert_eq!(parsed.diagnostics, []);
    let [won, growth, ytd] = parsed.value.metrics.as_slice() else { panic!("three metrics") };
    let MetricKind::Simple(simple) = &won.kind else { panic!("a simple metric") };
    assert_eq!(simple.additivity, Additivity::Sum);
    let filter = simple.source.filter.as_ref().expect("a filter");
    assert_eq!(&GOOD[filter.span.start..filter.span.end], "deal_type = 'new_business'");
    assert!(filter.plain);
    assert_eq!(won.grains, [Grain::Day, Grain::Month]);
    assert_eq!(won.owner, "Head of Sales");
    assert_eq!(won.tests[0], MetricTest::Range { low: Some(0.0), high: None });
    assert!(matches!(&won.tests[1], MetricTest::Equals { tolerance, total: true, .. } if *tolerance == 0.01));
    assert!(matches!(&won.lifecycle, Lifecycle::Deprecated { sunset: Some(day), .. } if day == "2026-06-30"));
    let MetricKind::Derived { inputs, .. } = &growth.kind else { panic!("a derived metric") };
    assert_eq!(
        (inputs[0].offset_months, inputs[0].alias.as_str(), inputs[1].alias.as_str()),
        (12, "before", "deals_won")
    );
    assert_eq!(growth.owner, "Someone");
    assert!(matches!(ytd.kind, MetricKind::Cumulative { window: Window::ToDate(Grain::Year), .. }));
}

/// The first problem after a change of the good file: code, message, hints, the words it points at, metrics that are left.
fn after(from: &str, to: &str) -> (String, String, String, String, usize) {
    let text = GOOD.replacen(from, to, 1);
    assert_ne!(text, GOOD, "{from} is not in the file");
    let parsed = MetricFile::parse(&text);
    let problem = parsed.diagnostics.first().unwrap_or_else(|| panic!("nothing is wrong with {to}")).clone();
    let span = problem.span.expect("a place");
    let place = text[span.start..span.end].to_owned();
    (problem.code.to_string(), problem.message, problem.hints.join(" | "), place, parsed.value.metrics.len())
}

#[test]
fn each_mistake_is_told_at_its_place_and_leaves_the_others() {
    let cases = [
        ("    measure:", "    measur:", "broken-metric", "deals_won", "measure: …"),
        ("    filter:", "    filtre:", "unknown-key", "filtre", "did you mean `filter`?"),
        ("type: simple", "type: simpel", "broken-metric", "simpel", "did you mean `simple`?"),
        ("additivity: sum", "additivity: summ", "broken-metric", "summ", "did you mean `sum`?"),
        ("grains: [day, month]", "grains: [day, mnth]", "broken-metric", "mnth", "did you mean `month`?"),
        ("range: [0, null]", "range: [0]", "broken-metric", "[", ""),
        ("range: [0, null]", "ragne: [0, null]", "unknown-key", "ragne", "did you mean `range`?"),
        ("{drop: [0.28, 0.47]}", "{dropp: [0.28, 0.47]}", "broken-metric", "{", ""),
        ("successor: win_rate, ", "", "no-successor", "{", "successor"),
        ("2026-06-30", "2026-06-31", "broken-metric", "2026-06-31", ""),
        ("definition: Deals closed as won.", "definition: [a, b]", "broken-metric", "[", ""),
        ("  deals_won:\n", "  Deals-Won:\n", "broken-metric", "Deals-Won", "small letters"),
        ("direction: up", "direction: upp", "broken-metric", "upp", "did you mean `up`?"),
        ("unit: int\n    direction", "format: pcct1\n    unit: int\n    direction", "unknown-format", "pcct1", ""),
    ];
    for (from, to, code, place, hint) in cases {
        let (got, message, hints, pointed, left) = after(from, to);
        assert_eq!((got.as_str(), pointed.as_str()), (code, place), "{to}: {message}");
        assert!(hints.contains(hint), "{to}: {hints}");
        assert_eq!(left, 2, "{to}");
    }
    let (_, message, hints, pointed, left) = after("window: ytd", "window: mtd");
    assert_eq!((pointed.as_str(), left), ("mtd", 2), "{message} {hints}");
}

#[test]
fn yaml_that_is_none_is_one_problem() {
    for text in ["metrics: [", "metrics:\n\t- x", "a: &x 1\nb: *x", "metrics: 3", "metrics:\n  a: 3\n"] {
        let parsed = MetricFile::parse(text);
        assert!(parsed.value.metrics.is_empty() && !parsed.diagnostics.is_empty(), "{text}");
    }
    assert_eq!(MetricFile::parse("").diagnostics, []);
}

#[test]
fn tables_are_read() {
    let text = "history_from: 2023-12-01\ntime_spine: {month: months.month, day: calendar.date}\ndimensions:\n  status: {definition: state, shared_by: []}\ntables:\n  deals:\n    grain: deal\n    primary_key: [deal_id]\n    time: {month: closed_month}\n    since: 2020-01-01\n    repeated: {amount_usd: deal_id}\n";
    let parsed = TablesFile::parse(text);
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(parsed.value.history_from, parse_date("2023-12-01").expect("a day"));
    assert_eq!(parsed.value.spine.day, ("calendar".into(), "date".into()));
    assert_eq!(parsed.value.dimensions["status"].shared_by, Some(vec![]));
    assert_eq!(parsed.value.tables["deals"].repeated["amount_usd"], "deal_id");
    let wrong = TablesFile::parse(&text.replace("grain:", "grian:"));
    assert!(wrong.value.tables.is_empty());
    assert!(TablesFile::parse(&text.replace("2020-01-01", "January")).diagnostics[0].message.contains("January"));
}

#[test]
fn periods_begin_where_calendars_say() {
    let day = |text: &str| parse_date(text).expect("a day");
    for (grain, start) in [
        (Grain::Day, "2024-02-29"),
        (Grain::Week, "2024-02-26"),
        (Grain::Month, "2024-02-01"),
        (Grain::Quarter, "2024-01-01"),
        (Grain::Year, "2024-01-01"),
    ] {
        assert_eq!(grain.start(day("2024-02-29")), day(start));
    }
    assert_eq!(month_after(day("2024-12-31"), 2), day("2025-02-01"));
    assert_eq!(month_after(day("2024-01-15"), -13), day("2022-12-01"));
}
