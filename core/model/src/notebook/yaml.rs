//! YAML as a tree whose every part knows its place, so that a diagnostic can point at a key or a value.
//!
//! **Invariant:** bounded in size and depth while it is read. Anchors, aliases, tags and merge keys are refused: nobody needs them
//! in a notebook, and a few lines of them can stand for gigabytes.

use crate::diagnostic::{Diagnostic, Span};
use granit_parser::{Event, Parser, ScalarStyle, StrInput};

/// Longest YAML text that is read, in bytes.
const MAX_BYTES: usize = 256 << 10;

/// Deepest nesting.
const MAX_DEPTH: usize = 32;
/// Most nodes.
const MAX_NODES: usize = 20_000;

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
    Reader { text, start: place.start, code, parser: Parser::new_from_str(text), nodes: 0 }.document()
}

type Read<T> = Result<T, Box<Diagnostic>>;

struct Reader<'a> {
    text: &'a str,
    /// Where the text starts in the notebook.
    start: usize,
    code: &'static str,
    parser: Parser<'a, StrInput<'a>>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn document(mut self) -> Read<Node> {
        let mut root = Node { kind: Kind::Null, span: Span::new(self.start, self.start) };
        let mut documents = 0;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::DocumentStart(..) if documents > 0 => {
                    return Err(self.refuse(span, "there is a second document, after a line of `---`"));
                }
                Event::DocumentStart(..) => documents += 1,
                Event::StreamStart | Event::DocumentEnd => {}
                event => root = self.node(event, span, 0)?,
            }
        }
    }

    /// The next event and its place in the text.
    fn next(&mut self) -> Read<(Event<'a>, Span)> {
        match self.parser.next_event() {
            None => Ok((Event::StreamEnd, Span::new(self.text.len(), self.text.len()))),
            Some(Ok((event, span))) => Ok((event, self.place(&span))),
            Some(Err(error)) => {
                let marker = error.marker();
                let lines = self.text.split_inclusive('\n').take(marker.line().saturating_sub(1)).map(str::len).sum();
                let at = marker.byte_offset().filter(|offset| *offset >= lines).unwrap_or(lines);
                // What is never closed is found at the end: the last line with words is the one to look at.
                let at = floor_boundary(self.text, at).min(self.text.trim_end().len());
                Err(self.refuse(Span::new(at, at), &error.info()))
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Read<Node> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            let bound = if depth > MAX_DEPTH { "it is nested too deeply" } else { "it has too many parts" };
            return Err(self.refuse(span, bound));
        }
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(_, anchor, tag)
            | Event::MappingStart(_, anchor, tag) => (*anchor > 0, tag.is_some()),
            _ => (true, false),
        };
        if anchor || tag {
            return Err(self.refuse(span, "anchors (`&name`), aliases (`*name`) and tags (`!name`) are not read here"));
        }
        let kind = match event {
            Event::Scalar(text, style, ..) => scalar(text.into_owned(), style),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break Kind::List(items),
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                }
            }
            _ => Kind::Map(self.entries(depth)?),
        };
        Ok(Node { kind, span: self.in_notebook(span) })
    }

    fn entries(&mut self, depth: usize) -> Read<Vec<(String, Span, Node)>> {
        let mut entries: Vec<(String, Span, Node)> = Vec::new();
        loop {
            let (event, place) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(entries),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(self.refuse(place, "a key is a word, not a list or a map")),
            };
            if key == "<<" {
                return Err(self.refuse(place, "merge keys (`<<`) are not read here"));
            }
            if entries.iter().any(|(known, ..)| *known == key) {
                return Err(self.refuse(place, &format!("the key `{key}` is there twice")));
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push((key, self.in_notebook(place), value));
        }
    }

    fn place(&self, span: &granit_parser::Span) -> Span {
        let bytes = span.byte_range().unwrap_or(0..0);
        let start = floor_boundary(self.text, bytes.start);
        Span::new(start, floor_boundary(self.text, bytes.end).max(start))
    }

    /// A place in the notebook; what has no width takes the rest of its line.
    fn in_notebook(&self, span: Span) -> Span {
        let end = if span.end > span.start { span.end } else { line_end(self.text, span.start) };
        Span::new(self.start + span.start, self.start + end)
    }

    fn refuse(&self, span: Span, why: &str) -> Box<Diagnostic> {
        let line_end = line_end(self.text, span.start);
        let line_start = self.text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let place = if span.end > span.start {
            span
        } else if line_end > span.start {
            Span::new(span.start, line_end)
        } else {
            Span::new(line_start, span.start)
        };
        let why = why.trim().trim_end_matches(['.', ':', ',']);
        let place = Span::new(self.start + place.start, self.start + place.end);
        let problem = Diagnostic::error(self.code, place, format!("this YAML cannot be read: {why}"));
        let line = &self.text[line_start..line_end];
        Box::new(if line.contains("{{") {
            problem.hint("put text that holds `{{ … }}` in double quotes")
        } else if line.contains('\t') {
            problem.hint("indent with spaces; YAML does not allow tabs")
        } else {
            problem.hint("each line is `key: value`; text with `: ` or `#` in it needs quotes")
        })
    }
}

/// What a scalar is by YAML's core schema (1.2, chapter 10.3); numbers are decimal.
fn scalar(text: String, style: ScalarStyle) -> Kind {
    if style != ScalarStyle::Plain {
        return Kind::Scalar { text, plain: Plain::Text };
    }
    let plain = match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        // Rust also reads `inf` and `nan` as numbers, which are words here.
        written if written.contains(|c: char| c.is_ascii_digit()) => match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Plain::Number(number),
            _ => Plain::Text,
        },
        _ => Plain::Text,
    };
    Kind::Scalar { text, plain }
}

fn first_line_end(source: &str, place: Span) -> usize {
    line_end(&source[..place.end], place.start)
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at)
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
