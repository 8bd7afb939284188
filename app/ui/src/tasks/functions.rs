//! The reference of functions: fetches it, searches it, and tries an example in the scratch notebook.

use super::edit::finish_source;
use super::navigate::follow;
use super::open_notebook::{SCRATCH, open_notebook};
use super::read::load_once;
use crate::browser::build;
use crate::queries::with_new_cell;
use crate::state::{App, Load};
use almanac_model::link::Route;
use almanac_model::reference::FILE_NAME;
use leptos::prelude::*;
use std::collections::BTreeMap;
use wasm_bindgen_futures::spawn_local;

/// Fetches the reference, unless it is there or on its way.
pub(crate) fn load_functions(app: App) {
    let build = build();
    let version = if build.is_empty() { String::new() } else { format!("?v={build}") };
    load_once(app.functions, format!("{FILE_NAME}{version}"), "the file is not a reference");
}

/// Opens a function's example in the scratch notebook.
pub(crate) fn try_function(app: App, name: &str, query: &str) {
    try_query(app, &format!("try_{name}"), query);
}

/// Opens a query in the scratch notebook, in a cell of that name.
pub(crate) fn try_query(app: App, name: &str, query: &str) {
    let letters = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(letters).collect();
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
