//! SELECT: FROM, WHERE, GROUP BY, HAVING, windows, QUALIFY, the list, DISTINCT, ORDER BY, in that order of evaluation.

use almanac_model::{Diagnostic, Span, Type};
use sqlparser::ast::{self, Expr as Ast, GroupByExpr, Value};
use std::rc::Rc;

use super::expr::{Cx, Pending};
use super::order::{OrderItem, OrderTarget};
use super::set_operation::distinct;
use super::star::{Item, Source};
use super::{Binder, Bound};
use crate::plan::{AggregateCall, Expr, ExprKind, Field, Plan, SortKey};
use crate::walk::{self, Ids};

/// Everything computed after grouping.
struct Stage {
    items: Vec<(String, Expr)>,
    having: Option<Expr>,
    qualify: Option<Expr>,
    order: Vec<OrderItem>,
    distinct_on: Vec<Expr>,
}

impl Stage {
    fn expressions(&mut self) -> impl Iterator<Item = &mut Expr> {
        let order = self.order.iter_mut().filter_map(|item| match &mut item.target {
            OrderTarget::Computed(expr) => Some(expr),
            OrderTarget::Item(_) => None,
        });
        let items = self.items.iter_mut().map(|(_, expr)| expr);
        items.chain(&mut self.having).chain(&mut self.qualify).chain(&mut self.distinct_on).chain(order)
    }
}

