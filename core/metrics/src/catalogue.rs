//! All metrics of a site, each with its expressions read and checked.
//!
//! **Invariant:** a metric with a problem is refused alone, and so are those that read it; all others work.

use crate::check;
use crate::tree::Expr;
use almanac_model::metric::{
    Additivity, Fill, Input, Metric, MetricFile, MetricTime, TableFacts, TablesFile, Window, WindowAggregate,
};
use almanac_model::{Diagnostic, Type};
use almanac_sql::catalog::Catalog;
use std::collections::{BTreeMap, BTreeSet};

/// A file and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// Path, for messages.
    pub path: String,
    /// Text.
    pub text: String,
}

/// A problem of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The file it is in.
    pub path: String,
    /// The metric that is refused because of it; `None` when no metric is.
    pub metric: Option<String>,
    /// What is wrong, with its place in the file.
    pub diagnostic: Diagnostic,
}

/// All metrics of a site.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// The facts of the tables.
    pub tables: TablesFile,
    /// What is wrong, in order of files and places.
    pub problems: Vec<Problem>,
    pub(crate) metrics: BTreeMap<String, Entry>,
    /// Types of columns by table, where the extracts are known.
    pub(crate) schema: Option<BTreeMap<String, BTreeMap<String, Type>>>,
}

/// A metric and what was made of its texts.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) metric: Metric,
    pub(crate) path: String,
    /// `None` while an expression cannot be read.
    pub(crate) shape: Option<Shape>,
    /// Why it is refused, when it is.
    pub(crate) refused: Option<Diagnostic>,
}

/// How a metric is computed.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Leaf(Leaf),
    Ratio { numerator: String, denominator: String },
    Derived { expression: Expr, inputs: Vec<Input> },
    Cumulative { metric: String, window: Window, aggregate: WindowAggregate },
    Conversion { converted: Box<Leaf>, base: Box<Leaf> },
}

/// An aggregate over one table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    /// Its column: the metric's id, or one made of it.
    pub(crate) alias: String,
    pub(crate) table: String,
    pub(crate) time: MetricTime,
    pub(crate) measure: Expr,
    pub(crate) filter: Option<Expr>,
    /// Where its rows lie in a store.
    pub(crate) within: Option<Box<Within>>,
    pub(crate) additivity: Additivity,
    pub(crate) fill: Fill,
}

/// The rows of an aggregate in a store.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Within {
    /// Those of one split.
    pub(crate) split: Expr,
    /// The filter it has over the table itself: where two have the same, the same slices have rows.
    pub(crate) filter: Option<Expr>,
}

impl Leaf {
    /// The column of first days of months.
    pub(crate) fn month(&self) -> Option<&str> {
        self.time.month.as_ref().map(|column| column.text.as_str())
    }

    /// The column of days.
    pub(crate) fn day(&self) -> Option<&str> {
        self.time.day.as_ref().map(|column| column.text.as_str())
    }
}

impl Catalogue {
    /// Reads the file of tables and the files of metrics, and checks them against each other and, where given, the extracts.
    #[must_use]
    pub fn read(tables: &SourceText, files: &[SourceText], extracts: Option<&dyn Catalog>) -> Self {
        let mut catalogue = Self::default();
        let parsed = TablesFile::parse(&tables.text);
        catalogue.tables = parsed.value;
        catalogue.report(&tables.path, None, parsed.diagnostics);
        let differ = extracts.map(|extracts| catalogue.take_keys(extracts)).unwrap_or_default();
        catalogue.report(&tables.path, None, differ);
        catalogue.schema = extracts.map(|extracts| {
            let named = |name: &String| extracts.table(name).map(|table| (name.clone(), table));
            let tables = catalogue.tables.tables.keys().filter_map(named);
            tables.map(|(name, table)| (name, table.columns.into_iter().collect())).collect()
        });
        let mut broken = BTreeSet::new();
        for file in files {
            let parsed = MetricFile::parse(&file.text);
            catalogue.report(&file.path, None, parsed.diagnostics);
            broken.extend(parsed.value.broken);
            for metric in parsed.value.metrics {
                if let Some(first) = catalogue.metrics.get(&metric.id) {
                    let message = format!("there is a metric `{}` already, in {}", metric.id, first.path);
                    let problem = Diagnostic::error("metric-twice", metric.span, message);
                    catalogue.report(&file.path, None, vec![problem]);
                    continue;
                }
                let entry = Entry { metric, path: file.path.clone(), shape: None, refused: None };
                catalogue.metrics.insert(entry.metric.id.clone(), entry);
            }
        }
        check::check(&mut catalogue, &tables.path, &broken);
        let order: Vec<&str> = std::iter::once(tables).chain(files).map(|file| file.path.as_str()).collect();
        let place = |problem: &Problem| {
            let file = order.iter().position(|path| *path == problem.path);
            (file, problem.diagnostic.span.map_or((0, 0), |span| (span.start, span.end)))
        };
        catalogue.problems.sort_by_key(place);
        catalogue
    }

