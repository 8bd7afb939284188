//! Texts of the site and what they say: read ahead of time when the site was built, else by the worker.

use crate::browser::base_url;
use crate::state::{App, Fetched};
use almanac_model::ahead::{Ahead, Reading, TextKind, ahead_path, fingerprint};
use almanac_model::view::NotebookView;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Why a text has no structure: the sentence goes on from "could not be read: ".
pub(super) const NO_READER: &str = "the engine, which reads it, could not be started";

/// Fetches the text at `path` and what it says.
///
/// # Errors
/// Why it cannot be had, in words that follow "could not be read: ".
pub(super) async fn fetch_read(app: App, path: &str, kind: TextKind) -> Result<(String, Reading), String> {
    let address = format!("{}{path}", base_url());
    let (text, ahead) = futures_util::future::join(fetch_text(&address), fetch_ahead(&ahead_path(&address))).await;
    let text = text?;
    if let Some(ahead) = ahead
        && ahead.of == fingerprint(&text)
    {
        return Ok((text, ahead.value));
    }
    let reading = app.engine.read(kind, &text).await.ok_or_else(|| NO_READER.to_owned())?;
    Ok((text, reading))
}

/// What the source of a notebook says.
pub(super) async fn read_notebook(app: App, source: &str) -> Option<Arc<NotebookView>> {
    match app.engine.read(TextKind::Notebook, source).await? {
        Reading::Notebook(view) => Some(Arc::new(view)),
        Reading::Site(_) => None,
    }
}

/// Fetches a file of the site and hands its text on.
pub(super) fn fetch_for(path: String, then: Box<dyn FnOnce(Result<String, String>)>) {
    spawn_local(async move { then(fetch_text(&format!("{}{path}", base_url())).await) });
}

/// Fetches a JSON file of the site into a signal, unless it is there or on its way. `wrong` says that it is no such file.
pub(super) fn load_once<T: DeserializeOwned + Send + Sync + 'static>(
    into: RwSignal<Fetched<T>>,
    path: String,
    wrong: &'static str,
) {
    if into.with_untracked(|state| matches!(state, Fetched::Loading | Fetched::Found(_))) {
        return;
    }
    into.set(Fetched::Loading);
    let read = move |found: Result<String, String>| {
        let read = found.and_then(|text| serde_json::from_str(&text).map_err(|_| wrong.to_owned()));
        into.set(read.map_or_else(Fetched::Missing, |value| Fetched::Found(Arc::new(value))));
    };
    fetch_for(path, Box::new(read));
}

/// What was read ahead; a site that nobody built has none.
async fn fetch_ahead(address: &str) -> Option<Ahead<Reading>> {
    serde_json::from_str(&fetch_text(address).await.ok()?).ok()
}

/// A text file of the site. Some hosts answer with their start page where there is no file: that is no text file either.
pub(super) async fn fetch_text(address: &str) -> Result<String, String> {
    let answer = gloo_net::http::Request::get(address)
        .send()
        .await
        .map_err(|_| "the file could not be fetched; check the connection".to_owned())?;
    if !answer.ok() {
        return Err(format!("the server answered {} {}", answer.status(), answer.status_text()));
    }
    let text = answer.text().await.map_err(|_| "the file is not UTF-8 text".to_owned())?;
    if text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
        return Err("there is no such file".to_owned());
    }
    Ok(text)
}
