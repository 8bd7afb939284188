//! Edits: what the reader writes is kept at every change, over the published version, and runs when they say so.

use super::adopt::adopt_and_run;
use super::open_notebook::SCRATCH;
use super::run::release;
use crate::browser::{Stored, download, entries, forget, store};
use crate::state::{Alert, App, Draft, Status, draft_key, draft_prefix};
use almanac_model::ahead::fingerprint;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The text of a SQL cell changed.
pub(crate) fn type_cell(app: App, id: &str, text: String) {
    app.sheet.pending.update(|pending| {
        pending.insert(id.to_owned(), text);
    });
    let cell = app.sheet.cell(id);
    if cell.status.get_untracked() == Status::Fresh {
        cell.status.set(Status::Stale);
    }
    keep(app, &app.sheet.written());
}

/// Runs a cell with what is written in it, and everything that reads it.
pub(crate) fn run_cell(app: App, id: &str) {
    app.sheet.held.update(|held| {
        held.remove(id);
    });
    release(&app.sheet.cell(id));
    apply(app, &app.sheet.written());
}

/// Gives a SQL cell its published text back.
pub(crate) fn revert_cell(app: App, id: &str) -> Option<String> {
    let text = app.sheet.published_view.with_untracked(|view| view.cell(id)?.sql().map(str::to_owned))?;
    type_cell(app, id, text.clone());
    Some(text)
}

/// The source as a whole changed.
pub(crate) fn type_source(app: App, text: &str) {
    keep(app, text);
}

/// Runs the notebook with its source edited as a whole.
pub(crate) fn finish_source(app: App, text: &str) {
    app.sheet.reading.set(true);
    apply(app, text);
}

/// Goes back to the published version; the draft is gone.
pub(crate) fn discard(app: App) {
    for (key, _) in entries(&draft_prefix(&app.sheet.path.get_untracked())) {
        forget(&key);
    }
    app.sheet.pending.update(std::collections::BTreeMap::clear);
    app.sheet.comparing.set(false);
    app.sheet.editing.set(false);
    app.sheet.drafted.set(false);
    app.sheet.outdated.set(false);
    app.sheet.held.update(std::collections::BTreeSet::clear);
    app.announce("Draft discarded; the published version is shown");
    let (published, view) = (app.sheet.published.get_untracked(), app.sheet.published_view.get_untracked());
    spawn_local(adopt_and_run(app, published, Some(view)));
}

/// Offers the draft as a file.
pub(crate) fn download_draft(app: App) {
    let path = app.sheet.path.get_untracked();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let name = if name.ends_with(".md") { name.to_owned() } else { format!("{name}.md") };
    if download(&name, "text/markdown;charset=utf-8", &app.sheet.written()).is_err() {
        app.alert(Alert {
            message: "The browser refused the download".to_owned(),
            hints: vec!["allow downloads for this page and try again".to_owned()],
        });
    }
}

fn apply(app: App, text: &str) {
    keep(app, text);
    spawn_local(adopt_and_run(app, Arc::from(text), None));
}

/// Keeps the text as the reader's draft, unless it is what is published.
pub(super) fn keep(app: App, text: &str) {
    let sheet = app.sheet;
    let path = sheet.path.get_untracked();
    let published = sheet.published.get_untracked();
    let mark = fingerprint(&published);
    let key = draft_key(&path, &mark);
    if *text == *published {
        forget(&key);
        sheet.drafted.set(false);
        return;
    }
    let draft = Draft { published: mark, text: text.to_owned(), saved: js_sys::Date::now() };
    let json = serde_json::to_string(&draft).unwrap_or_default();
    if !sheet.drafted.get_untracked() {
        sheet.drafted.set(true);
    }
    if store(&key, &json) == Stored::Refused {
        let message =
            "Your draft could not be kept: the browser has no room left for this site, or storage is switched off"
                .to_owned();
        let hint = if path == SCRATCH {
            "copy your SQL before you leave this page"
        } else {
            "use “Download .md” before you leave this page"
        };
        app.alert(Alert { message, hints: vec![hint.to_owned()] });
    }
}
