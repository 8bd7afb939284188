//! What a site's catalogue says of metrics and of where tables are read: made when the site is built, for pages that search and
//! list. Like what is read ahead, it holds fingerprints of the texts it was made of; a metric's answer is always made of the texts.

use crate::ahead::fingerprint;
use crate::metric::{Good, Grain, Lifecycle, Metric, MetricFile, MetricKind, MetricTest, Window};
use crate::named_tables::sources;
use crate::view::NotebookView;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the file in the site's folder.
pub const FILE_NAME: &str = "catalogue.json";

/// Metrics and notebooks of a site, as far as lists and searches need them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Listing {
    /// Files of metrics and the fingerprints of their texts; that of the tables is among them.
    pub files: BTreeMap<String, String>,
    /// Headlines first, then by name.
    pub metrics: Vec<MetricEntry>,
    /// Metrics that cannot be read, by id, and their files.
    pub broken: BTreeMap<String, String>,
    /// What each notebook reads.
    pub notebooks: Vec<NotebookUse>,
}

/// A metric as pages list it. On its way it is texts by name: the page needs no code of its own to read it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Texts", into = "Texts")]
pub struct MetricEntry {
    /// Its name in queries.
    pub id: String,
    /// Its name on pages.
    pub name: String,
    /// What it means.
    pub definition: String,
    /// The team it belongs to.
    pub team: String,
    /// Who answers for it.
    pub owner: String,
    /// The entity it is about.
    pub entity: String,
    /// `simple`, `ratio`, `derived`, `cumulative` or `conversion`.
    pub kind: String,
    /// How it is made, for people: `deals_won / deals_closed`.
    pub formula: String,
    /// What a value counts.
    pub unit: String,
    /// The number format of its values.
    pub format: String,
    /// Which way is good.
    pub direction: Good,
    /// 1 headline, 2 normal, 3 a helper of others.
    pub tier: u8,
    /// Periods it may be asked for; empty for a state of today.
    pub grains: Vec<Grain>,
    /// Dimensions it may be split by.
    pub dimensions: Vec<String>,
    /// `draft`, `in_review`, `certified`, `deprecated` or `retired`.
    pub lifecycle: String,
    /// What to use instead of one that is deprecated or retired.
    pub successor: Option<String>,
    /// Until when a deprecated one is answered.
    pub sunset: Option<String>,
    /// The metric that is its plan.
    pub plan: Option<String>,
    /// Its automated tests in words.
    pub tests: Vec<String>,
    /// Metrics it reads.
    pub reads: Vec<String>,
    /// Tables it reads, also by way of other metrics.
    pub tables: Vec<String>,
    /// Goals that are measured by it.
    pub goals: Vec<String>,
    /// Guides that explain it.
    pub guides: Vec<String>,
}

/// What a notebook reads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Texts", into = "Texts")]
pub struct NotebookUse {
    /// Path of its file in the site.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Tables its queries name.
    pub tables: Vec<String>,
}

/// Texts by name; lists are lines.
type Texts = BTreeMap<String, String>;

impl From<Texts> for MetricEntry {
    fn from(mut texts: Texts) -> Self {
        let mut text = |name: &str| texts.remove(name).unwrap_or_default();
        Self {
            direction: match text("direction").as_str() {
                "up" => Good::Up,
                "down" => Good::Down,
                _ => Good::None,
            },
            tier: text("tier").parse().unwrap_or(2),
            grains: lines(&text("grains")).iter().filter_map(|name| Grain::parse(name)).collect(),
            dimensions: lines(&text("dimensions")),
            successor: some(text("successor")),
            sunset: some(text("sunset")),
            plan: some(text("plan")),
            tests: lines(&text("tests")),
            reads: lines(&text("reads")),
            tables: lines(&text("tables")),
            goals: lines(&text("goals")),
            guides: lines(&text("guides")),
            id: text("id"),
            name: text("name"),
            definition: text("definition"),
            team: text("team"),
            owner: text("owner"),
            entity: text("entity"),
            kind: text("kind"),
            formula: text("formula"),
            unit: text("unit"),
            format: text("format"),
            lifecycle: text("lifecycle"),
        }
    }
}

impl From<MetricEntry> for Texts {
    fn from(metric: MetricEntry) -> Self {
        let direction = match metric.direction {
            Good::Up => "up",
            Good::Down => "down",
            Good::None => "none",
        };
        let grains: Vec<&str> = metric.grains.iter().map(|grain| grain.name()).collect();
        let texts = [
            ("direction", direction.to_owned()),
            ("tier", metric.tier.to_string()),
            ("grains", grains.join("\n")),
            ("dimensions", metric.dimensions.join("\n")),
            ("successor", metric.successor.unwrap_or_default()),
            ("sunset", metric.sunset.unwrap_or_default()),
            ("plan", metric.plan.unwrap_or_default()),
            ("tests", metric.tests.join("\n")),
            ("reads", metric.reads.join("\n")),
            ("tables", metric.tables.join("\n")),
            ("goals", metric.goals.join("\n")),
            ("guides", metric.guides.join("\n")),
            ("id", metric.id),
            ("name", metric.name),
            ("definition", metric.definition),
            ("team", metric.team),
            ("owner", metric.owner),
            ("entity", metric.entity),
            ("kind", metric.kind),
            ("formula", metric.formula),
            ("unit", metric.unit),
            ("format", metric.format),
            ("lifecycle", metric.lifecycle),
        ];
        written(texts)
    }
}

