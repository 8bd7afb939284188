//! Opens files of the reader: they become tables and never leave the browser.

use super::functions::try_query;
use crate::queries::{count, identifier, table_name};
use crate::state::App;
use leptos::prelude::*;
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
    try_query(app, &table_name(table), &format!("select *\nfrom {}\nlimit 1000", identifier(table)));
}

/// Forgets a file.
pub(crate) fn close_file(app: App, table: &str) {
    app.engine.close_file(table);
    app.tables.update(|tables| tables.retain(|known| known.name != table));
    app.announce(format!("{table} is closed"));
}
