//! Values as texts, the way `slt/oracle.py` writes DuckDB's.
//!
//! Dates are computed here on their own, after Howard Hinnant's `civil_from_days`
//! (<https://howardhinnant.github.io/date_algorithms.html>), so that a mistake in the engine's calendar cannot hide itself.

use almanac_model::{Interval, Type, Value};

/// The letter of a column: `I` whole number, `R` number, `T` anything else, `?` a column of bare NULLs.
#[must_use]
pub fn letter(ty: Type) -> char {
    match ty {
        Type::Integer | Type::BigInt => 'I',
        Type::Double => 'R',
        Type::Null => '?',
        _ => 'T',
    }
}

/// A value as it stands in an `.slt` file.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Boolean(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Double(value) => double(*value),
        Value::Text(value) if value.is_empty() => "(empty)".into(),
        Value::Text(value) => value.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n"),
        Value::Date(days) => date(i64::from(*days)),
        Value::Time(micros) => time(*micros),
        Value::Timestamp(micros) => {
            format!("{} {}", date(micros.div_euclid(MICROS_PER_DAY)), time(micros.rem_euclid(MICROS_PER_DAY)))
        }
        Value::Interval(interval) => length(*interval),
        Value::List(_) | Value::Struct(_) => {
            inside(value).replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")
        }
    }
}

/// A value inside of a list or a struct, as DuckDB writes it: texts with a sign of its own are quoted.
fn inside(value: &Value) -> String {
    const SIGNS: &str = "'\",:=()[]{}";
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    match value {
        Value::List(items) => format!("[{}]", items.iter().map(inside).collect::<Vec<_>>().join(", ")),
        Value::Struct(values) if values.iter().all(|(name, _)| name.is_empty()) => {
            format!("({})", values.iter().map(|(_, value)| inside(value)).collect::<Vec<_>>().join(", "))
        }
        Value::Struct(values) => {
            let fields = values.iter().map(|(name, value)| format!("{}: {}", quoted(name), inside(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Text(text) if text.is_empty() || text != text.trim() || text.eq_ignore_ascii_case("null") => {
            quoted(text)
        }
        Value::Text(text) if !text.contains(|c| SIGNS.contains(c)) => text.clone(),
        Value::Text(text) => quoted(text),
        other => {
            let text = self::text(other);
            if text.contains(':') { quoted(&text) } else { text }
        }
    }
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The shortest digits that read back as the same number.
fn double(value: f64) -> String {
    if value.is_nan() { "nan".into() } else { format!("{value:?}") }
}

fn date(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `13:05:00`, with as many decimals as it takes.
fn time(micros: i64) -> String {
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { clock } else { format!("{clock}.{}", format!("{rest:06}").trim_end_matches('0')) }
}

/// `1 year 2 months 3 days 04:05:06`.
fn length(interval: Interval) -> String {
    let mut parts = Vec::new();
    for (number, name) in [(interval.months / 12, "year"), (interval.months % 12, "month"), (interval.days, "day")] {
        if number != 0 {
            parts.push(format!("{number} {name}{}", if number.abs() == 1 { "" } else { "s" }));
        }
    }
    if interval.micros != 0 || parts.is_empty() {
        let sign = if interval.micros < 0 { "-" } else { "" };
        parts.push(format!("{sign}{}", time(interval.micros.abs())));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_duckdb_writes_them() {
        // Each right side is what DuckDB 1.4.4 prints for `cast(… as varchar)`.
        for (value, expected) in [
            (Value::Date(19_782), "2024-02-29"),
            (Value::Date(-1), "1969-12-31"),
            (Value::Date(-719_162), "0001-01-01"),
            (Value::Timestamp(-500_000), "1969-12-31 23:59:59.5"),
            (Value::Timestamp(0), "1970-01-01 00:00:00"),
            (Value::Time(86_399_999_000), "23:59:59.999"),
            (Value::Double(-0.0), "-0.0"),
            (Value::Text(String::new()), "(empty)"),
            (Value::Text("a\tb\\c".into()), "a\\tb\\\\c"),
            (
                Value::Interval(Interval { months: 14, days: -1, micros: 3_723_500_000 }),
                "1 year 2 months -1 day 01:02:03.5",
            ),
            (Value::Interval(Interval::default()), "00:00:00"),
            (Value::Interval(Interval { months: 0, days: 0, micros: -1_000_000 }), "-00:00:01"),
        ] {
            assert_eq!(text(&value), expected);
        }
    }
}
