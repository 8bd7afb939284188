//! Days and months of the demo company: days since 1970-01-01 as Arrow keeps them, months since 2020-01.

use almanac_model::format::{civil_from_days, days_from_civil};

/// Months of the company's life up to the data date: 2020-01 to 2025-11.
pub(crate) const MONTHS: i32 = 71;
/// First month of the operational tables: 2023-12.
pub(crate) const WINDOW: i32 = 47;
/// The last month of data.
pub(crate) const LAST: i32 = MONTHS - 1;
/// The day the data speak of.
pub(crate) const AS_OF: &str = "2025-11-30";

/// Day of a date.
pub(crate) fn day(year: i64, month: u8, day: u8) -> i32 {
    days_from_civil(year, month, day).and_then(|days| i32::try_from(days).ok()).unwrap_or_default()
}

/// The day the data speak of, as a number.
pub(crate) fn as_of() -> i32 {
    last_day(LAST)
}

/// Year and month (1 to 12) of a month's index.
pub(crate) fn civil(month: i32) -> (i64, u8) {
    (2020 + i64::from(month.div_euclid(12)), u8::try_from(month.rem_euclid(12)).unwrap_or_default() + 1)
}

/// First day of a month.
pub(crate) fn first_day(month: i32) -> i32 {
    let (year, number) = civil(month);
    day(year, number, 1)
}

/// Last day of a month.
pub(crate) fn last_day(month: i32) -> i32 {
    first_day(month + 1) - 1
}

/// Days of a month.
pub(crate) fn days_in(month: i32) -> u32 {
    (first_day(month + 1) - first_day(month)).unsigned_abs()
}

/// The month a day lies in.
pub(crate) fn month_of(day: i32) -> i32 {
    let (year, number, _) = civil_from_days(i64::from(day));
    let months = (year - 2020) * 12 + i64::from(number) - 1;
    i32::try_from(months).unwrap_or_default()
}

/// Place of a month among those of the operational tables, which start with 2023-12.
pub(crate) fn month_index(month: i32) -> usize {
    usize::try_from(month - WINDOW).unwrap_or_default()
}

/// First day of the operational tables.
pub(crate) fn window_start() -> i32 {
    first_day(WINDOW)
}

/// Day of the month, from 1.
pub(crate) fn civil_day(day: i32) -> u32 {
    u32::from(civil_from_days(i64::from(day)).2)
}

/// ISO weekday, 1 for Monday; 1970-01-01 was a Thursday.
pub(crate) fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7) + 1
}

/// `2025-11`.
pub(crate) fn label(month: i32) -> String {
    let (year, number) = civil(month);
    format!("{year}-{number:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_agree() {
        assert_eq!((label(0), label(WINDOW), label(LAST)), ("2020-01".into(), "2023-12".into(), "2025-11".into()));
        assert_eq!(as_of(), day(2025, 11, 30));
        assert_eq!(days_in(49), 29, "February 2024");
        for month in 0..84 {
            assert_eq!((month_of(first_day(month)), month_of(last_day(month))), (month, month));
        }
    }
}