impl From<Texts> for NotebookUse {
    fn from(mut texts: Texts) -> Self {
        let mut text = |name: &str| texts.remove(name).unwrap_or_default();
        Self { path: text("path"), title: text("title"), tables: lines(&text("tables")) }
    }
}

impl From<NotebookUse> for Texts {
    fn from(notebook: NotebookUse) -> Self {
        written([("path", notebook.path), ("title", notebook.title), ("tables", notebook.tables.join("\n"))])
    }
}

fn written<const N: usize>(texts: [(&str, String); N]) -> Texts {
    texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), text)).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Whether the file at `path`, relative to the site's folder, is one of metrics or of their tables.
#[must_use]
pub fn is_metrics(path: &str) -> bool {
    path.strip_prefix("metrics/").and_then(|name| name.strip_suffix(".yml")).is_some_and(|name| !name.contains('/'))
}

impl Listing {
    /// Of a site's texts by path: files of metrics and notebooks; others are passed over.
    #[must_use]
    pub fn of<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut listing = Self::default();
        let mut metrics: BTreeMap<String, Metric> = BTreeMap::new();
        for (path, text) in texts {
            if is_metrics(path) {
                listing.files.insert(path.to_owned(), fingerprint(text));
                if path != "metrics/tables.yml" {
                    let file = MetricFile::parse(text).value;
                    listing.broken.extend(file.broken.into_iter().map(|id| (id, path.to_owned())));
                    for metric in file.metrics {
                        metrics.entry(metric.id.clone()).or_insert(metric);
                    }
                }
            } else if path.starts_with("notebooks/") && path.ends_with(".md") {
                listing.notebooks.push(notebook(path, text));
            }
        }
        listing.metrics = metrics.values().map(|metric| entry(metric, &metrics)).collect();
        listing.metrics.sort_by_key(|metric| (metric.tier, metric.name.to_lowercase(), metric.id.clone()));
        listing
    }

    /// The metric of that id.
    #[must_use]
    pub fn metric(&self, id: &str) -> Option<&MetricEntry> {
        self.metrics.iter().find(|metric| metric.id == id)
    }
}

fn notebook(path: &str, text: &str) -> NotebookUse {
    let view = NotebookView::of(text);
    let own: BTreeSet<String> = view.cells().map(|cell| cell.id.to_lowercase()).collect();
    let named: BTreeSet<String> = view.cells().filter_map(|cell| cell.sql()).flat_map(sources).collect();
    NotebookUse { path: path.to_owned(), title: view.title, tables: named.difference(&own).cloned().collect() }
}

fn entry(metric: &Metric, all: &BTreeMap<String, Metric>) -> MetricEntry {
    let texts = |written: Vec<&crate::metric::Written>| written.into_iter().map(|one| one.text.clone()).collect();
    let (successor, sunset) = match &metric.lifecycle {
        Lifecycle::Deprecated { successor, sunset } => (Some(successor.text.clone()), sunset.clone()),
        Lifecycle::Retired { successor } => (successor.as_ref().map(|one| one.text.clone()), None),
        _ => (None, None),
    };
    let mut tables = BTreeSet::new();
    tables_of(metric, all, &mut BTreeSet::new(), &mut tables);
    MetricEntry {
        id: metric.id.clone(),
        name: metric.name.clone(),
        definition: metric.definition.clone(),
        team: metric.team.clone(),
        owner: metric.owner.clone(),
        entity: metric.entity.clone(),
        kind: metric.kind.name().to_owned(),
        formula: formula(&metric.kind),
        unit: metric.unit.clone(),
        format: metric.format.clone().unwrap_or_else(|| format_of(&metric.unit).to_owned()),
        direction: metric.direction,
        tier: metric.tier,
        grains: metric.grains.clone(),
        dimensions: texts(metric.dimensions.iter().collect()),
        lifecycle: metric.lifecycle.name().to_owned(),
        successor,
        sunset,
        plan: metric.plan.as_ref().map(|plan| plan.text.clone()),
        tests: metric.tests.iter().map(test_words).collect(),
        reads: texts(metric.kind.metrics()),
        tables: tables.into_iter().collect(),
        goals: metric.goals.clone(),
        guides: metric.guides.clone(),
    }
}

/// The tables below a metric; a circle of metrics ends where it began.
fn tables_of(
    metric: &Metric,
    all: &BTreeMap<String, Metric>,
    seen: &mut BTreeSet<String>,
    found: &mut BTreeSet<String>,
) {
    if !seen.insert(metric.id.clone()) {
        return;
    }
    found.extend(metric.kind.source().map(|source| source.table.text.clone()));
    for read in metric.kind.metrics().into_iter().filter_map(|written| all.get(&written.text)) {
        tables_of(read, all, seen, found);
    }
}

