//! A schema file: what the tables of a data folder are and what their columns mean, written by people. The manifest carries it to
//! the reader; `public/schema.yml` shows all of its words.

use crate::diagnostic::{Diagnostic, Parsed, Span};
use crate::notebook::{Kind, Node, read_yaml};
use crate::types::Type;

const CODE: &str = "broken-schema-file";

/// The types that a column can be given.
const TYPES: [(&str, Type); 7] = [
    ("integer", Type::Integer),
    ("bigint", Type::BigInt),
    ("double", Type::Double),
    ("varchar", Type::Varchar),
    ("boolean", Type::Boolean),
    ("date", Type::Date),
    ("timestamp", Type::Timestamp),
];

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Its name in SQL.
    pub name: String,
    /// What one row is, in a sentence.
    pub description: String,
    /// `entity`, `entity_month`, `event`, `cube` or `helper`.
    pub kind: String,
    /// What one row stands for, in a few words.
    pub grain: String,
    /// Columns that together name a row.
    pub primary_key: Vec<String>,
    /// The column by which it is cut into files.
    pub partition: Option<String>,
    /// The objects of other systems that it is made of.
    pub sources: Vec<String>,
    /// In the order of the file.
    pub columns: Vec<Column>,
    /// Conditions that no row may break, by name, as SQL; where one is NULL it is not broken.
    pub rules: Vec<(String, String)>,
    /// Columns whose sum over the rows of a key is known.
    pub adds_up: Vec<AddsUp>,
}

/// The sum of a column over the rows of a key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AddsUp {
    /// What is added up.
    pub column: String,
    /// For each value of this column.
    pub by: String,
    /// The sum.
    pub to: f64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Its name in SQL.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// What it means.
    pub description: String,
    /// What its numbers count: `usd`, `minutes`; empty for keys, names and plain counts.
    pub unit: String,
    /// Whether NULL can occur.
    pub nullable: bool,
    /// The table whose rows it names.
    pub references: Option<String>,
    /// Whether no two rows have the same value; NULLs aside.
    pub unique: bool,
    /// The least value; that of the unit when absent, see [`Column::bounds`].
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// Whether it may be below zero where its unit is one of amounts or times.
    pub signed: bool,
}

impl Column {
    /// The least and the greatest value it may have: its own, or what its unit says. A share is from 0 to 100 percent; amounts and
    /// times are not negative unless the column is signed.
    #[must_use]
    pub fn bounds(&self) -> (Option<f64>, Option<f64>) {
        let counts = matches!(self.unit.as_str(), "usd" | "milliseconds" | "minutes" | "hours" | "days" | "months");
        let low = ((counts && !self.signed) || self.unit == "percent").then_some(0.0);
        let high = (self.unit == "percent").then_some(100.0);
        (self.min.or(low), self.max.or(high))
    }
}

/// Reads a schema file. Tables and columns that cannot be understood are left out and told.
#[must_use]
pub fn parse(source: &str) -> Parsed<Vec<Table>> {
    let mut reader = Reader::new(CODE);
    let mut tables = Vec::new();
    match read_yaml(source, Span::new(0, source.len()), CODE) {
        Ok(node) => {
            for (key, span, value) in reader.entries(&node, "a schema file") {
                if key == "tables" {
                    for (name, span, value) in reader.entries(value, "`tables`") {
                        tables.push((*span, reader.table(name, value)));
                    }
                } else {
                    reader.unknown(key, *span, "tables");
                }
            }
        }
        Err(problem) => reader.diagnostics.push(*problem),
    }
    for (span, table) in &tables {
        reader.check(*span, table, &tables);
    }
    Parsed { value: tables.into_iter().map(|(_, table)| table).collect(), diagnostics: reader.diagnostics }
}

/// Reads what a file for people says, and takes note of what it should have said.
pub(crate) struct Reader {
    code: &'static str,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Reader {
    pub(crate) fn new(code: &'static str) -> Self {
        Self { code, diagnostics: Vec::new() }
    }

    pub(crate) fn problem(&mut self, span: Span, message: String) {
        self.diagnostics.push(Diagnostic::error(self.code, span, message));
    }

    pub(crate) fn unknown(&mut self, key: &str, span: Span, known: &str) {
        let problem = Diagnostic::error(self.code, span, format!("`{key}` is not known here"))
            .did_you_mean(key, known.split(", "))
            .hint(format!("known: {known}"));
        self.diagnostics.push(problem);
    }

