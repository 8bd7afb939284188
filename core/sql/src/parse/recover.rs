//! Several mistakes of syntax in one text. The parser stops at the first; so a text that does not parse is taken apart where SQL
//! begins anew (subqueries, WITH, set operations, clauses, joins, items of lists, parts of AND and OR), and each part is parsed
//! on its own, in a query made for it. What fails for itself is a mistake; a part that holds a mistake of its parts is not told.
//!
//! **Invariant:** of a text that parses, no part fails: tests hold it against every query of the project.

use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use almanac_model::Diagnostic;

use super::balance::balanced;
use super::rewrite::{bare, is, keyword, matching, plain, rewritten};
use super::told::syntax;
use super::{AlmanacDialect, Lines};
use crate::limits::Limits;

/// Most mistakes told.
const MOST: usize = 20;

type Tokens<'t> = &'t [TokenWithSpan];

/// What is wrong with a text, of which the parser says `first`.
pub(super) fn problems(
    tokens: Tokens<'_>,
    first: Diagnostic,
    lines: &Lines<'_>,
    text: &str,
    limits: &Limits,
) -> Vec<Diagnostic> {
    let mut found = apart(tokens, lines, text, limits);
    let place = |problem: &Diagnostic| problem.span.map_or((0, 0), |span| (span.start, span.end));
    found.sort_by_key(place);
    found.dedup_by_key(|problem| place(problem).0);
    // The parser may have stopped at what a mistake further on led it to believe.
    if found.is_empty() {
        found.push(first);
    }
    found.truncate(MOST);
    found
}

/// The mistakes of the parts of a text.
pub(super) fn apart(tokens: Tokens<'_>, lines: &Lines<'_>, text: &str, limits: &Limits) -> Vec<Diagnostic> {
    let end = tokens.iter().position(|token| token.token == Token::SemiColon).unwrap_or(tokens.len());
    let (tokens, unbalanced) = balanced(&tokens[..end], lines);
    let mut parts = Parts { lines, text, limits, found: unbalanced };
    if let Some(tokens) = tokens {
        parts.query(&tokens, None);
    }
    parts.found
}

/// The parts of one text.
struct Parts<'a> {
    lines: &'a Lines<'a>,
    text: &'a str,
    limits: &'a Limits,
    found: Vec<Diagnostic>,
}

