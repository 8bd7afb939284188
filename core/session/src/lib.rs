//! A notebook at work: which cells follow from which inputs, what has to run again, and what the page is told.
//!
//! The worker, the `almanac` command and the tests all run notebooks through [`Session`].
//!
//! May use: the other core crates. Never: I/O, a clock (both come through [`almanac_engine::Host`] and [`Outlet`]), Polars.
//!
//! **Invariant:** a cell that fails stops only the cells that read it.
//! **Invariant:** a cell runs again exactly when its text, its inputs, the tables or the cells it reads have changed.

mod answer;
mod chart;
mod expect;
mod fingerprint;
mod graph;
mod inputs;
mod kpi;
mod metric;
mod outlet;
mod run;
mod session;
mod shown;
mod sparkline;
mod state;
mod values;

pub use almanac_engine::{Engine, Host, HostError, Pool, WarmUp};
pub use outlet::{Flow, Outlet};
pub use run::RunRequest;
pub use session::Session;
