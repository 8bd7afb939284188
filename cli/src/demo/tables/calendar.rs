//! `calendar`: every day from 2020 to 2026.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{day, days_in, first_day, label, month_of, weekday};
use almanac_model::manifest::Resource;

/// Quarter that a month lies in, as the index of its first month.
pub(super) fn quarter(month: i32) -> i32 {
    month - month.rem_euclid(3)
}

/// `2025-Q4`.
pub(super) fn quarter_label(month: i32) -> String {
    format!("{}-Q{}", 2020 + month.div_euclid(12), month.rem_euclid(12) / 3 + 1)
}

pub(super) fn write(_: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let days = day(2020, 1, 1)..=day(2026, 12, 31);
    let months = || days.clone().map(month_of);
    out.one("calendar", |extract| {
        extract
            .date("date", days.clone())
            .date("month", months().map(first_day))
            .date("quarter", months().map(|month| first_day(quarter(month))))
            .int("year", months().map(|month| 2020 + month / 12))
            .date("week", days.clone().map(|day| day - weekday(day) + 1))
            .int("dow", days.clone().map(weekday))
            .flag("is_business_day", days.clone().map(|day| weekday(day) <= 5))
            .text("month_label", months().map(label))
            .text("quarter_label", months().map(quarter_label))
            .bigint("days_in_month", months().map(days_in))
    })
}
