//! How deep and how wide a text is, told from its tokens: before the parser, which recurses, sees it.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::limits::Limits;

/// How many tables, table functions and queries a text names, or a few more.
pub(crate) fn sources(tokens: &[TokenWithSpan]) -> usize {
    let makes_rows = |token: &&TokenWithSpan| match &token.token {
        Token::Word(word) if word.quote_style.is_none() => {
            matches!(word.keyword, Keyword::SELECT | Keyword::JOIN | Keyword::OVER)
                || ["range", "generate_series", "unnest"].iter().any(|name| word.value.eq_ignore_ascii_case(name))
        }
        _ => false,
    };
    crate::tables::mentioned(tokens).len() + tokens.iter().filter(makes_rows).count()
}

/// One open parenthesis or CASE, for [`too_deep`].
#[derive(Default)]
struct Level {
    /// About how deep the expression being read is.
    depth: usize,
    /// The deepest one so far.
    deepest: usize,
    /// Operators since the last operand: signs before a parenthesis nest it.
    run: usize,
}

impl Level {
    fn next_expression(&mut self) {
        self.deepest = self.deepest.max(self.depth);
        (self.depth, self.run) = (0, 0);
    }

    fn operator(&mut self) {
        self.depth += 1;
        self.run += 1;
    }

    /// Takes in an operand as deep as that.
    fn operand(&mut self, deep: usize) {
        self.depth = self.depth.max(self.run + deep);
        self.run = 0;
    }
}

/// Where nesting, chains of operators or both together pass the limits.
pub(crate) fn too_deep<'t>(tokens: &'t [TokenWithSpan], limits: &Limits) -> Option<&'t TokenWithSpan> {
    let mut levels = vec![Level::default()];
    let mut set_operations = 0_usize;
    for token in tokens {
        let keyword = match &token.token {
            Token::Word(word) if word.quote_style.is_none() => word.keyword,
            _ => Keyword::NoKeyword,
        };
        let opens = matches!(token.token, Token::LParen | Token::LBracket | Token::LBrace) || keyword == Keyword::CASE;
        let closes = matches!(token.token, Token::RParen | Token::RBracket | Token::RBrace) || keyword == Keyword::END;
        if opens {
            levels.push(Level::default());
        } else if closes {
            if levels.len() > 1
                && let Some(inner) = levels.pop()
                && let Some(outer) = levels.last_mut()
            {
                outer.operand(inner.depth.max(inner.deepest));
                // `x[1][1]` nests once for each.
                outer.depth += usize::from(token.token == Token::RBracket);
            }
        } else if let Some(level) = levels.last_mut() {
            match (&token.token, keyword) {
                (Token::Comma, _) | (_, Keyword::SELECT | Keyword::WHEN | Keyword::THEN | Keyword::ELSE) => {
                    level.next_expression();
                }
                (_, Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT | Keyword::PIVOT | Keyword::UNPIVOT) => {
                    set_operations += 1;
                }
                (
                    _,
                    Keyword::AND
                    | Keyword::OR
                    | Keyword::NOT
                    | Keyword::IS
                    | Keyword::LIKE
                    | Keyword::IN
                    | Keyword::BETWEEN,
                ) => {
                    level.operator();
                }
                (Token::Word(_) | Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_), _) => {
                    level.run = 0;
                }
                (Token::Period | Token::SemiColon, _) => {}
                _ => level.operator(),
            }
        }
        // The levels around count with what they have read: a right operand nests in its operator.
        let depth =
            levels.iter().map(|level| level.run.max(1)).sum::<usize>() + levels.last().map_or(0, |level| level.depth);
        if levels.len() > limits.depth || depth > limits.chain + limits.depth || set_operations > limits.set_operations
        {
            return Some(token);
        }
    }
    None
}
