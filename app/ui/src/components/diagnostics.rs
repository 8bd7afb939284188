//! Problems: what happened, where, and what to try next.

use crate::queries::line_and_column;
use almanac_model::{Diagnostic, Severity};
use leptos::prelude::*;
use std::sync::Arc;

/// A list of problems; empty when there are none.
#[component]
pub(crate) fn Diagnostics(
    /// The problems.
    #[prop(into)]
    problems: Signal<Arc<Vec<Diagnostic>>>,
    /// The text their spans point into, and the byte of the part whose lines are counted (a cell's first).
    #[prop(into)]
    text: Signal<(Arc<str>, usize)>,
) -> AnyView {
    view! {
        <div class="diagnostics-region" role="alert">
            {move || {
                let problems = problems.get();
                (!problems.is_empty()).then(|| {
                    let (source, from) = text.get();
                    let items = problems.iter().map(|problem| item(problem, &source, from)).collect_view();
                    view! { <ul class="diagnostics">{items}</ul> }
                })
            }}
        </div>
    }
    .into_any()
}

fn item(problem: &Diagnostic, source: &str, from: usize) -> AnyView {
    let error = problem.severity == Severity::Error;
    let place = problem.span.filter(|span| span.start >= from).and_then(|span| {
        let (line, column) = line_and_column(source.get(from..)?, span.start - from);
        let words = source
            .get(span.start..span.end)
            .filter(|words| !words.trim().is_empty() && words.len() <= 60 && !words.contains('\n'));
        Some((format!("line {line}, column {column}"), words.map(str::to_owned)))
    });
    view! {
        <li class="diagnostic" class:error=error class:warning=!error>
            <p class="diagnostic-message"><span class="diagnostic-kind">{if error { "Error" } else { "Warning" }}</span>{with_code(&problem.message)}</p>
            {problem.hints.iter().map(|hint| view! { <p class="diagnostic-hint">{with_code(hint)}</p> }).collect_view()}
            <p class="diagnostic-place">
                {place.map(|(place, words)| view! {
                    <span>{place}</span>
                    {words.map(|words| view! { <code>{words}</code> })}
                })}
                <span class="diagnostic-code">{problem.code.to_string()}</span>
            </p>
        </li>
    }
    .into_any()
}

/// Words in which names between back-ticks are code.
fn with_code(words: &str) -> Vec<AnyView> {
    let part = |(index, part): (usize, &str)| {
        let part = part.to_owned();
        if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    };
    words.split('`').enumerate().map(part).collect()
}
