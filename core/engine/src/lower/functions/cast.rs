//! Conversions between types, as DuckDB's CAST and TRY_CAST do them.

use almanac_model::{Type, Value};
use polars_core::prelude::{Column, PlSmallStr};

use crate::calendar::DAY;
use crate::lower::call::{Answer, Call};
use crate::physical::{self, Cells, doubles, ints, texts};
use crate::text_form;

/// The first integer above those a double of 64 bits can hold.
const LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// Converts a column of type `from` to the type of the call. `lenient` gives NULL where a value does not convert.
pub(crate) fn cast(call: &Call<'_>, from: Type, lenient: bool) -> Answer<Column> {
    let input = call.arg(0)?;
    let failed = |row: usize, value: String| refused::<i64>(call, lenient, row, &value);
    match (from, call.ty) {
        (from, to) if from == to => Ok(input.clone()),
        (from, to) if from.is_nested() && to.is_nested() => {
            super::list::cast(call, from, &|call, from| cast(call, from, lenient))
        }
        (Type::Null, to) => Ok(Column::full_null(PlSmallStr::EMPTY, input.len(), &physical::dtype(to))),
        (Type::Integer, Type::BigInt) | (Type::Integer | Type::BigInt, Type::Double) => {
            Ok(input.cast(&physical::dtype(call.ty))?)
        }
        (Type::BigInt | Type::Double, Type::Integer) | (Type::Double, Type::BigInt) => {
            let cells = Cells::new(input)?;
            let (low, high) = if call.ty == Type::Integer {
                (i64::from(i32::MIN), i64::from(i32::MAX))
            } else {
                (i64::MIN, i64::MAX)
            };
            call.ints(|row| match &cells {
                Cells::Doubles(values) => match values.get(row) {
                    None => Ok(None),
                    // Half to even, as the processor rounds; DuckDB does the same.
                    Some(x) => {
                        let whole = x.round_ties_even();
                        if (-LIMIT..LIMIT).contains(&whole) && (low..=high).contains(&(whole as i64)) {
                            Ok(Some(whole as i64))
                        } else {
                            failed(row, text_form::double(x))
                        }
                    }
                },
                Cells::Ints(values) => match values.get(row) {
                    Some(n) if !(low..=high).contains(&n) => failed(row, n.to_string()),
                    other => Ok(other),
                },
                _ => Ok(None),
            })
        }
        (Type::Boolean, Type::Integer | Type::BigInt) => {
            let values = physical::bools(input)?;
            call.ints(|row| Ok(values.get(row).map(i64::from)))
        }
        (Type::Boolean, Type::Double) => {
            let values = physical::bools(input)?;
            call.doubles(|row| Ok(values.get(row).map(f64::from)))
        }
        (Type::Integer | Type::BigInt, Type::Boolean) => {
            let values = ints(input)?;
            call.bools(|row| Ok(values.get(row).map(|n| n != 0)))
        }
        (Type::Double, Type::Boolean) => {
            let values = doubles(input)?;
            call.bools(|row| Ok(values.get(row).map(|x| x != 0.0)))
        }
        (Type::Date, Type::Timestamp) => {
            let values = ints(input)?;
            call.ints(|row| match values.get(row) {
                None => Ok(None),
                Some(days) => {
                    days.checked_mul(DAY).map_or_else(|| failed(row, text_form::date(days)), |micros| Ok(Some(micros)))
                }
            })
        }
        (Type::Timestamp, Type::Date) => {
            let values = ints(input)?;
            call.ints(|row| Ok(values.get(row).map(|micros| micros.div_euclid(DAY))))
        }
        (Type::Timestamp, Type::Time) => {
            let values = ints(input)?;
            call.ints(|row| Ok(values.get(row).map(|micros| micros.rem_euclid(DAY))))
        }
        (Type::Time, Type::Interval) => {
            let values = ints(input)?;
            call.intervals(|row| {
                Ok(values.get(row).map(|micros| almanac_model::Interval { micros, ..Default::default() }))
            })
        }
        (_, Type::Varchar) => {
            let cells = Cells::new(input)?;
            call.texts(|row| Ok(text_form::of(&cells.value(row, from))))
        }
        (Type::Varchar, to) => from_text(call, input, to, lenient),
        (from, to) => call.texts::<&str>(|row| {
            call.refuse(row, "conversion-failed", || format!("a value of type {from} cannot be converted to {to}"))
        }),
    }
}

/// A value that does not convert: NULL, or an error where it is wanted.
fn refused<T>(call: &Call<'_>, lenient: bool, row: usize, value: &str) -> Answer<Option<T>> {
    if lenient {
        return Ok(None);
    }
    call.refuse(row, "conversion-failed", || format!("cannot convert {value} to {}", call.ty))
}

fn from_text(call: &Call<'_>, input: &Column, to: Type, lenient: bool) -> Answer<Column> {
    let values = texts(input)?;
    let mut out = Vec::with_capacity(call.rows);
    for row in 0..call.rows {
        let value = match values.get(row) {
            None => Value::Null,
            Some(text) => match text_form::parse(text, to) {
                Some(value) => value,
                None => refused(call, lenient, row, &format!("'{}'", shortened(text)))?.unwrap_or(Value::Null),
            },
        };
        out.push(value);
    }
    Ok(physical::value_column(PlSmallStr::EMPTY, to, &out))
}

fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
