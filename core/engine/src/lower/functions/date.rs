//! Dates, times and intervals. Dates are computed in microseconds like timestamps and cut back to days at the end.

use almanac_model::{Interval, Type};
use almanac_sql::functions::DatePart as Part;
use polars_core::prelude::Column;

use crate::calendar::{self, Civil, DAY, HOUR, MINUTE, SECOND};
use crate::lower::call::{Answer, Call};
use crate::physical::{Ints, doubles, intervals, ints, texts};
use crate::text_form;

/// What a part of a date means. The parts are the registry's.
pub(crate) trait Calendar: Sized + Copy {
    /// The field's value at an instant.
    fn of(self, micros: i64) -> i64;
    /// The field of an interval.
    fn of_interval(self, parts: Interval) -> i64;
    /// The start of the unit the instant lies in.
    fn truncated(self, micros: i64) -> i64;
    /// Boundaries of the unit between two instants: `date_diff`.
    fn boundaries(self, from: i64, to: i64) -> i64;
    /// Whole units between two instants: `date_sub`.
    fn completed(self, from: i64, to: i64) -> i64;
}

impl Calendar for Part {
    fn of(self, micros: i64) -> i64 {
        let (day, time) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        let civil = || calendar::civil(day);
        match self {
            Self::Millennium => century(civil().year, 1000),
            Self::Century => century(civil().year, 100),
            Self::Decade => civil().year.div_euclid(10),
            Self::Year => civil().year,
            Self::IsoYear => calendar::iso_week(day).0,
            Self::Quarter => i64::from(civil().month - 1) / 3 + 1,
            Self::Month => i64::from(civil().month),
            Self::Week => calendar::iso_week(day).1,
            Self::Day => i64::from(civil().day),
            Self::DayOfWeek => calendar::iso_weekday(day) % 7,
            Self::IsoDayOfWeek => calendar::iso_weekday(day),
            Self::DayOfYear => calendar::day_of_year(day),
            Self::YearWeek => {
                let (year, week) = calendar::iso_week(day);
                year * 100 + if year > 0 { week } else { -week }
            }
            Self::Hour => time / HOUR,
            Self::Minute => time / MINUTE % 60,
            Self::Second => time / SECOND % 60,
            Self::Millisecond => time % MINUTE / 1000,
            Self::Microsecond => time % MINUTE,
            Self::Epoch => micros.div_euclid(SECOND),
        }
    }

    fn of_interval(self, parts: Interval) -> i64 {
        let (months, micros) = (i64::from(parts.months), parts.micros);
        match self {
            Self::Millennium => months / 12_000,
            Self::Century => months / 1_200,
            Self::Decade => months / 120,
            Self::Year | Self::IsoYear => months / 12,
            Self::Quarter => months % 12 / 3 + 1,
            Self::Month => months % 12,
            Self::Day => i64::from(parts.days),
            Self::Hour => micros / HOUR,
            Self::Minute => micros % HOUR / MINUTE,
            Self::Second => micros % MINUTE / SECOND,
            Self::Millisecond => micros % MINUTE / 1000,
            Self::Microsecond => micros % MINUTE,
            Self::Week => i64::from(parts.days) / 7,
            Self::Epoch => {
                // Years of 365.25 days, as in DuckDB.
                let (years, months) = (months / 12, months % 12);
                (years * 31_557_600) + months * 2_592_000 + i64::from(parts.days) * 86_400 + micros / SECOND
            }
            Self::DayOfWeek | Self::IsoDayOfWeek | Self::DayOfYear | Self::YearWeek => 0,
        }
    }

    fn truncated(self, micros: i64) -> i64 {
        let day = micros.div_euclid(DAY);
        let first_of = |year: i64, month: u32| calendar::days(Civil { year, month, day: 1 }) * DAY;
        let civil = calendar::civil(day);
        match self {
            Self::Millennium => first_of(civil.year.div_euclid(1000) * 1000, 1),
            Self::Century => first_of(civil.year.div_euclid(100) * 100, 1),
            Self::Decade => first_of(civil.year.div_euclid(10) * 10, 1),
            Self::Year => first_of(civil.year, 1),
            Self::IsoYear => {
                let fourth = calendar::days(Civil { year: calendar::iso_week(day).0, month: 1, day: 4 });
                (fourth - calendar::iso_weekday(fourth) + 1) * DAY
            }
            Self::Quarter => first_of(civil.year, (civil.month - 1) / 3 * 3 + 1),
            Self::Month => first_of(civil.year, civil.month),
            Self::Week | Self::YearWeek => (day - calendar::iso_weekday(day) + 1) * DAY,
            Self::Day | Self::DayOfWeek | Self::IsoDayOfWeek | Self::DayOfYear => day * DAY,
            Self::Hour => micros.div_euclid(HOUR) * HOUR,
            Self::Minute => micros.div_euclid(MINUTE) * MINUTE,
            Self::Second | Self::Epoch => micros.div_euclid(SECOND) * SECOND,
            Self::Millisecond => micros.div_euclid(1000) * 1000,
            Self::Microsecond => micros,
        }
    }

