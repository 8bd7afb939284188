//! Takes files: dropped anywhere on the page, or chosen with a button.

use super::icon::{Icon, Picture};
use crate::browser::on_window;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// Listens for files over the whole page and says where they go while they are held over it.
#[component]
pub(crate) fn DropZone(
    /// Whether files are held over the page.
    over: RwSignal<bool>,
    /// Takes files.
    open: Callback<web_sys::FileList>,
) -> AnyView {
    let drag =
        |event: &web_sys::Event| event.dyn_ref::<web_sys::DragEvent>().filter(|event| carries_files(event)).cloned();
    on_window("dragover", move |event| {
        if let Some(event) = drag(&event) {
            // Without this the browser would open the file in place of the page.
            event.prevent_default();
            if !over.get_untracked() {
                over.set(true);
            }
        }
    });
    on_window("dragleave", move |event| {
        if drag(&event).is_some_and(|event| event.related_target().is_none()) {
            over.set(false);
        }
    });
    on_window("drop", move |event| {
        if let Some(event) = drag(&event) {
            event.prevent_default();
            over.set(false);
            if let Some(files) = event.data_transfer().and_then(|transfer| transfer.files()) {
                open.run(files);
            }
        }
    });
    view! {
        <Show when=move || over.get()>
            <div class="drop-veil" aria-hidden="true">
                <div class="drop-words"><p>"Drop to open"</p><p>"Parquet, CSV or Arrow. The file stays in this browser."</p></div>
            </div>
        </Show>
    }
    .into_any()
}

fn carries_files(event: &web_sys::DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|transfer| transfer.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
}

/// The button for those who do not drag.
#[component]
pub(crate) fn OpenFile(
    /// Takes files.
    open: Callback<web_sys::FileList>,
) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            if let Some(files) = input.files().filter(|files| files.length() > 0) {
                open.run(files);
            }
            // So that choosing the same file again is a change again.
            input.set_value("");
        }
    };
    view! {
        <button type="button" on:click=choose><Icon picture=Picture::Open />"Open file…"</button>
        <input node_ref=input type="file" class="visually-hidden" tabindex="-1" aria-label="File to open" multiple accept=".parquet,.csv,.tsv,.arrow,.ipc,.feather" on:change=chosen />
    }
    .into_any()
}
