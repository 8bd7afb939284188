//! Opens files of the reader: they become tables and never leave the browser.

use super::edit::finish_source;
use super::navigate::follow;
use super::open_notebook::{SCRATCH, open_notebook};
use crate::queries::{count, table_name, with_new_cell};
use crate::state::{App, Load};
use almanac_model::link::Route;
use leptos::prelude::*;
use std::collections::BTreeMap;
use wasm_bindgen_futures::spawn_local;

/// Opens files, one after another, and shows the last in the scratch notebook.
pub(crate) fn open_files(app: App, files: web_sys::FileList) {
    spawn_local(async move {
        let mut opened = None;
        for file in (0..files.length()).filter_map(|index| files.get(index)) {
            let name = file.name();
            app.announce(format!("Reading {name}"));
            let (table, problems) = app.engine.open_file(name, file.into()).await;
            problems.iter().for_each(|problem| app.alert(problem.into()));
            if let Some(table) = table {
                let rows = table.rows.map(|rows| format!(", {}", count(rows, "row", "rows"))).unwrap_or_default();
                app.announce(format!("{} is open{rows}", table.name));
                app.tables.update(|tables| {
                    tables.retain(|known| known.name != table.name);
                    tables.push(table.clone());
                });
                opened = Some(table.name);
            }
        }
        if let Some(table) = opened {
            query_table(app, &table);
        }
    });
}

/// Shows a table in the scratch notebook, in a cell where SQL can be written.
pub(crate) fn query_table(app: App, table: &str) {
    let table = table.to_owned();
    spawn_local(async move {
        open_notebook(app, SCRATCH, BTreeMap::new()).await;
        if app.sheet.load.get_untracked() == Load::Ready {
            show_table(app, &table);
        }
        follow(&Route::Notebook { slug: SCRATCH.to_owned(), inputs: BTreeMap::new() });
    });
}

fn show_table(app: App, table: &str) {
    let name = table_name(table);
    let written = app.sheet.written();
    let known = app.sheet.view.with_untracked(|view| view.cell(&name).is_some());
    let quoted = if table.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        table.to_owned()
    } else {
        format!("\"{}\"", table.replace('"', "\"\""))
    };
    let text =
        if known { written } else { with_new_cell(&written, &name, &format!("select *\nfrom {quoted}\nlimit 1000")) };
    finish_source(app, &text);
}

/// Forgets a file.
pub(crate) fn close_file(app: App, table: &str) {
    app.engine.close_file(table);
    app.tables.update(|tables| tables.retain(|known| known.name != table));
    app.announce(format!("{table} is closed"));
}
