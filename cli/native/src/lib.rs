//! The engine outside the browser: extracts in a folder on disk, a notebook that runs from beginning to end, the tests of
//! data and metrics.
//!
//! `almanac check` and the tests use it. May use: the model, the metrics, the engine, the session, the file system. Never: a browser.

mod disk;
mod quality;
mod run;

pub use disk::{Disk, block_on, manifest_of};
pub use quality::run_quality;
pub use run::{Told, run_notebook};
