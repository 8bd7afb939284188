//! What can be done with a cell.

use super::icon::{Icon, Picture};
use leptos::prelude::*;

/// A button of the toolbar.
#[derive(Clone)]
pub(crate) struct Action {
    /// Its picture.
    pub(crate) picture: Picture,
    /// Its words: a verb.
    pub(crate) words: &'static str,
    /// Whether it is a switch that is on.
    pub(crate) pressed: Option<Signal<bool>>,
    /// Whether it can be used now.
    pub(crate) shown: Signal<bool>,
    /// What it does.
    pub(crate) act: Callback<()>,
}

/// The buttons of a cell, in one toolbar.
#[component]
pub(crate) fn Toolbar(
    /// What the buttons act upon.
    label: String,
    /// The buttons.
    actions: Vec<Action>,
) -> AnyView {
    let buttons = actions.into_iter().map(|action| {
        let Action { picture, words, pressed, shown, act } = action;
        view! {
            <Show when=move || shown.get()>
                <button type="button" class="tool" aria-pressed=pressed.map(|pressed| move || pressed.get().to_string()) on:click=move |_| act.run(())>
                    <Icon picture=picture />
                    <span>{words}</span>
                </button>
            </Show>
        }
    });
    view! { <div class="toolbar" role="group" aria-label=label>{buttons.collect_view()}</div> }.into_any()
}
