//! The parser front: text to one query tree of `sqlparser`, with byte spans and hints for what does not parse.

mod balance;
mod recover;
pub(crate) mod rewrite;
mod told;

use almanac_model::{Diagnostic, Span};
use sqlparser::ast::{BinaryOperator, Expr, Query, SetExpr, Statement};
use sqlparser::dialect::{Dialect, DuckDbDialect, Precedence};
use sqlparser::keywords::{Keyword, RESERVED_FOR_TABLE_ALIAS};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};
use std::any::TypeId;

use crate::depth::{sources, too_deep};
use crate::limits::Limits;
use crate::plan::Explain;
use rewrite::rewritten;
use told::{lower_first, syntax};

/// DuckDB's dialect, with what its parser in `sqlparser` leaves out.
#[derive(Debug)]
pub(crate) struct AlmanacDialect;

macro_rules! yes {
    ($($name:ident),* $(,)?) => { $(fn $name(&self) -> bool { true })* };
}

impl Dialect for AlmanacDialect {
    fn dialect(&self) -> TypeId {
        TypeId::of::<DuckDbDialect>()
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_' || ('\u{300}'..='\u{36f}').contains(&ch)
    }

    /// The parser takes all that follows `is distinct from` for its right side, an AND included.
    fn parse_infix(&self, parser: &mut Parser<'_>, left: &Expr, _: u8) -> Option<Result<Expr, ParserError>> {
        use Keyword::{DISTINCT, FROM, IS, NOT};
        for (token, op) in [
            (Token::Overlap, BinaryOperator::PGOverlap),
            (Token::AtArrow, BinaryOperator::AtArrow),
            (Token::ArrowAt, BinaryOperator::ArrowAt),
        ] {
            if parser.consume_token(&token) {
                let left = Box::new(left.clone());
                let right = parser.parse_subexpr(self.prec_value(Precedence::PgOther)).map(Box::new);
                return Some(right.map(|right| Expr::BinaryOp { left, op, right }));
            }
        }
        let negated = parser.parse_keywords(&[IS, NOT, DISTINCT, FROM]);
        if !negated && !parser.parse_keywords(&[IS, DISTINCT, FROM]) {
            return None;
        }
        let left = Box::new(left.clone());
        let right = parser.parse_subexpr(self.prec_value(Precedence::Is)).map(Box::new);
        Some(right.map(
            |right| {
                if negated { Expr::IsNotDistinctFrom(left, right) } else { Expr::IsDistinctFrom(left, right) }
            },
        ))
    }

    /// Words that are keywords elsewhere: no clause of ours begins with them.
    fn is_table_alias(&self, keyword: &Keyword, _: &mut Parser<'_>) -> bool {
        let free = [Keyword::VIEW, Keyword::OUTPUT, Keyword::START, Keyword::OPEN, Keyword::SETTINGS];
        free.contains(keyword) || !RESERVED_FOR_TABLE_ALIAS.contains(keyword)
    }

    yes!(
        supports_trailing_commas,
        supports_filter_during_aggregation,
        supports_group_by_expr,
        supports_bitwise_shift_operators,
        allow_extract_single_quotes,
        allow_extract_custom,
        supports_array_typedef_with_brackets,
        supports_from_first_select,
        supports_order_by_all,
        supports_select_wildcard_exclude,
        supports_select_wildcard_replace,
        supports_select_wildcard_rename,
        supports_notnull_operator,
        supports_comma_separated_trim,
        supports_window_clause_named_window_reference,
        supports_window_function_null_treatment_arg,
        supports_nested_comments,
        supports_values_as_table_factor,
        supports_parens_around_table_factor,
        supports_numeric_literal_underscores,
        supports_left_associative_joins_without_parens,
        supports_dollar_placeholder,
        supports_dictionary_syntax,
        supports_named_fn_args_with_assignment_operator,
        supports_lambda_functions,
        supports_string_escape_constant,
    );
}

/// Byte offsets of the lines of a text.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// Of each line, the byte it starts at and how many characters are before it.
    starts: Vec<(usize, usize)>,
    /// The byte of each [`STRIDE`]th character, so that a long line is not walked from its start for each span.
    marks: Vec<usize>,
}

