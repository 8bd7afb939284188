//! `range(…)` and `generate_series(…)` in FROM, written out as rows.

use almanac_model::{Diagnostic, Interval, Span, Type, Value};
use sqlparser::ast::{self, FunctionArg, FunctionArgExpr};

use super::Binder;
use super::expr::Cx;
use super::scope::Scope;
use crate::plan::{Expr, ExprKind, Plan};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn series(
        &mut self,
        name: &ast::ObjectName,
        args: &[FunctionArg],
        alias: Option<&ast::TableAlias>,
        span: Span,
    ) -> (Plan, Scope) {
        let function = name.to_string().to_lowercase();
        let nothing = |incomplete| (walk::one_row(), Scope { incomplete, ..Scope::default() });
        if function != "range" && function != "generate_series" {
            let problem = Diagnostic::error("unknown-function", span, format!("`{name}` cannot be read as a table"));
            self.report(problem.hint("queries read the tables of the site and files dropped on the page; `range` and `generate_series` make rows"));
            return nothing(true);
        }
        let mut bounds = Vec::new();
        let mut cx = Cx::plain("the bounds of a series");
        for arg in args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg else {
                self.unsupported(span, "this argument");
                return nothing(true);
            };
            let bound = self.expr(expr, &mut cx);
            bounds.push(crate::optimise::fold::folded(bound));
        }
        let ends_inside = function == "generate_series";
        let mut fields;
        let plan = if bounds.iter().all(|bound| matches!(bound.kind, ExprKind::Literal(_))) {
            let Some(values) = self.series_values(&bounds, ends_inside, span) else { return nothing(true) };
            let ty = values.first().map_or(Type::BigInt, Value::ty);
            fields = vec![self.field(function.clone(), ty)];
            let rows = values.into_iter().map(|value| vec![walk::literal(value, ty, span)]).collect();
            Plan::Values { fields: fields.clone(), rows }
        } else {
            let Some(bounds) = self.series_bounds(bounds, span) else { return nothing(true) };
            let field = self.field(function.clone(), bounds[0].ty);
            fields = vec![field.clone()];
            let input = Box::new(self.attach(cx.pending, walk::one_row()));
            Plan::Series { input, bounds, inclusive: ends_inside, field }
        };
        if let Some(alias) = alias {
            self.rename(&mut fields, alias);
        }
        let table = alias.map_or(function.as_str(), |alias| alias.name.value.as_str());
        let scope = Scope::of(Some(table), &fields);
        (plan, scope)
    }

    /// Start, end and step of a series whose bounds are computed.
    fn series_bounds(&mut self, bounds: Vec<Expr>, span: Span) -> Option<[Expr; 3]> {
        let number = |value| walk::literal(Value::Int(value), Type::BigInt, span);
        let bounds = match <[Expr; 1]>::try_from(bounds) {
            Ok([end]) => vec![number(0), end],
            Err(bounds) => bounds,
        };
        let mut bounds = bounds.into_iter();
        let (Some(start), Some(end), step, None) = (bounds.next(), bounds.next(), bounds.next(), bounds.next()) else {
            self.error("argument-count", span, "a series takes a start, an end and a step");
            return None;
        };
        let temporal = start.ty.is_temporal() || end.ty.is_temporal();
        let (ty, step) = match step {
            Some(step) if temporal => (Type::Timestamp, self.coerce(step, Type::Interval)),
            None if temporal => {
                let problem = Diagnostic::error("argument-count", span, "a series of dates needs a step");
                self.report(problem.hint("add `interval 1 day`"));
                return None;
            }
            Some(step) => (Type::BigInt, self.coerce(step, Type::BigInt)),
            None => (Type::BigInt, number(1)),
        };
        Some([self.coerce(start, ty), self.coerce(end, ty), step])
    }

    fn series_values(&mut self, bounds: &[Expr], ends_inside: bool, span: Span) -> Option<Vec<Value>> {
        let values: Vec<Value> = bounds
            .iter()
            .filter_map(|bound| match &bound.kind {
                ExprKind::Literal(value) => Some(value.clone()),
                _ => None,
            })
            .collect();
        let limit = self.options.limits.literals;
        let made = match values.as_slice() {
            _ if values.len() != bounds.len() => None,
            [Value::Int(end)] => {
                count(0, *end, 1, ends_inside, limit).map(|all| all.into_iter().map(Value::Int).collect())
            }
            [Value::Int(start), Value::Int(end)] => {
                count(*start, *end, 1, ends_inside, limit).map(|all| all.into_iter().map(Value::Int).collect())
            }
            [Value::Int(start), Value::Int(end), Value::Int(step)] => {
                count(*start, *end, *step, ends_inside, limit).map(|all| all.into_iter().map(Value::Int).collect())
            }
            [Value::Date(_) | Value::Timestamp(_), Value::Date(_) | Value::Timestamp(_), Value::Interval(step)] => {
                dates(micros(&values[0]), micros(&values[1]), *step, ends_inside, limit)
            }
            _ => None,
        };
        if made.is_none() {
            let problem = Diagnostic::error(
                "invalid-series",
                span,
                format!("a series needs constant bounds and at most {limit} rows"),
            );
            self.report(
                problem.hint("write `range(start, end, step)` with whole numbers, or two dates and an interval"),
            );
        }
        made
    }
}

fn count(start: i64, end: i64, step: i64, ends_inside: bool, limit: usize) -> Option<Vec<i64>> {
    if step == 0 {
        return None;
    }
    let mut all = Vec::new();
    let mut at = start;
    while (step > 0 && at < end) || (step < 0 && at > end) || (ends_inside && at == end) {
        if all.len() == limit {
            return None;
        }
        all.push(at);
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    Some(all)
}

const DAY: i64 = 86_400_000_000;

fn micros(value: &Value) -> i64 {
    match value {
        Value::Date(day) => i64::from(*day) * DAY,
        Value::Timestamp(micros) => *micros,
        _ => 0,
    }
}

fn dates(start: i64, end: i64, step: Interval, ends_inside: bool, limit: usize) -> Option<Vec<Value>> {
    let forward = step.months >= 0 && step.days >= 0 && step.micros >= 0;
    if !forward || step == Interval::default() {
        return None;
    }
    let mut all = Vec::new();
    let mut at = start;
    while at < end || (ends_inside && at == end) {
        if all.len() == limit {
            return None;
        }
        all.push(Value::Timestamp(at));
        at = crate::optimise::fold::plus_interval(at, step)?;
    }
    Some(all)
}
