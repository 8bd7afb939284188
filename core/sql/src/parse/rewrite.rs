//! Syntax of DuckDB that the parser does not know, written in words that it does. Names that begin with NUL carry what the
//! parser's tree has no place for; no text can write them.
//!
//! | in the text | for the parser |
//! |---|---|
//! | `as [not] materialized (` | `as (`: a query read more than once is computed once anyway |
//! | `asof left join b on x` | `left join b on "\0asof" and x`; with USING the first column is that name |
//! | `(… rows … exclude ties)` | `("\0ties" … rows …)`: the name of a base window |
//! | `limit 5 percent offset 2` | `offset 2 fetch first 5 percent rows only` |
//! | `pivot t on a using sum(b) group by c` | `select "\0pivot"(a), sum(b) from t group by c` |
//! | `t pivot (sum(b) for a in (1) group by c)` | `t pivot (sum(b) for a in (1) default on null ("\0pivot"(c)))` |
//! | `unpivot t on a, b into name n value v` | `select * from t unpivot (v for n in (a, b))` |
//! | `t pivot (sum(b) for a in (1) c in (2))` | `t pivot (sum(b) for a in (1) default on null ("\0pivot"("\0on"(c in (2)))))` |
//! | `select t.* not like 'a%'` | `select columns("\0t" not like 'a%')` |
//! | `[x + 1 for x in l if x > 0]` | `"\0each"(x -> x + 1, l, x -> x > 0)` |
//! | `rollup (a, (select b))` | `rollup (a, ((select b)))` |
//! | `E'a\nb'` | `'a` and `b'` with a line break between |
//! | `#1` | `"\01"` |
//! | `top` | `"top"` |

mod brackets;
mod pivots;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

use brackets::{comprehension, star_before, star_like, subquery_keys};
use pivots::{any_pivot, pivot, unpivot};

/// Starts the names that no text can write.
pub(crate) const MARK: char = '\0';

/// Most statements and windows written anew: each is looked for from its beginning to its end.
const MOST: usize = 200;

/// The tokens as the parser can read them.
pub(crate) fn rewritten(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut tokens = without_hints(tokens);
    let mut left = MOST;
    // From the end, so that what is nested has been written anew when the text around it is.
    for at in (0..tokens.len()).rev() {
        let Some(word) = bare(&tokens, at) else { continue };
        let rewrite = match word.keyword {
            Keyword::LIMIT if matches!(tokens.get(at + 1), Some(number) if is_number(number)) => percent,
            Keyword::ASOF => asof,
            Keyword::EXCLUDE => exclude,
            Keyword::PIVOT => any_pivot,
            Keyword::UNPIVOT => unpivot,
            Keyword::LIKE | Keyword::ILIKE | Keyword::SIMILAR if star_before(&tokens, at).is_some() => star_like,
            Keyword::FOR => comprehension,
            Keyword::ROLLUP | Keyword::CUBE => subquery_keys,
            _ if word.value.eq_ignore_ascii_case("pivot_wider") => pivot,
            _ if word.value.eq_ignore_ascii_case("pivot_longer") => unpivot,
            _ => continue,
        };
        if left == 0 {
            break;
        }
        left -= 1;
        rewrite(&mut tokens, at);
    }
    tokens
}

/// `#1` as one name, `top` as a name, and `as materialized (` without its hint.
fn without_hints(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match &token.token {
            Token::Number(digits, _) if out.last().is_some_and(|last| last.token == Token::Sharp) => {
                let name = quoted(&format!("{MARK}{digits}"), token.span);
                out.pop();
                out.push(name);
            }
            Token::EscapedStringLiteral(text) => {
                out.push(sign(Token::SingleQuotedString(text.clone()), token.span));
            }
            // Not a clause of ours, but a good name.
            Token::Word(word) if word.keyword == Keyword::TOP && word.quote_style.is_none() => {
                out.push(quoted(&word.value, token.span));
            }
            Token::LParen => {
                let end = out.len();
                let hint = end > 0 && keyword(&out, end - 1) == Keyword::MATERIALIZED;
                let not = usize::from(end > 1 && keyword(&out, end - 2) == Keyword::NOT);
                if hint && end > 1 + not && keyword(&out, end - 2 - not) == Keyword::AS {
                    out.truncate(end - 1 - not);
                }
                out.push(token);
            }
            _ => out.push(token),
        }
    }
    out
}

pub(super) fn bare(tokens: &[TokenWithSpan], at: usize) -> Option<&Word> {
    match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) if word.quote_style.is_none() => Some(word),
        _ => None,
    }
}

pub(super) fn keyword(tokens: &[TokenWithSpan], at: usize) -> Keyword {
    bare(tokens, at).map_or(Keyword::NoKeyword, |word| word.keyword)
}

fn says(tokens: &[TokenWithSpan], at: usize, text: &str) -> bool {
    bare(tokens, at).is_some_and(|word| word.value.eq_ignore_ascii_case(text))
}

pub(super) fn is(tokens: &[TokenWithSpan], at: usize, token: &Token) -> bool {
    tokens.get(at).is_some_and(|known| known.token == *token)
}

