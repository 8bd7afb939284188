//! Governance: what is certified has an owner, tests and reviewers, and relies on nothing that is on its way out.

use crate::catalogue::Catalogue;
use crate::trust::slices_add_up;
use almanac_model::Diagnostic;
use almanac_model::metric::{Lifecycle, Metric, Written};

/// So many have to have looked at what is certified, the owner not counted.
const REVIEWERS: usize = 2;

pub(super) fn check(catalogue: &Catalogue, id: &str) -> Vec<Diagnostic> {
    let Some(metric) = catalogue.metric(id) else { return Vec::new() };
    let mut problems = Vec::new();
    let certified = metric.lifecycle == Lifecycle::Certified;
    if certified {
        problems.extend(certification(catalogue, metric));
    }
    if metric.lifecycle == Lifecycle::InReview && reviewers(metric) == 0 {
        let message = format!("`{id}` is in review, but nobody reviews it");
        let problem = Diagnostic::error("no-reviewer", metric.span, message);
        problems.push(problem.hint("add `reviewers: […, …]` to it or to its file"));
    }
    for read in metric.kind.metrics().into_iter().chain(&metric.plan) {
        let Some(input) = catalogue.metric(&read.text) else { continue };
        match &input.lifecycle {
            Lifecycle::Retired { .. } => {
                let message = format!("`{id}` reads `{}`, which is retired", read.text);
                problems.push(Diagnostic::error("retired-metric", read.span, message));
            }
            Lifecycle::Deprecated { successor, .. } if certified => {
                let message = format!("`{id}` is certified and reads `{}`, which is deprecated", read.text);
                let problem = Diagnostic::warning("deprecated-metric", read.span, message);
                problems.push(problem.hint(format!("read `{}` instead", successor.text)));
            }
            Lifecycle::Draft | Lifecycle::InReview if certified => {
                let message =
                    format!("`{id}` is certified and reads `{}`, which is {}", read.text, input.lifecycle.name());
                problems.push(Diagnostic::warning("uncertified-input", read.span, message));
            }
            _ => {}
        }
    }
    problems.extend(successor(catalogue, metric));
    problems
}

/// Owner, tests and reviewers of what is certified.
fn certification(catalogue: &Catalogue, metric: &Metric) -> Vec<Diagnostic> {
    let id = &metric.id;
    let mut problems = Vec::new();
    let mut missing = |code, message: String, hint: &str| {
        problems.push(Diagnostic::error(code, metric.span, message).hint(hint));
    };
    if metric.owner.is_empty() {
        missing("no-owner", format!("`{id}` is certified, but nobody owns it"), "add `owner:` to it or to its file");
    }
    // What adds up by its dimensions is tested by that.
    let by_slices = slices_add_up(catalogue, id) && !metric.dimensions.is_empty();
    if metric.tests.is_empty() && !by_slices {
        let hint = "add a test that a wrong value would break, such as `tests: [{range: [0, 1]}]`";
        missing("no-test", format!("`{id}` is certified, but nothing tests its values"), hint);
    }
    let named = reviewers(metric);
    if named < REVIEWERS {
        let message = format!("`{id}` is certified, but {named} of {REVIEWERS} reviewers are named");
        missing("no-reviewer", message, "add `reviewers: […, …]` to it or to its file; its owner is none");
    }
    problems
}

/// How many other than the owner look at it.
fn reviewers(metric: &Metric) -> usize {
    let mut names: Vec<&String> = metric.reviewers.iter().filter(|name| **name != metric.owner).collect();
    names.sort();
    names.dedup();
    names.len()
}

/// What takes the place of a metric is to stay.
fn successor(catalogue: &Catalogue, metric: &Metric) -> Option<Diagnostic> {
    let successor: &Written = match &metric.lifecycle {
        Lifecycle::Deprecated { successor, .. } => successor,
        Lifecycle::Retired { successor } => successor.as_ref()?,
        _ => return None,
    };
    let state = &catalogue.metric(&successor.text)?.lifecycle;
    if !matches!(state, Lifecycle::Deprecated { .. } | Lifecycle::Retired { .. }) {
        return None;
    }
    let message = format!("`{}`, the successor of `{}`, is {} itself", successor.text, metric.id, state.name());
    Some(Diagnostic::error("leaving-successor", successor.span, message).hint("name a metric that stays"))
}
