//! Plans to results: Parquet, CSV and Arrow files into columns, bound queries into rows, on polars-lazy.
//!
//! The same code runs in the browser's worker and in the native `almanac` command; what differs is the [`Host`].
//!
//! May use: Polars' crates, arrow, parquet. Never: I/O of its own, a clock, the environment, randomness.
//! **Invariant:** no Polars or Arrow type is part of the public interface.
//! **Invariant:** what a reader wrote or dropped becomes a diagnostic, never a panic.

mod aggregate;
mod calendar;
mod dropped;
mod engine;
mod execute;
mod explain;
mod facts;
mod held;
mod host;
mod interval_bytes;
mod join;
mod kept_result;
mod load;
mod lower;
mod needs;
mod nested;
mod order;
mod parts;
mod physical;
mod result;
mod rows;
mod run;
mod scan;
mod store;
mod text_form;
mod told;
mod views;
mod warm;
mod window;

pub use engine::{Answer, Engine, Reading};
pub use host::{Estimate, Host, HostError, Pool};
pub use result::ResultSet;
pub use warm::WarmUp;
