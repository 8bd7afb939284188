//! The file of tables: its columns are there, its dimensions are known.

use crate::catalogue::Catalogue;
use almanac_model::metric::Written;
use almanac_model::{Diagnostic, Type};
use std::collections::BTreeMap;

/// The columns a table has, where the extracts are known.
pub(super) fn columns<'a>(catalogue: &'a Catalogue, table: &str) -> Option<&'a BTreeMap<String, Type>> {
    catalogue.schema.as_ref()?.get(table)
}

/// A problem when a table is known to have no such column.
pub(super) fn column(catalogue: &Catalogue, table: &str, column: &Written) -> Option<Diagnostic> {
    let columns = columns(catalogue, table)?;
    if columns.contains_key(&column.text) {
        return None;
    }
    let message = format!("the table `{table}` has no column `{}`", column.text);
    let problem = Diagnostic::error("unknown-column", column.span, message);
    Some(problem.did_you_mean(&column.text, columns.keys().map(String::as_str)))
}

pub(super) fn check(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for table in catalogue.tables.tables.values() {
        if let Some(schema) = &catalogue.schema
            && !schema.contains_key(&table.name)
        {
            let message = format!("there is no table `{}` among the extracts", table.name);
            problems.push(
                Diagnostic::error("unknown-table", table.span, message)
                    .did_you_mean(&table.name, schema.keys().map(String::as_str)),
            );
            continue;
        }
        let times = [&table.time.month, &table.time.day].into_iter().flatten();
        for written in times.chain(&table.dimensions) {
            problems.extend(column(catalogue, &table.name, written));
        }
        let keys = table.primary_key.iter().chain(table.repeated.keys()).chain(table.repeated.values());
        for key in keys {
            problems.extend(column(
                catalogue,
                &table.name,
                &Written { text: key.clone(), span: table.span, plain: false },
            ));
        }
        for dimension in &table.dimensions {
            if !catalogue.tables.dimensions.contains_key(&dimension.text) {
                let message = format!("`{}` is not described under `dimensions`", dimension.text);
                let known = catalogue.tables.dimensions.keys().map(String::as_str);
                problems.push(
                    Diagnostic::warning("unknown-dimension", dimension.span, message)
                        .did_you_mean(&dimension.text, known),
                );
            }
        }
    }
    problems
}
