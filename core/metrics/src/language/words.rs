//! Text to words, each with its place.

use almanac_model::{Diagnostic, Span};

/// A word of the language.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// A name or a keyword, in small letters.
    Name(String),
    /// A whole number.
    Int(i64),
    /// Another number.
    Double(f64),
    /// A quoted text.
    Text(String),
    /// `(`, `<=`, …
    Sign(&'static str),
}

const SIGNS: [&str; 17] = ["<=", ">=", "<>", "!=", "||", "(", ")", ",", "=", "<", ">", "+", "-", "*", "/", "%", "."];

/// The words of a text.
pub(super) fn words(text: &str) -> Result<Vec<(Word, Span)>, Diagnostic> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = |keep: &dyn Fn(char) -> bool| rest.find(|letter| !keep(letter)).unwrap_or(rest.len());
        let (word, size) = if letter.is_whitespace() {
            at += letter.len_utf8();
            continue;
        } else if letter.is_alphabetic() || letter == '_' {
            let size = length(&|letter| letter.is_alphanumeric() || letter == '_');
            (Word::Name(rest[..size].to_lowercase()), size)
        } else if letter.is_ascii_digit() {
            number(rest, at)?
        } else if letter == '\'' {
            quoted(rest, at)?
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Word::Sign(sign), sign.len())
        } else {
            let message = format!("`{letter}` is not part of an expression");
            return Err(Diagnostic::error("expression-syntax", Span::new(at, at + letter.len_utf8()), message));
        };
        found.push((word, Span::new(at, at + size)));
        at += size;
    }
    Ok(found)
}

fn number(rest: &str, at: usize) -> Result<(Word, usize), Diagnostic> {
    let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let fraction = rest[digits..].strip_prefix('.').map(|tail| {
        let size = tail.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(tail.len());
        1 + size
    });
    let size = digits + fraction.unwrap_or(0);
    let word = match fraction {
        None => rest[..size].parse().map(Word::Int).ok(),
        Some(_) => rest[..size].parse().map(Word::Double).ok(),
    };
    let too_large = || Diagnostic::error("expression-syntax", Span::new(at, at + size), "this number is too large");
    word.map(|word| (word, size)).ok_or_else(too_large)
}

/// A text in quotes; a quote in it is written twice.
fn quoted(rest: &str, at: usize) -> Result<(Word, usize), Diagnostic> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((offset, letter)) = letters.next() {
        if letter != '\'' {
            text.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == '\'') {
            letters.next();
            text.push('\'');
        } else {
            return Ok((Word::Text(text), offset + 1));
        }
    }
    Err(Diagnostic::error("expression-syntax", Span::new(at, at + rest.len()), "this text has no closing quote"))
}
