//! `+ - * / // %` by the types of their arguments.

use almanac_model::Type;
use polars_core::prelude::Column;

use super::date;
use super::number::{self, Whole};
use crate::lower::call::{Answer, Call};

fn pair(types: &[Type]) -> (Type, Type) {
    (types.first().copied().unwrap_or(Type::Null), types.get(1).copied().unwrap_or(Type::Null))
}

/// `+`
pub(crate) fn add(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    match pair(types) {
        (Type::Double, _) | (_, Type::Double) => number::double_binary(call, |a, b| a + b),
        (Type::Interval, Type::Interval) => date::interval_sum(call, true),
        (ty @ (Type::Date | Type::Timestamp | Type::Time), Type::Interval) => date::shift(call, ty, 0, true),
        (Type::Interval, ty) => date::shift(call, ty, 1, true),
        (Type::Date, Type::Time) => date::at_time(call),
        (Type::Date, _) => date::shift_days(call, 0, true),
        (_, Type::Date) => date::shift_days(call, 1, true),
        _ => number::whole(call, Whole::Add),
    }
}

/// `-`
pub(crate) fn subtract(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    match pair(types) {
        (Type::Double, _) | (_, Type::Double) => number::double_binary(call, |a, b| a - b),
        (Type::Interval, Type::Interval) => date::interval_sum(call, false),
        (ty, Type::Interval) => date::shift(call, ty, 0, false),
        (Type::Date, Type::Date) => date::days_between(call),
        (Type::Date, Type::Integer | Type::BigInt) => date::shift_days(call, 0, false),
        (a @ (Type::Timestamp | Type::Date | Type::Time), b) => date::between(call, (a, b)),
        _ => number::whole(call, Whole::Subtract),
    }
}

/// `*`
pub(crate) fn multiply(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    match pair(types) {
        (Type::Interval, _) => date::interval_times(call, 0, false),
        (_, Type::Interval) => date::interval_times(call, 1, false),
        (Type::Double, _) | (_, Type::Double) => number::double_binary(call, |a, b| a * b),
        _ => number::whole(call, Whole::Multiply),
    }
}

/// `/`
pub(crate) fn divide(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    match pair(types) {
        (Type::Interval, _) => date::interval_times(call, 0, true),
        _ => number::double_binary(call, |a, b| a / b),
    }
}

/// `//`: of doubles the quotient itself, and NULL by zero, as in DuckDB.
pub(crate) fn whole_divide(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    match pair(types) {
        (Type::Double, _) | (_, Type::Double) => number::double_quotient(call),
        _ => number::whole(call, Whole::Divide),
    }
}

/// `%`
pub(crate) fn modulo(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    match pair(types) {
        (Type::Double, _) | (_, Type::Double) => number::double_modulo(call),
        _ => number::whole(call, Whole::Modulo),
    }
}

/// `-x`
pub(crate) fn negate(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    match types.first() {
        Some(Type::Double) => number::double_unary(call, |x| -x),
        Some(Type::Interval) => date::negate(call),
        _ => number::whole_unary(call, "-", i64::checked_neg),
    }
}
