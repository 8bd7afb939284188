//! The page as a whole: the rail, the page the address names, and what floats above them.

use crate::browser::{fragment, on_paper};
use crate::components::{Alerts, DropZone, Rail};
use crate::pages::{DataPage, FunctionsPage, HomePage, MissingPage, NotebookPage, catalogue_page, metrics_page};
use crate::state::{App as State, receive};
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::view::TableSource;
use leptos::prelude::*;

/// What a page needs to know of a route: inputs may change without another page being built.
#[derive(Clone, PartialEq)]
enum Place {
    Home,
    Notebook,
    Data(Option<String>),
    Catalogue(Option<String>),
    Metrics(Option<String>),
    Functions,
    Unknown(String),
}

/// The page.
#[component]
pub(crate) fn App() -> AnyView {
    let app =
        State::new(Route::parse(&fragment()), tasks::stored_theme(), tasks::stored_deadline(), tasks::stored_limits());
    provide_context(app);
    tasks::set_theme(app, app.theme.get_untracked());
    app.engine.listen(move |event| receive(app, event));
    // The site's tables are known as soon as the worker has read the manifest; opened files stay.
    Effect::new(move || {
        if let Some(ready) = app.engine.ready.get() {
            app.tables.update(|tables| {
                tables.retain(|table| table.source == TableSource::Dropped);
                tables.splice(0..0, ready.tables.iter().cloned());
            });
        }
    });
    app.engine.start();
    tasks::watch_address(app);
    on_paper(move |paper| app.paper.set(paper));
    tasks::load_site(app);

    let place = Memo::new(move |_| match app.route.get() {
        Route::Home => Place::Home,
        Route::Notebook { .. } => Place::Notebook,
        Route::Data { table } => Place::Data(table),
        Route::Catalogue { table, .. } => Place::Catalogue(table),
        Route::Metrics { id, .. } => Place::Metrics(id),
        Route::Functions { .. } => Place::Functions,
        Route::Unknown(address) => Place::Unknown(address),
    });
    let page = move || match place.get() {
        Place::Home => view! { <HomePage /> }.into_any(),
        Place::Notebook => view! { <NotebookPage /> }.into_any(),
        Place::Data(table) => view! { <DataPage table /> }.into_any(),
        Place::Catalogue(table) => catalogue_page(app, table),
        Place::Metrics(id) => metrics_page(app, id),
        Place::Functions => view! { <FunctionsPage /> }.into_any(),
        Place::Unknown(address) => view! { <MissingPage address /> }.into_any(),
    };
    let skip = move |event: web_sys::MouseEvent| {
        // The fragment of the address names the page, so the main part is visited by hand.
        event.prevent_default();
        crate::browser::visit("main");
    };
    view! {
        <a class="skip" href="#main" on:click=skip>"Skip to the content"</a>
        <div class="shell">
            <Rail />
            <main id="main" tabindex="-1">{page}</main>
        </div>
        <Alerts announcement=app.announcement alerts=app.alerts />
        <DropZone over=app.dragging open=Callback::new(move |files| tasks::open_files(app, files)) />
    }
    .into_any()
}
