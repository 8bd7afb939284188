//! `users`: everybody who ever had a login.

use super::who;
use crate::demo::Company;
use crate::demo::books::people::User;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_of};
use crate::demo::words::{PLATFORMS, ROLES};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = &company.books.people.users;
    let account = |row: &User| -> &Account { &company.world.accounts[row.account] };
    let soon = |row: &User| row.activated.is_some_and(|day| day <= row.created + 7);
    out.one("users", |extract| {
        let extract = extract
            .number("user_id", (1..).take(rows.len()))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .text("role", rows.iter().map(|row| ROLES[row.role]))
            .text("platform", rows.iter().map(|row| PLATFORMS[row.platform].0))
            .date("created_date", rows.iter().map(|row| row.created))
            .date("created_month", rows.iter().map(|row| first_day(month_of(row.created))))
            .date_or_null("activated_date", rows.iter().map(|row| row.activated));
        who::four(extract, rows.iter().map(account)).flag("is_activated_7d", rows.iter().map(soon))
    })
}
