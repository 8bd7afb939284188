//! Grouping and aggregates: group numbers for rows, then one dense pass for each aggregate.
//!
//! May use: Polars' columns. Never: Polars' own group-by, whose sums of no rows are 0 and whose counts have 32 bits.

pub(crate) mod basic;
pub(crate) mod groups;
pub(crate) mod holistic;
pub(crate) mod input;
pub(crate) mod moments;
pub(crate) mod table;
