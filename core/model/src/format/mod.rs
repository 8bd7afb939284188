//! Numbers and dates as words: one place decides how a value looks, in prose, tiles, tables, axes and tooltips.
//!
//! A format is a short tag: a style (`num`, `usd`, `eur`, `gbp`, `pct`, `int`, `mult`, `id`), digits after the point, and a scale
//! (`k`, `m`, `b`): `usd0`, `usd1m`, `pct1`, `num2`. Dates: `date`, `date-long`, `iso`, `mmm-yy`, `mmm-yyyy`, `month`, `quarter`,
//! `year`, `weekday`, `time`, `datetime`.
//!
//! Minus is U+2212, thousands are parted by U+2009 (thin space), so that columns of tabular figures line up.

mod date;
mod number;
#[cfg(test)]
mod tests;

pub use date::{MONTHS, WEEKDAYS, civil_from_days, days_from_civil, parse_date, parse_timestamp};

use crate::diagnostic::{Diagnostic, Span};
use crate::types::{Interval, Value};
pub use date::DateStyle;
pub use number::NumberStyle;

/// Minus sign.
pub const MINUS: char = '\u{2212}';
/// Thin space between thousands.
pub const THIN_SPACE: char = '\u{2009}';
/// What a missing number is called.
pub const MISSING: &str = "n/a";

/// A format, read from its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Of numbers.
    Number(NumberStyle),
    /// Of days and moments.
    Date(DateStyle),
}

impl Format {
    /// Reads a tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        DateStyle::parse(tag).map(Self::Date).or_else(|| NumberStyle::parse(tag).map(Self::Number))
    }

    /// The diagnostic for a tag that is none.
    #[must_use]
    pub fn unknown(tag: &str, span: Span) -> Diagnostic {
        Diagnostic::error("unknown-format", span, format!("there is no format `{tag}`"))
            .did_you_mean(tag, TAGS.iter().copied())
            .hint("formats are such as `num0`, `usd0`, `usd1m`, `pct1`, `date`, `mmm-yy`")
    }

    /// A value in this format; the default of its type where the format does not fit. NULL is [`MISSING`].
    #[must_use]
    pub fn apply(self, value: &Value) -> String {
        match (self, value) {
            (Self::Number(style), Value::Int(number)) => style.int(*number),
            (Self::Number(style), Value::Double(number)) => style.double(*number),
            (Self::Date(style), Value::Date(days)) => style.format(i64::from(*days), None),
            (Self::Date(style), Value::Timestamp(micros)) => {
                style.format(micros.div_euclid(date::MICROS_PER_DAY), Some(micros.rem_euclid(date::MICROS_PER_DAY)))
            }
            (_, value) => default(value),
        }
    }
}

/// Tags for "did you mean" and completion.
pub const TAGS: &[&str] = &[
    "num0",
    "num1",
    "num2",
    "num1k",
    "num1m",
    "int",
    "usd0",
    "usd2",
    "usd1k",
    "usd1m",
    "usd1b",
    "eur0",
    "eur2",
    "gbp0",
    "gbp2",
    "pct0",
    "pct1",
    "pct2",
    "mult1",
    "id",
    "date",
    "date-long",
    "iso",
    "mmm-yy",
    "mmm-yyyy",
    "month",
    "quarter",
    "year",
    "weekday",
    "time",
    "datetime",
];

/// A value inside of a list or a struct.
fn inside(value: &Value) -> String {
    if *value == Value::Null { "NULL".to_owned() } else { default(value) }
}

/// A value by the given tag, or by its type when there is none or it is unknown.
///
/// ```
/// use almanac_model::{Value, format::format_value};
///
/// assert_eq!(format_value(&Value::Double(1_284_500.0), Some("usd1m")), "$1.3M");
/// assert_eq!(format_value(&Value::Double(-0.0834), Some("pct1")), "\u{2212}8.3\u{2009}%");
/// assert_eq!(format_value(&Value::Date(20_422), Some("mmm-yy")), "Nov 25");
/// assert_eq!(format_value(&Value::Null, Some("usd0")), "n/a");
/// ```
#[must_use]
pub fn format_value(value: &Value, tag: Option<&str>) -> String {
    match tag.and_then(Format::parse) {
        Some(format) => format.apply(value),
        None => default(value),
    }
}

/// The default form of a value, in prose and tables: whole numbers with thousands, others with at most two decimals (more
/// for small ones), days as `2025-11-30`.
#[must_use]
pub fn default(value: &Value) -> String {
    match value {
        Value::Null => MISSING.to_owned(),
        Value::Boolean(true) => "true".to_owned(),
        Value::Boolean(false) => "false".to_owned(),
        Value::Int(number) => number::grouped_int(*number),
        Value::Double(number) => number::default_double(*number),
        Value::Text(text) => text.clone(),
        Value::Date(days) => date::iso_date(i64::from(*days)),
        Value::Time(micros) => date::iso_time(*micros),
        Value::Timestamp(micros) => date::iso_timestamp(*micros),
        Value::Interval(interval) => interval_words(*interval),
        Value::List(items) => {
            format!("[{}]", items.iter().map(inside).collect::<Vec<_>>().join(", "))
        }
        Value::Struct(values) => {
            let fields = values.iter().map(|(name, value)| format!("{name}: {}", inside(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Every digit a value has, with thousands, for tooltips.
#[must_use]
pub fn exact(value: &Value) -> String {
    match value {
        Value::Double(number) => number::exact_double(*number),
        other => default(other),
    }
}

/// A value as data files and SQL write it: ASCII minus, no thousands, NULL as the empty text.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number::plain_double(*number),
        other => default(other),
    }
}

/// A value as a cell of a table shows it; `None` for NULL.
#[must_use]
pub fn table_cell(value: &Value, tag: Option<&str>) -> Option<String> {
    (*value != Value::Null).then(|| format_value(value, tag))
}

/// A count and its noun, thousands parted by a thin space: a count of four digits is no year.
///
/// ```
/// use almanac_model::format::plural;
///
/// assert_eq!(plural(1, "account", "accounts"), "1 account");
/// assert_eq!(plural(2_557, "row", "rows"), "2\u{2009}557 rows");
/// assert_eq!(plural(20_480, "account", "accounts"), "20\u{2009}480 accounts");
/// ```
#[must_use]
pub fn plural(count: i64, one: &str, many: &str) -> String {
    format!("{} {}", number::counted(count), if count == 1 { one } else { many })
}

/// A number of bytes in words, by powers of 1000, with two or three digits.
///
/// ```
/// use almanac_model::format::bytes;
///
/// assert_eq!([812, 4_200, 1_300_000_000].map(bytes), ["812 B", "4.2 kB", "1.3 GB"]);
/// ```
#[must_use]
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if size < 1_000 {
        return format!("{size} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "a size for people, three digits are shown")]
    let mut value = size as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

fn interval_words(interval: Interval) -> String {
    let mut parts = Vec::new();
    let (years, months) = (interval.months / 12, interval.months % 12);
    for (count, unit) in [(years, "year"), (months, "month"), (interval.days, "day")] {
        if count != 0 {
            parts.push(format!("{count} {unit}{}", if count.abs() == 1 { "" } else { "s" }));
        }
    }
    if interval.micros != 0 || parts.is_empty() {
        let sign = if interval.micros < 0 { "-" } else { "" };
        parts.push(format!(
            "{sign}{}",
            date::iso_time(i64::try_from(interval.micros.unsigned_abs()).unwrap_or(i64::MAX))
        ));
    }
    parts.join(" ")
}
