//! Questions that a store answers.

use super::{METRIC, SPLIT, STORE_PERIOD, VALUE, definition};
use crate::catalogue::{Catalogue, Leaf, Shape, Within};
use crate::compile::{Compiled, compile};
use crate::question::{Comparison, MetricQuery};
use crate::tree::{Aggregate, AggregateFunction, Binary, Expr};
use almanac_model::format::parse_date;
use almanac_model::manifest::{Manifest, Stored};
use almanac_model::metric::{Grain, MetricTime, Written};
use almanac_model::{Diagnostic, Severity, Type, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A compiled question, and whether a store answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answerable {
    /// What is run.
    pub compiled: Compiled,
    /// What it is answered from; `None` for the rows themselves.
    pub store: Option<FromStore>,
}

/// The part of a store that answers a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromStore {
    /// Length of its files.
    pub bytes: u64,
    /// Its tables.
    pub tables: Vec<String>,
}

impl std::fmt::Display for FromStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "answered from {} of pre-calculated values", almanac_model::format::bytes(self.bytes))
    }
}

/// Compiles a question for the store of the manifest where that can answer it, else for the rows. A store that is out of date, or
/// that is not there, is told in the notes and left alone.
///
/// # Errors
/// As [`compile`].
pub fn compile_stored(
    catalogue: &Catalogue,
    manifest: &Manifest,
    question: &MetricQuery,
) -> Result<Answerable, Vec<Diagnostic>> {
    let mut compiled = compile(catalogue, question)?;
    match Choice::of(catalogue, manifest, question) {
        Choice::Rows => Ok(Answerable { compiled, store: None }),
        Choice::Warned(why) => {
            let hint = "run `almanac store` to make it anew; until then the rows are read";
            let note = Diagnostic::error_without_place("stale-store", why).hint(hint);
            compiled.notes.push(Diagnostic { severity: Severity::Warning, ..note });
            Ok(Answerable { compiled, store: None })
        }
        Choice::Store(found) => {
            let store = FromStore { bytes: found.bytes, tables: found.names() };
            Ok(Answerable { compiled: compile(&found.catalogue(catalogue), question)?, store: Some(store) })
        }
    }
}

enum Choice<'a> {
    /// The store has nothing to say.
    Rows,
    /// It could have, were it up to date.
    Warned(String),
    Store(Found<'a>),
}

/// What of the store is used: for each aggregate's column its table.
struct Found<'a> {
    split: String,
    tables: BTreeMap<String, &'a Stored>,
    bytes: u64,
}

impl<'a> Choice<'a> {
    fn of(catalogue: &Catalogue, manifest: &'a Manifest, question: &MetricQuery) -> Self {
        let as_of = manifest.as_of.as_deref().and_then(parse_date);
        let dimensions: BTreeSet<&String> =
            question.dimensions.iter().chain(question.filters.iter().map(|filter| &filter.dimension)).collect();
        if manifest.store.is_empty() || as_of != Some(question.as_of) || dimensions.len() > 1 {
            return Self::Rows;
        }
        let split = dimensions.first().map(|name| (*name).clone()).unwrap_or_default();
        let fine = question.grain.is_some_and(|grain| grain < Grain::Month);
        let grain = if fine { Grain::Day } else { Grain::Month };
        let mut found = Found { split, tables: BTreeMap::new(), bytes: 0 };
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let plans = question.metrics.iter().filter_map(|id| {
            (question.comparison == Some(Comparison::Plan)).then(|| catalogue.metric(id)?.plan.as_ref()).flatten()
        });
        let ids = question.metrics.iter().map(String::as_str).chain(plans.map(|plan| plan.text.as_str()));
        for (leaf, _) in ids.flat_map(|id| catalogue.leaves(id)) {
            let time = if fine { leaf.day() } else { leaf.month() };
            let holds = |stored: &&Stored| {
                let is_split = found.split.is_empty() || stored.splits.contains(&found.split);
                stored.table == leaf.table
                    && stored.grain == grain
                    && Some(stored.time.as_str()) == time
                    && is_split
                    && stored.values.contains_key(&leaf.alias)
            };
            let Some(stored) = manifest.store.iter().find(holds) else { return Self::Rows };
            if let Some(why) = out_of_date(manifest, stored, leaf) {
                return Self::Warned(why);
            }
            if used.insert(&stored.resource) {
                let files = manifest.resources.iter().filter(|resource| resource.name == stored.resource);
                found.bytes += files.flat_map(|resource| &resource.files).map(|file| file.bytes).sum::<u64>();
            }
            found.tables.insert(leaf.alias.clone(), stored);
        }
        if found.tables.is_empty() { Self::Rows } else { Self::Store(found) }
    }
}

