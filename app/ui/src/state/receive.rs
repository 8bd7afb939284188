//! What the worker says about a run, put into the signals. Answers of an older generation are dropped.

use super::{Alert, App, Status};
use crate::engine::{Cause, Event};
use almanac_model::Diagnostic;
use almanac_model::notebook::input_view_id;
use almanac_model::protocol::Generation;
use almanac_model::view::{CellBody, CellView, TableSource};
use leptos::prelude::*;
use std::sync::Arc;

/// Takes one event.
pub(crate) fn receive(app: App, event: Event) {
    let sheet = app.sheet;
    let current = |generation: Generation| generation == sheet.generation.get_untracked();
    match event {
        Event::Progress(generation, id, progress) if current(generation) => {
            let cell = sheet.cell(&id);
            if cell.status.get_untracked() != Status::Running {
                cell.status.set(Status::Running);
            }
            cell.progress.set(Some(progress));
        }
        Event::Cell(generation, view) if current(generation) => take_cell(app, generation, *view),
        Event::Values(generation, values) if current(generation) && sheet.values.get_untracked() != values => {
            sheet.values.set(values);
        }
        Event::Finished(generation, problems, tables) if current(generation) => {
            finish(app);
            sheet.problems.set(problems);
            let mut tables = tables;
            tables.retain(|table| table.source != TableSource::Cell);
            // What shows a table is not to be made anew after each run.
            if app.tables.with_untracked(|known| *known != tables) {
                app.tables.set(tables);
            }
        }
        Event::Died(cell, cause) => die(app, cell, &cause),
        _ => {}
    }
}

fn take_cell(app: App, generation: Generation, view: CellView) {
    if let CellBody::Input(input) = view.body {
        debug_assert_eq!(view.id, input_view_id(&input.name));
        app.sheet.controls.update(|controls| {
            controls.insert(input.name.clone(), input);
        });
        return;
    }
    let cell = app.sheet.cell(&view.id);
    let failed = view.diagnostics.iter().any(Diagnostic::is_error);
    cell.problems.set(Arc::new(view.diagnostics.clone()));
    cell.progress.set(None);
    let asks = view.diagnostics.iter().any(|problem| problem.code.0 == "needs-consent");
    cell.status.set(if asks {
        Status::Asking
    } else if failed {
        Status::Failed
    } else {
        Status::Fresh
    });
    // While a cell has errors, its last good result stays in view; that a check held before is none.
    let checked = |shown: &(Generation, Arc<CellView>)| matches!(shown.1.body, CellBody::Checked(_));
    if !failed {
        cell.view.set(Some((generation, Arc::new(view))));
    } else if cell.view.with_untracked(|shown| shown.as_ref().is_some_and(checked)) {
        cell.view.set(None);
    }
}

/// Cells the worker said nothing about have not changed.
fn finish(app: App) {
    let mut failed = 0;
    for (_, cell) in app.sheet.cells() {
        match cell.status.get_untracked() {
            Status::Running | Status::Stale => {
                cell.status.set(Status::Fresh);
                cell.progress.set(None);
            }
            Status::Failed => failed += 1,
            _ => {}
        }
    }
    app.announce(match failed {
        0 => "Results are up to date".to_owned(),
        1 => "Finished; one cell failed".to_owned(),
        failed => format!("Finished; {failed} cells failed"),
    });
}

fn die(app: App, id: Option<String>, cause: &Cause) {
    let sheet = app.sheet;
    for (_, cell) in sheet.cells() {
        cell.progress.set(None);
        if cell.status.get_untracked() == Status::Running {
            cell.status.set(Status::Stale);
        }
    }
    let words = cause.sentence();
    match id {
        Some(id) => {
            let cell = sheet.cell(&id);
            cell.status.set(if matches!(cause, Cause::Crashed(_)) { Status::Crashed } else { Status::Stopped });
            let problem = match cause {
                Cause::Stopped => {
                    Diagnostic::error_without_place("stopped", "this cell was stopped before it had an answer")
                }
                Cause::Deadline(_) => Diagnostic::error_without_place("deadline", words.clone())
                    .hint("read fewer rows or columns, or set a longer limit on the Data page"),
                Cause::Crashed(_) => Diagnostic::error_without_place("engine-restarted", words.clone())
                    .hint("run the cell again, or make the query smaller"),
            };
            cell.problems.set(Arc::new(vec![problem]));
            sheet.held.update(|held| {
                held.insert(id);
            });
        }
        None if *cause != Cause::Stopped => {
            app.alert(Alert { message: words.clone(), hints: vec!["reload the page if this repeats".to_owned()] });
        }
        None => {}
    }
    app.announce(words);
    crate::tasks::hold(app);
}