impl Parts<'_> {
    /// A query that `next` follows: the mistakes in it are found.
    fn query(&mut self, tokens: Tokens<'_>, next: Option<&TokenWithSpan>) {
        if self.found.len() > MOST {
            return;
        }
        let tokens = self.without_subqueries(tokens);
        let tokens = tokens.as_slice();
        if matches!(keyword(tokens, 0), Keyword::PIVOT | Keyword::UNPIVOT) {
            self.check(&[], tokens, next);
            return;
        }
        let start = self.with(tokens);
        for (part, next) in parts_of(&tokens[start..], &set_operations(&tokens[start..]), next) {
            self.select(part, next);
        }
    }

    /// The tokens with `select 1` for each query in parentheses, whose mistakes are found.
    fn without_subqueries(&mut self, tokens: Tokens<'_>) -> Vec<TokenWithSpan> {
        let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            out.push(token.clone());
            at += 1;
            let starts =
                matches!(keyword(tokens, at), Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::FROM);
            if token.token == Token::LParen
                && starts
                && let Some(close) = matching(tokens, at - 1)
            {
                self.query(&tokens[at..close], tokens.get(close));
                out.extend(["SELECT", "1"].map(|word| made(word, token.span)));
                at = close;
            }
        }
        out
    }

    /// The queries of WITH, by now `name as (select 1)`; where the query behind them begins.
    fn with(&mut self, tokens: Tokens<'_>) -> usize {
        if keyword(tokens, 0) != Keyword::WITH {
            return 0;
        }
        let starts = |at: &usize| {
            matches!(keyword(tokens, *at), Keyword::SELECT | Keyword::VALUES | Keyword::FROM | Keyword::PIVOT)
                || is(tokens, *at, &Token::LParen) && is(tokens, at.saturating_sub(1), &Token::RParen)
        };
        let main = level(tokens, 1).into_iter().find(starts).unwrap_or(tokens.len());
        let behind = ["SELECT", "1"];
        if self.fails_before(&tokens[..main], &behind, tokens.get(main)).is_some() {
            let first = 1 + usize::from(keyword(tokens, 1) == Keyword::RECURSIVE);
            let definitions = split(&tokens[first..main], &commas(&tokens[first..main]), tokens.get(main));
            let alone = |parts: &Self, (part, next): &(Tokens<'_>, Option<&TokenWithSpan>)| {
                let whole: Vec<TokenWithSpan> = tokens[..first].iter().chain(*part).cloned().collect();
                parts.fails_before(&whole, &behind, *next)
            };
            let found: Vec<Diagnostic> = definitions.iter().filter_map(|part| alone(self, part)).collect();
            let whole = self.fails_before(&tokens[..main], &behind, tokens.get(main)).filter(|_| found.is_empty());
            self.found.extend(found.into_iter().chain(whole));
        }
        main
    }

    /// One side of a set operation.
    fn select(&mut self, tokens: Tokens<'_>, next: Option<&TokenWithSpan>) {
        let clauses = clauses(tokens);
        if clauses.first() != Some(&0) || matches!(keyword(tokens, 0), Keyword::ORDER | Keyword::LIMIT) {
            self.check(&[], tokens, next);
            return;
        }
        let mut behind: Option<(u8, &TokenWithSpan)> = None;
        for (clause, next) in parts_of(tokens, &clauses, next) {
            let (Some(first), Some(rank)) = (clause.first(), rank(keyword(clause, 0))) else { continue };
            match behind {
                // FROM may begin a query.
                Some((known, other)) if rank < known || rank == known && first.token == other.token => {
                    let message = format!("`{}` cannot stand behind `{}`", first.token, other.token);
                    let problem = Diagnostic::error("sql-syntax", self.lines.span(first.span), message);
                    self.found.push(
                        problem
                            .hint("the order is `select`, `from`, `where`, `group by`, `having`, `order by`, `limit`"),
                    );
                }
                _ => behind = Some((rank, first)),
            }
            match keyword(clause, 0) {
                Keyword::SELECT => self.listed(&[], clause, 1, commas(clause), next),
                Keyword::FROM => self.listed(&["SELECT", "1"], clause, 1, tables(clause), next),
                Keyword::GROUP | Keyword::ORDER => self.listed(QUERY, clause, 2, commas(clause), next),
                Keyword::WHERE | Keyword::HAVING | Keyword::QUALIFY => {
                    self.listed(QUERY, clause, 1, conjuncts(clause), next);
                }
                _ => self.check(QUERY, clause, next),
            }
        }
    }

    /// A clause of `head` words and items between `marks`: the items that fail for themselves, or else the clause.
    fn listed(
        &mut self,
        before: &[&str],
        clause: Tokens<'_>,
        head: usize,
        marks: Vec<usize>,
        next: Option<&TokenWithSpan>,
    ) {
        let Some(whole) = self.fails(before, clause, next) else { return };
        let head = head.min(clause.len());
        let marks: Vec<usize> = marks.into_iter().filter(|at| *at >= head).map(|at| at - head).collect();
        let mut found = Vec::new();
        for (item, next) in split(&clause[head..], &marks, next) {
            // A join begins with its own words, all else with those of the clause.
            let joins = keyword(clause, 0) == Keyword::FROM && begins_join(item);
            let own: Vec<TokenWithSpan> =
                if joins { item.to_vec() } else { clause[..head].iter().chain(item).cloned().collect() };
            let before = if joins { QUERY } else { before };
            found.extend(self.fails(before, &own, next));
        }
        if found.is_empty() {
            found.push(whole);
        }
        self.found.extend(found);
    }

    fn check(&mut self, before: &[&str], tokens: Tokens<'_>, next: Option<&TokenWithSpan>) {
        let problem = self.fails(before, tokens, next);
        self.found.extend(problem);
    }

    /// What the parser says of these tokens behind some words.
    fn fails(&self, before: &[&str], tokens: Tokens<'_>, next: Option<&TokenWithSpan>) -> Option<Diagnostic> {
        let before = before.iter().map(|word| made(word, Span::empty()));
        self.parsed(before.chain(tokens.iter().cloned()).collect(), next)
    }

    /// The same in front of some words.
    fn fails_before(&self, tokens: Tokens<'_>, after: &[&str], next: Option<&TokenWithSpan>) -> Option<Diagnostic> {
        let span = next.or(tokens.last()).map_or_else(Span::empty, |token| token.span);
        self.parsed(tokens.iter().cloned().chain(after.iter().map(|word| made(word, span))).collect(), next)
    }

    fn parsed(&self, tokens: Vec<TokenWithSpan>, next: Option<&TokenWithSpan>) -> Option<Diagnostic> {
        let tokens = rewritten(tokens);
        let mut parser = Parser::new(&AlmanacDialect)
            .with_recursion_limit(self.limits.depth + 10)
            .with_tokens_with_locations(tokens.clone());
        let error = parser.parse_statements().err()?;
        Some(syntax(&error, &parser, &tokens, next, self.lines, self.text))
    }
}