    /// The keys that the extracts name are those of the tables; one that the file names otherwise is told.
    fn take_keys(&mut self, extracts: &dyn Catalog) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for table in self.tables.tables.values_mut() {
            let key = extracts.primary_key(&table.name);
            if key.is_empty() {
                continue;
            }
            if !table.primary_key.is_empty() && table.primary_key != key {
                let message = format!("the extracts name a row of `{}` by {}", table.name, key.join(", "));
                let problem = Diagnostic::error("key-differs", table.span, message);
                problems.push(problem.hint("take `primary_key` out: `schema.yml` says it"));
            }
            table.primary_key = key;
        }
        problems
    }

    /// A metric.
    #[must_use]
    pub fn metric(&self, id: &str) -> Option<&Metric> {
        self.metrics.get(id).map(|entry| &entry.metric)
    }

    /// All metrics by id.
    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.values().map(|entry| &entry.metric)
    }

    /// Why a metric is refused; `None` when it is not.
    #[must_use]
    pub fn refusal(&self, id: &str) -> Option<&Diagnostic> {
        self.metrics.get(id)?.refused.as_ref()
    }

    /// The tables and columns that a metric reads, those of the metrics it reads included: its lineage.
    #[must_use]
    pub fn reads(&self, id: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (leaf, _) in self.leaves(id) {
            let columns = found.entry(leaf.table.clone()).or_default();
            columns.extend(leaf.measure.columns());
            columns.extend(leaf.filter.iter().flat_map(Expr::columns));
            columns.extend([leaf.month(), leaf.day()].into_iter().flatten().map(str::to_owned));
        }
        found
    }

    /// The metrics that read a metric, directly.
    #[must_use]
    pub fn readers(&self, id: &str) -> Vec<&str> {
        let reads = |entry: &&Entry| entry.metric.kind.metrics().iter().any(|written| written.text == id);
        self.metrics.values().filter(reads).map(|entry| entry.metric.id.as_str()).collect()
    }

    pub(crate) fn shape(&self, id: &str) -> Option<&Shape> {
        self.metrics.get(id)?.shape.as_ref()
    }

    pub(crate) fn table(&self, name: &str) -> Option<&TableFacts> {
        self.tables.tables.get(name)
    }

    /// The aggregates a metric is made of, each with the months it is read later. None of what is refused.
    pub(crate) fn leaves(&self, id: &str) -> Vec<(&Leaf, u32)> {
        let mut found = Vec::new();
        self.collect(id, 0, 0, &mut found);
        found
    }

    fn collect<'a>(&'a self, id: &str, shift: u32, depth: usize, found: &mut Vec<(&'a Leaf, u32)>) {
        // A cycle is refused by the checks, which ask this, too.
        if depth > check::DEEPEST {
            return;
        }
        match self.shape(id) {
            Some(Shape::Leaf(leaf)) => found.push((leaf, shift)),
            Some(Shape::Conversion { converted, base }) => {
                found.extend([(converted.as_ref(), shift), (base.as_ref(), shift)]);
            }
            Some(Shape::Ratio { numerator, denominator }) => {
                self.collect(numerator, shift, depth + 1, found);
                self.collect(denominator, shift, depth + 1, found);
            }
            Some(Shape::Derived { inputs, .. }) => {
                for input in inputs {
                    self.collect(&input.metric.text, shift + input.offset_months, depth + 1, found);
                }
            }
            Some(Shape::Cumulative { metric, .. }) => self.collect(metric, shift, depth + 1, found),
            None => {}
        }
    }

    pub(crate) fn report(&mut self, path: &str, metric: Option<&str>, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            if let Some(entry) = metric.and_then(|id| self.metrics.get_mut(id))
                && diagnostic.is_error()
                && entry.refused.is_none()
            {
                entry.refused = Some(diagnostic.clone());
            }
            let metric = metric.map(str::to_owned);
            self.problems.push(Problem { path: path.to_owned(), metric, diagnostic });
        }
    }
}
