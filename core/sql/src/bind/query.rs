//! Queries: WITH, a body, ORDER BY, LIMIT.

use almanac_model::{Diagnostic, Type};
use sqlparser::ast::{self, SetExpr};

use super::expr::Cx;
use super::{Binder, Bound};
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
            if fetch.with_ties || fetch.percent {
                let span = self.span(query);
                self.unsupported(span, "FETCH with ties or percent");
            }
            limit = limit.or(fetch.quantity.as_ref());
        }
        let rows = limit.take().and_then(|expr| self.constant_count(expr, "LIMIT"));
        let skipped = offset.take().and_then(|expr| self.constant_count(expr, "OFFSET")).unwrap_or(0);
        if rows.is_none() && skipped == 0 {
            return plan;
        }
        Plan::Limit { input: Box::new(plan), offset: skipped, limit: rows }
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
                if !cx.pending.is_empty() || !walk::columns(&bound).is_empty() {
                    let span = self.span(expr);
                    self.unsupported(span, "a subquery or a column in VALUES");
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
