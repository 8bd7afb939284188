//! What can be seen of single rows, and of the newest: one scan a table.

use super::{Check, FRESHNESS, Probe, Watched, quoted};
use crate::print::BoundText;
use almanac_model::Value;
use std::collections::BTreeMap;

/// The columns of the scan while they are gathered.
#[derive(Default)]
struct Scan {
    columns: Vec<String>,
    checks: Vec<Check>,
    parameters: BTreeMap<String, Value>,
}

impl Scan {
    /// Counts the rows for which a condition holds.
    fn count(&mut self, condition: &str, check: Check) {
        self.columns.push(format!("count(*) FILTER (WHERE {condition})"));
        self.checks.push(check);
    }

    /// The name of a bound value.
    fn bind(&mut self, value: Value) -> String {
        let name = format!("p{}", self.parameters.len());
        self.parameters.insert(name.clone(), value);
        format!("${name}")
    }
}

/// The scan of a table; `None` when nothing of its rows is watched.
pub(super) fn probe(watched: &Watched<'_>) -> Option<Probe> {
    let mut scan = Scan::default();
    columns(watched, &mut scan);
    for (name, rule) in &watched.schema.rules {
        let check = Check::of_table(watched, name, format!("no row that breaks `{rule}`"), "rows");
        scan.count(&format!("NOT ({rule})"), check);
    }
    for (dimension, values) in watched.known_values() {
        let bound: Vec<String> = values.iter().map(|value| scan.bind(Value::Text(value.clone()))).collect();
        let expected = format!("one of {}", values.join(", "));
        let check = Check::of_column(watched, dimension, "accepted_values", expected, "rows");
        scan.count(&format!("{} NOT IN ({})", quoted(dimension), bound.join(", ")), check);
    }
    times(watched, &mut scan);
    let Scan { columns, checks, parameters } = scan;
    let listed: Vec<String> = columns.iter().enumerate().map(|(at, column)| format!("{column} AS c{at}")).collect();
    let sql = format!("SELECT {} FROM {}", listed.join(", "), watched.name());
    (!checks.is_empty()).then_some(Probe { text: BoundText { sql, parameters }, checks })
}

/// NULLs and bounds.
fn columns(watched: &Watched<'_>, scan: &mut Scan) {
    for column in &watched.schema.columns {
        let name = quoted(&column.name);
        if !column.nullable {
            let check = Check::of_column(watched, &column.name, "not_null", "no NULL", "rows");
            scan.count(&format!("{name} IS NULL"), check);
        }
        let (low, high) = column.bounds();
        let conditions: Vec<String> = [(low, "<"), (high, ">")]
            .into_iter()
            .filter_map(|(bound, sign)| Some(format!("{name} {sign} {}", scan.bind(Value::Double(bound?)))))
            .collect();
        if !conditions.is_empty() {
            let expected = match (low, high) {
                (Some(low), Some(high)) => format!("from {low} to {high}"),
                (Some(low), None) => format!("at least {low}"),
                (_, high) => format!("at most {}", high.unwrap_or_default()),
            };
            let check = Check::of_column(watched, &column.name, "bounds", expected, "rows");
            scan.count(&conditions.join(" OR "), check);
        }
    }
}

/// Nothing of tomorrow, and the newest rows not older than the rhythm of the table allows.
fn times(watched: &Watched<'_>, scan: &mut Scan) {
    let (day, month) = watched.times();
    let Some(column) = day.or(month) else { return };
    let name = quoted(column);
    let as_of = scan.bind(Value::Date(watched.as_of));
    let check = Check::of_column(watched, column, "not_in_future", "no day after that of the data", "rows");
    scan.count(&format!("{name} > {as_of}"), check);
    let Some(age) = watched.facts.and_then(|facts| facts.max_age_days) else { return };
    // An entity's days are those on which things began: no rhythm says that one begins each day.
    if watched.schema.kind == "entity" {
        return;
    }
    let last = match day {
        Some(_) => format!("max({name}) FILTER (WHERE {name} <= {as_of})"),
        None => format!("last_day(max({name}) FILTER (WHERE {name} <= {as_of}))"),
    };
    let expected = format!("rows of at most {age} days before the day of the data");
    scan.columns.push(format!("CAST({as_of} AS DATE) - {last} - {age}"));
    scan.checks.push(Check::of_table(watched, FRESHNESS, expected, "days too old"));
}
