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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
                "columns" => {
                    for (name, span, value) in self.entries(value, "`columns`") {
                        table.columns.extend(self.column(name, *span, value));
                    }
                }
                other => {
                    self.unknown(other, *span, "description, kind, grain, primary_key, partition, sources, columns");
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
                other => self.unknown(other, *span, "type, description, unit, nullable, references"),
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
        for name in table.primary_key.iter().chain(&table.partition).filter(|name| !has(name)) {
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
    fn what_is_wrong_is_told_and_the_rest_is_kept() {
        for (source, words) in [
            ("tables: 3", "lines of `key: value`"),
            ("table: {}", "`table` is not known"),
            ("tables: {a: {primary_key: [b], columns: {}}}", "no column `b`"),
            ("tables: {a: {columns: {b: {type: number}}}}", "`number` is not a type"),
            ("tables: {a: {columns: {b: {unit: usd}}}}", "no `type`"),
            ("tables: {a: {columns: {b: {type: date, references: c}}}}", "rows of `c`"),
            ("tables: {a: {colour: red, columns: {}}}", "`colour` is not known"),
        ] {
            let read = parse(source);
            assert_eq!(read.diagnostics.len(), 1, "{source}: {:?}", read.diagnostics);
            assert!(read.diagnostics[0].message.contains(words), "{source}: {}", read.diagnostics[0].message);
        }
    }
}
