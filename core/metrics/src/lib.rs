//! The semantic layer: metrics, dimensions, grain, filters and a comparison to one query.
//!
//! May use: `almanac-model`, `almanac-sql`. Never: I/O, a clock, Polars, rows.
//!
//! A question becomes a typed tree ([`tree`]), and the tree becomes text for `core/sql` or for a warehouse ([`print`]).
//!
//! **Invariant:** every table is aggregated on its own before anything is joined, and what is joined has one row a key: no row is
//! counted twice because of another table.
//! **Invariant:** a question that has no right answer is refused with a reason and with what to ask instead.
//! **Invariant:** values of a question are bound parameters in the text that Almanac runs; only the text for people holds literals.

mod catalogue;
mod check;
mod compile;
mod extracts;
mod language;
mod lineage;
pub mod monitor;
pub mod print;
mod question;
pub mod store;
pub mod tree;
pub mod trust;

pub use catalogue::{Catalogue, Problem, SourceText};
pub use compile::{Compiled, Output, Role, compile};
pub use extracts::Extracts;
pub use language::parse_expression;
pub use lineage::lineage;
pub use print::{BoundText, Dialect};
pub use question::{Comparison, FilterOperator, MetricFilter, MetricQuery};
