//! Dates, times and intervals. Dates are computed in microseconds like timestamps and cut back to days at the end.

mod format;
mod interval;
mod part;

use almanac_model::{Interval, Type};
use almanac_sql::functions::DatePart as Part;
use polars_core::prelude::Column;

use crate::calendar::{self, Civil, DAY, HOUR, MINUTE, SECOND};
use crate::lower::call::{Answer, Call};
use crate::physical::{Ints, doubles, intervals, ints};

pub(crate) use format::*;
pub(crate) use interval::*;
pub(crate) use part::Calendar;

/// Instants of a column of dates or timestamps, in microseconds.
pub(crate) struct Instants {
    values: Ints,
    unit: i64,
}

impl Instants {
    /// Of a column of type `ty`.
    pub(crate) fn new(column: &Column, ty: Type) -> Answer<Self> {
        Ok(Self { values: ints(column)?, unit: if ty == Type::Date { DAY } else { 1 } })
    }

    /// The instant of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<i64> {
        self.values.get(row).map(|value| value.saturating_mul(self.unit))
    }
}

/// Microseconds in the unit of the call's type.
fn out(call: &Call<'_>, micros: i64) -> i64 {
    if call.ty == Type::Date { micros.div_euclid(DAY) } else { micros }
}

/// A part of a date, time, timestamp or interval.
pub(crate) fn field(call: &Call<'_>, part: Part, ty: Type) -> Answer<Column> {
    if ty == Type::Interval {
        let values = intervals(call.arg(0)?)?;
        if call.ty == Type::Double {
            let seconds = |parts: Interval| part.of_interval(parts) as f64 + (parts.micros % SECOND) as f64 / 1e6;
            return call.doubles(|row| Ok(values.get(row).map(seconds)));
        }
        return call.ints(|row| Ok(values.get(row).map(|parts| part.of_interval(parts))));
    }
    let values = Instants::new(call.arg(0)?, ty)?;
    if call.ty == Type::Double {
        // Epochs keep their fraction.
        return call.doubles(|row| {
            Ok(values
                .get(row)
                .map(|micros| if part == Part::Epoch { micros as f64 / 1e6 } else { part.of(micros) as f64 }))
        });
    }
    call.ints(|row| Ok(values.get(row).map(|micros| part.of(micros))))
}

/// The start of the unit an instant lies in.
pub(crate) fn truncate(call: &Call<'_>, part: Part, ty: Type) -> Answer<Column> {
    let values = Instants::new(call.arg(0)?, ty)?;
    call.ints(|row| Ok(values.get(row).map(|micros| out(call, part.truncated(micros)))))
}

/// `date_diff` counts boundaries, `date_sub` whole units.
pub(crate) fn difference(call: &Call<'_>, part: Part, types: (Type, Type), boundaries: bool) -> Answer<Column> {
    let (from, to) = (Instants::new(call.arg(0)?, types.0)?, Instants::new(call.arg(1)?, types.1)?);
    call.ints(|row| {
        Ok(from
            .get(row)
            .zip(to.get(row))
            .map(|(from, to)| if boundaries { part.boundaries(from, to) } else { part.completed(from, to) }))
    })
}

/// `time_bucket(length, instant)`: the start of the bucket, counted from Monday 2000-01-03, in months from 2000-01-01.
pub(crate) fn bucket(call: &Call<'_>, ty: Type) -> Answer<Column> {
    let lengths = intervals(call.arg(0)?)?;
    let values = Instants::new(call.arg(1)?, ty)?;
    let (monday, january) = (10_959 * DAY, 2000 * 12);
    call.ints(|row| {
        let Some((length, micros)) = lengths.get(row).zip(values.get(row)) else { return Ok(None) };
        let bad = || {
            call.refuse(row, "out-of-range", || {
                "a bucket is either some months or some days and time, above zero".to_owned()
            })
        };
        if length.months > 0 && length.days == 0 && length.micros == 0 {
            let civil = calendar::civil(micros.div_euclid(DAY));
            let months = civil.year * 12 + i64::from(civil.month) - 1 - january;
            let start = months.div_euclid(i64::from(length.months)) * i64::from(length.months) + january;
            let first = Civil { year: start.div_euclid(12), month: start.rem_euclid(12) as u32 + 1, day: 1 };
            return Ok(Some(out(call, calendar::days(first) * DAY)));
        }
        let width = i64::from(length.days).saturating_mul(DAY).saturating_add(length.micros);
        if length.months != 0 || width <= 0 {
            return bad();
        }
        Ok(Some(out(call, (micros - monday).div_euclid(width) * width + monday)))
    })
}

