//! Expressions.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, BinaryOperator, Expr as Ast, UnaryOperator};
use std::rc::Rc;

use super::Binder;
use super::scope::Found;
use crate::functions::Scalar;
use crate::plan::{AggregateCall, Expr, ExprKind, Field, JoinKind, Plan, WindowCall};
use crate::walk;

/// Rows of a subquery that must be joined to the rows an expression is computed on.
pub(crate) struct Pending {
    pub(crate) plan: Plan,
    pub(crate) kind: JoinKind,
    pub(crate) on: Vec<(Expr, Expr)>,
    pub(crate) residual: Option<Expr>,
}

/// Where an expression stands: what it may contain, and what it has asked for.
#[derive(Default)]
pub(crate) struct Cx {
    /// Name of the place, for messages.
    pub(crate) clause: &'static str,
    /// Aggregates found; `None` where they are not allowed.
    pub(crate) aggregates: Option<Vec<(Field, AggregateCall)>>,
    /// Calls of `grouping` found, with their arguments.
    pub(crate) groupings: Vec<(Field, Vec<Expr>, Span)>,
    /// Window functions found; `None` where they are not allowed.
    pub(crate) windows: Option<Vec<(Field, WindowCall)>>,
    /// Lists taken apart; `None` where that is not possible.
    pub(crate) unnested: Option<Vec<(Field, Expr)>>,
    /// Subqueries to join here.
    pub(crate) pending: Vec<Pending>,
    /// Subqueries to join below the aggregation.
    pub(crate) inner_pending: Vec<Pending>,
    /// Inside the argument of an aggregate.
    pub(crate) in_aggregate: bool,
    /// Aliases of the SELECT list.
    pub(crate) aliases: Rc<Vec<(String, Ast)>>,
    /// Keys of GROUP BY that hold a subquery, as they are written: the same text is the same value.
    pub(crate) keys: Vec<(Ast, Expr)>,
    /// The WINDOW clause.
    pub(crate) named_windows: Rc<Vec<ast::NamedWindowDefinition>>,
}

impl Cx {
    /// A place without aggregates and windows.
    pub(crate) fn plain(clause: &'static str) -> Self {
        Self { clause, ..Self::default() }
    }

    /// The SELECT list and what goes with it.
    pub(crate) fn full(aliases: Rc<Vec<(String, Ast)>>, named_windows: Rc<Vec<ast::NamedWindowDefinition>>) -> Self {
        Self {
            clause: "the SELECT list",
            aggregates: Some(Vec::new()),
            windows: Some(Vec::new()),
            unnested: Some(Vec::new()),
            aliases,
            named_windows,
            ..Self::default()
        }
    }

    pub(crate) fn push_pending(&mut self, pending: Pending) {
        if self.in_aggregate { self.inner_pending.push(pending) } else { self.pending.push(pending) }
    }
}

/// How many aliases may stand for expressions with aliases in them.
const ALIAS_DEPTH: usize = 16;

