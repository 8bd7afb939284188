//! One run of a notebook through a session, and everything the page would have been told.

use crate::disk::{Disk, block_on};
use almanac_model::Diagnostic;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::{Limits, ProseValue, Response};
use almanac_model::view::{CellBody, CellView};
use almanac_session::{Flow, Outlet, RunRequest, Session};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, ready};
use std::path::Path;
use std::time::Instant;

/// Width of the column that charts are laid out for, in CSS pixels: the page's on a desk.
const WIDTH: u32 = 760;

/// What the page was told, by the end of the run.
#[derive(Debug, Default)]
pub struct Told {
    /// The last view of each cell and input.
    pub views: BTreeMap<String, CellView>,
    /// Values of the prose.
    pub values: Vec<ProseValue>,
    /// Problems of the notebook as a whole.
    pub of_notebook: Vec<Diagnostic>,
    /// Bytes of the extracts that it took.
    pub bytes_read: u64,
}

impl Told {
    /// Every problem once, in order of place; those without a place last.
    #[must_use]
    pub fn problems(&self) -> Vec<&Diagnostic> {
        let of_views = self.views.values().flat_map(|view| &view.diagnostics);
        let of_values = self.values.iter().filter_map(|value| value.problem.as_ref());
        let mut all: Vec<&Diagnostic> = Vec::new();
        for problem in of_views.chain(of_values).chain(&self.of_notebook) {
            if !all.contains(&problem) {
                all.push(problem);
            }
        }
        all.sort_by_key(|problem| problem.span.map_or(usize::MAX, |span| span.start));
        all
    }

    /// The rows a SQL or table cell shows, NULL as `None`; `None` when it shows no table.
    #[must_use]
    pub fn rows(&self, cell: &str) -> Option<&[Vec<Option<String>>]> {
        match &self.views.get(cell)?.body {
            CellBody::Table(table) => Some(&table.page.rows),
            _ => None,
        }
    }

    fn hear(&mut self, response: Response) {
        match response {
            Response::Cell { view, .. } => {
                self.views.insert(view.id.clone(), view);
            }
            Response::Values { values, .. } => self.values = values,
            Response::Finished { diagnostics, .. } => self.of_notebook = diagnostics,
            _ => {}
        }
    }
}

/// Runs a notebook over the extracts of a folder, with its inputs at their defaults.
#[must_use]
pub fn run_notebook(folder: &Path, manifest: Manifest, source: &str) -> Told {
    let mut session = Session::new(manifest, Limits::default());
    let page = Page { told: RefCell::default(), start: Instant::now() };
    let request = RunRequest { source: source.to_owned(), width: WIDTH, ..RunRequest::default() };
    let disk = Disk::new(folder);
    block_on(session.run(&disk, &page, &request));
    Told { bytes_read: disk.bytes_read(), ..page.told.into_inner() }
}

/// A page that only listens.
struct Page {
    told: RefCell<Told>,
    start: Instant,
}

impl Outlet for Page {
    fn send(&self, response: Response) {
        self.told.borrow_mut().hear(response);
    }

    fn pause(&self) -> impl Future<Output = Flow> {
        ready(Flow::Continue)
    }

    fn millis(&self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1000.0
    }
}
