//! A notebook: head, filters, prose and cells in order.

use super::setup::Setup;
use crate::components::{Cell, Diagnostics, DraftBanner, FilterBar, Icon, PageHead, Picture, SourceEditor, prose};
use crate::engine::Phase;
use crate::queries::with_new_cell;
use crate::state::{App, Load};
use crate::tasks;
use almanac_model::Diagnostic;
use almanac_model::view::{CellFace, NotebookPart, PartContent};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// The notebook page.
#[component]
pub(crate) fn NotebookPage() -> AnyView {
    let app = App::get();
    let sheet = app.sheet;
    let title = Signal::derive(move || {
        let title = sheet.view.with(|view| view.title.clone());
        if title.is_empty() { sheet.path.get() } else { title }
    });
    let description = Signal::derive(move || sheet.view.with(|view| view.description.clone()));
    let as_of = Signal::derive(move || sheet.view.with(|view| view.as_of.clone()));
    let ready = move || sheet.load.get() == Load::Ready;
    let body = move || match sheet.load.get() {
        Load::Loading => view! { <div class="skeleton for-chart" aria-hidden="true"></div> }.into_any(),
        Load::Missing(why) => view! {
            <section class="empty">
                <h2>"This notebook cannot be shown"</h2>
                <p>"The file "<code>{sheet.path.get()}</code>" could not be read: "{why}"."</p>
                <p><a href="#/">"See all notebooks"</a></p>
            </section>
        }
        .into_any(),
        Load::Ready if sheet.editing.get() => view! { <SourceEditor /> }.into_any(),
        Load::Ready => view! { <Sheet /> }.into_any(),
    };
    view! {
        <PageHead title description as_of>
            <button type="button" class="quiet" aria-pressed=move || app.all_code.get().to_string() on:click=move |_| app.all_code.update(|shown| *shown = !*shown)><Icon picture=Picture::Code />"Show SQL"</button>
            <button type="button" class="quiet" disabled=move || !ready() aria-pressed=move || sheet.editing.get().to_string() on:click=move |_| sheet.editing.update(|open| *open = !*open)><Icon picture=Picture::Edit />"Edit source"</button>
            <button type="button" class="quiet" on:click=move |_| tasks::copy_link(app)><Icon picture=Picture::Link />"Copy link"</button>
            <Show when=move || app.engine.phase.get() == Phase::Running>
                <button type="button" on:click=move |_| tasks::stop(app)><Icon picture=Picture::Stop />"Stop"</button>
            </Show>
        </PageHead>
        {move || no_data(app)}
        <DraftBanner />
        <FilterBar />
        {body}
    }
    .into_any()
}

/// Says what is wrong with the site's data as a whole.
fn no_data(app: App) -> Option<AnyView> {
    let ready = app.engine.ready.get()?;
    let words: String = ready.diagnostics.iter().map(|problem| format!("{}. ", problem.message)).collect();
    if ready.tables.is_empty() && app.tables.with(Vec::is_empty) {
        return Some(view! { <Setup title="This site has no data yet" words="Its notebooks need extracts in the data folder. The demo extracts are made by one command:" reason=words /> }.into_any());
    }
    (!words.is_empty()).then(|| view! { <p class="notice">{words}</p> }.into_any())
}

#[component]
fn Sheet() -> AnyView {
    let app = App::get();
    let sheet = app.sheet;
    let column = NodeRef::<html::Div>::new();
    measure(app, column);
    let parts = Memo::new_with_compare(
        move |_| sheet.view.with(|view| view.parts.clone()),
        |a, b| {
            let keys = |parts: Option<&Vec<NotebookPart>>| {
                parts.map(|parts| parts.iter().map(|part| part.key.clone()).collect::<Vec<_>>())
            };
            keys(a) != keys(b)
        },
    );
    // Until the worker has spoken, the page's own reading of the source is what there is to say.
    let whole = Signal::derive(move || {
        let mut problems: Vec<Diagnostic> = sheet.problems.get();
        if problems.is_empty() && sheet.generation.get().0 <= 1 {
            problems = sheet.view.with(|view| view.diagnostics.clone());
        }
        Arc::new(problems)
    });
    let text = Signal::derive(move || (sheet.source.get(), 0));
    let add = move |_| {
        let number = sheet.view.with_untracked(|view| view.cells().count()) + 1;
        let name = (number..)
            .map(|number| format!("query_{number}"))
            .find(|name| sheet.view.with_untracked(|view| view.cell(name).is_none()));
        let written = with_new_cell(&sheet.written(), &name.unwrap_or_default(), "select 1 as one");
        tasks::finish_source(app, &written);
    };
    view! {
        <div class="sheet" node_ref=column inert=move || sheet.reading.get()>
            <Diagnostics problems=whole text />
            <For each=move || parts.get() key=|part| part.key.clone() let:part>{show(app, &part.content)}</For>
            <p class="add-cell"><button type="button" class="quiet" on:click=add><Icon picture=Picture::Add />"Add SQL cell"</button></p>
        </div>
    }
    .into_any()
}

fn show(app: App, content: &PartContent) -> AnyView {
    let around = crate::components::Around { values: app.sheet.values, path: app.sheet.path };
    match content {
        PartContent::Prose(block) => view! { <div class="prose">{prose(block, around)}</div> }.into_any(),
        PartContent::Cell(cell) => match &cell.face {
            CellFace::Note(blocks) => {
                let blocks = blocks.iter().map(|block| prose(block, around)).collect_view();
                view! { <div class="prose"><div class="note" role="note">{blocks}</div></div> }.into_any()
            }
            CellFace::Input(names) => {
                let inputs = app.sheet.view.with_untracked(|view| {
                    names.iter().filter_map(|name| view.input(name).cloned()).collect::<Vec<_>>()
                });
                let controls =
                    inputs.into_iter().map(|input| crate::components::control_of(app, input, "text")).collect_view();
                view! { <div class="inline-inputs">{controls}</div> }.into_any()
            }
            _ => view! { <Cell id=cell.id.clone() hidden=cell.hidden named=cell.named /> }.into_any(),
        },
    }
}

/// Tells the width of the column when it is known and whenever it changes.
fn measure(app: App, column: NodeRef<html::Div>) {
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::closure::Closure;
    let observer = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn Fn(js_sys::Array)>)>);
    Effect::new(move || {
        let Some(column) = column.get() else { return };
        let heard = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let entry = entries.get(0).unchecked_into::<web_sys::ResizeObserverEntry>();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a width in pixels is small and not negative"
            )]
            tasks::set_width(app, entry.content_rect().width().max(0.0) as u32);
        });
        if let Ok(watching) = web_sys::ResizeObserver::new(heard.as_ref().unchecked_ref()) {
            watching.observe(&column);
            observer.set_value(Some((watching, heard)));
        }
    });
    on_cleanup(move || {
        let _ = observer.try_update_value(|observer| {
            if let Some((observer, _)) = observer.take() {
                observer.disconnect();
            }
        });
    });
}