/// What stands before a clause that is parsed alone.
const QUERY: &[&str] = &["SELECT", "1", "FROM", "t"];

fn made(word: &str, span: Span) -> TokenWithSpan {
    match word.parse::<u32>() {
        Ok(_) => TokenWithSpan { token: Token::Number(word.to_owned(), false), span },
        Err(_) => plain(word, span),
    }
}

/// Tokens between places, the tokens at the places left out; each with what follows it.
fn split<'t>(
    tokens: Tokens<'t>,
    places: &[usize],
    next: Option<&'t TokenWithSpan>,
) -> Vec<(Tokens<'t>, Option<&'t TokenWithSpan>)> {
    let mut out = Vec::new();
    let mut from = 0;
    for place in places.iter().copied().chain([tokens.len()]) {
        out.push((&tokens[from..place], tokens.get(place).or(next)));
        // A join is not left out: its words are its own.
        from = place + usize::from(tokens.get(place).is_some() && !begins_join(&tokens[place..]));
    }
    // A comma behind the last item is allowed.
    if out.len() > 1 && out.last().is_some_and(|(part, _)| part.is_empty()) {
        out.pop();
    }
    out
}

/// Tokens from one place to the next, each with what follows it.
fn parts_of<'t>(
    tokens: Tokens<'t>,
    places: &[usize],
    next: Option<&'t TokenWithSpan>,
) -> Vec<(Tokens<'t>, Option<&'t TokenWithSpan>)> {
    let mut out = Vec::new();
    let starts: Vec<usize> =
        if places.first() == Some(&0) { places.to_vec() } else { [0].iter().chain(places).copied().collect() };
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(tokens.len());
        // The words of a set operation belong to no side.
        let words = usize::from(is_set_operation(tokens, *start))
            * (start + 1..end).take_while(|at| says_how(tokens, *at)).count().saturating_add(1);
        out.push((&tokens[(start + words).min(end)..end], tokens.get(end).or(next)));
    }
    out
}

/// Places outside of all brackets.
fn level(tokens: Tokens<'_>, from: usize) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.token {
            Token::RParen | Token::RBracket | Token::RBrace => depth = depth.saturating_sub(1),
            _ => {
                if depth == 0 {
                    out.push(at);
                }
                depth += usize::from(matches!(token.token, Token::LParen | Token::LBracket | Token::LBrace));
            }
        }
    }
    out
}

fn is_set_operation(tokens: Tokens<'_>, at: usize) -> bool {
    let after_star = at > 0 && is(tokens, at - 1, &Token::Mul);
    matches!(keyword(tokens, at), Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT) && !after_star
}

fn says_how(tokens: Tokens<'_>, at: usize) -> bool {
    matches!(keyword(tokens, at), Keyword::ALL | Keyword::DISTINCT | Keyword::BY | Keyword::NAME)
}

fn set_operations(tokens: Tokens<'_>) -> Vec<usize> {
    level(tokens, 0).into_iter().filter(|at| is_set_operation(tokens, *at)).collect()
}

