//! `months`: every month from 2020 to 2026 with its neighbours.

use super::calendar::quarter;
use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{LAST, days_in, first_day, label};
use almanac_model::manifest::Resource;

pub(super) fn write(_: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let months = || 0..84;
    let before = |count: i32| months().map(move |month| first_day(month - count));
    out.one("months", |extract| {
        extract
            .date("month", before(0))
            .int("month_index", months())
            .date("quarter", months().map(|month| first_day(quarter(month))))
            .int("year", months().map(|month| 2020 + month / 12))
            .text("month_label", months().map(label))
            .date("prev_month", before(1))
            .date("prev_quarter_month", before(3))
            .date("prev_year_month", before(12))
            .bigint("days_in_month", months().map(days_in))
            .flag("is_complete", months().map(|month| month <= LAST))
    })
}