impl Binder<'_> {
    /// Joins the subqueries that were found. One that reads columns of these rows has exactly one row for each.
    pub(crate) fn attach(&mut self, all: Vec<Pending>, plan: Plan) -> Plan {
        all.into_iter().fold(plan, |left, pending| {
            if Self::depends(&left, &pending.plan) {
                return self.dependent_join(left, pending.plan, JoinKind::Left, pending.residual);
            }
            let Pending { plan: right, kind, on, residual } = pending;
            Plan::Join { left: Box::new(left), right: Box::new(right), kind, on, residual, null_safe: false }
        })
    }

    pub(crate) fn expr(&mut self, expr: &Ast, cx: &mut Cx) -> Expr {
        if !cx.in_aggregate
            && let Some((_, key)) = cx.keys.iter().find(|(text, _)| text == expr)
        {
            return key.clone();
        }
        match expr {
            Ast::Nested(inner) => self.expr(inner, cx),
            Ast::Identifier(ident) => self.identifier(ident, cx),
            Ast::CompoundIdentifier(parts) => {
                let span = self.span(expr);
                self.compound(parts, span)
            }
            Ast::Value(value) => {
                let span = self.lines.span(value.span);
                self.value(&value.value, span)
            }
            Ast::TypedString(typed) => {
                let span = self.span(expr);
                self.typed_string(typed, span)
            }
            Ast::Interval(interval) => {
                let span = self.span(expr);
                self.interval(interval, span, cx)
            }
            Ast::BinaryOp { .. } => self.binary_chain(expr, cx),
            Ast::UnaryOp { op, expr: inner } => self.unary(*op, inner, expr, cx),
            Ast::Function(function) => self.function(function, expr, cx),
            _ => self.other_expr(expr, cx),
        }
    }

    fn identifier(&mut self, ident: &ast::Ident, cx: &mut Cx) -> Expr {
        let span = self.lines.span(ident.span);
        if let Some(parameter) = self.lambda_parameter(&ident.value, span) {
            return parameter;
        }
        match self.bare_name(ident, span) {
            Found::Column(column) => column,
            Found::Reported => self.alias(ident, span, cx).unwrap_or_else(|| Self::broken(span)),
            Found::Nothing => {
                if let Some(expr) = self.alias(ident, span, cx) {
                    return expr;
                }
                if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("current_date") {
                    return self.today(span);
                }
                let aliases: Vec<String> = cx.aliases.iter().map(|(name, _)| name.clone()).collect();
                self.unknown_column(&ident.value, span, &aliases);
                Self::broken(span)
            }
        }
    }

    /// An alias stands for its expression.
    fn alias(&mut self, ident: &ast::Ident, span: Span, cx: &mut Cx) -> Option<Expr> {
        let aliases = Rc::clone(&cx.aliases);
        let (_, meaning) = aliases.iter().find(|(name, _)| name.eq_ignore_ascii_case(&ident.value))?;
        if self.alias_depth >= ALIAS_DEPTH {
            self.error("unknown-column", span, format!("the alias `{}` stands for itself", ident.value));
            return Some(Self::broken(span));
        }
        self.alias_depth += 1;
        let bound = self.expr(meaning, cx);
        self.alias_depth -= 1;
        Some(bound)
    }

    /// The host's date.
    pub(crate) fn today(&mut self, span: Span) -> Expr {
        if let Some(day) = self.options.today {
            return walk::literal(Value::Date(day), Type::Date, span);
        }
        self.report(
            Diagnostic::error("no-today", span, "the current date is not known here")
                .hint("write a date: `date '2025-11-30'`"),
        );
        walk::literal(Value::Null, Type::Date, span)
    }

    /// `a + b + c` leans left as deep as it is long: it is bound from the left, without recursion.
    fn binary_chain(&mut self, expr: &Ast, cx: &mut Cx) -> Expr {
        let mut spine = Vec::new();
        let mut innermost = expr;
        loop {
            match innermost {
                Ast::BinaryOp { left, op, right } => {
                    spine.push((op, right, innermost));
                    innermost = left;
                }
                Ast::Nested(inner) if matches!(inner.as_ref(), Ast::BinaryOp { .. }) && spine.is_empty() => {
                    innermost = inner;
                }
                _ => break,
            }
        }
        let mut tuple = tuple_items(innermost);
        let mut bound = if tuple.is_some() { Self::broken(Span::default()) } else { self.expr(innermost, cx) };
        for (op, right, whole) in spine.into_iter().rev() {
            let span = self.span(whole);
            if let Some(left_items) = tuple.take() {
                bound = self.tuple_comparison(left_items, op, right, span, cx);
                continue;
            }
            let right = self.expr(right, cx);
            bound = self.binary(op, bound, right, span);
        }
        if tuple.is_some() {
            let span = self.span(innermost);
            self.unsupported(span, "a row of values here");
        }
        bound
    }

    /// `(a, b) = (1, 2)`.
    fn tuple_comparison(&mut self, left: &[Ast], op: &BinaryOperator, right: &Ast, span: Span, cx: &mut Cx) -> Expr {
        let Some(right) = tuple_items(right).filter(|right| right.len() == left.len()) else {
            self.error("type-mismatch", span, "both sides need as many values");
            return Self::broken(span);
        };
        let mut pairs = Vec::new();
        for (a, b) in left.iter().zip(right) {
            let sides = vec![self.expr(a, cx), self.expr(b, cx)];
            let (sides, _) = self.unify(sides, span, "values of type");
            pairs.extend(<[Expr; 2]>::try_from(sides));
        }
        row_comparison(op, &pairs, span).unwrap_or_else(|| {
            self.unsupported(span, "this operator between rows of values");
            Self::broken(span)
        })
    }

    fn unary(&mut self, op: UnaryOperator, inner: &Ast, whole: &Ast, cx: &mut Cx) -> Expr {
        let span = self.span(whole);
        if op == UnaryOperator::Minus
            && let Ast::Value(value) = inner
            && let ast::Value::Number(digits, _) = &value.value
            && let Ok(number) = format!("-{}", digits.replace('_', "")).parse::<i64>()
        {
            return super::literals::integer(number, span);
        }
        let operand = self.expr(inner, cx);
        match op {
            UnaryOperator::Plus => operand,
            UnaryOperator::Minus => match operand.kind {
                ExprKind::Literal(Value::Double(number)) => walk::literal(Value::Double(-number), Type::Double, span),
                _ => self.resolve(&[crate::functions::Scalar::Neg], "-", vec![operand], span),
            },
            UnaryOperator::Not | UnaryOperator::BangNot => {
                let operand = self.condition(operand);
                walk::call(Scalar::Not, vec![operand], Type::Boolean, span)
            }
            UnaryOperator::BitwiseNot => self.resolve(&[Scalar::BitNot], "~", vec![operand], span),
            UnaryOperator::PGAbs => self.resolve(&[Scalar::Abs], "@", vec![operand], span),
            _ => {
                self.unsupported(span, &format!("the operator `{op}`"));
                Self::broken(span)
            }
        }
    }
}

