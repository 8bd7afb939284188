//! Governance: what is certified has an owner and relies on nothing that is on its way out.

use crate::catalogue::Catalogue;
use almanac_model::Diagnostic;
use almanac_model::metric::Lifecycle;

pub(super) fn check(catalogue: &Catalogue, id: &str) -> Vec<Diagnostic> {
    let Some(metric) = catalogue.metric(id) else { return Vec::new() };
    let mut problems = Vec::new();
    let certified = metric.lifecycle == Lifecycle::Certified;
    if certified && metric.owner.is_empty() {
        let message = format!("`{id}` is certified, but nobody owns it");
        problems.push(Diagnostic::error("no-owner", metric.span, message).hint("add `owner:` to it or to its file"));
    }
    for read in metric.kind.metrics() {
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
    problems
}
