//! Constants: what can be computed without rows and without a chance of an error.

use almanac_model::{Interval, Type, Value};

use crate::functions::Scalar;
use crate::plan::{Expr, ExprKind};
use crate::walk;

const DAY: i64 = 86_400_000_000;

/// The expression with its constant parts computed.
pub(crate) fn folded(mut expr: Expr) -> Expr {
    match &mut expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => return expr,
        ExprKind::Call(function, args) => {
            for arg in args.iter_mut() {
                fold_in_place(arg);
            }
            let function = *function;
            if let Some(simpler) = simplified(function, args) {
                return Expr { span: expr.span, ..simpler };
            }
        }
        ExprKind::Cast { input, .. } => {
            fold_in_place(input);
            if let ExprKind::Literal(value) = &input.kind
                && let Some(value) = converted(value, expr.ty)
            {
                return walk::literal(value, expr.ty, expr.span);
            }
        }
        ExprKind::Case { branches, otherwise } => {
            for (when, then) in branches.iter_mut() {
                fold_in_place(when);
                fold_in_place(then);
            }
            fold_in_place(otherwise);
        }
        ExprKind::InList { input, .. } => fold_in_place(input),
    }
    expr
}

fn fold_in_place(expr: &mut Expr) {
    let taken = std::mem::replace(expr, walk::literal(Value::Null, expr.ty, expr.span));
    *expr = folded(taken);
}

fn value(expr: &Expr) -> Option<&Value> {
    match &expr.kind {
        ExprKind::Literal(value) => Some(value),
        _ => None,
    }
}

fn converted(value: &Value, ty: Type) -> Option<Value> {
    #[expect(clippy::cast_precision_loss, reason = "what the conversion to DOUBLE means")]
    match (value, ty) {
        (Value::Null, _) => Some(Value::Null),
        (Value::Int(number), Type::BigInt) => Some(Value::Int(*number)),
        (Value::Int(number), Type::Integer) if i32::try_from(*number).is_ok() => Some(Value::Int(*number)),
        (Value::Int(number), Type::Double) => Some(Value::Double(*number as f64)),
        (Value::Date(day), Type::Timestamp) => Some(Value::Timestamp(i64::from(*day) * DAY)),
        (Value::Timestamp(micros), Type::Date) => i32::try_from(micros.div_euclid(DAY)).ok().map(Value::Date),
        (Value::Text(text), Type::Date | Type::Timestamp) => crate::literal::convert(text, ty).ok(),
        _ => None,
    }
}

fn simplified(function: Scalar, args: &[Expr]) -> Option<Expr> {
    if let Some(made) = logic(function, args) {
        return Some(made);
    }
    if let Some(made) = date_comparison(function, args) {
        return Some(made);
    }
    let span = args.first()?.span;
    let values: Option<Vec<&Value>> = args.iter().map(value).collect();
    let (value, ty) = computed(function, &values?)?;
    Some(walk::literal(value, ty, span))
}

fn logic(function: Scalar, args: &[Expr]) -> Option<Expr> {
    let truth = |expr: &Expr| match value(expr) {
        Some(Value::Boolean(truth)) => Some(*truth),
        _ => None,
    };
    let [a, b] = args else {
        let [one] = args else { return None };
        return (function == Scalar::Not)
            .then(|| truth(one).map(|t| walk::literal(Value::Boolean(!t), Type::Boolean, one.span)))?;
    };
    let (constant, other) = match (truth(a), truth(b)) {
        (Some(constant), _) => (constant, b),
        (None, Some(constant)) => (constant, a),
        (None, None) => return None,
    };
    match (function, constant) {
        (Scalar::And, true) | (Scalar::Or, false) => Some(other.clone()),
        (Scalar::And, false) | (Scalar::Or, true) => {
            Some(walk::literal(Value::Boolean(constant), Type::Boolean, other.span))
        }
        _ => None,
    }
}

/// A date compared with a midnight is a comparison of dates: no conversion of the column, and row-group statistics apply.
fn date_comparison(function: Scalar, args: &[Expr]) -> Option<Expr> {
    if !matches!(function, Scalar::Eq | Scalar::NotEq | Scalar::Lt | Scalar::LtEq | Scalar::Gt | Scalar::GtEq) {
        return None;
    }
    let [a, b] = args else { return None };
    let date = |expr: &Expr| match &expr.kind {
        ExprKind::Cast { input, .. } if input.ty == Type::Date && expr.ty == Type::Timestamp => {
            Some(input.as_ref().clone())
        }
        _ => None,
    };
    let midnight = |expr: &Expr| match value(expr) {
        Some(Value::Timestamp(micros)) if micros % DAY == 0 => {
            i32::try_from(micros / DAY).ok().map(|day| walk::literal(Value::Date(day), Type::Date, expr.span))
        }
        _ => None,
    };
    let sides = match (date(a), midnight(b)) {
        (Some(a), Some(b)) => vec![a, b],
        _ => vec![midnight(a)?, date(b)?],
    };
    Some(walk::call(function, sides, Type::Boolean, a.span.to(b.span)))
}

