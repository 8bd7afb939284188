//! One metric: what it means, how it goes, against what and by what, its SQL, and what it belongs to.

use super::catalogue::{option_of, table_address};
use super::metrics::{choice, lifecycle_words, metric_address};
use crate::components::{Icon, Picture, Sql, facts, head, links, made_cell, said};
use crate::queries::metric_notebook;
use crate::state::App;
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::listing::{Listing, MetricEntry};
use almanac_model::metric::{Good, Grain};
use almanac_model::view::{MetricAnswer, MetricQuestion};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// What a value can be held against: in words, and as the worker knows it.
const AGAINST: [(&str, &str); 3] = [("the period before", "previous"), ("a year ago", "year_ago"), ("plan", "plan")];
/// Names of the dialects.
const DIALECTS: [(&str, &str); 4] =
    [("almanac", "Almanac"), ("duckdb", "DuckDB"), ("postgres", "PostgreSQL"), ("spark", "Spark")];

/// The page of the metric of that id.
pub(super) fn metric_page(app: App, id: &str, listing: &Listing) -> AnyView {
    if let Some(metric) = listing.metric(id) {
        return shown(app, metric, listing);
    }
    let (title, words) = match listing.broken.get(id) {
        Some(path) => {
            let words = format!(
                "Its entry in {path} has a mistake; all other metrics work. `almanac metric {id}` names the place."
            );
            ("This metric cannot be read", words)
        }
        None => ("There is no metric of this name", id.to_owned()),
    };
    head(title.to_owned(), words, None)
}

/// What the address asks of a metric.
fn question_of(app: App, metric: &MetricEntry) -> MetricQuestion {
    let words = option_of(app, "against");
    MetricQuestion {
        metric: metric.id.clone(),
        by: Some(option_of(app, "by")).filter(|by| !by.is_empty()),
        grain: Grain::parse(&option_of(app, "grain")).or_else(|| first_grain(metric)),
        against: AGAINST.iter().find(|(known, _)| *known == words).map(|(_, name)| (*name).to_owned()),
    }
}

fn shown(app: App, metric: &MetricEntry, listing: &Listing) -> AnyView {
    let answer = RwSignal::new(None::<Arc<MetricAnswer>>);
    let of = Arc::new(metric.clone());
    let address = Memo::new(move |_| app.route.with(ToString::to_string));
    Effect::new(move || {
        let asked_at = address.get();
        if app.engine.ready.with(Option::is_none)
            || app.route.with_untracked(|route| !matches!(route, Route::Metrics { id: Some(_), .. }))
        {
            return;
        }
        let asked = untrack(|| question_of(app, &of));
        let of = Arc::clone(&of);
        spawn_local(async move {
            let found = tasks::ask_metric(app, asked.clone()).await;
            // The reader may have asked something else meanwhile, or be gone.
            if address.try_get_untracked().as_ref() != Some(&asked_at) {
                return;
            }
            let found = found.unwrap_or_else(|| MetricAnswer { diagnostics: vec![lost()], ..MetricAnswer::default() });
            let comparator = AGAINST.iter().find(|(_, name)| asked.against.as_deref() == Some(name));
            let when = if asked.grain == Some(Grain::Day) { "date-long" } else { "mmm-yyyy" };
            let source = metric_notebook(&of, &found, comparator.map_or("", |(words, _)| words), when);
            tasks::show_made(app, &format!("metrics/{}", asked.metric), source);
            answer.set(Some(Arc::new(found)));
        });
    });
    let about = about(metric, listing);
    // What is told, the cells and the SQL change with the answer, which keeps its cells' states.
    let cells = move || {
        let Some(answer) = answer.get() else {
            return view! { <div class="skeleton for-chart" aria-hidden="true"></div> }.into_any();
        };
        let notes = notes(&answer);
        if answer.texts.is_empty() {
            return notes;
        }
        let has = |role: &str| answer.columns.iter().any(|column| column.role == role);
        let (parts, periods) = (has("dimension"), has("period"));
        view! {
            {notes}
            {(!parts).then(|| made_cell(app, "tile", "for-kpi"))}
            {(parts || periods).then(|| made_cell(app, "course", "for-chart"))}
            {made_cell(app, "values", "for-table")}
            {texts(app, answer)}
        }
        .into_any()
    };
    view! {
        {head(metric.name.clone(), metric.definition.clone(), None)}
        {standing(metric)}
        {asks(app, metric)}
        {cells}
        <h2>"About this metric"</h2>
        {about}
    }
    .into_any()
}

