//! The list after SELECT, `*` written out.

use almanac_model::{Diagnostic, Span};
use sqlparser::ast::{self, Expr as Ast, SelectItem, SelectItemQualifiedWildcardKind as Kind};

use super::Binder;
use super::names::output_name;
use super::scope::{ScopeColumn, plain_name};
use crate::plan::Expr;
use crate::walk;

/// One output column to be.
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) source: Source,
}

/// Where it comes from.
pub(crate) enum Source {
    /// An expression of the text.
    Text(Box<Ast>),
    /// A column that `*` stands for.
    Column {
        /// It.
        column: Expr,
        /// How the text would name it.
        text: Box<Ast>,
    },
}

impl Binder<'_> {
    pub(crate) fn items(&mut self, select: &ast::Select) -> Vec<Item> {
        let mut items = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }
                    if self.mentions_columns && self.for_columns(expr).is_some() =>
                {
                    let alias = if let SelectItem::ExprWithAlias { alias, .. } = item { Some(alias) } else { None };
                    for meant in self.for_columns(expr).unwrap_or_default() {
                        let name = alias.map_or_else(|| meant.name.clone(), |alias| meant.renamed(&alias.value));
                        items.push(Item { name, source: Source::Text(Box::new(meant.text)) });
                    }
                }
                SelectItem::UnnamedExpr(expr) => {
                    let name = self.declared_name(expr).unwrap_or_else(|| output_name(expr));
                    items.push(Item { name, source: Source::Text(Box::new(expr.clone())) });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    items.push(Item { name: alias.value.clone(), source: Source::Text(Box::new(expr.clone())) });
                }
                SelectItem::ExprWithAliases { expr, .. } => {
                    let span = self.span(expr);
                    self.unsupported(span, "an expression with several aliases");
                }
                SelectItem::Wildcard(options) => {
                    let span = self.span(item);
                    self.star(None, options, span, &mut items);
                }
                SelectItem::QualifiedWildcard(Kind::ObjectName(name), options) => {
                    let span = self.span(item);
                    let table = name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone());
                    self.star(Some(&table.unwrap_or_default()), options, span, &mut items);
                }
                SelectItem::QualifiedWildcard(Kind::Expr(expr), _) => {
                    let span = self.span(expr);
                    self.unsupported(span, "`.*` of an expression");
                }
            }
        }
        if select.projection.is_empty() {
            let span = self.span(select);
            self.star(None, &ast::WildcardAdditionalOptions::default(), span, &mut items);
        }
        items
    }

    /// A column's name as its table declares it.
    fn declared_name(&self, expr: &Ast) -> Option<String> {
        let ident = plain_name(expr)?;
        let scope = self.scopes.last()?;
        if let Some(column) = scope.at_position(&ident.value) {
            return Some(column.name.clone());
        }
        scope
            .columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(&ident.value))
            .map(|column| column.name.clone())
    }

    pub(crate) fn star(
        &mut self,
        table: Option<&str>,
        options: &ast::WildcardAdditionalOptions,
        span: Span,
        items: &mut Vec<Item>,
    ) {
        let scope = self.scopes.last().cloned().unwrap_or_default();
        let wanted = |column: &&ScopeColumn| match table {
            Some(table) => column.table.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(table)),
            None => column.bare,
        };
        let columns: Vec<ScopeColumn> = scope.columns.iter().filter(wanted).cloned().collect();
        if columns.is_empty() && !scope.incomplete {
            let problem = match table {
                Some(table) => {
                    Diagnostic::error("unknown-table", span, format!("`{table}` is not a table of this query"))
                        .did_you_mean(table, scope.columns.iter().filter_map(|column| column.table.as_deref()))
                }
                None => Diagnostic::error("no-columns", span, "`*` stands for no columns here").hint("add a FROM"),
            };
            self.report(problem);
            return;
        }
        let excluded: Vec<ast::Ident> = match (&options.opt_exclude, &options.opt_except) {
            (Some(ast::ExcludeSelectItem::Single(name)), _) => last_ident(name).into_iter().collect(),
            (Some(ast::ExcludeSelectItem::Multiple(names)), _) => names.iter().filter_map(last_ident).collect(),
            (None, Some(except)) => {
                std::iter::once(&except.first_element).chain(&except.additional_elements).cloned().collect()
            }
            (None, None) => Vec::new(),
        };
        let replaced: Vec<(ast::Ident, Ast)> = options
            .opt_replace
            .iter()
            .flat_map(|replace| replace.items.iter().map(|item| (item.column_name.clone(), item.expr.clone())))
            .collect();
        let renamed: Vec<(ast::Ident, ast::Ident)> = match &options.opt_rename {
            Some(ast::RenameSelectItem::Single(one)) => vec![(one.ident.clone(), one.alias.clone())],
            Some(ast::RenameSelectItem::Multiple(many)) => {
                many.iter().map(|one| (one.ident.clone(), one.alias.clone())).collect()
            }
            None => Vec::new(),
        };
        for ident in
            excluded.iter().chain(replaced.iter().map(|(name, _)| name)).chain(renamed.iter().map(|(name, _)| name))
        {
            if !scope.incomplete && !columns.iter().any(|column| column.name.eq_ignore_ascii_case(&ident.value)) {
                let place = self.lines.span(ident.span);
                let problem =
                    Diagnostic::error("unknown-column", place, format!("`*` has no column `{}` here", ident.value))
                        .did_you_mean(&ident.value, columns.iter().map(|column| column.name.as_str()));
                self.report(problem);
            }
        }
        if let Some(filter) = &options.opt_ilike {
            self.unsupported(span, &format!("`* ilike '{}'`", filter.pattern));
        }
        for column in columns {
            if excluded.iter().any(|ident| ident.value.eq_ignore_ascii_case(&column.name)) {
                continue;
            }
            let new_name = renamed.iter().find(|(old, _)| old.value.eq_ignore_ascii_case(&column.name));
            let name = new_name.map_or_else(|| column.name.clone(), |(_, new)| new.value.clone());
            let source = match replaced.iter().find(|(name, _)| name.value.eq_ignore_ascii_case(&column.name)) {
                Some((_, expr)) => Source::Text(Box::new(expr.clone())),
                None => {
                    let ident = |name: &str| ast::Ident::with_quote('"', name);
                    let text = match &column.table {
                        Some(table) => Ast::CompoundIdentifier(vec![ident(table), ident(&column.name)]),
                        None => Ast::Identifier(ident(&column.name)),
                    };
                    Source::Column { column: walk::column(column.id, column.ty, span), text: Box::new(text) }
                }
            };
            items.push(Item { name, source });
        }
    }
}

fn last_ident(name: &ast::ObjectName) -> Option<ast::Ident> {
    name.0.last().and_then(|part| part.as_ident()).cloned()
}