fn computed(function: Scalar, values: &[&Value]) -> Option<(Value, Type)> {
    use Value::{Date, Double, Int, Timestamp};
    Some(match (function, values) {
        (Scalar::Add, [Int(a), Int(b)]) => (Int(a.checked_add(*b)?), Type::BigInt),
        (Scalar::Sub, [Int(a), Int(b)]) => (Int(a.checked_sub(*b)?), Type::BigInt),
        (Scalar::Mul, [Int(a), Int(b)]) => (Int(a.checked_mul(*b)?), Type::BigInt),
        (Scalar::Neg, [Int(a)]) => (Int(a.checked_neg()?), Type::BigInt),
        (Scalar::Neg, [Double(a)]) => (Double(-a), Type::Double),
        (Scalar::Add, [Double(a), Double(b)]) => finite(a + b)?,
        (Scalar::Sub, [Double(a), Double(b)]) => finite(a - b)?,
        (Scalar::Mul, [Double(a), Double(b)]) => finite(a * b)?,
        (Scalar::Div, [Double(a), Double(b)]) if *b != 0.0 => finite(a / b)?,
        (Scalar::Add, [Date(day), Int(days)] | [Int(days), Date(day)]) => {
            (Date(day.checked_add(i32::try_from(*days).ok()?)?), Type::Date)
        }
        (Scalar::Sub, [Date(day), Int(days)]) => (Date(day.checked_sub(i32::try_from(*days).ok()?)?), Type::Date),
        (Scalar::Sub, [Date(a), Date(b)]) => (Int(i64::from(*a) - i64::from(*b)), Type::BigInt),
        (Scalar::Add, [Date(day), Value::Interval(by)] | [Value::Interval(by), Date(day)]) => {
            (Timestamp(plus_interval(i64::from(*day) * DAY, *by)?), Type::Timestamp)
        }
        (Scalar::Sub, [Date(day), Value::Interval(by)]) => {
            (Timestamp(plus_interval(i64::from(*day) * DAY, negated(*by)?)?), Type::Timestamp)
        }
        (Scalar::Add, [Timestamp(at), Value::Interval(by)] | [Value::Interval(by), Timestamp(at)]) => {
            (Timestamp(plus_interval(*at, *by)?), Type::Timestamp)
        }
        (Scalar::Sub, [Timestamp(at), Value::Interval(by)]) => {
            (Timestamp(plus_interval(*at, negated(*by)?)?), Type::Timestamp)
        }
        (Scalar::Neg, [Value::Interval(by)]) => (Value::Interval(negated(*by)?), Type::Interval),
        (Scalar::Eq | Scalar::NotEq, [Int(a), Int(b)]) => {
            (Value::Boolean((a == b) == (function == Scalar::Eq)), Type::Boolean)
        }
        (Scalar::Lt, [Int(a), Int(b)]) => (Value::Boolean(a < b), Type::Boolean),
        (Scalar::Gt, [Int(a), Int(b)]) => (Value::Boolean(a > b), Type::Boolean),
        (Scalar::Eq | Scalar::NotEq, [Value::Text(a), Value::Text(b)]) => {
            (Value::Boolean((a == b) == (function == Scalar::Eq)), Type::Boolean)
        }
        _ => return None,
    })
}

fn finite(number: f64) -> Option<(Value, Type)> {
    number.is_finite().then_some((Value::Double(number), Type::Double))
}

fn negated(by: Interval) -> Option<Interval> {
    Some(Interval { months: by.months.checked_neg()?, days: by.days.checked_neg()?, micros: by.micros.checked_neg()? })
}

/// A point in time plus an interval: months first, the day cut to the month's last, then days, then time.
pub(crate) fn plus_interval(at: i64, by: Interval) -> Option<i64> {
    let (mut day, clock) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    if by.months != 0 {
        let (year, month, of_month) = civil(day);
        let months = year * 12 + month - 1 + i64::from(by.months);
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        day = (1..=of_month).rev().find_map(|last| crate::literal::days(year, month, last)).map(i64::from)?;
    }
    let day = day.checked_add(i64::from(by.days))?;
    day.checked_mul(DAY)?.checked_add(clock)?.checked_add(by.micros)
}

/// Year, month, day of a count of days since 1970-01-01, after H. Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * from_march + 2) / 5 + 1)
}
