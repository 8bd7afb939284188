//! LIKE and ILIKE. Patterns are nearly always constants, so the last one is kept.

use memchr::memmem::Finder;
use polars_core::prelude::Column;

use crate::lower::call::{Answer, Call};
use crate::physical::texts;

/// A LIKE pattern taken apart: `%` is any text, `_` any one character.
#[derive(Debug)]
enum Like {
    Equals(String),
    /// The text begins with the first and ends with the last, and between lie the others in order.
    InOrder {
        first: String,
        between: Vec<Finder<'static>>,
        last: String,
    },
    General(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Char(char),
    One,
    Many,
}

impl Like {
    /// `None` when the pattern ends with its escape character.
    fn new(pattern: &str, escape: Option<char>, fold: bool) -> Option<Self> {
        let mut parts = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            if Some(c) == escape {
                parts.push(Part::Char(chars.next()?));
            } else {
                match c {
                    '%' if parts.last() == Some(&Part::Many) => {}
                    '%' => parts.push(Part::Many),
                    '_' => parts.push(Part::One),
                    c => parts.push(Part::Char(c)),
                }
            }
        }
        if fold {
            let folded = |part: &Part| match part {
                Part::Char(c) => c.to_lowercase().map(Part::Char).collect::<Vec<_>>(),
                other => vec![other.clone()],
            };
            parts = parts.iter().flat_map(folded).collect();
        }
        if parts.contains(&Part::One) {
            return Some(Self::General(parts));
        }
        let mut pieces = parts.split(|part| *part == Part::Many).map(|piece| {
            piece.iter().filter_map(|part| if let Part::Char(c) = part { Some(*c) } else { None }).collect::<String>()
        });
        let first = pieces.next().unwrap_or_default();
        let mut between: Vec<String> = pieces.collect();
        Some(match between.pop() {
            None => Self::Equals(first),
            Some(last) => {
                let between = between.iter().map(|piece| Finder::new(piece).into_owned()).collect();
                Self::InOrder { first, between, last }
            }
        })
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Equals(wanted) => text == wanted,
            Self::InOrder { first, between, last } => in_order(text.as_bytes(), first, between, last),
            Self::General(parts) => general(parts, text),
        }
    }
}

/// Each piece where it comes first: what is left for the others is then longest. No piece of a text's bytes is found in the midst
/// of a character.
fn in_order(text: &[u8], first: &str, between: &[Finder<'_>], last: &str) -> bool {
    let Some(mut rest) = text.strip_prefix(first.as_bytes()).and_then(|rest| rest.strip_suffix(last.as_bytes())) else {
        return false;
    };
    for piece in between {
        match piece.find(rest) {
            Some(at) => rest = &rest[at + piece.needle().len()..],
            None => return false,
        }
    }
    true
}

/// Greedy matching with one place to come back to: linear for each `%`, never exponential.
fn general(parts: &[Part], text: &str) -> bool {
    let mut rest = text.chars();
    let mut at = 0;
    let mut back: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        match parts.get(at) {
            Some(Part::Many) => {
                at += 1;
                back = Some((at, rest.clone()));
                continue;
            }
            None if rest.as_str().is_empty() => return true,
            None => {}
            Some(part) => {
                let mut next = rest.clone();
                if let Some(c) = next.next()
                    && (*part == Part::One || *part == Part::Char(c))
                {
                    rest = next;
                    at += 1;
                    continue;
                }
            }
        }
        match &mut back {
            Some((from, held)) => {
                if held.next().is_none() {
                    return false;
                }
                at = *from;
                rest = held.clone();
            }
            None => return false,
        }
    }
}

/// `LIKE`, with ILIKE's folding of letter case; the third argument, if there is one, is the escape character.
pub(crate) fn like(call: &Call<'_>, fold: bool) -> Answer<Column> {
    let (values, patterns) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    let escapes = call.args.get(2).map(texts).transpose()?;
    let mut held: Option<(String, Option<Like>)> = None;
    call.bools(|row| {
        let (Some(text), Some(pattern)) = (values.get(row), patterns.get(row)) else { return Ok(None) };
        if held.as_ref().is_none_or(|(held, _)| held != pattern) {
            let escape = escapes.as_ref().and_then(|escapes| escapes.get(row)).and_then(|escape| escape.chars().next());
            held = Some((pattern.to_owned(), Like::new(pattern, escape, fold)));
        }
        match held.as_ref().and_then(|(_, like)| like.as_ref()) {
            Some(like) if fold => Ok(Some(like.matches(&text.to_lowercase()))),
            Some(like) => Ok(Some(like.matches(text))),
            None => {
                call.refuse(row, "bad-pattern", || format!("the pattern '{pattern}' ends with its escape character"))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_and_underscore() {
        for (text, pattern, expected) in [
            ("abc", "abc", true),
            ("abc", "a%", true),
            ("abc", "%c", true),
            ("abc", "%b%", true),
            ("abc", "a_c", true),
            ("ac", "a_c", false),
            ("abcabc", "%a%c", true),
            ("abcabc", "a%b%b%c", true),
            ("abcac", "a%b%b%c", false),
            ("aba", "ab%ba", false),
            ("ab", "%a%%b%", true),
            ("ba", "%a%b%", false),
            ("größer", "gr%ß%r", true),
            ("", "%%", true),
            ("ä", "_", true),
            ("", "%", true),
            ("", "_", false),
            ("aXbXc", "a%X_", true),
            ("50%", "50!%", true),
            ("501", "50!%", false),
        ] {
            assert_eq!(
                Like::new(pattern, Some('!'), false).expect("valid").matches(text),
                expected,
                "{text} like {pattern}"
            );
        }
        assert!(Like::new("a!", Some('!'), false).is_none());
    }
}
