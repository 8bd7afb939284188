//! PIVOT: values of a column become columns, both as DuckDB's statement and behind a table in FROM.
//!
//! Rows are grouped once by keys and pivoted columns; the few groups are then laid out side by side. Columns that are not named
//! in the text come from the data: the binder asks for them, and is asked again with the answer.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{
    self, BinaryOperator, Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, PivotValueSource,
    SelectItem, TableFactor,
};
use std::rc::Rc;

use super::dependent::counts;
use super::expr::Cx;
use super::names::output_name;
use super::scope::{Scope, plain_name};
use super::subquery::counting;
use super::{Binder, Bound};
use crate::functions::{Aggregate, Scalar};
use crate::parse::rewrite::MARK;
use crate::plan::{AggregateCall, Expr, ExprKind, Field, Plan, Query, SortKey};
use crate::walk::{self, Ids};

/// Most columns made.
const MOST: usize = 1_000;

/// What becomes columns.
struct On<'t> {
    expr: &'t Ast,
    /// Names of columns and the values they are for; `None` for all there are.
    values: Option<Vec<(String, &'t Ast)>>,
}

/// An aggregate, with its alias.
type Using<'t> = (&'t Ast, Option<&'t ast::Ident>);

/// The arguments of a call by which the parser front marks a part of PIVOT.
fn marked<'t>(expr: &'t Ast, name: &str) -> Option<Vec<&'t Ast>> {
    let Ast::Function(call) = expr else { return None };
    let ident = call.name.0.first()?.as_ident()?;
    let FunctionArguments::List(list) = &call.args else { return None };
    (ident.value.strip_prefix(MARK) == Some(name)).then(|| list.args.iter().filter_map(written).collect())
}

/// `a in (1, 2)`, or `a` for all its values.
fn on_of(expr: &Ast) -> On<'_> {
    match expr {
        Ast::InList { expr, list, negated: false } => {
            On { expr, values: Some(list.iter().map(|value| (value_name(value), value)).collect()) }
        }
        expr => On { expr, values: None },
    }
}

fn written(arg: &FunctionArg) -> Option<&Ast> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

