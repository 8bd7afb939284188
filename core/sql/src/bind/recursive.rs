//! WITH RECURSIVE: rows to begin with, UNION or UNION ALL, and a query that reads the rows of the round before.
//!
//! As in DuckDB the first side alone decides names and types, and the second sees no row but those of the last round.

use almanac_model::{Diagnostic, Span, Type};
use sqlparser::ast::{self, SetExpr, SetOperator, SetQuantifier};
use std::rc::Rc;

use super::cte::Cte;
use super::{Binder, Bound};
use crate::plan::{Expr, Field, Plan};
use crate::walk;

impl Binder<'_> {
    /// The query of a CTE that reads itself.
    pub(crate) fn recursive(&mut self, query: &ast::Query, alias: &ast::TableAlias) -> Bound {
        let SetExpr::SetOperation { left, op: SetOperator::Union, set_quantifier, right } = query.body.as_ref() else {
            let span = self.lines.span(alias.name.span);
            let message = format!("`{}` reads itself, but is not a UNION", alias.name.value);
            let problem = Diagnostic::error("recursive-query", span, message);
            self.report(problem.hint("write `select … union all select … from itself where …`"));
            return Bound { plan: walk::one_row(), fields: Vec::new() };
        };
        if query.order_by.is_some() || query.limit_clause.is_some() || query.fetch.is_some() {
            let span = self.lines.span(alias.name.span);
            let problem = Diagnostic::error("recursive-query", span, "a recursive query has no ORDER BY and no LIMIT");
            self.report(problem.hint("put them into the query that reads it"));
        }
        let known = self.ctes.len();
        if let Some(with) = &query.with {
            self.with(with);
        }
        let start = self.body(left);
        let mut start = self.typed(start);
        self.rename(&mut start.fields, alias);
        let id = self.next_shared;
        self.next_shared += 1;
        let fields: Vec<Field> = start.fields.iter().map(|field| self.field(field.name.clone(), field.ty)).collect();
        self.ctes.push(Cte {
            name: alias.name.value.clone(),
            id,
            plan: Rc::new(walk::one_row()),
            fields: fields.clone(),
            broken: false,
            working: true,
        });
        let mut step = self.body(right);
        self.ctes.truncate(known);
        let place = self.span(right.as_ref());
        let by_name =
            matches!(set_quantifier, SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName);
        if step.fields.len() != start.fields.len() || by_name {
            let message =
                format!("the query begins with {} columns and goes on with {}", start.fields.len(), step.fields.len());
            self.report(Diagnostic::error("uneven-columns", place, message).hint("both sides need the same columns"));
            return start;
        }
        step = self.of_types(step, &fields, place);
        let sources = start.fields.iter().zip(&step.fields).map(|(a, b)| (a.id, b.id)).collect();
        let distinct = !matches!(set_quantifier, SetQuantifier::All);
        let (start, step) = (Box::new(start.plan), Box::new(step.plan));
        Bound { plan: Plan::Recursive { id, start, step, sources, fields: fields.clone(), distinct }, fields }
    }

    /// The rows with their columns converted to the types of these fields.
    fn of_types(&mut self, bound: Bound, fields: &[Field], place: Span) -> Bound {
        if bound.fields.iter().zip(fields).all(|(own, wanted)| own.ty == wanted.ty) {
            return bound;
        }
        let mut columns: Vec<(Field, Expr)> = Vec::new();
        for (own, wanted) in bound.fields.iter().zip(fields) {
            let column = walk::column(own.id, own.ty, place);
            let fits = own.ty == Type::Null || super::syntax::castable(own.ty, wanted.ty);
            let value = if fits {
                walk::cast(column, wanted.ty)
            } else {
                let message = format!("column `{}` begins as {} and goes on as {}", wanted.name, wanted.ty, own.ty);
                self.report(
                    Diagnostic::error("type-mismatch", place, message).hint("convert one side with `cast(… as …)`"),
                );
                walk::literal(almanac_model::Value::Null, wanted.ty, place)
            };
            columns.push((self.field(own.name.clone(), wanted.ty), value));
        }
        let fields = columns.iter().map(|(field, _)| field.clone()).collect();
        Bound { plan: self.project(bound.plan, columns), fields }
    }
}