fn formula(kind: &MetricKind) -> String {
    let condition = |filter: Option<&crate::metric::Written>| {
        filter.map(|filter| format!(" where {}", filter.text)).unwrap_or_default()
    };
    match kind {
        MetricKind::Simple(simple) => {
            let source = &simple.source;
            format!("{} from {}{}", simple.measure.text, source.table.text, condition(source.filter.as_ref()))
        }
        MetricKind::Ratio { numerator, denominator } => format!("{} / {}", numerator.text, denominator.text),
        MetricKind::Derived { expression, .. } => expression.text.clone(),
        MetricKind::Cumulative { metric, window, .. } => match window {
            Window::Months(months) => format!("{} over {months} months", metric.text),
            Window::ToDate(grain) => format!("{}, {} to date", metric.text, grain.name()),
        },
        MetricKind::Conversion { source, converted, window_days, .. } => {
            let base = format!("{}{}", source.table.text, condition(source.filter.as_ref()));
            format!("share of {base} with {} within {window_days} days", converted.text)
        }
    }
}

/// The format of a unit's values.
fn format_of(unit: &str) -> &'static str {
    match unit {
        "usd" => "usd0",
        "usd2" => "usd2",
        "pct" => "pct1",
        "int" => "num0",
        "x" => "mult",
        "num" | "score" => "num2",
        _ => "num1",
    }
}

fn test_words(test: &MetricTest) -> String {
    match test {
        MetricTest::Range { low: Some(low), high: Some(high) } => format!("between {low} and {high}"),
        MetricTest::Range { low: Some(low), high: None } => format!("at least {low}"),
        MetricTest::Range { high: Some(high), .. } => format!("at most {high}"),
        MetricTest::Range { .. } => "any number".to_owned(),
        MetricTest::AtMost(other) => format!("at most {}", other.text),
        MetricTest::Equals { expression, .. } => format!("equals {}", expression.text),
        MetricTest::Reconciles(_) => "agrees with a query over the raw tables".to_owned(),
        MetricTest::LeastDenominator(least) => format!("shown from a denominator of {least} on"),
        MetricTest::RisesWithinYear => "never falls within a year".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_tells_what_reads_what() {
        let metrics = "team: sales\nowner: Head\nmetrics:\n  won:\n    name: Won\n    definition: Deals won.\n    entity: accounts\n    type: simple\n    table: deals\n    measure: count(*)\n    filter: is_won\n    additivity: sum\n    unit: int\n    tests: [{range: [0, null]}]\n    lifecycle: certified\n  rate:\n    name: A rate\n    definition: Share won.\n    entity: accounts\n    type: ratio\n    numerator: won\n    denominator: closed\n    unit: pct\n    lifecycle: {deprecated: {successor: won, sunset: 2026-06-30}}\n  bad:\n    name: Bad\n    typo: 1\n";
        let notebook =
            "---\ntitle: Sales\n---\n\n```sql one\nselect * from deals\n```\n\n```sql two\nselect * from one\n```\n";
        let listing =
            Listing::of([("metrics/sales.yml", metrics), ("notebooks/a.md", notebook), ("site.yml", "title: A")]);
        let names: Vec<&str> = listing.metrics.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(names, ["A rate", "Won"]);
        let rate = listing.metric("rate").expect("it is there");
        assert_eq!((rate.tables.as_slice(), rate.formula.as_str()), (["deals".to_owned()].as_slice(), "won / closed"));
        assert_eq!((rate.lifecycle.as_str(), rate.successor.as_deref()), ("deprecated", Some("won")));
        let won = listing.metric("won").expect("it is there");
        assert_eq!((won.formula.as_str(), won.format.as_str()), ("count(*) from deals where is_won", "num0"));
        assert_eq!(won.tests, ["at least 0"]);
        assert_eq!(listing.broken, BTreeMap::from([("bad".to_owned(), "metrics/sales.yml".to_owned())]));
        assert_eq!(
            listing.notebooks,
            [NotebookUse { path: "notebooks/a.md".into(), title: "Sales".into(), tables: vec!["deals".into()] }]
        );
        assert_eq!(listing.files, BTreeMap::from([("metrics/sales.yml".to_owned(), fingerprint(metrics))]));
        let text = serde_json::to_string(&listing).expect("it is written");
        assert_eq!(serde_json::from_str::<Listing>(&text).expect("it is read"), listing);
    }

    #[test]
    fn a_circle_of_metrics_ends() {
        let metric = |id: &str, other: &str| {
            format!(
                "  {id}:\n    name: {id}\n    definition: d\n    entity: e\n    type: ratio\n    numerator: {other}\n    denominator: {other}\n    unit: pct\n    lifecycle: draft\n"
            )
        };
        let file = format!("team: t\nowner: o\nmetrics:\n{}{}", metric("a", "b"), metric("b", "a"));
        assert_eq!(Listing::of([("metrics/t.yml", file.as_str())]).metrics.len(), 2);
    }
}