impl Binder<'_> {
    pub(crate) fn select(&mut self, select: &ast::Select, order: Option<&ast::OrderBy>) -> Bound {
        if let Some(bound) = self.pivot_select(select, order) {
            return bound;
        }
        self.refuse_clauses(select);
        let (mut plan, scope) = self.from(&select.from);
        let from_ids: Ids = scope.columns.iter().map(|column| column.id).collect();
        self.scopes.push(scope);
        self.refuse_lifted("FROM");
        let aliases: Rc<Vec<(String, Ast)>> = Rc::new(
            select
                .projection
                .iter()
                .filter_map(|item| match item {
                    ast::SelectItem::ExprWithAlias { expr, alias } => Some((alias.value.clone(), expr.clone())),
                    _ => None,
                })
                .collect(),
        );
        if let Some(selection) = &select.selection {
            plan = self.filter(plan, selection, &aliases);
            self.refuse_lifted("WHERE");
        }
        let items = self.items(select);
        let mut group_cx = Cx { aliases: Rc::clone(&aliases), ..Cx::plain("GROUP BY") };
        let mut grouping = self.grouping(&select.group_by, &items, &mut group_cx);
        self.refuse_lifted("GROUP BY");
        let mut cx = Cx::full(Rc::clone(&aliases), Rc::new(select.named_window.clone()));
        cx.keys = std::mem::take(&mut group_cx.keys);
        let mut stage = self.stage(select, order, &items, &mut cx);
        let mut aggregates = cx.aggregates.take().unwrap_or_default();
        aggregates.extend(self.lifted_here());
        self.refuse_nested(&aggregates, &cx);
        let groupings = std::mem::take(&mut cx.groupings);
        let windows = cx.windows.take().unwrap_or_default();
        let mut unnested = cx.unnested.take().unwrap_or_default();

        let by_all = matches!(&select.group_by, GroupByExpr::All(_));
        let has_keys = by_all || matches!(&select.group_by, GroupByExpr::Expressions(list, _) if !list.is_empty());
        let mut windows = windows;
        if has_keys || !aggregates.is_empty() || !groupings.is_empty() || select.having.is_some() {
            if by_all {
                let computed: Ids = aggregates
                    .iter()
                    .map(|(field, _)| field.id)
                    .chain(windows.iter().map(|(field, _)| field.id))
                    .chain(unnested.iter().map(|(field, _)| field.id))
                    .collect();
                for (name, expr) in &stage.items {
                    let read = walk::columns(expr);
                    if read.is_disjoint(&computed)
                        && !read.is_empty()
                        && !grouping.keys.iter().any(|(_, key)| walk::same(key, expr))
                    {
                        grouping.keys.push((self.field(name.clone(), expr.ty), expr.clone()));
                    }
                }
                // Subqueries that are keys are computed for the rows, not for the groups.
                let (keys, others) = needed(std::mem::take(&mut cx.pending), &grouping.keys);
                group_cx.pending.extend(keys);
                cx.pending = others;
            }
            plan = self.attach(group_cx.pending, plan);
            plan = self.attach(std::mem::take(&mut cx.inner_pending), plan);
            let from_ids: Ids = from_ids.into_iter().chain(walk::output_ids(&plan)).collect();
            for expr in stage.expressions() {
                self.regroup(expr, &grouping.keys, &from_ids);
            }
            for (_, call) in &mut windows {
                let all = call.args.iter_mut().chain(&mut call.partition_by).chain(&mut call.filter);
                for expr in all.chain(call.order_by.iter_mut().chain(&mut call.within).map(|key| &mut key.expr)) {
                    self.regroup(expr, &grouping.keys, &from_ids);
                }
            }
            for (_, list) in &mut unnested {
                self.regroup(list, &grouping.keys, &from_ids);
            }
            for pending in &mut cx.pending {
                for expr in pending.on.iter_mut().map(|(outer, _)| outer).chain(&mut pending.residual) {
                    self.regroup(expr, &grouping.keys, &from_ids);
                }
                self.regroup_plan(&mut pending.plan, &grouping.keys, &from_ids);
            }
            plan = if grouping.sets.is_some() || !groupings.is_empty() {
                self.group_by_sets(plan, &grouping, &aggregates, &groupings)
            } else {
                Plan::Aggregate { input: Box::new(plan), keys: grouping.keys, aggregates }
            };
        }
        plan = self.attach(cx.pending, plan);
        if let Some(predicate) = stage.having.take() {
            plan = Plan::Filter { input: Box::new(plan), predicate };
        }
        if !windows.is_empty() {
            plan = Plan::Window { input: Box::new(plan), columns: windows };
        }
        if let Some(predicate) = stage.qualify.take() {
            plan = Plan::Filter { input: Box::new(plan), predicate };
        }
        if !unnested.is_empty() {
            plan = Plan::Unnest { input: Box::new(plan), columns: unnested };
        }
        let bound = self.finish(plan, stage, select.distinct.as_ref());
        self.scopes.pop();
        bound
    }

    /// An aggregate's argument that is a subquery cannot have the same rows aggregated.
    fn refuse_nested(&mut self, aggregates: &[(Field, AggregateCall)], cx: &Cx) {
        let made: Ids = aggregates.iter().map(|(field, _)| field.id).collect();
        let nested = |pending: &Pending| !super::unnest::free_columns(&pending.plan).is_disjoint(&made);
        if cx.inner_pending.iter().any(nested) {
            let message = "an aggregate cannot stand inside another aggregate";
            let problem = Diagnostic::error_without_place("misplaced-aggregate", message);
            self.report(problem.hint("compute it in a subquery first"));
        }
    }

    fn refuse_clauses(&mut self, select: &ast::Select) {
        let other = !select.lateral_views.is_empty()
            || select.prewhere.is_some()
            || !select.connect_by.is_empty()
            || !select.cluster_by.is_empty()
            || !select.distribute_by.is_empty()
            || !select.sort_by.is_empty()
            || select.top.is_some()
            || select.value_table_mode.is_some();
        if other {
            let span = self.span(select);
            self.unsupported(span, "a clause of this SELECT");
        }
    }

    /// Binds the list and what is evaluated with it.
    fn stage(&mut self, select: &ast::Select, order: Option<&ast::OrderBy>, items: &[Item], cx: &mut Cx) -> Stage {
        let mut bound_items = Vec::new();
        for item in items {
            let expr = match &item.source {
                Source::Text(expr) => self.expr(expr, cx),
                Source::Column { column, .. } => column.clone(),
            };
            bound_items.push((item.name.clone(), expr));
        }
        // Further clauses see the elements by the names of the list only.
        let unnested = cx.unnested.take();
        let having = select.having.as_ref().map(|expr| {
            cx.clause = "HAVING";
            let expr = self.without_windows(expr, cx);
            self.condition(expr)
        });
        let qualify = select.qualify.as_ref().map(|expr| {
            let expr = self.expr(expr, cx);
            self.condition(expr)
        });
        let distinct_on = match &select.distinct {
            Some(ast::Distinct::On(exprs)) => {
                exprs.iter().map(|expr| self.item_or_expr(expr, &bound_items, cx)).collect()
            }
            _ => Vec::new(),
        };
        let names: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
        let order = order.map_or_else(Vec::new, |order| self.order_items(order, &names, cx));
        cx.unnested = unnested;
        Stage { items: bound_items, having, qualify, order, distinct_on }
    }

    fn without_windows(&mut self, expr: &Ast, cx: &mut Cx) -> Expr {
        let windows = cx.windows.take();
        let bound = self.expr(expr, cx);
        cx.windows = windows;
        bound
    }

    /// An output by position, or an expression.
    fn item_or_expr(&mut self, expr: &Ast, items: &[(String, Expr)], cx: &mut Cx) -> Expr {
        if let Ast::Value(value) = expr
            && let Value::Number(digits, _) = &value.value
        {
            let span = self.span(expr);
            return self
                .position(digits, items.len(), span)
                .map_or_else(|| Self::broken(span), |at| items[at].1.clone());
        }
        self.expr(expr, cx)
    }

    /// Replaces keys by their columns; what is left of the rows' own columns is a mistake.
    fn regroup(&mut self, expr: &mut Expr, keys: &[(Field, Expr)], from_ids: &Ids) {
        walk::rewrite(expr, &mut |part| {
            keys.iter()
                .find(|(_, key)| walk::same(key, part))
                .map(|(field, _)| walk::column(field.id, field.ty, part.span))
        });
        let mut lost = Vec::new();
        not_grouped(expr, from_ids, &mut lost);
        for (id, span) in lost {
            let name = self
                .scopes
                .last()
                .and_then(|scope| scope.columns.iter().find(|column| column.id == id))
                .map_or("", |column| &column.name);
            let problem = Diagnostic::error("not-grouped", span, format!("`{name}` is neither grouped nor aggregated"))
                .hint(format!("add `{name}` to GROUP BY"))
                .hint(format!("or take one value of each group: `any_value({name})`"));
            self.report(problem);
        }
    }

    /// The same in a subquery that reads columns of the rows that are grouped.
    fn regroup_plan(&mut self, plan: &mut Plan, keys: &[(Field, Expr)], from_ids: &Ids) {
        if super::unnest::free_columns(plan).is_disjoint(from_ids) {
            return;
        }
        for expr in walk::expressions_mut(plan) {
            self.regroup(expr, keys, from_ids);
        }
        if let Plan::Shared { input, .. } = plan {
            self.regroup_plan(Rc::make_mut(input), keys, from_ids);
        }
        for input in walk::inputs_mut(plan) {
            self.regroup_plan(input, keys, from_ids);
        }
    }

    /// The list, DISTINCT and ORDER BY.
    fn finish(&mut self, plan: Plan, stage: Stage, quantifier: Option<&ast::Distinct>) -> Bound {
        let mut columns: Vec<(Field, Expr)> = Vec::new();
        for (name, expr) in stage.items {
            columns.push((self.field(name, expr.ty), expr));
        }
        let fields: Vec<Field> = columns.iter().map(|(field, _)| field.clone()).collect();
        let is_distinct = matches!(quantifier, Some(ast::Distinct::Distinct));
        let hidden = |binder: &mut Self, columns: &mut Vec<(Field, Expr)>, expr: Expr| -> Expr {
            if let Some((field, _)) = columns.iter().find(|(_, known)| walk::same(known, &expr)) {
                return walk::column(field.id, field.ty, expr.span);
            }
            if is_distinct {
                let problem = Diagnostic::error(
                    "order-by-not-selected",
                    expr.span,
                    "with DISTINCT, ORDER BY can only name selected columns",
                );
                binder.report(problem.hint("add the expression to the SELECT list"));
            }
            let field = binder.field("", expr.ty);
            let column = walk::column(field.id, field.ty, expr.span);
            columns.push((field, expr));
            column
        };
        let mut keys = Vec::new();
        for item in stage.order {
            let expr = match item.target {
                OrderTarget::Item(at) => walk::column(fields[at].id, fields[at].ty, Span::default()),
                OrderTarget::Computed(expr) if matches!(expr.kind, ExprKind::Literal(_)) => continue,
                OrderTarget::Computed(expr) => hidden(self, &mut columns, expr),
            };
            keys.push(SortKey { expr, descending: item.descending, nulls_first: item.nulls_first });
        }
        let mut on = Vec::new();
        for expr in stage.distinct_on {
            on.push(hidden(self, &mut columns, expr));
        }
        let mut bound = Bound { plan: self.project(plan, columns), fields };
        if is_distinct {
            bound = distinct(bound);
        }
        if !keys.is_empty() {
            bound.plan = Plan::Sort { input: Box::new(bound.plan), keys };
        }
        if !on.is_empty() {
            bound.plan = Plan::Distinct { input: Box::new(bound.plan), on };
        }
        bound
    }

    /// WHERE: subqueries that are conditions of their own become semi and anti joins.
    fn filter(&mut self, mut plan: Plan, selection: &Ast, aliases: &Rc<Vec<(String, Ast)>>) -> Plan {
        let mut parts = Vec::new();
        ast_conjuncts(selection, &mut parts);
        let expanded: Vec<Option<Vec<Ast>>> = parts.iter().map(|part| self.for_all_columns(part)).collect();
        let parts = parts.into_iter().zip(&expanded).flat_map(|(part, all)| match all {
            Some(all) => all.iter().collect(),
            None => vec![part],
        });
        let mut cx = Cx { aliases: Rc::clone(aliases), ..Cx::plain("WHERE") };
        // Those with a subquery come last: there are fewer rows to join it to.
        let (mut predicates, mut joined) = (Vec::new(), Vec::new());
        let mut subqueries = Vec::new();
        for part in parts {
            if super::subquery::is_condition(part) {
                subqueries.push(part);
                continue;
            }
            let before = cx.pending.len();
            let expr = self.expr(part, &mut cx);
            let expr = if expr.ty == Type::Null { walk::cast(expr, Type::Boolean) } else { self.condition(expr) };
            if cx.pending.len() > before { joined.push(expr) } else { predicates.push(expr) }
        }
        if let Some(predicate) = walk::all_of(predicates) {
            plan = Plan::Filter { input: Box::new(plan), predicate };
        }
        plan = self.attach(cx.pending, plan);
        if let Some(predicate) = walk::all_of(joined) {
            plan = Plan::Filter { input: Box::new(plan), predicate };
        }
        for part in subqueries {
            let mut cx = Cx { aliases: Rc::clone(aliases), ..Cx::plain("WHERE") };
            plan = self.subquery_condition(plan, part, &mut cx);
        }
        plan
    }
}

