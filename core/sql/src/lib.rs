//! SQL text to a bound, typed plan: parser front, name resolution, function registry, completion, hints.
//!
//! May use: `almanac-model`, the `sqlparser` crate. Never: I/O, a clock, Polars.
//!
//! **Invariant:** only queries bind; every other statement is a diagnostic.
//! **Invariant:** SQL text is never built by pasting values: parameters are bound as literals of their type.
//! **Invariant:** no text panics; limits on length, nesting and chains keep the stack and memory bounded.

mod bind;
pub mod catalog;
mod complete;
mod depth;
mod explain;
pub mod functions;
mod limits;
mod literal;
mod optimise;
mod outline;
mod parse;
pub mod plan;
mod tables;
mod walk;

pub use bind::{BindOptions, Parameter, bind, pivot_questions};
pub use complete::complete;
pub use limits::Limits;
pub use optimise::Optimise;
pub use outline::{Outline, key, outline};
pub use tables::tables_of;
pub use walk::{expressions, inputs, output};