    fn boundaries(self, from: i64, to: i64) -> i64 {
        if matches!(self, Self::Week | Self::YearWeek) {
            // Weeks are not counted by their Mondays: DuckDB takes the distance.
            return (to - from) / (7 * DAY);
        }
        let count = |micros: i64| {
            let day = micros.div_euclid(DAY);
            let civil = calendar::civil(day);
            match self {
                Self::Millennium => civil.year.div_euclid(1000),
                Self::Century => civil.year.div_euclid(100),
                Self::Decade => civil.year.div_euclid(10),
                Self::Year => civil.year,
                Self::IsoYear => calendar::iso_week(day).0,
                Self::Quarter => civil.year * 4 + i64::from(civil.month - 1) / 3,
                Self::Month => civil.year * 12 + i64::from(civil.month),
                Self::Week | Self::YearWeek | Self::Day | Self::DayOfWeek | Self::IsoDayOfWeek | Self::DayOfYear => day,
                Self::Hour => micros.div_euclid(HOUR),
                Self::Minute => micros.div_euclid(MINUTE),
                Self::Second | Self::Epoch => micros.div_euclid(SECOND),
                Self::Millisecond => micros.div_euclid(1000),
                Self::Microsecond => micros,
            }
        };
        count(to) - count(from)
    }

    fn completed(self, from: i64, to: i64) -> i64 {
        let months = match self {
            Self::Millennium => 12_000,
            Self::Century => 1_200,
            Self::Decade => 120,
            Self::Year | Self::IsoYear => 12,
            Self::Quarter => 3,
            Self::Month => 1,
            _ => 0,
        };
        if months > 0 {
            return whole_months(from, to) / months;
        }
        let unit = match self {
            Self::Week | Self::YearWeek => 7 * DAY,
            Self::Day | Self::DayOfWeek | Self::IsoDayOfWeek | Self::DayOfYear => DAY,
            Self::Hour => HOUR,
            Self::Minute => MINUTE,
            Self::Second | Self::Epoch => SECOND,
            Self::Millisecond => 1000,
            _ => 1,
        };
        (to - from) / unit
    }
}

fn century(year: i64, length: i64) -> i64 {
    if year > 0 { (year - 1) / length + 1 } else { -((-year) / length) - 1 }
}

/// Whole months between two instants, negative when `to` is earlier.
fn whole_months(from: i64, to: i64) -> i64 {
    if to < from {
        return -whole_months(to, from);
    }
    let (a, b) = (calendar::civil(from.div_euclid(DAY)), calendar::civil(to.div_euclid(DAY)));
    let mut months = (b.year - a.year) * 12 + i64::from(b.month) - i64::from(a.month);
    // The last day of a shorter month completes it.
    let reached = calendar::add_months(from.div_euclid(DAY), months) * DAY + from.rem_euclid(DAY);
    if reached > to {
        months -= 1;
    }
    months
}

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

/// `age(a, b)`: years, months and days between, as a person counts them.
pub(crate) fn age(a: i64, b: i64) -> Interval {
    if a < b {
        let turned = age(b, a);
        return negated(turned).unwrap_or(turned);
    }
    let months = whole_months(b, a);
    let reached = calendar::add_months(b.div_euclid(DAY), months) * DAY + b.rem_euclid(DAY);
    let rest = a - reached;
    Interval {
        months: i32::try_from(months).unwrap_or(i32::MAX),
        days: i32::try_from(rest / DAY).unwrap_or(i32::MAX),
        micros: rest % DAY,
    }
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
            Part::Day | Part::DayOfWeek | Part::IsoDayOfWeek | Part::DayOfYear => days(1),
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

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// English name of the month.
pub(crate) fn month_name(micros: i64) -> &'static str {
    MONTHS[(Part::Month.of(micros) - 1).clamp(0, 11) as usize]
}

/// English name of the weekday.
pub(crate) fn day_name(micros: i64) -> &'static str {
    WEEKDAYS[(Part::IsoDayOfWeek.of(micros) - 1).clamp(0, 6) as usize]
}