/// The subqueries that keys read, and all others.
fn needed(pending: Vec<Pending>, keys: &[(Field, Expr)]) -> (Vec<Pending>, Vec<Pending>) {
    let mut read = Ids::new();
    keys.iter().for_each(|(_, key)| walk::columns_of(key, &mut read));
    let (mut chosen, mut others) = (Vec::new(), Vec::new());
    // A subquery may read what one before it gives.
    for one in pending.into_iter().rev() {
        if read.is_disjoint(&walk::output_ids(&one.plan)) {
            others.push(one);
        } else {
            one.on
                .iter()
                .map(|(outer, _)| outer)
                .chain(&one.residual)
                .for_each(|expr| walk::columns_of(expr, &mut read));
            chosen.push(one);
        }
    }
    chosen.reverse();
    others.reverse();
    (chosen, others)
}

fn not_grouped(expr: &Expr, from_ids: &Ids, out: &mut Vec<(crate::plan::ColumnId, Span)>) {
    if let ExprKind::Column(id) = expr.kind
        && from_ids.contains(&id)
    {
        out.push((id, expr.span));
    }
    for child in walk::children(expr) {
        not_grouped(child, from_ids, out);
    }
}

/// The parts of an AND in the text, first to last.
fn ast_conjuncts<'t>(expr: &'t Ast, out: &mut Vec<&'t Ast>) {
    let mut rest = vec![expr];
    while let Some(expr) = rest.pop() {
        match expr {
            Ast::BinaryOp { left, op: ast::BinaryOperator::And, right } => {
                rest.push(right);
                rest.push(left);
            }
            Ast::Nested(inner) if matches!(inner.as_ref(), Ast::BinaryOp { op: ast::BinaryOperator::And, .. }) => {
                rest.push(inner);
            }
            _ => out.push(expr),
        }
    }
}
