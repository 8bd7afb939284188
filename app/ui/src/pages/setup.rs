//! What a site says that has nothing to show yet.

use crate::components::OpenFile;
use crate::state::App;
use crate::tasks;
use leptos::prelude::*;

/// What is missing, what to run, and that a file can be opened meanwhile.
#[component]
pub(crate) fn Setup(
    /// What is missing, as a heading.
    title: &'static str,
    /// What would be here.
    words: &'static str,
    /// Why, as far as it is known; may be empty.
    #[prop(into)]
    reason: String,
) -> AnyView {
    let app = App::get();
    view! {
        <section class="empty">
            <h2>{title}</h2>
            <p>{words}</p>
            <pre class="code" tabindex="0"><code>"cargo xtask demo"</code></pre>
            <p>"It makes the demo extracts, builds the site and serves it. To try your own data now, open a Parquet, CSV or Arrow file; it stays in this browser."</p>
            <p><OpenFile open=Callback::new(move |files| tasks::open_files(app, files)) /></p>
            {(!reason.is_empty()).then(|| view! { <p class="empty-reason">{reason}</p> })}
        </section>
    }
    .into_any()
}
