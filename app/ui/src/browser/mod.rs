//! The browser as far as the page needs it, without state of its own.

mod clipboard;
mod events;
mod location;
mod storage;

pub(crate) use clipboard::{copy, download};
pub(crate) use events::{Listener, listen, on_paper, on_window, target_value};
pub(crate) use location::{base_url, build, fragment, go, replace_fragment};
pub(crate) use storage::{Stored, entries, forget, load, store};

/// The window. There always is one: the page does not run in a worker.
pub(crate) fn window() -> web_sys::Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document.
pub(crate) fn document() -> web_sys::Document {
    window().document().expect("a window has a document")
}

/// Milliseconds since the page was opened.
pub(crate) fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Gigabytes of memory the device has, as far as the browser says: rounded, and only some browsers do
/// (<https://www.w3.org/TR/device-memory/>).
pub(crate) fn device_gigabytes() -> Option<f64> {
    js_sys::Reflect::get(window().navigator().as_ref(), &"deviceMemory".into()).ok()?.as_f64()
}

/// Processors the device has, as far as the browser says.
pub(crate) fn cores() -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
    let cores = window().navigator().hardware_concurrency() as u32;
    cores
}

/// Scrolls to the element of that id and moves the focus there.
pub(crate) fn visit(id: &str) {
    use wasm_bindgen::JsCast as _;
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view();
        if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
            let _ = element.focus();
        }
    }
}
