//! `invoices`: one file a month.

use super::{offsets, who};
use crate::demo::Company;
use crate::demo::books::billing::Invoice;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_index};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let months = &company.books.billing.invoices;
    let first = offsets(months);
    let account = |row: &Invoice| -> &Account { &company.world.accounts[row.account] };
    let days = |row: &Invoice| row.paid.map(|day| day - row.day);
    out.months("invoices", |month, extract| {
        let rows = &months[month_index(month)];
        let extract = extract
            .number("invoice_id", (first[month_index(month)]..).take(rows.len()))
            .number("account_id", rows.iter().map(|row| account(row).id))
            // A subscription to a plan has the number of its account.
            .number("subscription_id", rows.iter().map(|row| account(row).id))
            .date("month", rows.iter().map(|_| first_day(month)))
            .date("invoice_date", rows.iter().map(|row| row.day))
            .date("due_date", rows.iter().map(|row| row.due))
            .date_or_null("paid_date", rows.iter().map(|row| row.paid))
            .text("status", rows.iter().map(|row| row.status))
            .money("amount_due_usd", rows.iter().map(|row| row.amount))
            .money("amount_paid_usd", rows.iter().map(|row| if row.paid.is_some() { row.amount } else { 0 }))
            .money("tax_usd", rows.iter().map(|row| row.tax))
            .number("attempt_count", rows.iter().map(|row| row.attempts))
            .int_or_null("days_to_pay", rows.iter().map(days))
            .text(
                "billing_reason",
                rows.iter().map(|row| if row.first { "subscription_create" } else { "subscription_cycle" }),
            );
        who::five(extract, rows.iter().map(account))
    })
}
