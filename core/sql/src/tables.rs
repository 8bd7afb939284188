//! The tables a text reads, for the graph of cells. Works on broken text.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::ops::Range;

/// Names after FROM and JOIN, in order, each once, minus those the text defines itself with WITH.
///
/// ```
/// let sql = "with won as (select * from deals) select region, count(*) from won join accounts using (account_id) group by 1";
/// assert_eq!(almanac_sql::tables_of(sql), ["deals", "accounts"]);
/// ```
#[must_use]
pub fn tables_of(sql: &str) -> Vec<String> {
    let tokens = crate::parse::rewrite::rewritten(crate::parse::tokens_of_broken(sql));
    let own = defined(&tokens);
    let mut found: Vec<String> = Vec::new();
    for (name, _) in mentioned(&tokens) {
        let known = |names: &[String]| names.iter().any(|known| known.eq_ignore_ascii_case(&name));
        if !known(&own) && !known(&found) {
            found.push(name);
        }
    }
    found
}

fn keyword(token: Option<&TokenWithSpan>) -> Keyword {
    match token.map(|token| &token.token) {
        Some(Token::Word(word)) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    }
}

fn name(token: Option<&TokenWithSpan>) -> Option<String> {
    match token.map(|token| &token.token) {
        Some(Token::Word(word)) => Some(word.value.clone()),
        _ => None,
    }
}

/// A query in WITH.
pub(crate) struct Definition {
    /// Its name.
    pub(crate) name: String,
    /// Names for its first columns.
    pub(crate) columns: Vec<String>,
    /// Where its tokens are, without the parentheses; to the end of the text when they do not close.
    pub(crate) body: Range<usize>,
}

/// Names of the queries in WITH.
pub(crate) fn defined(tokens: &[TokenWithSpan]) -> Vec<String> {
    definitions(tokens).into_iter().map(|definition| definition.name).collect()
}

/// The queries in WITH: `name as (` and `name (columns) as (`.
pub(crate) fn definitions(tokens: &[TokenWithSpan]) -> Vec<Definition> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        if keyword(tokens.get(at)) != Keyword::AS {
            continue;
        }
        let hints = (at + 1..tokens.len())
            .take_while(|at| matches!(keyword(tokens.get(*at)), Keyword::MATERIALIZED | Keyword::NOT))
            .count();
        let opens = tokens.get(at + 1 + hints).is_some_and(|token| token.token == Token::LParen);
        if !opens && hints == 0 {
            continue;
        }
        let mut before = at - 1;
        let mut columns = Vec::new();
        if tokens[before].token == Token::RParen {
            while before > 0 && tokens[before].token != Token::LParen {
                columns.extend(name(tokens.get(before)));
                before -= 1;
            }
            columns.reverse();
            before = before.saturating_sub(1);
        }
        let introduced = before == 0
            || matches!(tokens[before - 1].token, Token::Comma)
            || matches!(keyword(tokens.get(before - 1)), Keyword::WITH | Keyword::RECURSIVE);
        if introduced && let Some(name) = name(tokens.get(before)) {
            let start = at + 2 + hints;
            let end = closing(tokens, start).unwrap_or(tokens.len());
            found.push(Definition { name, columns, body: start.min(end)..end });
        }
    }
    found
}

/// The `)` that closes what is open at a place.
pub(crate) fn closing(tokens: &[TokenWithSpan], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    (from..tokens.len()).find(|at| match tokens[*at].token {
        Token::LParen => {
            depth += 1;
            false
        }
        Token::RParen if depth == 0 => true,
        Token::RParen => {
            depth -= 1;
            false
        }
        _ => false,
    })
}

/// Tables in FROM with their aliases.
pub(crate) fn mentioned(tokens: &[TokenWithSpan]) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    // For each open parenthesis: whether names after a comma are tables, and whether it is a call such as `extract(year from d)`.
    let mut levels = vec![(false, false)];
    let mut expects = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match &token.token {
            Token::LParen => {
                let call = !expects
                    && at > 0
                    && matches!(&tokens[at - 1].token, Token::Word(word) if !opens_query(word.keyword));
                levels.push((expects, call));
            }
            Token::RParen => {
                if levels.len() > 1 {
                    levels.pop();
                }
                expects = false;
            }
            Token::Comma => expects = levels.last().is_some_and(|(in_from, _)| *in_from),
            Token::Word(word) => match (word.quote_style.is_none()).then_some(word.keyword) {
                Some(Keyword::SELECT | Keyword::VALUES) => {
                    expects = false;
                    if let Some(level) = levels.last_mut() {
                        *level = (false, false);
                    }
                }
                Some(Keyword::FROM) => {
                    let distinct_from = at > 0
                        && keyword(tokens.get(at - 1)) == Keyword::DISTINCT
                        && matches!(keyword(tokens.get(at.wrapping_sub(2))), Keyword::IS | Keyword::NOT);
                    if let Some(level) = levels.last_mut()
                        && !level.1
                        && !distinct_from
                    {
                        level.0 = true;
                        expects = true;
                    }
                }
                Some(Keyword::JOIN) => expects = true,
                Some(Keyword::LATERAL) => {}
                Some(
                    Keyword::ON
                    | Keyword::USING
                    | Keyword::WHERE
                    | Keyword::GROUP
                    | Keyword::HAVING
                    | Keyword::ORDER
                    | Keyword::LIMIT
                    | Keyword::QUALIFY
                    | Keyword::WINDOW
                    | Keyword::UNION
                    | Keyword::EXCEPT
                    | Keyword::INTERSECT,
                ) => {
                    expects = false;
                    // A further join of the same FROM sets it again; a comma after ON's expression still lists tables.
                    if let Some(level) = levels.last_mut()
                        && !matches!(word.keyword, Keyword::ON | Keyword::USING)
                    {
                        level.0 = false;
                    }
                }
                _ if expects => {
                    expects = false;
                    let next = tokens.get(at + 1).map(|token| &token.token);
                    if !matches!(next, Some(Token::LParen | Token::Period)) {
                        found.push((word.value.clone(), alias(tokens, at + 1)));
                    }
                }
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
    found
}

fn opens_query(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::FROM
            | Keyword::JOIN
            | Keyword::IN
            | Keyword::EXISTS
            | Keyword::AS
            | Keyword::ANY
            | Keyword::ALL
            | Keyword::NOT
            | Keyword::UNION
            | Keyword::EXCEPT
            | Keyword::INTERSECT
            | Keyword::WHERE
            | Keyword::AND
            | Keyword::OR
            | Keyword::SELECT
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
            | Keyword::LATERAL
    )
}

pub(crate) fn alias(tokens: &[TokenWithSpan], at: usize) -> Option<String> {
    let at = if keyword(tokens.get(at)) == Keyword::AS { at + 1 } else { at };
    match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word))
            if word.quote_style.is_some() || !sqlparser::keywords::RESERVED_FOR_TABLE_ALIAS.contains(&word.keyword) =>
        {
            Some(word.value.clone())
        }
        _ => None,
    }
}
