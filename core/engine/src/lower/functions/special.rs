//! Mathematics beyond arithmetic: rounding to even, the gamma function, digits in other bases.

use polars_core::prelude::Column;

use super::number;
use crate::lower::call::{Answer, Call};
use crate::physical::{doubles, ints};

/// Half to even, to `digits` places after the point (before it when negative).
fn rounded_even(x: f64, digits: i64) -> f64 {
    let scale = 10_f64.powi(i32::try_from(digits.abs()).unwrap_or(i32::MAX));
    let out = if digits < 0 { (x / scale).round_ties_even() * scale } else { (x * scale).round_ties_even() / scale };
    match (out.is_finite(), digits < 0) {
        (true, _) => out,
        (false, true) => 0.0,
        (false, false) => x,
    }
}

/// `round_even(x, digits)`.
pub(crate) fn round_even(call: &Call<'_>) -> Answer<Column> {
    let (values, digits) = (doubles(call.arg(0)?)?, ints(call.arg(1)?)?);
    call.doubles(|row| Ok(values.get(row).zip(digits.get(row)).map(|(x, digits)| rounded_even(x, digits))))
}

/// `trunc(x)`, `trunc(x, digits)`.
pub(crate) fn trunc(call: &Call<'_>) -> Answer<Column> {
    if call.args.len() == 1 {
        return number::double_unary(call, f64::trunc);
    }
    let (values, digits) = (doubles(call.arg(0)?)?, ints(call.arg(1)?)?);
    call.doubles(|row| {
        Ok(values.get(row).zip(digits.get(row)).map(|(x, digits)| {
            let scale = 10_f64.powi(i32::try_from(digits.abs()).unwrap_or(i32::MAX));
            let out = if digits < 0 { (x / scale).trunc() * scale } else { (x * scale).trunc() / scale };
            if out.is_finite() { out } else { x }
        }))
    })
}

/// `trunc(n, digits)` of integers: only negative digits change them.
pub(crate) fn trunc_whole(call: &Call<'_>) -> Answer<Column> {
    if call.args.len() == 1 {
        return Ok(call.arg(0)?.clone());
    }
    number::bits(call, |n, digits| {
        let power = u32::try_from(digits.saturating_neg().max(0)).unwrap_or(u32::MAX);
        Some(10_i64.checked_pow(power).map_or(0, |scale| n / scale * scale))
    })
}

/// Remainder with the sign of the divisor.
pub(crate) fn floor_mod(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}

/// The gamma function; an error at zero.
pub(crate) fn gamma(call: &Call<'_>) -> Answer<Column> {
    number::double_within(
        call,
        |x| if x == 0.0 { Err("the gamma function has no value at zero") } else { Ok(()) },
        libm::tgamma,
    )
}

/// Its logarithm; an error at zero.
pub(crate) fn log_gamma(call: &Call<'_>) -> Answer<Column> {
    number::double_within(
        call,
        |x| if x == 0.0 { Err("the gamma function has no value at zero") } else { Ok(()) },
        libm::lgamma,
    )
}

/// Bounds of the inverse hyperbolic tangent.
pub(crate) fn within_tanh(x: f64) -> Result<(), &'static str> {
    if x.abs() > 1.0 { Err("atanh is defined from -1 to 1") } else { Ok(()) }
}

/// The neighbour of a double in a direction.
pub(crate) fn next_after(x: f64, to: f64) -> f64 {
    if x.is_nan() || to.is_nan() {
        f64::NAN
    } else if to > x {
        x.next_up()
    } else if to < x {
        x.next_down()
    } else {
        to
    }
}

/// `to_base(n, radix)`, `to_base(n, radix, digits)`.
pub(crate) fn to_base(call: &Call<'_>) -> Answer<Column> {
    let (values, bases) = (ints(call.arg(0)?)?, ints(call.arg(1)?)?);
    let lengths = call.args.get(2).map(ints).transpose()?;
    call.texts(|row| {
        let length = lengths.as_ref().map_or(Some(0), |lengths| lengths.get(row));
        let (Some(n), Some(base), Some(length)) = (values.get(row), bases.get(row), length) else { return Ok(None) };
        if n < 0 || !(2..=36).contains(&base) || !(0..=64).contains(&length) {
            return call.refuse(row, "out-of-range", || {
                "to_base takes a number that is not negative, a base of 2 to 36 and a length of up to 64".to_owned()
            });
        }
        let (mut rest, mut digits) = (n, Vec::new());
        while rest > 0 || digits.len() < (length.max(1)) as usize {
            digits.push(char::from_digit((rest % base) as u32, base as u32).unwrap_or('0').to_ascii_uppercase());
            rest /= base;
        }
        Ok(Some(digits.iter().rev().collect::<String>()))
    })
}
