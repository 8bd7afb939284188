//! A cell that answers: result first, then problems, a line with its state and what can be done, and its SQL. A rule at its left
//! shows the state too.

use super::cell_result::CellResult;
use super::diagnostics::Diagnostics;
use super::editor::{Editor, EditorCalls};
use super::icon::Picture;
use super::progress::ProgressBar;
use super::sql::Sql;
use super::toolbar::{Action, Toolbar};
use crate::queries::{cost_words, count, skipped_words};
use crate::state::{App, CellState, Status};
use crate::tasks;
use almanac_model::protocol::SortBy;
use almanac_model::view::{CellBody, CellFace};
use leptos::prelude::*;

/// What the parts of a cell share.
#[derive(Clone, Copy)]
struct Shared {
    app: App,
    id: StoredValue<String>,
    state: StoredValue<CellState>,
    /// Its SQL as in the source; `None` for cells of another kind.
    sql: Memo<Option<String>>,
    editing: RwSignal<bool>,
    code: RwSignal<bool>,
    sort: RwSignal<Option<SortBy>>,
    open: RwSignal<bool>,
    replaced: RwSignal<Option<String>>,
}

impl Shared {
    fn status(self) -> Status {
        self.state.with_value(|state| state.status.get())
    }

    fn id(self) -> String {
        self.id.get_value()
    }

    /// Whether the reader wrote something that has not run.
    fn pending(self) -> bool {
        self.app.sheet.pending.with(|pending| self.id.with_value(|id| pending.contains_key(id)))
    }

    fn table(self) -> bool {
        self.state.with_value(|state| {
            state.view.with(|view| view.as_ref().is_some_and(|(_, view)| matches!(view.body, CellBody::Table(_))))
        })
    }
}

/// A cell.
#[component]
pub(crate) fn Cell(
    /// Its id.
    id: String,
    /// Whether its author made it a step that readers do not see.
    hidden: bool,
    /// Whether the id is its author's, and SQL can read it by that name.
    named: bool,
) -> AnyView {
    let app = App::get();
    let state = app.sheet.cell(&id);
    let sql = {
        let id = id.clone();
        Memo::new(move |_| app.sheet.view.with(|view| view.cell(&id)?.sql().map(str::to_owned)))
    };
    let shared = Shared {
        app,
        id: StoredValue::new(id.clone()),
        state: StoredValue::new(state),
        sql,
        editing: RwSignal::new(false),
        code: RwSignal::new(false),
        sort: RwSignal::new(None),
        open: RwSignal::new(false),
        replaced: RwSignal::new(None),
    };
    let failed = move || shared.status() == Status::Failed || shared.status().is_held();
    let visible = move || !hidden || app.all_code.get() || shared.editing.get() || failed();
    view! {
        <Show when=visible>
            <section
                class=move || format!("cell {}", shared.status().class())
                id=format!("cell-{}", shared.id())
                aria-label=format!("Cell {}", shared.id())
                aria-busy=move || (shared.status() == Status::Running).then_some("true")
            >
                {result(shared)}
                {problems(shared)}
                {foot(shared, named)}
                {code(shared)}
            </section>
        </Show>
    }
    .into_any()
}

fn foot(shared: Shared, named: bool) -> AnyView {
    let word = move || if shared.pending() { "Edited, not run" } else { shared.status().word() };
    view! {
        <div class="cell-foot">
            <span class="cell-state">{word}</span>
            {named.then(|| view! { <span class="cell-name">{shared.id()}</span> })}
            {move || cost(shared)}
            {tools(shared)}
        </div>
    }
    .into_any()
}

