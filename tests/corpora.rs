//! Replays the corpora of the fuzz targets in `fuzz/`: what was once found stays fixed, without a fuzzer.

use almanac_tests::project::project;
use std::panic::catch_unwind;

#[path = "../fuzz/src/footer.rs"]
mod footer;
#[path = "../fuzz/src/notebook.rs"]
mod notebook;
#[path = "../fuzz/src/sql.rs"]
mod sql;

/// Reads every file of a corpus; names those that must not fail.
fn replay(name: &str, at_least: usize, read: fn(&[u8])) {
    let mut paths: Vec<_> = std::fs::read_dir(project(&format!("fuzz/corpus/{name}")))
        .expect("the corpora are part of the project")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    let failed: Vec<_> = paths
        .iter()
        .filter(|path| {
            let bytes = std::fs::read(path).expect("a file of the corpus");
            catch_unwind(|| read(&bytes)).is_err()
        })
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(paths.len() >= at_least, "only {} files", paths.len());
}

#[test]
fn of_sql() {
    replay("sql", 40, sql::read);
}

#[test]
fn of_notebooks() {
    replay("notebook", 15, notebook::read);
}

#[test]
fn of_footers() {
    replay("footer", 10, footer::read);
}
