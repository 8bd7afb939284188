//! The open notebook: its source, its inputs, and what each cell shows.

use crate::queries::with_cells;
use almanac_model::Diagnostic;
use almanac_model::protocol::{Generation, Progress, ProseValue};
use almanac_model::view::{CellView, InputView, NotebookView};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How far the notebook's file has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Load {
    /// Being fetched.
    Loading,
    /// It cannot be had; the words say why.
    Missing(String),
    /// There.
    Ready,
}

/// The state of a cell, which its left rule shows with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Its turn has not come.
    Waiting,
    /// Being computed.
    Running,
    /// What is shown belongs to what is written.
    Fresh,
    /// What is shown belongs to an older state.
    Stale,
    /// It has errors; what is shown is the last good result, if there was one.
    Failed,
    /// The reader or the deadline stopped it.
    Stopped,
    /// The engine stopped unexpectedly while it ran.
    Crashed,
    /// It would take more than it may without asking the reader.
    Asking,
}

impl Status {
    /// Its word; none while all is well.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Running => "Running",
            Self::Fresh => "",
            Self::Stale => "Stale",
            Self::Failed => "Failed",
            Self::Stopped => "Stopped",
            Self::Crashed => "Engine restarted",
            Self::Asking => "Asks first",
        }
    }

    /// Its name in the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Failed | Self::Crashed => "failed",
            Self::Stopped | Self::Asking => "stopped",
        }
    }

    /// Whether only the reader can make it run again.
    pub(crate) fn is_held(self) -> bool {
        matches!(self, Self::Stopped | Self::Crashed)
    }
}

/// What a cell shows. Reference-counted, so that it outlives the component that shows it.
#[derive(Clone)]
pub(crate) struct CellState {
    /// The last good result, and the generation it answers.
    pub(crate) view: ArcRwSignal<Option<(Generation, Arc<CellView>)>>,
    /// What is wrong now.
    pub(crate) problems: ArcRwSignal<Arc<Vec<Diagnostic>>>,
    /// Where it is.
    pub(crate) status: ArcRwSignal<Status>,
    /// How far a running cell has got.
    pub(crate) progress: ArcRwSignal<Option<Progress>>,
}

impl CellState {
    fn new() -> Self {
        Self {
            view: ArcRwSignal::new(None),
            problems: ArcRwSignal::new(Arc::new(Vec::new())),
            status: ArcRwSignal::new(Status::Waiting),
            progress: ArcRwSignal::new(None),
        }
    }
}

/// The open notebook.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    /// Path of its file in the site; empty when none is open.
    pub(crate) path: RwSignal<String>,
    /// Whether a page made it up: it is no file, and is not edited.
    pub(crate) made: RwSignal<bool>,
    /// How far its file has come.
    pub(crate) load: RwSignal<Load>,
    /// The source as published.
    pub(crate) published: RwSignal<Arc<str>>,
    /// The source as shown: published, or the reader's draft.
    pub(crate) source: RwSignal<Arc<str>>,
    /// SQL that is written but not run yet, by cell.
    pub(crate) pending: RwSignal<BTreeMap<String, String>>,
    /// What the source says.
    pub(crate) view: RwSignal<Arc<NotebookView>>,
    /// What the published source says.
    pub(crate) published_view: RwSignal<Arc<NotebookView>>,
    /// Counts the sources that were to be shown: of two that are being read, the later one wins.
    pub(crate) turn: RwSignal<u32>,
    /// Whether a source that was edited as a whole is being read: until then nothing can be written into the one that is shown.
    pub(crate) reading: RwSignal<bool>,
    /// Values of inputs that differ from their defaults.
    pub(crate) inputs: RwSignal<BTreeMap<String, String>>,
    /// The worker's views of the inputs, by name: their choices may come from a query.
    pub(crate) controls: RwSignal<BTreeMap<String, InputView>>,
    /// Values of the prose.
    pub(crate) values: RwSignal<Vec<ProseValue>>,
    /// Problems of the notebook as a whole.
    pub(crate) problems: RwSignal<Vec<Diagnostic>>,
    /// Grows with each run.
    pub(crate) generation: RwSignal<Generation>,
    /// Cells that wait for the reader, because they crashed the engine or were stopped.
    pub(crate) held: RwSignal<BTreeSet<String>>,
    /// Cells that may take more than the limits, because the reader said so.
    pub(crate) allowed: RwSignal<BTreeSet<String>>,
    /// Whether the shown source is a draft.
    pub(crate) drafted: RwSignal<bool>,
    /// Whether the draft was made from an older published version.
    pub(crate) outdated: RwSignal<bool>,
    /// Whether the source is edited as a whole.
    pub(crate) editing: RwSignal<bool>,
    /// Whether the draft is compared with the published version.
    pub(crate) comparing: RwSignal<bool>,
    cells: StoredValue<BTreeMap<String, CellState>>,
}

