//! Numbers and dates in the page's own words.

use almanac_model::Value;
use almanac_model::format;
pub(crate) use almanac_model::format::bytes;

/// A number of things: `1 row`, `20 480 rows` with thin spaces.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format::plural(i64::try_from(number).unwrap_or(i64::MAX), one, many)
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
    fn dates_are_words() {
        assert_eq!(data_date("2025-11-30").as_deref(), Some("data to 30 November 2025"));
        assert_eq!(data_date("yesterday"), None);
    }
}
