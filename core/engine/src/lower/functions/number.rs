//! Arithmetic and mathematics. Integers never wrap: a result that does not fit its type is an error with a place.

use almanac_model::Type;
use polars_core::prelude::{Column, Int64Chunked, IntoColumn, PlSmallStr};

use crate::lower::call::{Answer, Call};
use crate::physical::{doubles, ints};

/// An operation on two integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `//`, towards zero; NULL by zero.
    Divide,
    /// `%`, with the sign of the dividend; NULL by zero.
    Modulo,
}

impl Whole {
    fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "//",
            Self::Modulo => "%",
        }
    }

    #[inline]
    fn apply(self, a: i64, b: i64) -> Option<i64> {
        match self {
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
            Self::Multiply => a.checked_mul(b),
            Self::Divide => a.checked_div(b),
            Self::Modulo => Some(a.wrapping_rem(b)),
        }
    }
}

fn fits(ty: Type, n: i64) -> bool {
    ty != Type::Integer || i32::try_from(n).is_ok()
}

/// Integer arithmetic.
pub(crate) fn whole(call: &Call<'_>, operation: Whole) -> Answer<Column> {
    let (left, right) = (ints(call.arg(0)?)?, ints(call.arg(1)?)?);
    let by_zero_is_null = matches!(operation, Whole::Divide | Whole::Modulo);
    let checked = |row: usize, a: i64, b: i64| match operation.apply(a, b).filter(|n| fits(call.ty, *n)) {
        Some(n) => Ok(Some(n)),
        None => call.refuse(row, "out-of-range", || format!("{a} {} {b} does not fit {}", operation.sign(), call.ty)),
    };
    if call.ty == Type::BigInt && !by_zero_is_null && !left.has_nulls() && !right.has_nulls() && !left.is_constant() {
        // The common case without a branch on NULL: columns without them, or a constant on the right.
        let (a, b) = (left.array().values().as_slice(), right.array().values().as_slice());
        let constant = right.is_constant();
        let mut out = Vec::with_capacity(call.rows);
        for (row, a) in a.iter().enumerate().take(call.rows) {
            let b = if constant { b[0] } else { b[row] };
            match operation.apply(*a, b) {
                Some(n) => out.push(n),
                None => break,
            }
        }
        if out.len() == call.rows {
            return Ok(Int64Chunked::from_vec(PlSmallStr::EMPTY, out).into_column());
        }
    }
    call.ints(|row| match (left.get(row), right.get(row)) {
        (Some(_), Some(0)) if by_zero_is_null => Ok(None),
        (Some(a), Some(b)) => checked(row, a, b),
        _ => Ok(None),
    })
}

/// A function of one integer whose result may not fit.
pub(crate) fn whole_unary(call: &Call<'_>, name: &str, f: impl Fn(i64) -> Option<i64>) -> Answer<Column> {
    let values = ints(call.arg(0)?)?;
    call.ints(|row| match values.get(row) {
        None => Ok(None),
        Some(n) => match f(n).filter(|n| fits(call.ty, *n)) {
            Some(n) => Ok(Some(n)),
            None => call.refuse(row, "out-of-range", || format!("{name}({n}) does not fit {}", call.ty)),
        },
    })
}

/// A function of one double.
pub(crate) fn double_unary(call: &Call<'_>, f: impl Fn(f64) -> f64) -> Answer<Column> {
    let values = doubles(call.arg(0)?)?;
    call.doubles(|row| Ok(values.get(row).map(&f)))
}

/// A function of one double that has no value for some: an error that says why.
pub(crate) fn double_within(
    call: &Call<'_>,
    within: impl Fn(f64) -> Result<(), &'static str>,
    f: impl Fn(f64) -> f64,
) -> Answer<Column> {
    let values = doubles(call.arg(0)?)?;
    call.doubles(|row| match values.get(row) {
        None => Ok(None),
        Some(x) => match within(x) {
            Ok(()) => Ok(Some(f(x))),
            Err(why) => call.refuse(row, "out-of-range", || why.to_owned()),
        },
    })
}

/// A function of two doubles.
pub(crate) fn double_binary(call: &Call<'_>, f: impl Fn(f64, f64) -> f64) -> Answer<Column> {
    let (left, right) = (doubles(call.arg(0)?)?, doubles(call.arg(1)?)?);
    call.doubles(|row| Ok(left.get(row).zip(right.get(row)).map(|(a, b)| f(a, b))))
}

/// Logarithms: an error at zero and below, as in DuckDB.
pub(crate) fn logarithm(call: &Call<'_>, f: impl Fn(f64) -> f64) -> Answer<Column> {
    let within = |x: f64| {
        if x == 0.0 {
            Err("cannot take the logarithm of zero")
        } else if x < 0.0 {
            Err("cannot take the logarithm of a negative number")
        } else {
            Ok(())
        }
    };
    double_within(call, within, f)
}

/// Half away from zero, to `digits` places after the point (before it when negative).
pub(crate) fn rounded(x: f64, digits: i64) -> f64 {
    if digits < 0 {
        let scale = 10_f64.powi(i32::try_from(-digits).unwrap_or(i32::MAX));
        let out = (x / scale).round() * scale;
        return if out.is_finite() { out } else { 0.0 };
    }
    let scale = 10_f64.powi(i32::try_from(digits).unwrap_or(i32::MAX));
    let out = (x * scale).round() / scale;
    if out.is_finite() { out } else { x }
}

