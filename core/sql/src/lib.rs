//! SQL text to a bound, typed plan: parser front, name resolution, function registry, completion, hints.
//!
//! May use: `almanac-model`, the `sqlparser` crate. Never: I/O, a clock, Polars.
//!
//! **Invariant:** only queries bind; every other statement is a diagnostic.
//! **Invariant:** SQL text is never built by pasting values: parameters are bound as literals of their type.

pub mod catalog;
pub mod functions;
pub mod plan;
