//! Questions and definitions without a right answer: each is refused with its reason, alone.

use crate::common::{question, refused, site, with};
use almanac_metrics::{Catalogue, Comparison, FilterOperator, MetricFilter, compile};
use almanac_model::metric::{Grain, Window};
use almanac_model::{Diagnostic, Value};

/// The one problem of a question.
fn problem(problems: &[Diagnostic]) -> (String, String, String) {
    assert_eq!(problems.len(), 1, "{problems:?}");
    let Diagnostic { code, message, hints, .. } = &problems[0];
    (code.to_string(), message.clone(), hints.join(" | "))
}

#[test]
fn questions_are_refused_with_what_to_ask_instead() {
    let month = Some(Grain::Month);
    let asked = |metrics: &[&str], dimensions: &[&str], grain| problem(&refused(&question(metrics, dimensions, grain)));
    let cases = [
        (asked(&["win_rat"], &[], month), "unknown-metric", "win_rat", "did you mean `win_rate`?"),
        (asked(&["win_rate"], &["regoin"], month), "unknown-dimension", "regoin", "did you mean `region`?"),
        (
            asked(&["cac"], &["segment"], month),
            "dimension-not-allowed",
            "`finance_monthly`, which it reads, does not have it",
            "no dimensions",
        ),
        (
            asked(&["tickets_per_100_accounts"], &["status"], month),
            "dimension-not-allowed",
            "one thing in `tickets` and another in `account_monthly`",
            "segment",
        ),
        (
            asked(&["win_rate"], &["loss_reason"], month),
            "dimension-not-allowed",
            "its definition leaves it out",
            "region",
        ),
        (
            asked(&["mrr"], &[], Some(Grain::Day)),
            "grain-too-fine",
            "one row per account and month-end",
            "ask for month, quarter, year",
        ),
        (asked(&["ltv"], &[], Some(Grain::Year)), "grain-not-offered", "year", "ask for month"),
        (asked(&["backlog_now"], &[], month), "no-history", "state of today", "without a grain"),
        (asked(&[], &[], month), "no-metric", "no metric", "name one"),
    ];
    for ((code, message, hints), wanted, words, hint) in cases {
        assert_eq!(code, wanted, "{message}");
        assert!(message.contains(words), "{message}");
        assert!(hints.contains(hint), "{hints}");
    }
}

