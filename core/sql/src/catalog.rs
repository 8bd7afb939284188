//! What the binder knows of the tables.

use almanac_model::Type;
use std::collections::BTreeMap;

/// Tables by name, letter case aside.
pub trait Catalog {
    /// The table of that name.
    fn table(&self, name: &str) -> Option<CatalogTable>;
    /// All names, sorted, for "did you mean" and completion.
    fn table_names(&self) -> Vec<String>;
    /// The columns that together name a row of a table; none when nobody said. Queries do not need it.
    fn primary_key(&self, _name: &str) -> Vec<String> {
        Vec::new()
    }
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogTable {
    /// Its name as declared.
    pub name: String,
    /// Column names and types in order.
    pub columns: Vec<(String, Type)>,
    /// Rows, when known: joins are ordered by it.
    pub rows: Option<u64>,
    /// Distinct values of columns by name, where they are known: joins are ordered by them.
    pub distinct: BTreeMap<String, u64>,
}
