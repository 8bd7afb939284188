//! `locations`: every site of every account.

use super::who;
use crate::demo::books::fleet::Location;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_of};
use crate::demo::{Company, world::Account};
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = &company.books.fleet.locations;
    let account = |row: &Location| -> &Account { &company.world.accounts[row.account] };
    out.one("locations", |extract| {
        let extract = extract
            .number("location_id", (1..).take(rows.len()))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .text("location_name", rows.iter().map(|row| format!("{}, {}", account(row).name, row.city)))
            .text("city", rows.iter().map(|row| &row.city))
            .date("opened_date", rows.iter().map(|row| row.opened))
            .date_or_null("closed_date", rows.iter().map(|row| row.closed))
            .text("status", rows.iter().map(|row| if row.closed.is_some() { "closed" } else { "active" }))
            .flag("is_primary", rows.iter().map(|row| row.number == 0))
            .number("devices_count", rows.iter().map(|row| row.devices))
            .double("lat", rows.iter().map(|row| row.place.0))
            .double("lon", rows.iter().map(|row| row.place.1));
        who::five(extract, rows.iter().map(account))
            .date("opened_month", rows.iter().map(|row| first_day(month_of(row.opened))))
    })
}
