//! Window functions: rows in partitions and order, frames, and what is computed over them.
//!
//! May use: the grouping kernels, Polars' columns. Never: lazy plans.

pub(crate) mod aggregate;
pub(crate) mod frame;
pub(crate) mod partitions;
pub(crate) mod pick;
pub(crate) mod rank;