    pub(crate) fn entries<'a>(&mut self, node: &'a Node, what: &str) -> &'a [(String, Span, Node)] {
        if let Kind::Map(entries) = &node.kind {
            return entries;
        }
        self.problem(node.span, format!("{what} is lines of `key: value`, but this is {}", node.what()));
        &[]
    }

    pub(crate) fn text(&mut self, node: &Node) -> String {
        match node.text() {
            Some(text) => text.to_owned(),
            None => {
                self.problem(node.span, format!("this should be text, but it is {}", node.what()));
                String::new()
            }
        }
    }

    pub(crate) fn texts(&mut self, node: &Node) -> Vec<String> {
        match &node.kind {
            Kind::List(items) => items.iter().map(|item| self.text(item)).collect(),
            _ => vec![self.text(node)],
        }
    }

    fn number(&mut self, node: &Node) -> Option<f64> {
        let number = node.number();
        if number.is_none() {
            self.problem(node.span, format!("this should be a number, but it is {}", node.what()));
        }
        number
    }

    /// `w_linear: {by: deal_id, to: 1}`.
    fn sum(&mut self, column: &str, place: Span, node: &Node) -> Option<AddsUp> {
        let (mut by, mut to) = (None, None);
        for (key, span, value) in self.entries(node, "a sum") {
            match key.as_str() {
                "by" => by = Some(self.text(value)),
                "to" => to = self.number(value),
                other => self.unknown(other, *span, "by, to"),
            }
        }
        let (Some(by), Some(to)) = (by, to) else {
            self.problem(place, format!("the sum of `{column}` needs `by`, a column, and `to`, a number"));
            return None;
        };
        Some(AddsUp { column: column.to_owned(), by, to })
    }

    fn table(&mut self, name: &str, node: &Node) -> Table {
        let mut table = Table { name: name.to_owned(), ..Table::default() };
        for (key, span, value) in self.entries(node, "a table") {
            match key.as_str() {
                "description" => table.description = self.text(value),
                "kind" => table.kind = self.text(value),
                "grain" => table.grain = self.text(value),
                "primary_key" => table.primary_key = self.texts(value),
                "partition" => table.partition = Some(self.text(value)),
                "sources" => table.sources = self.texts(value),
                "rules" => {
                    for (name, _, value) in self.entries(value, "`rules`") {
                        table.rules.push((name.clone(), self.text(value)));
                    }
                }
                "adds_up" => {
                    for (name, span, value) in self.entries(value, "`adds_up`") {
                        table.adds_up.extend(self.sum(name, *span, value));
                    }
                }
                "columns" => {
                    for (name, span, value) in self.entries(value, "`columns`") {
                        table.columns.extend(self.column(name, *span, value));
                    }
                }
                other => {
                    let known = "description, kind, grain, primary_key, partition, sources, columns, rules, adds_up";
                    self.unknown(other, *span, known);
                }
            }
        }
        table
    }

    fn column(&mut self, name: &str, place: Span, node: &Node) -> Option<Column> {
        let mut column = Column { name: name.to_owned(), ..Column::default() };
        let mut ty = None;
        for (key, span, value) in self.entries(node, "a column") {
            match key.as_str() {
                "type" => {
                    let word = self.text(value);
                    ty = TYPES.iter().find(|(known, _)| *known == word).map(|(_, ty)| *ty);
                    if ty.is_none() {
                        let known: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
                        let problem = Diagnostic::error(self.code, value.span, format!("`{word}` is not a type"));
                        self.diagnostics.push(problem.hint(format!("types: {}", known.join(", "))));
                        return None;
                    }
                }
                "description" => column.description = self.text(value),
                "unit" => column.unit = self.text(value),
                "nullable" => column.nullable = value.boolean() == Some(true),
                "references" => column.references = Some(self.text(value)),
                "unique" => column.unique = value.boolean() == Some(true),
                "signed" => column.signed = value.boolean() == Some(true),
                "min" => column.min = self.number(value),
                "max" => column.max = self.number(value),
                other => {
                    let known = "type, description, unit, nullable, references, unique, signed, min, max";
                    self.unknown(other, *span, known);
                }
            }
        }
        let Some(ty) = ty else {
            self.problem(place, format!("column `{name}` has no `type`"));
            return None;
        };
        Some(Column { ty, ..column })
    }

    /// Keys name columns that are there.
    fn check(&mut self, span: Span, table: &Table, all: &[(Span, Table)]) {
        let has = |name: &String| table.columns.iter().any(|column| column.name == *name);
        let added = table.adds_up.iter().flat_map(|sum| [&sum.column, &sum.by]);
        for name in table.primary_key.iter().chain(&table.partition).chain(added).filter(|name| !has(name)) {
            self.problem(span, format!("`{}` has no column `{name}`", table.name));
        }
        for other in table.columns.iter().filter_map(|column| column.references.as_ref()) {
            if !all.iter().any(|(_, table)| table.name == *other && table.primary_key.len() == 1) {
                self.problem(span, format!("`{}` names rows of `{other}`, which has no key of one column", table.name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let read = parse(
            "tables:\n  shops:\n    description: One row per shop.\n    kind: entity\n    grain: shop\n    primary_key: id\n    \
             sources: [app.shops]\n    columns:\n      id: {type: integer, description: key}\n  sales:\n    primary_key: \
             [shop, month]\n    partition: month\n    columns:\n      shop: {type: integer, references: shops}\n      month: \
             {type: date}\n      amount: {type: double, unit: usd, nullable: true}\n",
        );
        assert_eq!(read.diagnostics, []);
        let [shops, sales] = read.value.as_slice() else { panic!("two tables: {:?}", read.value) };
        assert_eq!((shops.name.as_str(), shops.primary_key.as_slice()), ("shops", ["id".to_owned()].as_slice()));
        assert_eq!(sales.partition.as_deref(), Some("month"));
        let amount =
            Column { name: "amount".into(), ty: Type::Double, unit: "usd".into(), nullable: true, ..Column::default() };
        assert_eq!(sales.columns[2], amount);
        assert_eq!(sales.columns[0].references.as_deref(), Some("shops"));
    }

    #[test]
    fn rules_and_bounds_are_read() {
        let read = parse(
            "tables:\n  weights:\n    columns:\n      deal: {type: integer, unique: true}\n      w: {type: double, max: 1}\n      \
             cost: {type: double, unit: usd}\n      delta: {type: double, unit: usd, signed: true}\n      share: {type: double, \
             unit: percent}\n    rules: {not_above: 'w <= 1'}\n    adds_up: {w: {by: deal, to: 1}}\n",
        );
        assert_eq!(read.diagnostics, []);
        let table = &read.value[0];
        assert_eq!(table.rules, [("not_above".to_owned(), "w <= 1".to_owned())]);
        assert_eq!(table.adds_up, [AddsUp { column: "w".into(), by: "deal".into(), to: 1.0 }]);
        let bounds: Vec<_> = table.columns.iter().map(Column::bounds).collect();
        let none = (None, None);
        assert_eq!(bounds, [none, (None, Some(1.0)), (Some(0.0), None), none, (Some(0.0), Some(100.0))]);
        assert!(table.columns[0].unique && !table.columns[1].unique);
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_is_kept() {
        for (source, words) in [
            ("tables: 3", "lines of `key: value`"),
            ("table: {}", "`table` is not known"),
            ("tables: {a: {primary_key: [b], columns: {}}}", "no column `b`"),
            ("tables: {a: {columns: {b: {type: number}}}}", "`number` is not a type"),
            ("tables: {a: {columns: {b: {unit: usd}}}}", "no `type`"),
            ("tables: {a: {columns: {b: {type: date, references: c}}}}", "rows of `c`"),
            ("tables: {a: {colour: red, columns: {}}}", "`colour` is not known"),
            ("tables: {a: {columns: {b: {type: double, min: low}}}}", "should be a number"),
            ("tables: {a: {columns: {b: {type: double}}, adds_up: {b: {to: 1}}}}", "needs `by`"),
            ("tables: {a: {columns: {b: {type: double}}, adds_up: {b: {by: c, to: 1}}}}", "no column `c`"),
        ] {
            let read = parse(source);
            assert_eq!(read.diagnostics.len(), 1, "{source}: {:?}", read.diagnostics);
            assert!(read.diagnostics[0].message.contains(words), "{source}: {}", read.diagnostics[0].message);
        }
    }
}
