//! Subqueries in expressions and conditions: what they are joined as.
//!
//! | in the text | in the plan |
//! |---|---|
//! | scalar | cross join with `SingleRow`; correlated by equalities: grouped by the correlated columns, left join |
//! | `exists`, `in` as a condition | semi join |
//! | `not exists` as a condition | anti join |
//! | `not in` as a condition | anti join, and a look at whether the subquery has rows and NULLs |
//! | `exists`, `in` inside an expression | left join that marks the rows with a partner |
//! | any that reads columns of the query around in another way | a dependent join, see `dependent` |

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, Expr as Ast, UnaryOperator};

use super::expr::{Cx, Pending, tuple_items};
use super::from::cross;
use super::{Binder, Bound};
use crate::functions::{Aggregate, Scalar};
use crate::plan::{AggregateCall, Expr, ExprKind, Field, JoinKind, Plan};
use crate::walk;

/// What is equal on the two sides of a join.
pub(super) type Pairs = Vec<(Expr, Expr)>;

/// Whether a part of a WHERE is a subquery's condition of its own.
pub(crate) fn is_condition(expr: &Ast) -> bool {
    match expr {
        Ast::Exists { .. } | Ast::InSubquery { .. } => true,
        Ast::Nested(inner) => is_condition(inner),
        Ast::UnaryOp { op: UnaryOperator::Not, expr } => is_condition(expr),
        _ => false,
    }
}

pub(crate) fn counting(function: Aggregate, args: Vec<Expr>) -> AggregateCall {
    AggregateCall { function, args, distinct: false, filter: None, order_by: Vec::new(), ty: Type::BigInt }
}

fn test(function: Scalar, args: Vec<Expr>, span: Span) -> Expr {
    walk::call(function, args, Type::Boolean, span)
}

/// Whether a count is more than none, or with `negated` none.
pub(crate) fn some_rows(count: &Field, negated: bool, span: Span) -> Expr {
    let zero = walk::literal(Value::Int(0), Type::BigInt, span);
    test(if negated { Scalar::Eq } else { Scalar::Gt }, vec![walk::column(count.id, Type::BigInt, span), zero], span)
}

/// The three answers of IN: NULL when nothing was found, and a value on either side is NULL.
fn one_of(found: Expr, rows: &Field, has_null: Expr, pairs: &[(Expr, Expr)], span: Span) -> Expr {
    let truth = |value: bool| walk::literal(Value::Boolean(value), Type::Boolean, span);
    let no_value = pairs.iter().map(|(value, _)| test(Scalar::IsNull, vec![value.clone()], span));
    let unknown = walk::any_of(no_value.chain([has_null.clone()])).unwrap_or(has_null);
    let null = walk::literal(Value::Null, Type::Boolean, span);
    let branches = vec![(found, truth(true)), (some_rows(rows, true, span), truth(false)), (unknown, null)];
    Expr { kind: ExprKind::Case { branches, otherwise: Box::new(truth(false)) }, ty: Type::Boolean, span }
}

