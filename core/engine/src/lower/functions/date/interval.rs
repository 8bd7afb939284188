//! Sums, differences and multiples of dates and intervals.

use almanac_model::{Interval, Type};
use almanac_sql::functions::DatePart as Part;
use polars_core::prelude::Column;

use super::{Instants, out};
use crate::calendar::{self, DAY, HOUR, MINUTE, SECOND};
use crate::lower::call::{Answer, Call};
use crate::physical::{doubles, intervals, ints};

/// Instant ± interval; a TIME goes round the clock.
pub(crate) fn shift(call: &Call<'_>, ty: Type, instant_at: usize, forward: bool) -> Answer<Column> {
    let values = Instants::new(call.arg(instant_at)?, ty)?;
    let by = intervals(call.arg(1 - instant_at)?)?;
    call.ints(|row| {
        let Some((micros, by)) = values.get(row).zip(by.get(row)) else { return Ok(None) };
        let by = if forward { Some(by) } else { negated(by) };
        if ty == Type::Time {
            return Ok(by.map(|by| micros.wrapping_add(by.micros % DAY).rem_euclid(DAY)));
        }
        match by.and_then(|by| calendar::add_interval(micros, by)) {
            Some(micros) => Ok(Some(out(call, micros))),
            None => call.refuse(row, "out-of-range", || "the date lies outside of the calendar".to_owned()),
        }
    })
}

/// Date ± days.
pub(crate) fn shift_days(call: &Call<'_>, date_at: usize, forward: bool) -> Answer<Column> {
    let (values, days) = (ints(call.arg(date_at)?)?, ints(call.arg(1 - date_at)?)?);
    call.ints(|row| {
        let Some((date, days)) = values.get(row).zip(days.get(row)) else { return Ok(None) };
        let moved = if forward { date.checked_add(days) } else { date.checked_sub(days) };
        match moved.filter(|date| i32::try_from(*date).is_ok()) {
            Some(date) => Ok(Some(date)),
            None => call.refuse(row, "out-of-range", || "the date lies outside of the calendar".to_owned()),
        }
    })
}

/// The interval turned round; `None` at the end of its range.
pub(crate) fn negated(parts: Interval) -> Option<Interval> {
    Some(Interval {
        months: parts.months.checked_neg()?,
        days: parts.days.checked_neg()?,
        micros: parts.micros.checked_neg()?,
    })
}

/// Timestamp - timestamp: days and microseconds, never months.
pub(crate) fn between(call: &Call<'_>, types: (Type, Type)) -> Answer<Column> {
    let (left, right) = (Instants::new(call.arg(0)?, types.0)?, Instants::new(call.arg(1)?, types.1)?);
    call.intervals(|row| {
        Ok(left.get(row).zip(right.get(row)).map(|(a, b)| {
            let micros = a.saturating_sub(b);
            Interval { months: 0, days: i32::try_from(micros / DAY).unwrap_or(i32::MAX), micros: micros % DAY }
        }))
    })
}

/// `age(a, b)`: years, months, days and time between, field by field; days are borrowed from the earlier date's month.
/// Source: `timestamp_age` of PostgreSQL, which DuckDB follows.
pub(crate) fn age(a: i64, b: i64) -> Interval {
    if a < b {
        let turned = age(b, a);
        return negated(turned).unwrap_or(turned);
    }
    let (later, earlier) = (calendar::civil(a.div_euclid(DAY)), calendar::civil(b.div_euclid(DAY)));
    let mut micros = a.rem_euclid(DAY) - b.rem_euclid(DAY);
    let mut days = i64::from(later.day) - i64::from(earlier.day);
    let mut months = (later.year - earlier.year) * 12 + i64::from(later.month) - i64::from(earlier.month);
    if micros < 0 {
        micros += DAY;
        days -= 1;
    }
    if days < 0 {
        days += i64::from(calendar::month_length(earlier.year, earlier.month));
        months -= 1;
    }
    Interval { months: i32::try_from(months).unwrap_or(i32::MAX), days: days as i32, micros }
}

