//! Rhythm: tables with a row for each day or month have one for each, and their numbers do not stand still.

use super::{Check, Probe, Watched, quoted};
use almanac_model::schema::Column;

/// A number whose daily total stays the same on more than one day in so many has a right to: counts of things that seldom change.
const SELDOM: u32 = 33;

pub(super) fn probes(watched: &Watched<'_>) -> Vec<Probe> {
    let (day, month) = watched.times();
    match (day, month) {
        (Some(day), _) if is_each(watched, day, "cube") => {
            let mut probes = days(watched, day);
            probes.extend(frozen(watched, day));
            probes
        }
        (None, Some(month)) if is_each(watched, month, "entity_month") => months(watched, month),
        _ => Vec::new(),
    }
}

/// Whether each day or month of the calendar has rows: the column is part of the key and names a row of a calendar.
fn is_each(watched: &Watched<'_>, name: &str, kind: &str) -> bool {
    let column = watched.schema.columns.iter().find(|column| column.name == name);
    watched.schema.kind == kind
        && watched.schema.primary_key.iter().any(|key| key == name)
        && column.is_some_and(|column| column.references.is_some())
}

fn days(watched: &Watched<'_>, day: &str) -> Vec<Probe> {
    let (table, name) = (watched.name(), quoted(day));
    let sql = format!("SELECT max({name}) - min({name}) + 1 - count(DISTINCT {name}) AS c0 FROM {table}");
    let check =
        Check::of_column(watched, day, "no_gap", "rows for each day from the first to the last", "days missing");
    vec![Probe::one(sql, check)]
}

/// Each month has rows, and so has each value of a dimension from its first month to its last.
fn months(watched: &Watched<'_>, month: &str) -> Vec<Probe> {
    let (table, name) = (watched.name(), quoted(month));
    let sql =
        format!("SELECT date_diff('month', min({name}), max({name})) + 1 - count(DISTINCT {name}) AS c0 FROM {table}");
    let expected = "rows for each month from the first to the last";
    let mut probes = vec![Probe::one(sql, Check::of_column(watched, month, "no_gap", expected, "months missing"))];
    for (dimension, _) in watched.known_values() {
        let column = quoted(dimension);
        let sql = format!(
            "WITH slices AS (SELECT DISTINCT {name} AS period, {column} AS slice FROM {table} WHERE {column} IS NOT NULL) \
             SELECT CAST(sum(months) AS BIGINT) AS c0 FROM (SELECT date_diff('month', min(period), max(period)) + 1 - count(*) AS months \
             FROM slices GROUP BY slice) gaps"
        );
        let expected = "rows for each of its values in each month from its first to its last";
        let check = Check::of_column(watched, dimension, "no_gap", expected, "values of a month missing");
        probes.push(Probe::one(sql, check));
    }
    probes
}

/// Totals that are the same on three days running.
fn frozen(watched: &Watched<'_>, day: &str) -> Option<Probe> {
    let columns: Vec<&Column> = watched.schema.columns.iter().filter(|column| is_number(watched, column)).collect();
    let (table, name) = (watched.name(), quoted(day));
    let each = |shown: &dyn Fn(usize, &Column) -> String| {
        let parts: Vec<String> = columns.iter().enumerate().map(|(at, column)| shown(at, column)).collect();
        parts.join(", ")
    };
    let totals = each(&|at, column| format!("sum({}) AS v{at}", quoted(&column.name)));
    let before = each(&|at, _| {
        format!("v{at}, lag(v{at}) OVER (ORDER BY day) AS p{at}, lag(v{at}, 2) OVER (ORDER BY day) AS q{at}")
    });
    let counts = each(&|at, _| {
        format!(
            "CASE WHEN count(*) FILTER (WHERE v{at} = p{at}) * {SELDOM} < count(*) \
             THEN count(*) FILTER (WHERE v{at} = p{at} AND p{at} = q{at}) ELSE 0 END AS c{at}"
        )
    });
    let sql = format!(
        "WITH totals AS (SELECT {name} AS day, {totals} FROM {table} GROUP BY {name}), \
         neighbours AS (SELECT {before} FROM totals) SELECT {counts} FROM neighbours"
    );
    let check = |column: &&Column| {
        let expected = "a total that is not the same three days running";
        Check::of_column(watched, &column.name, "not_frozen", expected, "days that repeat the two before")
    };
    let checks: Vec<Check> = columns.iter().map(check).collect();
    (!checks.is_empty()).then(|| Probe { checks, ..Probe::one(sql, Check::of_table(watched, "", "", "")) })
}

/// Whether a column counts or measures, and names nothing.
pub(super) fn is_number(watched: &Watched<'_>, column: &Column) -> bool {
    column.ty.is_numeric() && column.references.is_none() && !watched.schema.primary_key.contains(&column.name)
}
