//! YAML as a tree whose every part knows its place, so that a diagnostic can point at a key or a value.
//!
//! **Invariant:** bounded in depth, size and alias replay before anything is built.

use crate::diagnostic::{Diagnostic, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use std::fmt;

/// Longest YAML text that is read, in bytes.
const MAX_BYTES: usize = 256 << 10;

/// A part of a YAML document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its place in the source.
    pub(crate) span: Span,
}

/// A kind of node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// Nothing, `null` or `~`.
    Null,
    /// A scalar as it is to be read: numbers and booleans in the author's own spelling.
    Scalar {
        /// Its text.
        text: String,
        /// Its kind when unquoted.
        plain: Plain,
    },
    /// Items in order.
    List(Vec<Node>),
    /// Entries in order: key, its place, value.
    Map(Vec<(String, Span, Node)>),
}

/// What an unquoted scalar means in YAML.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Plain {
    /// Text.
    Text,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
}

impl Node {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The number a scalar is.
    pub(crate) fn number(&self) -> Option<f64> {
        match &self.kind {
            Kind::Scalar { plain: Plain::Number(number), .. } => Some(*number),
            Kind::Scalar { text, .. } => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// The truth value a scalar is.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match &self.kind {
            Kind::Scalar { plain: Plain::Bool(value), .. } => Some(*value),
            _ => None,
        }
    }

    /// What it is, in words.
    pub(crate) fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Scalar { plain: Plain::Number(_), .. } => "a number",
            Kind::Scalar { plain: Plain::Bool(_), .. } => "true or false",
            Kind::Scalar { .. } => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map of keys",
        }
    }
}

/// Reads the YAML at `place` of `source`.
///
/// # Errors
/// A diagnostic with the given code, at the place the reader stopped.
pub(crate) fn read_yaml(source: &str, place: Span, code: &'static str) -> Result<Node, Box<Diagnostic>> {
    let text = &source[place.start..place.end];
    if text.len() > MAX_BYTES {
        let message = format!("this YAML is {} KiB long; at most {} KiB are read", text.len() >> 10, MAX_BYTES >> 10);
        return Err(Box::new(Diagnostic::error(code, Span::new(place.start, first_line_end(source, place)), message)));
    }
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => Ok(build(raw, source, place)),
        Err(error) => Err(Box::new(describe(&error, source, place, code))),
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 32,
            max_documents: 1,
            max_nodes: 20_000,
            max_events: 60_000,
            max_aliases: 100,
            max_anchors: 100,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 2_000,
            max_replay_stack_depth: 4,
            max_alias_expansions_per_anchor: 50,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

fn first_line_end(source: &str, place: Span) -> usize {
    source[place.start..place.end].find('\n').map_or(place.end, |at| place.start + at)
}

/// The YAML reader's words without its "at line …", which refers to the part, not to the notebook.
fn describe(error: &serde_saphyr::Error, source: &str, place: Span, code: &'static str) -> Diagnostic {
    let text = &source[place.start..place.end];
    let at = error.location().map_or(0, |location| {
        // What is never closed is found at the end: the last line with words is the one to look at.
        floor_boundary(text, offset_of(location, text)).min(text.trim_end().len())
    });
    let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let span = if line_end > at {
        Span::new(place.start + at, place.start + line_end)
    } else {
        Span::new(place.start + line_start(text, at), place.start + at)
    };
    let rendered = error.without_snippet().to_string();
    let mut message = rendered.lines().next().unwrap_or_default().to_owned();
    for mark in [" at line ", " (line ", " line "] {
        if let Some(cut) = message.find(mark) {
            message.truncate(cut);
        }
    }
    let message = message.trim_start_matches("error: ").trim().trim_end_matches(['.', ':', ',']);
    let diagnostic = Diagnostic::error(code, span, format!("this YAML cannot be read: {message}"));
    let line = &text[line_start(text, at)..line_end];
    if line.contains("{{") {
        diagnostic.hint("put text that holds `{{ … }}` in double quotes")
    } else if line.contains('\t') {
        diagnostic.hint("indent with spaces; YAML does not allow tabs")
    } else {
        diagnostic.hint("each line is `key: value`; text with `: ` or `#` in it needs quotes")
    }
}

/// The byte a location means; some have a line alone.
fn offset_of(location: serde_saphyr::Location, text: &str) -> usize {
    let offset = location.span().byte_offset().and_then(|offset| usize::try_from(offset).ok());
    let line = usize::try_from(location.line()).unwrap_or(0).saturating_sub(1);
    let lines = text.split_inclusive('\n').take(line).map(str::len).sum();
    offset.filter(|offset| *offset >= lines).unwrap_or(lines)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn build(raw: Spanned<Raw>, source: &str, place: Span) -> Node {
    let span = span_of(&raw.referenced, source, place);
    let kind = match raw.value {
        Raw::Null => Kind::Null,
        Raw::Text(text) => Kind::Scalar { text, plain: Plain::Text },
        Raw::Bool(value) => Kind::Scalar { text: value.to_string(), plain: Plain::Bool(value) },
        Raw::Number(number) => {
            // The spelling matters: a default of `1.50` is shown as the author wrote it.
            let written = source[span.start..span.end].trim();
            let text = if written.parse::<f64>().is_ok_and(|value| value == number) {
                written.to_owned()
            } else {
                number.to_string()
            };
            Kind::Scalar { text, plain: Plain::Number(number) }
        }
        Raw::List(items) => Kind::List(items.into_iter().map(|item| build(item, source, place)).collect()),
        Raw::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let key_span = span_of(&key.referenced, source, place);
                    (key.value, key_span, build(value, source, place))
                })
                .collect(),
        ),
    };
    Node { kind, span }
}

fn span_of(location: &serde_saphyr::Location, source: &str, place: Span) -> Span {
    let text = &source[place.start..place.end];
    let offset = location.span().byte_offset().and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    let length = location.span().byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let start = floor_boundary(text, offset);
    let mut end = floor_boundary(text, offset.saturating_add(length)).max(start);
    if end == start {
        end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    }
    Span::new(place.start + start, place.start + end)
}

/// A node as the YAML reader hands it over.
enum Raw {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "the author's spelling is kept; the number only bounds controls")]
    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "the author's spelling is kept; the number only bounds controls")]
    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}
