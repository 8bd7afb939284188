//! The keys that say how a metric is watched: tests, alert, lifecycle.

use super::fields::{CODE, Fields, written};
use super::{Alert, AlertKind, Fill, Lifecycle, MetricTest, Written};
use crate::diagnostic::Diagnostic;
use crate::format::parse_date;
use crate::notebook::{Kind, Node};

/// `fill: zero`.
pub(super) fn fill(fields: &mut Fields<'_>) -> Option<Fill> {
    // YAML reads `fill: null` as no value at all, so the word for it is `none`.
    fields.one_of("fill", &[("zero", Fill::Zero), ("none", Fill::Null)])
}

/// `tests: [{range: [0, 1]}, {at_most: mrr}]`.
pub(super) fn tests(fields: &mut Fields<'_>, text: &str) -> Vec<MetricTest> {
    let Some(node) = fields.node("tests") else { return Vec::new() };
    let Kind::List(items) = &node.kind else {
        fields.wrong(node, "`tests` should be a list: `[{range: [0, 1]}]`");
        return Vec::new();
    };
    items.iter().filter_map(|item| test(fields, text, item)).collect()
}

fn test(fields: &mut Fields<'_>, text: &str, item: &Node) -> Option<MetricTest> {
    let mut own = Fields::new(text, "a test", item.span, item);
    let mut found: Vec<MetricTest> = Vec::new();
    if let Some(node) = own.node("range") {
        match &node.kind {
            Kind::List(bounds) if bounds.len() == 2 => {
                let open = |node: &Node| node.kind == Kind::Null || node.number().is_some();
                if !bounds.iter().all(open) {
                    own.wrong(node, "the bounds of a range are numbers, or `null` for an open one");
                }
                found.push(MetricTest::Range { low: bounds[0].number(), high: bounds[1].number() });
            }
            _ => own.wrong(node, "a range has two bounds: `[0, 1]`, `[0, null]`"),
        }
    }
    found.extend(own.written("at_most").map(MetricTest::AtMost));
    found.extend(own.written("reconciles").map(MetricTest::Reconciles));
    found.extend(equals(&mut own, text));
    if let Some(node) = own.node("least_denominator") {
        match node.number() {
            Some(least) => found.push(MetricTest::LeastDenominator(least)),
            None => own.wrong(node, "`least_denominator` should be a number"),
        }
    }
    if own.one_of("rises_within_year", &[("true", ())]).is_some() {
        found.push(MetricTest::RisesWithinYear);
    }
    if found.len() != 1 && own.problems.is_empty() && !own.has_others() {
        own.wrong(
            item,
            "a test is one of `range`, `at_most`, `equals`, `reconciles`, `least_denominator`, `rises_within_year`",
        );
    }
    own.finish(&mut fields.problems).then(|| found.swap_remove(0))
}

fn equals(own: &mut Fields<'_>, text: &str) -> Option<MetricTest> {
    let node = own.node("equals")?;
    let plain = |expression| MetricTest::Equals { expression, tolerance: 1e-6, relative: 1e-9, total: false };
    if let Some(expression) = written(text, node) {
        return Some(plain(expression));
    }
    let mut fields = Fields::new(text, "`equals`", node.span, node);
    let expression = fields.needed("expression");
    let mut number = |key| {
        let node = fields.node(key)?;
        let number = node.number();
        if number.is_none() {
            fields.wrong(node, format!("`{key}` should be a number"));
        }
        number
    };
    let (tolerance, relative) = (number("tolerance").unwrap_or(1e-6), number("relative").unwrap_or(1e-9));
    let total = fields.one_of("at", &[("total", true), ("period", false)]).unwrap_or(false);
    fields.finish(&mut own.problems).then_some(MetricTest::Equals { expression, tolerance, relative, total })
}

/// `alert: {below: [0.27, 0.23]}`.
pub(super) fn alert(fields: &mut Fields<'_>) -> Option<Alert> {
    const KINDS: [(&str, AlertKind); 4] = [
        ("below", AlertKind::Below),
        ("above", AlertKind::Above),
        ("drop", AlertKind::Drop),
        ("rise", AlertKind::Rise),
    ];
    let node = fields.node("alert")?;
    if let Kind::Map(entries) = &node.kind
        && let [(key, _, Node { kind: Kind::List(levels), .. })] = entries.as_slice()
        && let Some((_, kind)) = KINDS.iter().find(|(name, _)| name == key)
        && let [Some(warn), Some(critical)] = levels.iter().map(Node::number).collect::<Vec<_>>().as_slice()
    {
        return Some(Alert { kind: *kind, warn: *warn, critical: *critical });
    }
    fields.wrong(
        node,
        "an alert is one of `below`, `above`, `drop`, `rise` with two thresholds: `{below: [0.27, 0.23]}`",
    );
    None
}

/// `lifecycle: certified` or `lifecycle: {deprecated: {successor: nps, sunset: 2026-06-30}}`.
pub(super) fn lifecycle(fields: &mut Fields<'_>, text: &str) -> Lifecycle {
    const STATES: [&str; 5] = ["draft", "in_review", "certified", "deprecated", "retired"];
    let Some(node) = fields.node("lifecycle") else { return Lifecycle::Draft };
    let (state, about) = match &node.kind {
        Kind::Map(entries) if entries.len() == 1 => (entries[0].0.as_str(), Some(&entries[0].2)),
        _ => (node.text().unwrap_or_default(), None),
    };
    let mut successor: Option<Written> = None;
    let mut sunset = None;
    if let Some(about) = about {
        let mut own = Fields::new(text, format!("the state `{state}`"), about.span, about);
        successor = own.written("successor");
        sunset = own.written("sunset");
        if let Some(day) = &sunset
            && parse_date(&day.text).is_none()
        {
            own.problems.push(Diagnostic::error(
                CODE,
                day.span,
                format!("`{}` is no day such as 2026-06-30", day.text),
            ));
        }
        own.finish(&mut fields.problems);
    }
    match (state, successor) {
        ("draft", None) => Lifecycle::Draft,
        ("in_review", None) => Lifecycle::InReview,
        ("certified", None) => Lifecycle::Certified,
        ("deprecated", Some(successor)) => Lifecycle::Deprecated { successor, sunset: sunset.map(|day| day.text) },
        ("retired", successor) => Lifecycle::Retired { successor },
        ("deprecated", None) => {
            let problem = Diagnostic::error("no-successor", node.span, "a deprecated metric names its successor");
            fields
                .problems
                .push(problem.hint("write `lifecycle: {deprecated: {successor: win_rate, sunset: 2026-06-30}}`"));
            Lifecycle::Draft
        }
        (other, _) => {
            let message = format!("`{other}` is no lifecycle state: they are {}", STATES.join(", "));
            fields.problems.push(Diagnostic::error(CODE, node.span, message).did_you_mean(other, STATES));
            Lifecycle::Draft
        }
    }
}
