//! What a question becomes.

use crate::common::{bound, compiled, day, question, site};
use almanac_metrics::{Comparison, FilterOperator, MetricFilter};
use almanac_model::metric::{Grain, Window};
use almanac_model::{Type, Value};

#[test]
fn several_metrics_of_different_tables_stand_on_one_spine() {
    let compiled = compiled(&question(&["mrr", "tickets_created", "win_rate"], &["segment"], Some(Grain::Month)));
    let columns = bound(&compiled);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["period", "segment", "mrr", "tickets_created", "win_rate"]);
}

#[test]
fn metrics_of_one_table_are_read_in_one_pass() {
    let text =
        compiled(&question(&["deals_won", "deals_lost", "win_rate", "bookings_usd"], &[], Some(Grain::Month))).bound();
    assert_eq!(text.sql.matches("from deals\n").count(), 1, "{}", text.sql);
}

#[test]
fn values_of_a_question_are_parameters() {
    let mut question = question(&["bookings_usd"], &["region"], Some(Grain::Month));
    let hostile = "na'; drop table deals; --";
    question.filters = vec![
        MetricFilter {
            dimension: "region".into(),
            operator: FilterOperator::Is,
            values: vec![Value::Text(hostile.into())],
        },
        MetricFilter {
            dimension: "segment".into(),
            operator: FilterOperator::In,
            values: vec![Value::Text("smb".into()), Value::Text("enterprise".into())],
        },
    ];
    question.from = Some(day("2025-01-15"));
    let compiled = compiled(&question);
    let text = compiled.bound();
    assert!(!text.sql.contains("drop") && !text.sql.contains("2025") && !text.sql.contains("smb"), "{}", text.sql);
    assert!(text.parameters.values().any(|value| *value == Value::Text(hostile.into())));
    // The range begins with the month of its first day.
    assert!(text.parameters.values().any(|value| *value == Value::Date(day("2025-01-01"))));
    bound(&compiled);
    assert!(compiled.text(almanac_metrics::Dialect::DuckDb).contains("'na''; drop table deals; --'"));
}

#[test]
fn comparisons_add_columns() {
    for (comparison, suffix) in
        [(Comparison::Previous, "previous"), (Comparison::YearAgo, "year_ago"), (Comparison::Plan, "plan")]
    {
        for (metric, grains) in [("bookings_usd", vec![Grain::Month, Grain::Quarter, Grain::Year])] {
            for grain in grains {
                let mut question = question(&[metric], &["region"], Some(grain));
                question.comparison = Some(comparison);
                let columns = bound(&compiled(&question));
                let names: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
                let beside = format!("{metric}_{suffix}");
                assert_eq!(
                    names,
                    ["period", "region", metric, &beside, "bookings_usd_change", "bookings_usd_change_share"]
                );
            }
        }
    }
}

#[test]
fn every_metric_with_a_history_compares() {
    for metric in site().metrics() {
        for grain in &metric.grains {
            for comparison in [Comparison::Previous, Comparison::YearAgo] {
                let mut question = question(&[&metric.id], &[], Some(*grain));
                question.comparison = Some(comparison);
                bound(&compiled(&question));
            }
        }
    }
}

#[test]
fn a_ratio_has_a_running_form_made_of_running_sums() {
    let mut question = question(&["win_rate"], &[], Some(Grain::Month));
    question.window = Some(Window::Months(3));
    let compiled = compiled(&question);
    assert_eq!(bound(&compiled)[1], ("win_rate".into(), Type::Double));
    let text = compiled.bound().sql;
    assert_eq!(text.matches("rows between 2 preceding and current row").count(), 2, "{text}");
}

#[test]
fn the_same_question_gives_the_same_text() {
    let question = question(&["sales_velocity_usd_day", "magic_number", "mrr_growth_yoy"], &[], Some(Grain::Quarter));
    assert_eq!(compiled(&question).bound(), compiled(&question).bound());
}

#[test]
fn states_of_today_need_no_period() {
    let compiled = compiled(&question(&["backlog_now", "stalled_deal_share"], &[], None));
    assert_eq!(bound(&compiled).len(), 2);
    assert!(!compiled.bound().sql.contains("spine"));
}
