//! A session: one engine, one notebook at a time, and the answers it already has.

use crate::graph::Graph;
use crate::shown::Shown;
use crate::state::State;
use almanac_engine::Engine;
use almanac_model::manifest::Manifest;
use almanac_model::notebook::{Notebook, parse};
use almanac_model::protocol::{Generation, Limits, SortBy};
use almanac_model::view::{CatalogTable, Completion, Page, TableSource};
use almanac_model::{Diagnostic, Parsed, Value};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Runs notebooks. See [`Session::run`].
#[derive(Debug)]
pub struct Session {
    pub(crate) engine: Engine,
    /// The newest run of which the page has taken in everything.
    pub(crate) seen: Generation,
    pub(crate) source: String,
    pub(crate) notebook: Rc<Parsed<Notebook>>,
    /// By node id.
    pub(crate) states: BTreeMap<String, State>,
    /// Cells that are tables of the engine now.
    pub(crate) registered: BTreeSet<String>,
    /// How often a table that is no cell has changed, by name in lower case.
    pub(crate) versions: BTreeMap<String, u64>,
    pub(crate) queries_run: u64,
    /// The metrics of the files that were asked about last.
    pub(crate) metrics: Option<(u64, Rc<almanac_metrics::Catalogue>)>,
}

impl Session {
    /// A session over the extracts of a manifest. Nothing is fetched yet.
    #[must_use]
    pub fn new(manifest: Manifest, limits: Limits) -> Self {
        Self {
            engine: Engine::new(manifest, limits),
            seen: Generation::default(),
            source: String::new(),
            notebook: Rc::new(parse("")),
            states: BTreeMap::new(),
            registered: BTreeSet::new(),
            versions: BTreeMap::new(),
            queries_run: 0,
            metrics: None,
        }
    }

    /// The tables SQL can read now, sorted by name: extracts, dropped files, cells that have answered.
    #[must_use]
    pub fn tables(&self) -> Vec<CatalogTable> {
        self.engine.tables()
    }

    /// The last day of the data, `2025-11-30`.
    #[must_use]
    pub fn as_of(&self) -> Option<String> {
        self.engine.manifest().as_of.clone()
    }

    /// Queries run since the start. Answers that were at hand do not count.
    #[must_use]
    pub fn queries_run(&self) -> u64 {
        self.queries_run
    }

    /// The bounds it keeps.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.engine.limits()
    }

    /// Keeps other bounds from now on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.engine.set_limits(limits);
    }

    /// Takes a manifest that was published since; what reads a table that is another now is answered anew by the next run. Gives
    /// whether there is one.
    pub fn renew(&mut self, manifest: Manifest) -> bool {
        let changed = self.engine.renew(manifest);
        self.metrics = None;
        for table in &changed {
            self.changed(table);
        }
        !changed.is_empty()
    }

    /// The page has taken in all of a run: see [`almanac_model::protocol::Request::Seen`].
    pub fn seen(&mut self, generation: Generation) {
        self.seen = self.seen.max(generation);
    }

    /// Makes a file the reader dropped a table, with warnings about columns that were left out.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn open_file(&mut self, name: &str, bytes: Bytes) -> Result<(CatalogTable, Vec<Diagnostic>), Diagnostic> {
        let opened = self.engine.open_file(name, bytes)?;
        self.changed(&opened.0.name);
        Ok(opened)
    }

    /// Forgets a dropped file.
    pub fn close_file(&mut self, table: &str) {
        let dropped =
            |known: &CatalogTable| known.source == TableSource::Dropped && known.name.eq_ignore_ascii_case(table);
        if self.engine.tables().iter().any(dropped) {
            self.engine.close(table);
            self.changed(table);
        }
    }

    fn changed(&mut self, table: &str) {
        *self.versions.entry(table.to_lowercase()).or_default() += 1;
    }

    /// Rows of a cell's table as a page of that generation knows it; `None` when it has been answered anew since.
    #[must_use]
    pub fn page(
        &self,
        generation: Generation,
        cell: &str,
        offset: u64,
        limit: u32,
        sort: Option<SortBy>,
    ) -> Option<Page> {
        let state = self.states.get(cell).filter(|state| state.born <= generation)?;
        state.shown.as_ref().map(|shown| shown.page(offset, limit, sort))
    }

    /// All rows of a cell as CSV.
    #[must_use]
    pub fn csv(&self, cell: &str, sort: Option<SortBy>) -> Option<String> {
        self.shown(cell).map(|shown| shown.csv(sort))
    }

    fn shown(&self, cell: &str) -> Option<&Shown> {
        self.states.get(cell)?.shown.as_ref()
    }

    /// Where the word at `cursor` starts, and what it can become.
    #[must_use]
    pub fn complete(&self, text: &str, cursor: u32) -> (u32, Vec<Completion>) {
        almanac_sql::complete(text, cursor, &self.engine, &self.parameters())
    }

    /// Problems of a SQL text, without running it. Cells that have not answered yet are unknown tables, which is not told.
    #[must_use]
    pub fn check(&self, text: &str) -> Vec<Diagnostic> {
        let Err(mut problems) = self.engine.bind(text, &self.parameters()) else { return Vec::new() };
        // That is found out when it runs.
        problems.retain(|problem| problem.code.0 != "pivot-values");
        let notebook = &self.notebook.value;
        let waiting = |name: &str| {
            notebook
                .cells()
                .any(|cell| cell.named && cell.id.eq_ignore_ascii_case(name) && !self.registered.contains(&cell.id))
        };
        if almanac_sql::tables_of(text).iter().any(|name| waiting(name)) { Vec::new() } else { problems }
    }

    /// Values of the inputs, by name.
    pub(crate) fn parameters(&self) -> BTreeMap<String, Value> {
        let value = |state: &State| state.input.as_ref().map(|(value, _)| value.clone());
        self.states.iter().filter_map(|(id, state)| Some((id.strip_prefix('$')?.to_owned(), value(state)?))).collect()
    }

    /// Drops what belongs to parts that are no longer there.
    pub(crate) fn forget(&mut self, graph: &Graph) {
        let ids: BTreeSet<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
        self.states.retain(|id, _| ids.contains(id.as_str()));
        let gone: Vec<String> = self.registered.iter().filter(|id| !ids.contains(id.as_str())).cloned().collect();
        for id in gone {
            self.unregister(&id);
        }
    }

    /// A cell is no table any more; an extract of its name comes back.
    pub(crate) fn unregister(&mut self, id: &str) {
        if self.registered.remove(id) {
            self.engine.close(id);
        }
    }
}
