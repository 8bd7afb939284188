//! The site's catalogue itself.

use crate::common::{bound, compiled, question, site};
use almanac_model::Type;
use almanac_model::metric::{Grain, Lifecycle, MetricKind};

#[test]
fn nothing_is_wrong_with_it() {
    let told: Vec<String> = site()
        .problems
        .iter()
        .map(|problem| {
            let diagnostic = &problem.diagnostic;
            format!(
                "{} {:?} {}: {} {:?}",
                problem.path, problem.metric, diagnostic.code, diagnostic.message, diagnostic.hints
            )
        })
        .filter(|told| !told.contains("uncertified-input"))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn it_holds_every_type_and_enough_that_is_certified() {
    let count = |kind: &str| site().metrics().filter(|metric| metric.kind.name() == kind).count();
    assert_eq!(
        [count("simple"), count("ratio"), count("derived"), count("cumulative"), count("conversion")],
        [184, 79, 24, 10, 9]
    );
    assert!(site().metrics().filter(|metric| metric.lifecycle == Lifecycle::Certified).count() >= 160);
    assert!(site().metrics().all(|metric| !metric.owner.is_empty() && !metric.definition.is_empty()));
}

/// Every metric of some teams at every grain it allows, whole and by every dimension it allows. Each combination is compiled;
/// the binder sees each metric at each grain and each dimension once, since the two meet in no other way than by their names.
fn all_bind(teams: &[&str], least: usize) {
    let mut count = 0;
    for metric in site().metrics().filter(|metric| teams.contains(&metric.team.as_str())) {
        let dimensions = metric.dimensions.iter().map(|dimension| Some(dimension.text.as_str()));
        let grains: Vec<Option<Grain>> = metric.grains.iter().copied().map(Some).chain([None]).collect();
        for (at, dimension) in std::iter::once(None).chain(dimensions).enumerate() {
            for (of, grain) in grains.iter().enumerate() {
                let question = question(&[&metric.id], dimension.as_slice(), *grain);
                let compiled = compiled(&question);
                count += 1;
                if dimension.is_some() && at % grains.len() != of {
                    continue;
                }
                let columns = bound(&compiled);
                let names: Vec<&str> = compiled.output.iter().map(|output| output.name.as_str()).collect();
                assert_eq!(columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
                assert!(columns.last().is_some_and(|(_, ty)| ty.is_numeric()), "{}: {columns:?}", metric.id);
                assert!(grain.is_none() || columns[0].1 == Type::Date, "{}: {columns:?}", metric.id);
            }
        }
    }
    assert!(count >= least, "only {count}");
}

#[test]
fn every_metric_of_the_executives_and_of_sales_binds() {
    all_bind(&["exec", "sales"], 2_500);
}

#[test]
fn every_metric_of_the_other_teams_binds() {
    all_bind(&["marketing", "cx", "product", "platform"], 4_000);
}

#[test]
fn lineage_names_tables_and_columns() {
    let reads = site().reads("win_rate");
    let columns: Vec<&str> = reads["deals"].iter().map(String::as_str).collect();
    assert_eq!(columns, ["closed_date", "closed_month", "is_lost", "is_won"]);
    assert_eq!(site().readers("deals_won"), ["avg_deal_size", "win_rate"]);
}

#[test]
fn a_conversion_says_how_long_it_waits() {
    for metric in site().metrics() {
        if let MetricKind::Conversion { window_days, .. } = metric.kind {
            assert!(metric.mature_after_days >= window_days, "{} is shown as final too early", metric.id);
        }
    }
}
