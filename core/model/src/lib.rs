//! The words Almanac speaks: notebooks, manifests, charts, results, diagnostics, and the messages between page and worker.
//!
//! May use: serde, a YAML reader, a Markdown reader. Never: I/O, a clock, Polars, Arrow, anything of the browser.
//!
//! **Invariant:** parsing never fails; it returns [`Parsed`], a value plus [`Diagnostic`]s.
//! **Invariant:** everything public here is plain data, so that it can cross the worker boundary.

pub mod ahead;
pub mod chart;
pub mod data;
pub mod diagnostic;
pub mod format;
pub mod kept;
pub mod lineage;
pub mod link;
pub mod listing;
pub mod manifest;
pub mod markdown;
pub mod metric;
mod named_tables;
mod nested;
pub mod notebook;
pub mod pool;
pub mod protocol;
pub mod quality;
pub mod reference;
pub mod schema;
pub mod search;
pub mod site;
pub mod sources;
pub mod types;
pub mod view;

pub use diagnostic::{Code, Diagnostic, Parsed, Severity, Span};
pub use nested::{DEEPEST, ListType, StructType};
pub use types::{Interval, Type, Value};
