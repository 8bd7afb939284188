//! Metrics that read metrics: they exist, they do not read themselves, and what they read is not refused.

use super::DEEPEST;
use crate::catalogue::Catalogue;
use almanac_model::metric::{Lifecycle, MetricTest, Written};
use almanac_model::{Diagnostic, Span};
use std::collections::BTreeSet;

/// Problems of what one metric names.
pub(super) fn check(catalogue: &Catalogue, id: &str, broken: &BTreeSet<String>) -> Vec<Diagnostic> {
    let Some(metric) = catalogue.metric(id) else { return Vec::new() };
    let mut named: Vec<&Written> = metric.kind.metrics();
    named.extend(&metric.plan);
    named.extend(metric.tests.iter().filter_map(|test| match test {
        MetricTest::AtMost(other) => Some(other),
        _ => None,
    }));
    match &metric.lifecycle {
        Lifecycle::Deprecated { successor, .. } | Lifecycle::Retired { successor: Some(successor) } => {
            named.push(successor);
        }
        _ => {}
    }
    let mut problems: Vec<Diagnostic> = named
        .iter()
        .filter(|written| !written.text.is_empty())
        .filter_map(|written| unknown(catalogue, written, broken))
        .collect();
    if let Some(path) = cycle(catalogue, id, id, &mut vec![id]) {
        let shown: Vec<String> = path.iter().map(|id| format!("`{id}`")).collect();
        let message = format!("`{id}` reads itself: {}", shown.join(" → "));
        problems.push(
            Diagnostic::error("metric-cycle", metric.span, message)
                .hint("one of them has to be made of rows or of other metrics"),
        );
    }
    problems
}

fn unknown(catalogue: &Catalogue, written: &Written, broken: &BTreeSet<String>) -> Option<Diagnostic> {
    if catalogue.metrics.contains_key(&written.text) {
        return None;
    }
    let id = &written.text;
    if broken.contains(id) {
        let message = format!("the metric `{id}` has a problem of its own");
        return Some(Diagnostic::error("broken-input", written.span, message).hint(format!("repair `{id}` first")));
    }
    let problem = Diagnostic::error("unknown-metric", written.span, format!("there is no metric `{id}`"));
    Some(problem.did_you_mean(id, catalogue.metrics.keys().map(String::as_str)))
}

/// The way from `at` back to `start`.
fn cycle<'a>(catalogue: &'a Catalogue, start: &str, at: &'a str, path: &mut Vec<&'a str>) -> Option<Vec<&'a str>> {
    if path.len() > DEEPEST {
        return None;
    }
    for next in catalogue.metric(at)?.kind.metrics() {
        if next.text == start {
            path.push(next.text.as_str());
            return Some(path.clone());
        }
        // A cycle further down is that of others.
        if path.contains(&next.text.as_str()) {
            continue;
        }
        path.push(next.text.as_str());
        if let Some(found) = cycle(catalogue, start, &next.text, path) {
            return Some(found);
        }
        path.pop();
    }
    None
}

/// What reads a refused metric is refused, too, with the reason.
pub(super) fn spread(catalogue: &mut Catalogue) {
    for _ in 0..DEEPEST {
        let mut found: Vec<(String, Span, String)> = Vec::new();
        for (id, entry) in &catalogue.metrics {
            if entry.refused.is_some() {
                continue;
            }
            let refused = entry.metric.kind.metrics().into_iter().find(|read| catalogue.refusal(&read.text).is_some());
            found.extend(refused.map(|read| (id.clone(), read.span, read.text.clone())));
        }
        if found.is_empty() {
            return;
        }
        for (id, span, input) in found {
            let why = catalogue.refusal(&input).map(|problem| problem.message.clone()).unwrap_or_default();
            let problem =
                Diagnostic::error("broken-input", span, format!("it reads `{input}`, which is refused: {why}"));
            let path = catalogue.metrics.get(&id).map(|entry| entry.path.clone()).unwrap_or_default();
            catalogue.report(&path, Some(&id), vec![problem]);
        }
    }
}
