//! What EXPLAIN tells of a plan.

use almanac_sql::outline;
use almanac_sql::plan::Explain;

use crate::common::{bound, problems};

fn told(sql: &str) -> Vec<String> {
    let line = |step: almanac_sql::Outline| {
        format!("{:width$}{}: {}", "", step.title, step.detail, width = step.depth as usize)
            .trim_end_matches(": ")
            .to_owned()
    };
    outline(&bound(sql)).into_iter().map(line).collect()
}

#[test]
fn steps_are_told_with_the_names_of_their_columns() {
    assert_eq!(
        told(
            "explain select city, sum(qty) as total from sales join stores on store_id = stores.id where qty > 3 group by city order by total desc limit 2"
        ),
        [
            "limit: 2",
            " sort: total desc",
            "  compute: city, total = sum(qty)",
            "   group: by city: sum(qty)",
            "    inner join: store_id = id",
            "     filter: qty > 3",
            "      read sales: store_id, qty",
            "     read stores: id, city",
        ]
    );
}

#[test]
fn what_is_shared_is_told_once() {
    let steps = told(
        "explain with t as (select store_id, count(*) as n from sales group by 1) select a.n from t a join t b on a.n = b.n",
    );
    assert_eq!(steps.iter().filter(|step| step.contains("read sales")).count(), 1, "{steps:#?}");
    assert!(steps.iter().any(|step| step.trim() == "shared: 0, as above"), "{steps:#?}");
}

#[test]
fn explain_is_a_question_about_a_query() {
    assert_eq!(bound("select 1").explain, None);
    assert_eq!(bound("explain select 1").explain, Some(Explain::Plan));
    assert_eq!(bound("EXPLAIN ANALYZE select 1").explain, Some(Explain::Analyze));
    assert_eq!(problems("explain delete from sales")[0].code.0, "only-queries");
    assert_eq!(problems("explain")[0].code.0, "sql-empty");
    assert_eq!(problems("explain select nope from sales")[0].code.0, "unknown-column");
}
