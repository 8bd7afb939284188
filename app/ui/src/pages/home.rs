//! The list of notebooks.

use super::setup::Setup;
use crate::components::{OpenFile, PageHead};
use crate::state::{App, SiteState};
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::site::{NotebookEntry, Site};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The start page.
#[component]
pub(crate) fn HomePage() -> AnyView {
    let app = App::get();
    let title = Signal::derive(move || {
        app.site.with(|site| match site {
            SiteState::Found(site) if !site.value.title.is_empty() => site.value.title.clone(),
            _ => "Almanac".to_owned(),
        })
    });
    let description = Signal::derive(move || {
        app.site.with(|site| match site {
            SiteState::Found(site) => site.value.description.clone(),
            _ => String::new(),
        })
    });
    let body = move || {
        match app.site.get() {
        SiteState::Loading => view! { <div class="skeleton for-table" aria-hidden="true"></div> }.into_any(),
        SiteState::Missing(why) => view! {
            <Setup title="This site has no notebooks yet" words="A site lists its notebooks in site.yml. The demo site is made, built and served by one command:" reason=format!("site.yml could not be read: {why}.") />
        }
        .into_any(),
        SiteState::Found(site) if site.value.notebooks.is_empty() => view! {
            <Setup title="This site has no notebooks yet" words="Add them under notebooks: in site.yml. The demo site is made, built and served by one command:" reason=problems(&site.diagnostics) />
        }
        .into_any(),
        SiteState::Found(site) => view! {
            {(!site.diagnostics.is_empty()).then(|| view! { <p class="notice">{problems(&site.diagnostics)}</p> })}
            {list(&site.value)}
        }
        .into_any(),
    }
    };
    view! {
        <PageHead title description>
            <OpenFile open=Callback::new(move |files| tasks::open_files(app, files)) />
        </PageHead>
        {body}
        {move || no_data(app)}
    }
    .into_any()
}

fn no_data(app: App) -> Option<AnyView> {
    let listed = app.site.with(|site| matches!(site, SiteState::Found(site) if !site.value.notebooks.is_empty()));
    let ready = app.engine.ready.get()?;
    (listed && ready.tables.is_empty()).then(|| {
        let why = problems(&ready.diagnostics);
        view! { <Setup title="This site has no data yet" words="The notebooks above need extracts in the data folder. The demo extracts are made by one command:" reason=why /> }.into_any()
    })
}

fn problems(problems: &[almanac_model::Diagnostic]) -> String {
    problems.iter().map(|problem| format!("{}. ", problem.message)).collect()
}

fn list(site: &Site) -> AnyView {
    let mut groups: Vec<(&str, Vec<&NotebookEntry>)> = Vec::new();
    for entry in &site.notebooks {
        match groups.iter_mut().find(|(group, _)| *group == entry.group) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((&entry.group, vec![entry])),
        }
    }
    let group = |(group, entries): (&str, Vec<&NotebookEntry>)| {
        let heading = (!group.is_empty()).then(|| view! { <h2>{group.to_owned()}</h2> });
        let items = entries.into_iter().map(|entry| {
            let href = Route::Notebook { slug: entry.slug().to_owned(), inputs: BTreeMap::new() }.to_string();
            view! {
                <li>
                    <a href=href>{entry.title.clone()}</a>
                    {(!entry.description.is_empty()).then(|| view! { <p>{entry.description.clone()}</p> })}
                </li>
            }
        });
        view! { <section class="home-group">{heading}<ul class="home-list">{items.collect_view()}</ul></section> }
    };
    groups.into_iter().map(group).collect_view().into_any()
}
