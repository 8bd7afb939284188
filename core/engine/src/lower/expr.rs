//! Bound expressions to Polars expressions: comparisons and logic natively, everything with edges through column functions.

use std::collections::BTreeSet;

use almanac_model::{Type, Value};
use almanac_sql::functions::Scalar;
use almanac_sql::plan::{ColumnId, Expr, ExprKind};
use polars_core::prelude::{Column, DataType, Field, PlSmallStr};
use polars_lazy::dsl::{self, Expr as Lazy, lit};

use super::call::{Answer, Call, Fault};
use super::functions;
use crate::execute::Trouble;
use crate::physical;

/// Name of a column in Polars' frames.
pub(crate) fn name(id: ColumnId) -> PlSmallStr {
    PlSmallStr::from_string(format!("c{}", id.0))
}

/// A constant.
pub(crate) fn literal(value: &Value, ty: Type) -> Lazy {
    Lazy::Literal(polars_plan::prelude::LiteralValue::Scalar(physical::scalar(value, ty)))
}

/// A NULL of type `ty`.
pub(crate) fn null(ty: Type) -> Lazy {
    literal(&Value::Null, ty)
}

/// Columns by number.
pub(crate) type Ids = BTreeSet<ColumnId>;

/// Adds the columns an expression reads.
pub(crate) fn columns_of(expr: &Expr, out: &mut Ids) {
    match &expr.kind {
        ExprKind::Column(id) => _ = out.insert(*id),
        ExprKind::Literal(_) | ExprKind::Element(_) => {}
        ExprKind::Call(_, args) => args.iter().for_each(|arg| columns_of(arg, out)),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => columns_of(input, out),
        ExprKind::Case { branches, otherwise } => {
            for (when, then) in branches {
                columns_of(when, out);
                columns_of(then, out);
            }
            columns_of(otherwise, out);
        }
    }
}

/// Whether an expression reads a column; one that does not is a constant and has one row.
pub(crate) fn reads_columns(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column(_) => true,
        ExprKind::Literal(_) | ExprKind::Element(_) => false,
        ExprKind::Call(_, args) => args.iter().any(reads_columns),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => reads_columns(input),
        ExprKind::Case { branches, otherwise } => {
            branches.iter().any(|(when, then)| reads_columns(when) || reads_columns(then)) || reads_columns(otherwise)
        }
    }
}

/// Whether evaluating it can refuse a value.
pub(crate) fn can_fail(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => false,
        ExprKind::Call(function, args) => {
            let of_doubles = matches!(function, Scalar::Add | Scalar::Sub | Scalar::Mul | Scalar::Div)
                && args.iter().all(|arg| arg.ty == Type::Double);
            (functions::can_fail(*function) && !of_doubles) || args.iter().any(can_fail)
        }
        ExprKind::Cast { input, lenient } => (!lenient && cast_can_fail(input.ty, expr.ty)) || can_fail(input),
        ExprKind::InList { input, .. } => can_fail(input),
        ExprKind::Case { branches, otherwise } => {
            branches.iter().any(|(when, then)| can_fail(when) || can_fail(then)) || can_fail(otherwise)
        }
    }
}

fn cast_can_fail(from: Type, to: Type) -> bool {
    from != to
        && from != Type::Null
        && to != Type::Varchar
        && !matches!((from, to), (Type::Integer, Type::BigInt) | (Type::Integer | Type::BigInt, Type::Double))
}

/// Lowers expressions of one query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expressions {
    /// Where column functions leave their diagnostics.
    pub(crate) trouble: Trouble,
}

impl Expressions {
    /// The expression in Polars.
    pub(crate) fn lower(&self, expr: &Expr) -> Lazy {
        self.guarded(expr, None)
    }