fn tools(shared: Shared) -> AnyView {
    let app = shared.app;
    let has_sql = Signal::derive(move || shared.sql.with(Option::is_some));
    let edits = Signal::derive(move || has_sql.get() && !app.sheet.made.get());
    let running = Signal::derive(move || shared.status() == Status::Running);
    let table = Signal::derive(move || shared.table());
    let action = |picture, words, shown, act: Box<dyn Fn() + Send + Sync>| Action {
        picture,
        words,
        pressed: None,
        shown,
        act: Callback::new(move |()| act()),
    };
    let view_of = move || shared.state.with_value(|state| state.view.get_untracked());
    let copy = move || {
        let Some((generation, view)) = view_of() else { return };
        if let CellBody::Table(table) = &view.body {
            tasks::copy_rows(
                app,
                generation,
                shared.id(),
                table.columns.clone(),
                shared.sort.get_untracked(),
                table.total_rows,
            );
        }
    };
    let mut actions = vec![
        action(
            Picture::Run,
            "Run",
            Signal::derive(move || !running.get()),
            Box::new(move || tasks::run_cell(app, &shared.id())),
        ),
        action(Picture::Stop, "Stop", running, Box::new(move || tasks::stop(app))),
        action(Picture::Edit, "Edit", edits, Box::new(move || shared.editing.update(|open| *open = !*open))),
        action(
            Picture::Code,
            "SQL",
            Signal::derive(move || has_sql.get() && !shared.editing.get()),
            Box::new(move || shared.code.update(|open| *open = !*open)),
        ),
        action(Picture::Copy, "Copy", table, Box::new(copy)),
        action(
            Picture::Export,
            "Export CSV…",
            table,
            Box::new(move || tasks::export_csv(app, shared.id(), shared.sort.get_untracked())),
        ),
    ];
    actions[2].pressed = Some(shared.editing.into());
    actions[3].pressed = Some(shared.code.into());
    view! { <Toolbar label=format!("Actions of {}", shared.id()) actions /> }.into_any()
}

fn result(shared: Shared) -> AnyView {
    let shown = Memo::new(move |_| shared.state.with_value(|state| state.view.get()).map(Same));
    let waiting = move || {
        let status = shared.status();
        shown.with(Option::is_none) && matches!(status, Status::Waiting | Status::Running)
    };
    let height =
        move || match shared.app.sheet.view.with(|view| view.cell(&shared.id()).map(|cell| face_class(&cell.face))) {
            Some(class) => format!("skeleton {class}"),
            None => "skeleton".to_owned(),
        };
    let progress =
        move || shared.state.with_value(|state| state.progress.get()).filter(|_| shared.status() == Status::Running);
    view! {
        {title(shared)}
        <div class="cell-result" class:old=move || matches!(shared.status(), Status::Stale | Status::Failed | Status::Crashed | Status::Stopped)>
            {move || progress().map(|progress| view! { <ProgressBar progress /> })}
            <Show when=waiting><div class=height aria-hidden="true"></div></Show>
            {move || shown.get().map(|Same(view)| view! { <CellResult view sort=shared.sort open=shared.open /> })}
        </div>
    }
    .into_any()
}

/// The title its author gave a table. One that holds values waits for the worker, which fills them in.
fn title(shared: Shared) -> impl IntoView {
    let filled = move || {
        shared.state.with_value(|state| {
            state.view.with(|view| match &view.as_ref()?.1.body {
                CellBody::Table(table) => table.title.clone(),
                _ => None,
            })
        })
    };
    let written = move || {
        shared.app.sheet.view.with(|view| match &view.cell(&shared.id())?.face {
            CellFace::Table(title) => title.clone().filter(|title| !title.contains("{{")),
            _ => None,
        })
    };
    move || filled().or_else(written).map(|title| view! { <p class="chart-title">{title}</p> })
}

/// A result that is compared by identity: comparing the rows would cost more than showing them.
#[derive(Clone)]
struct Same((almanac_model::protocol::Generation, std::sync::Arc<almanac_model::view::CellView>));

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        std::sync::Arc::ptr_eq(&self.0.1, &other.0.1)
    }
}

