//! The pages over the site's catalogue: what they fetch, ask the worker, and have it answer.

use super::adopt::adopt;
use super::navigate::follow;
use super::read::{NO_READER, fetch_text, load_once};
use super::run::run;
use crate::browser::{base_url, replace_fragment};
use crate::state::{App, Fetched, Load};
use almanac_model::link::Route;
use almanac_model::listing::{FILE_NAME, Listing};
use almanac_model::protocol::{Request, Response};
use almanac_model::view::{MetricAnswer, MetricQuestion};
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

thread_local! {
    /// The files of metrics by path, once they were fetched.
    static FILES: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Fetches the listing, unless it is there or on its way.
pub(crate) fn load_listing(app: App) {
    load_once(app.listing, FILE_NAME.to_owned(), "the file is not a catalogue");
}

/// Has the worker answer cells that a page makes up. They belong to `path`; cells of another page are gone when this returns.
pub(crate) fn show_made(app: App, path: &str, source: String) {
    let sheet = app.sheet;
    if sheet.path.get_untracked() != path {
        sheet.clear(path);
        sheet.inputs.update(BTreeMap::clear);
        sheet.made.set(true);
    }
    if source.is_empty() {
        return;
    }
    let (path, source): (String, Arc<str>) = (path.to_owned(), source.into());
    spawn_local(async move {
        let turn = sheet.turn.get_untracked() + 1;
        let shown = adopt(app, Arc::clone(&source), None).await;
        if sheet.path.get_untracked() != path || sheet.turn.get_untracked() != turn {
            return;
        }
        if shown {
            sheet.published.set(source);
            sheet.load.set(Load::Ready);
            run(app);
        } else {
            sheet.load.set(Load::Missing(NO_READER.to_owned()));
        }
    });
}

/// The query of a metric. `None` when the files of metrics or the worker cannot be had.
pub(crate) async fn ask_metric(app: App, question: MetricQuestion) -> Option<MetricAnswer> {
    if FILES.with_borrow(BTreeMap::is_empty) {
        let Fetched::Found(listing) = app.listing.get_untracked() else { return None };
        let files = fetch_files(&listing).await?;
        FILES.set(files);
    }
    let files = FILES.with_borrow(Clone::clone);
    match app.engine.ask(move |request| Request::Metric { request, files, question }).await? {
        Response::Metric { answer, .. } => Some(answer),
        _ => None,
    }
}

async fn fetch_files(listing: &Listing) -> Option<BTreeMap<String, String>> {
    let fetched = listing.files.keys().map(|path| async move { fetch_text(&format!("{}{path}", base_url())).await });
    let mut files = BTreeMap::new();
    for (path, text) in listing.files.keys().zip(futures_util::future::join_all(fetched).await) {
        files.insert(path.clone(), text.ok()?);
    }
    Some(files)
}

/// The place with an option set, or without it when the value is empty.
fn with(route: &Route, name: &str, value: &str) -> Route {
    let mut route = route.clone();
    match &mut route {
        Route::Functions { search } => value.clone_into(search),
        Route::Catalogue { options, .. } | Route::Metrics { options, .. } => {
            options.remove(name);
            if !value.is_empty() {
                options.insert(name.to_owned(), value.to_owned());
            }
        }
        _ => {}
    }
    route
}

/// Sets an option of a page of the catalogue; Back returns.
pub(crate) fn choose(app: App, name: &str, value: &str) {
    follow(&with(&app.route.get_untracked(), name, value));
}

/// Searches on the page that is open. The address says it too, without a step in the history for each letter.
pub(crate) fn type_search(app: App, search: &str) {
    let route = with(&app.route.get_untracked(), "q", search);
    replace_fragment(&route.to_string());
    app.route.set(route);
}
