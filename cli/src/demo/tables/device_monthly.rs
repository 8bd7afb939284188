//! `device_monthly`: every device in every month, one file a month.

use super::who;
use crate::demo::Company;
use crate::demo::books::fleet::{Device, DeviceMonth};
use crate::demo::out::Out;
use crate::demo::time::{days_in, first_day, month_index};
use crate::demo::words::MODELS;
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let fleet = &company.books.fleet;
    let device = |row: &DeviceMonth| -> &Device { &fleet.devices[row.device] };
    let account = |row: &DeviceMonth| -> &Account { &company.world.accounts[device(row).account] };
    out.months("device_monthly", |month, extract| {
        let rows = &fleet.months[month_index(month)];
        let minutes = i64::from(days_in(month)) * 1440;
        let extract = extract
            .date("month", rows.iter().map(|_| first_day(month)))
            .number("device_id", rows.iter().map(|row| u32::try_from(row.device + 1).unwrap_or(u32::MAX)))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .text("device_model", rows.iter().map(|row| MODELS[device(row).model]));
        who::three(extract, rows.iter().map(account))
            .bigint("expected_minutes", rows.iter().map(|_| minutes))
            .bigint("offline_minutes", rows.iter().map(|row| row.offline))
            .bigint("incidents", rows.iter().map(|row| row.incidents))
    })
}