impl Binder<'_> {
    /// A PIVOT statement, which comes as a SELECT that begins with a marked call.
    pub(crate) fn pivot_select(&mut self, select: &ast::Select, order: Option<&ast::OrderBy>) -> Option<Bound> {
        let (first, rest) = select.projection.split_first()?;
        let SelectItem::UnnamedExpr(first) = first else { return None };
        let on = marked(first, "pivot")?.into_iter().map(on_of).collect::<Vec<_>>();
        let using = rest
            .iter()
            .filter_map(|item| match item {
                SelectItem::UnnamedExpr(expr) => Some((expr, None)),
                SelectItem::ExprWithAlias { expr, alias } => Some((expr, Some(alias))),
                _ => None,
            })
            .collect::<Vec<_>>();
        let groups: Vec<&Ast> = match &select.group_by {
            GroupByExpr::Expressions(exprs, _) => exprs.iter().collect(),
            GroupByExpr::All(_) => Vec::new(),
        };
        let span = self.span(first);
        let (plan, scope) = self.from(&select.from);
        let (bound, incomplete) = self.pivot(plan, &scope, &on, &using, &groups, span);
        Some(match order.filter(|_| !incomplete) {
            Some(order) => self.sort_output(bound, order),
            None => bound,
        })
    }

    /// `t pivot (sum(x) for a in (1, 2))`.
    pub(crate) fn pivot_table(&mut self, factor: &TableFactor, span: Span) -> (Plan, Scope) {
        let TableFactor::Pivot { table, aggregate_functions, value_column, value_source, default_on_null, alias } =
            factor
        else {
            return (walk::one_row(), Scope::default());
        };
        let (plan, scope) = self.factor(table);
        let values = match value_source {
            PivotValueSource::List(list) => Some(
                list.iter()
                    .map(|value| {
                        let name = value.alias.as_ref().map(|alias| alias.value.clone());
                        (name.unwrap_or_else(|| value_name(&value.expr)), &value.expr)
                    })
                    .collect(),
            ),
            PivotValueSource::Any(_) => None,
            PivotValueSource::Subquery(_) => {
                self.unsupported(span, "a subquery for the values of PIVOT");
                None
            }
        };
        let [expr] = value_column.as_slice() else {
            self.unsupported(span, "PIVOT for several columns at once");
            return (plan, Scope { incomplete: true, ..scope });
        };
        let using: Vec<Using<'_>> =
            aggregate_functions.iter().map(|using| (&using.expr, using.alias.as_ref())).collect();
        let mut groups = default_on_null.as_ref().and_then(|call| marked(call, "pivot")).unwrap_or_default();
        let mut on = vec![On { expr, values }];
        if let Some(more) = groups.first().and_then(|first| marked(first, "on")) {
            groups.remove(0);
            on.extend(more.into_iter().map(on_of));
        }
        let (mut bound, incomplete) = self.pivot(plan, &scope, &on, &using, &groups, span);
        if let Some(alias) = alias {
            self.rename(&mut bound.fields, alias);
        }
        let name = alias.as_ref().map(|alias| alias.name.value.as_str());
        let scope = Scope { incomplete, ..Self::scope_of(&bound, name) };
        (bound.plan, scope)
    }

    /// The rows of a pivoted table, and whether its columns are in doubt.
    fn pivot(
        &mut self,
        plan: Plan,
        scope: &Scope,
        on: &[On<'_>],
        using: &[Using<'_>],
        groups: &[&Ast],
        span: Span,
    ) -> (Bound, bool) {
        let before = self.diagnostics.len();
        let unsure = scope.incomplete;
        self.scopes.push(scope.clone());
        let mut cx = Cx::full(Rc::default(), Rc::default());
        cx.windows = None;
        let star = counting(Aggregate::CountStar, Vec::new());
        let mut made: Vec<(Option<String>, Expr)> = Vec::new();
        for (expr, alias) in using {
            let name = alias.map(|alias| alias.value.clone());
            let several = (using.len() > 1).then(|| output_name(expr));
            made.push((name.or(several), self.expr(expr, &mut cx)));
        }
        let mut aggregates = cx.aggregates.take().unwrap_or_default();
        if using.is_empty() {
            let field = self.field("count", Type::BigInt);
            made.push((None, walk::column(field.id, field.ty, span)));
            aggregates.push((field, star));
        }
        let mut plain = Cx::plain("PIVOT");
        let exprs: Vec<Expr> = on.iter().map(|on| self.expr(on.expr, &mut plain)).collect();
        let mut keys: Vec<(Field, Expr)> = Vec::new();
        for group in groups {
            let name = plain_name(group).map_or_else(|| output_name(group), |ident| ident.value.clone());
            let key = self.expr(group, &mut plain);
            keys.push((self.field(name, key.ty), key));
        }
        self.scopes.pop();
        if !(cx.pending.is_empty() && cx.inner_pending.is_empty() && plain.pending.is_empty()) {
            self.unsupported(span, "a subquery inside PIVOT");
        }
        if groups.is_empty() {
            let mut used = Ids::new();
            exprs.iter().for_each(|expr| walk::columns_of(expr, &mut used));
            for (_, call) in &aggregates {
                let read = call.args.iter().chain(&call.filter).chain(call.order_by.iter().map(|key| &key.expr));
                read.for_each(|expr| walk::columns_of(expr, &mut used));
            }
            for column in scope.columns.iter().filter(|column| column.bare && !used.contains(&column.id)) {
                let key = walk::column(column.id, column.ty, span);
                keys.push((self.field(column.name.clone(), column.ty), key));
            }
        }
        let fields: Vec<Field> = keys.iter().map(|(field, _)| field.clone()).collect();
        if self.diagnostics.len() > before || unsure {
            return (Bound { plan, fields: Vec::new() }, true);
        }
        let mut values: Vec<Vec<(String, Expr)>> = Vec::new();
        let pivoted: Vec<Field> = exprs.iter().map(|expr| self.field("", expr.ty)).collect();
        for ((on, expr), field) in on.iter().zip(&exprs).zip(&pivoted) {
            match self.pivot_values(on, expr, field, &plan) {
                Some(found) => values.push(found),
                None => return (Bound { plan, fields: Vec::new() }, true),
            }
        }
        let columns: usize = values.iter().map(Vec::len).product::<usize>().saturating_mul(made.len());
        if columns > MOST {
            let message = format!("this PIVOT would make {columns} columns, more than the {MOST} allowed");
            self.report(Diagnostic::error("too-many-columns", span, message).hint("name the values with IN"));
            return (Bound { plan, fields: Vec::new() }, true);
        }
        let by = keys.into_iter().chain(pivoted.into_iter().zip(exprs)).collect();
        let groups = Plan::Aggregate { input: Box::new(plan), keys: by, aggregates: aggregates.clone() };
        (self.side_by_side(groups, &fields, &aggregates, &made, &values), false)
    }

    /// The columns that one pivoted expression becomes, each with the condition for its rows.
    fn pivot_values(&mut self, on: &On<'_>, expr: &Expr, field: &Field, plan: &Plan) -> Option<Vec<(String, Expr)>> {
        let span = expr.span;
        let column = walk::column(field.id, field.ty, span);
        if let Some(values) = &on.values {
            let mut found = Vec::new();
            for (name, value) in values {
                let value = self.expr(value, &mut Cx::plain("the values of PIVOT"));
                if !walk::columns(&value).is_empty() {
                    self.error("not-a-constant", value.span, "the values of PIVOT must be constants");
                }
                let place = value.span;
                found.push((name.clone(), self.binary(&BinaryOperator::Eq, column.clone(), value, place)));
            }
            return Some(found);
        }
        let text = |column: &Expr| walk::cast(column.clone(), Type::Varchar);
        if let Some(known) = self.options.pivots.get(&span.start) {
            let value = |name: &String| {
                let value = walk::literal(Value::Text(name.clone()), Type::Varchar, span);
                (name.clone(), walk::call(Scalar::Eq, vec![text(&column), value], Type::Boolean, span))
            };
            return Some(known.iter().map(value).collect());
        }
        let name = self.field("value", Type::Varchar);
        let value = walk::column(name.id, name.ty, span);
        let all = self.project(plan.clone(), vec![(name.clone(), text(expr))]);
        let predicate = walk::call(Scalar::IsNotNull, vec![value.clone()], Type::Boolean, span);
        let all = Plan::Filter { input: Box::new(all), predicate };
        let all = Plan::Distinct { input: Box::new(all), on: Vec::new() };
        let keys = vec![SortKey { expr: value, descending: false, nulls_first: false }];
        let root = Plan::Sort { input: Box::new(all), keys };
        if Self::is_correlated(&root) {
            self.unsupported(span, "PIVOT of rows that depend on the query around without values in its IN");
        } else {
            self.questions.push((span.start, Query { root, output: vec![name], explain: None }));
            let problem =
                Diagnostic::error("pivot-values", span, "the columns of this PIVOT are known when its rows are");
            self.report(problem.hint("name them: `on column in ('a', 'b')`"));
        }
        None
    }

    /// One row for each key: the groups of each combination of values in columns of their own.
    fn side_by_side(
        &mut self,
        groups: Plan,
        keys: &[Field],
        aggregates: &[(Field, AggregateCall)],
        made: &[(Option<String>, Expr)],
        values: &[Vec<(String, Expr)>],
    ) -> Bound {
        let mut combinations: Vec<(String, Vec<Expr>)> = vec![(String::new(), Vec::new())];
        for values in values {
            let joined = |(name, tests): &(String, Vec<Expr>), (value, test): &(String, Expr)| {
                let name = if tests.is_empty() { value.clone() } else { format!("{name}_{value}") };
                (name, [tests.as_slice(), std::slice::from_ref(test)].concat())
            };
            combinations =
                combinations.iter().flat_map(|known| values.iter().map(move |value| joined(known, value))).collect();
        }
        let mut picked = Vec::new();
        let mut columns: Vec<(Field, Expr)> = Vec::new();
        let again: Vec<(Field, Expr)> = keys
            .iter()
            .map(|key| (self.field(key.name.clone(), key.ty), walk::column(key.id, key.ty, Span::default())))
            .collect();
        for (field, _) in &again {
            let column = walk::column(field.id, field.ty, Span::default());
            columns.push((self.field(field.name.clone(), field.ty), column));
        }
        for (name, tests) in combinations {
            let filter = walk::all_of(tests);
            let mut cells = Vec::new();
            for (field, call) in aggregates {
                let cell = self.field("", field.ty);
                let column = walk::column(cell.id, cell.ty, Span::default());
                let args = vec![walk::column(field.id, field.ty, Span::default())];
                let any = counting(Aggregate::AnyValue, args);
                picked.push((cell, AggregateCall { ty: field.ty, filter: filter.clone(), ..any }));
                cells.push(if counts(call.function) {
                    let zero = walk::literal(Value::Int(0), field.ty, Span::default());
                    walk::call(Scalar::Coalesce, vec![column, zero], field.ty, Span::default())
                } else {
                    column
                });
            }
            for (using, expr) in made {
                let mut expr = expr.clone();
                walk::rewrite(&mut expr, &mut |part| {
                    let ExprKind::Column(id) = part.kind else { return None };
                    let at = aggregates.iter().position(|(field, _)| field.id == id)?;
                    Some(cells[at].clone())
                });
                let name = using.as_ref().map_or_else(|| name.clone(), |using| format!("{name}_{using}"));
                columns.push((self.field(name, expr.ty), expr));
            }
        }
        let plan = Plan::Aggregate { input: Box::new(groups), keys: again, aggregates: picked };
        let fields = columns.iter().map(|(field, _)| field.clone()).collect();
        Bound { plan: self.project(plan, columns), fields }
    }
}

/// The name of the column for a value.
fn value_name(value: &Ast) -> String {
    match value {
        Ast::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(text), .. }) => text.clone(),
        Ast::TypedString(typed) => match &typed.value.value {
            ast::Value::SingleQuotedString(text) => text.clone(),
            other => other.to_string(),
        },
        Ast::Nested(inner) | Ast::Cast { expr: inner, .. } => value_name(inner),
        other => output_name(other),
    }
}