/// Rows of values are ordered whole, as DuckDB does: value by value, NULL like NULL and greater than all others.
fn row_comparison(op: &BinaryOperator, pairs: &[[Expr; 2]], span: Span) -> Option<Expr> {
    let test = |function, args: Vec<Expr>| walk::call(function, args, Type::Boolean, span);
    let not = |expr| test(Scalar::Not, vec![expr]);
    let truth = |value| walk::literal(Value::Boolean(value), Type::Boolean, span);
    let same = |[a, b]: &[Expr; 2]| test(Scalar::IsNotDistinctFrom, vec![a.clone(), b.clone()]);
    let less = |a: &Expr, b: &Expr| {
        let null = |side: &Expr| test(Scalar::IsNull, vec![side.clone()]);
        let branches = vec![(null(a), truth(false)), (null(b), truth(true))];
        let otherwise = Box::new(test(Scalar::Lt, vec![a.clone(), b.clone()]));
        Expr { kind: ExprKind::Case { branches, otherwise }, ty: Type::Boolean, span }
    };
    let all_less = |turned: bool| {
        pairs.iter().rev().fold(truth(false), |rest, pair| {
            let [a, b] = pair;
            let here = if turned { less(b, a) } else { less(a, b) };
            test(Scalar::Or, vec![here, test(Scalar::And, vec![same(pair), rest])])
        })
    };
    let equal = || walk::all_of(pairs.iter().map(same));
    Some(match op {
        BinaryOperator::Eq => equal()?,
        BinaryOperator::NotEq => not(equal()?),
        BinaryOperator::Lt => all_less(false),
        BinaryOperator::Gt => all_less(true),
        BinaryOperator::LtEq => not(all_less(true)),
        BinaryOperator::GtEq => not(all_less(false)),
        _ => return None,
    })
}

/// The values of `(a, b)`.
pub(crate) fn tuple_items(expr: &Ast) -> Option<&[Ast]> {
    match expr {
        Ast::Tuple(items) => Some(items),
        _ => None,
    }
}
