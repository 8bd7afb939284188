//! The handle the tasks use: sends requests, pairs answers with questions, ends the worker and starts the next.

use super::inner::{Answered, Held, Inner};
use super::lifecycle::{Cause, Phase};
use super::worker::{Connection, Message};
use crate::browser::{base_url, cores, now};
use almanac_model::Diagnostic;
use almanac_model::ahead::{Reading, TextKind};
use almanac_model::protocol::{Generation, Limits, Progress, ProseValue, Request, RequestId, Response};
use almanac_model::view::{CatalogTable, CellView};
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// How often the deadline is looked at, in milliseconds.
const TICK: u32 = 1_000;
/// How many workers in a row may end before a text that is to be read is given up.
const READERS: u32 = 3;

/// What the worker said when it was ready.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Ready {
    /// Tables of the site.
    pub(crate) tables: Vec<CatalogTable>,
    /// The last day of the data.
    pub(crate) as_of: Option<String>,
    /// A missing or broken manifest.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What happens to a run.
pub(crate) enum Event {
    /// A cell began, or gets on.
    Progress(Generation, String, Progress),
    /// A cell has its outcome.
    Cell(Generation, Box<CellView>),
    /// The values of the prose.
    Values(Generation, Vec<ProseValue>),
    /// Every cell has its outcome.
    Finished(Generation, Vec<Diagnostic>, Vec<CatalogTable>),
    /// The worker ended; the cell it was at, if any, must not run again by itself.
    Died(Option<String>, Cause),
}

/// The engine.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    inner: StoredValue<Inner, LocalStorage>,
    /// Where the worker is in its life.
    pub(crate) phase: RwSignal<Phase>,
    /// What it said when it was ready; `None` before the first time.
    pub(crate) ready: RwSignal<Option<Arc<Ready>>>,
    /// Seconds without a sign of life after which a run is stopped.
    pub(crate) deadline: RwSignal<u32>,
    /// What queries may take.
    pub(crate) limits: RwSignal<Limits>,
}

impl Engine {
    /// An engine whose worker is not started yet.
    pub(crate) fn new(deadline: u32, limits: Limits) -> Self {
        Self {
            inner: StoredValue::new_local(Inner::default()),
            phase: RwSignal::new(Phase::Starting),
            ready: RwSignal::new(None),
            deadline: RwSignal::new(deadline),
            limits: RwSignal::new(limits),
        }
    }

    /// Who hears what happens to a run.
    pub(crate) fn listen(self, listener: impl Fn(Event) + 'static) {
        self.inner.update_value(|inner| inner.listener = Some(Rc::new(listener)));
    }

    /// Starts the worker.
    pub(crate) fn start(self) {
        let (worker, module) = self.change(|inner| {
            inner.worker += 1;
            inner.life.born();
            inner.restart = None;
            inner.heard = now();
            (inner.worker, inner.module.clone())
        });
        let opened = Connection::open(module.as_ref(), move |message| self.hear(worker, message));
        match opened {
            Ok(connection) => {
                let clock = Interval::new(TICK, move || self.tick());
                self.change(|inner| {
                    inner.connection = Some(connection);
                    inner.clock = Some(clock);
                });
            }
            Err(why) => self.end(Cause::Crashed(why)),
        }
    }

    /// Asks for a notebook to be answered. A worker that is not ready gets the newest run when it is.
    pub(crate) fn run(self, generation: Generation, request: Request) {
        let dead = self.change(|inner| {
            inner.newest = generation;
            let ready = matches!(inner.life.phase(), Phase::Idle | Phase::Running);
            let mut dead = None;
            if ready && let Some(connection) = &inner.connection {
                dead = connection.post(&request, None).err();
                inner.life.sent();
                inner.heard = now();
            }
            inner.run = Some(request);
            dead
        });
        if let Some(why) = dead {
            self.end(Cause::Crashed(why));
        }
    }

    /// Asks a question; the answer is `None` when the worker is not there or ends before it answers.
    pub(crate) async fn ask(self, make: impl FnOnce(RequestId) -> Request) -> Option<Response> {
        self.ask_with(make, |inner, request| inner.post_when_ready(&request, None)).await
    }

