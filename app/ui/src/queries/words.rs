//! Numbers and dates in the page's own words.

use almanac_model::Value;
use almanac_model::format;
use almanac_model::view::Cost;

pub(crate) use almanac_model::format::bytes;

/// A number of things: `1 row`, `20 480 rows` with thin spaces.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format::plural(i64::try_from(number).unwrap_or(i64::MAX), one, many)
}

/// A number with thin spaces between its thousands.
pub(crate) fn digits(number: u64) -> String {
    format::default(&Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// What answering cost: rows read, bytes by where they came from, time.
pub(crate) fn cost_words(cost: &Cost) -> Vec<String> {
    let some = |number: u64, words: String| (number > 0).then_some(words);
    let time = if cost.millis < 1_000.0 {
        format!("{:.0} ms", cost.millis)
    } else {
        format!("{:.1} s", cost.millis / 1_000.0)
    };
    let words = [
        some(cost.rows_read, format!("{} read", count(cost.rows_read, "row", "rows"))),
        some(cost.rows_skipped, format!("{} skipped", digits(cost.rows_skipped))),
        some(cost.bytes_fetched, format!("{} fetched", bytes(cost.bytes_fetched))),
        some(cost.bytes_kept, format!("{} kept from earlier", bytes(cost.bytes_kept))),
        some(u64::from(cost.helpers), format!("{} workers", digits(u64::from(cost.helpers) + 1))),
        cost.recalled.then(|| "kept from earlier".to_owned()),
        Some(time),
    ];
    words.into_iter().flatten().collect()
}

/// What need not be read, as a sentence for those who want to know.
pub(crate) fn skipped_words(cost: &Cost) -> Option<String> {
    (cost.bytes_skipped > 0 || cost.rows_skipped > 0).then(|| {
        format!(
            "{} and {} were not needed: statistics of the files rule them out.",
            count(cost.rows_skipped, "row", "rows"),
            bytes(cost.bytes_skipped)
        )
    })
}

/// `data to 30 November 2025`.
pub(crate) fn data_date(iso: &str) -> Option<String> {
    day(iso).map(|day| format!("data to {day}"))
}

/// `30 November 2025`.
pub(crate) fn day(iso: &str) -> Option<String> {
    Some(format::format_value(&Value::Date(format::parse_date(iso)?), Some("date-long")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_name_what_was_read_and_what_was_not() {
        let cost = Cost { bytes_fetched: 4_200_000, rows_read: 1, rows_skipped: 2, millis: 12.4, ..Cost::default() };
        assert_eq!(cost_words(&cost), ["1 row read", "2 skipped", "4.2 MB fetched", "12 ms"]);
        assert_eq!(
            skipped_words(&Cost { bytes_skipped: 1_000, ..cost }).as_deref(),
            Some("2 rows and 1.0 kB were not needed: statistics of the files rule them out.")
        );
        let again = Cost { recalled: true, millis: 1_500.0, ..Cost::default() };
        assert_eq!(cost_words(&again), ["kept from earlier", "1.5 s"]);
        assert_eq!(skipped_words(&again), None);
    }

    #[test]
    fn dates_are_words() {
        assert_eq!(data_date("2025-11-30").as_deref(), Some("data to 30 November 2025"));
        assert_eq!(data_date("yesterday"), None);
    }
}
