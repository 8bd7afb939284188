//! The way to the page: messages, turns of the event loop, the clock.

use crate::mailbox::Mailbox;
use almanac_model::protocol::{Generation, Progress, Response};
use almanac_session::{Flow, Outlet};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Milliseconds between two reports of progress on one cell.
const REPORT_EVERY: f64 = 100.0;

/// Milliseconds without a message after which the worker practises.
const QUIET: i32 = 50;

/// The page, seen from the worker.
pub(crate) struct Page {
    scope: web_sys::DedicatedWorkerGlobalScope,
    /// What is at work, and when the page last heard of it.
    at_work: RefCell<Option<AtWork>>,
}

struct AtWork {
    generation: Generation,
    cell: String,
    /// What the page was told last, or was not told as it was no news.
    last: Progress,
    told: f64,
    /// Bytes that came for it so far.
    bytes: u64,
}

impl Page {
    pub(crate) fn new(scope: web_sys::DedicatedWorkerGlobalScope) -> Self {
        Self { scope, at_work: RefCell::new(None) }
    }

    /// Posts a response as JSON.
    pub(crate) fn post(&self, response: &Response) {
        match serde_json::to_string(response) {
            // Posting a text cannot fail: there is nothing in it that could not be cloned.
            Ok(text) => drop(self.scope.post_message(&text.into())),
            Err(error) => say_fatal(&self.scope, &format!("an answer could not be written ({error})")),
        }
    }

    /// Posts that this worker is of no more use.
    pub(crate) fn give_up(&self, why: &str) {
        say_fatal(&self.scope, why);
    }

    /// Milliseconds since the worker began.
    pub(crate) fn now(&self) -> f64 {
        self.scope.performance().map_or(0.0, |clock| clock.now())
    }

    /// Comes back after a moment in which a page that has something to ask would have asked.
    pub(crate) async fn quiet(&self) {
        let scope = &self.scope;
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            // Without a timer practice waits for the next message.
            let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, QUIET);
        });
        let _ = JsFuture::from(promise).await;
    }

    /// Bytes came over the network for the cell that is at work.
    pub(crate) fn received(&self, bytes: u64) {
        let now = self.now();
        let mut at_work = self.at_work.borrow_mut();
        let Some(at_work) = at_work.as_mut() else { return };
        at_work.bytes += bytes;
        if now - at_work.told >= REPORT_EVERY {
            at_work.told = now;
            let bytes = at_work.bytes.max(at_work.last.bytes);
            let progress = Progress { stage: "fetching".to_owned(), bytes, ..at_work.last.clone() };
            self.post(&Response::Progress { generation: at_work.generation, cell: at_work.cell.clone(), progress });
        }
    }

    /// Whether a report is news: another cell, another stage, or a while since the last one.
    fn is_news(&self, generation: Generation, cell: &str, progress: &Progress) -> bool {
        let now = self.now();
        let mut at_work = self.at_work.borrow_mut();
        if let Some(before) = at_work.as_mut().filter(|before| before.generation == generation && before.cell == cell) {
            let is_other = before.last.stage != progress.stage;
            before.last.clone_from(progress);
            if !is_other && now - before.told < REPORT_EVERY {
                return false;
            }
            before.told = now;
            return true;
        }
        *at_work = Some(AtWork { generation, cell: cell.to_owned(), last: progress.clone(), told: now, bytes: 0 });
        true
    }
}

/// Posts the last words of this worker.
pub(crate) fn say_fatal(scope: &web_sys::DedicatedWorkerGlobalScope, why: &str) {
    let message = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&message, &"fatal".into(), &why.into());
    let _ = scope.post_message(&message);
}

/// The page during one run.
pub(crate) struct Running {
    pub(crate) page: Rc<Page>,
    pub(crate) mailbox: Rc<Mailbox>,
    /// Whether a cell met a file that is not the one the manifest describes.
    pub(crate) outdated: Cell<bool>,
}

impl Outlet for Running {
    fn send(&self, response: Response) {
        if let Response::Progress { generation, cell, progress } = &response
            && !self.page.is_news(*generation, cell, progress)
        {
            return;
        }
        if let Response::Cell { view, .. } = &response
            && view.diagnostics.iter().any(|problem| matches!(&*problem.code.0, "file-changed" | "damaged-file"))
        {
            self.outdated.set(true);
        }
        self.page.post(&response);
    }

    async fn pause(&self) -> Flow {
        next_turn().await;
        if self.mailbox.has_run() { Flow::Superseded } else { Flow::Continue }
    }

    fn millis(&self) -> f64 {
        self.page.now()
    }
}

/// Comes back after the messages that have arrived meanwhile. A message to oneself, as timers are held back by browsers.
pub(crate) async fn next_turn() {
    let Ok(channel) = web_sys::MessageChannel::new() else { return };
    let kept = Rc::new(Cell::new(None));
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let done = Closure::<dyn FnMut()>::new(move || drop(resolve.call0(&JsValue::UNDEFINED)));
        channel.port1().set_onmessage(Some(done.as_ref().unchecked_ref()));
        kept.set(Some(done));
    });
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(promise).await;
    }
    channel.port1().close();
}

/// Comes back after so many milliseconds.
pub(crate) async fn sleep(millis: i32) {
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer the promise never resolves, and whoever sleeps was only to try again.
        drop(scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis));
    });
    let _ = JsFuture::from(promise).await;
}
