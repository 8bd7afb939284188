//! The facts of the tables that metrics read: keys, time columns, dimensions, grain.

use super::fields::{CODE, Fields};
use super::kinds::time;
use super::{MetricTime, Written};
use crate::diagnostic::{Diagnostic, Parsed, Span};
use crate::format::parse_date;
use crate::notebook::{Kind, Node, read_yaml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tables of a catalogue, its dimensions and its calendar.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TablesFile {
    /// The first day that values are shown for; days since 1970-01-01.
    pub history_from: i32,
    /// The tables with a row for each period, which fill gaps.
    pub spine: Spine,
    /// Dimensions by name.
    pub dimensions: BTreeMap<String, Dimension>,
    /// Tables by name.
    pub tables: BTreeMap<String, TableFacts>,
}

/// Tables with a row for each period.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Spine {
    /// Table and column of the first days of months.
    pub month: (String, String),
    /// Table and column of days.
    pub day: (String, String),
}

/// What rows are split by.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Dimension {
    /// What it says of a row.
    pub definition: String,
    /// Its values, when they are known.
    pub values: Vec<String>,
    /// The tables in which it means the same; `None` for all that have it. A table that is not listed has its own meaning.
    pub shared_by: Option<Vec<String>>,
}

/// A table's facts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TableFacts {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What one row is: "account and month".
    pub grain: String,
    /// Columns that together name a row; left out where the extracts say it.
    pub primary_key: Vec<String>,
    /// Its time columns; none when it shows the state of today only.
    pub time: MetricTime,
    /// Columns that metrics may be split by.
    pub dimensions: Vec<Written>,
    /// The first day it has rows for, when that is not the catalogue's; days since 1970-01-01.
    pub since: Option<i32>,
    /// Columns whose value is the same for all rows of a key, and so must not be added up: `amount_usd` by `deal_id`.
    pub repeated: BTreeMap<String, String>,
    /// A calendar: the same for every slice.
    pub calendar: bool,
    /// Days after which it is stale.
    pub max_age_days: Option<u32>,
    /// Where its rows come from.
    pub sources: Vec<String>,
    /// The dbt model that makes it; may be empty.
    pub model: String,
}

impl TablesFile {
    /// Reads the file.
    #[must_use]
    pub fn parse(source: &str) -> Parsed<Self> {
        let mut file = Self::default();
        let mut diagnostics = Vec::new();
        match read_yaml(source, Span::new(0, source.len()), CODE) {
            Ok(node) => file.read(source, &node, &mut diagnostics),
            Err(problem) => diagnostics.push(*problem),
        }
        diagnostics.sort_by_key(|problem| problem.span.map_or((0, 0), |span| (span.start, span.end)));
        Parsed { value: file, diagnostics }
    }

    /// The first day that a table has rows for.
    #[must_use]
    pub fn since(&self, table: &TableFacts) -> i32 {
        table.since.unwrap_or(self.history_from)
    }

    fn read(&mut self, source: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
        let mut fields = Fields::new(source, "the file of tables", Span::new(0, 0), node);
        self.history_from = day(&mut fields, "history_from").unwrap_or_default();
        if let Some(node) = fields.node("time_spine") {
            let mut own = Fields::new(source, "`time_spine`", node.span, node);
            let mut column = |key| {
                let written = own.needed(key);
                written.text.split_once('.').map_or_else(Default::default, |(t, c)| (t.to_owned(), c.to_owned()))
            };
            self.spine = Spine { month: column("month"), day: column("day") };
            own.finish(&mut fields.problems);
        }
        for (name, _, node) in map(&mut fields, "dimensions") {
            let mut own = Fields::new(source, format!("the dimension `{name}`"), node.span, node);
            let words = |words: Vec<Written>| words.into_iter().map(|word| word.text).collect();
            let dimension = Dimension {
                definition: own.text("definition"),
                values: words(own.words("values")),
                shared_by: own.node("shared_by").is_some().then(|| words(own.words("shared_by"))),
            };
            if own.finish(diagnostics) {
                self.dimensions.insert(name.clone(), dimension);
            }
        }
        for (name, span, node) in map(&mut fields, "tables") {
            if let Some(table) = table(source, name, *span, node, diagnostics) {
                self.tables.insert(name.clone(), table);
            }
        }
        fields.finish(diagnostics);
    }
}

fn map<'a>(fields: &mut Fields<'a>, key: &'static str) -> &'a [(String, Span, Node)] {
    match fields.node(key) {
        Some(Node { kind: Kind::Map(entries), .. }) => entries,
        Some(node) => {
            fields.wrong(node, format!("`{key}` should be a map of names"));
            &[]
        }
        None => &[],
    }
}

fn day(fields: &mut Fields<'_>, key: &'static str) -> Option<i32> {
    let written = fields.written(key)?;
    let day = parse_date(&written.text);
    if day.is_none() {
        let message = format!("`{}` is no day such as 2025-11-30", written.text);
        fields.problems.push(Diagnostic::error(CODE, written.span, message));
    }
    day
}

fn table(source: &str, name: &str, span: Span, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<TableFacts> {
    let mut fields = Fields::new(source, format!("the table `{name}`"), span, node);
    let words = |words: Vec<Written>| words.into_iter().map(|word| word.text).collect();
    let facts = TableFacts {
        name: name.to_owned(),
        span,
        grain: fields.needed("grain").text,
        primary_key: words(fields.words("primary_key")),
        time: time(&mut fields, source).unwrap_or_default(),
        dimensions: fields.words("dimensions"),
        since: day(&mut fields, "since"),
        repeated: map(&mut fields, "repeated")
            .iter()
            .map(|(column, _, key)| (column.clone(), key.text().unwrap_or_default().to_owned()))
            .collect(),
        calendar: fields.one_of("calendar", &[("true", true), ("false", false)]).unwrap_or(false),
        max_age_days: fields.count("max_age_days"),
        sources: words(fields.words("sources")),
        model: fields.text("model"),
    };
    fields.finish(diagnostics).then_some(facts)
}
