//! The keys of one entry: each is asked for once, in the type it must have; what is left over is misspelt.
//!
//! **Invariant:** a key that nobody asked for is an error: a filter whose key is misspelt would else be a wrong number.

use super::Written;
use crate::diagnostic::{Diagnostic, Span};
use crate::notebook::{Kind, Node};

/// The code of everything that is wrong with an entry as such.
pub(super) const CODE: &str = "broken-metric";

/// One entry while it is read.
pub(super) struct Fields<'a> {
    /// The file.
    source: &'a str,
    /// What it is, for messages: "the metric `mrr`".
    what: String,
    /// Where its name stands.
    place: Span,
    entries: &'a [(String, Span, Node)],
    asked: Vec<&'static str>,
    /// What is wrong so far.
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// The keys of a map; anything else is a problem, and has none.
    pub(super) fn new(source: &'a str, what: impl Into<String>, place: Span, node: &'a Node) -> Self {
        let what = what.into();
        let mut problems = Vec::new();
        let entries = match &node.kind {
            Kind::Map(entries) => entries.as_slice(),
            Kind::Null => &[],
            _ => {
                let message = format!("{what} is described by lines of `key: value`, but this is {}", node.what());
                problems.push(Diagnostic::error(CODE, node.span, message));
                &[]
            }
        };
        Self { source, what, place, entries, asked: Vec::new(), problems }
    }

    /// The node of a key.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        let entries = self.entries;
        entries.iter().find(|(name, ..)| name == key).map(|(.., node)| node).filter(|node| node.kind != Kind::Null)
    }

    /// A problem at a node.
    pub(super) fn wrong(&mut self, node: &Node, message: impl Into<String>) {
        self.problems.push(Diagnostic::error(CODE, node.span, message));
    }

    /// A text and its place.
    pub(super) fn written(&mut self, key: &'static str) -> Option<Written> {
        let node = self.node(key)?;
        let written = written(self.source, node);
        if written.is_none() {
            self.wrong(node, format!("`{key}` should be text, but this is {}", node.what()));
        }
        written
    }

    /// A text and its place that must be there.
    pub(super) fn needed(&mut self, key: &'static str) -> Written {
        if self.node(key).is_none() {
            self.problems.push(
                Diagnostic::error(CODE, self.place, format!("{} has no `{key}`", self.what))
                    .hint(format!("add a line `{key}: …`")),
            );
            return Written::default();
        }
        self.written(key).unwrap_or_default()
    }

    /// A text; empty when absent.
    pub(super) fn text(&mut self, key: &'static str) -> String {
        self.written(key).map(|written| written.text).unwrap_or_default()
    }

    /// Words with their places: a list, or one.
    pub(super) fn words(&mut self, key: &'static str) -> Vec<Written> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let items: &[Node] = match &node.kind {
            Kind::List(items) => items,
            _ => std::slice::from_ref(node),
        };
        let mut words = Vec::new();
        for item in items {
            match written(self.source, item) {
                Some(word) => words.push(word),
                None => self.wrong(item, format!("`{key}` should be a list of words, but this is {}", item.what())),
            }
        }
        words
    }

    /// A whole number from 0 on.
    pub(super) fn count(&mut self, key: &'static str) -> Option<u32> {
        let node = self.node(key)?;
        let count = node.text().and_then(|text| text.trim().parse().ok());
        if count.is_none() {
            self.wrong(node, format!("`{key}` should be a whole number from 0 on"));
        }
        count
    }

    /// One of some words.
    pub(super) fn one_of<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let node = self.node(key)?;
        let given = node.text().unwrap_or_default();
        let found = choices.iter().find(|(name, _)| *name == given).map(|(_, value)| *value);
        if found.is_none() {
            let names = || choices.iter().map(|(name, _)| *name);
            let listed: Vec<String> = names().map(|name| format!("`{name}`")).collect();
            let message = format!("`{given}` is none of {}", listed.join(", "));
            self.problems.push(Diagnostic::error(CODE, node.span, message).did_you_mean(given, names()));
        }
        found
    }

    /// Whether there are keys that nobody asked for.
    pub(super) fn has_others(&self) -> bool {
        self.entries.iter().any(|(key, ..)| !self.asked.contains(&key.as_str()))
    }

    /// All that is wrong, misspelt keys included; whether the entry can be used.
    pub(super) fn finish(mut self, diagnostics: &mut Vec<Diagnostic>) -> bool {
        for (key, span, _) in self.entries {
            if !self.asked.contains(&key.as_str()) {
                let problem = Diagnostic::error("unknown-key", *span, format!("{} has no key `{key}`", self.what))
                    .did_you_mean(key, self.asked.iter().copied());
                self.problems.push(if problem.hints.is_empty() {
                    let keys: Vec<String> = self.asked.iter().map(|key| format!("`{key}`")).collect();
                    problem.hint(format!("the keys are {}", keys.join(", ")))
                } else {
                    problem
                });
            }
        }
        let usable = !self.problems.iter().any(Diagnostic::is_error);
        diagnostics.append(&mut self.problems);
        usable
    }
}

/// A scalar and the place of its own letters.
pub(super) fn written(source: &str, node: &Node) -> Option<Written> {
    let text = node.text()?.trim().to_owned();
    let at = |offset: usize| {
        let start = node.span.start + offset;
        source.get(start..).is_some_and(|rest| rest.starts_with(&text)).then(|| Span::new(start, start + text.len()))
    };
    let own = at(0).or_else(|| at(1));
    Some(Written { plain: own.is_some(), span: own.unwrap_or(node.span), text })
}
