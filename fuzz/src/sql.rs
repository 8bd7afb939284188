//! What the SQL front does with a text: used by the fuzz target and by the test that replays its corpus.

use almanac_model::Type;
use almanac_sql::catalog::{Catalog, CatalogTable};
use almanac_sql::{BindOptions, bind, complete, tables_of};
use std::collections::BTreeMap;

/// Two tables, with every type between them.
struct Tables;

impl Catalog for Tables {
    fn table(&self, name: &str) -> Option<CatalogTable> {
        let columns: &[(&str, Type)] = match name.to_lowercase().as_str() {
            "t" => &[
                ("k", Type::Integer),
                ("i", Type::BigInt),
                ("d", Type::Double),
                ("s", Type::Varchar),
                ("ok", Type::Boolean),
            ],
            "u" => &[("k", Type::Integer), ("day", Type::Date), ("at", Type::Timestamp), ("clock", Type::Time)],
            _ => return None,
        };
        Some(CatalogTable {
            name: name.to_lowercase(),
            columns: columns.iter().map(|(name, ty)| ((*name).to_owned(), *ty)).collect(),
            rows: Some(1_000),
            distinct: BTreeMap::new(),
        })
    }

    fn table_names(&self) -> Vec<String> {
        vec!["t".into(), "u".into()]
    }
}

/// Reads a text in every way there is. What is wrong with it must have a place in it.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(sql) = std::str::from_utf8(bytes) else { return };
    let options = BindOptions { today: Some(20_422), ..BindOptions::default() };
    if let Err(problems) = bind(sql, &Tables, &options) {
        assert!(!problems.is_empty(), "refused without a word");
        for problem in problems {
            let placed = problem.span.is_none_or(|span| sql.get(span.start..span.end).is_some());
            assert!(placed, "the place of {problem:?} is no part of the text");
        }
    }
    let _ = tables_of(sql);
    let cursor = u32::try_from(sql.len() / 2).unwrap_or_default();
    let (start, _) = complete(sql, cursor, &Tables, &BTreeMap::new());
    assert!(sql.is_char_boundary(start as usize), "completion begins inside a letter");
}
