//! Texts to values: dates, times, timestamps, intervals, numbers, as DuckDB reads them in literals and casts.
//! Day counts after H. Hinnant, "chrono-compatible low-level date algorithms".

use almanac_model::{Interval, Type, Value};

use crate::functions::DatePart;

const DAY: i64 = 86_400_000_000;

/// The value a text stands for in a type, or what was expected.
pub(crate) fn convert(text: &str, ty: Type) -> Result<Value, &'static str> {
    let trimmed = text.trim();
    let value = match ty {
        Type::Varchar => Some(Value::Text(text.to_owned())),
        Type::Null => Some(Value::Null),
        Type::Boolean => match trimmed.to_lowercase().as_str() {
            "true" | "t" | "1" | "yes" | "y" => Some(Value::Boolean(true)),
            "false" | "f" | "0" | "no" | "n" => Some(Value::Boolean(false)),
            _ => None,
        },
        Type::Integer => integer(trimmed).filter(|n| i32::try_from(*n).is_ok()).map(Value::Int),
        Type::BigInt => integer(trimmed).map(Value::Int),
        Type::Double => trimmed.parse().ok().map(Value::Double),
        Type::Date => date(trimmed).map(Value::Date),
        Type::Time => time(trimmed).map(Value::Time),
        Type::Timestamp => timestamp(trimmed).map(Value::Timestamp),
        Type::Interval => interval(trimmed).map(Value::Interval),
        Type::List(_) | Type::Struct(_) => None,
    };
    value.ok_or(match ty {
        Type::Boolean => "expected `true` or `false`",
        Type::Integer => "expected a whole number within 32 bits",
        Type::BigInt => "expected a whole number",
        Type::Double => "expected a number",
        Type::Date => "expected a date of the calendar such as `2024-02-29`",
        Type::Time => "expected a time such as `13:05:00`",
        Type::Timestamp => "expected a timestamp such as `2024-02-29 13:05:00`",
        Type::Interval => "expected an interval such as `1 month 2 days`",
        Type::List(_) => "write a list as `[1, 2]`",
        Type::Struct(_) => "write a struct as `{'name': value}`",
        Type::Null | Type::Varchar => "",
    })
}

/// Whole numbers, and decimals rounded as DuckDB does.
fn integer(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number: f64 = text.parse().ok().filter(|n: &f64| n.is_finite())?;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within i64 right before")]
    (number.abs() < 9.2e18).then(|| number.round() as i64)
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar; `None` when there is no such day.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    i32::try_from(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468).ok()
}

fn number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 7 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn date(text: &str) -> Option<i32> {
    if let Some(before) = text.strip_suffix("(BC)") {
        // The year before 1 AD is 1 BC, and 0 in the calendar.
        let (year, rest) = before.trim_end().split_once('-')?;
        return date(&format!("{}-{rest}", 1 - number(year)?));
    }
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let separator = rest.find(['-', '/'])?;
    let sign = &rest[separator..=separator];
    let mut parts = rest.split(sign);
    let (year, month, day) = (number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?);
    if parts.next().is_some() {
        return None;
    }
    days(if negative { -year } else { year }, month, day)
}

fn time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let seconds = parts.next().unwrap_or("0");
    if parts.next().is_some() || hour > 23 || minute > 59 {
        return None;
    }
    let micros = seconds_in_micros(seconds)?;
    (micros < 60_000_000).then_some((hour * 60 + minute) * 60_000_000 + micros)
}

fn seconds_in_micros(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = rest.chars().chain("000000".chars()).take(6).collect();
    Some(number(whole)? * 1_000_000 + if rest.is_empty() { 0 } else { number(&digits)? })
}

fn timestamp(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00")).unwrap_or(text);
    match text.split_once([' ', 'T']) {
        Some((day, clock)) => Some(i64::from(date(day)?) * DAY + time(clock.trim())?),
        None => Some(i64::from(date(text)?) * DAY),
    }
}

/// `1 month 2 days 03:04:05`, `-5 days`, `1.5 hours`.
pub(crate) fn interval(text: &str) -> Option<Interval> {
    let mut total = Interval::default();
    let mut words = text.split_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.contains(':') {
            let (negative, clock) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
            let (hours, rest) = clock.split_once(':')?;
            let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
            let micros = (number(hours)? * 60 + number(minutes)?) * 60_000_000 + seconds_in_micros(seconds)?;
            total.micros = total.micros.checked_add(if negative { -micros } else { micros })?;
            continue;
        }
        let split = word.find(|letter: char| letter.is_alphabetic()).unwrap_or(word.len());
        let (amount, unit) = word.split_at(split);
        let unit = if unit.is_empty() { words.next()? } else { unit };
        total = plus(total, of_unit(amount.parse().ok()?, DatePart::parse(unit)?)?)?;
    }
    Some(total)
}

/// So many of a unit; parts of months and days are dropped into the next smaller part.
pub(crate) fn of_unit(amount: f64, unit: DatePart) -> Option<Interval> {
    let months = |per: f64| -> Option<Interval> {
        let total = (amount * per).trunc();
        #[expect(clippy::cast_possible_truncation, reason = "checked to be within i32 right before")]
        (total.abs() < 2.1e9).then(|| Interval { months: total as i32, ..Interval::default() })
    };
    let micros = |per: f64| -> Option<Interval> {
        let total = (amount * per).round();
        #[expect(clippy::cast_possible_truncation, reason = "checked to be within i64 right before")]
        (total.abs() < 9.2e18).then(|| Interval { micros: total as i64, ..Interval::default() })
    };
    let days = |per: f64| -> Option<Interval> {
        let total = amount * per;
        let rest = micros(0.0).map(|_| (total.fract() * 86_400e6).round())?;
        #[expect(clippy::cast_possible_truncation, reason = "checked to be within i32 right before")]
        (total.abs() < 2.1e9).then(|| Interval { months: 0, days: total.trunc() as i32, micros: rest as i64 })
    };
    match unit {
        DatePart::Millennium => months(12_000.0),
        DatePart::Century => months(1_200.0),
        DatePart::Decade => months(120.0),
        DatePart::Year => months(12.0),
        DatePart::Quarter => months(3.0),
        DatePart::Month => months(1.0),
        DatePart::Week => days(7.0),
        DatePart::Day => days(1.0),
        DatePart::Hour => micros(3_600e6),
        DatePart::Minute => micros(60e6),
        DatePart::Second => micros(1e6),
        DatePart::Millisecond => micros(1e3),
        DatePart::Microsecond => micros(1.0),
        DatePart::IsoYear
        | DatePart::DayOfWeek
        | DatePart::IsoDayOfWeek
        | DatePart::DayOfYear
        | DatePart::YearWeek
        | DatePart::Epoch
        | DatePart::Era
        | DatePart::Julian => None,
    }
}

fn plus(a: Interval, b: Interval) -> Option<Interval> {
    Some(Interval {
        months: a.months.checked_add(b.months)?,
        days: a.days.checked_add(b.days)?,
        micros: a.micros.checked_add(b.micros)?,
    })
}
