//! Hides `{{ … }}` from the Markdown reader, which would take a `|` or `*` inside for its own.
//!
//! Each value is replaced by as many bytes of harmless text, so that every offset stays what it was.

use crate::diagnostic::Span;

/// Opens a placeholder: a private-use character, three bytes long.
pub(super) const MARK: char = '\u{E000}';

/// Stands for the author's own use of [`MARK`]; also three bytes long.
const REPLACEMENT: char = '\u{FFFD}';

/// A text with its values hidden.
pub(super) struct Masked {
    /// As long as the source, byte for byte.
    pub(super) text: String,
    /// The places of the values, braces included, in order.
    pub(super) values: Vec<Span>,
}

/// Hides the values of `source`. A value stays on one line and holds no brace of its own.
pub(super) fn mask(source: &str) -> Masked {
    let mut text = String::with_capacity(source.len());
    let mut values = Vec::new();
    let mut rest = 0;
    while let Some(found) = source[rest..].find("{{") {
        let start = rest + found;
        push_plain(&source[rest..start], &mut text);
        match value_end(source, start) {
            Some(end) => {
                text.push(MARK);
                text.extend(std::iter::repeat_n('x', end - start - MARK.len_utf8()));
                values.push(Span::new(start, end));
                rest = end;
            }
            None => {
                text.push_str("{{");
                rest = start + 2;
            }
        }
    }
    push_plain(&source[rest..], &mut text);
    Masked { text, values }
}

fn value_end(source: &str, start: usize) -> Option<usize> {
    let inner = &source[start + 2..];
    let stop = inner.find(['{', '}', '\n', '\r'])?;
    (inner[stop..].starts_with("}}") && stop > 0).then_some(start + 2 + stop + 2)
}

fn push_plain(piece: &str, text: &mut String) {
    text.extend(piece.chars().map(|c| if c == MARK { REPLACEMENT } else { c }));
}

impl Masked {
    /// The values that lie within a range of the source.
    pub(super) fn within(&self, start: usize, end: usize) -> &[Span] {
        let first = self.values.partition_point(|value| value.start < start);
        let last = self.values.partition_point(|value| value.end <= end);
        &self.values[first..last.max(first)]
    }

    /// Puts the source's own words back into masked text that came from a range of the source.
    pub(super) fn restore(&self, masked: &str, source: &str, start: usize, end: usize) -> String {
        let mut text = String::with_capacity(masked.len());
        for piece in self.pieces(masked, start, end) {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Value(span) => text.push_str(&source[span.start..span.end]),
            }
        }
        text
    }

    /// Cuts masked text that came from a range of the source at its values.
    pub(super) fn pieces<'a>(&'a self, mut masked: &'a str, start: usize, end: usize) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        for value in self.within(start, end) {
            let Some(at) = masked.find(MARK) else { break };
            let length = (value.end - value.start).min(masked.len() - at);
            if at > 0 {
                pieces.push(Piece::Text(&masked[..at]));
            }
            pieces.push(Piece::Value(*value));
            masked = &masked[at + length..];
        }
        if !masked.is_empty() {
            pieces.push(Piece::Text(masked));
        }
        pieces
    }
}

/// A piece of a text.
pub(super) enum Piece<'a> {
    /// Plain words.
    Text(&'a str),
    /// A value, braces included.
    Value(Span),
}
