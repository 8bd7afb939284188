//! What the page knows, as signals. Changed by `tasks/` and, for answers of the worker, by `receive`.

mod draft;
mod receive;
mod sheet;

pub(crate) use draft::{Draft, draft_key, draft_prefix};
pub(crate) use receive::receive;
pub(crate) use sheet::{CellState, Load, Sheet, Status};

use crate::engine::Engine;
use almanac_model::link::Route;
use almanac_model::listing::Listing;
use almanac_model::protocol::{KeptFile, Limits};
use almanac_model::reference::Reference;
use almanac_model::site::Site;
use almanac_model::view::CatalogTable;
use almanac_model::{Diagnostic, Parsed};
use leptos::prelude::*;
use std::sync::Arc;

/// The site file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SiteState {
    /// Being fetched.
    Loading,
    /// There is none, or it could not be fetched; the words say why.
    Missing(String),
    /// Read.
    Found(Arc<Parsed<Site>>),
}

/// A file of the site that is fetched when a page asks for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fetched<T> {
    /// Nobody has asked for it.
    Unasked,
    /// Being fetched.
    Loading,
    /// It could not be fetched; the words say why.
    Missing(String),
    /// Read.
    Found(Arc<T>),
}

/// What the browser keeps of the site between visits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kept {
    /// The worker has not said it yet.
    Unknown,
    /// The browser does not let it keep anything, or another tab has it.
    Nothing,
    /// These.
    Files(Vec<KeptFile>),
}

/// Colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system says.
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// In the order of the switch.
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its name in storage and in `data-theme`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name.
    pub(crate) fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or(Self::Auto)
    }
}

/// A sentence about something that went wrong, shown until it is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alert {
    /// What happened.
    pub(crate) message: String,
    /// What to try.
    pub(crate) hints: Vec<String>,
}

impl From<&Diagnostic> for Alert {
    fn from(problem: &Diagnostic) -> Self {
        Self { message: problem.message.clone(), hints: problem.hints.clone() }
    }
}

/// Everything the page knows.
#[derive(Clone, Copy)]
pub(crate) struct App {
    /// The worker.
    pub(crate) engine: Engine,
    /// The site file.
    pub(crate) site: RwSignal<SiteState>,
    /// Where the reader is.
    pub(crate) route: RwSignal<Route>,
    /// The open notebook.
    pub(crate) sheet: Sheet,
    /// Tables of the site and files the reader opened.
    pub(crate) tables: RwSignal<Vec<CatalogTable>>,
    /// The reference of functions, once somebody has asked for it.
    pub(crate) functions: RwSignal<Fetched<Reference>>,
    /// What the site's catalogue says of metrics and notebooks, once somebody has asked for it.
    pub(crate) listing: RwSignal<Fetched<Listing>>,
    /// What the browser keeps of the site.
    pub(crate) kept: RwSignal<Kept>,
    /// Colour scheme.
    pub(crate) theme: RwSignal<Theme>,
    /// What assistive technology reads out next.
    pub(crate) announcement: RwSignal<String>,
    /// What went wrong outside any cell.
    pub(crate) alerts: RwSignal<Vec<Alert>>,
    /// Whether the rail is open where it is a drawer.
    pub(crate) drawer: RwSignal<bool>,
    /// Whether SQL is shown below every result.
    pub(crate) all_code: RwSignal<bool>,
    /// Whether a file is held over the page.
    pub(crate) dragging: RwSignal<bool>,
    /// Whether the page is laid out for paper.
    pub(crate) paper: RwSignal<bool>,
}

impl App {
    /// A page that knows nothing yet.
    pub(crate) fn new(route: Route, theme: Theme, deadline: u32, limits: Limits) -> Self {
        Self {
            engine: Engine::new(deadline, limits),
            site: RwSignal::new(SiteState::Loading),
            route: RwSignal::new(route),
            sheet: Sheet::new(),
            tables: RwSignal::new(Vec::new()),
            functions: RwSignal::new(Fetched::Unasked),
            listing: RwSignal::new(Fetched::Unasked),
            kept: RwSignal::new(Kept::Unknown),
            theme: RwSignal::new(theme),
            announcement: RwSignal::new(String::new()),
            alerts: RwSignal::new(Vec::new()),
            drawer: RwSignal::new(false),
            all_code: RwSignal::new(false),
            dragging: RwSignal::new(false),
            paper: RwSignal::new(false),
        }
    }

    /// The page's state, from a component.
    pub(crate) fn get() -> Self {
        expect_context()
    }

    /// Reads a sentence out.
    pub(crate) fn announce(self, words: impl Into<String>) {
        self.announcement.set(words.into());
    }

    /// Shows what went wrong.
    pub(crate) fn alert(self, alert: Alert) {
        self.alerts.update(|alerts| {
            alerts.retain(|shown| *shown != alert);
            alerts.push(alert);
        });
    }
}
