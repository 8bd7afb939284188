//! Listening, for as long as the page lives or until the guard is dropped.

use super::window;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// A listener that stops when dropped.
pub(crate) struct Listener {
    target: web_sys::EventTarget,
    event: &'static str,
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.event, self.closure.as_ref().unchecked_ref());
    }
}

/// Calls `then` at each `event` of `target`.
pub(crate) fn listen(
    target: &web_sys::EventTarget,
    event: &'static str,
    then: impl FnMut(web_sys::Event) + 'static,
) -> Listener {
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(then);
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    Listener { target: target.clone(), event, closure }
}

/// Calls `then` at each `event` of the window, for ever.
pub(crate) fn on_window(event: &'static str, then: impl FnMut(web_sys::Event) + 'static) {
    std::mem::forget(listen(&window(), event, then));
}

/// Tells when the page is laid out for paper and when it is back on the screen, for ever.
pub(crate) fn on_paper(then: impl Fn(bool) + Clone + 'static) {
    let before = then.clone();
    on_window("beforeprint", move |_| before(true));
    // A preview says so by its medium alone, and may go on after a print.
    if let Ok(Some(media)) = window().match_media("print") {
        let (after, list) = (then.clone(), media.clone());
        on_window("afterprint", move |_| after(list.matches()));
        let list = media.clone();
        std::mem::forget(listen(&media, "change", move |_| then(list.matches())));
    }
}

/// The value of the control an event came from; a check box says `true` or `false`.
pub(crate) fn target_value(event: &web_sys::Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<web_sys::HtmlInputElement>() {
        return if input.type_() == "checkbox" { input.checked().to_string() } else { input.value() };
    }
    target.dyn_ref::<web_sys::HtmlSelectElement>().map(web_sys::HtmlSelectElement::value).unwrap_or_default()
}