/// Characters between two marks.
const STRIDE: usize = 64;

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let (mut starts, mut marks) = (vec![(0, 0)], Vec::new());
        for (count, (at, letter)) in text.char_indices().enumerate() {
            if count % STRIDE == 0 {
                marks.push(at);
            }
            if letter == '\n' {
                starts.push((at + 1, count + 1));
            }
        }
        Self { text, starts, marks }
    }

    /// The byte at a line and a column of characters, both from 1.
    fn byte(&self, place: Location) -> usize {
        let line = usize::try_from(place.line).unwrap_or(usize::MAX).saturating_sub(1);
        let column = usize::try_from(place.column).unwrap_or(usize::MAX).saturating_sub(1);
        let Some(&(_, before)) = self.starts.get(line) else { return self.text.len() };
        let count = before.saturating_add(column);
        let Some(&mark) = self.marks.get(count / STRIDE) else { return self.text.len() };
        self.text[mark..].char_indices().nth(count % STRIDE).map_or(self.text.len(), |(at, _)| mark + at)
    }

    /// The bytes of a span of the parser; the whole text when the parser has none.
    pub(crate) fn span(&self, span: sqlparser::tokenizer::Span) -> Span {
        if span.start.line == 0 {
            return Span::new(0, self.text.len());
        }
        let start = self.byte(span.start);
        let end = self.byte(span.end).max(start);
        Span::new(start, self.closed(start, end))
    }

    /// The parser ends the span of a call before its `)`: takes it in.
    fn closed(&self, start: usize, mut end: usize) -> usize {
        let count = |sign: u8| self.text.as_bytes()[start..end].iter().filter(|byte| **byte == sign).count();
        let open = count(b'(').saturating_sub(count(b')'));
        for _ in 0..open {
            let rest = &self.text[end..];
            let trimmed = rest.trim_start();
            if !trimmed.starts_with(')') {
                break;
            }
            end += rest.len() - trimmed.len() + 1;
        }
        end
    }
}

/// Tokens of a text, spaces and comments left out.
pub(crate) fn tokens(text: &str) -> Result<Vec<TokenWithSpan>, (String, Location)> {
    let tokens = Tokenizer::new(&AlmanacDialect, text)
        .tokenize_with_location()
        .map_err(|error| (error.message, error.location))?;
    Ok(join_stars(tokens.into_iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).collect()))
}

/// `**` is the power operator, which the tokenizer gives as two stars.
fn join_stars(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match out.last_mut() {
            Some(last)
                if last.token == Token::Mul && token.token == Token::Mul && last.span.end == token.span.start =>
            {
                last.token = Token::Caret;
                last.span.end = token.span.end;
            }
            _ => out.push(token),
        }
    }
    out
}

/// The one query of a text, and whether its plan is asked for instead of its rows.
pub(crate) fn parse(text: &str, limits: &Limits) -> Result<(Box<Query>, Option<Explain>), Vec<Diagnostic>> {
    let whole = Span::new(0, text.len());
    if text.len() > limits.bytes {
        let message = format!("the SQL text is {} bytes long; at most {} are accepted", text.len(), limits.bytes);
        return Err(vec![
            Diagnostic::error("sql-too-long", whole, message)
                .hint("move long lists of values into a table and join with it"),
        ]);
    }
    let lines = Lines::new(text);
    let tokens = tokens(text).map_err(|(message, place)| {
        let at = lines.byte(place);
        vec![Diagnostic::error("sql-syntax", Span::new(at, text.len().max(at)), lower_first(&message))]
    })?;
    if let Some(token) = too_deep(&tokens, limits) {
        let message = "the SQL text is nested too deeply";
        return Err(vec![
            Diagnostic::error("sql-too-deep", lines.span(token.span), message).hint("split it into several CTEs"),
        ]);
    }
    let (tokens, explain) = explained(tokens);
    if tokens.is_empty() {
        return Err(vec![
            Diagnostic::error("sql-empty", whole, "there is no SQL text").hint("write a query: `select …`"),
        ]);
    }
    if sources(&tokens) > limits.sources {
        let message = format!("the SQL text names more than {} tables and queries", limits.sources);
        return Err(vec![
            Diagnostic::error("sql-too-long", whole, message).hint("put parts of it into cells of their own"),
        ]);
    }
    let raw = tokens;
    let tokens = rewritten(raw.clone());
    refuse_statements(&tokens, &lines)?;
    let mut parser =
        Parser::new(&AlmanacDialect).with_recursion_limit(limits.depth + 10).with_tokens_with_locations(tokens.clone());
    let statements = parser.parse_statements().map_err(|error| {
        let first = syntax(&error, &parser, &tokens, None, &lines, text);
        recover::problems(&raw, first, &lines, text, limits)
    })?;
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(Statement::Query(query)), None) => {
            if let Some(problem) = not_a_query(&query, whole) {
                return Err(vec![problem]);
            }
            Ok((query, explain))
        }
        (Some(_), None) => Err(vec![only_queries(whole)]),
        (_, Some(_)) => Err(vec![
            Diagnostic::error("one-statement", whole, "there is more than one statement")
                .hint("put each query into a cell of its own"),
        ]),
        (None, None) => {
            Err(vec![Diagnostic::error("sql-empty", whole, "there is no SQL text").hint("write a query: `select …`")])
        }
    }
}

