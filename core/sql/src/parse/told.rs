//! What the parser says of a text that does not parse, with its place and a hint.

use almanac_model::{Diagnostic, Span};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::Lines;
use super::rewrite::MARK;

/// A parse error at the token the parser stopped at; `next` is what follows the tokens in the text.
pub(super) fn syntax(
    error: &ParserError,
    parser: &Parser<'_>,
    tokens: &[TokenWithSpan],
    next: Option<&TokenWithSpan>,
    lines: &Lines<'_>,
    text: &str,
) -> Diagnostic {
    let message = match error {
        ParserError::RecursionLimitExceeded => {
            return Diagnostic::error("sql-too-deep", Span::new(0, text.len()), "the SQL text is nested too deeply")
                .hint("split it into several CTEs");
        }
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => message,
    };
    let place = message.rsplit_once(" at Line: ").and_then(|(_, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some(Location::new(line.trim().parse().ok()?, column.trim().parse().ok()?))
    });
    let message = message.rsplit_once(" at Line: ").map_or(message.as_str(), |(message, _)| message);
    let culprit = match place {
        Some(place) => tokens.iter().rfind(|token| token.span.start == place),
        None => Some(parser.get_current_token()).filter(|token| token.token != Token::EOF),
    };
    let culprit = culprit.or(next);
    let last = culprit.or(tokens.last());
    let span = last.map_or(Span::new(0, text.len()), |token| lines.span(token.span));
    let message = message.strip_prefix("Expected: ").map_or_else(
        || lower_first(message),
        |rest| match rest.split_once(", found: ") {
            Some((wanted, found)) => format!(
                "expected {wanted}, found {}",
                match next {
                    Some(next) if found == "EOF" => format!("`{}`", next.token),
                    None if found == "EOF" => "the end of the text".to_owned(),
                    _ => format!("`{found}`"),
                }
            ),
            None => format!("expected {rest}"),
        },
    );
    let mut problem = Diagnostic::error("sql-syntax", span, message.replace(MARK, ""));
    let Some(token) = culprit else {
        return problem.hint("the text ends too early: is a parenthesis or an expression missing?");
    };
    let clauses = ["select", "from", "where", "group", "having", "order", "limit", "join", "left", "union", "qualify"];
    let near = |token: &TokenWithSpan| match &token.token {
        Token::Word(word) if word.quote_style.is_none() && !clauses.contains(&word.value.to_lowercase().as_str()) => {
            almanac_model::diagnostic::closest(&word.value, clauses)
        }
        _ => None,
    };
    let before =
        tokens.iter().rposition(|known| known.span == token.span).and_then(|at| tokens.get(at.checked_sub(1)?));
    if let Some(clause) = near(token) {
        problem = problem.hint(format!("did you mean `{clause}`?"));
    } else if let Some((written, clause)) = before.and_then(|before| Some((before, near(before)?))) {
        problem = problem.hint(format!("did you mean `{clause}` instead of `{}`?", written.token));
    } else if problem.message.contains("end of statement") && starts_value(&token.token) {
        problem = problem.hint(format!("is a comma, an operator or a keyword missing before `{}`?", token.token));
    }
    if matches!(&token.token, Token::Word(word) if word.keyword == Keyword::FROM && word.quote_style.is_none()) {
        problem = problem.hint("is there a comma too many, or an expression missing, before `from`?");
    }
    problem
}

/// Whether a value may begin so.
fn starts_value(token: &Token) -> bool {
    match token {
        Token::Word(word) => word.quote_style.is_some() || word.keyword == Keyword::NoKeyword,
        token => matches!(token, Token::Number(..) | Token::SingleQuotedString(_) | Token::LParen | Token::LBracket),
    }
}

/// The text with a small first letter.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
