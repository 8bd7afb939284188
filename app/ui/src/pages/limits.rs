//! What queries may take, and what this browser keeps of the site: the lower half of the Data page.

use crate::browser::target_value;
use crate::engine::Phase;
use crate::queries::{bytes, count};
use crate::state::{App, Kept};
use crate::tasks::{self, Bound};
use almanac_model::protocol::KeptFile;
use leptos::prelude::*;

/// The limits.
#[component]
pub(crate) fn Limits() -> AnyView {
    let app = App::get();
    let deadline = move || app.engine.deadline.get().to_string();
    view! {
        <section class="settings" aria-labelledby="limits">
            <h2 id="limits">"Limits"</h2>
            <p>"A query that would take more asks before it runs."</p>
            <dl class="setting-list">
                {bound(app, Bound::Fetch, "ask-fetch", "Fetch without asking", "MB")}
                {bound(app, Bound::Memory, "ask-memory", "Use memory without asking", "MB")}
                <div>
                    <dt><label for="deadline">"Stop without an answer after"</label></dt>
                    <dd>
                        <input id="deadline" type="number" min="1" max="3600" prop:value=deadline on:change=move |event| {
                            if let Ok(seconds) = target_value(&event).parse() {
                                tasks::set_deadline(app, seconds);
                            }
                        } />
                        <span>"seconds"</span>
                    </dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

/// What the browser keeps.
#[component]
pub(crate) fn KeptHere() -> AnyView {
    let app = App::get();
    // Asked for when the worker is ready, and again after each run.
    Effect::new(move || {
        if app.engine.phase.get() == Phase::Idle {
            tasks::load_kept(app, false);
        }
    });
    let body = move || {
        match app.kept.get() {
        Kept::Unknown => view! { <div class="skeleton for-line" aria-hidden="true"></div> }.into_any(),
        Kept::Nothing => view! { <p>"Nothing: this browser lets the page keep no data, or another tab of this site has them open."</p> }.into_any(),
        Kept::Files(files) if files.is_empty() => view! { <p>"Nothing yet. What queries fetch will be listed here."</p> }.into_any(),
        Kept::Files(files) => list(app, &files),
    }
    };
    view! {
        <section class="settings" aria-labelledby="kept">
            <h2 id="kept">"Kept in this browser"</h2>
            <p>"Data and results of earlier visits, so that they need not be fetched or computed again. They are dropped when the site publishes new data."</p>
            {body}
            <dl class="setting-list">{bound(app, Bound::Keep, "keep", "Keep at most", "MB")}</dl>
        </section>
    }
    .into_any()
}

fn list(app: App, files: &[KeptFile]) -> AnyView {
    let total: u64 = files.iter().map(|file| file.bytes).sum();
    // Tables first, in order of name; results below them.
    let mut sorted: Vec<&KeptFile> = files.iter().collect();
    sorted.sort_by_key(|file| (file.table.is_none(), file.table.clone()));
    let rows: Vec<AnyView> = sorted
        .into_iter()
        .map(|file| {
            let name = match &file.table {
                Some(table) => view! { <code>{table.clone()}</code> }.into_any(),
                None => count(file.count, "result", "results").into_any(),
            };
            view! { <tr><th scope="row">{name}</th><td class="end">{bytes(file.bytes)}</td></tr> }.into_any()
        })
        .collect();
    view! {
        <div class="prose-table" tabindex="0" role="group" aria-label="Kept data">
            <table>
                <thead><tr><th scope="col">"What"</th><th scope="col" class="end">"Size"</th></tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">"In all"</th><td class="end">{bytes(total)}</td></tr></tfoot>
            </table>
        </div>
        <p class="banner-actions"><button type="button" on:click=move |_| tasks::load_kept(app, true)>"Forget all of it"</button></p>
    }
    .into_any()
}

/// A number of megabytes that can be set.
fn bound(app: App, bound: Bound, id: &'static str, label: &'static str, unit: &'static str) -> AnyView {
    let value = move || bound.megabytes(app.engine.limits.get()).to_string();
    view! {
        <div>
            <dt><label for=id>{label}</label></dt>
            <dd>
                <input id=id type="number" min="0" max="100000" step="50" prop:value=value on:change=move |event| {
                    if let Ok(megabytes) = target_value(&event).parse() {
                        tasks::set_bound(app, bound, megabytes);
                    }
                } />
                <span>{unit}</span>
            </dd>
        </div>
    }
    .into_any()
}
