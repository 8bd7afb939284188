//! The address of the page.

use super::{document, window};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;

/// The part from `#` on.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Goes to a fragment of this page; Back returns.
pub(crate) fn go(fragment: &str) {
    let _ = window().location().set_hash(fragment);
}

/// Changes the fragment without a step in the history, and without a `hashchange` event.
pub(crate) fn replace_fragment(fragment: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
    }
}

/// Absolute address of the site's folder, with a trailing slash.
pub(crate) fn base_url() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let bare = base.split(['#', '?']).next().unwrap_or_default();
    let end = bare.rfind('/').map_or(bare.len(), |slash| slash + 1);
    bare[..end].to_owned()
}

/// Name of this build, which is part of the addresses of files whose names do not change; empty while developing.
pub(crate) fn build() -> String {
    document()
        .query_selector("meta[name=almanac-build]")
        .ok()
        .flatten()
        .and_then(|element| element.dyn_into::<web_sys::HtmlMetaElement>().ok())
        .map(|meta| meta.content())
        .unwrap_or_default()
}
