//! Lists taken apart: `unnest` in the SELECT list and in FROM, where it may read the tables before it.

use almanac_model::{Diagnostic, Span, Type};
use sqlparser::ast::{self, FunctionArg, FunctionArgExpr, TableFactor};

use super::Binder;
use super::expr::Cx;
use super::scope::Scope;
use crate::plan::{Expr, Plan};
use crate::walk;

/// The arguments of `unnest` in FROM, and its alias.
pub(crate) fn unnest_factor(factor: &TableFactor) -> Option<(&[FunctionArg], Option<&ast::TableAlias>)> {
    let (name, args, alias) = match factor {
        TableFactor::Table { name, args: Some(args), alias, .. } => (name, args.args.as_slice(), alias),
        TableFactor::Function { name, args, alias, .. } => (name, args.as_slice(), alias),
        _ => return None,
    };
    name.to_string().eq_ignore_ascii_case("unnest").then_some((args, alias.as_ref()))
}

impl Binder<'_> {
    /// `unnest(x)` in the SELECT list.
    pub(crate) fn unnest_call(&mut self, args: Vec<Expr>, span: Span, cx: &mut Cx) -> Expr {
        let Some(element) = self.element_of(&args, span) else { return Self::broken(span) };
        if cx.unnested.is_none() || cx.in_aggregate || self.lambdas > 0 {
            let problem = Diagnostic::error("misplaced-unnest", span, "`unnest` is not allowed here");
            self.report(problem.hint("it stands in the SELECT list, or in FROM: `from t, unnest(t.list) u(x)`"));
            return Self::broken(span);
        }
        let field = self.field("unnest", element);
        let column = walk::column(field.id, field.ty, span);
        cx.unnested.get_or_insert_default().extend(args.into_iter().map(|list| (field.clone(), list)));
        column
    }

    /// The type of the elements of the one argument, a list.
    fn element_of(&mut self, args: &[Expr], span: Span) -> Option<Type> {
        let [list] = args else {
            self.error("argument-count", span, "`unnest` takes one list");
            return None;
        };
        match list.ty {
            // A list of bare NULLs has elements of a type all the same.
            Type::List(of) => Some(if of.element() == Type::Null { Type::Integer } else { of.element() }),
            Type::Null => None,
            ty => {
                self.error("type-mismatch", list.span, format!("`unnest` takes a list, this is {ty}"));
                None
            }
        }
    }

    /// `…, unnest(x) t(y)`: the rows so far, once for each element of a list of theirs.
    pub(crate) fn unnest_from(&mut self, left: (Plan, Scope), factor: &TableFactor) -> (Plan, Scope) {
        let (plan, scope) = left;
        let Some((args, alias)) = unnest_factor(factor) else { return (plan, scope) };
        let span = self.span(factor);
        self.scopes.push(scope.clone());
        let mut cx = Cx::plain("the list of `unnest`");
        let mut lists = Vec::new();
        for arg in args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(list)) = arg {
                lists.push(self.expr(list, &mut cx));
            }
        }
        self.scopes.pop();
        let plan = self.attach(cx.pending, plan);
        let Some(element) = self.element_of(&lists, span) else {
            return (plan, Scope { incomplete: true, ..scope });
        };
        let mut fields = vec![self.field("unnest", element)];
        if let Some(alias) = alias {
            self.rename(&mut fields, alias);
        }
        let table = alias.map_or("unnest", |alias| alias.name.value.as_str());
        let made = Scope::of(Some(table), &fields);
        let columns = fields.into_iter().zip(lists).collect();
        (Plan::Unnest { input: Box::new(plan), columns }, self.join_scopes(scope, made))
    }
}
