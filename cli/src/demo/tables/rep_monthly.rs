//! `rep_monthly`: every sales rep in every month.

use crate::demo::Company;
use crate::demo::books::reps::{RepMonth, months};
use crate::demo::out::Out;
use crate::demo::sales::{TERRITORIES, Territory, territory_of};
use crate::demo::time::first_day;
use crate::demo::words::{REGIONS, SEGMENTS};
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = months(company.world.seed, &company.books.deals);
    let territory = |row: &RepMonth| -> &Territory { &TERRITORIES[territory_of(row.rep) as usize - 1] };
    out.one("rep_monthly", |extract| {
        extract
            .number("rep_id", rows.iter().map(|row| row.rep))
            .date("month", rows.iter().map(|row| first_day(row.month)))
            .money("quota_usd", rows.iter().map(|row| row.quota))
            .number("territory_id", rows.iter().map(|row| territory_of(row.rep)))
            .text("region", rows.iter().map(|row| REGIONS[territory(row).region].0))
            .text("segment", rows.iter().map(|row| SEGMENTS[territory(row).segment].0))
            .bigint("calls", rows.iter().map(|row| row.calls))
            .bigint("emails", rows.iter().map(|row| row.emails))
            .bigint("meetings", rows.iter().map(|row| row.meetings))
            .money("bookings_usd", rows.iter().map(|row| row.bookings))
            .bigint("deals_won", rows.iter().map(|row| row.won))
            .bigint("deals_lost", rows.iter().map(|row| row.lost))
            .bigint("deals_created", rows.iter().map(|row| row.created))
            .money("pipeline_created_usd", rows.iter().map(|row| row.pipeline))
            .flag("met_quota", rows.iter().map(|row| row.bookings >= row.quota))
    })
}
