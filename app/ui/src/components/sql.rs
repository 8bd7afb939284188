//! The SQL of a cell, to read.

use leptos::prelude::*;

/// SQL as written.
#[component]
pub(crate) fn Sql(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> AnyView {
    view! { <pre class="code" tabindex="0" aria-label="SQL"><code>{move || text.get().trim_end().to_owned()}</code></pre> }.into_any()
}
