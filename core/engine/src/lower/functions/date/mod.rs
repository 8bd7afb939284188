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
            Ok(values.get(row).map(|micros| match part {
                Part::Epoch => micros as f64 / 1e6,
                Part::Julian => part.of(micros) as f64 + micros.rem_euclid(DAY) as f64 / DAY as f64,
                _ => part.of(micros) as f64,
            }))
        });
    }
    by_instant(call, &values, |micros| part.of(micros))
}

/// The start of the unit an instant lies in.
pub(crate) fn truncate(call: &Call<'_>, part: Part, ty: Type) -> Answer<Column> {
    if ty == Type::Interval {
        return truncated_intervals(call, part);
    }
    let values = Instants::new(call.arg(0)?, ty)?;
    by_instant(call, &values, |micros| out(call, part.truncated(micros)))
}

/// A function of instants, computed once for each day where the days are dates that repeat.
fn by_instant(call: &Call<'_>, values: &Instants, f: impl Fn(i64) -> i64) -> Answer<Column> {
    let span = if values.unit == DAY && call.rows > MANY { span(&values.values, call.rows) } else { None };
    if let Some((low, high)) = span
        && high - low < call.rows as i64
    {
        let table: Vec<i64> = (low..=high).map(|day| f(day.saturating_mul(DAY))).collect();
        return call.ints(|row| Ok(values.values.get(row).map(|day| table[(day - low) as usize])));
    }
    call.ints(|row| Ok(values.get(row).map(&f)))
}

/// The first and the last of some days; `None` when all are NULL.
fn span(days: &Ints, rows: usize) -> Option<(i64, i64)> {
    (0..rows).filter_map(|row| days.get(row)).fold(None, |span, day| {
        let (low, high) = span.unwrap_or((day, day));
        Some((low.min(day), high.max(day)))
    })
}

/// Below this a table over days is not worth looking for their span.
const MANY: usize = 1000;

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

/// `time_bucket(length, instant)`: the start of the bucket, counted from Monday 2000-01-03, in months from 2000-01-01, or from
/// an instant; an interval as third argument moves the buckets.
pub(crate) fn bucket(call: &Call<'_>, ty: Type, third: Type) -> Answer<Column> {
    let lengths = intervals(call.arg(0)?)?;
    let values = Instants::new(call.arg(1)?, ty)?;
    let moved = if third == Type::Interval { Some(intervals(call.arg(2)?)?) } else { None };
    let origins = if third.is_temporal() { Some(Instants::new(call.arg(2)?, third)?) } else { None };
    call.ints(|row| {
        let Some((length, micros)) = lengths.get(row).zip(values.get(row)) else { return Ok(None) };
        let (mut monday, mut january) = (10_959 * DAY, 2000 * 12);
        if let Some(origins) = &origins {
            let Some(origin) = origins.get(row) else { return Ok(None) };
            monday = origin;
            january = months_of(origin);
        }
        let by = match &moved {
            None => Interval::default(),
            Some(moved) => match moved.get(row) {
                Some(by) => by,
                None => return Ok(None),
            },
        };
        let start = negated(by)
            .and_then(|back| calendar::add_interval(micros, back))
            .zip(Length::of(length))
            .and_then(|(micros, length)| calendar::add_interval(length.start(micros, monday, january), by));
        match start {
            Some(start) => Ok(Some(out(call, start))),
            None => call.refuse(row, "out-of-range", || {
                "a bucket is either some months or some days and time, above zero".to_owned()
            }),
        }
    })
}

/// Months since the year 0.
fn months_of(micros: i64) -> i64 {
    let civil = calendar::civil(micros.div_euclid(DAY));
    civil.year * 12 + i64::from(civil.month) - 1
}

/// Length of a bucket.
enum Length {
    Months(i64),
    Micros(i64),
}