fn face_class(face: &CellFace) -> &'static str {
    match face {
        CellFace::Chart => "for-chart",
        CellFace::Kpi => "for-kpi",
        CellFace::Sql(_) | CellFace::Table(_) => "for-table",
        _ => "for-line",
    }
}

fn cost(shared: Shared) -> AnyView {
    let view = shared.state.with_value(|state| state.view.get());
    let Some((_, view)) = view else { return ().into_any() };
    let rows = match &view.body {
        CellBody::Table(table) => Some(count(table.total_rows, "row", "rows")),
        _ => None,
    };
    let cost = view.cost.filter(|cost| cost.millis > 0.0);
    let words: Vec<String> = rows.into_iter().chain(cost.iter().flat_map(cost_words)).collect();
    let skipped = cost.as_ref().and_then(skipped_words);
    view! { <span class="cell-cost" title=skipped>{words.join(" · ")}</span> }.into_any()
}

fn problems(shared: Shared) -> AnyView {
    let found = Signal::derive(move || shared.state.with_value(|state| state.problems.get()));
    let text = Signal::derive(move || {
        let from = shared.app.sheet.view.with(|view| view.cell(&shared.id()).map_or(0, |cell| cell.body.start));
        (shared.app.sheet.source.get(), from)
    });
    let held = move || shared.status().is_held();
    let asks = move || shared.status() == Status::Asking;
    view! {
        <Diagnostics problems=found text />
        <Show when=asks>
            <p class="cell-held">
                <button type="button" on:click=move |_| tasks::allow(shared.app, &shared.id())>"Run anyway"</button>
                <span>"Nothing was fetched for it yet."</span>
            </p>
        </Show>
        <Show when=held>
            <p class="cell-held">
                <button type="button" on:click=move |_| tasks::retry(shared.app, &shared.id())>"Run again"</button>
                <span>"This cell waits for you; the rest of the notebook works."</span>
            </p>
        </Show>
    }
    .into_any()
}

fn code(shared: Shared) -> AnyView {
    let app = shared.app;
    let read = move || !shared.editing.get() && (shared.code.get() || app.all_code.get());
    let text = Signal::derive(move || shared.sql.get().unwrap_or_default());
    view! {
        <Show when=move || shared.sql.with(Option::is_some) && read()><Sql text /></Show>
        <Show when=move || shared.editing.get()>
            {editor(shared)}
        </Show>
    }
    .into_any()
}

fn editor(shared: Shared) -> AnyView {
    let app = shared.app;
    let written = app.sheet.pending.with_untracked(|pending| pending.get(&shared.id()).cloned());
    let text = written.unwrap_or_else(|| shared.sql.get_untracked().unwrap_or_default().trim_end().to_owned());
    let calls = EditorCalls {
        change: Callback::new(move |text| tasks::type_cell(app, &shared.id(), text)),
        run: Callback::new(move |()| tasks::run_cell(app, &shared.id())),
        close: Callback::new(move |()| shared.editing.set(false)),
        complete: StoredValue::new_local(Box::new(move |(text, position)| {
            Box::pin(tasks::complete(app, text, position))
        })),
        check: StoredValue::new_local(Box::new(move |text| Box::pin(tasks::check(app, text)))),
    };
    let published = move || app.sheet.drafted.get();
    view! {
        <Editor language="sql" label=format!("SQL of {}", shared.id()) text replaced=shared.replaced calls />
        <p class="editor-help">
            <button type="button" on:click=move |_| tasks::run_cell(app, &shared.id())>"Run"</button>
            <Show when=published>
                <button type="button" class="quiet" on:click=move |_| shared.replaced.set(tasks::revert_cell(app, &shared.id()))>"Revert to published"</button>
            </Show>
            <span><kbd>"Ctrl"</kbd>" "<kbd>"Enter"</kbd>" runs. "<kbd>"Esc"</kbd>" then "<kbd>"Tab"</kbd>" leaves the editor. "<a href="#/functions">"All functions"</a></span>
        </p>
    }
    .into_any()
}
