//! Where the project lies.

use std::path::PathBuf;

/// A folder of the project, whatever the folder the tests are started from.
///
/// Cargo names the folder when it starts the test: one that was named when the test was compiled may belong to another clone
/// with the same target folder.
///
/// # Panics
/// When the test was not started by cargo.
#[must_use]
pub fn project(path: &str) -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("tests are started by cargo");
    PathBuf::from(package).join("..").join(path)
}
