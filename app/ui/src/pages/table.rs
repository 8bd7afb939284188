//! One table of the catalogue: its facts, its columns, what is in them, and what reads it.

use super::catalogue::{option_of, table_address};
use super::metrics::metric_address;
use crate::components::{Icon, Picture, facts, head, links, made_cell, said};
use crate::queries::{bytes, count, day, has_profile, table_notebook};
use crate::state::{App, Fetched};
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::site::NotebookEntry;
use almanac_model::view::{CatalogColumn, CatalogTable};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The page of a table.
pub(super) struct TablePage {
    app: App,
    name: String,
    chosen: Memo<String>,
    whole: Memo<String>,
}

impl TablePage {
    /// Of the table of that name, which may not be known yet.
    pub(super) fn new(app: App, name: String) -> Self {
        let path = format!("catalogue/{name}");
        tasks::show_made(app, &path, String::new());
        let chosen = Memo::new(move |_| option_of(app, "column"));
        let whole = Memo::new(move |_| option_of(app, "profile"));
        let wanted = name.clone();
        Effect::new(move || {
            let source = app.tables.with(|tables| {
                let table = tables.iter().find(|table| table.name == wanted)?;
                let column = chosen.with(|chosen| table.columns.iter().find(|column| column.name == *chosen));
                Some(table_notebook(table, column, !whole.with(String::is_empty)))
            });
            tasks::show_made(app, &path, source.unwrap_or_default());
        });
        Self { app, name, chosen, whole }
    }

    /// The page, when these are the tables.
    pub(super) fn view(&self, tables: &[CatalogTable]) -> AnyView {
        match tables.iter().find(|table| table.name == self.name) {
            Some(table) => shown(self.app, table, tables, self.chosen, self.whole),
            None => head("There is no table of this name".to_owned(), self.name.clone(), None),
        }
    }
}

fn shown(
    app: App,
    table: &CatalogTable,
    tables: &[CatalogTable],
    chosen: Memo<String>,
    whole: Memo<String>,
) -> AnyView {
    let own = table.facts.clone().unwrap_or_default();
    let files = if own.files > 1 { format!(" in {} files", own.files) } else { String::new() };
    let pairs = vec![
        ("One row is", said(own.grain.replace(" x ", " × "))),
        ("Rows", table.rows.and_then(|rows| said(count(rows, "row", "rows")))),
        ("Size", table.bytes.and_then(|size| said(format!("{}{files}", bytes(size))))),
        ("Newest day", own.newest.as_deref().and_then(day).and_then(said)),
        ("Key", said(own.key.join(", "))),
        ("Kind", said(own.kind.replace('_', " by "))),
        ("Made of", said(own.sources.join(", "))),
    ];
    let columns = table.columns.iter().map(|column| line(app, column, &own.key, chosen)).collect_view();
    let profile = move || {
        if chosen.with(String::is_empty) {
            return ().into_any();
        }
        view! {
            <h3 tabindex="-1" id="column-values">"Values of "<code>{chosen.get()}</code></h3>
            {made_cell(app, "figures", "for-line")}
            {made_cell(app, "distribution", "for-chart")}
        }
        .into_any()
    };
    let all = move || {
        if whole.with(String::is_empty) {
            view! { <p><button type="button" on:click=move |_| tasks::choose(app, "profile", "all")>"Profile all columns"</button>" "<span class="notice">"Reads the whole table."</span></p> }.into_any()
        } else {
            made_cell(app, "all_columns", "for-table")
        }
    };
    let name = table.name.clone();
    let query = move |_| tasks::query_table(app, &name);
    let open =
        view! { <button type="button" on:click=query><Icon picture=Picture::Edit />"Open in a notebook"</button> };
    view! {
        {head(table.name.clone(), table.description.clone(), Some(open.into_any()))}
        {facts(pairs)}
        <h2>"Columns"</h2>
        <div class="prose-table" tabindex="0" role="group" aria-label=format!("Columns of {}", table.name)>
            <table>
                <thead><tr><th scope="col">"Column"</th><th scope="col">"Type"</th><th scope="col">"Unit"</th><th scope="col">"Meaning"</th><th scope="col">"Profile"</th></tr></thead>
                <tbody>{columns}</tbody>
            </table>
        </div>
        {profile}
        {all}
        <h2>"Sample rows"</h2>
        {made_cell(app, "sample", "for-table")}
        {used(app, &table.name, tables)}
    }
    .into_any()
}

fn line(app: App, column: &CatalogColumn, key: &[String], chosen: Memo<String>) -> AnyView {
    let name = column.name.clone();
    let own = name.clone();
    let pressed = move || chosen.with(|chosen| *chosen == own).to_string();
    let look = has_profile(column).then(|| view! {
        <button type="button" class="quiet" aria-pressed=pressed aria-label=format!("Values of {name}") on:click=move |_| tasks::choose(app, "column", &name)>"Values"</button>
    });
    let mut words = column.description.clone();
    words += if key.contains(&column.name) { " (key)" } else { "" };
    words += if column.nullable { "; may be empty" } else { "" };
    let refers = column.references.as_ref().map(|(table, other)| (table_address(table), format!("{table}.{other}")));
    view! {
        <tr>
            <th scope="row"><code>{column.name.clone()}</code></th>
            <td>{column.ty.to_string()}</td>
            <td>{column.unit.clone()}</td>
            <td>{words}{links(refers.into_iter().collect())}</td>
            <td>{look}</td>
        </tr>
    }
    .into_any()
}

/// What reads the table: metrics, notebooks, and tables whose columns name its rows.
fn used(app: App, name: &str, tables: &[CatalogTable]) -> AnyView {
    let names = |column: &CatalogColumn| column.references.as_ref().is_some_and(|(other, _)| other == name);
    let related = tables.iter().filter(|table| table.columns.iter().any(names));
    let related = related.map(|table| (table_address(&table.name), table.name.clone())).collect();
    let name = name.to_lowercase();
    let readers = move || match app.listing.get() {
        Fetched::Found(listing) => {
            let metrics = listing.metrics.iter().filter(|metric| metric.tables.contains(&name));
            let metrics = metrics.map(|metric| (metric_address(&metric.id), metric.name.clone())).collect();
            let notebooks = listing.notebooks.iter().filter(|notebook| notebook.tables.contains(&name));
            let notebooks = notebooks.map(|notebook| {
                let entry = NotebookEntry { path: notebook.path.clone(), ..NotebookEntry::default() };
                let route = Route::Notebook { slug: entry.slug().to_owned(), inputs: BTreeMap::new() };
                (route.to_string(), notebook.title.clone())
            });
            let none = || said("none");
            facts(vec![
                ("Notebooks", links(notebooks.collect()).or_else(none)),
                ("Metrics", links(metrics).or_else(none)),
            ])
        }
        Fetched::Missing(why) => format!("What reads it is not known: {why}.").into_any(),
        _ => ().into_any(),
    };
    view! {
        <h2>"Used by"</h2>
        {facts(vec![("Tables that refer to it", links(related))])}
        {readers}
    }
    .into_any()
}
