//! `account_monthly`: every account at every month's end, one file a month.

use super::who;
use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::first_day;
use crate::demo::world::{Account, Snapshot};
use crate::extract::Extract;
use almanac_model::manifest::Resource;

type Row<'a> = (&'a Account, &'a Snapshot);

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    out.months("account_monthly", |month, extract| {
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (account, life) in company.world.accounts.iter().zip(&company.world.lives) {
            if let Ok(at) = life.snapshots.binary_search_by_key(&month, |row| row.month) {
                rows.push((account, &life.snapshots[at]));
            }
        }
        columns(extract, &rows)
    })
}

fn columns<'a>(extract: Extract<'a>, rows: &[Row<'_>]) -> Extract<'a> {
    let accounts = || rows.iter().map(|(account, _)| *account);
    let rows = || rows.iter().map(|(_, row)| *row);
    let tenure = accounts().zip(rows()).map(|(account, row)| row.month - account.signup_month);
    let extract = extract
        .date("month", rows().map(|row| first_day(row.month)))
        .number("account_id", accounts().map(|account| account.id));
    who::five(extract, accounts())
        .text("status", rows().map(|row| if row.active { "active" } else { "churned" }))
        .int("tenure_months", tenure)
        .text("billing_period", accounts().map(|account| if account.annual { "annual" } else { "monthly" }))
        .money("mrr_usd", rows().map(|row| row.mrr))
        .money("mrr_1m_ago_usd", rows().map(|row| row.mrr_1m_ago))
        .money("mrr_12m_ago_usd", rows().map(|row| row.mrr_12m_ago))
        .bigint("seats", rows().map(|row| row.seats))
        .bigint("active_users", rows().map(|row| row.active_users))
        .bigint("sessions", rows().map(|row| row.sessions))
        .bigint("events", rows().map(|row| row.events))
        .double("usage_trend_3m", rows().map(|row| rounded(row.usage_trend)))
        .int("features_used", rows().map(|row| row.features))
        .bigint("tickets", rows().map(|row| row.tickets))
        .int("payment_failures", rows().map(|row| i32::from(row.payment_failed)))
        .bigint("devices", rows().map(|row| row.devices))
        .bigint("device_incidents", rows().map(|row| row.incidents))
        .double("device_uptime_pct", rows().map(|row| rounded(row.uptime)))
        .int_or_null("health_score", rows().map(|row| row.health))
        .int("months_to_renewal", rows().map(|row| row.months_to_renewal))
        .flag("is_renewal_month", rows().map(|row| row.renewal))
        .int("mrr_rank", rows().map(|row| row.rank))
        .flag("expanded_this_month", rows().map(|row| row.expanded))
        .flag("contracted_this_month", rows().map(|row| row.contracted))
        .flag("churned_this_month", rows().map(|row| row.churned))
        .int_or_null("churn_next_90d", rows().map(|row| row.leaves.map(i32::from)))
}

/// Three decimals.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
