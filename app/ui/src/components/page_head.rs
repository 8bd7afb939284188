//! The head of a page: what it is, how new its data are, and what can be done with it as a whole.

use crate::queries::data_date;
use crate::state::App;
use leptos::prelude::*;

/// The head of a page; its children are the actions.
#[component]
pub(crate) fn PageHead(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// A sentence below it; may be empty.
    #[prop(into)]
    description: Signal<String>,
    /// The last day its data speak of, `2025-11-30`, when that is not the site's.
    #[prop(optional, into)]
    as_of: Option<Signal<Option<String>>>,
    /// Actions.
    children: ChildrenFn,
) -> AnyView {
    let app = App::get();
    let date = move || {
        let own = as_of.and_then(|as_of| as_of.get());
        let day = own.or_else(|| app.engine.ready.get().and_then(|ready| ready.as_of.clone()))?;
        data_date(&day).map(capital)
    };
    view! {
        <header class="page-head">
            <div class="page-words">
                <h1>{move || title.get()}</h1>
                {move || Some(description.get()).filter(|words| !words.is_empty()).map(|words| view! { <p class="lead">{words}</p> })}
                <p class="data-date">{move || date().unwrap_or_else(|| "\u{a0}".to_owned())}</p>
            </div>
            <div class="page-actions">{children()}</div>
        </header>
    }
    .into_any()
}

fn capital(words: String) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The head of a page about one thing.
pub(crate) fn head(title: String, lead: String, actions: Option<AnyView>) -> AnyView {
    view! {
        <header class="page-head">
            <div class="page-words"><h1>{title}</h1><p class="lead">{lead}</p></div>
            <div class="page-actions">{actions}</div>
        </header>
    }
    .into_any()
}
