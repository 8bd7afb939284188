//! ORDER BY.

use almanac_model::{Diagnostic, Span};
use sqlparser::ast::{self, Expr as Ast, OrderByKind, Value};

use super::expr::Cx;
use super::{Binder, Bound};
use crate::plan::{Expr, Plan, SortKey};
use crate::walk;

/// What an ORDER BY names.
pub(crate) enum OrderTarget {
    /// An output column by index.
    Item(usize),
    /// Something computed.
    Computed(Expr),
}

/// One entry of an ORDER BY.
pub(crate) struct OrderItem {
    pub(crate) target: OrderTarget,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

impl Binder<'_> {
    /// The entries of an ORDER BY over outputs of these names.
    pub(crate) fn order_items(&mut self, order: &ast::OrderBy, names: &[String], cx: &mut Cx) -> Vec<OrderItem> {
        let made = |target, options: &ast::OrderByOptions| OrderItem {
            target,
            descending: options.asc == Some(false),
            nulls_first: options.nulls_first.unwrap_or(false),
        };
        match &order.kind {
            OrderByKind::All(options) => (0..names.len()).map(|at| made(OrderTarget::Item(at), options)).collect(),
            OrderByKind::Expressions(exprs) => {
                if let [ast::OrderByExpr { expr: Ast::Identifier(word), options, .. }] = exprs.as_slice()
                    && word.quote_style.is_none()
                    && word.value.eq_ignore_ascii_case("all")
                    && !names.iter().any(|name| name.eq_ignore_ascii_case("all"))
                {
                    return (0..names.len()).map(|at| made(OrderTarget::Item(at), options)).collect();
                }
                exprs.iter().map(|item| made(self.order_target(&item.expr, names, cx), &item.options)).collect()
            }
        }
    }

    fn order_target(&mut self, expr: &Ast, names: &[String], cx: &mut Cx) -> OrderTarget {
        match expr {
            Ast::Identifier(ident) => {
                if let Some(at) = names.iter().position(|name| name.eq_ignore_ascii_case(&ident.value)) {
                    return OrderTarget::Item(at);
                }
            }
            Ast::Value(value) => {
                if let Value::Number(digits, _) = &value.value {
                    let span = self.span(expr);
                    return match self.position(digits, names.len(), span) {
                        Some(at) => OrderTarget::Item(at),
                        None => OrderTarget::Computed(Self::broken(span)),
                    };
                }
            }
            _ => {}
        }
        OrderTarget::Computed(self.expr(expr, cx))
    }

    /// `1` for the first column.
    pub(crate) fn position(&mut self, digits: &str, columns: usize, span: Span) -> Option<usize> {
        let found = digits.parse::<usize>().ok().filter(|at| (1..=columns).contains(at));
        if found.is_none() {
            let problem = Diagnostic::error("unknown-position", span, format!("there is no output column {digits}"));
            self.report(problem.hint(format!("positions go from 1 to {columns}")));
        }
        found.map(|at| at - 1)
    }

    /// Keys inside aggregates and windows: expressions only.
    pub(crate) fn sort_keys(&mut self, exprs: &[ast::OrderByExpr], cx: &mut Cx) -> Vec<SortKey> {
        exprs
            .iter()
            .map(|item| SortKey {
                expr: self.expr(&item.expr, cx),
                descending: item.options.asc == Some(false),
                nulls_first: item.options.nulls_first.unwrap_or(false),
            })
            .collect()
    }

    /// ORDER BY of a set operation: output columns, or expressions over them.
    pub(crate) fn sort_output(&mut self, bound: Bound, order: &ast::OrderBy) -> Bound {
        let names: Vec<String> = bound.fields.iter().map(|field| field.name.clone()).collect();
        let scope = Self::scope_of(&bound, None);
        self.scopes.push(scope);
        let mut cx = Cx::plain("ORDER BY of a set operation");
        let items = self.order_items(order, &names, &mut cx);
        self.scopes.pop();
        let keys = items
            .into_iter()
            .map(|item| SortKey {
                expr: match item.target {
                    OrderTarget::Item(at) => walk::column(bound.fields[at].id, bound.fields[at].ty, Span::default()),
                    OrderTarget::Computed(expr) => expr,
                },
                descending: item.descending,
                nulls_first: item.nulls_first,
            })
            .collect();
        let plan = self.attach(cx.pending, bound.plan);
        Bound { plan: Plan::Sort { input: Box::new(plan), keys }, fields: bound.fields }
    }
}
