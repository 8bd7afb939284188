//! Names in sight and what they stand for.

use almanac_model::{Diagnostic, Span, Type};
use sqlparser::ast::{Expr as Ast, Ident};

use super::{Binder, Bound};
use crate::parse::rewrite::MARK;
use crate::plan::{ColumnId, Expr, Field};
use crate::walk;

/// A column in sight.
#[derive(Debug, Clone)]
pub(crate) struct ScopeColumn {
    /// Name or alias of its table.
    pub(crate) table: Option<String>,
    /// Its name.
    pub(crate) name: String,
    pub(crate) id: ColumnId,
    pub(crate) ty: Type,
    /// Whether `*` lists it and its bare name finds it; not so for the sides of a USING column.
    pub(crate) bare: bool,
}

/// The columns of one FROM.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) columns: Vec<ScopeColumn>,
    /// A table could not be bound: unknown columns may be its columns and are not reported.
    pub(crate) incomplete: bool,
}

impl Scope {
    pub(crate) fn of(table: Option<&str>, fields: &[Field]) -> Self {
        let columns = fields
            .iter()
            .map(|field| ScopeColumn {
                table: table.map(str::to_owned),
                name: field.name.clone(),
                id: field.id,
                ty: field.ty,
                bare: true,
            })
            .collect();
        Self { columns, incomplete: false }
    }

    pub(crate) fn joined(mut self, other: Self) -> Self {
        self.columns.extend(other.columns);
        self.incomplete |= other.incomplete;
        self
    }

    /// The column that `#1` stands for.
    pub(crate) fn at_position(&self, name: &str) -> Option<&ScopeColumn> {
        let at: usize = name.strip_prefix(MARK)?.parse().ok()?;
        self.columns.iter().filter(|column| column.bare).nth(at.checked_sub(1)?)
    }

    fn tables(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for table in self.columns.iter().filter_map(|column| column.table.as_deref()) {
            if !names.contains(&table) {
                names.push(table);
            }
        }
        names
    }
}

/// What a name was found to be.
pub(crate) enum Found {
    /// A column, of the innermost query or of one around it.
    Column(Expr),
    /// Nothing of that name.
    Nothing,
    /// A mistake that has been reported.
    Reported,
}

impl Binder<'_> {
    pub(crate) fn bare_name(&mut self, ident: &Ident, span: Span) -> Found {
        if ident.value.starts_with(MARK) {
            let found = self.scopes.last().and_then(|scope| scope.at_position(&ident.value));
            if let Some(column) = found {
                return Found::Column(walk::column(column.id, column.ty, span));
            }
            let columns = self.scopes.last().map_or(0, |scope| scope.columns.len());
            let problem = Diagnostic::error("unknown-position", span, "there is no column of this number");
            self.report(problem.hint(format!("the tables of this query have {columns} columns")));
            return Found::Reported;
        }
        for depth in (0..self.scopes.len()).rev() {
            let scope = &self.scopes[depth];
            let hits: Vec<&ScopeColumn> = scope
                .columns
                .iter()
                .filter(|column| column.bare && column.name.eq_ignore_ascii_case(&ident.value))
                .collect();
            match hits.as_slice() {
                [] if scope.incomplete => return Found::Reported,
                [] => {}
                [one] => return Found::Column(walk::column(one.id, one.ty, span)),
                [one, ..] => {
                    let spelled: Vec<String> = hits
                        .iter()
                        .filter_map(|column| column.table.as_ref().map(|table| format!("`{table}.{}`", column.name)))
                        .collect();
                    let expr = walk::column(one.id, one.ty, span);
                    let mut problem = Diagnostic::error(
                        "ambiguous-column",
                        span,
                        format!("`{}` is a column of more than one table", ident.value),
                    );
                    if !spelled.is_empty() {
                        problem = problem.hint(format!("write {}", spelled.join(" or ")));
                    }
                    self.report(problem);
                    return Found::Column(expr);
                }
            }
        }
        Found::Nothing
    }

    /// `table.column`.
    pub(crate) fn qualified_name(&mut self, table: &Ident, name: &Ident, span: Span) -> Expr {
        for depth in (0..self.scopes.len()).rev() {
            let scope = &self.scopes[depth];
            let mut of_table = scope
                .columns
                .iter()
                .filter(|column| column.table.as_ref().is_some_and(|t| t.eq_ignore_ascii_case(&table.value)))
                .peekable();
            if of_table.peek().is_none() {
                continue;
            }
            let of_table: Vec<&ScopeColumn> = of_table.collect();
            if let Some(hit) = of_table.iter().find(|column| column.name.eq_ignore_ascii_case(&name.value)) {
                return walk::column(hit.id, hit.ty, span);
            }
            let names: Vec<String> = of_table.iter().map(|column| column.name.clone()).collect();
            let problem =
                Diagnostic::error("unknown-column", span, format!("`{}` has no column `{}`", table.value, name.value));
            self.report(unknown_hints(problem, &name.value, &names));
            return Self::broken(span);
        }
        if self.scopes.iter().any(|scope| scope.incomplete) {
            return Self::broken(span);
        }
        let tables: Vec<String> = self.scopes.iter().flat_map(Scope::tables).map(str::to_owned).collect();
        let problem =
            Diagnostic::error("unknown-table", span, format!("`{}` is not a table of this query", table.value));
        let problem = if tables.iter().any(|t| almanac_model::diagnostic::closest(&table.value, [t.as_str()]).is_some())
        {
            problem.did_you_mean(&table.value, tables.iter().map(String::as_str))
        } else if tables.is_empty() {
            problem.hint("this query has no FROM")
        } else {
            problem.hint(format!("its tables are {}", list(&tables)))
        };
        self.report(problem);
        Self::broken(span)
    }

    pub(crate) fn unknown_column(&mut self, name: &str, span: Span, aliases: &[String]) {
        let mut names: Vec<String> = Vec::new();
        for column in self.scopes.iter().rev().flat_map(|scope| &scope.columns) {
            if !names.contains(&column.name) {
                names.push(column.name.clone());
            }
        }
        names.extend_from_slice(aliases);
        let problem = Diagnostic::error("unknown-column", span, format!("there is no column `{name}`"));
        let problem = if names.is_empty() {
            problem.hint("this query has no FROM; text is written in single quotes")
        } else {
            unknown_hints(problem, name, &names)
        };
        self.report(problem);
    }

    /// The scope of a step that was bound on its own.
    pub(crate) fn scope_of(bound: &Bound, table: Option<&str>) -> Scope {
        Scope::of(table, &bound.fields)
    }
}

fn unknown_hints(problem: Diagnostic, given: &str, names: &[String]) -> Diagnostic {
    if almanac_model::diagnostic::closest(given, names.iter().map(String::as_str)).is_some() {
        problem.did_you_mean(given, names.iter().map(String::as_str))
    } else {
        problem.hint(format!("columns here are {}", list(names)))
    }
}

/// Up to eight names.
pub(crate) fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    if names.len() > 8 { format!("{}, …", shown.join(", ")) } else { shown.join(", ") }
}

/// The name of a column or of a `table.column`.
pub(crate) fn plain_name(expr: &Ast) -> Option<&Ident> {
    match expr {
        Ast::Identifier(ident) => Some(ident),
        Ast::CompoundIdentifier(parts) => parts.last(),
        Ast::Nested(inner) => plain_name(inner),
        _ => None,
    }
}
