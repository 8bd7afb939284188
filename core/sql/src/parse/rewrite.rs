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
//! | `#1` | `"\01"` |
//! | `top` | `"top"` |

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

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
        if word.keyword == Keyword::LIMIT {
            percent(&mut tokens, at);
            continue;
        }
        let rewrite = match word.keyword {
            Keyword::ASOF => asof,
            Keyword::EXCLUDE => exclude,
            Keyword::PIVOT => any_pivot,
            Keyword::UNPIVOT => unpivot,
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

fn any_pivot(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    if in_from(tokens, at) { pivot_group_by(tokens, at) } else { pivot(tokens, at) }
}

fn bare(tokens: &[TokenWithSpan], at: usize) -> Option<&Word> {
    match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) if word.quote_style.is_none() => Some(word),
        _ => None,
    }
}

fn keyword(tokens: &[TokenWithSpan], at: usize) -> Keyword {
    bare(tokens, at).map_or(Keyword::NoKeyword, |word| word.keyword)
}

fn says(tokens: &[TokenWithSpan], at: usize, text: &str) -> bool {
    bare(tokens, at).is_some_and(|word| word.value.eq_ignore_ascii_case(text))
}

fn is(tokens: &[TokenWithSpan], at: usize, token: &Token) -> bool {
    tokens.get(at).is_some_and(|known| known.token == *token)
}

fn plain(text: &str, span: Span) -> TokenWithSpan {
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
fn matching(tokens: &[TokenWithSpan], open: usize) -> Option<usize> {
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

fn percent(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    if !matches!(tokens.get(at + 1).map(|token| &token.token), Some(Token::Number(..))) {
        return;
    }
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

/// `… in (…) group by c)` of PIVOT in FROM.
fn pivot_group_by(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let places: Vec<usize> = level(tokens, at + 2).collect();
    let group = places
        .iter()
        .copied()
        .find(|at| keyword(tokens, *at) == Keyword::GROUP && keyword(tokens, at + 1) == Keyword::BY);
    let Some(group) = group else { return };
    let Some(close) = matching(tokens, at + 1) else { return };
    let span = tokens[group].span;
    let close_sign = || sign(Token::RParen, span);
    tokens.splice(close..close, [close_sign(), close_sign()]);
    let open = || sign(Token::LParen, span);
    let start = [
        plain("DEFAULT", span),
        plain("ON", span),
        plain("NULL", span),
        open(),
        quoted(&format!("{MARK}pivot"), span),
        open(),
    ];
    tokens.splice(group..group + 2, start);
}

/// Whether PIVOT stands behind a table: `t pivot (… for … in …)`.
fn in_from(tokens: &[TokenWithSpan], at: usize) -> bool {
    is(tokens, at + 1, &Token::LParen) && level(tokens, at + 2).any(|at| keyword(tokens, at) == Keyword::FOR)
}

/// The parts of a statement: where its ON is, where each clause of `clauses` starts, and where it ends.
fn parts<const N: usize>(
    tokens: &[TokenWithSpan],
    at: usize,
    clauses: [Keyword; N],
) -> Option<(usize, [usize; N], usize)> {
    let starts = at == 0
        || matches!(tokens[at - 1].token, Token::LParen | Token::RParen)
        || matches!(
            keyword(tokens, at - 1),
            Keyword::UNION | Keyword::ALL | Keyword::EXCEPT | Keyword::INTERSECT | Keyword::EXPLAIN | Keyword::ANALYZE
        );
    let on = level(tokens, at + 1).find(|at| keyword(tokens, *at) == Keyword::ON)?;
    if !starts || on == at + 1 {
        return None;
    }
    let mut found = [usize::MAX; N];
    for place in level(tokens, on + 1) {
        if let Some(which) = clauses.iter().position(|clause| *clause == keyword(tokens, place)) {
            found[which] = found[which].min(place);
        }
    }
    Some((on, found, end_of(tokens, on + 1)))
}

fn pivot(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    use Keyword as K;
    let Some((on, [using, rest @ ..], end)) =
        parts(tokens, at, [K::USING, K::GROUP, K::ORDER, K::LIMIT, K::OFFSET, K::FETCH])
    else {
        return;
    };
    let rest = rest.into_iter().min().unwrap_or(end).min(end);
    let span = tokens[at].span;
    let mut made = vec![plain("SELECT", span), quoted(&format!("{MARK}pivot"), span), sign(Token::LParen, span)];
    made.extend_from_slice(&tokens[on + 1..using.min(rest)]);
    made.push(sign(Token::RParen, span));
    if using < rest {
        made.push(sign(Token::Comma, span));
        made.extend_from_slice(&tokens[using + 1..rest]);
    }
    made.push(plain("FROM", span));
    made.extend_from_slice(&tokens[at + 1..on]);
    tokens.splice(at..rest, made);
}

fn unpivot(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    use Keyword as K;
    if in_from(tokens, at) || keyword(tokens, at + 1) == K::INCLUDE || keyword(tokens, at + 1) == K::EXCLUDE {
        return;
    }
    let Some((on, [into, rest @ ..], end)) = parts(tokens, at, [K::INTO, K::ORDER, K::LIMIT, K::OFFSET, K::FETCH])
    else {
        return;
    };
    let rest = rest.into_iter().min().unwrap_or(end).min(end);
    let span = tokens[at].span;
    let (mut name, mut value) = (vec![quoted("name", span)], vec![quoted("value", span)]);
    if into < rest {
        let Some(values) = (into..rest).find(|at| says(tokens, *at, "value")) else { return };
        if !says(tokens, into + 1, "name") || values < into + 2 {
            return;
        }
        name = tokens[into + 2..values].to_vec();
        value = tokens[values + 1..rest].to_vec();
        if value.len() > 1 {
            value.insert(0, sign(Token::LParen, span));
            value.push(sign(Token::RParen, span));
        }
    }
    let mut made = vec![plain("SELECT", span), sign(Token::Mul, span), plain("FROM", span)];
    made.extend_from_slice(&tokens[at + 1..on]);
    made.extend([plain("UNPIVOT", span), sign(Token::LParen, span)]);
    made.extend(value);
    made.push(plain("FOR", span));
    made.extend(name);
    made.extend([plain("IN", span), sign(Token::LParen, span)]);
    made.extend_from_slice(&tokens[on + 1..into.min(rest)]);
    made.extend([sign(Token::RParen, span), sign(Token::RParen, span)]);
    tokens.splice(at..rest, made);
}
