//! Stars with a LIKE, list comprehensions, subqueries as keys.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{MARK, is, keyword, matching, plain, quoted, sign};

/// Where `*` or `t.*` before LIKE begins, and the name of its table.
pub(super) fn star_before(tokens: &[TokenWithSpan], at: usize) -> Option<(usize, String)> {
    let negated = usize::from(at > 0 && keyword(tokens, at - 1) == Keyword::NOT);
    let star = at.checked_sub(1 + negated)?;
    if !is(tokens, star, &Token::Mul) || star == 0 {
        return None;
    }
    if !is(tokens, star - 1, &Token::Period) {
        return Some((star, String::new()));
    }
    let table = star.checked_sub(2)?;
    match &tokens[table].token {
        Token::Word(word) => Some((table, word.value.clone())),
        _ => None,
    }
}

/// `* like …`
pub(super) fn star_like(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let Some((start, table)) = star_before(tokens, at) else { return };
    let pattern = at + 1 + usize::from(keyword(tokens, at) == Keyword::SIMILAR);
    if !matches!(tokens.get(pattern).map(|token| &token.token), Some(Token::SingleQuotedString(_))) {
        return;
    }
    let span = tokens[start].span;
    tokens.insert(pattern + 1, sign(Token::RParen, tokens[pattern].span));
    let star = at - usize::from(keyword(tokens, at - 1) == Keyword::NOT);
    let call = [plain("columns", span), sign(Token::LParen, span), quoted(&format!("{MARK}{table}"), span)];
    tokens.splice(start..star, call);
}

/// `rollup (a, (select …))`: the parser takes the parentheses of a subquery for those of several keys.
pub(super) fn subquery_keys(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let Some(close) = matching(tokens, at + 1).filter(|_| is(tokens, at + 1, &Token::LParen)) else { return };
    for open in (at + 2..close).rev() {
        let starts = is(tokens, open - 1, &Token::LParen) || is(tokens, open - 1, &Token::Comma);
        if !starts || !is(tokens, open, &Token::LParen) || keyword(tokens, open + 1) != Keyword::SELECT {
            continue;
        }
        if let Some(end) = matching(tokens, open) {
            tokens.insert(end, tokens[end].clone());
            tokens.insert(open, tokens[open].clone());
        }
    }
}

/// `[… for x in … if …]`
pub(super) fn comprehension(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let closes = |token: &Token| matches!(token, Token::RParen | Token::RBracket | Token::RBrace);
    let opens = |token: &Token| matches!(token, Token::LParen | Token::LBracket | Token::LBrace);
    let mut depth = 0_usize;
    let open = (0..at).rev().find(|at| match &tokens[*at].token {
        token if closes(token) => {
            depth += 1;
            false
        }
        token if opens(token) && depth > 0 => {
            depth -= 1;
            false
        }
        token => opens(token),
    });
    let Some(open) = open.filter(|open| tokens[*open].token == Token::LBracket) else { return };
    let Some(list) = (at + 2..at + 6).find(|at| keyword(tokens, *at) == Keyword::IN) else { return };
    let (mut condition, mut close) = (None, None);
    for (place, token) in tokens.iter().enumerate().skip(list + 1) {
        match &token.token {
            token if opens(token) => depth += 1,
            token if closes(token) && depth == 0 => {
                close = Some(place);
                break;
            }
            token if closes(token) => depth -= 1,
            Token::Word(_) if depth == 0 && condition.is_none() && keyword(tokens, place) == Keyword::IF => {
                condition = Some(place);
            }
            _ => {}
        }
    }
    let Some(close) = close else { return };
    let span = tokens[open].span;
    let mut lambda = vec![sign(Token::LParen, span)];
    lambda.extend_from_slice(&tokens[at + 1..list]);
    lambda.extend([sign(Token::RParen, span), sign(Token::Arrow, span)]);
    let mut made = vec![quoted(&format!("{MARK}each"), span), sign(Token::LParen, span)];
    made.extend_from_slice(&lambda);
    made.extend_from_slice(&tokens[open + 1..at]);
    made.push(sign(Token::Comma, span));
    made.extend_from_slice(&tokens[list + 1..condition.unwrap_or(close)]);
    if let Some(condition) = condition {
        made.push(sign(Token::Comma, span));
        made.extend(lambda);
        made.extend_from_slice(&tokens[condition + 1..close]);
    }
    made.push(sign(Token::RParen, tokens[close].span));
    tokens.splice(open..=close, made);
}
