//! Regular expressions. Patterns are nearly always constants, so the last one is kept.

use polars_core::prelude::Column;
use regex::Regex;

use crate::lower::call::{Answer, Call};
use crate::physical::{ints, texts};

/// What of a text a pattern has to match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// Some part of it.
    Part,
    /// All of it.
    Whole,
}

/// Compiled regular expressions, the last one kept.
pub(crate) struct Patterns {
    held: Option<Held>,
}

struct Held {
    pattern: String,
    options: String,
    matches: Match,
    regex: Result<Regex, String>,
}

impl Patterns {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { held: None }
    }

    /// The compiled pattern. Options as in DuckDB: `i` letter case aside, `s` dot matches newlines, `m`/`n`/`p` not across lines,
    /// `g` is the caller's business.
    pub(crate) fn get(&mut self, pattern: &str, options: &str, matches: Match) -> Result<&Regex, &str> {
        let same = |held: &Held| held.pattern == pattern && held.options == options && held.matches == matches;
        if !self.held.as_ref().is_some_and(same) {
            // Anchored, as leftmost-first alternation may stop short of the whole text.
            let anchored = (matches == Match::Whole).then(|| format!(r"\A(?:{pattern})\z"));
            let regex = regex::RegexBuilder::new(anchored.as_deref().unwrap_or(pattern))
                .case_insensitive(options.contains('i'))
                .dot_matches_new_line(options.contains('s'))
                .multi_line(options.contains(['m', 'n', 'p']))
                .size_limit(1 << 20)
                .build()
                .map_err(|error| error.to_string());
            self.held = Some(Held { pattern: pattern.to_owned(), options: options.to_owned(), matches, regex });
        }
        match self.held.as_ref().map(|held| &held.regex) {
            Some(Ok(regex)) => Ok(regex),
            Some(Err(error)) => Err(error),
            None => Err("no pattern"),
        }
    }
}

/// Whether a regular expression matches a text.
pub(crate) fn regexp_matches(call: &Call<'_>, matches: Match) -> Answer<Column> {
    let (values, patterns) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    let options = call.args.get(2).map(texts).transpose()?;
    let mut compiled = Patterns::new();
    call.bools(|row| {
        let Some((text, pattern)) = values.get(row).zip(patterns.get(row)) else { return Ok(None) };
        let options = options.as_ref().and_then(|options| options.get(row)).unwrap_or("");
        match compiled.get(pattern, options, matches) {
            Ok(regex) => Ok(Some(regex.is_match(text))),
            Err(error) => {
                call.refuse(row, "bad-pattern", || format!("'{pattern}' is not a regular expression: {error}"))
            }
        }
    })
}

/// The first match, or all of them with option `g`, replaced; `\1` is a group.
pub(crate) fn regexp_replace(call: &Call<'_>) -> Answer<Column> {
    let (values, patterns, replacements) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?, texts(call.arg(2)?)?);
    let options = call.args.get(3).map(texts).transpose()?;
    let mut compiled = Patterns::new();
    call.texts(|row| {
        let (Some(text), Some(pattern), Some(replacement)) =
            (values.get(row), patterns.get(row), replacements.get(row))
        else {
            return Ok(None);
        };
        let options = options.as_ref().and_then(|options| options.get(row)).unwrap_or("");
        match compiled.get(pattern, options, Match::Part) {
            Ok(regex) => {
                let replacement = groups_as_rust(replacement);
                let most = if options.contains('g') { 0 } else { 1 };
                Ok(Some(regex.replacen(text, most, replacement.as_str()).into_owned()))
            }
            Err(error) => {
                call.refuse(row, "bad-pattern", || format!("'{pattern}' is not a regular expression: {error}"))
            }
        }
    })
}

/// `\1` becomes `${1}`, and `$` itself.
fn groups_as_rust(replacement: &str) -> String {
    let mut out = String::with_capacity(replacement.len() + 4);
    let mut chars = replacement.chars();
    while let Some(c) = chars.next() {
        match c {
            '$' => out.push_str("$$"),
            '\\' => match chars.next() {
                Some(digit) if digit.is_ascii_digit() => {
                    out.push_str("${");
                    out.push(digit);
                    out.push('}');
                }
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

/// The first match, or a group of it; empty where nothing matches.
pub(crate) fn regexp_extract(call: &Call<'_>) -> Answer<Column> {
    let (values, patterns) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    let groups = call.args.get(2).map(ints).transpose()?;
    let mut compiled = Patterns::new();
    call.texts(|row| {
        let Some((text, pattern)) = values.get(row).zip(patterns.get(row)) else { return Ok(None) };
        let group = groups.as_ref().and_then(|groups| groups.get(row)).unwrap_or(0);
        match compiled.get(pattern, "", Match::Part) {
            Ok(regex) => {
                let found = regex.captures(text).and_then(|found| found.get(usize::try_from(group).ok()?));
                Ok(Some(found.map_or("", |found| found.as_str()).to_owned()))
            }
            Err(error) => {
                call.refuse(row, "bad-pattern", || format!("'{pattern}' is not a regular expression: {error}"))
            }
        }
    })
}

/// The text as a pattern that matches it alone: all but letters, digits, `_` and what is not ASCII gets a backslash.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\0' => out.push_str("\\x00"),
            c if c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii() => out.push(c),
            c => out.extend(['\\', c]),
        }
    }
    out
}
