//! A reader's own version of a notebook, kept in the browser over the published one.

use serde::{Deserialize, Serialize};

/// A draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// Fingerprint of the published source it was made from.
    pub(crate) published: String,
    /// Its text.
    pub(crate) text: String,
    /// Milliseconds since 1970 at the last change: the newest of several drafts is shown.
    pub(crate) saved: f64,
}

/// What the keys of all drafts of a notebook begin with.
pub(crate) fn draft_prefix(path: &str) -> String {
    format!("almanac.draft:{path}:")
}

/// The key of the draft over the published version of that fingerprint.
pub(crate) fn draft_key(path: &str, published: &str) -> String {
    format!("{}{published}", draft_prefix(path))
}
