//! `payments`: attempts to collect, one file for each month of the attempt.

use super::{offsets, who};
use crate::demo::Company;
use crate::demo::books::billing::Payment;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_index};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let months = &company.books.billing.payments;
    let first = offsets(months);
    let account = |row: &Payment| -> &Account { &company.world.accounts[row.account] };
    out.months("payments", |month, extract| {
        let rows = &months[month_index(month)];
        let extract = extract
            .number("payment_id", (first[month_index(month)]..).take(rows.len()))
            .number("invoice_id", rows.iter().map(|row| u32::try_from(row.invoice + 1).unwrap_or(u32::MAX)))
            .number("account_id", rows.iter().map(|row| account(row).id))
            .date("month", rows.iter().map(|_| first_day(month)))
            .date("attempt_date", rows.iter().map(|row| row.day))
            .number("attempt_no", rows.iter().map(|row| row.attempt))
            .text("status", rows.iter().map(|row| if row.failure.is_some() { "failed" } else { "succeeded" }))
            .money("amount_usd", rows.iter().map(|row| row.amount))
            .text_or_null("failure_code", rows.iter().map(|row| row.failure))
            .text("method", rows.iter().map(|row| row.method));
        who::three(extract, rows.iter().map(account))
    })
}
