//! Problems as data: a stable code, a place in the source, one sentence, and what to try next.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A byte range in the source text that a reader can see: a notebook, a SQL cell, a YAML file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to but not including `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same range, moved right: from a cell's own text to the notebook that holds it.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The cell still answers, but something was left out or guessed.
    Warning,
    /// The cell has no answer.
    Error,
}

/// A stable, documented name of a kind of problem, in kebab case: `unknown-column`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(pub std::borrow::Cow<'static, str>);

impl Code {
    /// A code known at compile time.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(std::borrow::Cow::Borrowed(name))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A problem, shown next to the text that caused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What kind of problem this is.
    pub code: Code,
    /// Whether it stops the answer.
    pub severity: Severity,
    /// Where: bytes of the text that was parsed. `None` when no text is at fault (a file is missing).
    pub span: Option<Span>,
    /// One sentence without a full stop: what happened, with the name or number concerned.
    pub message: String,
    /// What to try next, each a sentence: "did you mean `net_sales`?"
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code: Code::new(code),
            severity: Severity::Error,
            span: Some(span),
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// An error that no text is to blame for.
    pub fn error_without_place(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Code::new(code),
            severity: Severity::Error,
            span: None,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds "did you mean …?" when one of `candidates` is close to `given`.
    #[must_use]
    pub fn did_you_mean<'a>(self, given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(given, candidates) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// The same problem seen from the text that contains the one it was found in.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.span = self.span.map(|span| span.shifted(by));
        self
    }

    /// Whether it stops the answer.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The candidate nearest to `given` by Damerau–Levenshtein distance, if it is near enough to be a slip of the hand
/// (at most one edit in three characters, and never more than three).
pub fn closest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = given.to_lowercase();
    let limit = (wanted.chars().count().div_ceil(3)).min(3);
    candidates
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wanted, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// What a parser returns: always a value, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parsed<T> {
    /// The best reading of the text.
    pub value: T,
    /// In order of place.
    pub diagnostics: Vec<Diagnostic>,
}
