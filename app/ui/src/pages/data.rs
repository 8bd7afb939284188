//! The tables that SQL can read, what queries may take of them, and what the browser keeps.

use super::catalogue::table_address;
use super::limits::{KeptHere, Limits};
use super::setup::Setup;
use crate::components::{Icon, OpenFile, PageHead, Picture};
use crate::queries::{bytes, count};
use crate::state::App;
use crate::tasks;
use almanac_model::view::{CatalogTable, TableSource};
use leptos::prelude::*;

/// The Data page.
#[component]
pub(crate) fn DataPage(
    /// The table to open.
    table: Option<String>,
) -> AnyView {
    let app = App::get();
    let wanted = StoredValue::new(table);
    let body = move || {
        let tables = app.tables.get();
        if tables.is_empty() {
            return match app.engine.ready.get() {
                None => view! { <div class="skeleton for-table" aria-hidden="true"></div> }.into_any(),
                Some(ready) => {
                    let reason: String =
                        ready.diagnostics.iter().map(|problem| format!("{}. ", problem.message)).collect();
                    view! { <Setup title="This site has no data yet" words="Its tables would be listed here. The demo extracts are made by one command:" reason /> }.into_any()
                }
            };
        }
        let items = tables.into_iter().map(|table| {
            let open = wanted.with_value(|wanted| wanted.as_ref() == Some(&table.name));
            one(app, table, open)
        });
        view! { <div class="tables">{items.collect_view()}</div> }.into_any()
    };
    view! {
        <PageHead title="Data".to_owned() description="The tables that notebooks can query. Files you open stay in this browser.".to_owned()>
            <OpenFile open=Callback::new(move |files| tasks::open_files(app, files)) />
        </PageHead>
        {body}
        <Limits />
        <KeptHere />
    }
    .into_any()
}

fn one(app: App, table: CatalogTable, open: bool) -> AnyView {
    let name = StoredValue::new(table.name.clone());
    let facts: Vec<String> = table
        .rows
        .map(|rows| count(rows, "row", "rows"))
        .into_iter()
        .chain(std::iter::once(count(table.columns.len() as u64, "column", "columns")))
        .chain(table.bytes.map(bytes))
        .chain((table.source == TableSource::Dropped).then(|| "opened by you".to_owned()))
        .collect();
    view! {
        <details class="table-entry" open=open>
            <summary>
                <span class="table-name">{table.name.clone()}</span>
                <span class="table-facts">{facts.join(" · ")}</span>
            </summary>
            {(!table.description.is_empty()).then(|| view! { <p>{table.description.clone()}</p> })}
            <p class="banner-actions">
                <button type="button" on:click=move |_| tasks::query_table(app, &name.get_value())><Icon picture=Picture::Edit />"Query"</button>
                <a href=table_address(&table.name)>"Columns and values"</a>
                {(table.source == TableSource::Dropped).then(|| view! {
                    <button type="button" class="quiet" on:click=move |_| tasks::close_file(app, &name.get_value())><Icon picture=Picture::Close />"Close file"</button>
                })}
            </p>
        </details>
    }
    .into_any()
}
