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

/// What the page was told, by the end of the run.
#[derive(Debug, Default)]
pub struct Told {
    /// The last view of each cell and input.
    pub views: BTreeMap<String, CellView>,
    /// Values of the prose.
    pub values: Vec<ProseValue>,
    /// Problems of the notebook as a whole.
    pub of_notebook: Vec<Diagnostic>,
}

impl Told {
    /// Every problem, once, in order of cells; those of prose values and of the notebook last.
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
}

/// The manifest of a folder of extracts.
///
/// # Errors
/// It is missing or cannot be read.
pub fn manifest_of(folder: &Path) -> Result<Manifest, String> {
    let path = folder.join("datapackage.json");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Runs a notebook over a folder of extracts with its inputs at their defaults.
///
/// # Errors
/// The folder has no manifest.
pub fn run_notebook(folder: &Path, source: &str) -> Result<Told, String> {
    let mut session = Session::new(manifest_of(folder)?, Limits::default());
    let page = Page::default();
    let request = RunRequest { source: source.to_owned(), width: 760, ..RunRequest::default() };
    block_on(session.run(&Disk::new(folder), &page, &request));
    Ok(page.told.into_inner())
}

/// A page that only listens.
#[derive(Default)]
struct Page {
    told: RefCell<Told>,
}

impl Outlet for Page {
    fn send(&self, response: Response) {
        let mut told = self.told.borrow_mut();
        match response {
            Response::Cell { view, .. } => {
                told.views.insert(view.id.clone(), view);
            }
            Response::Values { values, .. } => told.values = values,
            Response::Finished { diagnostics, .. } => told.of_notebook = diagnostics,
            _ => {}
        }
    }

    fn pause(&self) -> impl Future<Output = Flow> {
        ready(Flow::Continue)
    }

    fn millis(&self) -> f64 {
        0.0
    }
}