/// The tokens behind EXPLAIN and EXPLAIN ANALYZE.
fn explained(mut tokens: Vec<TokenWithSpan>) -> (Vec<TokenWithSpan>, Option<Explain>) {
    let says = |token: Option<&TokenWithSpan>, keyword| matches!(token.map(|token| &token.token), Some(Token::Word(word)) if word.keyword == keyword);
    if !says(tokens.first(), Keyword::EXPLAIN) {
        return (tokens, None);
    }
    let analyze = says(tokens.get(1), Keyword::ANALYZE);
    tokens.drain(..1 + usize::from(analyze));
    (tokens, Some(if analyze { Explain::Analyze } else { Explain::Plan }))
}

fn only_queries(span: Span) -> Diagnostic {
    Diagnostic::error("only-queries", span, "only queries are run; this statement would change something")
        .hint("start with `select`, `with`, `from` or `values`")
}

/// Statements are refused by their first word, so that those the parser does not know get the same answer.
fn refuse_statements(tokens: &[TokenWithSpan], lines: &Lines<'_>) -> Result<(), Vec<Diagnostic>> {
    let first = &tokens[0];
    let starts_query = match &first.token {
        Token::Word(word) => {
            matches!(word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::FROM | Keyword::VALUES | Keyword::TABLE)
        }
        Token::LParen => true,
        _ => false,
    };
    if starts_query {
        return Ok(());
    }
    let known = matches!(&first.token, Token::Word(word) if word.keyword != Keyword::NoKeyword
        || ["summarize", "checkpoint", "export", "import"].contains(&word.value.to_lowercase().as_str()));
    if known {
        return Err(vec![only_queries(lines.span(first.span))]);
    }
    let message = format!("a query cannot start with `{}`", first.token);
    let mut problem = Diagnostic::error("sql-syntax", lines.span(first.span), message);
    if let Token::Word(word) = &first.token {
        problem = problem.did_you_mean(&word.value, ["select", "with", "from", "values"]);
    }
    Err(vec![problem])
}

/// `with d as (delete …)`, `select … into`, `for update`.
fn not_a_query(query: &Query, whole: Span) -> Option<Diagnostic> {
    fn writes(query: &Query) -> bool {
        !query.locks.is_empty()
            || query.with.as_ref().is_some_and(|with| with.cte_tables.iter().any(|cte| writes(&cte.query)))
            || body_writes(&query.body)
    }
    fn body_writes(body: &SetExpr) -> bool {
        match body {
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => true,
            SetExpr::Select(select) => select.into.is_some(),
            SetExpr::Query(query) => writes(query),
            SetExpr::SetOperation { left, right, .. } => body_writes(left) || body_writes(right),
            SetExpr::Values(_) | SetExpr::Table(_) => false,
        }
    }
    writes(query).then(|| only_queries(whole))
}

/// Tokens up to where the text stops making sense.
pub(crate) fn tokens_of_broken(text: &str) -> Vec<TokenWithSpan> {
    let mut buffer = Vec::new();
    // An unclosed quote is an error, but what was read before it is kept.
    let _ = Tokenizer::new(&AlmanacDialect, text).tokenize_with_location_into_buf(&mut buffer);
    join_stars(buffer.into_iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).collect())
}
