//! Queries: WITH, a body, ORDER BY, LIMIT.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, SetExpr};

use super::expr::Cx;
use super::subquery::counting;
use super::{Binder, Bound};
use crate::functions::{Aggregate, Scalar};
use crate::plan::{Field, Plan};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn query(&mut self, query: &ast::Query) -> Bound {
        let known = self.ctes.len();
        if let Some(with) = &query.with {
            self.with(with);
        }
        if query.for_clause.is_some()
            || query.settings.is_some()
            || query.format_clause.is_some()
            || !query.pipe_operators.is_empty()
        {
            let span = self.span(query);
            self.unsupported(span, "this clause at the end of a query");
        }
        let mut bound = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, query.order_by.as_ref()),
            body => {
                let bound = self.body(body);
                match &query.order_by {
                    Some(order) => self.sort_output(bound, order),
                    None => bound,
                }
            }
        };
        bound.plan = self.limit(bound.plan, query);
        self.ctes.truncate(known);
        bound
    }

    /// What a set operation or parentheses are made of.
    pub(crate) fn body(&mut self, body: &SetExpr) -> Bound {
        match body {
            SetExpr::Select(select) => self.select(select, None),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                self.set_operation(body, left, *op, *set_quantifier, right)
            }
            SetExpr::Values(values) => self.values(values),
            SetExpr::Table(table) => {
                let span = self.span(body);
                let name = table.table_name.clone().unwrap_or_default();
                if table.schema_name.is_some() {
                    self.unsupported(span, "a schema");
                }
                self.table(&name, span).0
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                let span = self.span(body);
                self.error("only-queries", span, "only queries are run");
                Bound { plan: walk::one_row(), fields: Vec::new() }
            }
        }
    }

    fn limit(&mut self, plan: Plan, query: &ast::Query) -> Plan {
        let (mut limit, mut offset) = match &query.limit_clause {
            None => (None, None),
            Some(ast::LimitClause::LimitOffset { limit, offset, limit_by }) => {
                if !limit_by.is_empty() {
                    let span = self.span(&limit_by[0]);
                    self.unsupported(span, "LIMIT BY");
                }
                (limit.as_ref(), offset.as_ref().map(|offset| &offset.value))
            }
            Some(ast::LimitClause::OffsetCommaLimit { offset, limit }) => (Some(limit), Some(offset)),
        };
        if let Some(fetch) = &query.fetch {
            if fetch.with_ties {
                let span = self.span(query);
                self.unsupported(span, "FETCH with ties");
            }
            if let (true, Some(share)) = (fetch.percent, &fetch.quantity) {
                return self.limit_share(plan, share, offset);
            }
            limit = limit.or(fetch.quantity.as_ref());
        }
        if [limit, offset].into_iter().flatten().any(is_subquery) {
            return self.limit_computed(plan, limit, offset);
        }
        let rows = limit.take().and_then(|expr| self.constant_count(expr, "LIMIT"));
        let skipped = offset.take().and_then(|expr| self.constant_count(expr, "OFFSET")).unwrap_or(0);
        if rows.is_none() && skipped == 0 {
            return plan;
        }
        Plan::Limit { input: Box::new(plan), offset: skipped, limit: rows }
    }

    /// `limit 40 percent`: of all rows, rounded down.
    fn limit_share(&mut self, plan: Plan, share: &ast::Expr, offset: Option<&ast::Expr>) -> Plan {
        let span = self.span(share);
        let digits = share.to_string();
        let share = digits.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share));
        let Some(share) = share else {
            self.error("invalid-literal", span, format!("`{digits}` percent is not from 0 to 100"));
            return plan;
        };
        let skipped = offset.and_then(|expr| self.constant_count(expr, "OFFSET")).unwrap_or(0);
        let all = self.shared(plan);
        let count = self.field("count", Type::BigInt);
        let calls = vec![(count.clone(), counting(Aggregate::CountStar, Vec::new()))];
        let counted = Plan::Aggregate { input: Box::new(all.clone()), keys: Vec::new(), aggregates: calls };
        let (numbered, number) = self.numbered_rows(all);
        let rows = walk::cast(walk::column(count.id, count.ty, span), Type::Double);
        let times = |a, b| walk::call(Scalar::Mul, vec![a, b], Type::Double, span);
        let share = times(rows, walk::literal(Value::Double(share / 100.0), Type::Double, span));
        // The first row has the number 1.
        let skipped = |ty| match ty {
            Type::Double => walk::literal(Value::Double(skipped as f64), ty, span),
            _ => walk::literal(Value::Int(i64::try_from(skipped).unwrap_or(i64::MAX)), ty, span),
        };
        let place = walk::cast(number.clone(), Type::Double);
        let place = walk::call(Scalar::Sub, vec![place, skipped(Type::Double)], Type::Double, span);
        let within = walk::call(Scalar::LtEq, vec![place, share], Type::Boolean, span);
        let after = walk::call(Scalar::Gt, vec![number, skipped(Type::BigInt)], Type::Boolean, span);
        let predicate = walk::call(Scalar::And, vec![within, after], Type::Boolean, span);
        Plan::Filter { input: Box::new(super::from::cross(numbered, counted)), predicate }
    }

    /// LIMIT and OFFSET by subqueries.
    fn limit_computed(&mut self, plan: Plan, limit: Option<&ast::Expr>, offset: Option<&ast::Expr>) -> Plan {
        let (mut plan, number) = self.numbered_rows(plan);
        let mut skipped = None;
        for (clause, expr) in [("OFFSET", offset), ("LIMIT", limit)] {
            let Some(expr) = expr else { continue };
            let mut cx = Cx::plain(clause);
            let bound = self.expr(expr, &mut cx);
            let bound = self.coerce(bound, Type::BigInt);
            plan = self.attach(cx.pending, plan);
            let span = bound.span;
            let zero = || walk::literal(Value::Int(0), Type::BigInt, span);
            let null = walk::call(Scalar::IsNull, vec![bound.clone()], Type::Boolean, span);
            let (function, bound) = match (clause, skipped.take()) {
                ("LIMIT", Some(skipped)) => {
                    (Scalar::LtEq, walk::call(Scalar::Add, vec![bound, skipped], Type::BigInt, span))
                }
                ("LIMIT", None) => (Scalar::LtEq, bound),
                _ => {
                    let bound = walk::call(Scalar::Coalesce, vec![bound, zero()], Type::BigInt, span);
                    skipped = Some(bound.clone());
                    (Scalar::Gt, bound)
                }
            };
            let test = walk::call(function, vec![number.clone(), bound], Type::Boolean, span);
            // NULL limits nothing.
            let predicate = walk::call(Scalar::Or, vec![null, test], Type::Boolean, span);
            plan = Plan::Filter { input: Box::new(plan), predicate };
        }
        plan
    }

    /// The rows with their numbers, from 1.
    pub(crate) fn numbered_rows(&mut self, plan: Plan) -> (Plan, crate::plan::Expr) {
        let number = self.field("number", Type::BigInt);
        let column = walk::column(number.id, number.ty, Span::default());
        let columns = vec![(number, super::dependent::row_number(Vec::new()))];
        (Plan::Window { input: Box::new(plan), columns }, column)
    }

    /// `values (1, 'a'), (2, 'b')`.
    pub(crate) fn values(&mut self, values: &ast::Values) -> Bound {
        let width = values.rows.first().map_or(0, |row| row.content.len());
        let mut columns = vec![Vec::new(); width];
        for row in &values.rows {
            if row.content.len() != width {
                let span = row.content.first().map_or_else(Default::default, |expr| self.span(expr));
                let message = format!("this row has {} values, the first has {width}", row.content.len());
                self.report(Diagnostic::error("uneven-rows", span, message).hint("every row of VALUES needs as many"));
                continue;
            }
            for (column, expr) in columns.iter_mut().zip(&row.content) {
                let mut cx = Cx::plain("VALUES");
                let bound = self.expr(expr, &mut cx);
                if !cx.pending.is_empty() {
                    let span = self.span(expr);
                    self.unsupported(span, "a subquery in VALUES");
                }
                column.push(bound);
            }
        }
        let mut fields: Vec<Field> = Vec::new();
        let mut rows = vec![Vec::new(); columns.first().map_or(0, Vec::len)];
        for (at, column) in columns.into_iter().enumerate() {
            let span = column.first().map_or_else(Default::default, |expr| expr.span);
            let (column, ty) = self.unify(column, span, "values of type");
            let ty = if ty == Type::Null { Type::Integer } else { ty };
            fields.push(self.field(format!("col{at}"), ty));
            for (row, expr) in rows.iter_mut().zip(column) {
                row.push(walk::cast(expr, ty));
            }
        }
        Bound { plan: Plan::Values { fields: fields.clone(), rows }, fields }
    }
}

/// Whether a LIMIT is computed from rows.
fn is_subquery(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Subquery(_) => true,
        ast::Expr::Nested(inner) | ast::Expr::UnaryOp { expr: inner, .. } | ast::Expr::Cast { expr: inner, .. } => {
            is_subquery(inner)
        }
        ast::Expr::BinaryOp { left, right, .. } => is_subquery(left) || is_subquery(right),
        _ => false,
    }
}
