//! A host of files in memory and an outlet that keeps what it is told.

use almanac_engine::{Host, HostError};
use almanac_model::Diagnostic;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::{Generation, Limits, ProseValue, Response};
use almanac_model::view::{CellBody, CellView};
use almanac_session::{Flow, Outlet, RunRequest, Session};
use bytes::Bytes;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::ops::Range;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Files in memory. A path that is not there is missing.
#[derive(Default)]
pub struct Files {
    pub files: RefCell<BTreeMap<String, Bytes>>,
    pub reads: Cell<u32>,
}

impl Host for Files {
    async fn read(&self, path: &str, range: Range<u64>) -> Result<Bytes, HostError> {
        let whole = self.read_whole(path).await?;
        let end = range.end as usize;
        if end > whole.len() {
            return Err(HostError::TooShort { path: path.to_owned(), expected: range.end, actual: whole.len() as u64 });
        }
        Ok(whole.slice(range.start as usize..end))
    }

    async fn read_whole(&self, path: &str) -> Result<Bytes, HostError> {
        self.reads.set(self.reads.get() + 1);
        self.files.borrow().get(path).cloned().ok_or_else(|| HostError::NotFound { path: path.to_owned() })
    }
}

/// Keeps messages; says "superseded" after so many pauses.
pub struct Inbox {
    pub messages: RefCell<Vec<Response>>,
    pub pauses_left: Cell<Option<u32>>,
}

impl Outlet for Inbox {
    fn send(&self, response: Response) {
        self.messages.borrow_mut().push(response);
    }

    async fn pause(&self) -> Flow {
        match self.pauses_left.get() {
            Some(0) => Flow::Superseded,
            Some(left) => {
                self.pauses_left.set(Some(left - 1));
                Flow::Continue
            }
            None => Flow::Continue,
        }
    }

    fn millis(&self) -> f64 {
        0.0
    }
}

/// Polls to the end; nothing here waits for anything outside.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// A session with its surroundings.
pub struct Bench {
    pub session: Session,
    pub files: Files,
    pub request: RunRequest,
}

/// What a run said.
pub struct Said {
    pub flow: Flow,
    pub views: Vec<CellView>,
    pub values: Vec<ProseValue>,
    pub of_notebook: Vec<Diagnostic>,
    pub finished: bool,
    pub order: Vec<String>,
}

impl Bench {
    pub fn new(source: &str) -> Self {
        Self::over(Manifest::default(), source)
    }

    pub fn over(manifest: Manifest, source: &str) -> Self {
        let request = RunRequest { source: source.to_owned(), width: 640, ..RunRequest::default() };
        Self { session: Session::new(manifest, Limits::default()), files: Files::default(), request }
    }

    /// Runs the notebook as it stands; later runs only tell what changed.
    pub fn run(&mut self) -> Said {
        let said = self.run_until(None);
        self.request.wanted = Some(Vec::new());
        self.session.seen(self.request.generation);
        said
    }

    pub fn run_until(&mut self, pauses: Option<u32>) -> Said {
        self.request.generation = Generation(self.request.generation.0 + 1);
        let inbox = Inbox { messages: RefCell::default(), pauses_left: Cell::new(pauses) };
        let flow = block_on(self.session.run(&self.files, &inbox, &self.request));
        let mut said =
            Said { flow, views: vec![], values: vec![], of_notebook: vec![], finished: false, order: vec![] };
        for message in inbox.messages.into_inner() {
            match message {
                Response::Cell { generation, view } => {
                    assert_eq!(generation, self.request.generation);
                    said.order.push(view.id.clone());
                    said.views.push(view);
                }
                Response::Values { values, .. } => {
                    said.order.push("values".to_owned());
                    said.values = values;
                }
                Response::Finished { diagnostics, .. } => {
                    said.finished = true;
                    said.of_notebook = diagnostics;
                }
                _ => {}
            }
        }
        said
    }

    /// The number of queries that a run makes.
    pub fn queries(&mut self) -> u64 {
        let before = self.session.queries_run();
        self.run();
        self.session.queries_run() - before
    }

    pub fn set(&mut self, input: &str, value: &str) {
        self.request.inputs.insert(input.to_owned(), value.to_owned());
    }

    pub fn edit(&mut self, from: &str, to: &str) {
        assert!(self.request.source.contains(from), "nothing to edit");
        self.request.source = self.request.source.replace(from, to);
    }
}

impl Said {
    pub fn view(&self, id: &str) -> &CellView {
        self.views
            .iter()
            .rfind(|view| view.id == id)
            .unwrap_or_else(|| panic!("no view of {id} among {:?}", self.order))
    }

    pub fn codes(&self, id: &str) -> Vec<&str> {
        self.view(id).diagnostics.iter().map(|problem| problem.code.0.as_ref()).collect()
    }

    pub fn ids(&self) -> Vec<&str> {
        self.views.iter().map(|view| view.id.as_str()).collect()
    }

    pub fn rows(&self, id: &str) -> Vec<Vec<Option<String>>> {
        match &self.view(id).body {
            CellBody::Table(table) => table.page.rows.clone(),
            other => panic!("{id} shows {other:?}"),
        }
    }

    pub fn texts(&self) -> Vec<&str> {
        self.values.iter().map(|value| value.text.as_str()).collect()
    }
}
