//! What a server's answers say, and what a browser says of failures.

use almanac_session::HostError;
use bytes::Bytes;
use std::ops::Range;
use wasm_bindgen::{JsCast as _, JsValue};

/// A request under way. Dropped before its answer was read, it is broken off: a browser has few connections, and a body that nobody
/// reads would hold one for ever.
pub(crate) struct Asking(Option<web_sys::AbortController>);

impl Asking {
    /// A request that is about to be made.
    pub(crate) fn new(init: &web_sys::RequestInit) -> Self {
        let controller = web_sys::AbortController::new().ok();
        init.set_signal(controller.as_ref().map(web_sys::AbortController::signal).as_ref());
        Self(controller)
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// What the browser says of a failure.
pub(crate) fn told(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| "the browser gives no reason".to_owned(), |error| error.message().into())
}

/// A header of an answer.
pub(crate) fn header(response: &web_sys::Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

/// A part of a file that is here.
pub(crate) fn cut(path: &str, whole: &Bytes, range: &Range<u64>) -> Result<Bytes, HostError> {
    let place = |at: u64| usize::try_from(at).ok().filter(|at| *at <= whole.len());
    match (place(range.start), place(range.end)) {
        (Some(start), Some(end)) => Ok(whole.slice(start..end)),
        _ => Err(HostError::TooShort { path: path.to_owned(), expected: range.end, actual: whole.len() as u64 }),
    }
}

/// The length of the file as `Content-Range: bytes 0-9/100` or `bytes */100` tells it.
pub(crate) fn total(response: &web_sys::Response) -> Option<u64> {
    header(response, "Content-Range")?.rsplit('/').next()?.trim().parse().ok()
}
