//! The same tree in the words of each warehouse.

use crate::common::{compiled, day, question};
use almanac_metrics::{Dialect, FilterOperator, MetricFilter};
use almanac_model::Value;
use almanac_model::metric::Grain;

#[test]
fn quarters_and_offsets() {
    let compiled = compiled(&question(&["mrr_growth_yoy"], &[], Some(Grain::Quarter)));
    let duckdb = compiled.text(Dialect::DuckDb);
    assert!(duckdb.contains("date_trunc('quarter', cast(month + interval '12 months' as date))"), "{duckdb}");
    let postgres = compiled.text(Dialect::Postgres);
    assert!(
        postgres.contains("cast(date_trunc('quarter', cast(month + interval '12 months' as date)) as date)"),
        "{postgres}"
    );
    assert!(postgres.contains("/ nullif("), "{postgres}");
    let spark = compiled.text(Dialect::Spark);
    assert!(spark.contains("trunc(add_months(month, 12), 'QUARTER')"), "{spark}");
}

#[test]
fn filters_of_aggregates_division_and_quantiles() {
    let win_rate = compiled(&question(&["win_rate"], &["region"], Some(Grain::Month)));
    assert!(win_rate.text(Dialect::DuckDb).contains("count(*) filter (where is_won) as deals_won"));
    assert!(win_rate.text(Dialect::Spark).contains("count(case when is_won then 1 end) as deals_won"));
    assert!(win_rate.text(Dialect::Postgres).contains("as double precision) / nullif("));
    assert!(win_rate.text(Dialect::Spark).contains("from_deals.region <=> slices.region"));
    let p90 = compiled(&question(&["sales_cycle_p90_days", "median_deal_size"], &[], Some(Grain::Month)));
    assert!(p90.text(Dialect::DuckDb).contains("quantile_cont(cycle_days, 0.9)"));
    assert!(p90.text(Dialect::DuckDb).contains("median(amount_usd)"));
    assert!(p90.text(Dialect::Postgres).contains("percentile_cont(0.9) within group (order by cycle_days)"));
    assert!(p90.text(Dialect::Spark).contains("percentile(cycle_days, 0.9)"));
}

#[test]
fn literals_are_quoted_as_each_reads_them() {
    let mut question = question(&["deals_won"], &[], Some(Grain::Month));
    let text = Value::Text("O'Hara \\ Sons".into());
    question.filters =
        vec![MetricFilter { dimension: "region".into(), operator: FilterOperator::Is, values: vec![text] }];
    question.to = Some(day("2025-06-30"));
    let compiled = compiled(&question);
    assert!(compiled.text(Dialect::DuckDb).contains("region = 'O''Hara \\ Sons'"));
    assert!(compiled.text(Dialect::Postgres).contains("region = 'O''Hara \\ Sons'"));
    assert!(compiled.text(Dialect::Spark).contains("region = 'O\\'Hara \\\\ Sons'"));
    assert!(compiled.text(Dialect::DuckDb).contains("between date '2023-12-01' and date '2025-06-01'"));
}
