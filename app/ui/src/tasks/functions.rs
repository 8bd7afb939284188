//! The reference of functions: fetches it, searches it, and tries an example in the scratch notebook.

use super::edit::finish_source;
use super::navigate::follow;
use super::open_notebook::{SCRATCH, open_notebook};
use super::read::fetch_text;
use crate::browser::{base_url, build, replace_fragment};
use crate::queries::with_new_cell;
use crate::state::{App, FunctionsState, Load};
use almanac_model::link::Route;
use almanac_model::reference::FILE_NAME;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Fetches the reference, unless it is there or on its way.
pub(crate) fn load_functions(app: App) {
    if matches!(app.functions.get_untracked(), FunctionsState::Loading | FunctionsState::Found(_)) {
        return;
    }
    app.functions.set(FunctionsState::Loading);
    spawn_local(async move {
        let build = build();
        let version = if build.is_empty() { String::new() } else { format!("?v={build}") };
        let found = fetch_text(&format!("{}{FILE_NAME}{version}", base_url())).await;
        let read =
            found.and_then(|text| serde_json::from_str(&text).map_err(|_| "the file is not a reference".to_owned()));
        app.functions.set(match read {
            Ok(reference) => FunctionsState::Found(Arc::new(reference)),
            Err(why) => FunctionsState::Missing(why),
        });
    });
}

/// Shows what a search finds. The address says it too, without a step in the history for each letter.
pub(crate) fn search_functions(app: App, search: String) {
    let route = Route::Functions { search };
    replace_fragment(&route.to_string());
    app.route.set(route);
}

/// Opens a query in the scratch notebook, in a cell of that name.
pub(crate) fn try_function(app: App, name: &str, query: &str) {
    let letters = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = format!("try_{name}").chars().map(letters).collect();
    let query = query.to_owned();
    spawn_local(async move {
        open_notebook(app, SCRATCH, BTreeMap::new()).await;
        if app.sheet.load.get_untracked() == Load::Ready {
            let known = app.sheet.view.with_untracked(|view| view.cell(&name).is_some());
            let written = app.sheet.written();
            finish_source(app, &if known { written } else { with_new_cell(&written, &name, &query) });
        }
        follow(&Route::Notebook { slug: SCRATCH.to_owned(), inputs: BTreeMap::new() });
    });
}