/// What can be asked: periods, comparison, dimension.
fn asks(app: App, metric: &MetricEntry) -> AnyView {
    let first = first_grain(metric).map_or("month", Grain::name);
    let others = metric.grains.iter().map(|grain| grain.name()).filter(|grain| *grain != first);
    let others: Vec<String> = others.map(str::to_owned).collect();
    let against = AGAINST.iter().filter(|(words, _)| *words != "plan" || metric.plan.is_some());
    let against: Vec<String> = against.map(|(words, _)| (*words).to_owned()).collect();
    let mut choices = Vec::new();
    if !metric.grains.is_empty() {
        choices.push(choice(app, "grain", "By", first, others));
        choices.push(choice(app, "against", "Against", "nothing", against));
    }
    if !metric.dimensions.is_empty() {
        choices.push(choice(app, "by", "Split by", "nothing", metric.dimensions.clone()));
    }
    view! { <form class="choices" aria-label="How it is shown" on:submit=move |event| event.prevent_default()>{choices}</form> }.into_any()
}

/// The month where there is one, else the shortest.
fn first_grain(metric: &MetricEntry) -> Option<Grain> {
    metric.grains.iter().find(|grain| **grain == Grain::Month).or_else(|| metric.grains.first()).copied()
}

fn lost() -> almanac_model::Diagnostic {
    almanac_model::Diagnostic::error_without_place(
        "no-answer",
        "the metric could not be asked: its files or the engine could not be had",
    )
    .hint("reload the page to try again")
}

fn notes(answer: &MetricAnswer) -> AnyView {
    let one = |problem: &almanac_model::Diagnostic| {
        let class = if problem.is_error() { "refusal" } else { "notice" };
        let hints: String = problem.hints.iter().map(|hint| format!(" {hint}.")).collect();
        view! { <p class=class><strong>{format!("{}.", problem.message)}</strong>{hints}</p> }
    };
    answer.diagnostics.iter().map(one).collect_view().into_any()
}

/// Where it is on its way, and who answers for it.
fn standing(metric: &MetricEntry) -> AnyView {
    let successor = metric
        .successor
        .clone()
        .map(|id| view! { "; use "<a href=metric_address(&id)><code>{id.clone()}</code></a>" instead" });
    let sunset = metric.sunset.clone().map(|day| format!(", answered until {day}"));
    view! {
        <p class="standing"><span class=format!("life {}", metric.lifecycle)>{lifecycle_words(&metric.lifecycle)}</span>{sunset}{successor}" · "{metric.owner.clone()}" answers for it · "<code>{metric.id.clone()}</code></p>
    }
    .into_any()
}

fn about(metric: &MetricEntry, listing: &Listing) -> AnyView {
    let named = |ids: Vec<&String>| {
        links(
            ids.into_iter()
                .map(|id| {
                    (metric_address(id), listing.metric(id).map_or_else(|| id.clone(), |other| other.name.clone()))
                })
                .collect(),
        )
    };
    let readers =
        listing.metrics.iter().filter(|other| other.reads.contains(&metric.id)).map(|other| &other.id).collect();
    let way = match metric.direction {
        Good::Up => "more is better",
        Good::Down => "less is better",
        Good::None => "neither way is good",
    };
    facts(vec![
        ("Made as", Some(view! { <code>{metric.formula.clone()}</code> }.into_any())),
        ("Type", said(metric.kind.clone())),
        ("Team", said(metric.team.clone())),
        ("Entity", said(metric.entity.clone())),
        ("Unit", said(format!("{}; {way}", metric.unit))),
        ("Tests", said(metric.tests.join("; "))),
        ("Made of", named(metric.reads.iter().collect())),
        ("Part of", named(readers)),
        ("Plan", named(metric.plan.iter().collect())),
        ("Tables", links(metric.tables.iter().map(|table| (table_address(table), table.clone())).collect())),
        ("Goals", said(metric.goals.join(", "))),
        ("Guides", said(metric.guides.join(", "))),
    ])
}

/// The query in the words of one dialect at a time.
fn texts(app: App, answer: Arc<MetricAnswer>) -> AnyView {
    let chosen = RwSignal::new(0_usize);
    let buttons = answer.texts.iter().enumerate().map(|(at, (name, _))| {
        let words = DIALECTS.iter().find(|(known, _)| known == name).map_or(name.as_str(), |(_, words)| words).to_owned();
        view! { <button type="button" class="quiet" aria-pressed=move || (chosen.get() == at).to_string() on:click=move |_| chosen.set(at)>{words}</button> }
    });
    let buttons = buttons.collect_view();
    let sql = answer.texts[0].1.clone();
    let text = Signal::derive(move || answer.texts.get(chosen.get()).map(|(_, text)| text.clone()).unwrap_or_default());
    let open = move |_| tasks::try_query(app, "metric", &sql);
    view! {
        <h2>"SQL"</h2>
        <div class="choices" role="group" aria-label="Dialect">
            {buttons}
            <button type="button" class="quiet" on:click=move |_| tasks::copy_text(app, text.get_untracked(), "SQL copied", "select the text and copy it by hand")><Icon picture=Picture::Copy />"Copy SQL"</button>
            <button type="button" class="quiet" on:click=open><Icon picture=Picture::Edit />"Open in a notebook"</button>
        </div>
        <Sql text />
    }
    .into_any()
}
