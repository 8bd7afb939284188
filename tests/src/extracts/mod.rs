//! Extracts that tests make for themselves: the same rows on every machine, large enough to be worth asking.
//!
//! `cargo run -p almanac-tests -- <folder> [<times>]` writes them, or so many times more rows, for the oracle, which asks DuckDB about the very files the engine reads.

mod benchmark;
mod random;
mod tables;
mod tpch;

pub use random::Random;
use std::path::Path;
pub use tables::Table;

/// A set of extracts by its name: `tpch`, `groupby` or `join`, with so many times the rows that tests have; `None` for any other
/// name.
#[must_use]
pub fn named(name: &str, times: u32) -> Option<Vec<Table>> {
    match name {
        "tpch" => Some(tpch::tables(TPCH_SCALE * f64::from(times))),
        "groupby" => Some(benchmark::groupby(GROUPBY_ROWS * times as usize)),
        "join" => Some(benchmark::join(JOIN_ROWS * times as usize)),
        _ => None,
    }
}

/// The names that [`named`] knows.
pub const NAMES: [&str; 3] = ["tpch", "groupby", "join"];

/// A tenth of TPC-H's unit, 600,000 order lines: as small as it can be for each of the 22 questions to have an answer.
const TPCH_SCALE: f64 = 0.1;
const GROUPBY_ROWS: usize = 50_000;
const JOIN_ROWS: usize = 20_000;

/// Writes a set of extracts, so many times larger than tests have it, as Parquet files with their manifest.
///
/// # Errors
/// When the name is unknown or the folder cannot be written.
pub fn write(name: &str, times: u32, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let tables = named(name, times).ok_or_else(|| format!("there are no extracts named {name}"))?;
    tables::write(folder, name, &tables)
}
