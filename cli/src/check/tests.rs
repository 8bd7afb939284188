//! `almanac check` on sites of its own making.

use super::*;
use std::fs;

/// A site in a folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, notebook: &str) -> Self {
        let root = std::env::temp_dir().join(format!("almanac-check-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("notebooks")).unwrap();
        fs::create_dir_all(root.join("data")).unwrap();
        fs::write(root.join("site.yml"), "title: Test\nnotebooks:\n  - notebooks/one.md\n").unwrap();
        fs::write(root.join("notebooks/one.md"), notebook).unwrap();
        fs::write(root.join("data/datapackage.json"), "{\"name\":\"t\",\"resources\":[]}").unwrap();
        Self(root)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_notebook_that_keeps_its_word_passes() {
    let site = Folder::new("good", "# Three\n\n```sql three\nselect 1 + 2 as n\n```\n\n```expect three\n3\n```\n");
    let outcome = check(&site.0, &site.0.join("data")).unwrap();
    assert_eq!(
        (outcome.notebooks, outcome.expectations, outcome.errors, outcome.warnings),
        (1, 1, 0, 0),
        "{}",
        outcome.report
    );
    assert!(outcome.report.contains("three   sql"), "{}", outcome.report);
}

#[test]
fn a_wrong_answer_and_a_wrong_column_are_errors_with_a_place() {
    let site = Folder::new(
        "bad",
        "```sql three\nselect 3 as n\n```\n\n```sql four\nselect nn from three\n```\n\n```expect three\n4\n```\n",
    );
    let outcome = check(&site.0, &site.0.join("data")).unwrap();
    assert_eq!(outcome.errors, 2, "{}", outcome.report);
    assert!(outcome.report.contains("notebooks/one.md:6:8"), "{}", outcome.report);
    assert!(outcome.report.contains("6 | select nn from three"), "{}", outcome.report);
}

#[test]
fn a_notebook_that_is_listed_but_missing_is_an_error() {
    let site = Folder::new("missing", "");
    fs::write(site.0.join("site.yml"), "title: Test\nnotebooks:\n  - notebooks/on.md\n").unwrap();
    let outcome = check(&site.0, &site.0.join("data")).unwrap();
    assert_eq!(outcome.errors, 1, "{}", outcome.report);
    assert!(outcome.report.contains("did you mean `notebooks/one.md`?"), "{}", outcome.report);
}

#[test]
fn a_site_without_data_says_what_to_run() {
    let site = Folder::new("empty", "");
    fs::remove_file(site.0.join("data/datapackage.json")).unwrap();
    assert!(check(&site.0, &site.0.join("data")).err().unwrap().contains("almanac demo"));
}
