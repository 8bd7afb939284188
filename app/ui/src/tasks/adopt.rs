//! Shows another source of the open notebook, as soon as it is known what it says.

use super::edit::keep;
use super::read::read_notebook;
use super::run::run;
use crate::state::{Alert, App};
use almanac_model::view::NotebookView;
use leptos::prelude::*;
use std::sync::Arc;

/// Shows `source`, which says what `view` says; the worker reads it where that is not known. Returns whether it is shown: not
/// when the reader has gone on to another source meanwhile, and not when there is no worker to read it.
pub(super) async fn adopt(app: App, source: Arc<str>, view: Option<Arc<NotebookView>>) -> bool {
    let sheet = app.sheet;
    sheet.turn.update(|turn| *turn += 1);
    let turn = sheet.turn.get_untracked();
    let written = sheet.pending.get_untracked();
    let view = match view {
        Some(view) => Some(view),
        None if *sheet.source.get_untracked() == *source => Some(sheet.view.get_untracked()),
        None => read_notebook(app, &source).await,
    };
    if sheet.turn.get_untracked() != turn {
        return false;
    }
    sheet.reading.set(false);
    let Some(view) = view else { return false };
    // What was written since the source was put together stays written.
    sheet.pending.update(|pending| pending.retain(|id, text| written.get(id) != Some(&*text)));
    if *sheet.source.get_untracked() != *source {
        sheet.view.set(view);
        sheet.source.set(source);
    }
    if sheet.pending.with_untracked(|pending| !pending.is_empty()) {
        keep(app, &sheet.written());
    }
    true
}

/// Shows `source` and runs it. It is kept as a draft already.
pub(super) async fn adopt_and_run(app: App, source: Arc<str>, view: Option<Arc<NotebookView>>) {
    let turn = app.sheet.turn.get_untracked() + 1;
    if adopt(app, source, view).await {
        run(app);
    } else if app.sheet.turn.get_untracked() == turn {
        app.alert(Alert {
            message: "What you wrote is kept, but the engine, which reads it, could not be started".to_owned(),
            hints: vec!["reload the page to try again".to_owned()],
        });
    }
}