/// Interval arithmetic, part by part.
pub(crate) fn interval_sum(call: &Call<'_>, forward: bool) -> Answer<Column> {
    let (left, right) = (intervals(call.arg(0)?)?, intervals(call.arg(1)?)?);
    call.intervals(|row| {
        let Some((a, b)) = left.get(row).zip(right.get(row)) else { return Ok(None) };
        let sum = (if forward { Some(b) } else { negated(b) }).and_then(|b| {
            Some(Interval {
                months: a.months.checked_add(b.months)?,
                days: a.days.checked_add(b.days)?,
                micros: a.micros.checked_add(b.micros)?,
            })
        });
        match sum {
            Some(sum) => Ok(Some(sum)),
            None => call.refuse(row, "out-of-range", || "the interval is too long".to_owned()),
        }
    })
}

/// Interval × number, interval / number: fractions of months become days of 30, fractions of days become time.
pub(crate) fn interval_times(call: &Call<'_>, interval_at: usize, divide: bool) -> Answer<Column> {
    let (left, right) = (intervals(call.arg(interval_at)?)?, doubles(call.arg(1 - interval_at)?)?);
    call.intervals(|row| {
        let Some((a, x)) = left.get(row).zip(right.get(row)) else { return Ok(None) };
        if divide && x == 0.0 {
            return Ok(None);
        }
        let x = if divide { 1.0 / x } else { x };
        let months = f64::from(a.months) * x;
        let days = f64::from(a.days) * x + months.fract() * 30.0;
        let micros = a.micros as f64 * x + days.fract() * DAY as f64;
        let fits = |value: f64, limit: f64| value.is_finite() && value.abs() < limit;
        if !(fits(months, 2e9) && fits(days, 2e9) && fits(micros, 9e18)) {
            return call.refuse(row, "out-of-range", || "the interval is too long".to_owned());
        }
        Ok(Some(Interval { months: months.trunc() as i32, days: days.trunc() as i32, micros: micros.round() as i64 }))
    })
}

/// Date + time of day.
pub(crate) fn at_time(call: &Call<'_>) -> Answer<Column> {
    let (dates, times) = (ints(call.arg(0)?)?, ints(call.arg(1)?)?);
    call.ints(|row| {
        Ok(dates.get(row).zip(times.get(row)).map(|(date, time)| date.saturating_mul(DAY).saturating_add(time)))
    })
}

/// Date - date in days.
pub(crate) fn days_between(call: &Call<'_>) -> Answer<Column> {
    let (left, right) = (ints(call.arg(0)?)?, ints(call.arg(1)?)?);
    call.ints(|row| Ok(left.get(row).zip(right.get(row)).map(|(a, b)| a - b)))
}

/// `age(a, b)`.
pub(crate) fn ages(call: &Call<'_>, types: (Type, Type)) -> Answer<Column> {
    let (left, right) = (Instants::new(call.arg(0)?, types.0)?, Instants::new(call.arg(1)?, types.1)?);
    call.intervals(|row| Ok(left.get(row).zip(right.get(row)).map(|(a, b)| age(a, b))))
}

/// The interval turned round.
pub(crate) fn negate(call: &Call<'_>) -> Answer<Column> {
    let values = intervals(call.arg(0)?)?;
    call.intervals(|row| match values.get(row).map(negated) {
        None => Ok(None),
        Some(Some(parts)) => Ok(Some(parts)),
        Some(None) => call.refuse(row, "out-of-range", || "the interval is too long".to_owned()),
    })
}