/// Where clauses begin.
fn clauses(tokens: Tokens<'_>) -> Vec<usize> {
    let begins = |at: &usize| {
        let at = *at;
        let before = at.checked_sub(1);
        let follows = |wanted: Keyword| keyword(tokens, at + 1) == wanted;
        // Words that may be names begin a clause only behind the end of another.
        let behind = before.is_some_and(|before| match &tokens[before].token {
            Token::Word(_) => !matches!(keyword(tokens, before), Keyword::SELECT | Keyword::AS | Keyword::BY),
            token => {
                matches!(token, Token::RParen | Token::RBracket | Token::Number(..) | Token::SingleQuotedString(_))
            }
        });
        match keyword(tokens, at) {
            Keyword::SELECT | Keyword::WHERE | Keyword::HAVING => true,
            Keyword::FROM => !before
                .is_some_and(|before| matches!(keyword(tokens, before), Keyword::DISTINCT | Keyword::OVER) && at > 1),
            Keyword::GROUP | Keyword::ORDER => follows(Keyword::BY),
            Keyword::WINDOW => behind && keyword(tokens, at + 2) == Keyword::AS,
            Keyword::QUALIFY | Keyword::LIMIT | Keyword::FETCH => behind,
            Keyword::OFFSET => behind && bare(tokens, at + 1).is_none(),
            _ => false,
        }
    };
    level(tokens, 0).into_iter().filter(begins).collect()
}

/// The order of clauses; those that may change places have one rank.
fn rank(clause: Keyword) -> Option<u8> {
    Some(match clause {
        Keyword::SELECT | Keyword::FROM => 0,
        Keyword::WHERE => 1,
        Keyword::GROUP => 2,
        Keyword::HAVING => 3,
        Keyword::WINDOW | Keyword::QUALIFY => 4,
        Keyword::ORDER => 5,
        Keyword::LIMIT | Keyword::OFFSET | Keyword::FETCH => 6,
        _ => return None,
    })
}

fn commas(tokens: Tokens<'_>) -> Vec<usize> {
    level(tokens, 0).into_iter().filter(|at| is(tokens, *at, &Token::Comma)).collect()
}

/// Whether the tokens begin with the words of a join.
fn begins_join(tokens: Tokens<'_>) -> bool {
    let words = (0..tokens.len().min(5)).take_while(|at| {
        matches!(
            keyword(tokens, *at),
            Keyword::NATURAL
                | Keyword::ASOF
                | Keyword::LEFT
                | Keyword::RIGHT
                | Keyword::FULL
                | Keyword::INNER
                | Keyword::OUTER
                | Keyword::CROSS
                | Keyword::SEMI
                | Keyword::ANTI
        )
    });
    let words = words.count();
    keyword(tokens, words) == Keyword::JOIN
}

/// Where the tables of a FROM begin: commas, and the first words of joins.
fn tables(tokens: Tokens<'_>) -> Vec<usize> {
    let places = level(tokens, 0);
    let mut out: Vec<usize> = Vec::new();
    let mut words_end = 0;
    for at in places {
        if at < words_end {
            continue;
        }
        if is(tokens, at, &Token::Comma) {
            out.push(at);
        } else if begins_join(&tokens[at..]) {
            out.push(at);
            words_end = (at..tokens.len()).find(|at| keyword(tokens, *at) == Keyword::JOIN).unwrap_or(at) + 1;
        }
    }
    out
}

/// Where the parts of AND and OR end; those of BETWEEN and of CASE are none.
fn conjuncts(tokens: Tokens<'_>) -> Vec<usize> {
    let (mut cases, mut betweens) = (0_usize, 0_usize);
    let mut out = Vec::new();
    for at in level(tokens, 0) {
        match keyword(tokens, at) {
            Keyword::CASE => cases += 1,
            Keyword::END => cases = cases.saturating_sub(1),
            Keyword::BETWEEN if cases == 0 => betweens += 1,
            Keyword::AND if cases == 0 && betweens > 0 => betweens -= 1,
            Keyword::AND | Keyword::OR if cases == 0 => out.push(at),
            _ => {}
        }
    }
    out
}