/// Why stored values are not those of today.
fn out_of_date(manifest: &Manifest, stored: &Stored, leaf: &Leaf) -> Option<String> {
    let resource = |name: &str| manifest.resources.iter().find(|resource| resource.name == name);
    if resource(&stored.resource).is_none() {
        return Some(format!("the store's table `{}` is missing", stored.resource));
    }
    if resource(&stored.table).is_none_or(|table| table.fingerprint() != stored.of) {
        return Some(format!("`{}` is newer than its pre-calculated values", stored.table));
    }
    let known = stored.values.get(&leaf.alias).map(|value| value.definition.as_str());
    (known != Some(definition(leaf).as_str()))
        .then(|| format!("the definition of `{}` is newer than its pre-calculated values", leaf.alias))
}

impl Found<'_> {
    fn names(&self) -> Vec<String> {
        let names: BTreeSet<&String> = self.tables.values().map(|stored| &stored.resource).collect();
        names.into_iter().cloned().collect()
    }

    /// The catalogue with these aggregates read from the store.
    fn catalogue(&self, catalogue: &Catalogue) -> Catalogue {
        let mut changed = catalogue.clone();
        for stored in self.tables.values() {
            // It keeps the name of its table: what a dimension means there is what it means here.
            if let Some(mut facts) = catalogue.table(&stored.table).cloned() {
                facts.repeated.clear();
                facts.primary_key.clear();
                changed.tables.tables.insert(stored.resource.clone(), facts);
            }
            if let Some(schema) = &mut changed.schema
                && let Some(columns) = schema.get(&stored.table).cloned()
            {
                schema.insert(stored.resource.clone(), columns);
            }
        }
        for entry in changed.metrics.values_mut() {
            match &mut entry.shape {
                Some(Shape::Leaf(leaf)) => self.replace(leaf),
                Some(Shape::Conversion { converted, base }) => {
                    self.replace(converted);
                    self.replace(base);
                }
                _ => {}
            }
        }
        changed
    }

    fn replace(&self, leaf: &mut Leaf) {
        let Some(stored) = self.tables.get(&leaf.alias) else { return };
        let text = |text: &str| Expr::Literal(Value::Text(text.to_owned()));
        let period = Some(Written { text: STORE_PERIOD.to_owned(), ..Written::default() });
        let sum = Expr::Aggregate(Aggregate {
            function: AggregateFunction::Sum,
            distinct: false,
            argument: Some(Box::new(Expr::column(VALUE))),
            filter: None,
        });
        let whole = stored.values.get(&leaf.alias).is_some_and(|value| value.whole);
        leaf.measure = if whole { Expr::Cast(Box::new(sum), Type::BigInt) } else { sum };
        let filter = leaf.filter.replace(Expr::column(METRIC).op(Binary::Equal, text(&leaf.alias)));
        leaf.within =
            Some(Box::new(Within { split: Expr::column(SPLIT).op(Binary::Equal, text(&self.split)), filter }));
        leaf.table.clone_from(&stored.resource);
        leaf.time = match stored.grain {
            Grain::Day => MetricTime { day: period, ..MetricTime::default() },
            _ => MetricTime { month: period, ..MetricTime::default() },
        };
    }
}
