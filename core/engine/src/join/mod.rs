//! Joins by row numbers: which rows of two sides have equal keys. Whose columns these are, and what becomes of rows without a
//! partner, [`lower`](crate::lower) knows.
//!
//! May use: Polars' arrays. Never: Polars' own joins, which copy all columns and hash every key. The keys of an extract are
//! nearly always whole numbers without large gaps, and then a key, less the smallest, is its place in a table.

pub(crate) mod index;
pub(crate) mod lane;
pub(crate) mod pairs;
pub(crate) mod set;
