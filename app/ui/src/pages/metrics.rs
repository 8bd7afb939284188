//! The metrics of the site: searched by name and words, filtered by team, entity and lifecycle.

use super::catalogue::{entry, fitting, option_of};
use super::metric::metric_page;
use crate::components::{Control, head, search_field};
use crate::state::{App, Fetched};
use crate::tasks;
use almanac_model::link::Route;
use almanac_model::listing::{Listing, MetricEntry};
use almanac_model::search::Index;
use almanac_model::view::{Control as Kind, InputView};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Metrics shown at once; the rest on demand, so that each letter of a search shows at once.
const FIRST: usize = 60;

/// The metric explorer: the list, or the metric of that id.
pub(crate) fn metrics_page(app: App, id: Option<String>) -> AnyView {
    tasks::load_listing(app);
    let top = match &id {
        Some(id) => {
            tasks::show_made(app, &format!("metrics/{id}"), String::new());
            view! { <p class="trail"><a href="#/metrics">"Metrics"</a></p> }.into_any()
        }
        None => {
            let lead = "What the site's numbers mean, who answers for them, and how they go.";
            head("Metrics".to_owned(), lead.to_owned(), None)
        }
    };
    let body = move || match (app.listing.get(), &id) {
        (Fetched::Found(listing), None) => list(app, listing),
        (Fetched::Found(listing), Some(id)) => metric_page(app, id, &listing),
        (Fetched::Missing(why), _) => {
            let words = format!("{why}. `almanac build` lists the metrics of a site.");
            head("The metrics could not be read".to_owned(), words, None)
        }
        _ => view! { <div class="skeleton for-table" aria-hidden="true"></div> }.into_any(),
    };
    view! { {top}<div class="catalogue">{body}</div> }.into_any()
}

/// Where a metric's page is.
pub(crate) fn metric_address(id: &str) -> String {
    Route::Metrics { id: Some(id.to_owned()), options: BTreeMap::new() }.to_string()
}

/// A lifecycle in words.
pub(crate) fn lifecycle_words(name: &str) -> String {
    name.replace('_', " ")
}

/// A choice on a page of the catalogue, kept in the address. `options` are the words; `all` of them stands for no choice.
pub(crate) fn choice(
    app: App,
    name: &'static str,
    label: &'static str,
    all: &'static str,
    options: Vec<String>,
) -> AnyView {
    let value = Signal::derive(move || {
        Some(option_of(app, name)).filter(|value| !value.is_empty()).unwrap_or_else(|| all.to_owned())
    });
    let change = Callback::new(move |(value, _): (String, bool)| {
        tasks::choose(app, name, if value == all { "" } else { &value });
    });
    let options = std::iter::once(all.to_owned()).chain(options).collect();
    let input = InputView {
        name: name.to_owned(),
        label: label.to_owned(),
        control: Kind::Select { options },
        value: all.to_owned(),
        default: all.to_owned(),
    };
    view! { <Control input seen=Signal::stored(None) value change place="page" /> }.into_any()
}

/// A property of a metric by which the list is filtered.
type Property = fn(&MetricEntry) -> &String;
const FILTERS: [(&str, &str, Property); 3] = [
    ("team", "Team", |metric| &metric.team),
    ("entity", "Entity", |metric| &metric.entity),
    ("lifecycle", "Lifecycle", |metric| &metric.lifecycle),
];

fn list(app: App, listing: Arc<Listing>) -> AnyView {
    let names = listing.metrics.iter().map(|metric| (format!("{} {}", metric.name, metric.id), &metric.definition));
    let index = Index::new(names);
    let choices = FILTERS.map(|(name, label, property)| {
        let mut values: Vec<String> = Vec::new();
        for metric in &listing.metrics {
            let value = property(metric);
            let place = values.partition_point(|known| known < value);
            if values.get(place) != Some(value) {
                values.insert(place, value.clone());
            }
        }
        choice(app, name, label, "all", values)
    });
    let broken = broken(&listing.broken);
    let every = RwSignal::new(false);
    let words = RwSignal::new(String::new());
    let body = move || {
        let chosen = FILTERS.map(|(name, _, property)| (option_of(app, name), property));
        let mut found = index.find(&option_of(app, "q"));
        found.retain(|at| {
            let metric = &listing.metrics[*at];
            chosen.iter().all(|(value, property)| value.is_empty() || property(metric) == value)
        });
        let (fit, all) = (found.len(), listing.metrics.len());
        words.set(fitting(fit, all, "metrics"));
        if fit == 0 {
            return view! { <section class="empty"><h2>"No metric fits"</h2><p>"Search for a part of a name or a word of what it means, or choose all teams, entities and lifecycles."</p></section> }.into_any();
        }
        let some = if every.get() { fit } else { FIRST };
        let left = fit.saturating_sub(some);
        let rows = found.into_iter().take(some).map(|at| row(&listing.metrics[at])).collect_view();
        let more = (left > 0).then(|| view! { <p><button type="button" on:click=move |_| every.set(true)>{format!("Show {left} more")}</button></p> });
        view! { <ul class="entries">{rows}</ul>{more} }.into_any()
    };
    view! {
        {search_field(app, "Search metrics", "win rate, churn, mrr …", words)}
        <form class="choices" aria-label="Filters" on:submit=move |event| event.prevent_default()>{choices.into_iter().collect_view()}</form>
        {broken}
        {body}
    }
    .into_any()
}

fn broken(metrics: &BTreeMap<String, String>) -> Option<AnyView> {
    let names: Vec<String> = metrics.iter().map(|(id, path)| format!("{id} ({path})")).collect();
    (!names.is_empty()).then(|| view! { <p class="notice">"Cannot be read: "{names.join(", ")}". All other metrics work; "<code>"almanac metric"</code>" names the places."</p> }.into_any())
}

fn row(metric: &MetricEntry) -> AnyView {
    let facts = vec![metric.id.clone(), metric.team.clone(), lifecycle_words(&metric.lifecycle)];
    entry(metric_address(&metric.id), &metric.name, &metric.definition, facts)
}
