//! A sources file: where the rows of a site's tables come from, and how they are laid out. What the tables are, and which columns
//! may be published, stands in the schema file beside it ([`crate::schema`]).

use crate::diagnostic::{Parsed, Span};
use crate::notebook::{Kind, Node, read_yaml};
use crate::schema::Reader;

const CODE: &str = "broken-sources-file";
const KNOWN: &str = "files, postgres, connection, sort_by, row_group_rows, public";
/// Fewest rows of a row group: below, a file is all footer.
const FEWEST: f64 = 1_000.0;
/// Most: above, nothing can be left out.
const MOST: f64 = 10_000_000.0;

/// Where the rows of one table come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The table's name in SQL and in the schema file.
    pub table: String,
    /// Where it is named.
    pub span: Span,
    /// Its rows.
    pub origin: Origin,
    /// Columns that its rows are sorted by, ascending, NULL last. Without any: the partition, then the key.
    pub sort_by: Vec<String>,
    /// Rows of a row group, at most.
    pub row_group_rows: Option<usize>,
    /// Columns that look personal and may be published all the same, each with who says so and why.
    pub public: Vec<(String, String)>,
}

/// What rows are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Files, named from the folder of the sources file. The end of a name says what it is: `csv`, `tsv`, `json`, `ndjson`,
    /// `jsonl`, `parquet`. The last part of a name may hold one `*`.
    Files(Vec<String>),
    /// What a server answers.
    Postgres {
        /// One `SELECT`.
        query: String,
        /// A connection string of libpq without a password; what the environment says (`PGHOST`, …) when absent.
        connection: Option<String>,
    },
}

/// Reads a sources file. Tables that cannot be understood are left out and told.
#[must_use]
pub fn parse(source: &str) -> Parsed<Vec<Source>> {
    let mut reader = Reader::new(CODE);
    let mut sources = Vec::new();
    match read_yaml(source, Span::new(0, source.len()), CODE) {
        Ok(node) => {
            for (key, span, value) in reader.entries(&node, "a sources file") {
                if key == "tables" {
                    for (name, span, value) in reader.entries(value, "`tables`") {
                        sources.extend(table(&mut reader, name, *span, value));
                    }
                } else {
                    reader.unknown(key, *span, "tables");
                }
            }
        }
        Err(problem) => reader.diagnostics.push(*problem),
    }
    Parsed { value: sources, diagnostics: reader.diagnostics }
}

fn table(reader: &mut Reader, name: &str, span: Span, node: &Node) -> Option<Source> {
    let (mut files, mut query, mut connection) = (Vec::new(), None, None);
    let (mut sort_by, mut row_group_rows, mut public) = (Vec::new(), None, Vec::new());
    for (key, place, value) in reader.entries(node, "a table") {
        match key.as_str() {
            "files" => files = reader.texts(value),
            "postgres" => query = Some(reader.text(value)),
            "connection" => connection = Some((value.span, reader.text(value))),
            "sort_by" => sort_by = reader.texts(value),
            "row_group_rows" => row_group_rows = rows(reader, value),
            "public" => {
                for (column, _, reason) in reader.entries(value, "`public`") {
                    if matches!(reason.kind, Kind::Null) || reader.text(reason).trim().is_empty() {
                        reader.problem(reason.span, format!("say why `{column}` may be published, and who says so"));
                    }
                    public.push((column.clone(), reason.text().unwrap_or_default().to_owned()));
                }
            }
            other => reader.unknown(other, *place, KNOWN),
        }
    }
    if let Some((place, connection)) = &connection
        && names_password(connection)
    {
        let words = "a password does not belong into a file: use `~/.pgpass`, `PGPASSWORD` or a service of libpq";
        reader.problem(*place, words.to_owned());
    }
    let origin = match (files.is_empty(), query) {
        (false, None) => Origin::Files(files),
        (true, Some(query)) => Origin::Postgres { query, connection: connection.map(|(_, text)| text) },
        _ => {
            reader.problem(span, format!("`{name}` needs either `files` or `postgres`"));
            return None;
        }
    };
    Some(Source { table: name.to_owned(), span, origin, sort_by, row_group_rows, public })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the fewest and the most")]
fn rows(reader: &mut Reader, node: &Node) -> Option<usize> {
    let rows = node.number().filter(|rows| (FEWEST..=MOST).contains(rows) && rows.fract() == 0.0);
    if rows.is_none() {
        reader.problem(node.span, format!("`row_group_rows` is a whole number from {FEWEST} to {MOST}"));
    }
    rows.map(|rows| rows as usize)
}

/// Whether a connection string, of either form, holds a password.
fn names_password(connection: &str) -> bool {
    let address = connection.split_once("://").map_or("", |(_, rest)| rest);
    let user = address.split(['/', '?']).next().and_then(|host| host.rsplit_once('@')).map_or("", |(user, _)| user);
    user.contains(':') || connection.to_lowercase().replace(' ', "").contains("password=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_sources_are_read() {
        let read = parse(
            "tables:\n  deals:\n    files: [raw/deals-*.csv, more.json]\n    sort_by: closed\n    row_group_rows: 50000\n    \
             public: {email: 'the board, 2 May'}\n  invoices:\n    postgres: select 1\n    connection: service=books\n",
        );
        assert_eq!(read.diagnostics, []);
        let [deals, invoices] = read.value.as_slice() else { panic!("two tables: {:?}", read.value) };
        assert_eq!(deals.origin, Origin::Files(vec!["raw/deals-*.csv".into(), "more.json".into()]));
        assert_eq!((deals.sort_by.as_slice(), deals.row_group_rows), (["closed".to_owned()].as_slice(), Some(50_000)));
        assert_eq!(deals.public, [("email".to_owned(), "the board, 2 May".to_owned())]);
        let (query, connection) = ("select 1".to_owned(), Some("service=books".to_owned()));
        assert_eq!(invoices.origin, Origin::Postgres { query, connection });
    }

    #[test]
    fn what_is_wrong_is_told_once() {
        for (source, words) in [
            ("tables: {a: {}}", "either `files` or `postgres`"),
            ("tables: {a: {files: x.csv, postgres: select 1}}", "either `files` or `postgres`"),
            ("tables: {a: {files: x.csv, sort: b}}", "`sort` is not known"),
            ("tables: {a: {files: x.csv, row_group_rows: 1.5}}", "whole number"),
            ("tables: {a: {files: x.csv, public: {email: }}}", "say why `email`"),
            ("tables: {a: {postgres: select 1, connection: 'postgresql://me:secret@host/db'}}", "password"),
            ("tables: {a: {postgres: select 1, connection: 'host=a password = b'}}", "password"),
            ("table: {}", "`table` is not known"),
        ] {
            let read = parse(source);
            assert_eq!(read.diagnostics.len(), 1, "{source}: {:?}", read.diagnostics);
            assert!(read.diagnostics[0].message.contains(words), "{source}: {}", read.diagnostics[0].message);
        }
        assert!(!names_password("postgresql://me@host:5432/db?options=a:b@c"));
    }
}
