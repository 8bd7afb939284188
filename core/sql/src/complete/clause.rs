//! What kind of thing the clause at the cursor expects next.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

use super::place::Place;
use super::sight::open;
use crate::tables::mentioned;

/// What can stand at the cursor.
#[derive(Debug)]
pub(super) enum Expected {
    /// A table.
    Table,
    /// A type's name.
    Type,
    /// A new name or a number, which nobody can guess.
    Nothing,
    /// One of these keywords.
    Keyword(&'static [&'static str]),
    /// An expression.
    Operand {
        /// Keywords that may begin it or its place in the clause.
        words: &'static [&'static str],
        /// Whether aggregates and window functions are allowed.
        aggregates: bool,
    },
}

/// Names of types, as a cast takes them.
pub(super) const TYPES: &[&str] = &[
    "bigint",
    "boolean",
    "date",
    "decimal",
    "double",
    "float",
    "integer",
    "interval",
    "smallint",
    "time",
    "timestamp",
    "tinyint",
    "varchar",
];

const START: &[&str] = &["select", "with", "from", "values"];
const BEGIN: &[&str] = &[
    "case", "not", "null", "true", "false", "exists", "cast", "interval", "distinct", "when", "then", "else", "end",
    "select",
];
const AFTER_VALUE: &[&str] = &[
    "and",
    "or",
    "as",
    "from",
    "is null",
    "is not null",
    "in",
    "not in",
    "between",
    "like",
    "ilike",
    "then",
    "when",
    "else",
    "end",
    "over",
    "filter",
    "asc",
    "desc",
    "nulls first",
    "nulls last",
    "where",
    "group by",
    "having",
    "qualify",
    "order by",
    "limit",
    "offset",
    "rows between",
    "range between",
    "partition by",
    "join",
    "left join",
    "union",
    "union all",
    "except",
    "intersect",
    "is distinct from",
    "escape",
];
const AFTER_TABLE: &[&str] = &[
    "where",
    "join",
    "left join",
    "inner join",
    "right join",
    "full join",
    "cross join",
    "semi join",
    "anti join",
    "positional join",
    "on",
    "using",
    "as",
    "group by",
    "having",
    "qualify",
    "order by",
    "limit",
    "offset",
    "union",
    "union all",
    "except",
    "intersect",
    "select",
    "window",
];
const AFTER_IS: &[&str] = &["null", "not null", "true", "false", "not", "distinct from", "not distinct from"];
const JOINS: &[&str] = &["join", "outer join", "semi join", "anti join"];
const SET: &[&str] = &["select", "all", "distinct", "by name", "all by name", "from", "values"];

/// What can stand at the word.
pub(super) fn expected(place: &Place) -> Expected {
    let before = place.before();
    let Some(last) = before.last() else { return Expected::Keyword(START) };
    match in_from(before) {
        Some(true) => return Expected::Table,
        Some(false) => return Expected::Keyword(AFTER_TABLE),
        None => {}
    }
    let clause = clause(before);
    match &last.token {
        Token::SemiColon => return Expected::Keyword(START),
        Token::DoubleColon => return Expected::Type,
        Token::Word(word) if word.quote_style.is_none() => match word.keyword {
            Keyword::AS if in_cast(before) => return Expected::Type,
            Keyword::AS | Keyword::LIMIT | Keyword::OFFSET | Keyword::WITH | Keyword::RECURSIVE => {
                return Expected::Nothing;
            }
            Keyword::IS => return Expected::Keyword(AFTER_IS),
            Keyword::GROUP | Keyword::ORDER | Keyword::PARTITION => return Expected::Keyword(&["by"]),
            Keyword::LEFT | Keyword::RIGHT | Keyword::FULL | Keyword::INNER | Keyword::CROSS | Keyword::OUTER => {
                return Expected::Keyword(JOINS);
            }
            Keyword::NULLS => return Expected::Keyword(&["first", "last"]),
            Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT => return Expected::Keyword(SET),
            keyword if !wants_operand(keyword) => return Expected::Keyword(AFTER_VALUE),
            _ => {}
        },
        Token::RParen if clause == Keyword::WITH => return Expected::Keyword(&["select", "from", "values", "as"]),
        Token::Word(_)
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::Placeholder(_)
        | Token::RParen
        | Token::RBracket => {
            return Expected::Keyword(AFTER_VALUE);
        }
        // A star ends a list of columns, or multiplies.
        Token::Mul if starts_item(before) => {
            return Expected::Keyword(&["from", "exclude", "replace", "rename", "where", "order by"]);
        }
        _ => {}
    }
    match clause {
        Keyword::NoKeyword | Keyword::WITH => Expected::Keyword(START),
        Keyword::WHERE | Keyword::ON | Keyword::GROUP | Keyword::USING => {
            Expected::Operand { words: BEGIN, aggregates: false }
        }
        Keyword::LIMIT | Keyword::OFFSET => Expected::Nothing,
        _ => Expected::Operand { words: BEGIN, aggregates: true },
    }
}