pub(super) fn plain(text: &str, span: Span) -> TokenWithSpan {
    TokenWithSpan { token: Token::make_keyword(text), span }
}

fn quoted(text: &str, span: Span) -> TokenWithSpan {
    TokenWithSpan { token: Token::make_word(text, Some('"')), span }
}

fn sign(token: Token, span: Span) -> TokenWithSpan {
    TokenWithSpan { token, span }
}

/// The next places on this level of parentheses, from `from` to what ends a query or its parenthesis.
fn level(tokens: &[TokenWithSpan], from: usize) -> impl Iterator<Item = usize> + '_ {
    let mut depth = 0_usize;
    let mut ended = false;
    (from..tokens.len()).filter(move |at| {
        if ended {
            return false;
        }
        let here = depth == 0;
        match &tokens[*at].token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 0 => ended = true,
            Token::RParen => depth -= 1,
            Token::SemiColon => ended = true,
            Token::Word(_) if here => {
                ended = matches!(keyword(tokens, *at), Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT);
            }
            _ => {}
        }
        here && !ended
    })
}

/// The place after the last token of this level.
fn end_of(tokens: &[TokenWithSpan], from: usize) -> usize {
    let Some(last) = level(tokens, from).last() else { return from };
    match tokens[last].token {
        Token::LParen => matching(tokens, last).map_or(tokens.len(), |close| close + 1),
        _ => last + 1,
    }
}

/// The `)` of a `(`.
pub(super) fn matching(tokens: &[TokenWithSpan], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    (open..tokens.len()).find(|at| {
        match tokens[*at].token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn asof(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let Some(join) = (at + 1..at + 4).find(|at| keyword(tokens, *at) == Keyword::JOIN) else { return };
    let kinds =
        [Keyword::LEFT, Keyword::RIGHT, Keyword::FULL, Keyword::INNER, Keyword::OUTER, Keyword::SEMI, Keyword::ANTI];
    if !(at + 1..join).all(|at| kinds.contains(&keyword(tokens, at))) {
        return;
    }
    let condition = level(tokens, join + 1).find(|at| matches!(keyword(tokens, *at), Keyword::ON | Keyword::USING));
    let Some(condition) = condition else { return };
    let span = tokens[at].span;
    let name = quoted(&format!("{MARK}asof"), span);
    if keyword(tokens, condition) == Keyword::ON {
        tokens.splice(condition + 1..condition + 1, [name, plain("AND", span)]);
    } else if is(tokens, condition + 1, &Token::LParen) {
        tokens.splice(condition + 2..condition + 2, [name, sign(Token::Comma, span)]);
    } else {
        return;
    }
    tokens.remove(at);
}

fn exclude(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let (what, words) = match keyword(tokens, at + 1) {
        Keyword::CURRENT if keyword(tokens, at + 2) == Keyword::ROW => ("row", 3),
        Keyword::GROUP => ("group", 2),
        Keyword::NO if says(tokens, at + 2, "others") => ("", 3),
        _ if says(tokens, at + 1, "ties") => ("ties", 2),
        _ => return,
    };
    if !is(tokens, at + words, &Token::RParen) || at == 0 || is(tokens, at - 1, &Token::Mul) {
        return;
    }
    let mut depth = 0_usize;
    let open = (0..at).rev().find(|at| {
        match tokens[*at].token {
            Token::RParen => depth += 1,
            Token::LParen if depth == 0 => return true,
            Token::LParen => depth -= 1,
            _ => {}
        }
        false
    });
    let Some(open) = open else { return };
    let span = tokens[at].span;
    tokens.drain(at..at + words);
    if what.is_empty() {
        return;
    }
    let clauses = [Keyword::PARTITION, Keyword::ORDER, Keyword::ROWS, Keyword::RANGE, Keyword::GROUPS];
    let base = match &tokens[open + 1].token {
        Token::Word(word) if word.quote_style.is_some() || !clauses.contains(&word.keyword) => Some(word.value.clone()),
        _ => None,
    };
    let name = quoted(&format!("{MARK}{what}{MARK}{}", base.as_deref().unwrap_or_default()), span);
    tokens.splice(open + 1..open + 1 + usize::from(base.is_some()), [name]);
}

fn is_number(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Number(..))
}

fn percent(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    // `limit 7 % 4` divides.
    let after = tokens.get(at + 3).map(|token| &token.token);
    let ends = after.is_none_or(|token| matches!(token, Token::RParen | Token::SemiColon))
        || matches!(keyword(tokens, at + 3), Keyword::OFFSET | Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT);
    if keyword(tokens, at + 2) != Keyword::PERCENT && !(is(tokens, at + 2, &Token::Mod) && ends) {
        return;
    }
    let span = tokens[at].span;
    let number = tokens[at + 1].clone();
    tokens.drain(at..at + 3);
    let end = end_of(tokens, at);
    let fetch = [
        plain("FETCH", span),
        plain("FIRST", span),
        number,
        plain("PERCENT", span),
        plain("ROWS", span),
        plain("ONLY", span),
    ];
    tokens.splice(end..end, fetch);
}
