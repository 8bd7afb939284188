//! The engine outside the browser: extracts in a folder on disk, and a notebook that runs from beginning to end.
//!
//! `almanac check` and the tests use it. May use: the model, the engine, the session, the file system. Never: a browser.

mod disk;
mod run;

pub use disk::{Disk, block_on, manifest_of};
pub use run::{Told, run_notebook};