impl Length {
    /// `None` for a mixture, and for lengths that are not above zero.
    fn of(length: Interval) -> Option<Self> {
        if length.months > 0 && length.days == 0 && length.micros == 0 {
            return Some(Self::Months(i64::from(length.months)));
        }
        let width = i64::from(length.days).checked_mul(DAY)?.checked_add(length.micros)?;
        (length.months == 0 && width > 0).then_some(Self::Micros(width))
    }

    fn start(&self, micros: i64, from: i64, from_month: i64) -> i64 {
        match self {
            Self::Months(months) => {
                let start = (months_of(micros) - from_month).div_euclid(*months) * months + from_month;
                let first = Civil { year: start.div_euclid(12), month: start.rem_euclid(12) as u32 + 1, day: 1 };
                calendar::days(first) * DAY
            }
            Self::Micros(width) => (micros - from).div_euclid(*width) * width + from,
        }
    }
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

/// Milliseconds since 1970 to a timestamp.
pub(crate) fn from_epoch_ms(call: &Call<'_>) -> Answer<Column> {
    let values = ints(call.arg(0)?)?;
    call.ints(|row| match values.get(row).map(|millis| millis.checked_mul(1000)) {
        None => Ok(None),
        Some(Some(micros)) => Ok(Some(micros)),
        Some(None) => call.refuse(row, "out-of-range", || "the date lies outside of the calendar".to_owned()),
    })
}

/// Seconds since 1970 to a timestamp.
pub(crate) fn to_timestamp(call: &Call<'_>) -> Answer<Column> {
    let values = doubles(call.arg(0)?)?;
    call.ints(|row| match values.get(row).map(|seconds| (seconds * 1e6).round()) {
        None => Ok(None),
        Some(micros) if micros.abs() < 9.2e18 => Ok(Some(micros as i64)),
        Some(_) => call.refuse(row, "out-of-range", || "the date lies outside of the calendar".to_owned()),
    })
}

/// Units of `1 / per` microseconds (`per > 0`) or `-per` microseconds since 1970, since midnight, or of an interval's length.
pub(crate) fn epoch(call: &Call<'_>, from: Type, per: i64) -> Answer<Column> {
    let lengths = if from == Type::Interval { Some(intervals(call.arg(0)?)?) } else { None };
    let instants = if from == Type::Interval { None } else { Some(Instants::new(call.arg(0)?, from)?) };
    call.ints(|row| {
        let micros = match (&lengths, &instants) {
            // Months of 30 days, as in DuckDB.
            (Some(lengths), _) => lengths.get(row).map(|parts| {
                let days = i64::from(parts.months) * 30 + i64::from(parts.days);
                days.saturating_mul(DAY).saturating_add(parts.micros)
            }),
            (None, Some(instants)) => instants.get(row),
            (None, None) => None,
        };
        match micros.map(|micros| if per > 0 { micros.checked_mul(per) } else { Some(micros / -per) }) {
            None => Ok(None),
            Some(Some(units)) => Ok(Some(units)),
            Some(None) => call.refuse(row, "out-of-range", || "too many nanoseconds for a BIGINT".to_owned()),
        }
    })
}

/// `make_time(hour, minute, second)`.
pub(crate) fn make_time(call: &Call<'_>) -> Answer<Column> {
    let (hours, minutes, seconds) = (ints(call.arg(0)?)?, ints(call.arg(1)?)?, doubles(call.arg(2)?)?);
    call.ints(|row| {
        let (Some(hour), Some(minute), Some(second)) = (hours.get(row), minutes.get(row), seconds.get(row)) else {
            return Ok(None);
        };
        let rest = minute * MINUTE + (second * 1e6).round() as i64;
        let in_day = (0..24).contains(&hour) || hour == 24 && rest == 0;
        if in_day && (0..60).contains(&minute) && (0.0..=60.0).contains(&second) {
            return Ok(Some(hour * HOUR + rest));
        }
        call.refuse(row, "out-of-range", || format!("there is no such time: {hour}:{minute}:{second}"))
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
