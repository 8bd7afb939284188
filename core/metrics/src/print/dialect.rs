//! What the dialects say differently.

use super::Printer;
use almanac_model::Type;

/// Whose SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Almanac's own: DuckDB's, with parameters.
    Almanac,
    /// DuckDB 1.x.
    DuckDb,
    /// PostgreSQL 14 or later.
    Postgres,
    /// Spark SQL 3.x.
    Spark,
}

impl Dialect {
    /// All, with their names in commands.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Almanac, "almanac"), (Self::DuckDb, "duckdb"), (Self::Postgres, "postgres"), (Self::Spark, "spark")];

    /// The dialect of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(dialect, _)| dialect)
    }

    /// The name of a type.
    pub(super) fn type_name(self, ty: Type) -> String {
        match (self, ty) {
            (Self::Postgres, Type::Double) => "double precision".to_owned(),
            (Self::Spark, Type::Varchar) => "string".to_owned(),
            _ => ty.to_string().to_lowercase(),
        }
    }
}

/// Words that at least one dialect keeps for itself, beyond what a column is likely to be called.
const RESERVED: [&str; 55] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "between",
    "both",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "cross",
    "default",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "in",
    "inner",
    "intersect",
    "into",
    "is",
    "join",
    "limit",
    "not",
    "null",
    "offset",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "select",
    "table",
    "then",
    "to",
    "union",
    "user",
    "using",
    "when",
];

impl Printer {
    /// A name, in quotes when it needs them.
    pub(super) fn name(&self, name: &str) -> String {
        let plain = name.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_')
            && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
            && !RESERVED.contains(&name)
            && !["true", "where", "with", "window"].contains(&name);
        match self.dialect {
            _ if plain => name.to_owned(),
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }
}
