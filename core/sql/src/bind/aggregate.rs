//! Aggregates.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{
    self, DuplicateTreatment, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
};

use super::Binder;
use super::expr::Cx;
use crate::functions::{Aggregate, Entry, Target};
use crate::plan::{AggregateCall, ColumnId, Expr, ExprKind, SortKey};
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
        if cx.in_aggregate || cx.aggregates.is_none() {
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
        cx.in_aggregate = true;
        let windows = cx.windows.take();
        let call = self.aggregate_call(name, function, entries, span, cx);
        cx.windows = windows;
        cx.in_aggregate = false;
        let Some(call) = call else { return Self::broken(span) };
        self.refuse_outer(name, &call, span);
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

    /// An aggregate of nothing but columns of the query around would be that query's, where the column is not grouped.
    fn refuse_outer(&mut self, name: &str, call: &AggregateCall, span: Span) {
        let read: walk::Ids = call.args.iter().flat_map(walk::columns).collect();
        let Some((scope, around)) = self.scopes.split_last() else { return };
        let own = |id: &ColumnId| scope.columns.iter().any(|column| column.id == *id);
        let outer = |id: &ColumnId| around.iter().any(|scope| scope.columns.iter().any(|column| column.id == *id));
        if !read.is_empty() && !read.iter().any(own) && read.iter().all(outer) {
            let message = format!("`{name}` aggregates only columns of the query around");
            let problem = Diagnostic::error("not-grouped", span, message);
            self.report(problem.hint("aggregate a column of this subquery, or move the aggregate out of it"));
        }
    }

    /// The call itself, also for an aggregate over a window.
    pub(crate) fn aggregate_call(
        &mut self,
        name: &str,
        function: &ast::Function,
        entries: &[&'static Entry],
        span: Span,
        cx: &mut Cx,
    ) -> Option<AggregateCall> {
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
        if matches!(function, Aggregate::QuantileCont | Aggregate::QuantileDisc | Aggregate::ApproxQuantile) {
            self.check_quantile(&mut args);
        }
        if function == Aggregate::StringAgg && args.len() == 1 {
            args.push(walk::literal(Value::Text(",".into()), Type::Varchar, span));
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
        Some(AggregateCall { function, args, distinct, filter, order_by, ty })
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
                    if let Some(Expr { kind: ExprKind::Literal(Value::Double(at)), .. }) = args.first_mut() {
                        *at = 1.0 - *at;
                    } else {
                        self.unsupported(span, "a descending order here");
                    }
                }
                args.insert(0, key.expr);
            }
            _ => *order_by = keys,
        }
        args
    }

    fn check_quantile(&mut self, args: &mut [Expr]) {
        let Some(at) = args.get_mut(1) else { return };
        let folded = crate::optimise::fold::folded(at.clone());
        let fine = matches!(&folded.kind, ExprKind::Literal(Value::Double(share)) if (0.0..=1.0).contains(share));
        if !fine {
            self.report(
                Diagnostic::error("not-a-constant", at.span, "a quantile must be a constant from 0 to 1")
                    .hint("write `0.9` for 90 %"),
            );
        }
        *at = folded;
    }
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