/// `round(x)`, `round(x, digits)`.
pub(crate) fn round(call: &Call<'_>) -> Answer<Column> {
    let values = doubles(call.arg(0)?)?;
    let digits = call.args.get(1).map(ints).transpose()?;
    call.doubles(|row| {
        let digits = match &digits {
            None => Some(0),
            Some(digits) => digits.get(row),
        };
        Ok(values.get(row).zip(digits).map(|(x, digits)| rounded(x, digits)))
    })
}

/// `round(n, digits)` of integers: only negative digits change them.
pub(crate) fn round_whole(call: &Call<'_>) -> Answer<Column> {
    let values = ints(call.arg(0)?)?;
    let digits = call.args.get(1).map(ints).transpose()?;
    call.ints(|row| {
        let digits = match &digits {
            None => Some(0),
            Some(digits) => digits.get(row),
        };
        let Some((n, digits)) = values.get(row).zip(digits) else { return Ok(None) };
        if digits >= 0 {
            return Ok(Some(n));
        }
        let Some(scale) = u32::try_from(-digits).ok().and_then(|power| 10_i128.checked_pow(power)) else {
            return Ok(Some(0));
        };
        let half = scale / 2 * i128::from(n.signum());
        match i64::try_from((i128::from(n) + half) / scale * scale).ok().filter(|n| fits(call.ty, *n)) {
            Some(n) => Ok(Some(n)),
            None => call.refuse(row, "out-of-range", || format!("round({n}, {digits}) does not fit {}", call.ty)),
        }
    })
}

/// The sign of a double as -1, 0 or 1.
pub(crate) fn sign(call: &Call<'_>) -> Answer<Column> {
    let values = doubles(call.arg(0)?)?;
    call.ints(|row| {
        Ok(values.get(row).map(|x| {
            if x > 0.0 {
                1
            } else if x < 0.0 {
                -1
            } else {
                0
            }
        }))
    })
}

/// `x // y` of doubles.
pub(crate) fn double_quotient(call: &Call<'_>) -> Answer<Column> {
    let (left, right) = (doubles(call.arg(0)?)?, doubles(call.arg(1)?)?);
    call.doubles(|row| Ok(left.get(row).zip(right.get(row)).filter(|(_, b)| *b != 0.0).map(|(a, b)| a / b)))
}

/// `x % y` of doubles: NaN by zero.
pub(crate) fn double_modulo(call: &Call<'_>) -> Answer<Column> {
    double_binary(call, |a, b| a % b)
}

/// Greatest common divisor.
pub(crate) fn gcd(a: i64, b: i64) -> Option<i64> {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i64::try_from(a).ok()
}

/// Least common multiple.
pub(crate) fn lcm(a: i64, b: i64) -> Option<i64> {
    if a == 0 || b == 0 {
        return Some(0);
    }
    (a / gcd(a, b)?).checked_mul(b)?.checked_abs()
}

/// `n!`
pub(crate) fn factorial(n: i64) -> Option<i64> {
    (1..=n.max(0)).try_fold(1_i64, i64::checked_mul)
}

/// The next even number away from zero.
pub(crate) fn even(x: f64) -> f64 {
    let away = if x < 0.0 { (x / 2.0).floor() } else { (x / 2.0).ceil() };
    away * 2.0
}

/// `<<`; `None` when bits are lost.
pub(crate) fn shift_left(a: i64, b: i64) -> Option<i64> {
    let by = u32::try_from(b).ok()?;
    if by >= 64 {
        return (a == 0).then_some(0);
    }
    let out = a.checked_shl(by)?;
    (a >= 0 && out >> by == a && out >= 0).then_some(out)
}

/// `>>`; 0 past the last bit.
pub(crate) fn shift_right(a: i64, b: i64) -> Option<i64> {
    Some(u32::try_from(b).ok().and_then(|by| a.checked_shr(by)).unwrap_or(0))
}

/// A function of two integers whose result may not fit.
pub(crate) fn bits(call: &Call<'_>, f: impl Fn(i64, i64) -> Option<i64>) -> Answer<Column> {
    let (left, right) = (ints(call.arg(0)?)?, ints(call.arg(1)?)?);
    call.ints(|row| match left.get(row).zip(right.get(row)) {
        None => Ok(None),
        Some((a, b)) => match f(a, b) {
            Some(n) => Ok(Some(n)),
            None => call.refuse(row, "out-of-range", || format!("the result for {a} and {b} does not fit {}", call.ty)),
        },
    })
}

/// A truth about one double.
pub(crate) fn test(call: &Call<'_>, f: impl Fn(f64) -> bool) -> Answer<Column> {
    let values = doubles(call.arg(0)?)?;
    call.bools(|row| Ok(values.get(row).map(&f)))
}

/// Bounds of arc sine and arc cosine.
pub(crate) fn within_one(x: f64) -> Result<(), &'static str> {
    if x.abs() > 1.0 { Err("arc sine and arc cosine are defined from -1 to 1") } else { Ok(()) }
}

/// `log(base, x)`.
pub(crate) fn logarithm_to_base(call: &Call<'_>) -> Answer<Column> {
    let (bases, values) = (doubles(call.arg(0)?)?, doubles(call.arg(1)?)?);
    call.doubles(|row| match bases.get(row).zip(values.get(row)) {
        None => Ok(None),
        Some((base, x)) if base <= 0.0 || x <= 0.0 => {
            call.refuse(row, "out-of-range", || "cannot take the logarithm of zero or a negative number".to_owned())
        }
        Some((base, x)) => Ok(Some(x.ln() / base.ln())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        // As DuckDB 1.4.4 prints them.
        assert_eq!(
            (rounded(2.5, 0), rounded(-2.5, 0), rounded(2.675, 2), rounded(1234.567, -2)),
            (3.0, -3.0, 2.68, 1200.0)
        );
    }
}
