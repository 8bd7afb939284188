//! Tables that the text makes itself: the queries of its WITH, and those in FROM. Their columns are found by binding them, as
//! far as they are written.

use almanac_model::{Type, Value};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::collections::BTreeMap;

use super::place::Place;
use crate::bind::{BindOptions, Parameter, columns_of};
use crate::catalog::{Catalog, CatalogTable};
use crate::tables::{alias, closing, definitions};

/// Most queries looked into: each is bound at every keystroke.
const MOST: usize = 40;

/// The catalogue with the text's own tables before it.
pub(super) struct Own<'a> {
    catalog: &'a dyn Catalog,
    tables: Vec<CatalogTable>,
}

impl<'a> Own<'a> {
    /// The queries of WITH that do not hold the cursor, each seeing those before it, and then the queries in FROM.
    pub(super) fn new(place: &Place, catalog: &'a dyn Catalog, parameters: &BTreeMap<String, Value>) -> Self {
        let parameters = parameters.iter().map(|(name, value)| (name.clone(), Parameter::One(value.clone()))).collect();
        let options = BindOptions { parameters, today: Some(0), ..BindOptions::default() };
        let mut own = Self { catalog, tables: Vec::new() };
        let tokens = &place.tokens;
        for definition in definitions(tokens).into_iter().take(MOST) {
            if (definition.body.start..=definition.body.end).contains(&place.at) {
                continue;
            }
            let mut columns = columns_of(&tokens[definition.body], &own, &options);
            for ((name, _), given) in columns.iter_mut().zip(definition.columns) {
                *name = given;
            }
            own.add(definition.name, columns);
        }
        for (name, body) in derived(tokens).into_iter().take(MOST) {
            let columns = columns_of(body, &own, &options);
            own.add(name, columns);
        }
        own
    }

    fn add(&mut self, name: String, columns: Vec<(String, Type)>) {
        if !columns.is_empty() {
            // The one defined last is meant.
            self.tables.insert(0, CatalogTable { name, columns, rows: None, distinct: BTreeMap::new() });
        }
    }
}

impl Catalog for Own<'_> {
    fn table(&self, name: &str) -> Option<CatalogTable> {
        let own = self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name)).cloned();
        own.or_else(|| self.catalog.table(name))
    }

    fn table_names(&self) -> Vec<String> {
        self.catalog.table_names()
    }
}

/// Queries in FROM that have a name: that name and their tokens.
fn derived(tokens: &[TokenWithSpan]) -> Vec<(String, &[TokenWithSpan])> {
    let word = |at: usize| match &tokens[at].token {
        Token::Word(word) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    };
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let after = matches!(word(at - 1), Keyword::FROM | Keyword::JOIN | Keyword::LATERAL)
            || tokens[at - 1].token == Token::Comma;
        let opens = tokens[at].token == Token::LParen
            && at + 1 < tokens.len()
            && matches!(word(at + 1), Keyword::SELECT | Keyword::WITH | Keyword::FROM | Keyword::VALUES);
        if !(after && opens) {
            continue;
        }
        let Some(end) = closing(tokens, at + 1) else { continue };
        found.extend(alias(tokens, end + 1).map(|name| (name, &tokens[at + 1..end])));
    }
    found
}
