//! `device_incidents`: every failure, one file a month.

use super::{offsets, who};
use crate::demo::Company;
use crate::demo::books::fleet::{Device, Incident};
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_index};
use crate::demo::words::MODELS;
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

/// Minutes beyond which an incident is a major one.
const MAJOR: u32 = 400;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let fleet = &company.books.fleet;
    let first = offsets(&fleet.incidents);
    let device = |row: &Incident| -> &Device { &fleet.devices[row.device] };
    let account = |row: &Incident| -> &Account { &company.world.accounts[device(row).account] };
    out.months("device_incidents", |month, extract| {
        let rows = &fleet.incidents[month_index(month)];
        let extract = extract
            .number("incident_id", (first[month_index(month)]..).take(rows.len()))
            .number("device_id", rows.iter().map(|row| u32::try_from(row.device + 1).unwrap_or(u32::MAX)))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .date("started_date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|_| first_day(month)))
            .bigint("duration_minutes", rows.iter().map(|row| row.minutes))
            .text("cause", rows.iter().map(|row| row.cause))
            .text("severity", rows.iter().map(|row| if row.minutes > MAJOR { "major" } else { "minor" }))
            .text("device_model", rows.iter().map(|row| MODELS[device(row).model]));
        who::three(extract, rows.iter().map(account))
    })
}
