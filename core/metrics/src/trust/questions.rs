//! The questions whose answers all tests of all metrics need.

use crate::catalogue::{Catalogue, Shape};
use crate::compile::compile;
use crate::print::BoundText;
use crate::question::MetricQuery;
use almanac_model::metric::{Additivity, Grain, Lifecycle, Metric, MetricTest};
use std::collections::BTreeMap;

/// So many metrics are asked for at once: more make queries of hundreds of columns.
const TOGETHER: usize = 24;

/// A query and what it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What its rows are.
    pub purpose: Purpose,
    /// What the engine runs.
    pub text: BoundText,
}

/// What the rows of an answer are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A row for each month: the month, then these metrics.
    Months(Vec<String>),
    /// One row: these metrics over the whole history, or as they are today.
    Whole(Vec<String>),
    /// A row for each month and value of a dimension: the month unless they are states of today, the dimension, these metrics.
    Slices {
        /// The dimension.
        dimension: String,
        /// Whether there is a month.
        months: bool,
        /// The metrics.
        metrics: Vec<String>,
    },
    /// One value that a metric is held against.
    Reconciliation(String),
}

/// All questions. Metrics that are refused or retired are not asked for.
#[must_use]
pub fn questions(catalogue: &Catalogue, as_of: i32) -> Vec<Question> {
    let asker = Asker { catalogue, as_of };
    let mut found = Vec::new();
    let mut groups: BTreeMap<(bool, Vec<String>), Vec<&str>> = BTreeMap::new();
    let mut slices: BTreeMap<(String, bool, String), Vec<&str>> = BTreeMap::new();
    for metric in asked(catalogue) {
        let id = metric.id.as_str();
        let tables: Vec<String> = catalogue.reads(id).into_keys().collect();
        let months = metric.grains.contains(&Grain::Month);
        groups.entry((months, tables)).or_default().push(id);
        if let Some(table) = adds_up(catalogue, id) {
            for dimension in &metric.dimensions {
                slices.entry((dimension.text.clone(), months, table.to_owned())).or_default().push(id);
            }
        }
        for test in &metric.tests {
            if let MetricTest::Reconciles(query) = test {
                let text = BoundText { sql: query.text.clone(), parameters: BTreeMap::new() };
                found.push(Question { purpose: Purpose::Reconciliation(id.to_owned()), text });
            }
        }
    }
    for ((months, _), ids) in groups {
        for ids in ids.chunks(TOGETHER) {
            asker.ask(ids, months.then_some(Grain::Month), None, &mut found);
        }
    }
    for ((dimension, months, _), ids) in slices {
        for ids in ids.chunks(TOGETHER) {
            asker.ask(ids, months.then_some(Grain::Month), Some(&dimension), &mut found);
        }
    }
    found
}

/// The metrics that are answered.
pub(crate) fn asked(catalogue: &Catalogue) -> impl Iterator<Item = &Metric> {
    catalogue.metrics().filter(|metric| {
        catalogue.refusal(&metric.id).is_none() && !matches!(metric.lifecycle, Lifecycle::Retired { .. })
    })
}

/// The table of a metric whose slices add up to the whole.
pub(super) fn adds_up<'a>(catalogue: &'a Catalogue, id: &str) -> Option<&'a str> {
    match catalogue.shape(id)? {
        Shape::Leaf(leaf) if leaf.additivity != Additivity::None => Some(&leaf.table),
        _ => None,
    }
}

/// Whether the slices of a metric add up to the whole, which then tests it.
pub(crate) fn slices_add_up(catalogue: &Catalogue, id: &str) -> bool {
    adds_up(catalogue, id).is_some()
}

struct Asker<'a> {
    catalogue: &'a Catalogue,
    as_of: i32,
}

impl Asker<'_> {
    /// Asks for them at once and, where one of them spoils it, for each on its own.
    fn ask(&self, ids: &[&str], grain: Option<Grain>, dimension: Option<&str>, found: &mut Vec<Question>) {
        let metrics: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let question = MetricQuery {
            metrics: metrics.clone(),
            dimensions: dimension.map(str::to_owned).into_iter().collect(),
            grain,
            as_of: self.as_of,
            ..MetricQuery::default()
        };
        match compile(self.catalogue, &question) {
            Ok(compiled) => {
                let purpose = match (dimension, grain) {
                    (Some(dimension), grain) => {
                        Purpose::Slices { dimension: dimension.to_owned(), months: grain.is_some(), metrics }
                    }
                    (None, Some(_)) => Purpose::Months(metrics),
                    (None, None) => Purpose::Whole(metrics),
                };
                found.push(Question { purpose, text: compiled.bound() });
            }
            Err(_) if ids.len() > 1 => ids.iter().for_each(|id| self.ask(&[id], grain, dimension, found)),
            // The judge says that there is no answer.
            Err(_) => {}
        }
    }
}