/// In FROM: whether a table is next (`Some(true)`), or one was just named (`Some(false)`).
fn in_from(before: &[TokenWithSpan]) -> Option<bool> {
    // A name that no text has stands for the word, to ask the reader of tables what it takes it for.
    const PROBE: &str = "\0";
    let word = Word { value: PROBE.to_owned(), quote_style: Some('"'), keyword: Keyword::NoKeyword };
    let mut tokens = before.to_vec();
    tokens.push(TokenWithSpan { token: Token::Word(word), span: Span::empty() });
    let (name, alias) = mentioned(&tokens).pop()?;
    if name == PROBE {
        return Some(true);
    }
    let after_as =
        matches!(before.last().map(|token| &token.token), Some(Token::Word(word)) if word.keyword == Keyword::AS);
    (alias.as_deref() == Some(PROBE) && !after_as).then_some(false).or_else(|| after_alias(before))
}

/// `from sales s `: the last token is what gave the last table its alias.
fn after_alias(before: &[TokenWithSpan]) -> Option<bool> {
    let (last, rest) = before.split_last()?;
    let (with, without) = (mentioned(before), mentioned(rest));
    let named =
        matches!((&last.token, with.last()), (Token::Word(word), Some((_, Some(alias)))) if *alias == word.value);
    let was_bare = with.len() == without.len() && without.last().is_some_and(|(_, alias)| alias.is_none());
    (named && was_bare).then_some(false)
}

/// The keyword that opened the clause at the end of the tokens, in this query or one around it.
fn clause(before: &[TokenWithSpan]) -> Keyword {
    let mut depth = 0_usize;
    for token in before.iter().rev() {
        match &token.token {
            Token::RParen => depth += 1,
            Token::LParen => depth = depth.saturating_sub(1),
            Token::SemiColon if depth == 0 => return Keyword::NoKeyword,
            Token::Word(word) if depth == 0 && word.quote_style.is_none() => {
                if matches!(
                    word.keyword,
                    Keyword::SELECT
                        | Keyword::FROM
                        | Keyword::WHERE
                        | Keyword::GROUP
                        | Keyword::HAVING
                        | Keyword::QUALIFY
                        | Keyword::ORDER
                        | Keyword::PARTITION
                        | Keyword::LIMIT
                        | Keyword::OFFSET
                        | Keyword::ON
                        | Keyword::USING
                        | Keyword::VALUES
                        | Keyword::WITH
                        | Keyword::JOIN
                ) {
                    return word.keyword;
                }
            }
            _ => {}
        }
    }
    Keyword::NoKeyword
}

/// Whether an expression follows the keyword.
fn wants_operand(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::SELECT
            | Keyword::DISTINCT
            | Keyword::ALL
            | Keyword::ANY
            | Keyword::WHERE
            | Keyword::AND
            | Keyword::OR
            | Keyword::NOT
            | Keyword::ON
            | Keyword::HAVING
            | Keyword::QUALIFY
            | Keyword::BY
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
            | Keyword::CASE
            | Keyword::IN
            | Keyword::LIKE
            | Keyword::ILIKE
            | Keyword::BETWEEN
            | Keyword::EXISTS
            | Keyword::FROM
            | Keyword::VALUES
            | Keyword::INTERVAL
            | Keyword::ESCAPE
            | Keyword::USING
    )
}

/// `cast(x as`.
fn in_cast(before: &[TokenWithSpan]) -> bool {
    let call = open(before).last().and_then(|at| before.get(at.checked_sub(1)?));
    matches!(call.map(|token| &token.token), Some(Token::Word(word)) if matches!(word.keyword, Keyword::CAST | Keyword::TRY_CAST))
}

/// Whether the last token stands where an item of a list begins.
fn starts_item(before: &[TokenWithSpan]) -> bool {
    match before.iter().rev().nth(1).map(|token| &token.token) {
        Some(Token::Comma | Token::Period) => true,
        Some(Token::Word(word)) => matches!(word.keyword, Keyword::SELECT | Keyword::DISTINCT),
        _ => false,
    }
}
