//! `COLUMNS(…)`: an expression written once for several columns.

use almanac_model::{Diagnostic, Span};
use sqlparser::ast::{self, Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::Binder;
use super::star::{Item, Source};

impl Binder<'_> {
    /// The expression once for each column that its `COLUMNS(…)` stands for, with the column's name; `None` if it has none.
    pub(crate) fn for_columns(&mut self, expr: &Ast) -> Option<Vec<(String, Ast)>> {
        if !self.mentions_columns {
            return None;
        }
        let mut copy = expr.clone();
        let call = find(&mut copy)?.clone();
        let names = self.columns_meant(&call);
        Some(names.into_iter().map(|(name, column)| (name, replaced(expr, &column))).collect())
    }

    /// `where columns(*) > 0`: the condition holds for all of them.
    pub(crate) fn for_all_columns(&mut self, expr: &Ast) -> Option<Vec<Ast>> {
        Some(self.for_columns(expr)?.into_iter().map(|(_, expr)| expr).collect())
    }

    /// Keeps the columns that a list of COLUMNS names, in the order of the tables.
    fn only_named(&mut self, list: &[Ast], span: Span, items: &mut Vec<Item>) {
        let mut names = Vec::new();
        for element in list {
            match element {
                Ast::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(name), .. }) => {
                    names.push(name.as_str());
                }
                _ => self.error("not-a-constant", span, "a list of COLUMNS holds names in quotes"),
            }
        }
        for name in &names {
            if !items.iter().any(|item| item.name.eq_ignore_ascii_case(name)) {
                let problem = Diagnostic::error("unknown-column", span, format!("there is no column `{name}`"));
                self.report(problem.did_you_mean(name, items.iter().map(|item| item.name.as_str())));
            }
        }
        items.retain(|item| names.iter().any(|name| name.eq_ignore_ascii_case(&item.name)));
    }

    fn columns_meant(&mut self, call: &ast::Function) -> Vec<(String, Ast)> {
        let span = self.span(&Ast::Function(call.clone()));
        let args = match &call.args {
            FunctionArguments::List(list) => list.args.as_slice(),
            _ => &[],
        };
        let mut items: Vec<Item> = Vec::new();
        match args {
            [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => {
                self.star(None, &ast::WildcardAdditionalOptions::default(), span, &mut items);
            }
            [FunctionArg::Unnamed(FunctionArgExpr::WildcardWithOptions(options))] => {
                self.star(None, options, span, &mut items);
            }
            [FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name))] => {
                let table = name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone());
                let all = ast::WildcardAdditionalOptions::default();
                self.star(Some(&table.unwrap_or_default()), &all, span, &mut items);
            }
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(Ast::Array(list)))] => {
                self.star(None, &ast::WildcardAdditionalOptions::default(), span, &mut items);
                self.only_named(&list.elem, span, &mut items);
            }
            _ => {
                let problem = Diagnostic::error("unsupported", span, "COLUMNS by a pattern is not supported");
                self.report(problem.hint("write `columns(*)`, `columns(* exclude (…))` or `columns(['a', 'b'])`"));
            }
        }
        let as_written = |item: Item| match item.source {
            Source::Text(text) => (item.name, *text),
            Source::Column { text, .. } => (item.name, *text),
        };
        items.into_iter().map(as_written).collect()
    }
}

fn is_columns(expr: &Ast) -> bool {
    matches!(expr, Ast::Function(call) if call.over.is_none() && call.name.to_string().eq_ignore_ascii_case("columns"))
}

fn find(expr: &mut Ast) -> Option<&ast::Function> {
    if is_columns(expr) {
        return match expr {
            Ast::Function(call) => Some(call),
            _ => None,
        };
    }
    children(expr).into_iter().find_map(find)
}

fn replaced(expr: &Ast, column: &Ast) -> Ast {
    fn replace(expr: &mut Ast, column: &Ast) {
        if is_columns(expr) {
            *expr = column.clone();
            return;
        }
        children(expr).into_iter().for_each(|child| replace(child, column));
    }
    let mut expr = expr.clone();
    replace(&mut expr, column);
    expr
}

/// The parts of an expression in which COLUMNS is looked for.
fn children(expr: &mut Ast) -> Vec<&mut Ast> {
    match expr {
        Ast::Nested(inner)
        | Ast::UnaryOp { expr: inner, .. }
        | Ast::Cast { expr: inner, .. }
        | Ast::IsNull(inner)
        | Ast::IsNotNull(inner)
        | Ast::IsTrue(inner)
        | Ast::IsNotTrue(inner)
        | Ast::IsFalse(inner)
        | Ast::IsNotFalse(inner) => vec![inner],
        Ast::BinaryOp { left, right, .. } | Ast::IsDistinctFrom(left, right) | Ast::IsNotDistinctFrom(left, right) => {
            vec![left, right]
        }
        Ast::Between { expr, low, high, .. } => vec![expr, low, high],
        Ast::InList { expr, list, .. } => std::iter::once(expr.as_mut()).chain(list).collect(),
        Ast::Like { expr, pattern, .. } | Ast::ILike { expr, pattern, .. } => vec![expr, pattern],
        Ast::Case { operand, conditions, else_result, .. } => operand
            .iter_mut()
            .chain(else_result)
            .map(Box::as_mut)
            .chain(conditions.iter_mut().flat_map(|when| [&mut when.condition, &mut when.result]))
            .collect(),
        Ast::Function(call) => match &mut call.args {
            FunctionArguments::List(list) => list
                .args
                .iter_mut()
                .filter_map(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