/// `make_timestamp(micros)`, `make_timestamp(year, month, day, hour, minute, second)`.
pub(crate) fn make_timestamp(call: &Call<'_>) -> Answer<Column> {
    if call.args.len() == 1 {
        return Ok(call.arg(0)?.clone());
    }
    let whole = (0..5).map(|at| Ok(ints(call.arg(at)?)?)).collect::<Answer<Vec<_>>>()?;
    let seconds = doubles(call.arg(5)?)?;
    call.ints(|row| {
        let parts: Option<Vec<i64>> = whole.iter().map(|values| values.get(row)).collect();
        let Some((parts, second)) = parts.zip(seconds.get(row)) else { return Ok(None) };
        let made = || {
            let days = calendar::checked_days(parts[0], u32::try_from(parts[1]).ok()?, u32::try_from(parts[2]).ok()?)?;
            let in_day = (0..24).contains(&parts[3]) && (0..60).contains(&parts[4]) && (0.0..60.0).contains(&second);
            in_day.then(|| i64::from(days) * DAY + parts[3] * HOUR + parts[4] * MINUTE + (second * 1e6).round() as i64)
        };
        match made() {
            Some(micros) => Ok(Some(micros)),
            None => call.refuse(row, "out-of-range", || format!("there is no such time: {parts:?} {second}")),
        }
    })
}

/// Milliseconds since 1970 to a timestamp, and back.
pub(crate) fn epoch_ms(call: &Call<'_>, from: Type) -> Answer<Column> {
    let values = ints(call.arg(0)?)?;
    call.ints(|row| match (values.get(row), from) {
        (None, _) => Ok(None),
        (Some(micros), Type::Timestamp) => Ok(Some(micros.div_euclid(1000))),
        (Some(millis), _) => match millis.checked_mul(1000) {
            Some(micros) => Ok(Some(micros)),
            None => call.refuse(row, "out-of-range", || "the date lies outside of the calendar".to_owned()),
        },
    })
}

/// `make_date(year, month, day)`.
pub(crate) fn make_date(call: &Call<'_>) -> Answer<Column> {
    let (years, months, days) = (ints(call.arg(0)?)?, ints(call.arg(1)?)?, ints(call.arg(2)?)?);
    call.ints(|row| {
        let (Some(year), Some(month), Some(day)) = (years.get(row), months.get(row), days.get(row)) else {
            return Ok(None);
        };
        let made = u32::try_from(month)
            .ok()
            .zip(u32::try_from(day).ok())
            .and_then(|(m, d)| calendar::checked_days(year, m, d));
        match made {
            Some(days) => Ok(Some(i64::from(days))),
            None => call.refuse(row, "out-of-range", || format!("there is no day {year}-{month}-{day}")),
        }
    })
}

/// Last day of the month.
pub(crate) fn last_day(call: &Call<'_>, ty: Type) -> Answer<Column> {
    let values = Instants::new(call.arg(0)?, ty)?;
    call.ints(|row| {
        Ok(values.get(row).map(|micros| {
            let civil = calendar::civil(micros.div_euclid(DAY));
            calendar::days(Civil { day: calendar::month_length(civil.year, civil.month), ..civil })
        }))
    })
}
