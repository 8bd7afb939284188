//! Values as text and text as values, as DuckDB writes and reads them in CAST.

use std::fmt::Write as _;

use almanac_model::{Interval, Type, Value};

use crate::calendar::{self, DAY, HOUR, MINUTE, SECOND};

/// The text a value is cast to; `None` for NULL.
pub(crate) fn of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(b) => if *b { "true" } else { "false" }.to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Double(x) => double(*x),
        Value::Text(text) => text.clone(),
        Value::Date(days) => date(i64::from(*days)),
        Value::Time(micros) => time(*micros),
        Value::Timestamp(micros) => timestamp(*micros),
        Value::Interval(parts) => interval(*parts),
        Value::List(items) => format!("[{}]", items.iter().map(inside).collect::<Vec<_>>().join(", ")),
        Value::Struct(values) if values.iter().all(|(name, _)| name.is_empty()) => {
            format!("({})", values.iter().map(|(_, value)| inside(value)).collect::<Vec<_>>().join(", "))
        }
        Value::Struct(values) => {
            let fields = values.iter().map(|(name, value)| format!("{}: {}", quoted(name), inside(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    })
}

/// A value inside of a list or a struct: texts that would not read back are quoted.
fn inside(value: &Value) -> String {
    let Some(text) = of(value) else { return "NULL".to_owned() };
    let plain = matches!(value, Value::List(_) | Value::Struct(_))
        || !(text.is_empty()
            || text.starts_with(char::is_whitespace)
            || text.ends_with(char::is_whitespace)
            || text.eq_ignore_ascii_case("null")
            || text.contains(['\'', '"', ',', ':', '=', '(', ')', '[', ']', '{', '}']));
    if plain { text } else { quoted(&text) }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Shortest digits that read back as the same double, with `.0` where it is whole, and an exponent from 1e16 and below 1e-4.
pub(crate) fn double(x: f64) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let size = x.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        // Rust writes 1.5e-7 and 1e20; DuckDB writes 1.5e-07 and 1e+20.
        let text = format!("{x:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    let mut text = x.to_string();
    if !text.contains('.') {
        text.push_str(".0");
    }
    text
}

/// `2024-02-29`, `0045-03-15 (BC)`.
pub(crate) fn date(days: i64) -> String {
    let civil = calendar::civil(days);
    if civil.year > 0 {
        format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day)
    } else {
        format!("{:04}-{:02}-{:02} (BC)", 1 - civil.year, civil.month, civil.day)
    }
}

fn fraction(text: &mut String, micros: i64) {
    if micros != 0 {
        let digits = format!("{micros:06}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
}

/// `10:00:00.5`.
pub(crate) fn time(micros: i64) -> String {
    let mut text = format!("{:02}:{:02}:{:02}", micros / HOUR, micros / MINUTE % 60, micros / SECOND % 60);
    fraction(&mut text, micros % SECOND);
    text
}

/// `2024-02-29 10:00:00.5`.
pub(crate) fn timestamp(micros: i64) -> String {
    let day = date(micros.div_euclid(DAY));
    let time = time(micros.rem_euclid(DAY));
    match day.strip_suffix(" (BC)") {
        Some(day) => format!("{day} (BC) {time}"),
        None => format!("{day} {time}"),
    }
}

/// `1 year 2 months 3 days 04:05:06.5`.
pub(crate) fn interval(parts: Interval) -> String {
    let mut words = Vec::new();
    let mut word = |n: i32, unit: &str| {
        if n != 0 {
            words.push(format!("{n} {unit}{}", if n.abs() == 1 { "" } else { "s" }));
        }
    };
    word(parts.months / 12, "year");
    word(parts.months % 12, "month");
    word(parts.days, "day");
    if parts.micros != 0 || words.is_empty() {
        let size = parts.micros.unsigned_abs();
        let (hour, minute, second) = (HOUR.unsigned_abs(), MINUTE.unsigned_abs(), SECOND.unsigned_abs());
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{}{:02}:{:02}:{:02}",
            if parts.micros < 0 { "-" } else { "" },
            size / hour,
            size / minute % 60,
            size / second % 60
        );
        fraction(&mut text, (size % second) as i64);
        words.push(text);
    }
    words.join(" ")
}

/// Reads a value of type `ty`; `None` when the text is no such value.
pub(crate) fn parse(text: &str, ty: Type) -> Option<Value> {
    let trimmed = text.trim();
    Some(match ty {
        Type::Null => return None,
        Type::Varchar => Value::Text(text.to_owned()),
        Type::Boolean => Value::Boolean(parse_bool(text)?),
        Type::Integer => Value::Int(i64::from(i32::try_from(parse_int(trimmed)?).ok()?)),
        Type::BigInt => Value::Int(parse_int(trimmed)?),
        Type::Double => Value::Double(parse_double(trimmed)?),
        Type::Date => {
            let (days, rest) = parse_date(trimmed)?;
            let rest = rest.trim_start_matches(['T', 't']).trim_start();
            if !rest.is_empty() {
                parse_time(rest)?;
            }
            Value::Date(days)
        }
        Type::Time => {
            // A timestamp's time is taken, as in DuckDB.
            let time =
                parse_date(trimmed).map_or(trimmed, |(_, rest)| rest.trim_start_matches(['T', 't']).trim_start());
            Value::Time(parse_time(time)?)
        }
        Type::Timestamp => {
            let (days, rest) = parse_date(trimmed)?;
            let rest = rest.trim_start_matches(['T', 't']).trim_start();
            let time = if rest.is_empty() { 0 } else { parse_time(rest)? };
            Value::Timestamp(i64::from(days).checked_mul(DAY)?.checked_add(time)?)
        }
        Type::Interval => Value::Interval(parse_interval(trimmed)?),
        // Texts are not read as lists: the binder refuses the conversion.
        Type::List(_) | Type::Struct(_) => return None,
    })
}

fn parse_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" => Some(true),
        "false" | "f" | "0" | "no" | "n" => Some(false),
        _ => None,
    }
}

