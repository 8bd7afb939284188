//! What the handle keeps: the connection, the questions that wait for an answer, the files and the run a fresh worker gets.

use super::client::Event;
use super::lifecycle::{Lifecycle, Phase};
use super::worker::{Connection, Message};
use almanac_model::protocol::{Generation, Request, Response};
use gloo_timers::callback::{Interval, Timeout};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A dropped file: kept by the page, so that a fresh worker can have it too.
pub(super) struct Held {
    pub(super) name: String,
    pub(super) blob: web_sys::Blob,
    pub(super) table: Option<String>,
}

/// Takes an answer; `None` when there will be none.
pub(super) type Answered = Box<dyn FnOnce(Option<Response>)>;

/// What the page knows of the worker.
#[derive(Default)]
pub(super) struct Inner {
    pub(super) connection: Option<Connection>,
    /// Whether the worker's module is loaded.
    pub(super) loaded: bool,
    /// What the worker is asked as soon as it is, before it knows the site.
    pub(super) early: Vec<Request>,
    pub(super) life: Lifecycle,
    pub(super) module: Option<JsValue>,
    /// Counts workers: what an older one says is not heard.
    pub(super) worker: u32,
    pub(super) requests: u32,
    pub(super) waiting: BTreeMap<u32, Answered>,
    pub(super) files: Vec<Held>,
    pub(super) run: Option<Request>,
    pub(super) newest: Generation,
    pub(super) at_cell: Option<String>,
    pub(super) heard: f64,
    pub(super) listener: Option<Rc<dyn Fn(Event)>>,
    pub(super) clock: Option<Interval>,
    pub(super) restart: Option<Timeout>,
}

impl Inner {
    /// Whether a message puts the deadline off. That rows are still being counted does not: it bounds the time of a query, and
    /// only a slow network may take longer.
    pub(super) fn is_sign_of_life(&self, message: &Message) -> bool {
        match message {
            Message::Answer(answer) => match answer.as_ref() {
                Response::Progress { cell, progress, .. } => {
                    progress.stage == "fetching" || self.at_cell.as_ref() != Some(cell)
                }
                _ => true,
            },
            Message::Loaded(_) | Message::Fatal(_) => true,
        }
    }

    /// Sends a request if the worker is ready for it.
    pub(super) fn post_when_ready(&self, request: &Request, bytes: Option<&js_sys::ArrayBuffer>) -> bool {
        let ready = matches!(self.life.phase(), Phase::Idle | Phase::Running);
        let connection = self.connection.as_ref().filter(|_| ready);
        connection.is_some_and(|connection| connection.post(request, bytes).is_ok())
    }

    /// Sends a request that needs nothing of the site, now or as soon as the worker's module is loaded.
    pub(super) fn post_when_loaded(&mut self, request: Request) -> bool {
        if !self.loaded {
            self.early.push(request);
            return true;
        }
        self.connection.as_ref().is_some_and(|connection| connection.post(&request, None).is_ok())
    }
}
