//! The questions a session has about SQL text, asked of the SQL front.

use almanac_model::view::Completion;
use almanac_model::{Diagnostic, Value};
use almanac_sql::catalog::Catalog;
use almanac_sql::plan::Query;
use std::collections::BTreeMap;

/// The tables a query reads, as written, without its own CTEs. Of a text that does not parse: none.
pub(crate) fn tables_of(sql: &str) -> Vec<String> {
    almanac_sql::tables_of(sql)
}

/// What can be written at a byte of a text.
pub(crate) fn complete(
    sql: &str,
    cursor: u32,
    catalog: &dyn Catalog,
    parameters: &BTreeMap<String, Value>,
) -> (u32, Vec<Completion>) {
    almanac_sql::complete(sql, cursor, catalog, parameters)
}

/// Binds a query.
pub(crate) fn bind(
    sql: &str,
    parameters: &BTreeMap<String, Value>,
    catalog: &dyn Catalog,
) -> Result<Query, Vec<Diagnostic>> {
    almanac_sql::bind(sql, parameters, catalog)
}

/// A name as SQL quotes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