fn parse_int(text: &str) -> Option<i64> {
    let plain = text.replace('_', "");
    if let Ok(n) = plain.parse::<i64>() {
        return Some(n);
    }
    // `2.5` and `1e3`: rounded half away from zero.
    let x = parse_double(&plain)?.round();
    (x.is_finite() && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x)).then_some(x as i64)
}

fn parse_double(text: &str) -> Option<f64> {
    let first = text.strip_prefix(['+', '-']).unwrap_or(text);
    let named = matches!(first.to_ascii_lowercase().as_str(), "inf" | "infinity" | "nan");
    if !named && !first.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.replace('_', "").parse().ok()
}

fn number(text: &str, most: usize) -> Option<(i64, &str)> {
    let end = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text.get(..end)?.parse().ok()?, text.get(end..)?))
}

/// A day at the start of the text, `2024-1-5` or `2024/01/05`, and what follows.
pub(crate) fn parse_date(text: &str) -> Option<(i32, &str)> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (year, rest) = number(text, 7)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | ' ' | '\\'))?;
    let (month, rest) = number(rest.strip_prefix(separator)?, 2)?;
    let (day, rest) = number(rest.strip_prefix(separator)?, 2)?;
    let (before_christ, rest) = rest.strip_prefix(" (BC)").map_or((false, rest), |rest| (true, rest));
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let year = if negative {
        -year
    } else if before_christ {
        1 - year
    } else {
        year
    };
    Some((calendar::checked_days(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?, rest))
}

/// `10:30`, `10:30:15.5`, with a time zone that is not looked at: microseconds since midnight.
fn parse_time(text: &str) -> Option<i64> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2)?,
        None => (0, rest),
    };
    let (micros, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let kept = rest.get(..digits.min(6))?;
            (format!("{kept:0<6}").parse::<i64>().ok()?, rest.get(digits..)?)
        }
        None => (0, rest),
    };
    let zone = rest.trim();
    let zone_ok = zone.is_empty()
        || zone.eq_ignore_ascii_case("z")
        || zone.eq_ignore_ascii_case("utc")
        || (zone.starts_with(['+', '-']) && zone[1..].bytes().all(|b| b.is_ascii_digit() || b == b':'));
    let whole = hour * HOUR + minute * MINUTE + second * SECOND + micros;
    (zone_ok && minute < 60 && second < 60 && whole <= DAY).then_some(whole)
}

