//! Values of the metric layer: questions to the site's catalogue over the company's small tables, run by the engine, against
//! queries that people wrote for the same question and DuckDB answered (`company/metric_layer.slt`).
//!
//! A record's comment `ask win_rate by region grain quarter` is the question; the query below it shares nothing with the compiler.

use almanac_engine::Engine;
use almanac_metrics::{
    Catalogue, Comparison, Extracts, FilterOperator, MetricFilter, MetricQuery, SourceText, compile,
};
use almanac_model::Value;
use almanac_model::format::parse_date;
use almanac_model::manifest::Manifest;
use almanac_model::metric::{Grain, Window};
use almanac_model::protocol::Limits;
use almanac_native::{Disk, block_on, manifest_of};
use almanac_tests::answers::Answer;
use almanac_tests::project::project;
use sqllogictest::{DefaultColumnType, QueryExpect, Record};

const FIXTURES: &str = "tests/company/fixtures";

fn catalogue(manifest: &Manifest) -> Catalogue {
    let read = |name: &str| {
        let path = project("public/metrics").join(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        SourceText { path: name.to_owned(), text }
    };
    let teams = ["exec", "sales", "marketing", "cx", "product", "platform"].map(|team| read(&format!("{team}.yml")));
    // The fixtures' manifest is written by DuckDB's script, which knows no keys.
    let mut keyed = manifest.clone();
    let schema = std::fs::read_to_string(project("public/schema.yml")).expect("a file of the project");
    for table in almanac_model::schema::parse(&schema).value {
        for resource in keyed.resources.iter_mut().filter(|resource| resource.name == table.name) {
            resource.schema.primary_key.clone_from(&table.primary_key);
        }
    }
    Catalogue::read(&read("tables.yml"), &teams, Some(&Extracts(&keyed)))
}

/// `mrr,win_rate by region grain month compare plan window 3m where region=na from 2025-01-01`.
fn question(text: &str) -> MetricQuery {
    let words: Vec<&str> = text.split_whitespace().collect();
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<String>>();
    let mut question = MetricQuery {
        metrics: list(words[0]),
        as_of: parse_date("2025-11-30").expect("a day"),
        ..MetricQuery::default()
    };
    for pair in words[1..].chunks(2) {
        let [key, value] = pair else { panic!("`{text}` ends too early") };
        match *key {
            "by" => question.dimensions = list(value),
            "grain" => question.grain = Some(Grain::parse(value).expect("a grain")),
            "from" => question.from = parse_date(value),
            "to" => question.to = parse_date(value),
            "window" => {
                question.window = Some(match *value {
                    "ytd" => Window::ToDate(Grain::Year),
                    months => Window::Months(months.trim_end_matches('m').parse().expect("months")),
                });
            }
            "compare" => {
                question.comparison = Some(match *value {
                    "previous" => Comparison::Previous,
                    "year-ago" => Comparison::YearAgo,
                    _ => Comparison::Plan,
                });
            }
            "where" => {
                let (dimension, values) = value.split_once('=').expect("a filter");
                let values = values.split('|').map(|value| Value::Text(value.to_owned())).collect();
                question.filters.push(MetricFilter {
                    dimension: dimension.into(),
                    operator: FilterOperator::In,
                    values,
                });
            }
            other => panic!("`{text}` has no `{other}`"),
        }
    }
    question
}

struct Layer {
    catalogue: Catalogue,
    engine: Engine,
    disk: Disk,
}

impl Layer {
    fn open() -> Self {
        let manifest = manifest_of(&project(FIXTURES)).expect("the fixtures are there");
        let catalogue = catalogue(&manifest);
        Self { catalogue, engine: Engine::new(manifest, Limits::default()), disk: Disk::new(project(FIXTURES)) }
    }

    fn answer(&mut self, question: &MetricQuery) -> Answer {
        let compiled =
            compile(&self.catalogue, question).unwrap_or_else(|problems| panic!("{question:?}: {problems:?}"));
        let text = compiled.bound();
        match block_on(self.engine.query(&self.disk, &text.sql, &text.parameters)) {
            Ok(answer) => Answer::of(&answer.result.to_table(usize::MAX)),
            Err(problems) => panic!("{}\n{problems:?}", text.sql),
        }
    }
}

#[test]
fn answers_are_those_of_queries_written_by_hand() {
    let records =
        sqllogictest::parse_file::<DefaultColumnType>(project("tests/company/metric_layer.slt")).expect("it parses");
    let mut layer = Layer::open();
    let (mut asked, mut count, mut failures) = (None, 0, Vec::new());
    for record in records {
        match record {
            Record::Comment(lines) => {
                asked = lines.iter().find_map(|line| line.trim().strip_prefix("ask ").map(str::to_owned)).or(asked);
            }
            Record::Query { expected: QueryExpect::Results { types, results, .. }, .. } => {
                let ask = asked.take().expect("a question above each record");
                let letters = types.iter().map(sqllogictest::ColumnType::to_char).collect();
                let got = layer.answer(&question(&ask));
                if let Some(difference) = got.difference(&Answer::written(letters, &results), false) {
                    let sql = compile(&layer.catalogue, &question(&ask)).map(|compiled| compiled.bound().sql);
                    failures.push(format!("{ask}: {difference}\n{}", sql.unwrap_or_default()));
                }
                count += 1;
            }
            _ => {}
        }
    }
    assert!(failures.is_empty(), "{} of {count} questions\n{}", failures.len(), failures.join("\n\n"));
    assert!(count >= 30, "only {count} questions");
}

/// Sums over a dimension are those of the whole, and periods are never missing.
#[test]
fn slices_add_up_and_no_period_is_missing() {
    let mut layer = Layer::open();
    let additive: Vec<(String, String)> = layer
        .catalogue
        .metrics()
        .filter(|metric| metric.kind.name() == "simple" && metric.grains.contains(&Grain::Quarter))
        .filter_map(|metric| Some((metric.id.clone(), metric.dimensions.first()?.text.clone())))
        .collect();
    let mut checked = 0;
    for (id, dimension) in additive {
        let measure = layer.catalogue.metric(&id).map(|metric| format!("{:?}", metric.kind)).unwrap_or_default();
        if measure.contains("additivity: None") {
            continue;
        }
        let whole = layer.answer(&question(&format!("{id} grain quarter")));
        assert_eq!(whole.rows.len(), 9, "{id}: a row for each quarter from Q4 2023 on");
        let split = layer.answer(&question(&format!("{id} by {dimension} grain quarter")));
        for row in &whole.rows {
            let number = |text: &String| text.parse::<f64>().unwrap_or(0.0);
            let parts: f64 = split.rows.iter().filter(|part| part[0] == row[0]).map(|part| number(&part[2])).sum();
            let total = number(&row[1]);
            assert!(
                (parts - total).abs() <= 1e-6 * total.abs().max(1.0),
                "{id} by {dimension}: {parts} is not {total}"
            );
        }
        checked += 1;
    }
    assert!(checked > 100, "only {checked}");
}
