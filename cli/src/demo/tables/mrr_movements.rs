//! `mrr_movements`: every change of monthly recurring revenue since the first customer.

use super::who;
use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_of};
use crate::demo::world::{Account, Movement};
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let mut rows: Vec<(&Account, Movement)> = Vec::new();
    for (account, life) in company.world.accounts.iter().zip(&company.world.lives) {
        rows.extend(life.movements.iter().map(|movement| (account, *movement)));
    }
    rows.sort_by_key(|(account, movement)| (movement.day, account.id));
    out.one("mrr_movements", |extract| {
        let extract = extract
            .number("movement_id", (1..).take(rows.len()))
            .number("account_id", rows.iter().map(|(account, _)| account.id))
            .date("movement_date", rows.iter().map(|(_, row)| row.day))
            .date("month", rows.iter().map(|(_, row)| first_day(month_of(row.day))))
            .text("movement_type", rows.iter().map(|(_, row)| row.kind.name()))
            .money("mrr_delta_usd", rows.iter().map(|(_, row)| row.delta));
        who::five(extract, rows.iter().map(|(account, _)| *account))
    })
}
