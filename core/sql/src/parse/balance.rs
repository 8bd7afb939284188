//! Brackets that do not close, and those that close nothing.

use almanac_model::Diagnostic;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::Lines;
use super::rewrite::{bare, is, keyword, plain};

/// A bracket that is open.
struct Open {
    /// Its place in what is written anew.
    at: usize,
    token: TokenWithSpan,
    /// Whether a query is inside.
    query: bool,
    /// Whether FROM, or GROUP BY, may be inside: `extract(year from d)`, `pivot (… group by a)`.
    own_words: bool,
}

/// The tokens with every bracket closed, and what had to be done for it. A query that is never closed is replaced by another:
/// nobody knows where it ends.
/// `None` where a bracket closes nothing behind a subquery, whose end it may have moved.
pub(super) fn balanced(tokens: &[TokenWithSpan], lines: &Lines<'_>) -> (Option<Vec<TokenWithSpan>>, Vec<Diagnostic>) {
    let (mut queries, mut sure) = (false, true);
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut open: Vec<Open> = Vec::new();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if let Some(closing) = closing(&token.token) {
            queries |= begins_query(tokens, at + 1);
            open.push(Open {
                at: out.len(),
                token: token.clone(),
                query: closing == Token::RParen && begins_query(tokens, at + 1),
                own_words: at > 0 && has_own_words(tokens, at - 1),
            });
        } else if keyword(tokens, at) == Keyword::END {
            if open.last().is_some_and(|open| is_case(&open.token.token)) {
                open.pop();
            }
        } else if matches!(token.token, Token::RParen | Token::RBracket | Token::RBrace) {
            while open.len() > 1
                && let Some(last) = open.pop_if(|open| is_case(&open.token.token))
            {
                found.push(unclosed(&last, Some(token), lines));
                out.push(plain("END", token.span));
            }
            let fits = open.last().and_then(|open| closing(&open.token.token)) == Some(token.token.clone());
            if !fits {
                sure &= !queries;
                let message = match open.last() {
                    Some(open) => format!("`{}` does not close `{}`", token.token, open.token.token),
                    None => format!("`{}` closes nothing", token.token),
                };
                let problem = Diagnostic::error("sql-syntax", lines.span(token.span), message);
                found.push(problem.hint(format!("take it away, or open it with `{}`", opening(&token.token))));
                continue;
            }
            open.pop();
        } else if ends_clause(tokens, at) {
            // A clause of the query around begins: brackets of its expressions ended before.
            while open.last().is_some_and(|open| !open.query && !open.own_words) {
                let Some(last) = open.pop() else { break };
                found.push(unclosed(&last, Some(token), lines));
                out.extend(closing(&last.token.token).map(|sign| TokenWithSpan { token: sign, span: token.span }));
            }
        }
        out.push(token.clone());
    }
    while let Some(last) = open.pop() {
        found.push(unclosed(&last, None, lines));
        if last.query {
            out.truncate(last.at + 1);
            out.push(plain("SELECT", last.token.span));
            out.push(TokenWithSpan { token: Token::Number("1".into(), false), span: last.token.span });
        }
        out.extend(closing(&last.token.token).map(|sign| TokenWithSpan { token: sign, span: last.token.span }));
    }
    (sure.then_some(out), found)
}

fn unclosed(open: &Open, before: Option<&TokenWithSpan>, lines: &Lines<'_>) -> Diagnostic {
    let sign = &open.token.token;
    let message = match before {
        Some(before) => format!("`{sign}` is not closed before `{}`", before.token),
        None => format!("`{sign}` is never closed"),
    };
    let closing = closing(sign).map_or_else(String::new, |closing| closing.to_string());
    Diagnostic::error("sql-syntax", lines.span(open.token.span), message)
        .hint(format!("add `{}`", closing.to_lowercase()))
}

fn closing(token: &Token) -> Option<Token> {
    match token {
        Token::LParen => Some(Token::RParen),
        Token::LBracket => Some(Token::RBracket),
        Token::LBrace => Some(Token::RBrace),
        token if is_case(token) => Some(Token::make_keyword("END")),
        _ => None,
    }
}

/// CASE is closed by END, as a bracket by another.
fn is_case(token: &Token) -> bool {
    matches!(token, Token::Word(word) if word.keyword == Keyword::CASE && word.quote_style.is_none())
}

fn opening(token: &Token) -> Token {
    match token {
        Token::RBracket => Token::LBracket,
        Token::RBrace => Token::LBrace,
        _ => Token::LParen,
    }
}

/// Whether a query begins here, perhaps in further parentheses.
fn begins_query(tokens: &[TokenWithSpan], at: usize) -> bool {
    let first = (at..tokens.len()).find(|at| tokens[*at].token != Token::LParen);
    matches!(
        first.map_or(Keyword::NoKeyword, |first| keyword(tokens, first)),
        Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::FROM | Keyword::PIVOT | Keyword::UNPIVOT
    )
}

fn has_own_words(tokens: &[TokenWithSpan], at: usize) -> bool {
    let calls =
        ["extract", "trim", "substring", "overlay", "position", "pivot", "unpivot", "pivot_wider", "pivot_longer"];
    bare(tokens, at).is_some_and(|word| calls.iter().any(|call| word.value.eq_ignore_ascii_case(call)))
}

/// Whether a clause begins that no expression holds.
fn ends_clause(tokens: &[TokenWithSpan], at: usize) -> bool {
    let inside = at > 0 && is(tokens, at - 1, &Token::LParen);
    match keyword(tokens, at) {
        Keyword::FROM => !(inside || at > 0 && keyword(tokens, at - 1) == Keyword::DISTINCT),
        Keyword::WHERE | Keyword::HAVING => !inside,
        Keyword::GROUP => keyword(tokens, at + 1) == Keyword::BY,
        Keyword::UNION => true,
        _ => false,
    }
}