#[test]
fn comparisons_and_windows_that_make_no_sense() {
    let mut plan = question(&["win_rate"], &[], Some(Grain::Month));
    plan.comparison = Some(Comparison::Plan);
    let (code, _, hints) = problem(&refused(&plan));
    assert_eq!(code, "no-plan");
    assert!(hints.contains("`bookings_usd`"), "{hints}");

    let mut whole = question(&["win_rate"], &[], None);
    whole.comparison = Some(Comparison::YearAgo);
    assert_eq!(problem(&refused(&whole)).0, "comparison-needs-grain");

    for (metric, words) in [
        ("mrr", "balance"),
        ("median_deal_size", "does not add up"),
        ("mau", "does not add up"),
        ("bookings_ytd", "already"),
    ] {
        let mut running = question(&[metric], &[], Some(Grain::Month));
        running.window = Some(Window::Months(3));
        let (code, message, _) = problem(&refused(&running));
        assert_eq!(code, "not-additive");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn filters_of_the_wrong_type_or_number() {
    let filtered = |dimension: &str, operator, values: &[Value]| {
        let mut question = question(&["bookings_usd"], &[], Some(Grain::Month));
        question.filters = vec![MetricFilter { dimension: dimension.into(), operator, values: values.to_vec() }];
        problem(&refused(&question))
    };
    let (code, message, _) = filtered("region", FilterOperator::Is, &[Value::Int(3)]);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("filter-type", "`region` is VARCHAR, and a value of its filter is BIGINT")
    );
    assert_eq!(filtered("rep_id", FilterOperator::In, &[Value::Text("7".into())]).0, "filter-type");
    assert_eq!(filtered("region", FilterOperator::In, &[]).0, "filter-values");
    assert_eq!(filtered("region", FilterOperator::IsNull, &[Value::Int(1)]).0, "filter-values");
    assert_eq!(filtered("channel", FilterOperator::Is, &[Value::Text("email".into())]).0, "dimension-not-allowed");
}

/// A metric of the site's tables, made of the lines that matter.
fn metric(id: &str, lines: &str) -> String {
    let head = format!(
        "  {id}:\n    name: N\n    definition: D.\n    entity: accounts\n    unit: int\n    grains: [month]\n    lifecycle: draft\n"
    );
    head + &lines.lines().map(|line| format!("    {}\n", line.trim())).collect::<String>()
}

fn catalogue(metrics: &[String]) -> Catalogue {
    with(&format!(
        "team: t\nowner: o\nmetrics:\n  fine:\n    name: N\n    definition: D.\n    entity: accounts\n    unit: int\n    grains: [month]\n    type: simple\n    table: deals\n    measure: count(*)\n    additivity: sum\n{}",
        metrics.concat()
    ))
}

/// The problem of the metric `m`, with the words it points at; `fine` works all the same.
fn wrong(lines: &str) -> (String, String, String, String) {
    let catalogue = catalogue(&[metric("m", lines)]);
    let month = question(&["fine"], &[], Some(Grain::Month));
    compile(&catalogue, &month).expect("the other metric works");
    let problem = catalogue.problems.first().unwrap_or_else(|| panic!("nothing is wrong with {lines}"));
    let (mut refused, mut whole) = (month.clone(), month);
    refused.metrics = vec!["m".into()];
    whole.metrics = vec!["fine".into(), "m".into()];
    compile(&catalogue, &refused).expect_err("it is refused");
    compile(&catalogue, &whole).expect_err("it is refused beside others, too");
    let Diagnostic { code, message, hints, span, .. } = problem.diagnostic.clone();
    let source = format!(
        "team: t\nowner: o\nmetrics:\n  fine:\n    name: N\n    definition: D.\n    entity: accounts\n    unit: int\n    grains: [month]\n    type: simple\n    table: deals\n    measure: count(*)\n    additivity: sum\n{}",
        metric("m", lines)
    );
    let pointed = span.map(|span| source[span.start..span.end].to_owned()).unwrap_or_default();
    (code.to_string(), message, hints.join(" | "), pointed)
}

#[test]
fn definitions_are_refused_at_the_word_that_is_wrong() {
    let simple = "type: simple\ntable: deals\nadditivity: sum\n";
    let cases = [
        (format!("{simple}measure: sum(amount_usdd)"), "unknown-column", "amount_usdd", "did you mean `amount_usd`?"),
        (
            format!("{simple}measure: count(*)\nfilter: is_wonn and is_open"),
            "unknown-column",
            "is_wonn",
            "did you mean `is_won`?",
        ),
        (format!("{simple}measure: count(*)\nfilter: deal_type = 3"), "filter-type", "deal_type", ""),
        (format!("{simple}measure: amount_usd"), "not-an-aggregate", "amount_usd", "sum(…)"),
        (
            format!("{simple}measure: sum(amount_usd) + cycle_days"),
            "not-an-aggregate",
            "sum(amount_usd) + cycle_days",
            "every column",
        ),
        (format!("{simple}measure: sum(count(*))"), "not-an-aggregate", "sum(count(*))", ""),
        (format!("{simple}measure: avg(amount_usd)"), "not-additive", "avg(amount_usd)", "additivity: none"),
        (
            format!("{simple}measure: count(distinct account_id)"),
            "not-additive",
            "count(distinct account_id)",
            "additivity: none",
        ),
        (
            format!("{simple}measure: sum(amount_usd) / count(*)"),
            "not-additive",
            "sum(amount_usd) / count(*)",
            "ratio of two metrics",
        ),
        (format!("{simple}measure: sum(amount_usd"), "expression-syntax", "amount_usd", ""),
        (format!("{simple}measure: summ(amount_usd)"), "expression-syntax", "summ", "did you mean `sum`?"),
        (format!("{simple}measure: count(*)\nfilter: count(*) > 3"), "aggregate-in-filter", "count(*) > 3", ""),
        (
            format!("{simple}measure: count(*)\ntime: {{month: closed_mont}}"),
            "unknown-column",
            "closed_mont",
            "did you mean `closed_month`?",
        ),
        (
            format!("{simple}measure: count(*)\ndimensions: [segmnt]"),
            "unknown-dimension",
            "segmnt",
            "did you mean `segment`?",
        ),
        (
            "type: simple\ntable: dealz\nmeasure: count(*)\nadditivity: sum".into(),
            "unknown-table",
            "dealz",
            "did you mean `deals`?",
        ),
        (
            "type: simple\ntable: attribution\nmeasure: sum(amount_usd)\nadditivity: sum".into(),
            "fan-out",
            "sum(amount_usd)",
            "weight",
        ),
        ("type: ratio\nnumerator: fine\ndenominator: fin".into(), "unknown-metric", "fin", "did you mean `fine`?"),
        ("type: ratio\nnumerator: fine\ndenominator: m".into(), "metric-cycle", "m", "made of rows"),
        ("type: derived\nexpression: fine * oops\ninputs: [fine]".into(), "unknown-input", "fine * oops", ""),
        ("type: derived\nexpression: sum(fine)\ninputs: [fine]".into(), "aggregate-of-metric", "sum(fine)", ""),
    ];
    for (lines, code, pointed, hint) in cases {
        let (got, message, hints, place) = wrong(&lines);
        assert_eq!(got, code, "{lines}\n{message}");
        assert_eq!(place, pointed, "{lines}\n{message}");
        assert!(hints.contains(hint), "{lines}\n{hints}");
    }
}

#[test]
fn grains_finer_than_the_data_and_sums_of_balances() {
    let balance = metric("balance", "type: simple\ntable: account_monthly\nmeasure: sum(mrr_usd)\nadditivity: last");
    let running = metric("running", "type: cumulative\nmetric: balance\nwindow: 3m");
    let fine = balance.replace("balance:", "daily:").replace("[month]", "[day, month]");
    let problems = catalogue(&[balance, running, fine]).problems;
    let told: Vec<(Option<&str>, String)> =
        problems.iter().map(|problem| (problem.metric.as_deref(), problem.diagnostic.code.to_string())).collect();
    assert_eq!(told, [(Some("running"), "not-additive".into()), (Some("daily"), "grain-too-fine".into())]);
}

#[test]
fn what_reads_a_refused_metric_is_refused_with_its_reason() {
    let bad = metric("bad", "type: simple\ntable: deals\nmeasure: sum(nothing)\nadditivity: sum");
    let share = metric("bad_share", "type: ratio\nnumerator: bad\ndenominator: fine");
    let twice = metric("twice", "type: derived\nexpression: bad_share * 2\ninputs: [bad_share]");
    let catalogue = catalogue(&[bad, share, twice]);
    let why = catalogue.refusal("twice").expect("it is refused");
    assert!(why.message.contains("nothing"), "{}", why.message);
    assert!(catalogue.refusal("fine").is_none());
}

#[test]
fn two_metrics_that_read_each_other() {
    let a = metric("a", "type: derived\nexpression: b + 1\ninputs: [b]");
    let b = metric("b", "type: derived\nexpression: a + 1\ninputs: [a]");
    let catalogue = catalogue(&[a, b]);
    for id in ["a", "b"] {
        assert_eq!(catalogue.refusal(id).map(|problem| problem.code.to_string()).as_deref(), Some("metric-cycle"));
    }
}

#[test]
fn retirement_is_governed() {
    let old = metric("old", "type: simple\ntable: deals\nmeasure: count(*)\nadditivity: sum")
        .replace("lifecycle: draft", "lifecycle: {retired: {successor: fine}}");
    let reader = metric("reader", "type: ratio\nnumerator: old\ndenominator: fine");
    let catalogue = catalogue(&[old, reader]);
    assert_eq!(catalogue.refusal("reader").map(|problem| problem.code.to_string()).as_deref(), Some("retired-metric"));
    let asked = compile(&catalogue, &question(&["old"], &[], Some(Grain::Month))).expect_err("it is retired");
    assert_eq!(asked[0].hints, ["use `fine`"]);
}

#[test]
fn what_is_certified_is_owned_tested_and_reviewed() {
    let simple = "type: simple\ntable: deals\nmeasure: avg(amount_usd)\nadditivity: none";
    let certified = |more: &str| {
        let text = metric("m", &format!("{simple}\n{more}")).replace("lifecycle: draft", "lifecycle: certified");
        let catalogue = catalogue(&[text]);
        catalogue.problems.iter().map(|problem| problem.diagnostic.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(certified(""), ["no-test", "no-reviewer"]);
    assert_eq!(certified("tests: [{range: [0, null]}]\nreviewers: [a]"), ["no-reviewer"]);
    // Whoever owns it is no reviewer.
    assert_eq!(certified("tests: [{range: [0, null]}]\nreviewers: [a, o]"), ["no-reviewer"]);
    assert!(certified("tests: [{range: [0, null]}]\nreviewers: [a, b]").is_empty());
    let sums = "type: simple\ntable: deals\nmeasure: sum(amount_usd)\nadditivity: sum\ndimensions: [region]\nreviewers: [a, b]";
    let text = metric("m", sums).replace("lifecycle: draft", "lifecycle: certified");
    assert!(catalogue(&[text]).problems.is_empty(), "what adds up is tested by its slices");
    let review = metric("m", simple).replace("lifecycle: draft", "lifecycle: in_review");
    assert_eq!(catalogue(&[review]).problems[0].diagnostic.code.to_string(), "no-reviewer");
}

#[test]
fn a_successor_stays() {
    let old = metric("old", "type: simple\ntable: deals\nmeasure: count(*)\nadditivity: sum");
    let leaving = |name: &str, successor: &str| {
        let state = format!("lifecycle: {{deprecated: {{successor: {successor}, sunset: 2026-06-30}}}}");
        old.replace("  old:", &format!("  {name}:")).replace("lifecycle: draft", &state)
    };
    let problems = catalogue(&[leaving("old", "older"), leaving("older", "fine")]).problems;
    assert_eq!(problems[0].diagnostic.code.to_string(), "leaving-successor");
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn deprecated_metrics_are_answered_with_a_note() {
    let compiled = compile(site(), &question(&["bounce_rate"], &[], Some(Grain::Month))).expect("it is answered");
    assert_eq!(compiled.notes[0].hints, ["use `form_conversion_rate`"]);
}
