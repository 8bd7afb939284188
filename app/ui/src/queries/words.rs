//! Numbers and dates in the page's own words.

use almanac_model::Value;
use almanac_model::format;

/// A size: `812 B`, `4.2 MB`.
pub(crate) fn bytes(size: u64) -> String {
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

/// A number of things: `1 row`, `20 480 rows` with thin spaces.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    let digits = format::default(&Value::Int(i64::try_from(number).unwrap_or(i64::MAX)));
    format!("{digits} {}", if number == 1 { one } else { many })
}

/// `data to 30 November 2025`.
pub(crate) fn data_date(iso: &str) -> Option<String> {
    let days = format::parse_date(iso)?;
    Some(format!("data to {}", format::format_value(&Value::Date(days), Some("date-long"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_or_three_digits() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (9_951, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (34_200_000, "34 MB"),
        ];
        for (size, words) in cases {
            assert_eq!(bytes(size), words);
        }
    }

    #[test]
    fn dates_are_words() {
        assert_eq!(data_date("2025-11-30").as_deref(), Some("data to 30 November 2025"));
        assert_eq!(data_date("yesterday"), None);
    }
}
