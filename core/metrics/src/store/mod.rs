//! Values of metrics that are calculated before: which are worth it ([`store_plans`]), and questions answered from them
//! ([`compile_stored`]).
//!
//! A store is one table for each table of extracts and grain, with a row for each metric, split, period and slice. A question that it
//! can answer is compiled as ever, over a catalogue whose aggregates are sums of the store's rows: nothing else changes.
//!
//! **Invariant:** only sums and counts are kept, which add up over slices; distinct counts, means and quantiles are computed from rows.
//! **Invariant:** a value is used only while its table's files and its definition are those it was made of.

mod plan;
mod read;

pub use plan::{StorePlan, StoreScan, StoredRow, store_plans};
pub use read::{Answerable, FromStore, compile_stored};

use crate::catalogue::Leaf;

/// Column names of a store.
pub(crate) const METRIC: &str = "metric";
pub(crate) const SPLIT: &str = "split";
pub(crate) const STORE_PERIOD: &str = "period";
pub(crate) const VALUE: &str = "value";
/// The metric of all rows of the table: where it has any, so that slices without a value are known.
pub(crate) const ALL_ROWS: &str = "";

/// What an aggregate is, as one word that changes with its definition.
fn definition(leaf: &Leaf) -> String {
    let times = (leaf.month(), leaf.day());
    almanac_model::ahead::fingerprint(&format!("{:?} {:?} {times:?}", leaf.measure, leaf.filter))
}
