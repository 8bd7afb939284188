//! Window functions and frames.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{
    self, Expr as Ast, FunctionArgumentClause, FunctionArguments, NamedWindowExpr, NullTreatment, WindowFrameBound,
    WindowFrameUnits, WindowSpec, WindowType,
};

use super::Binder;
use super::aggregate::{Called, first_of};
use super::expr::Cx;
use crate::functions::{Aggregate, Entry, Target, Window};
use crate::parse::rewrite::MARK;
use crate::plan::{Exclude, Expr, ExprKind, Frame, FrameBound, FrameUnit, SortKey, WindowCall, WindowFunction};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn window(
        &mut self,
        name: &str,
        function: &ast::Function,
        entries: &[&'static Entry],
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let Some(over) = &function.over else {
            let problem =
                Diagnostic::error("needs-over", span, format!("`{name}` is a window function and needs OVER"));
            self.report(problem.hint(format!("write `{name}(…) over (order by …)`")));
            return Self::broken(span);
        };
        if cx.windows.is_none() || cx.in_aggregate {
            let problem = Diagnostic::error(
                "misplaced-window",
                span,
                format!(
                    "window functions such as `{name}` are not allowed {}",
                    if cx.in_aggregate { "here" } else { "in this clause" }
                ),
            );
            self.report(problem.hint("filter on it with QUALIFY, or compute it in a subquery first"));
            return Self::broken(span);
        }
        // Windows do not nest.
        let windows = cx.windows.take();
        let call = self.window_call(name, function, over, entries, span, cx);
        cx.windows = windows;
        let Some((call, most)) = call else { return Self::broken(span) };
        if self.refuse_in_lambda(&call.args, span, "a window function") {
            return Self::broken(span);
        }
        let ty = call.ty;
        if let Some((field, _)) = cx.windows.iter().flatten().find(|(_, known)| same_window(known, &call)) {
            return first_of(walk::column(field.id, ty, span), most, span);
        }
        let field = self.field(super::names::output_name(&Ast::Function(function.clone())), ty);
        let column = walk::column(field.id, ty, span);
        cx.windows.get_or_insert_default().push((field, call));
        first_of(column, most, span)
    }

    fn window_call(
        &mut self,
        name: &str,
        function: &ast::Function,
        over: &WindowType,
        entries: &[&'static Entry],
        span: Span,
        cx: &mut Cx,
    ) -> Option<(WindowCall, Option<Expr>)> {
        let (spec, exclude) = self.window_spec(over, cx, 0)?;
        let partition_by: Vec<Expr> = spec.partition_by.iter().map(|expr| self.expr(expr, cx)).collect();
        let order_by = self.sort_keys(&spec.order_by, cx);
        let frame = Frame { exclude, ..self.frame(spec.window_frame.as_ref(), &order_by, span, cx) };
        let mut ignore_nulls = function.null_treatment == Some(NullTreatment::IgnoreNulls);
        if let FunctionArguments::List(list) = &function.args {
            ignore_nulls |= list.clauses.iter().any(|clause| {
                matches!(clause, FunctionArgumentClause::IgnoreOrRespectNulls(NullTreatment::IgnoreNulls))
            });
        }
        if let Target::Aggregate(_) = entries[0].target {
            let Called { call, most } = self.aggregate_call(name, function, entries, span, cx)?;
            let call = WindowCall {
                function: WindowFunction::Aggregate(call.function),
                args: call.args,
                partition_by,
                order_by,
                within: call.order_by,
                frame,
                filter: call.filter,
                distinct: call.distinct,
                ignore_nulls: false,
                ty: call.ty,
            };
            return Some((call, most));
        }
        if let Some(filter) = &function.filter {
            let place = self.span(filter.as_ref());
            self.error("not-an-aggregate", place, format!("FILTER does not go with `{name}`"));
        }
        let texts = self.argument_texts(function, span);
        let args = texts.into_iter().map(|text| self.expr(text, cx)).collect();
        let (target, args, ty) = self.choose_aggregate(name, entries, args, span)?;
        let Target::Window(target) = target else { return None };
        let within = self.own_order(function, cx);
        let mut function = WindowFunction::Window(target);
        if !within.is_empty() {
            function = match (target, ignore_nulls) {
                (Window::FirstValue, false) => WindowFunction::Aggregate(Aggregate::First),
                (Window::FirstValue, true) => WindowFunction::Aggregate(Aggregate::AnyValue),
                (Window::LastValue, false) => WindowFunction::Aggregate(Aggregate::Last),
                _ => {
                    self.unsupported(span, &format!("ORDER BY inside `{name}`"));
                    return None;
                }
            };
        }
        let (filter, distinct) = (None, false);
        let call =
            WindowCall { function, args, partition_by, order_by, within, frame, filter, distinct, ignore_nulls, ty };
        Some((call, None))
    }

    /// `first_value(x order by y)`: an order of the function's own.
    fn own_order(&mut self, function: &ast::Function, cx: &mut Cx) -> Vec<SortKey> {
        let FunctionArguments::List(list) = &function.args else { return Vec::new() };
        let keys = list.clauses.iter().find_map(|clause| match clause {
            FunctionArgumentClause::OrderBy(keys) => Some(keys),
            _ => None,
        });
        keys.map_or_else(Vec::new, |keys| self.sort_keys(keys, cx))
    }

    /// The window in full, names of the WINDOW clause filled in, and the rows its frame leaves out.
    fn window_spec(&mut self, over: &WindowType, cx: &Cx, depth: usize) -> Option<(WindowSpec, Exclude)> {
        match over {
            WindowType::NamedWindow(ident) => self.named_window(ident, cx, depth),
            WindowType::WindowSpec(spec) => {
                let Some(name) = &spec.window_name else { return Some((spec.clone(), Exclude::NoOthers)) };
                let (exclude, name) = excluded(name);
                let own = WindowSpec { window_name: None, ..spec.clone() };
                let Some(name) = name else { return Some((own, exclude)) };
                let (base, of_base) = self.named_window(&name, cx, depth)?;
                let exclude = if own.window_frame.is_some() { exclude } else { of_base };
                let spec = WindowSpec {
                    window_name: None,
                    partition_by: if own.partition_by.is_empty() { base.partition_by } else { own.partition_by },
                    order_by: if own.order_by.is_empty() { base.order_by } else { own.order_by },
                    window_frame: own.window_frame.or(base.window_frame),
                };
                Some((spec, exclude))
            }
        }
    }

    fn named_window(&mut self, ident: &ast::Ident, cx: &Cx, depth: usize) -> Option<(WindowSpec, Exclude)> {
        let found = cx.named_windows.iter().find(|known| known.0.value.eq_ignore_ascii_case(&ident.value));
        let span = self.lines.span(ident.span);
        match found {
            Some(known) if depth < 8 => {
                let over = match &known.1 {
                    NamedWindowExpr::NamedWindow(other) => WindowType::NamedWindow(other.clone()),
                    NamedWindowExpr::WindowSpec(spec) => WindowType::WindowSpec(spec.clone()),
                };
                self.window_spec(&over, cx, depth + 1)
            }
            _ => {
                let problem =
                    Diagnostic::error("unknown-window", span, format!("there is no window `{}`", ident.value))
                        .did_you_mean(&ident.value, cx.named_windows.iter().map(|known| known.0.value.as_str()))
                        .hint(format!("add `window {} as (…)`", ident.value));
                self.report(problem);
                None
            }
        }
    }

    fn frame(&mut self, frame: Option<&ast::WindowFrame>, order_by: &[SortKey], span: Span, cx: &mut Cx) -> Frame {
        let Some(frame) = frame else {
            // With an order, up to the current row and its peers; without one, everything.
            let end = if order_by.is_empty() { FrameBound::UnboundedFollowing } else { FrameBound::CurrentRow };
            let start = FrameBound::UnboundedPreceding;
            return Frame { unit: FrameUnit::Range, start, end, exclude: Exclude::NoOthers };
        };
        let unit = match frame.units {
            WindowFrameUnits::Rows => FrameUnit::Rows,
            WindowFrameUnits::Range => FrameUnit::Range,
            WindowFrameUnits::Groups => FrameUnit::Groups,
        };
        let start = self.frame_bound(&frame.start_bound, unit, order_by, span, cx);
        let end = frame
            .end_bound
            .as_ref()
            .map_or(FrameBound::CurrentRow, |bound| self.frame_bound(bound, unit, order_by, span, cx));
        let place = |bound: &FrameBound| match bound {
            FrameBound::UnboundedPreceding => 0,
            FrameBound::Preceding(_) => 1,
            FrameBound::CurrentRow => 2,
            FrameBound::Following(_) => 3,
            FrameBound::UnboundedFollowing => 4,
        };
        if place(&start) > place(&end)
            || start == FrameBound::UnboundedFollowing
            || end == FrameBound::UnboundedPreceding
        {
            self.error("invalid-frame", span, "the frame ends before it starts");
        }
        Frame { unit, start, end, exclude: Exclude::NoOthers }
    }

    fn frame_bound(
        &mut self,
        bound: &WindowFrameBound,
        unit: FrameUnit,
        order_by: &[SortKey],
        span: Span,
        cx: &mut Cx,
    ) -> FrameBound {
        let mut amount = |expr: &Ast| -> Value {
            let place = self.span(expr);
            let mut bound = self.expr(expr, cx);
            if unit == FrameUnit::Range {
                let [key] = order_by else {
                    self.report(Diagnostic::error(
                        "invalid-frame",
                        span,
                        "RANGE with a distance needs exactly one ORDER BY expression",
                    ));
                    return Value::Int(0);
                };
                if key.expr.ty.is_numeric() && bound.ty.is_numeric() {
                    let ty = if key.expr.ty == Type::Double { Type::Double } else { bound.ty };
                    bound = walk::cast(bound, ty);
                } else if !(key.expr.ty.is_temporal()
                    && matches!(bound.ty, Type::Interval | Type::Integer | Type::BigInt))
                {
                    self.error(
                        "type-mismatch",
                        place,
                        format!("a distance of type {} does not go with an order by {}", bound.ty, key.expr.ty),
                    );
                }
            } else if !bound.ty.is_integer() {
                self.error("type-mismatch", place, "a frame of rows is counted in whole numbers");
            }
            match crate::optimise::fold::folded(bound).kind {
                ExprKind::Literal(Value::Int(rows)) if rows < 0 => {
                    self.error("invalid-frame", place, "a frame's distance cannot be negative");
                    Value::Int(0)
                }
                ExprKind::Literal(value) => value,
                _ => {
                    self.error("not-a-constant", place, "a frame's distance must be a constant");
                    Value::Int(0)
                }
            }
        };
        match bound {
            WindowFrameBound::CurrentRow => FrameBound::CurrentRow,
            WindowFrameBound::Preceding(None) => FrameBound::UnboundedPreceding,
            WindowFrameBound::Following(None) => FrameBound::UnboundedFollowing,
            WindowFrameBound::Preceding(Some(expr)) => FrameBound::Preceding(amount(expr)),
            WindowFrameBound::Following(Some(expr)) => FrameBound::Following(amount(expr)),
        }
    }
}

/// What the parser front wrote before the name of a base window, and that name.
fn excluded(name: &ast::Ident) -> (Exclude, Option<ast::Ident>) {
    let Some((what, base)) = name.value.strip_prefix(MARK).and_then(|marked| marked.split_once(MARK)) else {
        return (Exclude::NoOthers, Some(name.clone()));
    };
    let exclude = match what {
        "row" => Exclude::CurrentRow,
        "group" => Exclude::Group,
        _ => Exclude::Ties,
    };
    (exclude, (!base.is_empty()).then(|| ast::Ident { value: base.to_owned(), ..name.clone() }))
}

fn same_window(a: &WindowCall, b: &WindowCall) -> bool {
    let all = |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| walk::same(a, b));
    let keys = |a: &[SortKey], b: &[SortKey]| {
        a.len() == b.len()
            && a.iter().zip(b).all(|(a, b)| {
                walk::same(&a.expr, &b.expr) && a.descending == b.descending && a.nulls_first == b.nulls_first
            })
    };
    a.function == b.function
        && keys(&a.order_by, &b.order_by)
        && keys(&a.within, &b.within)
        && all(&a.args, &b.args)
        && all(&a.partition_by, &b.partition_by)
        && a.frame == b.frame
        && a.distinct == b.distinct
        && a.filter.is_none()
        && b.filter.is_none()
        && a.ignore_nulls == b.ignore_nulls
}
