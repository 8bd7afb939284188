//! A field that searches the page it stands on.

use crate::browser::target_value;
use crate::state::App;
use crate::tasks;
use almanac_model::link::Route;
use leptos::prelude::*;

/// The field, whose text is in the address, and how much was found.
pub(crate) fn search_field(app: App, label: &'static str, hint: &'static str, words: RwSignal<String>) -> AnyView {
    let value = move || {
        app.route.with(|route| match route {
            Route::Functions { search } => search.clone(),
            Route::Catalogue { options, .. } | Route::Metrics { options, .. } => {
                options.get("q").cloned().unwrap_or_default()
            }
            _ => String::new(),
        })
    };
    view! {
        <form class="function-search" role="search" on:submit=move |event| event.prevent_default()>
            <label for="page-search">{label}</label>
            <input id="page-search" type="search" autocomplete="off" spellcheck="false" placeholder=hint prop:value=value on:input=move |event| tasks::type_search(app, &target_value(&event)) />
            <p role="status">{move || words.get()}</p>
        </form>
    }
    .into_any()
}
