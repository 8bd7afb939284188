//! Values in words: `{{ by_stage.amount | usd0 }}` in prose, titles and subtitles.
//!
//! ```text
//! {{ cell.column }}                     the first row's value
//! {{ top(cell, column).other }}         of the row where `column` is largest; `bottom` for smallest
//! {{ rows(cell) }}                      the number of rows
//! {{ $region }}                         the value of an input
//! {{ … | usd0 }}  {{ format(…, usd0) }} with a format
//! {{ … | plural(account, accounts) }}   "1 account", "20,480 accounts"
//! ```

use crate::diagnostic::{Diagnostic, Span};
use crate::format::Format;
use serde::{Deserialize, Serialize};

/// A value and how it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueExpr {
    /// Where it comes from.
    pub source: ValueSource,
    /// Its format; by type when absent.
    pub format: Option<String>,
    /// The noun behind it, for one and for many.
    pub noun: Option<(String, String)>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueSource {
    /// A column of the first row of a cell.
    First {
        /// Cell id.
        cell: String,
        /// Column name.
        column: String,
    },
    /// A column of the row where another is largest or smallest; the first of equals.
    Extreme {
        /// Cell id.
        cell: String,
        /// The column that is compared.
        by: String,
        /// The column that is told.
        column: String,
        /// Smallest instead of largest.
        lowest: bool,
    },
    /// How many rows a cell has.
    Rows {
        /// Cell id.
        cell: String,
    },
    /// The value of an input.
    Input {
        /// Its name.
        name: String,
    },
}

impl ValueSource {
    /// The cell it reads.
    #[must_use]
    pub fn cell(&self) -> Option<&str> {
        match self {
            Self::First { cell, .. } | Self::Extreme { cell, .. } | Self::Rows { cell } => Some(cell),
            Self::Input { .. } => None,
        }
    }
}

/// Words with values between them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Template {
    /// In order.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Words.
    Text(String),
    /// A value.
    Value(ValueExpr),
}

impl Template {
    /// Reads a text that stands at byte `at` of its source. A value that cannot be read stays as it was written.
    #[must_use]
    pub fn parse(text: &str, at: usize) -> (Self, Vec<Diagnostic>) {
        let mut parts = Vec::new();
        let mut diagnostics = Vec::new();
        let mut words = String::new();
        let mut rest = text;
        while let Some((before, inside, after)) = next_value(rest) {
            words.push_str(before);
            let start = at + (text.len() - rest.len()) + before.len();
            match parse_value(inside, Span::new(start, start + inside.len() + 4)) {
                Ok(expr) => {
                    if !words.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut words)));
                    }
                    parts.push(Part::Value(expr));
                }
                Err(problem) => {
                    words.push_str("{{");
                    words.push_str(inside);
                    words.push_str("}}");
                    diagnostics.push(*problem);
                }
            }
            rest = after;
        }
        words.push_str(rest);
        if !words.is_empty() {
            parts.push(Part::Text(words));
        }
        (Self { parts }, diagnostics)
    }

    /// The values it holds.
    pub fn values(&self) -> impl Iterator<Item = &ValueExpr> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(expr) => Some(expr),
            Part::Text(_) => None,
        })
    }
}

fn next_value(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inside, after) = rest.split_once("}}")?;
    Some((before, inside, after))
}

/// Reads what stands between the braces; `span` is its place, braces included.
///
/// # Errors
/// A `broken-value` diagnostic at that place.
pub fn parse_value(text: &str, span: Span) -> Result<ValueExpr, Box<Diagnostic>> {
    let mut reader = Reader { rest: text.trim(), span };
    let expr = reader.value()?;
    reader.end()?;
    Ok(expr)
}

