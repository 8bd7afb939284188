//! `account_monthly`: every account at every month's end, one file a month.

use crate::demo::time::{MONTHS, WINDOW, first_day, label};
use crate::demo::words::{CHANNELS, INDUSTRIES, PLANS, REGIONS, SEGMENTS};
use crate::demo::world::{Account, Snapshot, World};
use crate::extract::{Extract, Part};
use almanac_model::manifest::Resource;
use std::path::Path;

type Row<'a> = (&'a Account, &'a Snapshot);

pub(super) fn write(world: &World, folder: &Path) -> Result<Resource, String> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut parts = Vec::new();
    for month in WINDOW..MONTHS {
        let start = rows.len();
        for (account, life) in world.accounts.iter().zip(&world.lives) {
            if let Ok(at) = life.snapshots.binary_search_by_key(&month, |row| row.month) {
                rows.push((account, &life.snapshots[at]));
            }
        }
        parts.push(Part { path: format!("account_monthly/{}.parquet", label(month)), rows: start..rows.len() });
    }
    extract(&rows).write_parts(folder, parts)
}

fn extract(rows: &[Row<'_>]) -> Extract {
    let accounts = || rows.iter().map(|(account, _)| *account);
    let rows = || rows.iter().map(|(_, row)| *row);
    let tenure = accounts().zip(rows()).map(|(account, row)| row.month - account.signup_month);
    Extract::new(
        "account_monthly",
        "One row per account and month end, while it is a customer and for a year after.",
        &["account_id", "month"],
    )
    .date("month", "first day of the month (partition key)", rows().map(|row| first_day(row.month)))
    .int("account_id", "account key", accounts().map(|account| int(account.id)))
    .text("segment", "smb, mid_market or enterprise", accounts().map(|account| SEGMENTS[account.segment].0))
    .text("region", "na, emea, apac or latam", accounts().map(|account| REGIONS[account.region].0))
    .text("plan", "starter, growth, pro or enterprise", accounts().map(|account| PLANS[account.plan]))
    .text("industry", "customer industry", accounts().map(|account| INDUSTRIES[account.industry].0))
    .text("acq_channel", "marketing channel that first brought the account", accounts().map(|a| CHANNELS[a.channel].0))
    .text("status", "active or churned", rows().map(|row| if row.active { "active" } else { "churned" }))
    .int("tenure_months", "months since signup", tenure)
    .text(
        "billing_period",
        "monthly or annual",
        accounts().map(|account| if account.annual { "annual" } else { "monthly" }),
    )
    .money("mrr_usd", "MRR at month end", rows().map(|row| row.mrr))
    .money("mrr_1m_ago_usd", "MRR at the month end before", rows().map(|row| row.mrr_1m_ago))
    .money("mrr_12m_ago_usd", "MRR at the same month a year before", rows().map(|row| row.mrr_12m_ago))
    .bigint("seats", "seats paid for", rows().map(|row| i64::from(row.seats)))
    .bigint("active_users", "users with a session in the month", rows().map(|row| i64::from(row.active_users)))
    .bigint("sessions", "sessions", rows().map(|row| i64::from(row.sessions)))
    .bigint("events", "product events", rows().map(|row| i64::from(row.events)))
    .double(
        "usage_trend_3m",
        "events over the mean of the three months before, minus 1",
        rows().map(|row| rounded(row.usage_trend)),
    )
    .int("features_used", "distinct features used in the month", rows().map(|row| row.features))
    .bigint("tickets", "tickets opened in the month", rows().map(|row| i64::from(row.tickets)))
    .int("payment_failures", "failed payments in the month (0 or 1)", rows().map(|row| i32::from(row.payment_failed)))
    .bigint("devices", "devices of the account", rows().map(|row| i64::from(row.devices)))
    .bigint("device_incidents", "incidents on the account's devices", rows().map(|row| i64::from(row.incidents)))
    .double("device_uptime_pct", "uptime of the month, 0 to 100", rows().map(|row| rounded(row.uptime)))
    .int_or_null(
        "health_score",
        "rule-based score v1, 0 to 100; null after the account left",
        rows().map(|row| row.health),
    )
    .int(
        "months_to_renewal",
        "months until the term ends, 0 for monthly plans",
        rows().map(|row| row.months_to_renewal),
    )
    .flag("is_renewal_month", "annual term ends in this month", rows().map(|row| row.renewal))
    .int("mrr_rank", "rank by MRR within the month, 1 = largest", rows().map(|row| row.rank))
    .flag("expanded_this_month", "MRR grew in the month", rows().map(|row| row.expanded))
    .flag("contracted_this_month", "MRR fell but stayed above zero", rows().map(|row| row.contracted))
    .flag("churned_this_month", "the account was lost in this month", rows().map(|row| row.churned))
    .int_or_null(
        "churn_next_90d",
        "1 if the account leaves in the next three months; null if not yet known or not active",
        rows().map(|row| row.leaves.map(i32::from)),
    )
}

/// Keys are small.
pub(super) fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Three decimals.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