/// `1 year 2 months`, `3 days 04:05:06`, `-90 minutes`.
fn parse_interval(text: &str) -> Option<Interval> {
    let mut out = Interval::default();
    let mut words = text.split_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.contains(':') {
            let (negative, time) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
            let (hours, rest) = number(time, 9)?;
            let (minutes, rest) = number(rest.strip_prefix(':')?, 2)?;
            let seconds: f64 = rest.strip_prefix(':').map_or(Some(0.0), |rest| rest.parse().ok())?;
            let micros = hours.checked_mul(HOUR)? + minutes * MINUTE + (seconds * 1e6).round() as i64;
            out.micros = out.micros.checked_add(if negative { -micros } else { micros })?;
            continue;
        }
        let split = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
        let (amount, attached) = word.split_at(split);
        let unit = if attached.is_empty() { words.next()? } else { attached };
        let amount: f64 = amount.parse().ok()?;
        let whole = amount.trunc();
        let unit = unit.to_ascii_lowercase();
        let micros_per = match unit.trim_end_matches('s') {
            "year" | "yr" | "y" => {
                out.months = out.months.checked_add((amount * 12.0) as i32)?;
                continue;
            }
            "quarter" => {
                out.months = out.months.checked_add((amount * 3.0) as i32)?;
                continue;
            }
            "month" | "mon" => {
                out.months = out.months.checked_add(whole as i32)?;
                continue;
            }
            "week" | "w" => {
                out.days = out.days.checked_add((amount * 7.0) as i32)?;
                continue;
            }
            "day" | "d" => {
                out.days = out.days.checked_add(whole as i32)?;
                out.micros = out.micros.checked_add(((amount - whole) * DAY as f64).round() as i64)?;
                continue;
            }
            "hour" | "hr" | "h" => HOUR,
            "minute" | "min" | "m" => MINUTE,
            "second" | "sec" | "" => SECOND,
            "millisecond" | "msec" | "m s" => 1_000,
            "microsecond" | "usec" | "u" => 1,
            _ => return None,
        };
        out.micros = out.micros.checked_add((amount * micros_per as f64).round() as i64)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text on the right was printed by DuckDB 1.4.4.
    #[test]
    fn texts_are_duckdbs() {
        for (x, text) in [
            (1e20, "1e+20"),
            (0.1, "0.1"),
            (1.0, "1.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1e-5, "1e-05"),
        ] {
            assert_eq!(double(x), text);
        }
        assert_eq!(timestamp(1_704_103_200_120_000), "2024-01-01 10:00:00.12");
        let parts = Interval { months: 14, days: 3, micros: 4 * HOUR + 5 * MINUTE + 6_500_000 };
        assert_eq!(interval(parts), "1 year 2 months 3 days 04:05:06.5");
        assert_eq!(interval(Interval { months: 0, days: 0, micros: -HOUR }), "-01:00:00");
        assert_eq!(interval(Interval::default()), "00:00:00");
    }

    #[test]
    fn readings_are_duckdbs() {
        assert_eq!(parse(" 2024-1-5 ", Type::Date), Some(Value::Date(19_727)));
        assert_eq!(parse("2024-02-30", Type::Date), None);
        assert_eq!(parse("20240105", Type::Date), None);
        assert_eq!(parse("2024-01-01T10:00", Type::Timestamp), Some(Value::Timestamp(1_704_103_200_000_000)));
        assert_eq!(
            parse("2024-01-01 10:00:00.1234567", Type::Timestamp),
            Some(Value::Timestamp(1_704_103_200_123_456))
        );
        assert_eq!(parse("10:30:15.5", Type::Time), Some(Value::Time(37_815_500_000)));
        assert_eq!(parse("2.5", Type::Integer), Some(Value::Int(3)));
        assert_eq!(parse("-2.5", Type::Integer), Some(Value::Int(-3)));
        assert_eq!(parse("1e3", Type::Integer), Some(Value::Int(1000)));
        assert_eq!(parse("1_000", Type::Integer), Some(Value::Int(1000)));
        assert_eq!(parse("", Type::Integer), None);
        assert_eq!(parse("1.5.5", Type::Double), None);
        assert_eq!(parse(" true ", Type::Boolean), None);
        assert_eq!(parse("P1D", Type::Interval), None);
        assert_eq!(
            parse("1 day 2 hours", Type::Interval),
            Some(Value::Interval(Interval { months: 0, days: 1, micros: 2 * HOUR }))
        );
    }
}
