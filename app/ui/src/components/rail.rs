//! The left rail: where the reader is and where they can go. A drawer on a narrow screen.

use super::icon::{Icon, Picture};
use super::theme_switch::ThemeSwitch;
use crate::state::{App, SiteState};
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::site::NotebookEntry;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The rail.
#[component]
pub(crate) fn Rail() -> AnyView {
    let app = App::get();
    let title = move || {
        app.site.with(|site| match site {
            SiteState::Found(site) if !site.value.title.is_empty() => site.value.title.clone(),
            _ => "Almanac".to_owned(),
        })
    };
    let groups = Memo::new(move |_| {
        app.site.with(|site| match site {
            SiteState::Found(site) => grouped(&site.value.notebooks),
            _ => Vec::new(),
        })
    });
    let scratch = move || app.tables.with(|tables| !tables.is_empty());
    view! {
        <header class="top-bar">
            <button type="button" class="quiet" aria-controls="rail" aria-expanded=move || app.drawer.get().to_string() on:click=move |_| app.drawer.update(|open| *open = !*open)>
                <Icon picture=Picture::Menu />
                <span>"Menu"</span>
            </button>
            <span class="top-title">{title}</span>
        </header>
        <nav id="rail" class="rail" class:open=move || app.drawer.get() aria-label="Site" on:keydown=move |event| {
            if event.key() == "Escape" {
                app.drawer.set(false);
            }
        }>
            <a class="site-name" href="#/" aria-current=move || current(app, &Route::Home)>{title}</a>
            {move || groups.get().into_iter().map(|(group, entries)| view! {
                <div class="rail-group">
                    {(!group.is_empty()).then(|| view! { <h2>{group}</h2> })}
                    <ul>{entries.into_iter().map(|entry| link(app, entry)).collect_view()}</ul>
                </div>
            }).collect_view()}
            <div class="rail-group">
                <ul>
                    <li><a href="#/metrics" aria-current=move || app.route.with(|route| matches!(route, Route::Metrics { .. })).then_some("page")><Icon picture=Picture::Metric />"Metrics"</a></li>
                    <li><a href="#/catalogue" aria-current=move || app.route.with(|route| matches!(route, Route::Catalogue { .. })).then_some("page")><Icon picture=Picture::Table />"Catalogue"</a></li>
                    <li><a href="#/data" aria-current=move || app.route.with(|route| matches!(route, Route::Data { .. })).then_some("page")><Icon picture=Picture::Data />"Data"</a></li>
                    <li><a href="#/functions" aria-current=move || app.route.with(|route| matches!(route, Route::Functions { .. })).then_some("page")><Icon picture=Picture::Function />"Functions"</a></li>
                    <Show when=scratch>
                        <li><a href="#/notebook/scratch" aria-current=move || current(app, &notebook(tasks::SCRATCH))><Icon picture=Picture::Edit />"Scratch"</a></li>
                    </Show>
                </ul>
            </div>
            <div class="rail-foot">
                <ThemeSwitch theme=app.theme choose=Callback::new(move |theme| tasks::set_theme(app, theme)) />
            </div>
        </nav>
        <div class="scrim" class:open=move || app.drawer.get() on:click=move |_| app.drawer.set(false)></div>
    }
    .into_any()
}

fn link(app: App, entry: NotebookEntry) -> AnyView {
    let route = notebook(entry.slug());
    let href = route.to_string();
    view! { <li><a href=href aria-current=move || current(app, &route)><Icon picture=Picture::Notebook />{entry.title}</a></li> }.into_any()
}

fn notebook(slug: &str) -> Route {
    Route::Notebook { slug: slug.to_owned(), inputs: BTreeMap::new() }
}

/// `page` for the page that is open, whatever its inputs.
fn current(app: App, of: &Route) -> Option<&'static str> {
    let here = app.route.with(|route| match (route, of) {
        (Route::Notebook { slug, .. }, Route::Notebook { slug: other, .. }) => slug == other,
        (route, of) => route == of,
    });
    here.then_some("page")
}

/// The notebooks by group, groups in the order of their first notebook.
fn grouped(entries: &[NotebookEntry]) -> Vec<(String, Vec<NotebookEntry>)> {
    let mut groups: Vec<(String, Vec<NotebookEntry>)> = Vec::new();
    for entry in entries {
        match groups.iter_mut().find(|(group, _)| *group == entry.group) {
            Some((_, entries)) => entries.push(entry.clone()),
            None => groups.push((entry.group.clone(), vec![entry.clone()])),
        }
    }
    groups
}