impl Binder<'_> {
    /// A semi or anti join for a condition that is a subquery.
    pub(crate) fn subquery_condition(&mut self, plan: Plan, part: &Ast, cx: &mut Cx) -> Plan {
        let (mut part, mut negated) = (part, false);
        loop {
            match part {
                Ast::Nested(inner) => part = inner,
                Ast::UnaryOp { op: UnaryOperator::Not, expr } => (part, negated) = (expr, !negated),
                _ => break,
            }
        }
        let span = self.span(part);
        match part {
            Ast::Exists { subquery, negated: not } => self.exists(plan, subquery, *not != negated, span),
            Ast::InSubquery { expr, subquery, negated: not } => {
                self.in_subquery(plan, expr, subquery, *not != negated, span, cx)
            }
            _ => plan,
        }
    }

    fn exists(&mut self, plan: Plan, subquery: &ast::Query, negated: bool, span: Span) -> Plan {
        let bound = self.query(subquery);
        if !Self::is_correlated(&bound.plan) {
            let (counted, count) = self.counted(bound.plan);
            let predicate = some_rows(&count, negated, span);
            return Plan::Filter { input: Box::new(cross(plan, counted)), predicate };
        }
        // How many rows there are does not matter, as long as LIMIT leaves one.
        let inner = match bound.plan {
            Plan::Limit { input, offset: 0, limit } if limit != Some(0) => *input,
            other => other,
        };
        if let Some((inner, predicates)) = self.unnested(inner.clone()) {
            let kind = if negated { JoinKind::Anti } else { JoinKind::Semi };
            return self.correlated_join(plan, inner, kind, predicates, Vec::new());
        }
        let (counted, count) = self.counted(inner);
        let predicate = some_rows(&count, negated, span);
        Plan::Filter { input: Box::new(self.dependent_join(plan, counted, JoinKind::Left, None)), predicate }
    }

    fn counted(&mut self, plan: Plan) -> (Plan, Field) {
        let count = self.field("count", Type::BigInt);
        let call = counting(Aggregate::CountStar, Vec::new());
        (Plan::Aggregate { input: Box::new(plan), keys: Vec::new(), aggregates: vec![(count.clone(), call)] }, count)
    }

    /// Splits correlated predicates into the join's equalities and the rest.
    fn correlated_join(
        &mut self,
        left: Plan,
        right: Plan,
        kind: JoinKind,
        predicates: Vec<Expr>,
        mut on: Vec<(Expr, Expr)>,
    ) -> Plan {
        let (left_ids, right_ids) = (walk::output_ids(&left), walk::output_ids(&right));
        let mut residual = Vec::new();
        for predicate in predicates {
            match walk::equality(predicate, &left_ids, &right_ids) {
                Ok(pair) => on.push(pair),
                Err(other) => residual.push(other),
            }
        }
        Plan::Join {
            left: Box::new(left),
            right: Box::new(right),
            kind,
            on,
            residual: walk::all_of(residual),
            null_safe: false,
        }
    }

    /// Pairs of the values before IN and the columns of the subquery, of one type each.
    pub(crate) fn in_pairs(&mut self, value: &Ast, bound: &Bound, span: Span, cx: &mut Cx) -> Option<Pairs> {
        let values: Vec<&Ast> = tuple_items(value).map_or_else(|| vec![value], |items| items.iter().collect());
        if values.len() != bound.fields.len() {
            let message = format!("the subquery has {} columns, {} are compared", bound.fields.len(), values.len());
            self.report(Diagnostic::error("uneven-columns", span, message).hint("select exactly what is compared"));
            return None;
        }
        let mut pairs = Vec::new();
        for (value, field) in values.into_iter().zip(&bound.fields) {
            let sides = vec![self.expr(value, cx), walk::column(field.id, field.ty, span)];
            let (sides, _) = self.unify(sides, span, "values of type");
            let mut sides = sides.into_iter();
            pairs.push((sides.next()?, sides.next()?));
        }
        Some(pairs)
    }

    fn in_subquery(
        &mut self,
        plan: Plan,
        value: &Ast,
        subquery: &ast::Query,
        negated: bool,
        span: Span,
        cx: &mut Cx,
    ) -> Plan {
        let bound = self.query(subquery);
        let Some(pairs) = self.in_pairs(value, &bound, span, cx) else { return plan };
        let plan = self.attach(std::mem::take(cx).pending, plan);
        if !Self::is_correlated(&bound.plan) {
            if !negated {
                return self.correlated_join(plan, bound.plan, JoinKind::Semi, Vec::new(), pairs);
            }
            return self.not_in(plan, bound, &pairs, span);
        }
        if let Some((inner, mut predicates)) = self.unnested(bound.plan.clone()) {
            if !negated {
                return self.correlated_join(plan, inner, JoinKind::Semi, predicates, pairs);
            }
            // A row goes when some comparison is true or unknown.
            for (a, b) in pairs {
                let equal = walk::call(Scalar::Eq, vec![a, b], Type::Boolean, span);
                let no = walk::literal(Value::Boolean(false), Type::Boolean, span);
                predicates.push(walk::call(Scalar::IsDistinctFrom, vec![equal, no], Type::Boolean, span));
            }
            return self.correlated_join(plan, inner, JoinKind::Anti, predicates, Vec::new());
        }
        let found = self.in_by_counts(bound.plan, &pairs, span, cx);
        let plan = self.attach(std::mem::take(cx).pending, plan);
        Plan::Filter { input: Box::new(plan), predicate: super::syntax::negate(found, negated) }
    }

    fn not_in(&mut self, plan: Plan, bound: Bound, pairs: &[(Expr, Expr)], span: Span) -> Plan {
        let shared = self.shared(bound.plan);
        let used = self.renumber(shared.clone(), &bound.fields);
        let again = pairs
            .iter()
            .map(|(value, inner)| (value.clone(), self.moved(inner, &bound.fields, &used.fields)))
            .collect();
        let plan = self.correlated_join(plan, used.plan, JoinKind::Anti, Vec::new(), again);
        let (stats, rows, known) = self.rows_and_values(shared, &bound.fields, pairs);
        let zero = walk::literal(Value::Int(0), Type::BigInt, span);
        let count = |field: &Field| walk::column(field.id, Type::BigInt, span);
        let empty = walk::call(Scalar::Eq, vec![count(&rows), zero], Type::Boolean, span);
        let no_null = walk::call(Scalar::Eq, vec![count(&rows), count(&known)], Type::Boolean, span);
        let present = pairs.iter().map(|(value, _)| test(Scalar::IsNotNull, vec![value.clone()], span));
        let sure = walk::all_of(present.chain([no_null]));
        let predicate = walk::any_of([empty].into_iter().chain(sure)).unwrap_or_else(|| Self::broken(span));
        Plan::Filter { input: Box::new(cross(plan, stats)), predicate }
    }

    /// The same expression over renumbered columns.
    fn moved(&self, expr: &Expr, from: &[Field], to: &[Field]) -> Expr {
        let mut expr = expr.clone();
        walk::rewrite(&mut expr, &mut |part| {
            let ExprKind::Column(id) = part.kind else { return None };
            let at = from.iter().position(|field| field.id == id)?;
            Some(walk::column(to[at].id, to[at].ty, part.span))
        });
        expr
    }

    /// One row: how many rows there are, and how many have a value in every column.
    fn rows_and_values(&mut self, shared: Plan, fields: &[Field], pairs: &[(Expr, Expr)]) -> (Plan, Field, Field) {
        let used = self.renumber(shared, fields);
        let inner: Vec<Expr> = pairs.iter().map(|(_, inner)| self.moved(inner, fields, &used.fields)).collect();
        let (rows, known) = (self.field("rows", Type::BigInt), self.field("values", Type::BigInt));
        let call = match <[Expr; 1]>::try_from(inner) {
            Ok(only) => counting(Aggregate::Count, only.into()),
            Err(inner) => {
                let all = walk::all_of(inner.into_iter().map(|column| {
                    let span = column.span;
                    test(Scalar::IsNotNull, vec![column], span)
                }));
                counting(Aggregate::CountIf, all.into_iter().collect())
            }
        };
        let aggregates = vec![(rows.clone(), counting(Aggregate::CountStar, Vec::new())), (known.clone(), call)];
        (Plan::Aggregate { input: Box::new(used.plan), keys: Vec::new(), aggregates }, rows, known)
    }

    /// `exists (…)` as a value.
    pub(crate) fn exists_mark(&mut self, subquery: &ast::Query, span: Span, cx: &mut Cx) -> Expr {
        let bound = self.query(subquery);
        if Self::is_correlated(&bound.plan)
            && let Some((inner, predicates)) = self.unnested(bound.plan.clone())
            && let Some((grouped, on, _)) = self.grouped(inner, &predicates, None, span)
            && let Some((_, mark)) = on.first().cloned()
        {
            cx.push_pending(Pending { plan: grouped, kind: JoinKind::Left, on, residual: None });
            return walk::call(Scalar::IsNotNull, vec![mark], Type::Boolean, span);
        }
        let (counted, count) = self.counted(bound.plan);
        cx.push_pending(Pending { plan: counted, kind: JoinKind::Cross, on: Vec::new(), residual: None });
        some_rows(&count, false, span)
    }

    /// `x in (…)` as a value, with its third answer.
    pub(crate) fn in_mark(&mut self, value: &Ast, subquery: &ast::Query, span: Span, cx: &mut Cx) -> Expr {
        let bound = self.query(subquery);
        let Some(pairs) = self.in_pairs(value, &bound, span, cx) else { return Self::broken(span) };
        if Self::is_correlated(&bound.plan) {
            return self.in_by_counts(bound.plan, &pairs, span, cx);
        }
        let shared = self.shared(bound.plan);
        let used = self.renumber(shared.clone(), &bound.fields);
        let (mut keys, mut on) = (Vec::new(), Vec::new());
        for (value, inner) in &pairs {
            let inner = self.moved(inner, &bound.fields, &used.fields);
            let key = self.field("value", inner.ty);
            on.push((value.clone(), walk::column(key.id, key.ty, span)));
            keys.push((key, inner));
        }
        let Some((_, mark)) = on.first().cloned() else { return Self::broken(span) };
        let values = Plan::Aggregate { input: Box::new(used.plan), keys, aggregates: Vec::new() };
        cx.push_pending(Pending { plan: values, kind: JoinKind::Left, on, residual: None });
        let (stats, rows, known) = self.rows_and_values(shared, &bound.fields, &pairs);
        cx.push_pending(Pending { plan: stats, kind: JoinKind::Cross, on: Vec::new(), residual: None });
        let count = |field: &Field| walk::column(field.id, Type::BigInt, span);
        let found = test(Scalar::IsNotNull, vec![mark], span);
        let has_null = test(Scalar::Lt, vec![count(&known), count(&rows)], span);
        one_of(found, &rows, has_null, &pairs, span)
    }

    /// `x in (…)` where the subquery reads columns of the query around: its rows are counted for each of them.
    fn in_by_counts(&mut self, plan: Plan, pairs: &[(Expr, Expr)], span: Span, cx: &mut Cx) -> Expr {
        let equal = pairs.iter().map(|(a, b)| test(Scalar::Eq, vec![a.clone(), b.clone()], span));
        let null = pairs.iter().map(|(_, inner)| test(Scalar::IsNull, vec![inner.clone()], span));
        let made = [walk::all_of(equal), walk::any_of(null)].map(|test| test.into_iter().collect::<Vec<_>>());
        let [rows, hits, nulls] = ["rows", "hits", "nulls"].map(|name| self.field(name, Type::BigInt));
        let [equal, null] = made.map(|args| counting(Aggregate::CountIf, args));
        let aggregates = vec![
            (rows.clone(), counting(Aggregate::CountStar, Vec::new())),
            (hits.clone(), equal),
            (nulls.clone(), null),
        ];
        let plan = Plan::Aggregate { input: Box::new(plan), keys: Vec::new(), aggregates };
        cx.push_pending(Pending { plan, kind: JoinKind::Cross, on: Vec::new(), residual: None });
        one_of(some_rows(&hits, false, span), &rows, some_rows(&nulls, false, span), pairs, span)
    }

    pub(super) fn has_errors_within(&self, span: Span) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.span.is_some_and(|place| place.start >= span.start && place.end <= span.end))
    }
}
