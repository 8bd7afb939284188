//! The site's catalogue, and questions in a few words.

use almanac_metrics::{Catalogue, Compiled, Extracts, MetricQuery, SourceText, compile};
use almanac_model::format::parse_date;
use almanac_model::manifest::Manifest;
use almanac_model::metric::Grain;
use almanac_model::{Diagnostic, Type};
use almanac_sql::{BindOptions, Parameter, bind};
use std::sync::OnceLock;

/// The extracts of the tests: all tables of the company.
pub(crate) fn extracts() -> &'static Manifest {
    static EXTRACTS: OnceLock<Manifest> = OnceLock::new();
    let text = include_str!("../../../../tests/company/fixtures/datapackage.json");
    let schema = include_str!("../../../../public/schema.yml");
    EXTRACTS.get_or_init(|| {
        let mut manifest: Manifest = serde_json::from_str(text).expect("a manifest");
        for table in almanac_model::schema::parse(schema).value {
            let resource = manifest.resources.iter_mut().find(|resource| resource.name == table.name);
            resource.expect("a fixture of each table").schema.primary_key = table.primary_key;
        }
        manifest
    })
}

pub(crate) fn text(path: &str, text: &str) -> SourceText {
    SourceText { path: path.to_owned(), text: text.to_owned() }
}

pub(crate) const TABLES: &str = include_str!("../../../../public/metrics/tables.yml");

/// The catalogue of the site.
pub(crate) fn site() -> &'static Catalogue {
    static SITE: OnceLock<Catalogue> = OnceLock::new();
    SITE.get_or_init(|| {
        let files = [
            text("exec.yml", include_str!("../../../../public/metrics/exec.yml")),
            text("sales.yml", include_str!("../../../../public/metrics/sales.yml")),
            text("marketing.yml", include_str!("../../../../public/metrics/marketing.yml")),
            text("cx.yml", include_str!("../../../../public/metrics/cx.yml")),
            text("product.yml", include_str!("../../../../public/metrics/product.yml")),
            text("platform.yml", include_str!("../../../../public/metrics/platform.yml")),
        ];
        Catalogue::read(&text("tables.yml", TABLES), &files, Some(&Extracts(extracts())))
    })
}

/// A catalogue of the site's tables and the metrics of one text.
pub(crate) fn with(metrics: &str) -> Catalogue {
    Catalogue::read(&text("tables.yml", TABLES), &[text("own.yml", metrics)], Some(&Extracts(extracts())))
}

pub(crate) fn day(text: &str) -> i32 {
    parse_date(text).expect("a day")
}

/// A question about the site's whole history.
pub(crate) fn question(metrics: &[&str], dimensions: &[&str], grain: Option<Grain>) -> MetricQuery {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    MetricQuery {
        metrics: owned(metrics),
        dimensions: owned(dimensions),
        grain,
        as_of: day("2025-11-30"),
        ..MetricQuery::default()
    }
}

pub(crate) fn compiled(question: &MetricQuery) -> Compiled {
    compile(site(), question).unwrap_or_else(|problems| panic!("{question:?}: {problems:?}"))
}

pub(crate) fn refused(question: &MetricQuery) -> Vec<Diagnostic> {
    compile(site(), question).expect_err("it must be refused")
}

/// Binds what was compiled and says what its columns are.
pub(crate) fn bound(compiled: &Compiled) -> Vec<(String, Type)> {
    let text = compiled.bound();
    let parameters = text.parameters.into_iter().map(|(name, value)| (name, Parameter::One(value))).collect();
    let options = BindOptions { parameters, ..BindOptions::default() };
    match bind(&text.sql, &Extracts(extracts()), &options) {
        Ok(query) => query.output.into_iter().map(|field| (field.name, field.ty)).collect(),
        Err(problems) => panic!("{}\n{problems:?}", text.sql),
    }
}
