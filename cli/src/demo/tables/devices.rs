//! `devices`: every device that was ever installed.

use super::who;
use crate::demo::Company;
use crate::demo::books::fleet::Device;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_of};
use crate::demo::words::{FIRMWARE, MODELS};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

impl Device {
    fn status(&self) -> &'static str {
        match self.retired {
            Some(_) => "retired",
            None if self.online => "online",
            None => "offline",
        }
    }
}

/// Digits that look random and differ for different numbers: multiplication by an odd number is one to one.
fn serial(number: u32, model: usize) -> String {
    format!("{}-{:08X}", MODELS[model].to_uppercase(), number.wrapping_mul(0x9e37_79b1))
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = &company.books.fleet.devices;
    let account = |row: &Device| -> &Account { &company.world.accounts[row.account] };
    out.one("devices", |extract| {
        let extract = extract
            .number("device_id", (1..).take(rows.len()))
            .number("location_id", rows.iter().map(|row| u32::try_from(row.location + 1).unwrap_or(u32::MAX)))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .text("device_model", rows.iter().map(|row| MODELS[row.model]))
            .text("firmware", rows.iter().map(|row| FIRMWARE[row.firmware]))
            .text("serial", (1..).zip(rows).map(|(number, row)| serial(number, row.model)))
            .date("installed_date", rows.iter().map(|row| row.installed))
            .date_or_null("retired_date", rows.iter().map(|row| row.retired))
            .text("status", rows.iter().map(Device::status))
            .date("last_seen_date", rows.iter().map(|row| row.seen));
        who::four(extract, rows.iter().map(account))
            .date("installed_month", rows.iter().map(|row| first_day(month_of(row.installed))))
    })
}
