//! Formats as a table: value, tag, expected words. Dates were computed with Python's `datetime`.

use super::{
    Format, TAGS, bytes, civil_from_days, days_from_civil, exact, format_value, parse_date, parse_timestamp, plain,
    plural,
};
use crate::types::{Interval, Value};
use proptest::prelude::*;

const T: char = super::THIN_SPACE;

#[test]
fn numbers_by_tag() {
    let cases: &[(Value, &str, &str)] = &[
        (Value::Double(1234567.891), "usd0", "$1~234~568"),
        (Value::Double(1234567.891), "usd2", "$1~234~567.89"),
        (Value::Double(1234567.891), "usd1m", "$1.2M"),
        (Value::Double(-1234567.891), "usd1m", "−$1.2M"),
        (Value::Double(2.5e9), "usd1b", "$2.5B"),
        (Value::Double(20480.0), "num0", "20~480"),
        (Value::Double(20480.0), "num1k", "20.5k"),
        (Value::Int(1204), "num0", "1~204"),
        (Value::Int(1204), "int", "1~204"),
        (Value::Int(2025), "id", "2025"),
        (Value::Int(7), "usd2", "$7.00"),
        (Value::Int(-7), "eur0", "−€7"),
        (Value::Double(0.0425), "pct1", "4.2~%"),
        (Value::Double(-0.0425), "pct0", "−4~%"),
        (Value::Int(1), "pct0", "100~%"),
        (Value::Double(3.1234), "mult1", "3.1×"),
        (Value::Double(-0.0004), "num1", "0.0"),
        (Value::Double(f64::NAN), "usd0", "not a number"),
        (Value::Double(f64::NEG_INFINITY), "usd0", "−∞"),
        (Value::Int(i64::MAX), "num0", "9~223~372~036~854~775~807"),
        (Value::Null, "usd0", "n/a"),
        (Value::Text("EMEA".into()), "usd0", "EMEA"),
        (Value::Int(12), "date", "12"),
    ];
    for (value, tag, expected) in cases {
        assert_eq!(format_value(value, Some(tag)), expected.replace('~', &T.to_string()), "{value:?} as {tag}");
    }
}

#[test]
fn dates_by_tag() {
    // (date(2025, 11, 30) - date(1970, 1, 1)).days == 20422, a Sunday.
    let day = Value::Date(20_422);
    let moment = Value::Timestamp(20_422 * 86_400_000_000 + (14 * 60 + 5) * 60_000_000 + 6_500_000);
    for (value, tag, expected) in [
        (&day, "date", "30 Nov 2025"),
        (&day, "date-long", "30 November 2025"),
        (&day, "iso", "2025-11-30"),
        (&day, "mmm-yy", "Nov 25"),
        (&day, "mmm-yyyy", "Nov 2025"),
        (&day, "month", "November 2025"),
        (&day, "quarter", "Q4 2025"),
        (&day, "year", "2025"),
        (&day, "weekday", "Sunday"),
        (&moment, "time", "14:05"),
        (&moment, "datetime", "30 Nov 2025, 14:05"),
        (&moment, "iso", "2025-11-30 14:05:06.5"),
    ] {
        assert_eq!(format_value(value, Some(tag)), expected, "{tag}");
    }
}

#[test]
fn defaults_exact_and_plain_forms() {
    let t = |words: &str| words.replace('~', &T.to_string());
    for (value, default, exactly, data) in [
        (Value::Int(-1234567), "−1~234~567", "−1~234~567", "-1234567"),
        (Value::Int(2025), "2025", "2025", "2025"),
        (Value::Double(1234.5678), "1234.57", "1234.5678", "1234.5678"),
        (Value::Double(12.0), "12", "12", "12.0"),
        (Value::Double(0.000_123_45), "0.000123", "0.00012345", "0.00012345"),
        (Value::Double(1e300), "1.000e300", "1e300", "1e300"),
        (Value::Double(-0.0), "0", "0", "-0.0"),
        (Value::Boolean(true), "true", "true", "true"),
        (Value::Null, "n/a", "n/a", ""),
        (Value::Time(3_661_000_000), "01:01:01", "01:01:01", "01:01:01"),
        (
            Value::Interval(Interval { months: 14, days: -1, micros: 0 }),
            "1 year 2 months -1 day",
            "1 year 2 months -1 day",
            "1 year 2 months -1 day",
        ),
    ] {
        assert_eq!(format_value(&value, None), t(default), "{value:?}");
        assert_eq!(exact(&value), t(exactly), "{value:?}");
        assert_eq!(plain(&value), data, "{value:?}");
    }
}

#[test]
fn every_listed_tag_is_one() {
    for tag in TAGS {
        assert!(Format::parse(tag).is_some(), "{tag}");
    }
    for tag in ["", "usd99", "usd1x", "dollar", "int2", "pct-1"] {
        assert_eq!(Format::parse(tag), None, "{tag}");
    }
}

#[test]
fn counts_and_sizes_in_words() {
    assert_eq!(plural(1, "account", "accounts"), "1 account");
    assert_eq!(plural(20_480, "account", "accounts"), format!("20{T}480 accounts"));
    assert_eq!(plural(0, "row", "rows"), "0 rows");
    let sizes = [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_951, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (134_217_728, "134 MB"),
    ];
    for (size, words) in sizes {
        assert_eq!(bytes(size), words);
    }
}

#[test]
fn days_that_do_not_exist_do_not_parse() {
    assert_eq!(parse_date("2025-11-30"), Some(20_422));
    assert_eq!(parse_date("2024-02-29"), Some(19_782));
    for text in ["2025-02-29", "2025-13-01", "2025-00-10", "30.11.2025", "2025-11", "", "-2025-11-30"] {
        assert_eq!(parse_date(text), None, "{text}");
    }
    assert_eq!(parse_timestamp("1970-01-02T00:00:01"), Some(86_401_000_000));
    assert_eq!(parse_timestamp("1970-01-02 24:00"), None);
}

proptest! {
    #[test]
    fn the_calendar_goes_there_and_back(days in -1_000_000i64..3_000_000) {
        let (year, month, day) = civil_from_days(days);
        prop_assert_eq!(days_from_civil(year, month, day), Some(days));
    }

    #[test]
    fn every_value_formats_in_every_format(number in any::<f64>(), whole in any::<i64>(), days in any::<i32>()) {
        for tag in TAGS {
            for value in [Value::Double(number), Value::Int(whole), Value::Date(days), Value::Timestamp(whole)] {
                prop_assert!(!format_value(&value, Some(tag)).is_empty());
            }
        }
    }
}
