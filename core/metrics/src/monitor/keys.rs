//! Keys: no two rows of one, none that names a row that is not there, sums over one that are known.

use super::{Check, Probe, Watched, quoted};
use almanac_model::Value;
use almanac_model::schema::Table;

pub(super) fn probes(watched: &Watched<'_>, all: &[Table]) -> Vec<Probe> {
    let table = watched.name();
    let mut probes = Vec::new();
    let repeated = |columns: &[&str]| {
        let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let known: Vec<String> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        let (names, known) = (names.join(", "), known.join(" AND "));
        format!(
            "SELECT count(*) AS c0 FROM (SELECT {names} FROM {table} WHERE {known} GROUP BY {names} HAVING count(*) > 1) keys"
        )
    };
    let key: Vec<&str> = watched.schema.primary_key.iter().map(String::as_str).collect();
    if !key.is_empty() {
        let expected = format!("no two rows with the same {}", key.join(", "));
        probes
            .push(Probe::one(repeated(&key), Check::of_table(watched, "unique_key", expected, "keys more than once")));
    }
    for column in watched.schema.columns.iter().filter(|column| column.unique) {
        let check = Check::of_column(watched, &column.name, "unique", "each value once", "values more than once");
        probes.push(Probe::one(repeated(&[&column.name]), check));
    }
    for column in &watched.schema.columns {
        let Some(other) = column.references.as_ref().and_then(|name| all.iter().find(|table| table.name == *name))
        else {
            continue;
        };
        let [key] = other.primary_key.as_slice() else { continue };
        let (here, there) = (quoted(&column.name), quoted(key));
        let sql = format!(
            "SELECT count(*) AS c0 FROM {table} AS rows_here WHERE rows_here.{here} IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM {} AS rows_there WHERE rows_there.{there} = rows_here.{here})",
            quoted(&other.name)
        );
        let expected = format!("a `{key}` of `{}`", other.name);
        probes.push(Probe::one(sql, Check::of_column(watched, &column.name, "relationship", expected, "rows")));
    }
    for sum in &watched.schema.adds_up {
        let (column, by) = (quoted(&sum.column), quoted(&sum.by));
        let sql = format!(
            "SELECT count(*) AS c0 FROM (SELECT {by} FROM {table} GROUP BY {by} HAVING abs(sum({column}) - $whole) > 0.001) sums"
        );
        let expected = format!("a sum of {} for each `{}`", sum.to, sum.by);
        let check = Check::of_column(watched, &sum.column, "adds_up", expected, "keys with another sum");
        probes.push(Probe::one(sql, check).with("whole", Value::Double(sum.to)));
    }
    probes
}
