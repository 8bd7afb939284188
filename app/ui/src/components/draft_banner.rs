//! Says that the reader sees their own version, and what they can do about it.

use super::editor::Comparison;
use crate::state::App;
use crate::tasks;
use leptos::html;
use leptos::prelude::*;

/// The banner; nothing when the published version is shown.
#[component]
pub(crate) fn DraftBanner() -> AnyView {
    let app = App::get();
    let sheet = app.sheet;
    let scratch = move || sheet.path.with(|path| path == tasks::SCRATCH);
    let words = move || {
        if sheet.outdated.get() {
            "The published version has changed since you began your draft, which is shown."
        } else {
            "Your draft differs from the published version."
        }
    };
    let dialog = NodeRef::<html::Dialog>::new();
    let ask = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let answer = move |discard: bool| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        if discard {
            tasks::discard(app);
        }
    };
    view! {
        <Show when=move || sheet.drafted.get() && !scratch()>
            <aside class="banner" aria-label="Your draft">
                <p>{words}</p>
                <div class="banner-actions">
                    <button type="button" class="quiet" aria-pressed=move || sheet.comparing.get().to_string() on:click=move |_| sheet.comparing.update(|open| *open = !*open)>"Compare"</button>
                    <button type="button" class="quiet" on:click=ask>"Discard…"</button>
                    <button type="button" class="quiet" on:click=move |_| tasks::download_draft(app)>"Download .md"</button>
                </div>
            </aside>
            <dialog node_ref=dialog aria-labelledby="discard-title">
                <h2 id="discard-title">"Discard your draft?"</h2>
                <p>"The published version will be shown. Your changes to this notebook are deleted from this browser."</p>
                <div class="banner-actions">
                    <button type="button" on:click=move |_| answer(true)>"Discard"</button>
                    <button type="button" class="quiet" on:click=move |_| answer(false)>"Keep"</button>
                </div>
            </dialog>
            <Show when=move || sheet.comparing.get()>
                <Comparison published=sheet.published.get_untracked().to_string() draft=sheet.written() />
            </Show>
        </Show>
    }
    .into_any()
}
