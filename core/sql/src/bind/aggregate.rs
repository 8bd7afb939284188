//! Aggregates.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{
    self, DuplicateTreatment, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
};

use super::Binder;
use super::expr::Cx;
use crate::functions::{Aggregate, Entry, Nested, Scalar, Target};
use crate::plan::{AggregateCall, ColumnId, Expr, ExprKind, Field, SortKey};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn aggregate(
        &mut self,
        name: &str,
        function: &ast::Function,
        entries: &[&'static Entry],
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let allowed = !cx.in_aggregate && cx.aggregates.is_some();
        if !allowed && !cx.in_aggregate && self.scopes.len() > 1 {
            // Where this query may have none, it may be one of a query around.
            cx.in_aggregate = true;
            let (before, inner) = (self.diagnostics.len(), cx.inner_pending.len());
            let call = self.aggregate_call(name, function, entries, span, cx);
            cx.in_aggregate = false;
            match call.map(|called| (self.depth_of(&called.call), called)) {
                Some((Some(depth), called)) if cx.inner_pending.len() == inner => {
                    return first_of(self.lift(depth, called.call, function, span), called.most, span);
                }
                _ if self.diagnostics.len() > before => return Self::broken(span),
                _ => {}
            }
        }
        if !allowed {
            let message = if cx.in_aggregate {
                format!("`{name}` cannot stand inside another aggregate")
            } else {
                format!("aggregates such as `{name}` are not allowed in {}", cx.clause)
            };
            let problem = Diagnostic::error("misplaced-aggregate", span, message);
            let problem = if cx.clause == "WHERE" {
                problem.hint("filter groups with HAVING")
            } else {
                problem.hint("compute it in a subquery first")
            };
            self.report(problem);
            return Self::broken(span);
        }
        if let Some(shares) = self.quantiles(name, function, entries, span, cx) {
            return shares;
        }
        cx.in_aggregate = true;
        let windows = cx.windows.take();
        let inner = cx.inner_pending.len();
        let call = self.aggregate_call(name, function, entries, span, cx);
        cx.windows = windows;
        cx.in_aggregate = false;
        let Some(Called { call, most }) = call else { return Self::broken(span) };
        let column = if let Some(depth) = self.depth_of(&call).filter(|_| cx.inner_pending.len() == inner) {
            self.lift(depth, call, function, span)
        } else {
            self.own_aggregate(call, function, span, cx)
        };
        first_of(column, most, span)
    }

    /// A column for an aggregate of this query.
    fn own_aggregate(&mut self, call: AggregateCall, function: &ast::Function, span: Span, cx: &mut Cx) -> Expr {
        let ty = call.ty;
        let known =
            cx.aggregates.iter().flatten().find(|(_, known)| same_call(known, &call)).map(|(field, _)| field.id);
        if let Some(id) = known {
            return walk::column(id, ty, span);
        }
        let field = self.field(super::names::output_name(&ast::Expr::Function(function.clone())), ty);
        let column = walk::column(field.id, ty, span);
        cx.aggregates.get_or_insert_default().push((field, call));
        column
    }

    /// An aggregate of nothing but columns of a query around is that query's: the place of that query in `scopes`.
    fn depth_of(&self, call: &AggregateCall) -> Option<usize> {
        let exprs = call.args.iter().chain(&call.filter).chain(call.order_by.iter().map(|key| &key.expr));
        let read: walk::Ids = exprs.flat_map(walk::columns).collect();
        let depth =
            |id: &ColumnId| self.scopes.iter().rposition(|scope| scope.columns.iter().any(|column| column.id == *id));
        let depths: Option<Vec<usize>> = read.iter().map(depth).collect();
        depths?.into_iter().max().filter(|depth| depth + 1 < self.scopes.len())
    }

    /// A column for an aggregate that the query at `depth` computes.
    fn lift(&mut self, depth: usize, call: AggregateCall, function: &ast::Function, span: Span) -> Expr {
        let ty = call.ty;
        let same =
            |(known_depth, _, known): &&(usize, Field, AggregateCall)| *known_depth == depth && same_call(known, &call);
        if let Some((_, field, _)) = self.lifted.iter().find(same) {
            return walk::column(field.id, ty, span);
        }
        let field = self.field(super::names::output_name(&ast::Expr::Function(function.clone())), ty);
        let column = walk::column(field.id, ty, span);
        self.lifted.push((depth, field, call));
        column
    }

    /// The aggregates that subqueries want of the query whose scope is the innermost.
    pub(crate) fn lifted_here(&mut self) -> Vec<(Field, AggregateCall)> {
        let here = self.scopes.len().saturating_sub(1);
        let (own, others) = std::mem::take(&mut self.lifted).into_iter().partition(|(depth, ..)| *depth == here);
        self.lifted = others;
        let own: Vec<(usize, Field, AggregateCall)> = own;
        own.into_iter().map(|(_, field, call)| (field, call)).collect()
    }

    /// Subqueries of this clause cannot have the rows around aggregated.
    pub(crate) fn refuse_lifted(&mut self, clause: &str) {
        for (_, call) in self.lifted_here() {
            let span = call.args.first().map_or_else(Span::default, |arg| arg.span);
            let message = format!("this is an aggregate of the query around, which is not allowed in {clause}");
            let problem = Diagnostic::error("misplaced-aggregate", span, message);
            self.report(problem.hint("aggregate a column of the subquery, or compute it in a subquery first"));
        }
    }

    /// `quantile_cont(x, [0.25, 0.5])`: a list of quantiles, NULL over no values.
    fn quantiles(
        &mut self,
        name: &str,
        function: &ast::Function,
        entries: &[&'static Entry],
        span: Span,
        cx: &mut Cx,
    ) -> Option<Expr> {
        if !matches!(entries[0].target, Target::Aggregate(function) if is_quantile(function)) {
            return None;
        }
        let FunctionArguments::List(list) = &function.args else { return None };
        let is_list =
            |arg: &FunctionArg| matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Expr(ast::Expr::Array(_))));
        let at = list.args.iter().position(is_list)?;
        let FunctionArg::Unnamed(FunctionArgExpr::Expr(ast::Expr::Array(shares))) = &list.args[at] else { return None };
        let mut columns = Vec::new();
        for share in &shares.elem {
            let mut one = function.clone();
            if let FunctionArguments::List(list) = &mut one.args {
                list.args[at] = FunctionArg::Unnamed(FunctionArgExpr::Expr(share.clone()));
            }
            columns.push(self.aggregate(name, &one, entries, span, cx));
        }
        let ty = Type::list(columns.first()?.ty);
        let none = walk::call(Scalar::IsNull, vec![columns.first()?.clone()], Type::Boolean, span);
        let list = walk::call(Scalar::Nested(Nested::List), columns, ty, span);
        let branches = vec![(none, walk::literal(Value::Null, ty, span))];
        Some(Expr { kind: ExprKind::Case { branches, otherwise: Box::new(list) }, ty, span })
    }

    /// The call itself, also for an aggregate over a window.
    pub(crate) fn aggregate_call(
        &mut self,
        name: &str,
        function: &ast::Function,
        entries: &[&'static Entry],
        span: Span,
        cx: &mut Cx,
    ) -> Option<Called> {
        let mut distinct = false;
        let mut order_by = Vec::new();
        let mut texts = Vec::new();
        let mut separator = None;
        if let FunctionArguments::List(list) = &function.args {
            distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
            let star = matches!(
                list.args.as_slice(),
                [FunctionArg::Unnamed(FunctionArgExpr::Wildcard | FunctionArgExpr::QualifiedWildcard(_))]
            );
            if star && name.eq_ignore_ascii_case("count") {
                if distinct {
                    self.unsupported(span, "`count(distinct *)`");
                }
            } else {
                texts = self.argument_texts(function, span);
            }
            for clause in &list.clauses {
                match clause {
                    FunctionArgumentClause::OrderBy(keys) => order_by = self.sort_keys(keys, cx),
                    FunctionArgumentClause::Separator(value) => {
                        separator = Some(self.value(&value.value, span));
                    }
                    // Aggregates leave NULLs out as it is.
                    FunctionArgumentClause::IgnoreOrRespectNulls(_) => {}
                    _ => self.unsupported(span, "this clause of an aggregate"),
                }
            }
        }
        let mut args: Vec<Expr> = texts.into_iter().map(|text| self.expr(text, cx)).collect();
        args.extend(separator);
        if !function.within_group.is_empty() {
            let keys = self.sort_keys(&function.within_group, cx);
            args = self.within_group(name, args, keys, &mut order_by, span);
        }
        if distinct && args.is_empty() {
            self.error("argument-count", span, format!("`{name}(distinct …)` needs an argument"));
            return None;
        }
        let filter = function.filter.as_ref().map(|filter| {
            let filter = self.expr(filter, cx);
            self.condition(filter)
        });
        let (target, mut args, ty) = self.choose_aggregate(name, entries, args, span)?;
        let Target::Aggregate(function) = target else { return None };
        if self.refuse_in_lambda(&args, span, "an aggregate") {
            return None;
        }
        if let Some(called) = self.several(function, &args, filter.clone(), ty, span) {
            return Some(called);
        }
        if is_quantile(function) {
            self.check_quantile(&mut args);
        }
        if function == Aggregate::StringAgg {
            args[0] = walk::cast(args[0].clone(), Type::Varchar);
            if args.len() == 1 {
                args.push(walk::literal(Value::Text(",".into()), Type::Varchar, span));
            }
        }
        // The order of rows cannot show in these.
        let orderless = !matches!(
            function,
            Aggregate::First
                | Aggregate::Last
                | Aggregate::StringAgg
                | Aggregate::List
                | Aggregate::AnyValue
                | Aggregate::ArgMin
                | Aggregate::ArgMax
                | Aggregate::ArgMinNull
                | Aggregate::ArgMaxNull
                | Aggregate::Mode
        );
        if orderless {
            order_by.clear();
        }
        Some(Called { call: AggregateCall { function, args, distinct, filter, order_by, ty }, most: None })
    }

    /// `max(x, 3)` and `arg_max(x, y, 3)`: the first of a list in order.
    fn several(
        &mut self,
        function: Aggregate,
        args: &[Expr],
        filter: Option<Expr>,
        ty: Type,
        span: Span,
    ) -> Option<Called> {
        let descending = matches!(function, Aggregate::Max | Aggregate::ArgMax);
        let (value, by, most) = match (function, args) {
            (Aggregate::Min | Aggregate::Max, [value, most]) => (value, value, most),
            (Aggregate::ArgMin | Aggregate::ArgMax, [value, by, most]) => (value, by, most),
            _ => return None,
        };
        let most = crate::optimise::fold::folded(most.clone());
        if !matches!(most.kind, ExprKind::Literal(Value::Int(most)) if most > 0) {
            let problem = Diagnostic::error("not-a-constant", most.span, "how many values must be a number above zero");
            self.report(problem.hint("write `3`"));
        }
        let known = [value, by].map(|arg| walk::call(Scalar::IsNotNull, vec![arg.clone()], Type::Boolean, span));
        let filter = walk::all_of(filter.into_iter().chain(known));
        let order_by = vec![SortKey { expr: by.clone(), descending, nulls_first: false }];
        let args = vec![value.clone()];
        let call = AggregateCall { function: Aggregate::List, args, distinct: false, filter, order_by, ty };
        Some(Called { call, most: Some(most) })
    }

    /// `percentile_cont(0.9) within group (order by x)` is `quantile_cont(x, 0.9)`.
    fn within_group(
        &mut self,
        name: &str,
        mut args: Vec<Expr>,
        mut keys: Vec<SortKey>,
        order_by: &mut Vec<SortKey>,
        span: Span,
    ) -> Vec<Expr> {
        match name.to_lowercase().as_str() {
            "percentile_cont" | "percentile_disc" | "quantile_cont" | "quantile_disc" | "mode" if keys.len() == 1 => {
                let key = keys.remove(0);
                if key.descending {
                    match args.first_mut().map(|share| &mut share.kind) {
                        Some(ExprKind::Literal(Value::Double(at))) => *at = -*at,
                        Some(ExprKind::Literal(Value::Int(at))) => *at = -*at,
                        _ => self.unsupported(span, "a descending order here"),
                    }
                }
                args.insert(0, key.expr);
            }
            _ => *order_by = keys,
        }
        args
    }

    /// The share of a quantile, which must be a constant; below zero it counts from the largest value.
    pub(crate) fn check_quantile(&mut self, args: &mut [Expr]) {
        let Some(at) = args.get_mut(1) else { return };
        let folded = crate::optimise::fold::folded(at.clone());
        let fine = matches!(&folded.kind, ExprKind::Literal(Value::Double(share)) if (-1.0..=1.0).contains(share));
        if !fine {
            self.report(
                Diagnostic::error("not-a-constant", at.span, "a quantile must be a constant from 0 to 1")
                    .hint("write `0.9` for 90 %"),
            );
        }
        *at = folded;
    }
}

