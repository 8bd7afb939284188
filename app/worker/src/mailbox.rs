//! Messages from the page that wait for their turn.

use almanac_model::protocol::{Request, Response};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;

/// A message and the bytes that came beside it.
pub(crate) struct Letter {
    pub(crate) request: Request,
    pub(crate) bytes: Option<js_sys::ArrayBuffer>,
}

/// A queue that can be waited for.
#[derive(Default)]
pub(crate) struct Mailbox {
    letters: RefCell<VecDeque<Letter>>,
    /// Messages that could not be read.
    spoiled: RefCell<Option<String>>,
    waiting: RefCell<Option<Waker>>,
}

impl Mailbox {
    /// Takes `[json, buffer]` in. A text to be read needs nothing of the session: its answer is returned at once, so that the page
    /// does not wait for a run to end.
    pub(crate) fn receive(&self, data: &JsValue) -> Option<Response> {
        let field = |at: u32| js_sys::Reflect::get_u32(data, at).unwrap_or(JsValue::UNDEFINED);
        let text = field(0).as_string().unwrap_or_default();
        match serde_json::from_str(&text) {
            Ok(Request::Read { request, kind, text }) => {
                return Some(Response::Read { request, reading: kind.read(&text) });
            }
            Ok(request) => {
                let bytes = field(1).dyn_into::<js_sys::ArrayBuffer>().ok();
                self.letters.borrow_mut().push_back(Letter { request, bytes });
            }
            Err(error) => {
                *self.spoiled.borrow_mut() = Some(format!("a message of the page could not be read ({error})"));
            }
        }
        if let Some(waker) = self.waiting.borrow_mut().take() {
            waker.wake();
        }
        None
    }

    /// The next message. Of several runs that wait only the last one counts.
    ///
    /// # Errors
    /// A message that could not be read: page and worker are not of one build.
    pub(crate) async fn next(&self) -> Result<Letter, String> {
        poll_fn(|context| {
            if let Some(why) = self.spoiled.borrow_mut().take() {
                return Poll::Ready(Err(why));
            }
            let mut letters = self.letters.borrow_mut();
            while let Some(letter) = letters.pop_front() {
                let outdated = is_run(&letter) && letters.iter().any(is_run);
                if !outdated {
                    return Poll::Ready(Ok(letter));
                }
            }
            *self.waiting.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Waits for a message, but no longer than `time` does; whether there is one.
    pub(crate) async fn any_within(&self, time: impl Future) -> bool {
        let mut time = std::pin::pin!(time);
        poll_fn(|context| {
            if !self.letters.borrow().is_empty() || self.spoiled.borrow().is_some() {
                return Poll::Ready(true);
            }
            *self.waiting.borrow_mut() = Some(context.waker().clone());
            time.as_mut().poll(context).map(|_| false)
        })
        .await
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.letters.borrow().is_empty()
    }

    /// Whether a run waits.
    pub(crate) fn has_run(&self) -> bool {
        self.letters.borrow().iter().any(is_run)
    }
}

fn is_run(letter: &Letter) -> bool {
    matches!(letter.request, Request::Run { .. })
}
