//! The word at the cursor and the tokens around it.

use sqlparser::keywords::{
    ALL_KEYWORDS, ALL_KEYWORDS_INDEX, RESERVED_FOR_COLUMN_ALIAS, RESERVED_FOR_IDENTIFIER, RESERVED_FOR_TABLE_ALIAS,
};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::parse::tokens_of_broken;

/// How the word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Bare, or not begun.
    Word,
    /// After a `"`; whether the closing one follows the cursor.
    Quoted {
        /// It does.
        closed: bool,
    },
    /// After a `$`.
    Parameter,
}

/// Where the cursor is.
#[derive(Debug)]
pub(super) struct Place {
    /// First byte of the word, its `"` or `$` included.
    pub(super) start: usize,
    /// The word up to the cursor, without its sign.
    pub(super) word: String,
    /// How it is written.
    pub(super) kind: Kind,
    /// All tokens but the word.
    pub(super) tokens: Vec<TokenWithSpan>,
    /// How many of them are before the word.
    pub(super) at: usize,
}

impl Place {
    /// The tokens before the word.
    pub(super) fn before(&self) -> &[TokenWithSpan] {
        &self.tokens[..self.at]
    }

    /// The name before the dot that the word follows.
    pub(super) fn qualifier(&self) -> Option<String> {
        match self.before() {
            [.., name, dot] if dot.token == Token::Period => match &name.token {
                Token::Word(word) => Some(word.value.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

/// `None` where nothing can be completed: in strings, comments and numbers.
pub(super) fn find(sql: &str, cursor: usize) -> Option<Place> {
    let (before, after) = sql.split_at(cursor);
    let (start, kind, rest) = match lexical(before) {
        Lexical::Inert => return None,
        Lexical::Quoted(start) => {
            // A quote that the rest of the line leaves unpaired closes this name.
            let line = after.split('\n').next().unwrap_or_default();
            let closes = line.matches('"').count() % 2 == 1;
            let rest = if closes { line.find('"').map_or(0, |at| at + 1) } else { 0 };
            (start, Kind::Quoted { closed: after.starts_with('"') }, rest)
        }
        Lexical::Code => {
            let start = before.trim_end_matches(is_part).len();
            let rest = after.len() - after.trim_start_matches(is_part).len();
            if before[..start].ends_with('$') { (start - 1, Kind::Parameter, rest) } else { (start, Kind::Word, rest) }
        }
    };
    let sign = usize::from(kind != Kind::Word);
    let word = before[start + sign..].to_owned();
    if kind == Kind::Word && word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let mut tokens = tokens_of_broken(&before[..start]);
    let at = tokens.len();
    tokens.extend(tokens_of_broken(&after[rest..]));
    Some(Place { start, word, kind, tokens, at })
}

enum Lexical {
    Code,
    /// In a string or a comment.
    Inert,
    /// In a quoted name that starts there.
    Quoted(usize),
}

/// What the end of a text is inside of.
fn lexical(text: &str) -> Lexical {
    let mut at = 0;
    while let Some(found) = text[at..].find(['\'', '"', '-', '/']) {
        let start = at + found;
        let rest = &text[start..];
        let end = match rest.as_bytes() {
            [b'\'', ..] => rest[1..].find('\'').map(|end| end + 2),
            [b'"', ..] => match rest[1..].find('"') {
                Some(end) => Some(end + 2),
                None => return Lexical::Quoted(start),
            },
            [b'-', b'-', ..] => rest.find('\n'),
            [b'/', b'*', ..] => comment(rest),
            _ => Some(1),
        };
        let Some(end) = end else { return Lexical::Inert };
        at = start + end;
    }
    Lexical::Code
}

/// Length of a comment, which may hold others.
fn comment(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    let mut at = 2;
    while depth > 0 {
        at += text[at..].find(['*', '/'])?;
        match text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    Some(at)
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || ('\u{300}'..='\u{36f}').contains(&letter)
}

/// Whether a name can stand without quotes.
pub(super) fn is_plain(name: &str) -> bool {
    let starts = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    starts && name.chars().all(is_part) && !is_reserved(name)
}

fn is_reserved(name: &str) -> bool {
    // Keywords that begin an expression, or that the parser takes for an operator or a part of CASE.
    const MORE: &[&str] = &[
        "AND",
        "ANY",
        "ALL",
        "AS",
        "ASC",
        "BETWEEN",
        "CASE",
        "CAST",
        "DESC",
        "DISTINCT",
        "ELSE",
        "EXISTS",
        "EXTRACT",
        "FALSE",
        "ILIKE",
        "IN",
        "INTERVAL",
        "IS",
        "LIKE",
        "NOT",
        "NULL",
        "OR",
        "POSITION",
        "SUBSTRING",
        "THEN",
        "TRIM",
        "TRUE",
        "WHEN",
    ];
    let upper = name.to_uppercase();
    if MORE.contains(&upper.as_str()) {
        return true;
    }
    let Ok(at) = ALL_KEYWORDS.binary_search(&upper.as_str()) else { return false };
    [RESERVED_FOR_COLUMN_ALIAS, RESERVED_FOR_TABLE_ALIAS, RESERVED_FOR_IDENTIFIER]
        .iter()
        .any(|list| list.contains(&ALL_KEYWORDS_INDEX[at]))
}
