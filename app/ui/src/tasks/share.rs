//! Shares what is seen: the address holds the notebook and its inputs.

use crate::browser::{copy, window};
use crate::state::{Alert, App};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Puts the address on the clipboard.
pub(crate) fn copy_link(app: App) {
    let words = if app.sheet.drafted.get_untracked() {
        "Link copied. It shows the published version: your draft stays in this browser"
    } else {
        "Link copied"
    };
    copy_text(app, window().location().href().unwrap_or_default(), words, "copy the address from the address bar");
}

/// Puts text on the clipboard and says so in `words`; `hint` says what to do where the browser refuses.
pub(crate) fn copy_text(app: App, text: String, words: &'static str, hint: &'static str) {
    spawn_local(async move {
        if copy(&text).await {
            app.announce(words);
        } else {
            app.alert(Alert {
                message: "The browser did not allow access to the clipboard".to_owned(),
                hints: vec![hint.to_owned()],
            });
        }
    });
}
