//! The store of a small company answers as its rows do.

use super::*;
use crate::demo;
use almanac_metrics::store::{Answerable, compile_stored};
use almanac_metrics::{Catalogue, Compiled, MetricQuery};
use almanac_model::data::Table as Rows;
use almanac_model::metric::Grain;
use std::collections::BTreeSet;

/// A company of 400 accounts, removed at the end.
struct Company(PathBuf);

impl Company {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("almanac-store-{name}-{}", std::process::id()));
        demo::generate(&folder, 0.02, demo::SEED, false).expect("the company is written");
        Self(folder)
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../public")
}

fn rows(engine: &mut Engine, data: &Path, compiled: &Compiled) -> Rows {
    let text = compiled.bound();
    let answer = block_on(engine.query(&Disk::new(data), &text.sql, &text.parameters));
    answer.unwrap_or_else(|problems| panic!("{}: {problems:?}", text.sql)).result.to_table(usize::MAX)
}

/// Equal, but for the order in which doubles were added.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        (a, b) => a == b,
    }
}

fn question(metric: &str, dimension: Option<&str>, grain: Option<Grain>) -> MetricQuery {
    MetricQuery {
        metrics: vec![metric.to_owned()],
        dimensions: dimension.map(str::to_owned).into_iter().collect(),
        grain,
        as_of: parse_date("2025-11-30").expect("a day"),
        ..MetricQuery::default()
    }
}

/// The questions about a metric that a store may answer.
fn questions(catalogue: &Catalogue, id: &str) -> Vec<MetricQuery> {
    let metric = catalogue.metric(id).expect("it is there");
    let grains = metric.grains.iter().map(|grain| question(id, None, Some(*grain)));
    let splits = metric.dimensions.iter().map(|name| question(id, Some(&name.text), metric.grains.last().copied()));
    grains.chain(splits).chain([question(id, None, None)]).collect()
}

#[test]
fn the_store_answers_as_the_rows_do() {
    let company = Company::new("same");
    let extracts = make(&site(), &company.0).expect("the store is made");
    let catalogue = metric::catalogue(&site(), &extracts).expect("the site's");
    let mut engine = Engine::new(extracts.clone(), Limits::default());
    let mut answered: BTreeSet<String> = BTreeSet::new();
    let ids: Vec<String> = catalogue.metrics().map(|metric| metric.id.clone()).collect();
    for id in &ids {
        for question in questions(&catalogue, id) {
            let Ok(Answerable { compiled, store: Some(store) }) = compile_stored(&catalogue, &extracts, &question)
            else {
                continue;
            };
            assert!(store.bytes > 0 && !store.tables.is_empty());
            let raw = almanac_metrics::compile(&catalogue, &question).expect("it is answered from rows, too");
            let (from_store, from_rows) =
                (rows(&mut engine, &company.0, &compiled), rows(&mut engine, &company.0, &raw));
            assert_eq!(from_store.rows, from_rows.rows, "{question:?}");
            for (a, b) in from_store.columns.iter().zip(&from_rows.columns) {
                for row in 0..from_rows.rows {
                    let (a, b) = (a.values.get(row), b.values.get(row));
                    assert!(same(&a, &b), "{question:?}: row {row} is {a:?} from the store and {b:?} from the rows");
                }
            }
            answered.insert(id.clone());
        }
    }
    // Each metric that is in the store is proved.
    let stored = extracts.store.iter().flat_map(|stored| stored.values.keys());
    let missed: Vec<&String> =
        stored.filter(|alias| catalogue.metric(alias).is_some() && !answered.contains(*alias)).collect();
    assert!(missed.is_empty(), "stored and never asked: {missed:?}");
    assert!(answered.len() > 150, "only {} metrics are answered from the store", answered.len());
}

#[test]
fn a_store_that_is_out_of_date_is_left_alone() {
    let company = Company::new("stale");
    let mut extracts = make(&site(), &company.0).expect("the store is made");
    let catalogue = metric::catalogue(&site(), &extracts).expect("the site's");
    let month = question("deals_won", None, Some(Grain::Month));
    let asked = |extracts: &Manifest| {
        let answerable = compile_stored(&catalogue, extracts, &month).expect("it is answered");
        let notes: Vec<String> = answerable.compiled.notes.iter().map(|note| note.message.clone()).collect();
        (answerable.store.map(|store| store.to_string()), notes)
    };
    let (told, notes) = asked(&extracts);
    assert!(told.is_some_and(|told| told.ends_with("of pre-calculated values")) && notes.is_empty());
    for stored in &mut extracts.store {
        stored.of = "another".to_owned();
    }
    assert_eq!(asked(&extracts), (None, vec!["`deals` is newer than its pre-calculated values".to_owned()]));
    extracts.resources.retain(|resource| resource.kind != KIND);
    assert_eq!(asked(&extracts), (None, vec!["the store's table `kpi_deals_month` is missing".to_owned()]));
    extracts.store.clear();
    assert_eq!(asked(&extracts), (None, Vec::new()));
}
