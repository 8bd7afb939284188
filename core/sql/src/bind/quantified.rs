//! `x op any (…)` and `x op all (…)`: a comparison with the least or the greatest value of a subquery.
//!
//! ANY is true for a value that compares so, else NULL when a comparison is unknown, else false; without rows it is false.
//! ALL is the negation of ANY with the opposite operator, which holds in three-valued logic too.

use almanac_model::{Span, Type, Value};
use sqlparser::ast::{self, BinaryOperator, Expr as Ast};

use super::Binder;
use super::expr::{Cx, Pending};
use super::subquery::counting;
use crate::functions::{Aggregate, Scalar};
use crate::plan::{AggregateCall, Expr, ExprKind, Field, JoinKind, Plan};
use crate::walk;

impl Binder<'_> {
    /// `value op any (subquery)`; with `all` the other one.
    pub(crate) fn quantified(
        &mut self,
        value: &Ast,
        op: &BinaryOperator,
        subquery: &ast::Query,
        all: bool,
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        use BinaryOperator as B;
        let compared = if all { opposite(op) } else { Some(op.clone()) };
        let any = match compared {
            Some(B::Eq) => self.in_mark(value, subquery, span, cx),
            Some(op @ (B::NotEq | B::Lt | B::LtEq | B::Gt | B::GtEq)) => self.any(value, &op, subquery, span, cx),
            _ => {
                self.unsupported(span, &format!("`{op}` before ANY or ALL"));
                return Self::broken(span);
            }
        };
        if all { walk::call(Scalar::Not, vec![any], Type::Boolean, span) } else { any }
    }

    fn any(&mut self, value: &Ast, op: &BinaryOperator, subquery: &ast::Query, span: Span, cx: &mut Cx) -> Expr {
        let bound = self.query(subquery);
        let Some(pairs) = self.in_pairs(value, &bound, span, cx) else { return Self::broken(span) };
        let Ok([(value, inner)]) = <[_; 1]>::try_from(pairs) else {
            self.unsupported(span, "ANY or ALL with several columns");
            return Self::broken(span);
        };
        if Self::is_correlated(&bound.plan) {
            return self.any_by_counts(bound.plan, value, op, inner, span, cx);
        }
        let (rows, known) = (self.field("rows", Type::BigInt), self.field("values", Type::BigInt));
        let (least, greatest) = (self.field("least", inner.ty), self.field("greatest", inner.ty));
        let extreme = |function| AggregateCall { ty: inner.ty, ..counting(function, vec![inner.clone()]) };
        let aggregates = vec![
            (rows.clone(), counting(Aggregate::CountStar, Vec::new())),
            (known.clone(), counting(Aggregate::Count, vec![inner.clone()])),
            (least.clone(), extreme(Aggregate::Min)),
            (greatest.clone(), extreme(Aggregate::Max)),
        ];
        let plan = Plan::Aggregate { input: Box::new(bound.plan), keys: Vec::new(), aggregates };
        cx.push_pending(Pending { plan, kind: JoinKind::Cross, on: Vec::new(), residual: None });

        let of = |field: &Field| walk::column(field.id, field.ty, span);
        let test = |function, args| walk::call(function, args, Type::Boolean, span);
        let with = |function, field: &Field| test(function, vec![value.clone(), of(field)]);
        let found = match op {
            BinaryOperator::Gt => with(Scalar::Gt, &least),
            BinaryOperator::GtEq => with(Scalar::GtEq, &least),
            BinaryOperator::Lt => with(Scalar::Lt, &greatest),
            BinaryOperator::LtEq => with(Scalar::LtEq, &greatest),
            // All values equal this one only if the least and the greatest do.
            _ => test(Scalar::Or, vec![with(Scalar::NotEq, &least), with(Scalar::NotEq, &greatest)]),
        };
        let empty = test(Scalar::Eq, vec![of(&rows), walk::literal(Value::Int(0), Type::BigInt, span)]);
        let has_null = test(Scalar::Lt, vec![of(&known), of(&rows)]);
        let unknown = test(Scalar::Or, vec![test(Scalar::IsNull, vec![value.clone()]), has_null]);
        let truth = |value: bool| walk::literal(Value::Boolean(value), Type::Boolean, span);
        let null = walk::literal(Value::Null, Type::Boolean, span);
        let branches = vec![(found, truth(true)), (empty, truth(false)), (unknown, null)];
        Expr { kind: ExprKind::Case { branches, otherwise: Box::new(truth(false)) }, ty: Type::Boolean, span }
    }

    /// The same where the subquery reads columns of the query around: its rows are counted for each of them.
    fn any_by_counts(
        &mut self,
        plan: Plan,
        value: Expr,
        op: &BinaryOperator,
        inner: Expr,
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let compared = self.binary(op, value, inner, span);
        let unknown = walk::call(Scalar::IsNull, vec![compared.clone()], Type::Boolean, span);
        let (hits, nulls) = (self.field("hits", Type::BigInt), self.field("nulls", Type::BigInt));
        let aggregates = vec![
            (hits.clone(), counting(Aggregate::CountIf, vec![compared])),
            (nulls.clone(), counting(Aggregate::CountIf, vec![unknown])),
        ];
        let plan = Plan::Aggregate { input: Box::new(plan), keys: Vec::new(), aggregates };
        cx.push_pending(Pending { plan, kind: JoinKind::Cross, on: Vec::new(), residual: None });
        let some = |field: &Field| super::subquery::some_rows(field, false, span);
        let truth = |value: bool| walk::literal(Value::Boolean(value), Type::Boolean, span);
        let null = walk::literal(Value::Null, Type::Boolean, span);
        let branches = vec![(some(&hits), truth(true)), (some(&nulls), null)];
        Expr { kind: ExprKind::Case { branches, otherwise: Box::new(truth(false)) }, ty: Type::Boolean, span }
    }
}

fn opposite(op: &BinaryOperator) -> Option<BinaryOperator> {
    use BinaryOperator as B;
    Some(match op {
        B::Eq => B::NotEq,
        B::NotEq => B::Eq,
        B::Lt => B::GtEq,
        B::LtEq => B::Gt,
        B::Gt => B::LtEq,
        B::GtEq => B::Lt,
        _ => return None,
    })
}
