//! UNION, INTERSECT, EXCEPT.
//!
//! INTERSECT and EXCEPT are semi and anti joins in which NULL equals NULL. With ALL, the n-th of several like rows pairs with the
//! n-th on the other side: a row number over all columns becomes part of the key.

use almanac_model::{Diagnostic, Span, Type};
use sqlparser::ast::{SetExpr, SetOperator, SetQuantifier};

use super::coerce::common;
use super::{Binder, Bound};
use crate::plan::{Expr, Field, JoinKind, Plan};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn set_operation(
        &mut self,
        whole: &SetExpr,
        left: &SetExpr,
        operator: SetOperator,
        quantifier: SetQuantifier,
        right: &SetExpr,
    ) -> Bound {
        let (mut a, mut b) = (self.body(left), self.body(right));
        let span = self.span(whole);
        let by_name =
            matches!(quantifier, SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName);
        if by_name {
            self.by_name(&mut a, &mut b);
        }
        if a.fields.len() != b.fields.len() {
            let message = format!("one side has {} columns, the other {}", a.fields.len(), b.fields.len());
            let place = self.span(right);
            self.report(
                Diagnostic::error("uneven-columns", place, message)
                    .hint("both sides of a set operation need the same columns"),
            );
            return a;
        }
        self.same_types(&mut a, &mut b, span);
        let all = matches!(quantifier, SetQuantifier::All | SetQuantifier::AllByName);
        match operator {
            SetOperator::Union => {
                let bound = self.union(a, b);
                if all { bound } else { distinct(bound) }
            }
            SetOperator::Intersect => self.paired(a, b, JoinKind::Semi, all),
            SetOperator::Except | SetOperator::Minus => self.paired(a, b, JoinKind::Anti, all),
        }
    }

    fn union(&mut self, a: Bound, b: Bound) -> Bound {
        let fields: Vec<Field> = a.fields.iter().map(|field| self.field(field.name.clone(), field.ty)).collect();
        let inputs =
            [a, b].into_iter().map(|side| (side.plan, side.fields.iter().map(|field| field.id).collect())).collect();
        Bound { plan: Plan::Union { inputs, fields: fields.clone() }, fields }
    }

    /// Gives both sides the columns of both, in the order of the left.
    fn by_name(&mut self, a: &mut Bound, b: &mut Bound) {
        let mut names: Vec<(String, Type)> = Vec::new();
        for field in a.fields.iter().chain(&b.fields) {
            if !names.iter().any(|(name, _)| name.eq_ignore_ascii_case(&field.name)) {
                names.push((field.name.clone(), field.ty));
            }
        }
        for side in [a, b] {
            let columns: Vec<(Field, Expr)> = names
                .iter()
                .map(|(name, ty)| {
                    let found = side.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name));
                    let expr = match found {
                        Some(field) => walk::column(field.id, field.ty, Span::default()),
                        None => walk::literal(almanac_model::Value::Null, *ty, Span::default()),
                    };
                    (self.field(name.clone(), expr.ty), expr)
                })
                .collect();
            side.fields = columns.iter().map(|(field, _)| field.clone()).collect();
            let plan = std::mem::replace(&mut side.plan, walk::one_row());
            side.plan = self.project(plan, columns);
        }
    }

    fn same_types(&mut self, a: &mut Bound, b: &mut Bound, span: Span) {
        let types: Vec<Type> = a
            .fields
            .iter()
            .zip(&b.fields)
            .map(|(x, y)| match common(x.ty, y.ty) {
                Some(Type::Null) => Type::Integer,
                Some(ty) => ty,
                None if x.ty == Type::Varchar || y.ty == Type::Varchar => Type::Varchar,
                None => {
                    let message = format!("column `{}` is {} on one side and {} on the other", x.name, x.ty, y.ty);
                    self.report(
                        Diagnostic::error("type-mismatch", span, message).hint("convert one side with `cast(… as …)`"),
                    );
                    x.ty
                }
            })
            .collect();
        for side in [a, b] {
            if side.fields.iter().zip(&types).all(|(field, ty)| field.ty == *ty) {
                continue;
            }
            let columns: Vec<(Field, Expr)> = side
                .fields
                .iter()
                .zip(&types)
                .map(|(field, ty)| {
                    let expr = walk::cast(walk::column(field.id, field.ty, Span::default()), *ty);
                    (self.field(field.name.clone(), *ty), expr)
                })
                .collect();
            side.fields = columns.iter().map(|(field, _)| field.clone()).collect();
            let plan = std::mem::replace(&mut side.plan, walk::one_row());
            side.plan = self.project(plan, columns);
        }
    }

    fn paired(&mut self, a: Bound, b: Bound, kind: JoinKind, all: bool) -> Bound {
        let (a, a_number) = if all { self.numbered(a) } else { (distinct(a), None) };
        let (b, b_number) = if all { self.numbered(b) } else { (b, None) };
        let on = a
            .fields
            .iter()
            .chain(&a_number)
            .zip(b.fields.iter().chain(&b_number))
            .map(|(x, y)| (walk::column(x.id, x.ty, Span::default()), walk::column(y.id, y.ty, Span::default())));
        let on = on.collect();
        let plan =
            Plan::Join { left: Box::new(a.plan), right: Box::new(b.plan), kind, on, residual: None, null_safe: true };
        Bound { plan, fields: a.fields }
    }

    /// With a column that numbers like rows.
    fn numbered(&mut self, bound: Bound) -> (Bound, Option<Field>) {
        let number = self.field("number", Type::BigInt);
        let like = bound.fields.iter().map(|field| walk::column(field.id, field.ty, Span::default())).collect();
        let call = super::dependent::row_number(like);
        let plan = Plan::Window { input: Box::new(bound.plan), columns: vec![(number.clone(), call)] };
        (Bound { plan, fields: bound.fields }, Some(number))
    }
}

/// Without repetitions, over the visible columns.
pub(crate) fn distinct(bound: Bound) -> Bound {
    let visible: walk::Ids = bound.fields.iter().map(|field| field.id).collect();
    let plan = if walk::output_ids(&bound.plan) == visible {
        bound.plan
    } else {
        let columns = bound
            .fields
            .iter()
            .map(|field| (field.clone(), walk::column(field.id, field.ty, Span::default())))
            .collect();
        Plan::Project { input: Box::new(bound.plan), columns }
    };
    Bound { plan: Plan::Distinct { input: Box::new(plan), on: Vec::new() }, fields: bound.fields }
}
