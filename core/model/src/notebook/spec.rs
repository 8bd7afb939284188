//! Reading a YAML map against the keys it may have: every misfit is a diagnostic, every value keeps its place.

use super::yaml::{Kind, Node};
use crate::diagnostic::{Diagnostic, Span};
use std::collections::BTreeMap;

/// A map being read.
pub(super) struct Fields<'a> {
    /// What it describes, for messages: "a chart".
    what: &'static str,
    /// The code of its problems.
    code: &'static str,
    entries: &'a [(String, Span, Node)],
    span: Span,
    prefix: String,
}

/// What reading gathers.
#[derive(Default)]
pub(super) struct Notes {
    /// Problems.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Places of the values that were read, by path.
    pub(super) places: BTreeMap<String, Span>,
}

impl Notes {
    /// Whether something stops the answer.
    pub(super) fn failed(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

impl<'a> Fields<'a> {
    /// Reads `node`, which must be a map of `keys`. Anything else is a problem, and the map is taken as empty.
    pub(super) fn of(
        node: &'a Node,
        what: &'static str,
        code: &'static str,
        keys: &[&str],
        prefix: &str,
        notes: &mut Notes,
    ) -> Self {
        let entries = match &node.kind {
            Kind::Map(entries) => entries.as_slice(),
            other => {
                let found = Node { kind: other.clone(), span: node.span };
                notes.diagnostics.push(
                    Diagnostic::error(
                        code,
                        node.span,
                        format!("{what} is described by lines of `key: value`, but this is {}", found.what()),
                    )
                    .hint(format!("the keys are {}", list(keys))),
                );
                &[]
            }
        };
        for (key, span, _) in entries {
            if !keys.contains(&key.as_str()) {
                let problem = Diagnostic::warning("unknown-key", *span, format!("{what} has no key `{key}`"))
                    .did_you_mean(key, keys.iter().copied());
                let problem = if problem.hints.is_empty() {
                    problem.hint(format!("the keys are {}", list(keys)))
                } else {
                    problem
                };
                notes.diagnostics.push(problem);
            }
        }
        Self { what, code, entries, span: node.span, prefix: prefix.to_owned() }
    }

    /// The value of a key, if it is there and not empty.
    pub(super) fn node(&self, key: &str, notes: &mut Notes) -> Option<&'a Node> {
        let (_, _, node) = self.entries.iter().find(|(name, _, _)| name == key)?;
        if node.kind == Kind::Null {
            return None;
        }
        notes.places.insert(format!("{}{key}", self.prefix), node.span);
        Some(node)
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str, notes: &mut Notes) -> Option<String> {
        let node = self.node(key, notes)?;
        match node.text() {
            Some(text) => Some(text.to_owned()),
            None => {
                self.misfit(key, node, "text", notes);
                None
            }
        }
    }

    /// The text of a key that must be there.
    pub(super) fn required(&self, key: &str, notes: &mut Notes) -> String {
        if !self.entries.iter().any(|(name, _, node)| name == key && node.kind != Kind::Null) {
            notes.diagnostics.push(
                Diagnostic::error(self.code, self.span, format!("{} needs `{key}`", self.what))
                    .hint(format!("add a line `{key}: …`")),
            );
            return String::new();
        }
        self.text(key, notes).unwrap_or_default()
    }

    /// The number of a key.
    pub(super) fn number(&self, key: &str, notes: &mut Notes) -> Option<f64> {
        let node = self.node(key, notes)?;
        let number = node.number();
        if number.is_none() {
            self.misfit(key, node, "a number", notes);
        }
        number
    }

    /// A whole number within bounds.
    pub(super) fn count(&self, key: &str, least: u32, most: u32, notes: &mut Notes) -> Option<u32> {
        let number = self.number(key, notes)?;
        let bounded = number.round().clamp(f64::from(least), f64::from(most));
        if (bounded - number).abs() > f64::EPSILON {
            let span = notes.places.get(&format!("{}{key}", self.prefix)).copied().unwrap_or(self.span);
            notes.diagnostics.push(Diagnostic::warning(
                self.code,
                span,
                format!("`{key}` is a whole number from {least} to {most}; {bounded} is taken"),
            ));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to bounds of u32 above")]
        Some(bounded as u32)
    }

    /// Whether a key is switched on.
    pub(super) fn flag(&self, key: &str, notes: &mut Notes) -> bool {
        let Some(node) = self.node(key, notes) else { return false };
        match node.boolean() {
            Some(value) => value,
            None => {
                self.misfit(key, node, "`true` or `false`", notes);
                false
            }
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&'static str, T)], notes: &mut Notes) -> Option<T> {
        let text = self.text(key, notes)?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let span = notes.places.get(&format!("{}{key}", self.prefix)).copied().unwrap_or(self.span);
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        notes.diagnostics.push(
            Diagnostic::error(self.code, span, format!("`{key}` cannot be `{text}`"))
                .did_you_mean(&text, names.iter().copied())
                .hint(format!("it is one of {}", list(&names))),
        );
        None
    }

    /// A format tag.
    pub(super) fn format(&self, key: &str, notes: &mut Notes) -> Option<String> {
        let text = self.text(key, notes)?;
        let span = notes.places.get(&format!("{}{key}", self.prefix)).copied().unwrap_or(self.span);
        check_format(text, span, notes)
    }

    /// Texts: a list of them, or one.
    pub(super) fn texts(&self, key: &str, notes: &mut Notes) -> Vec<String> {
        let Some(node) = self.node(key, notes) else { return Vec::new() };
        match &node.kind {
            Kind::List(items) => items
                .iter()
                .enumerate()
                .filter_map(|(index, item)| {
                    let text = item.text().map(str::to_owned);
                    if text.is_some() {
                        notes.places.insert(format!("{}{key}.{index}", self.prefix), item.span);
                    } else {
                        self.misfit(key, item, "text", notes);
                    }
                    text
                })
                .collect(),
            Kind::Scalar { text, .. } => vec![text.clone()],
            _ => {
                self.misfit(key, node, "a list", notes);
                Vec::new()
            }
        }
    }

    /// A value of the wrong kind.
    pub(super) fn misfit(&self, key: &str, node: &Node, wanted: &str, notes: &mut Notes) {
        let problem = Diagnostic::error(
            self.code,
            node.span,
            format!("`{key}` of {} should be {wanted}, but this is {}", self.what, node.what()),
        );
        let braces =
            matches!(&node.kind, Kind::Map(entries) if entries.iter().all(|(_, _, value)| value.kind == Kind::Null));
        notes.diagnostics.push(if braces {
            problem.hint("put text that holds `{{ … }}` in double quotes")
        } else {
            problem
        });
    }
}

/// Checks a format tag.
pub(super) fn check_format(text: String, span: Span, notes: &mut Notes) -> Option<String> {
    if crate::format::Format::parse(&text).is_some() {
        return Some(text);
    }
    notes
        .diagnostics
        .push(Diagnostic { severity: crate::Severity::Warning, ..crate::format::Format::unknown(&text, span) });
    None
}

/// Names in code marks, with commas.
pub(super) fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
