//! What a cell shows: the last good result.

use super::chart::Chart;
use super::checked::Checked;
use super::data_table::DataTable;
use super::kpis::Kpis;
use super::table_state::Pager;
use crate::browser::copy;
use crate::state::App;
use crate::tasks;
use almanac_model::protocol::{Generation, SortBy};
use almanac_model::view::{CellBody, CellView};
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// A result.
#[component]
pub(crate) fn CellResult(
    /// The result and the generation it answers.
    view: (Generation, Arc<CellView>),
    /// The order the reader chose in a table.
    sort: RwSignal<Option<SortBy>>,
    /// Whether the data table of a chart is open.
    open: RwSignal<bool>,
) -> AnyView {
    let app = App::get();
    let (generation, cell) = view;
    let id = cell.id.clone();
    match &cell.body {
        CellBody::None | CellBody::Input(_) => ().into_any(),
        CellBody::Kpis(tiles) => view! { <Kpis tiles=tiles.clone() /> }.into_any(),
        CellBody::Chart(chart) => {
            let announce = Callback::new(move |words: String| app.announce(words));
            view! { <Chart id=id chart=Arc::new((**chart).clone()) open announce /> }.into_any()
        }
        CellBody::Checked(checked) => view! { <Checked checked=checked.clone() /> }.into_any(),
        CellBody::Table(table) => {
            let paged = id.clone();
            let pager: Pager = Rc::new(move |offset, limit, sort| {
                Box::pin(tasks::fetch_rows(app, generation, paged.clone(), offset, limit, sort))
            });
            let copied = Callback::new(move |text: String| {
                spawn_local(async move {
                    if copy(&text).await {
                        app.announce("Copied");
                    }
                });
            });
            let sorted = Callback::new(move |order| sort.set(order));
            view! { <DataTable view=Arc::new(table.clone()) label=format!("Result of {id}") pager sorted copy=copied /> }.into_any()
        }
    }
}
