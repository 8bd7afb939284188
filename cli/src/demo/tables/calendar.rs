//! `calendar`: every day from 2020 to 2026.

use crate::demo::time::{day, days_in, first_day, label, month_of};
use crate::demo::world::World;
use crate::extract::Extract;
use almanac_model::manifest::Resource;
use std::path::Path;

/// Quarter that a month lies in, as the index of its first month.
pub(super) fn quarter(month: i32) -> i32 {
    month - month.rem_euclid(3)
}

/// `2025-Q4`.
pub(super) fn quarter_label(month: i32) -> String {
    format!("{}-Q{}", 2020 + month.div_euclid(12), month.rem_euclid(12) / 3 + 1)
}

/// ISO weekday, 1 for Monday; 1970-01-01 was a Thursday.
fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7) + 1
}

pub(super) fn write(_: &World, folder: &Path) -> Result<Resource, String> {
    let days = day(2020, 1, 1)..=day(2026, 12, 31);
    let months = || days.clone().map(month_of);
    Extract::new("calendar", "One row per day from 2020 to 2026: its month, quarter, week and kind.", &["date"])
        .date("date", "calendar day", days.clone())
        .date("month", "first day of the month", months().map(first_day))
        .date("quarter", "first day of the quarter", months().map(|month| first_day(quarter(month))))
        .int("year", "calendar year", months().map(|month| 2020 + month / 12))
        .date("week", "Monday of the week", days.clone().map(|day| day - weekday(day) + 1))
        .int("dow", "ISO weekday, 1 = Monday", days.clone().map(weekday))
        .flag("is_business_day", "Monday to Friday", days.clone().map(|day| weekday(day) <= 5))
        .text("month_label", "YYYY-MM", months().map(label))
        .text("quarter_label", "YYYY-Qn", months().map(quarter_label))
        .bigint("days_in_month", "days of the month", months().map(|month| i64::from(days_in(month))))
        .write(folder)
}