    /// The same, with a condition outside of which no value may fail.
    pub(crate) fn guarded(&self, expr: &Expr, guard: Option<&Lazy>) -> Lazy {
        match &expr.kind {
            ExprKind::Column(id) => dsl::col(name(*id)),
            ExprKind::Element(id) => dsl::col(functions::lambda::name(*id)),
            ExprKind::Literal(value) => literal(value, expr.ty),
            ExprKind::Call(function, args) => functions::scalar(self, *function, args, expr, guard),
            ExprKind::Cast { input, lenient } => self.cast(expr, input, *lenient, guard),
            ExprKind::Case { branches, otherwise } => self.case(branches, otherwise, guard),
            ExprKind::InList { input, list } => self.in_list(expr, input, list, guard),
        }
    }

    fn cast(&self, expr: &Expr, input: &Expr, lenient: bool, guard: Option<&Lazy>) -> Lazy {
        let value = self.guarded(input, guard);
        let from = input.ty;
        match (from, expr.ty) {
            (from, to) if from == to => value,
            (Type::Null, to) if !reads_columns(input) => null(to),
            (Type::Integer, Type::BigInt) => value.cast(DataType::Int64),
            (Type::Integer | Type::BigInt, Type::Double) => value.cast(DataType::Float64),
            _ => self.function(expr, vec![value], guard, move |call| functions::cast::cast(call, from, lenient)),
        }
    }

    fn case(&self, branches: &[(Expr, Expr)], otherwise: &Expr, guard: Option<&Lazy>) -> Lazy {
        // Conditions that no earlier one has taken; `None` while there is no limit.
        let mut open = guard.cloned();
        let mut lowered = Vec::with_capacity(branches.len());
        for (when, then) in branches {
            let condition = self.guarded(when, open.as_ref());
            let taken = condition.clone().fill_null(lit(false));
            let inside = if can_fail(then) { Some(and(open.clone(), taken.clone())) } else { open.clone() };
            lowered.push((condition, self.guarded(then, inside.as_ref())));
            open = Some(and(open, taken.not()));
        }
        let last = self.guarded(otherwise, open.as_ref());
        lowered.into_iter().rev().fold(last, |rest, (condition, value)| dsl::ternary_expr(condition, value, rest))
    }

    fn in_list(&self, expr: &Expr, input: &Expr, list: &[Value], guard: Option<&Lazy>) -> Lazy {
        let value = self.guarded(input, guard);
        let list = functions::membership::List::new(list, input.ty);
        self.function(expr, vec![value], None, move |call| list.contains(call))
    }

    /// A column function of the arguments, of the type and with the place of `expr`.
    pub(crate) fn function(
        &self,
        expr: &Expr,
        args: Vec<Lazy>,
        guard: Option<&Lazy>,
        f: impl Fn(&Call<'_>) -> Answer<Column> + Send + Sync + 'static,
    ) -> Lazy {
        let (trouble, span, ty) = (self.trouble.clone(), expr.span, expr.ty);
        let count = args.len();
        let mut inputs = args;
        inputs.extend(guard.cloned());
        // A function without arguments is evaluated over one constant.
        let first = if inputs.is_empty() { lit(false) } else { inputs.remove(0) };
        let rest = inputs;
        first.map_many(
            move |columns| {
                let rows = physical::common_len(columns);
                let (args, more) = columns.split_at(count.min(columns.len()));
                let guard = if guarded_by(count, more) { more.first().map(physical::bools).transpose()? } else { None };
                let call = Call { args, rows, guard, span, ty };
                let out = f(&call).map_err(|fault| match fault {
                    Fault::Value(diagnostic) => trouble.raise(diagnostic),
                    Fault::Polars(error) => error,
                })?;
                Ok(out.with_name(columns.first().map(|column| column.name().clone()).unwrap_or_default()))
            },
            &rest,
            move |_, fields| {
                let name = fields.first().map(|field| field.name().clone()).unwrap_or_default();
                Ok(Field::new(name, physical::dtype(ty)))
            },
        )
    }
}

/// The argument after the last is the guard; without arguments it is only the constant that stands for them.
fn guarded_by(count: usize, more: &[Column]) -> bool {
    count > 0 && !more.is_empty()
}

fn and(left: Option<Lazy>, right: Lazy) -> Lazy {
    match left {
        Some(left) => left.and(right),
        None => right,
    }
}
