//! The tables of the site: what each holds, how large and how new it is.

use super::table::TablePage;
use crate::components::{head, search_field};
use crate::queries::{bytes, count, day};
use crate::state::App;
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::search::Index;
use almanac_model::view::{CatalogTable, TableSource};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The data catalogue: the list of tables, or the one of that name.
pub(crate) fn catalogue_page(app: App, table: Option<String>) -> AnyView {
    tasks::load_listing(app);
    let words = RwSignal::new(String::new());
    let named = table.is_some();
    let table = table.map(|name| TablePage::new(app, name));
    let body = move || {
        let tables = app.tables.get();
        match &table {
            _ if tables.is_empty() && app.engine.ready.with(Option::is_none) => {
                view! { <div class="skeleton for-table" aria-hidden="true"></div> }.into_any()
            }
            Some(page) => page.view(&tables),
            None => list(app, &tables, words),
        }
    };
    let top = if named {
        view! { <p class="trail"><a href="#/catalogue">"Data catalogue"</a></p> }.into_any()
    } else {
        let lead = "Every table of this site: what one row is, how large and how new it is, and what reads it.";
        let field = search_field(app, "Search tables and columns", "deals, churn, mrr_usd …", words);
        vec![head("Data catalogue".to_owned(), lead.to_owned(), None), field].into_any()
    };
    view! { {top}<div class="catalogue">{body}</div> }.into_any()
}

/// Where a table's page is.
pub(super) fn table_address(name: &str) -> String {
    Route::Catalogue { table: Some(name.to_owned()), options: BTreeMap::new() }.to_string()
}

/// An option of the address; empty when it is not there.
pub(super) fn option_of(app: App, name: &str) -> String {
    app.route.with(|route| match route {
        Route::Catalogue { options, .. } | Route::Metrics { options, .. } => {
            options.get(name).cloned().unwrap_or_default()
        }
        _ => String::new(),
    })
}

fn list(app: App, tables: &[CatalogTable], words: RwSignal<String>) -> AnyView {
    if tables.is_empty() {
        return view! { <section class="empty"><h2>"This site has no data yet"</h2><p><a href="#/data">"How to add tables"</a></p></section> }.into_any();
    }
    let index = Index::new(tables.iter().map(|table| (table.name.as_str(), described(table))));
    let found = index.find(&option_of(app, "q"));
    words.set(fitting(found.len(), tables.len(), "tables"));
    let items: Vec<AnyView> = found.into_iter().map(|at| row(&tables[at])).collect();
    view! { <ul class="entries">{items}</ul> }.into_any()
}

/// How many of all fit what is searched for.
pub(super) fn fitting(fit: usize, all: usize, what: &str) -> String {
    if fit == all { format!("{all} {what}") } else { format!("{fit} of {all} {what} fit") }
}

/// All words of a table.
fn described(table: &CatalogTable) -> String {
    let mut words = table.description.clone();
    for column in &table.columns {
        words.extend([" ", &column.name, " ", &column.description]);
    }
    words
}

fn row(table: &CatalogTable) -> AnyView {
    let newest = table.facts.as_ref().and_then(|facts| day(facts.newest.as_deref()?));
    let parts = [
        table.rows.map(|rows| count(rows, "row", "rows")),
        Some(count(table.columns.len() as u64, "column", "columns")),
        table.bytes.map(bytes),
        newest.map(|newest| format!("to {newest}")),
        (table.source == TableSource::Dropped).then(|| "opened by you".to_owned()),
    ];
    entry(table_address(&table.name), &table.name, &table.description, parts.into_iter().flatten().collect())
}

/// An entry of a list: a link, a sentence, facts.
pub(super) fn entry(address: String, name: &str, words: &str, facts: Vec<String>) -> AnyView {
    view! {
        <li class="entry">
            <a href=address>{name.to_owned()}</a>
            <p>{words.to_owned()}</p>
            <p class="entry-facts">{facts.join(" · ")}</p>
        </li>
    }
    .into_any()
}
