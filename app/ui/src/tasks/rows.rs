//! Rows of a result: pages for scrolling, and the ways they leave the page.

use crate::browser::{copy, download};
use crate::queries::{count, tab_separated};
use crate::state::{Alert, App};
use almanac_model::protocol::{Generation, Request, Response, SortBy};
use almanac_model::view::{ColumnView, Page};
use wasm_bindgen_futures::spawn_local;

/// Most rows that "Copy" takes: what a clipboard and a spreadsheet bear.
const COPY_LIMIT: u32 = 10_000;

/// A page of a cell's rows; `None` when that result is gone.
pub(crate) async fn fetch_rows(
    app: App,
    generation: Generation,
    cell: String,
    offset: u64,
    limit: u32,
    sort: Option<SortBy>,
) -> Option<Page> {
    match app.engine.ask(move |request| Request::Page { request, generation, cell, offset, limit, sort }).await {
        Some(Response::Page { page, .. }) => page,
        _ => None,
    }
}

/// Puts the rows on the clipboard, parted by tabs.
pub(crate) fn copy_rows(
    app: App,
    generation: Generation,
    cell: String,
    columns: Vec<ColumnView>,
    sort: Option<SortBy>,
    total: u64,
) {
    spawn_local(async move {
        let Some(page) = fetch_rows(app, generation, cell, 0, COPY_LIMIT, sort).await else {
            gone(app);
            return;
        };
        let copied = page.rows.len() as u64;
        if !copy(&tab_separated(&columns, &page.rows)).await {
            refused(app);
        } else if copied < total {
            app.announce(format!(
                "Copied the first {} of {}; Export CSV has them all",
                count(copied, "row", "rows"),
                count(total, "row", "rows")
            ));
        } else {
            app.announce(format!("Copied {}", count(copied, "row", "rows")));
        }
    });
}

/// Offers the whole result as a CSV file.
pub(crate) fn export_csv(app: App, cell: String, sort: Option<SortBy>) {
    spawn_local(async move {
        app.announce("Preparing the CSV file");
        let id = cell.clone();
        match app.engine.ask(move |request| Request::ExportCsv { request, cell: id, sort }).await {
            Some(Response::Csv { csv: Some(csv), .. }) => {
                if download(&format!("{cell}.csv"), "text/csv;charset=utf-8", &csv).is_err() {
                    app.alert(Alert {
                        message: "The browser refused the download".to_owned(),
                        hints: vec!["allow downloads for this page and try again".to_owned()],
                    });
                } else {
                    app.announce(format!("{cell}.csv is downloaded"));
                }
            }
            _ => gone(app),
        }
    });
}

fn gone(app: App) {
    app.alert(Alert {
        message: "This result is no longer in memory".to_owned(),
        hints: vec!["run the cell again".to_owned()],
    });
}

fn refused(app: App) {
    app.alert(Alert {
        message: "The browser did not allow access to the clipboard".to_owned(),
        hints: vec!["open the page by https or on localhost, or use Export CSV".to_owned()],
    });
}
