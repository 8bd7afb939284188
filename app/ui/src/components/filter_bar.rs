//! The inputs of a notebook, above its text and always in view, also those that the author placed in the text.

use super::control::Control;
use super::icon::{Icon, Picture};
use crate::state::App;
use crate::tasks;
use almanac_model::view::InputView;
use leptos::prelude::*;

/// The bar; nothing when the notebook has no inputs.
#[component]
pub(crate) fn FilterBar() -> AnyView {
    let app = App::get();
    let inputs = Memo::new(move |_| app.sheet.view.with(|view| view.inputs.clone()));
    let changed = move || app.sheet.inputs.with(|inputs| !inputs.is_empty());
    view! {
        <Show when=move || inputs.with(|inputs| !inputs.is_empty())>
            <form class="filter-bar" aria-label="Filters" on:submit=move |event| event.prevent_default()>
                <For each=move || inputs.get() key=|input| format!("{input:?}") let:input>{control_of(app, input, "bar")}</For>
                <button type="button" class="quiet" disabled=move || !changed() on:click=move |_| tasks::reset_inputs(app)>
                    <Icon picture=Picture::Reset />"Reset"
                </button>
            </form>
        </Show>
    }
    .into_any()
}

/// The control of one input.
pub(crate) fn control_of(app: App, input: InputView, place: &'static str) -> AnyView {
    let name = StoredValue::new(input.name.clone());
    let default = StoredValue::new(input.default.clone());
    let seen =
        Signal::derive(move || app.sheet.controls.with(|controls| name.with_value(|name| controls.get(name).cloned())));
    let value = Signal::derive(move || {
        app.sheet
            .inputs
            .with(|inputs| name.with_value(|name| inputs.get(name).cloned()))
            .unwrap_or_else(|| default.get_value())
    });
    let change =
        Callback::new(move |(text, settling): (String, bool)| tasks::set_input(app, &name.get_value(), text, settling));
    view! { <Control input seen value change place /> }.into_any()
}
