//! PIVOT and UNPIVOT, as statements and behind a table.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{MARK, end_of, is, keyword, level, matching, plain, quoted, says, sign};

/// PIVOT as a statement or behind a table.
pub(super) fn any_pivot(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    if in_from(tokens, at) { pivot_rest(tokens, at) } else { pivot(tokens, at) }
}

/// `… in (…) d in (…) group by c)` of PIVOT in FROM: what follows the first IN.
fn pivot_rest(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let Some(close) = matching(tokens, at + 1) else { return };
    let places: Vec<usize> = level(tokens, at + 2).collect();
    let after =
        |from: usize, wanted: Keyword| places.iter().copied().find(|at| *at > from && keyword(tokens, *at) == wanted);
    let first = after(at, Keyword::FOR).and_then(|at| after(at, Keyword::IN)).and_then(|at| matching(tokens, at + 1));
    let Some(first) = first else { return };
    let group = places
        .iter()
        .copied()
        .find(|at| *at > first && keyword(tokens, *at) == Keyword::GROUP && keyword(tokens, at + 1) == Keyword::BY);
    let end = group.unwrap_or(close);
    if first + 1 >= close || end <= first {
        return;
    }
    let span = tokens[first + 1].span;
    let (open, shut, comma) = (sign(Token::LParen, span), sign(Token::RParen, span), sign(Token::Comma, span));
    let mark = |name: &str| quoted(&format!("{MARK}{name}"), span);
    let mut made = vec![plain("DEFAULT", span), plain("ON", span), plain("NULL", span)];
    made.extend([open.clone(), mark("pivot"), open.clone()]);
    if end > first + 1 {
        made.extend([mark("on"), open]);
        let mut depth = 0_usize;
        for (at, token) in tokens.iter().enumerate().take(end).skip(first + 1) {
            match token.token {
                Token::LParen => depth += 1,
                Token::RParen => depth = depth.saturating_sub(1),
                _ => {}
            }
            made.push(token.clone());
            if token.token == Token::RParen && depth == 0 && at + 1 < end {
                made.push(comma.clone());
            }
        }
        made.push(shut.clone());
    }
    if let Some(group) = group {
        if end > first + 1 {
            made.push(comma);
        }
        made.extend_from_slice(&tokens[group + 2..close]);
    }
    made.extend([shut.clone(), shut]);
    tokens.splice(first + 1..close, made);
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

/// `pivot t on …`
pub(super) fn pivot(tokens: &mut Vec<TokenWithSpan>, at: usize) {
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

/// `unpivot t on …`
pub(super) fn unpivot(tokens: &mut Vec<TokenWithSpan>, at: usize) {
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
