//! Shares what is seen: the address holds the notebook and its inputs.

use crate::browser::{copy, window};
use crate::state::{Alert, App};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Puts the address on the clipboard.
pub(crate) fn copy_link(app: App) {
    spawn_local(async move {
        let address = window().location().href().unwrap_or_default();
        if !copy(&address).await {
            app.alert(Alert {
                message: "The browser did not allow access to the clipboard".to_owned(),
                hints: vec!["copy the address from the address bar".to_owned()],
            });
        } else if app.sheet.drafted.get_untracked() {
            app.announce("Link copied. It shows the published version: your draft stays in this browser");
        } else {
            app.announce("Link copied");
        }
    });
}