struct Reader<'a> {
    rest: &'a str,
    span: Span,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<ValueExpr, Box<Diagnostic>> {
        let mut expr = self.source()?;
        while self.take('|') {
            let name = self.word()?;
            if name == "plural" {
                self.expect('(')?;
                let one = self.words(',')?;
                self.expect(',')?;
                let many = self.words(')')?;
                self.expect(')')?;
                expr.noun = Some((one, many));
            } else {
                expr.format = Some(self.format(name)?);
            }
        }
        Ok(expr)
    }

    fn source(&mut self) -> Result<ValueExpr, Box<Diagnostic>> {
        if self.take('$') {
            return Ok(plain(ValueSource::Input { name: self.word()? }));
        }
        let name = self.word()?;
        if !self.take('(') {
            self.expect('.')?;
            return Ok(plain(ValueSource::First { cell: name, column: self.word()? }));
        }
        match name.as_str() {
            "top" | "bottom" => {
                let cell = self.word()?;
                self.expect(',')?;
                let by = self.word()?;
                self.expect(')')?;
                let column = if self.take('.') { self.word()? } else { by.clone() };
                Ok(plain(ValueSource::Extreme { cell, by, column, lowest: name == "bottom" }))
            }
            "rows" => {
                let cell = self.word()?;
                self.expect(')')?;
                Ok(plain(ValueSource::Rows { cell }))
            }
            "format" => {
                let mut expr = self.value()?;
                self.expect(',')?;
                let format = self.word()?;
                expr.format = Some(self.format(format)?);
                self.expect(')')?;
                Ok(expr)
            }
            "metric" => Err(self
                .problem("`metric(…)` is not available yet")
                .map_hint("read the value from a SQL cell: `{{ cell.column }}`")),
            other => Err(Box::new(
                Diagnostic::error("broken-value", self.span, format!("there is no value function `{other}`"))
                    .did_you_mean(other, ["top", "bottom", "rows", "format"])
                    .hint("the functions are `top`, `bottom`, `rows` and `format`"),
            )),
        }
    }

    fn format(&self, name: String) -> Result<String, Box<Diagnostic>> {
        match Format::parse(&name) {
            Some(_) => Ok(name),
            None => Err(Box::new(Format::unknown(&name, self.span))),
        }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), Box<Diagnostic>> {
        if self.take(wanted) { Ok(()) } else { Err(self.expected(&format!("`{wanted}`"))) }
    }

    fn end(&mut self) -> Result<(), Box<Diagnostic>> {
        self.skip_space();
        if self.rest.is_empty() { Ok(()) } else { Err(self.expected("the end")) }
    }

    /// A name, or any words in double quotes.
    fn word(&mut self) -> Result<String, Box<Diagnostic>> {
        self.skip_space();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let Some((word, rest)) = quoted.split_once('"') else { return Err(self.expected("a closing quote")) };
            self.rest = rest;
            return Ok(word.to_owned());
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.expected("a name"));
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(word.to_owned())
    }

    /// Words up to a mark.
    fn words(&mut self, stop: char) -> Result<String, Box<Diagnostic>> {
        let Some(end) = self.rest.find(stop) else { return Err(self.expected(&format!("`{stop}`"))) };
        let (words, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(words.trim().trim_matches(['"', '\'']).to_owned())
    }

    fn expected(&self, what: &str) -> Box<Diagnostic> {
        let found = match self.rest.chars().next() {
            Some(c) => format!("`{c}`"),
            None => "the end".to_owned(),
        };
        self.problem(&format!("expected {what}, found {found}"))
    }

    fn problem(&self, message: &str) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::error("broken-value", self.span, format!("this value cannot be read: {message}"))
                .hint("write `{{ cell.column }}`, `{{ top(cell, column).other }}`, `{{ rows(cell) }}` or `{{ $input }}`, with a format as `| usd0`"),
        )
    }
}

trait MapHint {
    fn map_hint(self, hint: &str) -> Self;
}

impl MapHint for Box<Diagnostic> {
    fn map_hint(mut self, hint: &str) -> Self {
        self.hints = vec![hint.to_owned()];
        self
    }
}

fn plain(source: ValueSource) -> ValueExpr {
    ValueExpr { source, format: None, noun: None }
}
