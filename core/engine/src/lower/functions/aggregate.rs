//! Every aggregate of the registry, with its kernel.

use almanac_model::{Type, Value};
use almanac_sql::functions::Aggregate;
use almanac_sql::plan::{AggregateCall, Expr, ExprKind, WindowCall};
use polars_core::prelude::*;

use crate::aggregate::basic::{self, Pick};
use crate::aggregate::holistic::{self, Place};
use crate::aggregate::input::Input;
use crate::aggregate::moments::{self, Joint, Moment, Shape};
use crate::window::aggregate::Simple;

/// The aggregate of a window as a call over groups.
pub(crate) fn unordered(function: Aggregate, call: &WindowCall) -> AggregateCall {
    AggregateCall {
        function,
        args: call.args.clone(),
        distinct: false,
        filter: None,
        order_by: Vec::new(),
        ty: call.ty,
    }
}

/// Aggregates that windows compute without going frame by frame.
pub(crate) fn simple(function: Aggregate) -> Option<Simple> {
    match function {
        Aggregate::CountStar | Aggregate::Count => Some(Simple::Count),
        Aggregate::Sum => Some(Simple::Sum),
        Aggregate::Avg => Some(Simple::Avg),
        Aggregate::Min => Some(Simple::Min),
        Aggregate::Max => Some(Simple::Max),
        _ => None,
    }
}

/// The constant fraction of a quantile, below zero from the largest value on; the binder has checked that it is one.
fn fraction(args: &[Expr]) -> f64 {
    let value = args.get(1).map(|arg| match &arg.kind {
        ExprKind::Literal(value) => value.clone(),
        ExprKind::Cast { input, .. } => match &input.kind {
            ExprKind::Literal(value) => value.clone(),
            _ => Value::Null,
        },
        _ => Value::Null,
    });
    match value {
        Some(Value::Double(x)) => x.clamp(-1.0, 1.0),
        Some(Value::Int(n)) => (n as f64).clamp(-1.0, 1.0),
        _ => 0.5,
    }
}

/// Whether NULLs are values to an aggregate, so that one of them is left of many when only distinct values count.
pub(crate) fn takes_nulls(function: Aggregate) -> bool {
    matches!(function, Aggregate::List | Aggregate::First | Aggregate::Last)
}

/// Truths as 0 and 1; all else as it is.
pub(crate) fn as_ints(column: &Column) -> PolarsResult<Column> {
    if column.dtype() == &DataType::Boolean { column.cast(&DataType::Int64) } else { Ok(column.clone()) }
}

/// One value for each group, in the physical type of the call.
pub(crate) fn compute(call: &AggregateCall, input: &Input<'_>, args: &[Column]) -> PolarsResult<Column> {
    let out = kernel(call, input, args)?;
    let wanted = crate::physical::dtype(call.ty);
    if out.dtype() == &wanted { Ok(out) } else { out.cast(&wanted) }
}