/// An aggregate, and how many of its list's elements are wanted if not all.
pub(crate) struct Called {
    pub(crate) call: AggregateCall,
    pub(crate) most: Option<Expr>,
}

/// So many of a list's elements.
pub(crate) fn first_of(list: Expr, most: Option<Expr>, span: Span) -> Expr {
    let Some(most) = most else { return list };
    let ty = list.ty;
    let one = walk::literal(Value::Int(1), Type::BigInt, span);
    walk::call(Scalar::Nested(Nested::Slice), vec![list, one, most], ty, span)
}

fn is_quantile(function: Aggregate) -> bool {
    matches!(function, Aggregate::QuantileCont | Aggregate::QuantileDisc | Aggregate::ApproxQuantile)
}

fn same_call(a: &AggregateCall, b: &AggregateCall) -> bool {
    let same_keys = |a: &[SortKey], b: &[SortKey]| {
        a.len() == b.len()
            && a.iter().zip(b).all(|(a, b)| {
                walk::same(&a.expr, &b.expr) && a.descending == b.descending && a.nulls_first == b.nulls_first
            })
    };
    let same_filter = match (&a.filter, &b.filter) {
        (None, None) => true,
        (Some(a), Some(b)) => walk::same(a, b),
        _ => false,
    };
    a.function == b.function
        && a.distinct == b.distinct
        && a.ty == b.ty
        && same_filter
        && a.args.len() == b.args.len()
        && a.args.iter().zip(&b.args).all(|(a, b)| walk::same(a, b))
        && same_keys(&a.order_by, &b.order_by)
}
