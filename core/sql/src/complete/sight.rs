//! Tables that the queries around the cursor read, the innermost query's first.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::place::Place;
use crate::tables::{alias, mentioned};

/// Queries looked at around the cursor; deeper nesting only loses the order of items.
const LEVELS: usize = 8;

/// Tables with their aliases, by query.
#[derive(Debug)]
pub(super) struct Sight {
    /// From the query at the cursor outwards; the last has what else the text reads.
    pub(super) levels: Vec<Vec<(String, Option<String>)>>,
}

impl Sight {
    pub(super) fn new(place: &Place) -> Self {
        let tokens = &place.tokens;
        let opens = open(place.before());
        let closes = closed(&tokens[place.at..]);
        let mut levels: Vec<Vec<(String, Option<String>)>> = Vec::new();
        for level in 0..=opens.len().min(LEVELS) {
            let start = if level < opens.len() { opens[opens.len() - 1 - level] + 1 } else { 0 };
            let end = closes.get(level).map_or(tokens.len(), |end| place.at + end);
            let own = own(&tokens[start..end], place.at - start);
            let mut tables = mentioned(&own);
            tables.extend(queries(&own));
            levels.push(tables);
        }
        let rest = mentioned(tokens)
            .into_iter()
            .filter(|table| !levels.iter().flatten().any(|known| known == table))
            .collect();
        levels.push(rest);
        Self { levels }
    }

    /// The table that an alias, or a table's own name, stands for at the cursor.
    pub(super) fn table(&self, name: &str) -> Option<String> {
        let tables = || self.levels.iter().flatten();
        let by_alias = tables().find(|(_, alias)| alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(name)));
        by_alias
            .or_else(|| tables().find(|(table, _)| table.eq_ignore_ascii_case(name)))
            .map(|(table, _)| table.clone())
    }
}

/// Queries in FROM, what is inside their parentheses left out: `from () name`.
fn queries(tokens: &[TokenWithSpan]) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let opens = match &tokens[at - 1].token {
            Token::Comma => true,
            Token::Word(word) => matches!(word.keyword, Keyword::FROM | Keyword::JOIN | Keyword::LATERAL),
            _ => false,
        };
        if opens
            && tokens[at].token == Token::LParen
            && tokens.get(at + 1).is_some_and(|next| next.token == Token::RParen)
        {
            found.extend(alias(tokens, at + 2).map(|name| (name, None)));
        }
    }
    found
}

/// Parentheses that are open at the end, the innermost last.
pub(super) fn open(tokens: &[TokenWithSpan]) -> Vec<usize> {
    let mut stack = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => stack.push(at),
            Token::RParen => {
                stack.pop();
            }
            _ => {}
        }
    }
    stack
}

/// Parentheses that close more than was opened, the innermost first.
fn closed(tokens: &[TokenWithSpan]) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth > 0 => depth -= 1,
            Token::RParen => found.push(at),
            _ => {}
        }
    }
    found
}

/// The tokens of the query at `at`, without what it has in parentheses and without the other sides of UNION.
fn own(tokens: &[TokenWithSpan], at: usize) -> Vec<TokenWithSpan> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.token == Token::RParen {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            let ends = match &token.token {
                Token::SemiColon => true,
                Token::Word(word) => matches!(word.keyword, Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT),
                _ => false,
            };
            match (ends, index < at) {
                (true, true) => found.clear(),
                (true, false) => break,
                (false, _) => found.push(token.clone()),
            }
        }
        if token.token == Token::LParen {
            depth += 1;
        }
    }
    found
}
