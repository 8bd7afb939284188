//! The reference of SQL functions: every one with its signatures, a sentence, an example and the example's answer.

use crate::components::{head, search_field};
use crate::queries::count;
use crate::state::{App, Fetched};
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::reference::{Function, Reference, Section};
use leptos::prelude::*;
use std::sync::Arc;

/// The Functions page.
#[component]
pub(crate) fn FunctionsPage() -> AnyView {
    let app = App::get();
    tasks::load_functions(app);
    let search = Memo::new(move |_| {
        app.route.with(|route| match route {
            Route::Functions { search } => search.clone(),
            _ => String::new(),
        })
    });
    let body = move || match app.functions.get() {
        Fetched::Unasked | Fetched::Loading => {
            view! { <div class="skeleton for-table" aria-hidden="true"></div> }.into_any()
        }
        Fetched::Missing(why) => view! {
            <section class="empty">
                <h2>"The reference could not be read"</h2>
                <p>{format!("{why}. Queries work all the same, and the editor offers the functions as you type.")}</p>
                <p><button type="button" on:click=move |_| tasks::load_functions(app)>"Try again"</button></p>
            </section>
        }
        .into_any(),
        Fetched::Found(reference) => found(app, reference, search),
    };
    view! {
        {head("Functions".to_owned(), "What SQL on this site can call. Every example was run; its answer stands below it.".to_owned(), None)}
        {body}
    }
    .into_any()
}

fn found(app: App, reference: Arc<Reference>, search: Memo<String>) -> AnyView {
    let all = reference.count() as u64;
    let shown = Memo::new(move |_| reference.matching(&search.get()));
    let words = RwSignal::new(String::new());
    Effect::new(move || {
        let found = shown.with(Reference::count) as u64;
        words.set(if search.with(String::is_empty) {
            count(all, "function or operator", "functions and operators")
        } else {
            format!("{found} of {all} fit")
        });
    });
    let contents = move || {
        let titles = shown.with(|shown| shown.sections.iter().map(|section| section.title.clone()).collect::<Vec<_>>());
        (titles.len() > 1).then(|| view! {
            <nav class="function-sections" aria-label="Sections"><ul>{titles.into_iter().map(leads_to).collect_view()}</ul></nav>
        })
    };
    let sections = move || {
        let shown = shown.get();
        if shown.sections.is_empty() {
            return view! {
                <section class="empty">
                    <h2>"No function fits"</h2>
                    <p>"Search for a part of a name, or for a word of what it does: "<code>"date"</code>", "<code>"round"</code>", "<code>"median"</code>"."</p>
                </section>
            }
            .into_any();
        }
        shown.sections.into_iter().map(|part| section(app, part)).collect_view().into_any()
    };
    view! {
        {search_field(app, "Search functions", "date, round, median …", words)}
        {contents}
        {sections}
    }
    .into_any()
}

/// The heading of a section, as the address of an element.
fn id_of(title: &str) -> String {
    format!("functions-{}", title.to_lowercase().replace(' ', "-"))
}

/// Leads to the sections. The fragment of the address names the page, so they are visited by hand.
fn leads_to(title: String) -> AnyView {
    let id = id_of(&title);
    view! { <li><button type="button" class="quiet" on:click=move |_| crate::browser::visit(&id)>{title}</button></li> }
        .into_any()
}

fn section(app: App, section: Section) -> AnyView {
    let id = id_of(&section.title);
    let label = id.clone();
    view! {
        <section class="functions" aria-labelledby=label>
            <h2 id=id tabindex="-1">{section.title}</h2>
            <ul>{section.functions.into_iter().map(|function| one(app, function)).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn one(app: App, function: Function) -> AnyView {
    let Function { names, signatures, description, example, answer } = function;
    let name = names.first().cloned().unwrap_or_default();
    let others = names.get(1..).unwrap_or_default().join(", ");
    let is_word = name.starts_with(|letter: char| letter.is_ascii_lowercase()) && !name.contains(' ');
    let calls = signatures.into_iter().map(|signature| {
        let (arguments, result) = signature.split_once(" -> ").unwrap_or((&signature, ""));
        let call = if is_word { format!("{name}{arguments}") } else { arguments.to_owned() };
        view! { <li><code>{call}<span class="function-result">{format!(" → {result}")}</span></code></li> }
    });
    let calls = calls.collect_view();
    let query = if example.starts_with("select ") { example.clone() } else { format!("select {example} as answer") };
    let tried = name.clone();
    view! {
        <li class="function">
            <div class="function-words">
                <h3><code>{name.clone()}</code></h3>
                {(!others.is_empty()).then(|| view! { <p class="function-others">"also "<code>{others}</code></p> })}
                <p>{sentence(&description)}</p>
            </div>
            <div class="function-use">
                <ul class="function-calls" aria-label="Calls">{calls}</ul>
                <p class="function-example"><code>{example}</code></p>
                <p class="function-answer"><span class="function-is">"is "</span><code>{shown(answer)}</code></p>
                <button type="button" class="quiet" aria-label=format!("Try {name}") on:click=move |_| tasks::try_function(app, &tried, &query)>"Try"</button>
            </div>
        </li>
    }
    .into_any()
}

/// A sentence whose `code` stands between backticks.
fn sentence(text: &str) -> Vec<AnyView> {
    let parts = text.split('`').enumerate().map(|(at, part)| {
        let part = part.to_owned();
        if at % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    });
    parts.collect()
}

/// An empty text would show as nothing.
fn shown(answer: String) -> String {
    if answer.is_empty() { "(empty)".to_owned() } else { answer }
}