impl Sheet {
    /// No notebook.
    pub(crate) fn new() -> Self {
        Self {
            path: RwSignal::new(String::new()),
            made: RwSignal::new(false),
            load: RwSignal::new(Load::Loading),
            published: RwSignal::new(Arc::from("")),
            source: RwSignal::new(Arc::from("")),
            pending: RwSignal::new(BTreeMap::new()),
            view: RwSignal::new(Arc::default()),
            published_view: RwSignal::new(Arc::default()),
            turn: RwSignal::new(0),
            reading: RwSignal::new(false),
            inputs: RwSignal::new(BTreeMap::new()),
            controls: RwSignal::new(BTreeMap::new()),
            values: RwSignal::new(Vec::new()),
            problems: RwSignal::new(Vec::new()),
            generation: RwSignal::new(Generation(0)),
            held: RwSignal::new(BTreeSet::new()),
            allowed: RwSignal::new(BTreeSet::new()),
            drafted: RwSignal::new(false),
            outdated: RwSignal::new(false),
            editing: RwSignal::new(false),
            comparing: RwSignal::new(false),
            cells: StoredValue::new(BTreeMap::new()),
        }
    }

    /// Forgets the notebook that was open.
    pub(crate) fn clear(self, path: &str) {
        self.path.set(path.to_owned());
        self.made.set(false);
        self.load.set(Load::Loading);
        self.pending.update(BTreeMap::clear);
        self.controls.update(BTreeMap::clear);
        self.values.update(Vec::clear);
        self.problems.update(Vec::clear);
        self.held.update(BTreeSet::clear);
        self.allowed.update(BTreeSet::clear);
        self.drafted.set(false);
        self.outdated.set(false);
        self.editing.set(false);
        self.comparing.set(false);
        self.published.set(Arc::from(""));
        self.source.set(Arc::from(""));
        self.view.set(Arc::default());
        self.published_view.set(Arc::default());
        self.turn.update(|turn| *turn += 1);
        self.reading.set(false);
        self.cells.update_value(BTreeMap::clear);
    }

    /// What the cell of that id shows.
    pub(crate) fn cell(self, id: &str) -> CellState {
        if let Some(state) = self.cells.with_value(|cells| cells.get(id).cloned()) {
            return state;
        }
        let state = CellState::new();
        self.cells.update_value(|cells| {
            cells.insert(id.to_owned(), state.clone());
        });
        state
    }

    /// All cells that show something or were to.
    pub(crate) fn cells(self) -> Vec<(String, CellState)> {
        self.cells.with_value(|cells| cells.iter().map(|(id, state)| (id.clone(), state.clone())).collect())
    }

    /// The source with everything that is written but not run yet.
    pub(crate) fn written(self) -> String {
        let source = self.source.get_untracked();
        self.view.with_untracked(|view| self.pending.with_untracked(|pending| with_cells(&source, view, pending)))
    }
}
