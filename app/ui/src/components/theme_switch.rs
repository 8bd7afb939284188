//! Chooses the colour scheme.

use crate::state::Theme;
use leptos::prelude::*;

/// Three radio buttons: Auto, Light, Dark.
#[component]
pub(crate) fn ThemeSwitch(
    /// The scheme now.
    theme: RwSignal<Theme>,
    /// Chooses another.
    choose: Callback<Theme>,
) -> AnyView {
    let option = move |choice: Theme| {
        let word = match choice {
            Theme::Auto => "Auto",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        };
        view! {
            <label>
                <input type="radio" name="theme" value=choice.name() prop:checked=move || theme.get() == choice on:change=move |_| choose.run(choice) />
                <span>{word}</span>
            </label>
        }
    };
    view! {
        <fieldset class="theme-switch">
            <legend class="visually-hidden">"Colour scheme"</legend>
            {Theme::ALL.map(option).collect_view()}
        </fieldset>
    }
    .into_any()
}
