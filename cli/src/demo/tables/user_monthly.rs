//! `user_monthly`: everybody who came in a month, one file a month.

use super::who;
use crate::demo::Company;
use crate::demo::books::people::{User, UserMonth};
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_index};
use crate::demo::words::{PLATFORMS, ROLES};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let people = &company.books.people;
    let user = |row: &UserMonth| -> &User { &people.users[row.user] };
    let account = |row: &UserMonth| -> &Account { &company.world.accounts[user(row).account] };
    out.months("user_monthly", |month, extract| {
        let rows = &people.months[month_index(month)];
        let extract = extract
            .date("month", rows.iter().map(|_| first_day(month)))
            .number("user_id", rows.iter().map(|row| u32::try_from(row.user + 1).unwrap_or(u32::MAX)))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .text("platform", rows.iter().map(|row| PLATFORMS[user(row).platform].0))
            .text("role", rows.iter().map(|row| ROLES[user(row).role]));
        who::three(extract, rows.iter().map(account))
            .bigint("active_days", rows.iter().map(|row| row.days))
            .bigint("active_weeks", rows.iter().map(|row| row.weeks))
            .bigint("sessions", rows.iter().map(|row| row.sessions))
            .bigint("events", rows.iter().map(|row| row.events))
            .flag("was_active_prev_month", rows.iter().map(|row| row.again))
    })
}
