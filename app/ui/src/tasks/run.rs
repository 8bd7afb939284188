//! Runs the open notebook, stops it, and runs a cell again that was held back.
//!
//! A run says the whole wanted state: source, inputs, width and the cells held back. It begins with a new generation.

use crate::browser::document;
use crate::engine::{Cause, Phase};
use crate::state::{App, CellState, Load, Status};
use almanac_model::notebook::input_view_id;
use almanac_model::protocol::{Generation, Request};
use almanac_model::view::CellFace;
use leptos::prelude::*;
use std::sync::Arc;

thread_local! {
    /// Width of the column; zero before it was measured.
    static WIDTH: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Runs the notebook as it stands.
pub(crate) fn run(app: App) {
    if app.sheet.load.get_untracked() != Load::Ready {
        return;
    }
    let generation = Generation(app.sheet.generation.get_untracked().0 + 1);
    app.sheet.generation.set(generation);
    let held = app.sheet.held.get_untracked();
    for cell in app.sheet.view.get_untracked().cells().filter(|cell| !held.contains(&cell.id)) {
        let state = app.sheet.cell(&cell.id);
        if state.status.get_untracked() == Status::Fresh {
            state.status.set(Status::Stale);
        }
    }
    app.engine.run(generation, request(app, generation));
}

/// Takes cells that were stopped or crashed out of the run that the next worker will get.
pub(crate) fn hold(app: App) {
    if app.sheet.load.get_untracked() == Load::Ready && app.sheet.generation.get_untracked().0 > 0 {
        run(app);
    }
}

/// Runs a cell again that was held back.
pub(crate) fn retry(app: App, id: &str) {
    app.sheet.held.update(|held| {
        held.remove(id);
    });
    release(&app.sheet.cell(id));
    run(app);
}

/// Runs a cell that asked first, whatever it takes.
pub(crate) fn allow(app: App, id: &str) {
    app.sheet.allowed.update(|allowed| {
        allowed.insert(id.to_owned());
    });
    app.sheet.cell(id).status.set(Status::Waiting);
    run(app);
}

/// Lets a cell run again.
pub(super) fn release(cell: &CellState) {
    if cell.status.get_untracked().is_held() {
        cell.status.set(Status::Waiting);
        cell.problems.set(Arc::new(Vec::new()));
    }
}

/// Stops what runs: the worker is ended and another takes its place.
pub(crate) fn stop(app: App) {
    if app.engine.phase.get_untracked() == Phase::Running {
        app.engine.end(Cause::Stopped);
    }
}

/// Takes note of the width of the column; charts are laid out anew when it changed by more than a few pixels.
pub(crate) fn set_width(app: App, width: u32) {
    // A column that is being taken away has no width.
    if width == 0 {
        return;
    }
    let before = WIDTH.replace(width);
    if before > 0 && before.abs_diff(width) > 8 && app.sheet.generation.get_untracked().0 > 0 {
        run(app);
    }
}

/// The measured width, or that of the page's head, which stands in the same column.
fn column_width() -> u32 {
    if WIDTH.get() == 0
        && let Ok(Some(head)) = document().query_selector(".page-head")
    {
        WIDTH.set(u32::try_from(head.client_width()).unwrap_or(0));
    }
    WIDTH.get().max(240)
}

fn request(app: App, generation: Generation) -> Request {
    let sheet = app.sheet;
    let view = sheet.view.get_untracked();
    let unseen_cells = view
        .cells()
        .filter(|cell| !matches!(cell.face, CellFace::Note(_) | CellFace::Input(_)))
        .map(|cell| cell.id.clone());
    let unseen_cells = unseen_cells.filter(|id| sheet.cell(id).view.with_untracked(Option::is_none));
    let controls = sheet.controls.get_untracked();
    let unseen_inputs =
        view.inputs.iter().filter(|input| !controls.contains_key(&input.name)).map(|input| input_view_id(&input.name));
    Request::Run {
        generation,
        source: sheet.source.get_untracked().to_string(),
        inputs: sheet.inputs.get_untracked(),
        width: column_width(),
        wanted: Some(unseen_cells.chain(unseen_inputs).collect()),
        skip: sheet.held.get_untracked().into_iter().collect(),
        allow: sheet.allowed.get_untracked().into_iter().collect(),
    }
}
