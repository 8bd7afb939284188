//! What the editor asks the worker: completions and problems, with places in UTF-16 as the editor counts them.

use crate::engine::Phase;
use crate::queries::{byte_of_utf16, utf16_of_byte};
use crate::state::App;
use almanac_model::protocol::{Request, Response};
use almanac_model::{Diagnostic, Severity};
use leptos::prelude::*;
use serde::Serialize;

#[derive(Serialize)]
struct Completions {
    from: usize,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    label: String,
    r#type: String,
    detail: String,
    info: String,
    boost: i32,
}

#[derive(Serialize)]
struct Problem {
    from: usize,
    to: usize,
    severity: &'static str,
    source: String,
    message: String,
}

/// What can be written at a UTF-16 offset, as the JSON the editor reads; `None` while the worker is busy or away.
pub(crate) async fn complete(app: App, sql: String, position: usize) -> Option<String> {
    if app.engine.phase.get_untracked() != Phase::Idle {
        return None;
    }
    let cursor = u32::try_from(byte_of_utf16(&sql, position)).ok()?;
    let text = sql.clone();
    let Some(Response::Completions { from, items, .. }) =
        app.engine.ask(move |request| Request::Complete { request, sql: text, cursor }).await
    else {
        return None;
    };
    // The editor sorts by match and then by boost, which keeps the worker's order.
    let items = items.into_iter().zip((-99..=99).rev()).map(|(item, boost)| Item {
        label: item.label,
        r#type: item.kind,
        detail: item.detail,
        info: item.info,
        boost,
    });
    serde_json::to_string(&Completions { from: utf16_of_byte(&sql, from as usize), items: items.collect() }).ok()
}

/// The problems of a SQL text, as the JSON the editor reads.
pub(crate) async fn check(app: App, sql: String) -> Option<String> {
    if app.engine.phase.get_untracked() != Phase::Idle {
        return None;
    }
    let text = sql.clone();
    let Some(Response::Checked { diagnostics, .. }) =
        app.engine.ask(move |request| Request::Check { request, sql: text }).await
    else {
        return None;
    };
    serde_json::to_string(&diagnostics.iter().map(|problem| marked(problem, &sql)).collect::<Vec<_>>()).ok()
}

fn marked(problem: &Diagnostic, text: &str) -> Problem {
    let (from, to) = problem.span.map_or((0, text.len()), |span| (span.start, span.end.max(span.start + 1)));
    let mut message = problem.message.clone();
    for hint in &problem.hints {
        message.push('\n');
        message.push_str(hint);
    }
    Problem {
        from: utf16_of_byte(text, from),
        to: utf16_of_byte(text, to.min(text.len())),
        severity: if problem.severity == Severity::Error { "error" } else { "warning" },
        source: problem.code.to_string(),
        message,
    }
}
