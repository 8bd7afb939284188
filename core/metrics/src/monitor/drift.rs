//! Drift: the mean of a number in the newest month, beside how much it moved in all months before.
//!
//! Snapshots only: the newest month of events is not over for whoever waits for their end (days from lead to deal), and so it
//! differs from those before on clean data, too.

use super::rhythm::is_number;
use super::{Check, Probe, Watched, quoted};
use almanac_model::Value;
use almanac_model::metric::Grain;
use almanac_model::schema::Column;

/// A jump that is so many times the largest before is none of those.
const JUMP: u32 = 3;
/// Fewer months do not tell what is usual.
const LEAST_MONTHS: u32 = 12;

pub(super) fn probes(watched: &Watched<'_>) -> Option<Probe> {
    if !matches!(watched.schema.kind.as_str(), "entity_month" | "cube") {
        return None;
    }
    let (_, month) = watched.times();
    let month = quoted(month?);
    let columns: Vec<&Column> = watched.schema.columns.iter().filter(|column| is_number(watched, column)).collect();
    if columns.is_empty() {
        return None;
    }
    let each = |shown: &dyn Fn(usize, &Column) -> String| {
        let parts: Vec<String> = columns.iter().enumerate().map(|(at, column)| shown(at, column)).collect();
        parts.join(", ")
    };
    let means = each(&|at, column| format!("avg({}) AS v{at}", quoted(&column.name)));
    let moves = each(&|at, _| format!("abs(v{at} - lag(v{at}) OVER (ORDER BY period)) AS d{at}"));
    let jumps = each(&|at, _| {
        format!(
            "CASE WHEN count(d{at}) >= {LEAST_MONTHS} AND max(d{at}) FILTER (WHERE period = $last) > \
             {JUMP} * max(d{at}) FILTER (WHERE period < $last) THEN 1 ELSE 0 END AS c{at}"
        )
    });
    let sql = format!(
        "WITH means AS (SELECT {month} AS period, {means} FROM {} WHERE {month} <= $last GROUP BY {month}), \
         moves AS (SELECT period, {moves} FROM means) SELECT {jumps} FROM moves",
        watched.name()
    );
    let check = |column: &&Column| {
        let expected = format!("a mean that moves by at most {JUMP} times what it ever moved from month to month");
        Check::of_column(watched, &column.name, "no_drift", expected, "jump of the newest month")
    };
    let checks = columns.iter().map(check).collect();
    let probe = Probe { checks, ..Probe::one(sql, Check::of_table(watched, "", "", "")) };
    Some(probe.with("last", Value::Date(Grain::Month.start(watched.as_of))))
}