fn kernel(call: &AggregateCall, input: &Input<'_>, args: &[Column]) -> PolarsResult<Column> {
    let missing = || polars_err!(ComputeError: "an aggregate lacks an argument");
    let first = || args.first().ok_or_else(missing);
    let second = || args.get(1).ok_or_else(missing);
    match call.function {
        Aggregate::CountStar => basic::count(input, None),
        Aggregate::Count => basic::count(input, Some(first()?)),
        Aggregate::CountIf => basic::count_if(input, first()?),
        Aggregate::Sum => basic::sum(input, &as_ints(first()?)?),
        Aggregate::Product => basic::product(input, first()?),
        Aggregate::Avg if call.ty == Type::Double => basic::avg(input, &as_ints(first()?)?),
        Aggregate::Avg => basic::avg_instant(input, first()?, call.ty),
        Aggregate::ExactSum => moments::careful_sum(input, first()?, false),
        Aggregate::ExactAvg => moments::careful_sum(input, first()?, true),
        Aggregate::WeightedAvg => moments::weighted_avg(input, first()?, second()?),
        Aggregate::Min => basic::extreme(input, first()?, false),
        Aggregate::Max => basic::extreme(input, first()?, true),
        Aggregate::AnyValue => basic::pick(input, first()?, Pick::Any),
        Aggregate::First => basic::pick(input, first()?, Pick::First),
        Aggregate::Last => basic::pick(input, first()?, Pick::Last),
        Aggregate::ArgMin => basic::arg_extreme(input, first()?, second()?, false, false),
        Aggregate::ArgMax => basic::arg_extreme(input, first()?, second()?, true, false),
        Aggregate::ArgMinNull => basic::arg_extreme(input, first()?, second()?, false, true),
        Aggregate::ArgMaxNull => basic::arg_extreme(input, first()?, second()?, true, true),
        Aggregate::List => holistic::list(input, first()?, call.ty),
        Aggregate::StringAgg => holistic::string_agg(input, first()?, args.get(1)),
        Aggregate::BoolAnd => basic::bools(input, first()?, true),
        Aggregate::BoolOr => basic::bools(input, first()?, false),
        Aggregate::BitAnd => basic::bits(input, first()?, |a, b| a & b),
        Aggregate::BitOr => basic::bits(input, first()?, |a, b| a | b),
        Aggregate::BitXor => basic::bits(input, first()?, |a, b| a ^ b),
        Aggregate::ApproxCountDistinct => holistic::count_distinct(input, first()?),
        Aggregate::Median => holistic::quantile_cont(input, first()?, 0.5, call.ty, Place::Ends),
        Aggregate::QuantileCont => holistic::quantile_cont(input, first()?, fraction(&call.args), call.ty, Place::Ends),
        Aggregate::ApproxQuantile => {
            holistic::quantile_cont(input, first()?, fraction(&call.args), call.ty, Place::Middles)
        }
        Aggregate::QuantileDisc => holistic::quantile_disc(input, first()?, fraction(&call.args)),
        Aggregate::Mode => holistic::mode(input, first()?),
        Aggregate::Mad => holistic::mad(input, first()?),
        Aggregate::Geomean => moments::geomean(input, first()?),
        Aggregate::StddevSamp => moments::spread(input, first()?, Moment::StddevSamp),
        Aggregate::StddevPop => moments::spread(input, first()?, Moment::StddevPop),
        Aggregate::VarSamp => moments::spread(input, first()?, Moment::VarSamp),
        Aggregate::VarPop => moments::spread(input, first()?, Moment::VarPop),
        Aggregate::Sem => moments::spread(input, first()?, Moment::Sem),
        Aggregate::Entropy => holistic::entropy(input, first()?),
        Aggregate::Skewness => moments::shape(input, first()?, Shape::Skewness),
        Aggregate::Kurtosis => moments::shape(input, first()?, Shape::Kurtosis),
        Aggregate::KurtosisPop => moments::shape(input, first()?, Shape::KurtosisPop),
        Aggregate::Corr => moments::joint(input, first()?, second()?, Joint::Corr),
        Aggregate::CovarPop => moments::joint(input, first()?, second()?, Joint::CovarPop),
        Aggregate::CovarSamp => moments::joint(input, first()?, second()?, Joint::CovarSamp),
        Aggregate::RegrSlope => moments::joint(input, first()?, second()?, Joint::Slope),
        Aggregate::RegrIntercept => moments::joint(input, first()?, second()?, Joint::Intercept),
        Aggregate::RegrR2 => moments::joint(input, first()?, second()?, Joint::R2),
        Aggregate::RegrCount => moments::joint(input, first()?, second()?, Joint::Count),
        Aggregate::RegrAvgX => moments::joint(input, first()?, second()?, Joint::AvgX),
        Aggregate::RegrAvgY => moments::joint(input, first()?, second()?, Joint::AvgY),
        Aggregate::RegrSxx => moments::joint(input, first()?, second()?, Joint::Sxx),
        Aggregate::RegrSyy => moments::joint(input, first()?, second()?, Joint::Syy),
        Aggregate::RegrSxy => moments::joint(input, first()?, second()?, Joint::Sxy),
    }
}
