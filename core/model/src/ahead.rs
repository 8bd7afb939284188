//! Texts of a site that were read ahead of time, so that the page carries neither a Markdown nor a YAML reader.
//!
//! Beside `site.yml` and each notebook lies a file whose name ends in `.json`: what the text says, with the fingerprint of the
//! text. The page uses it only while the fingerprint is that of the text it fetched; else it asks the worker, which can read.
//! So a text that was changed by hand is never shown as it was.

use crate::diagnostic::Parsed;
use crate::site::Site;
use crate::view::NotebookView;
use serde::{Deserialize, Serialize};

/// What a text says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ahead<T> {
    /// [`fingerprint`] of the text.
    pub of: String,
    /// What it says.
    pub value: T,
}

/// A text of the site that has a structure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// `site.yml`.
    Site(Parsed<Site>),
    /// A notebook.
    Notebook(NotebookView),
}

/// Which structure a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// `site.yml`.
    Site,
    /// A notebook.
    Notebook,
}

impl TextKind {
    /// The kind of the file at `path`, relative to the site's folder; `None` for files nobody reads ahead.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        if path == "site.yml" {
            Some(Self::Site)
        } else {
            (path.starts_with("notebooks/") && path.ends_with(".md")).then_some(Self::Notebook)
        }
    }

    /// Reads a text.
    #[must_use]
    pub fn read(self, text: &str) -> Reading {
        match self {
            Self::Site => Reading::Site(Site::parse(text)),
            Self::Notebook => Reading::Notebook(NotebookView::of(text)),
        }
    }
}

/// Where the reading of the file at `path` lies.
#[must_use]
pub fn ahead_path(path: &str) -> String {
    format!("{path}.json")
}

/// The content of the file at [`ahead_path`].
///
/// # Errors
/// None that a text can cause: all keys are texts and all numbers finite.
pub fn read_ahead(kind: TextKind, text: &str) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Ahead { of: fingerprint(text), value: kind.read(text) })
}

/// A short name for a text, to see whether it changed.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    format!("{:016x}", fnv1a(text.as_bytes()))
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>. Not for secrets: whoever chooses the bytes can choose the hash.
#[must_use]
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::CellFace;

    /// Test vectors of the FNV reference.
    #[test]
    fn fingerprints_are_fnv() {
        assert_eq!(fingerprint(""), "cbf29ce484222325");
        assert_eq!(fingerprint("a"), "af63dc4c8601ec8c");
        assert_eq!(fingerprint("foobar"), "85944171f73967e8");
    }

    #[test]
    fn only_the_site_file_and_notebooks_are_read_ahead() {
        assert_eq!(TextKind::of("site.yml"), Some(TextKind::Site));
        assert_eq!(TextKind::of("notebooks/sales/pipeline.md"), Some(TextKind::Notebook));
        for other in ["notebooks/site.yml", "README.md", "notebooks/a.md.json", "data/datapackage.json"] {
            assert_eq!(TextKind::of(other), None, "{other}");
        }
    }

    #[test]
    fn a_notebook_survives_the_way_to_the_page() {
        let text = "---\ntitle: Sales\ninputs:\n  region:\n    kind: select\n    options: [all, EMEA]\n---\n\nIn **words**.\n\n```sql by_stage\nselect 1\n```\n\n```table\ndata: by_stage\ntitle: Stages\n```\n";
        let file = read_ahead(TextKind::Notebook, text).expect("it is written");
        let back: Ahead<Reading> = serde_json::from_str(&file).expect("it is read");
        assert_eq!(back.of, fingerprint(text));
        let Reading::Notebook(view) = back.value else { panic!("it is a notebook") };
        assert_eq!(view.title, "Sales");
        assert_eq!(view.diagnostics, vec![]);
        assert_eq!(view.input("region").map(|input| input.default.as_str()), Some("all"));
        let cell = view.cell("by_stage").expect("it is there");
        assert_eq!(cell.sql(), Some("select 1\n"));
        assert_eq!(&text[cell.body.start..cell.body.end], "select 1\n");
        assert_eq!(view.cells().nth(1).map(|cell| &cell.face), Some(&CellFace::Table(Some("Stages".to_owned()))));
    }
}