    /// What a text of the site says; waits for a worker that is starting. `None` when no worker could be started.
    pub(crate) async fn read(self, kind: TextKind, text: &str) -> Option<Reading> {
        for _ in 0..READERS {
            let text = text.to_owned();
            let asked = self.ask_with(move |request| Request::Read { request, kind, text }, Inner::post_when_loaded);
            if let Some(Response::Read { reading, .. }) = asked.await {
                return Some(reading);
            }
        }
        None
    }

    async fn ask_with(
        self,
        make: impl FnOnce(RequestId) -> Request,
        post: impl FnOnce(&mut Inner, Request) -> bool,
    ) -> Option<Response> {
        let slot: Rc<std::cell::RefCell<Option<Response>>> = Rc::default();
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            let filled = Rc::clone(&slot);
            let answered: Answered = Box::new(move |response| {
                *filled.borrow_mut() = response;
                let _ = resolve.call0(&JsValue::UNDEFINED);
            });
            self.change(|inner| {
                inner.requests += 1;
                inner.waiting.insert(inner.requests, answered);
            });
        });
        let number = self.inner.with_value(|inner| inner.requests);
        let request = make(RequestId(number));
        if !self.change(|inner| post(inner, request)) {
            self.answer(number, None);
        }
        let _ = JsFuture::from(promise).await;
        slot.borrow_mut().take()
    }

    async fn ask_file(self, name: String, bytes: js_sys::ArrayBuffer) -> Option<Response> {
        let open = move |request| Request::OpenFile { request, name };
        self.ask_with(open, move |inner, request| inner.post_when_ready(&request, Some(&bytes))).await
    }

    /// Sends a request that has no answer.
    pub(crate) fn tell(self, request: &Request) {
        self.inner.with_value(|inner| {
            if let Some(connection) = &inner.connection {
                let _ = connection.post(request, None);
            }
        });
    }

    /// Opens a file the reader dropped and keeps it for the workers to come.
    pub(crate) async fn open_file(self, name: String, blob: web_sys::Blob) -> (Option<CatalogTable>, Vec<Diagnostic>) {
        let Some(bytes) = bytes_of(&blob).await else {
            return (None, vec![unreadable(&name)]);
        };
        let sent = name.clone();
        match self.ask_file(sent, bytes).await {
            Some(Response::Opened { table, diagnostics, .. }) => {
                if let Some(table) = &table {
                    let table = Some(table.name.clone());
                    self.change(|inner| {
                        inner.files.retain(|held| held.table != table);
                        inner.files.push(Held { name, blob, table });
                    });
                }
                (table, diagnostics)
            }
            _ => (
                None,
                vec![
                    Diagnostic::error_without_place(
                        "engine-restarted",
                        format!("the engine stopped while it read `{name}`"),
                    )
                    .hint("try again, or try a smaller file"),
                ],
            ),
        }
    }

    /// Forgets a dropped file.
    pub(crate) fn close_file(self, table: &str) {
        self.change(|inner| inner.files.retain(|held| held.table.as_deref() != Some(table)));
        self.tell(&Request::CloseFile { table: table.to_owned() });
    }

    /// Ends the worker and starts another, which gets what this one had.
    pub(crate) fn end(self, cause: Cause) {
        let (at_cell, waiting, listener, wait) = self.change(|inner| {
            inner.worker += 1;
            inner.connection = None;
            inner.loaded = false;
            inner.early.clear();
            inner.clock = None;
            let running = inner.life.phase() == Phase::Running;
            let wait = inner.life.died(&cause);
            let at_cell = inner.at_cell.take().filter(|_| running);
            (at_cell, std::mem::take(&mut inner.waiting), inner.listener.clone(), wait)
        });
        for answered in waiting.into_values() {
            answered(None);
        }
        // The listener takes the cell out of the next run before the next worker begins.
        if let Some(listener) = listener {
            listener(Event::Died(at_cell, cause));
        }
        if wait == 0 {
            self.start();
        } else {
            let timer = Timeout::new(wait, move || self.start());
            self.change(|inner| inner.restart = Some(timer));
        }
    }

    fn hear(self, worker: u32, message: Message) {
        if self.inner.with_value(|inner| inner.worker != worker) {
            return;
        }
        self.inner.update_value(|inner| {
            if inner.is_sign_of_life(&message) {
                inner.heard = now();
            }
        });
        match message {
            Message::Loaded(module) => {
                self.change(|inner| {
                    inner.module = Some(module).filter(|module| !module.is_undefined());
                    inner.loaded = true;
                    for request in std::mem::take(&mut inner.early) {
                        inner.post_when_loaded(request);
                    }
                });
                let data_url = format!("{}data/", base_url());
                let limits = self.limits.get_untracked();
                self.tell(&Request::Hello { data_url, limits, workers: workers() });
            }
            Message::Answer(answer) => self.take(*answer),
            Message::Fatal(why) => self.end(Cause::Crashed(why)),
        }
    }

    fn take(self, answer: Response) {
        match answer {
            Response::Ready { tables, as_of, diagnostics, .. } => {
                self.change(|inner| inner.life.ready());
                self.ready.set(Some(Arc::new(Ready { tables, as_of, diagnostics })));
                spawn_local(self.resume());
            }
            Response::Progress { generation, cell, progress } => {
                self.change(|inner| inner.at_cell = Some(cell.clone()));
                self.tell_listener(Event::Progress(generation, cell, progress));
            }
            Response::Cell { generation, view } => {
                self.change(|inner| {
                    if inner.at_cell.as_ref() == Some(&view.id) {
                        inner.at_cell = None;
                    }
                });
                self.tell_listener(Event::Cell(generation, Box::new(view)));
            }
            Response::Values { generation, values } => self.tell_listener(Event::Values(generation, values)),
            Response::Finished { generation, diagnostics, tables } => {
                self.change(|inner| {
                    if generation == inner.newest {
                        inner.at_cell = None;
                        inner.life.finished();
                    }
                });
                self.tell_listener(Event::Finished(generation, diagnostics, tables));
            }
            Response::Read { request, .. }
            | Response::Opened { request, .. }
            | Response::Page { request, .. }
            | Response::Csv { request, .. }
            | Response::Kept { request, .. }
            | Response::Metric { request, .. }
            | Response::Completions { request, .. }
            | Response::Checked { request, .. } => self.answer(request.0, Some(answer)),
        }
    }

    /// Gives a fresh worker what the last one had: the dropped files, then the wanted state.
    async fn resume(self) {
        let (worker, files) = self.inner.with_value(|inner| {
            let files: Vec<_> = inner.files.iter().map(|held| (held.name.clone(), held.blob.clone())).collect();
            (inner.worker, files)
        });
        for (name, blob) in files {
            let Some(bytes) = bytes_of(&blob).await else { continue };
            if self.inner.with_value(|inner| inner.worker != worker) {
                return;
            }
            let _ = self.ask_file(name, bytes).await;
        }
        let run = self
            .inner
            .with_value(|inner| (inner.worker == worker).then(|| inner.run.clone().map(|run| (inner.newest, run))));
        if let Some(Some((generation, run))) = run {
            self.run(generation, run);
        }
    }

    fn tick(self) {
        let deadline = self.deadline.get_untracked();
        let late = self.inner.with_value(|inner| {
            inner.life.phase() == Phase::Running && now() - inner.heard > f64::from(deadline) * 1_000.0
        });
        if late {
            self.end(Cause::Deadline(deadline));
        }
    }

    fn answer(self, number: u32, response: Option<Response>) {
        if let Some(answered) = self.change(|inner| inner.waiting.remove(&number)) {
            answered(response);
        }
    }

    fn tell_listener(self, event: Event) {
        if let Some(listener) = self.inner.with_value(|inner| inner.listener.clone()) {
            listener(event);
        }
    }

    /// Changes the state and publishes the phase if it is another one now.
    fn change<T>(self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let mut result = None;
        let mut phase = Phase::Dead;
        self.inner.update_value(|inner| {
            result = Some(change(inner));
            phase = inner.life.phase();
        });
        if self.phase.get_untracked() != phase {
            self.phase.set(phase);
        }
        result.expect("the state lives as long as the page")
    }
}

/// Workers that may compute at a time: one core is left to the page, and four share a query well.
fn workers() -> u32 {
    cores().saturating_sub(1).clamp(1, 4)
}

async fn bytes_of(blob: &web_sys::Blob) -> Option<js_sys::ArrayBuffer> {
    JsFuture::from(blob.array_buffer()).await.ok()?.dyn_into().ok()
}

fn unreadable(name: &str) -> Diagnostic {
    Diagnostic::error_without_place("unreadable-file", format!("the browser could not read `{name}`"))
        .hint("check that the file still exists and is smaller than 2 GB")
}
