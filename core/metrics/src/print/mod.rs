//! A tree to text: for Almanac with bound parameters, for DuckDB, PostgreSQL and Spark as a person would write it.
//!
//! **Invariant:** in the text for Almanac, what came with the question stands only as `$p1`, `$p2`, …
//! **Invariant:** the same tree gives the same text.

mod dialect;
mod expression;
mod literal;

pub use dialect::Dialect;

use crate::tree::{Expr, Join, Select};
use almanac_model::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A text for `core/sql` and the values it names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoundText {
    /// The query.
    pub sql: String,
    /// Values of its parameters by name, without the sign.
    pub parameters: BTreeMap<String, Value>,
}

/// The text that Almanac runs.
#[must_use]
pub fn bound(query: &Select) -> BoundText {
    let mut printer = Printer { dialect: Dialect::Almanac, bound: Some(Vec::new()) };
    let sql = printer.query(query);
    let values = printer.bound.unwrap_or_default();
    let parameters = values.into_iter().enumerate().map(|(at, value)| (format!("p{}", at + 1), value)).collect();
    BoundText { sql, parameters }
}

/// The text for a person, values in it.
#[must_use]
pub fn text(query: &Select, dialect: Dialect) -> String {
    Printer { dialect, bound: None }.query(query)
}

/// The text of one expression.
#[must_use]
pub fn expression(expr: &Expr, dialect: Dialect) -> String {
    Printer { dialect, bound: None }.expr(expr, 0)
}

struct Printer {
    dialect: Dialect,
    /// Values of parameters so far; `None` when they are written into the text.
    bound: Option<Vec<Value>>,
}

impl Printer {
    fn query(&mut self, query: &Select) -> String {
        let mut text = String::new();
        for (at, (name, query)) in query.with.iter().enumerate() {
            text.push_str(if at == 0 { "with " } else { ",\n" });
            let body = self.select(query, 1);
            let _ = write!(text, "{} as (\n{body}\n)", self.name(name));
        }
        if !query.with.is_empty() {
            text.push('\n');
        }
        text.push_str(&self.select(query, 0));
        text
    }

    fn select(&mut self, query: &Select, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let mut text = format!("{indent}select{}", if query.distinct { " distinct" } else { "" });
        let columns: Vec<String> = query.columns.iter().map(|(expr, name)| self.output(expr, name)).collect();
        let one_line = columns.join(", ");
        if one_line.len() + text.len() < 100 {
            let _ = write!(text, " {one_line}");
        } else {
            let _ = write!(text, "\n{indent}  {}", columns.join(&format!(",\n{indent}  ")));
        }
        let _ = write!(text, "\n{indent}from {}", self.source(&query.from, query.alias.as_deref()));
        for Join { on, source, alias } in &query.joins {
            let source = self.source(source, alias.as_deref());
            let _ = match on {
                None => write!(text, "\n{indent}cross join {source}"),
                Some(on) => write!(text, "\n{indent}left join {source} on {}", self.expr(on, 0)),
            };
        }
        if let Some(filter) = &query.filter {
            let mut parts = Vec::new();
            conjuncts(filter, &mut parts);
            let parts: Vec<String> = parts.into_iter().map(|part| self.expr(part, 3)).collect();
            let _ = write!(text, "\n{indent}where {}", parts.join(&format!("\n{indent}  and ")));
        }
        if query.group > 0 {
            let _ = write!(text, "\n{indent}group by {}", ordinals(query.group));
        }
        for other in &query.union {
            let _ = write!(text, "\n{indent}union\n{}", self.select(other, depth));
        }
        if !query.order.is_empty() {
            // A name could be that of a source's column, too, which not every dialect lets pass.
            let place = |name: &String| query.columns.iter().position(|(_, column)| column == name).unwrap_or(0) + 1;
            let places: Vec<String> = query.order.iter().map(|name| place(name).to_string()).collect();
            let _ = write!(text, "\n{indent}order by {}", places.join(", "));
        }
        text
    }

    fn output(&mut self, expr: &Expr, name: &str) -> String {
        match expr {
            Expr::Column { name: own, .. } if own == name => self.expr(expr, 0),
            _ => format!("{} as {}", self.expr(expr, 0), self.name(name)),
        }
    }

    fn source(&self, name: &str, alias: Option<&str>) -> String {
        match alias {
            Some(alias) => format!("{} as {}", self.name(name), self.name(alias)),
            None => self.name(name),
        }
    }
}

/// The parts of a chain of ANDs.
fn conjuncts<'a>(filter: &'a Expr, parts: &mut Vec<&'a Expr>) {
    match filter {
        Expr::Binary(left, crate::tree::Binary::And, right) => {
            conjuncts(left, parts);
            conjuncts(right, parts);
        }
        part => parts.push(part),
    }
}

fn ordinals(count: usize) -> String {
    (1..=count).map(|at| at.to_string()).collect::<Vec<_>>().join(", ")
}