/// An interval of `n` of a unit: `to_days(n)`.
pub(crate) fn interval_of(call: &Call<'_>, unit: Part) -> Answer<Column> {
    if call.arg(0)?.dtype() == &polars_core::prelude::DataType::Float64 {
        let per = match unit {
            Part::Second => SECOND,
            Part::Millisecond => 1000,
            _ => 1,
        };
        let numbers = doubles(call.arg(0)?)?;
        return call.intervals(|row| {
            let micros = numbers.get(row).map(|x| (x * per as f64).round());
            match micros {
                Some(micros) if micros.abs() >= 9e18 || micros.is_nan() => {
                    call.refuse(row, "out-of-range", || "the interval is too long".to_owned())
                }
                other => Ok(other.map(|micros| Interval { micros: micros as i64, ..Interval::default() })),
            }
        });
    }
    let numbers = ints(call.arg(0)?)?;
    call.intervals(|row| {
        let Some(n) = numbers.get(row) else { return Ok(None) };
        let months =
            |per: i64| Some(Interval { months: i32::try_from(n.checked_mul(per)?).ok()?, ..Interval::default() });
        let days = |per: i64| Some(Interval { days: i32::try_from(n.checked_mul(per)?).ok()?, ..Interval::default() });
        let micros = |per: i64| Some(Interval { micros: n.checked_mul(per)?, ..Interval::default() });
        let made = match unit {
            Part::Millennium => months(12_000),
            Part::Century => months(1_200),
            Part::Decade => months(120),
            Part::Year | Part::IsoYear => months(12),
            Part::Quarter => months(3),
            Part::Month => months(1),
            Part::Week | Part::YearWeek => days(7),
            Part::Day | Part::DayOfWeek | Part::IsoDayOfWeek | Part::DayOfYear | Part::Era | Part::Julian => days(1),
            Part::Hour => micros(HOUR),
            Part::Minute => micros(MINUTE),
            Part::Second | Part::Epoch => micros(SECOND),
            Part::Millisecond => micros(1000),
            Part::Microsecond => micros(1),
        };
        match made {
            Some(made) => Ok(Some(made)),
            None => call.refuse(row, "out-of-range", || "the interval is too long".to_owned()),
        }
    })
}

/// Days of 24 hours and months of 30 days carried over, each with the sign of the whole.
pub(crate) fn normalized_intervals(call: &Call<'_>) -> Answer<Column> {
    let values = intervals(call.arg(0)?)?;
    call.intervals(|row| {
        Ok(values.get(row).map(|parts| {
            let carried = i64::from(parts.days) + parts.micros / DAY;
            let months = i64::from(parts.months) + carried / 30;
            Interval {
                months: i32::try_from(months).unwrap_or(i32::MAX),
                days: (carried % 30) as i32,
                micros: parts.micros % DAY,
            }
        }))
    })
}

/// Whole units of an interval: `date_trunc('month', interval '40 days')`.
pub(crate) fn truncated_intervals(call: &Call<'_>, part: Part) -> Answer<Column> {
    let values = intervals(call.arg(0)?)?;
    let in_months =
        |months: i32| move |parts: Interval| Interval { months: parts.months / months * months, ..Interval::default() };
    let in_time = |unit: i64| move |parts: Interval| Interval { micros: parts.micros / unit * unit, ..parts };
    let cut = |parts: Interval| match part {
        Part::Millennium => in_months(12_000)(parts),
        Part::Century => in_months(1_200)(parts),
        Part::Decade => in_months(120)(parts),
        Part::Year | Part::IsoYear => in_months(12)(parts),
        Part::Quarter => in_months(3)(parts),
        Part::Month => in_months(1)(parts),
        Part::Week | Part::YearWeek => Interval { days: parts.days / 7 * 7, micros: 0, ..parts },
        Part::Day | Part::DayOfWeek | Part::IsoDayOfWeek | Part::DayOfYear | Part::Era | Part::Julian => {
            Interval { micros: 0, ..parts }
        }
        Part::Hour => in_time(HOUR)(parts),
        Part::Minute => in_time(MINUTE)(parts),
        Part::Second | Part::Epoch => in_time(SECOND)(parts),
        Part::Millisecond => in_time(1000)(parts),
        Part::Microsecond => parts,
    };
    call.intervals(|row| Ok(values.get(row).map(cut)))
}
