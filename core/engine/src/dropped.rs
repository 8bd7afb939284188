//! Files that a reader drops, as tables.

use std::cell::RefCell;
use std::collections::BTreeMap;

use almanac_model::Diagnostic;
use almanac_model::view::TableSource;
use bytes::Bytes;

use crate::held::Held;
use crate::load::{self, sniff};
use crate::run::width;
use crate::store::{Origin, StoredTable};

/// The table of a file; what it is, its bytes decide. The warnings name columns that were left out.
///
/// # Errors
/// An empty, damaged or foreign file, or one whose values take more than `budget` bytes.
pub(crate) fn read(name: &str, bytes: &Bytes, budget: u64) -> Result<(StoredTable, Vec<Diagnostic>), Diagnostic> {
    let refused = |code, what: &str| {
        Err(Diagnostic::error_without_place(code, format!("`{name}` {what}"))
            .hint("Almanac reads Parquet, CSV and Arrow files"))
    };
    let memory = match sniff::kind(bytes) {
        sniff::Kind::Parquet => {
            let footer = load::parquet::footer_of_whole(name, bytes, budget)?;
            load::claims::check(name, bytes, &footer, budget, width)?;
            let warnings = footer.unreadable.iter().map(|(column, ty)| load::left_out(name, column, ty)).collect();
            let mut table = StoredTable {
                name: name.to_owned(),
                source: TableSource::Dropped,
                columns: footer.columns.clone(),
                rows: footer.rows(),
                origin: Origin::dropped(bytes.clone(), footer),
                held: BTreeMap::new(),
                facts: RefCell::default(),
            };
            // Decoded at once, so that damage is told when the file is dropped and not by some query later.
            table.decode_all(budget)?;
            return Ok((table, warnings));
        }
        sniff::Kind::ArrowFile => load::ipc::read(name, bytes, false)?,
        sniff::Kind::ArrowStream => load::ipc::read(name, bytes, true)?,
        sniff::Kind::Csv if sniff::is_named_binary(name) => {
            return refused("foreign-file", "is text, though its name says that it is not");
        }
        sniff::Kind::Csv => load::csv::read(name, bytes)?,
        sniff::Kind::Empty => return refused("empty-file", "is empty"),
        sniff::Kind::Foreign(what) => return refused("foreign-file", &format!("is {what}")),
        sniff::Kind::Unknown => return refused("foreign-file", "is of a kind Almanac does not know"),
    };
    let table = StoredTable {
        name: name.to_owned(),
        source: TableSource::Dropped,
        columns: memory.columns.iter().map(|(name, ty, _)| (name.clone(), *ty)).collect(),
        rows: memory.rows,
        origin: Origin::Memory,
        held: memory.columns.into_iter().map(|(name, _, series)| (name, Held::all(series))).collect(),
        facts: RefCell::default(),
    };
    Ok((table, memory.warnings))
}
