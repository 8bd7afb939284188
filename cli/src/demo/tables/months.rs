//! `months`: every month from 2020 to 2026 with its neighbours.

use super::calendar::quarter;
use crate::demo::time::{LAST, days_in, first_day, label};
use crate::demo::world::World;
use crate::extract::Extract;
use almanac_model::manifest::Resource;
use std::path::Path;

pub(super) fn write(_: &World, folder: &Path) -> Result<Resource, String> {
    let months = || 0..84;
    let before = |count: i32| months().map(move |month| first_day(month - count));
    Extract::new(
        "months",
        "One row per month from 2020 to 2026: its quarter, year and the months to compare it with.",
        &["month"],
    )
    .date("month", "first day of the month", before(0))
    .int("month_index", "0 = 2020-01", months())
    .date("quarter", "first day of the quarter", months().map(|month| first_day(quarter(month))))
    .int("year", "calendar year", months().map(|month| 2020 + month / 12))
    .text("month_label", "YYYY-MM", months().map(label))
    .date("prev_month", "month before", before(1))
    .date("prev_quarter_month", "three months before", before(3))
    .date("prev_year_month", "twelve months before", before(12))
    .bigint("days_in_month", "days of the month", months().map(|month| i64::from(days_in(month))))
    .flag("is_complete", "the month lies fully before the data date", months().map(|month| month <= LAST))
    .write(folder)
}
