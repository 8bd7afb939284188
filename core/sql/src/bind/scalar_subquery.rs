//! `(select …)` as a value.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast;

use super::Binder;
use super::dependent::counts;
use super::expr::{Cx, Pending};
use super::subquery::Pairs;
use crate::functions::{Aggregate, Scalar};
use crate::plan::{AggregateCall, Expr, ExprKind, Field, JoinKind, Plan};
use crate::walk;

/// What a correlated scalar subquery gives for each combination of its outer columns.
pub(super) struct Single {
    /// The value of its first row.
    value: Field,
    /// How many rows there are: more than one is an error.
    rows: Field,
}

impl Binder<'_> {
    /// `(select …)` as a value.
    pub(crate) fn scalar_subquery(&mut self, subquery: &ast::Query, span: Span, cx: &mut Cx) -> Expr {
        let bound = self.query(subquery);
        let [field] = bound.fields.as_slice() else {
            if !self.has_errors_within(span) {
                let message = format!("a subquery used as a value has {} columns instead of one", bound.fields.len());
                self.report(Diagnostic::error("uneven-columns", span, message).hint("select one column"));
            }
            return Self::broken(span);
        };
        let field = field.clone();
        if Self::is_correlated(&bound.plan)
            && let Some(value) = self.scalar_by_equalities(&bound.plan, &field, span, cx)
        {
            return value;
        }
        let plan = Plan::SingleRow { input: Box::new(bound.plan) };
        cx.push_pending(Pending { plan, kind: JoinKind::Cross, on: Vec::new(), residual: None });
        walk::column(field.id, field.ty, span)
    }

    /// A correlated one that is tied to the query around by equalities alone: grouped by them, and joined.
    fn scalar_by_equalities(&mut self, plan: &Plan, field: &Field, span: Span, cx: &mut Cx) -> Option<Expr> {
        // An aggregate over no rows has a value: what is computed from it is computed after the join.
        if let Plan::Project { input, columns } = plan
            && let Plan::Aggregate { input, keys, aggregates } = input.as_ref()
            && keys.is_empty()
        {
            let zeros: walk::Ids =
                aggregates.iter().filter(|(_, call)| counts(call.function)).map(|(field, _)| field.id).collect();
            let (_, expr) = columns.iter().find(|(known, _)| known.id == field.id)?;
            let (inner, predicates) = self.unnested_total(input.as_ref().clone(), aggregates.clone())?;
            let on = Self::equalities(&predicates, &walk::output_ids(&inner))?;
            let mut expr = expr.clone();
            if Self::is_correlated(&Plan::Project {
                input: Box::new(inner.clone()),
                columns: vec![(field.clone(), expr.clone())],
            }) {
                return None;
            }
            cx.push_pending(Pending { plan: inner, kind: JoinKind::Left, on, residual: None });
            walk::rewrite(&mut expr, &mut |part| {
                let ExprKind::Column(id) = part.kind else { return None };
                zeros.contains(&id).then(|| {
                    let zero = walk::literal(Value::Int(0), Type::BigInt, part.span);
                    walk::call(Scalar::Coalesce, vec![part.clone(), zero], Type::BigInt, part.span)
                })
            });
            expr.span = span;
            return Some(expr);
        }
        let (inner, predicates) = self.unnested(plan.clone())?;
        let (grouped, on, single) = self.grouped(inner, &predicates, Some(field), span)?;
        let Single { value, rows } = single?;
        cx.push_pending(Pending { plan: grouped, kind: JoinKind::Left, on, residual: None });
        let args = vec![walk::column(value.id, value.ty, span), walk::column(rows.id, rows.ty, span)];
        Some(walk::call(Scalar::OneRow, args, value.ty, span))
    }

    /// One row for each combination of the correlated columns, with what a scalar subquery gives of them.
    pub(super) fn grouped(
        &mut self,
        inner: Plan,
        predicates: &[Expr],
        field: Option<&Field>,
        span: Span,
    ) -> Option<(Plan, Pairs, Option<Single>)> {
        let pairs = Self::equalities(predicates, &walk::output_ids(&inner))?;
        let mut keys = Vec::new();
        let mut on = Vec::new();
        for (outer, own) in pairs {
            let key = self.field("", own.ty);
            on.push((outer, walk::column(key.id, key.ty, span)));
            keys.push((key, own));
        }
        let mut aggregates = Vec::new();
        let value = field.map(|field| {
            let (value, rows) = (self.field(field.name.clone(), field.ty), self.field("", Type::BigInt));
            let call = |function, args, ty| AggregateCall {
                function,
                args,
                distinct: false,
                filter: None,
                order_by: Vec::new(),
                ty,
            };
            aggregates
                .push((value.clone(), call(Aggregate::First, vec![walk::column(field.id, field.ty, span)], field.ty)));
            aggregates.push((rows.clone(), call(Aggregate::CountStar, Vec::new(), Type::BigInt)));
            Single { value, rows }
        });
        Some((Plan::Aggregate { input: Box::new(inner), keys, aggregates }, on, value))
    }
}