/// A text made of an instant.
pub(crate) fn named(call: &Call<'_>, ty: Type, f: impl Fn(i64) -> &'static str) -> Answer<Column> {
    let values = Instants::new(call.arg(0)?, ty)?;
    call.texts(|row| Ok(values.get(row).map(&f)))
}

/// `strftime(instant, format)`.
pub(crate) fn format(call: &Call<'_>, ty: Type) -> Answer<Column> {
    let values = Instants::new(call.arg(0)?, ty)?;
    let formats = texts(call.arg(1)?)?;
    call.texts(|row| {
        let Some((micros, format)) = values.get(row).zip(formats.get(row)) else { return Ok(None) };
        match formatted(micros, format) {
            Ok(text) => Ok(Some(text)),
            Err(bad) => call.refuse(row, "bad-format", || format!("`%{bad}` is not part of a date format")),
        }
    })
}

/// The instant in a `strftime` format; the letter that is no part of one on failure.
fn formatted(micros: i64, format: &str) -> Result<String, char> {
    let (day, time) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let civil = calendar::civil(day);
    let (hour, minute, second) = (time / HOUR, time / MINUTE % 60, time / SECOND % 60);
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let day_of_year = calendar::day_of_year(day);
    let sunday_week = (day_of_year + 6 - calendar::iso_weekday(day) % 7) / 7;
    let monday_week = (day_of_year + 6 - (calendar::iso_weekday(day) - 1)) / 7;
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut letter = chars.next().ok_or('%')?;
        let plain = letter == '-';
        if plain {
            letter = chars.next().ok_or('-')?;
        }
        let two = |n: i64| if plain { n.to_string() } else { format!("{n:02}") };
        out.push_str(&match letter {
            'Y' => format!("{:04}", civil.year),
            'y' => two(civil.year.rem_euclid(100)),
            'm' => two(i64::from(civil.month)),
            'd' => two(i64::from(civil.day)),
            'H' => two(hour),
            'I' => two(hour12),
            'M' => two(minute),
            'S' => two(second),
            'p' => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            'f' => format!("{:06}", time % SECOND),
            'g' => format!("{:03}", time % SECOND / 1000),
            'n' => format!("{:09}", time % SECOND * 1000),
            'j' => {
                if plain {
                    day_of_year.to_string()
                } else {
                    format!("{day_of_year:03}")
                }
            }
            'b' | 'h' => month_name(micros)[..3].to_owned(),
            'B' => month_name(micros).to_owned(),
            'a' => day_name(micros)[..3].to_owned(),
            'A' => day_name(micros).to_owned(),
            'w' => Part::DayOfWeek.of(micros).to_string(),
            'u' => Part::IsoDayOfWeek.of(micros).to_string(),
            'U' => two(sunday_week),
            'W' => two(monday_week),
            'G' => format!("{:04}", calendar::iso_week(day).0),
            'V' => two(calendar::iso_week(day).1),
            'c' => text_form::timestamp(micros),
            'x' => text_form::date(day),
            'X' => text_form::time(time),
            'z' => "+00".to_owned(),
            'Z' => String::new(),
            '%' => "%".to_owned(),
            other => return Err(other),
        });
    }
    Ok(out)
}

/// `strptime(text, format)`.
pub(crate) fn parse(call: &Call<'_>, lenient: bool) -> Answer<Column> {
    let (values, formats) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    call.ints(|row| {
        let Some((text, format)) = values.get(row).zip(formats.get(row)) else { return Ok(None) };
        match parsed(text, format) {
            Some(micros) => Ok(Some(out(call, micros))),
            None if lenient => Ok(None),
            None => call.refuse(row, "conversion-failed", || format!("'{text}' does not have the form '{format}'")),
        }
    })
}

