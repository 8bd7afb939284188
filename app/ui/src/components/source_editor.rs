//! The notebook's source, edited as a whole.

use super::editor::{Editor, EditorCalls};
use crate::state::App;
use crate::tasks;
use leptos::prelude::*;

/// An editor of the whole source.
#[component]
pub(crate) fn SourceEditor() -> AnyView {
    let app = App::get();
    let text = app.sheet.written();
    let written = StoredValue::new(text.clone());
    let show = move |close: bool| {
        written.with_value(|text| tasks::finish_source(app, text));
        if close {
            app.sheet.editing.set(false);
        }
    };
    let calls = EditorCalls {
        change: Callback::new(move |text: String| {
            tasks::type_source(app, &text);
            written.set_value(text);
        }),
        run: Callback::new(move |()| show(false)),
        close: Callback::new(move |()| show(true)),
        complete: StoredValue::new_local(Box::new(|_| Box::pin(std::future::ready(None)))),
        check: StoredValue::new_local(Box::new(|_| Box::pin(std::future::ready(None)))),
    };
    view! {
        <section class="source-editor" aria-label="Source of the notebook">
            <Editor language="markdown" label="Markdown of the notebook".to_owned() text calls />
            <p class="editor-help">
                <button type="button" on:click=move |_| show(true)>"Done"</button>
                <span><kbd>"Ctrl"</kbd>" "<kbd>"Enter"</kbd>" runs the notebook. "<kbd>"Esc"</kbd>" then "<kbd>"Tab"</kbd>" leaves the editor. What you write is kept in this browser."</span>
            </p>
        </section>
    }
    .into_any()
}
