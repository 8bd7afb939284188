//! What went wrong, in one sentence, and what a person can do about it.

use std::fmt;

/// A step that could not be done.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// One sentence: what happened, with the name or number.
    what: String,
    /// Commands that do by hand what could not be done here.
    by_hand: Vec<String>,
    /// Last lines of the program that failed.
    detail: Vec<String>,
}

impl Failure {
    /// A failure that says `what` happened.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), by_hand: Vec::new(), detail: Vec::new() }
    }

    /// Adds a command to run by hand.
    pub(crate) fn by_hand(mut self, command: impl Into<String>) -> Self {
        self.by_hand.push(command.into());
        self
    }

    /// Adds the last lines of a program's output.
    pub(crate) fn detail(mut self, lines: &[String]) -> Self {
        self.detail.extend_from_slice(lines);
        self
    }

    /// Puts another sentence in front, when the caller knows better what it means for the reader.
    pub(crate) fn because(mut self, what: impl Into<String>) -> Self {
        self.what = format!("{} ({})", what.into(), self.what.trim_end_matches('.'));
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.detail {
            writeln!(f, "    {line}")?;
        }
        write!(f, "{}", self.what)?;
        if !self.by_hand.is_empty() {
            write!(f, "\n  by hand:")?;
            for command in &self.by_hand {
                write!(f, "\n    {command}")?;
            }
        }
        Ok(())
    }
}

/// Says which file an input or output error was about.
pub(crate) trait AtPath<T> {
    /// Turns the error into a [`Failure`] that names `path`.
    fn at(self, path: &std::path::Path) -> Result<T, Failure>;
}

impl<T> AtPath<T> for std::io::Result<T> {
    fn at(self, path: &std::path::Path) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("{}: {error}.", path.display())))
    }
}