/// The instant a text names in a format; `None` when it does not have that form.
fn parsed(text: &str, format: &str) -> Option<i64> {
    let (mut year, mut month, mut day) = (1900_i64, 1_i64, 1_i64);
    let (mut hour, mut minute, mut second, mut micros) = (0_i64, 0_i64, 0_i64, 0_i64);
    let mut afternoon = None;
    let mut of_year = None;
    let mut rest = text.trim_start();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            if c.is_whitespace() {
                rest = rest.trim_start();
            } else {
                rest = rest.strip_prefix(c)?;
            }
            continue;
        }
        let mut letter = chars.next()?;
        if letter == '-' {
            letter = chars.next()?;
        }
        let mut number = |most: usize| -> Option<i64> {
            let end = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let (digits, after) = rest.split_at(end);
            rest = after;
            digits.parse().ok()
        };
        match letter {
            'Y' => year = number(4)?,
            'y' => year = number(2).map(|n| if n < 69 { 2000 + n } else { 1900 + n })?,
            'm' => month = number(2)?,
            'd' => day = number(2)?,
            'H' | 'I' => hour = number(2)?,
            'M' => minute = number(2)?,
            'S' => second = number(2)?,
            'j' => of_year = Some(number(3)?),
            'f' | 'g' => {
                let digits = rest.bytes().take(6).take_while(u8::is_ascii_digit).count();
                let (kept, after) = rest.split_at(digits);
                micros = format!("{kept:0<6}").parse().ok()?;
                rest = after;
            }
            'p' => {
                let (half, after) = rest.split_at_checked(2)?;
                afternoon = Some(if half.eq_ignore_ascii_case("pm") {
                    true
                } else if half.eq_ignore_ascii_case("am") {
                    false
                } else {
                    return None;
                });
                rest = after;
            }
            'b' | 'h' | 'B' => {
                let full = letter == 'B';
                let at = MONTHS.iter().position(|name| starts_with(rest, if full { name } else { &name[..3] }))?;
                rest = &rest[if full { MONTHS[at].len() } else { 3 }..];
                month = at as i64 + 1;
            }
            'a' | 'A' => {
                let full = letter == 'A';
                let at = WEEKDAYS.iter().position(|name| starts_with(rest, if full { name } else { &name[..3] }))?;
                rest = &rest[if full { WEEKDAYS[at].len() } else { 3 }..];
            }
            '%' => rest = rest.strip_prefix('%')?,
            _ => return None,
        }
    }
    if !rest.trim_end().is_empty() || minute > 59 || second > 59 {
        return None;
    }
    match afternoon {
        Some(pm) if (1..=12).contains(&hour) => hour = hour % 12 + if pm { 12 } else { 0 },
        Some(_) => return None,
        None if hour > 23 => return None,
        None => {}
    }
    let days = match of_year {
        Some(n) if n >= 1 => i64::from(calendar::checked_days(year, 1, 1)?) + n - 1,
        Some(_) => return None,
        None => i64::from(calendar::checked_days(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?),
    };
    days.checked_mul(DAY)?.checked_add(hour * HOUR + minute * MINUTE + second * SECOND + micros)
}

fn starts_with(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::Value;

    fn at(text: &str) -> i64 {
        match text_form::parse(text, Type::Timestamp) {
            Some(Value::Timestamp(micros)) => micros,
            other => panic!("{text}: {other:?}"),
        }
    }

    /// Answers printed by DuckDB 1.4.4.
    #[test]
    fn parts_and_units_are_duckdbs() {
        let x = at("2024-12-30 13:45:30.123456");
        for (part, value, start) in [
            ("century", 21, "2000-01-01"),
            ("decade", 202, "2020-01-01"),
            ("year", 2024, "2024-01-01"),
            ("isoyear", 2025, "2024-12-30"),
            ("quarter", 4, "2024-10-01"),
            ("week", 1, "2024-12-30"),
            ("dow", 1, "2024-12-30"),
            ("doy", 365, "2024-12-30"),
            ("hour", 13, "2024-12-30 13:00:00"),
            ("millisecond", 30_123, "2024-12-30 13:45:30.123"),
        ] {
            let part = Part::parse(part).expect("known");
            assert_eq!((part.of(x), part.truncated(x)), (value, at(start)), "{part:?}");
        }
        let (a, b) = (at("2024-01-31"), at("2024-02-29"));
        assert_eq!((Part::Month.boundaries(a, b), Part::Month.completed(a, b)), (1, 1));
        assert_eq!(Part::Year.boundaries(at("2023-12-31"), at("2024-01-01")), 1);
        assert_eq!(Part::Week.boundaries(at("2024-01-07"), at("2024-01-08")), 0);
        assert_eq!(Part::Week.boundaries(at("1969-12-24"), at("1970-01-01")), 1);
    }

    #[test]
    fn formats_go_both_ways() {
        let x = at("2024-02-03 15:04:05.6");
        assert_eq!(formatted(x, "%d %b %Y %I:%M %p %-m %j %%").as_deref(), Ok("03 Feb 2024 03:04 PM 2 034 %"));
        assert_eq!(formatted(x, "%q"), Err('q'));
        assert_eq!(parsed("03 Feb 2024 03:04 PM", "%d %b %Y %I:%M %p"), Some(at("2024-02-03 15:04:00")));
        assert_eq!(parsed("2024-02-30", "%Y-%m-%d"), None);
        assert_eq!(parsed("2024-02-03x", "%Y-%m-%d"), None);
    }
}
