//! `accounts`: every customer there ever was, as it stands today.

use super::account_monthly::{int, rounded};
use crate::demo::time::{LAST, first_day, month_of};
use crate::demo::words::{CHANNELS, INDUSTRIES, PLANS, REGIONS, SEGMENTS};
use crate::demo::world::{Account, Life, Snapshot, World};
use crate::extract::Extract;
use almanac_model::manifest::Resource;
use std::path::Path;

/// Share of revenue that is left after the cost of serving it, in per cent.
const GROSS_MARGIN: i64 = 76;

struct Row<'a> {
    account: &'a Account,
    life: &'a Life,
    /// Its last month end, if it lies in the last month.
    now: Snapshot,
    tickets: u32,
    failures: i32,
    incidents: u32,
}

impl<'a> Row<'a> {
    fn new(account: &'a Account, life: &'a Life) -> Self {
        let now = life.snapshots.last().filter(|row| row.month == LAST).copied().unwrap_or_default();
        let quarter = || life.snapshots.iter().filter(|row| row.month > LAST - 3);
        Self {
            account,
            life,
            now: Snapshot { uptime: if now.active { now.uptime } else { 100.0 }, ..now },
            tickets: quarter().map(|row| row.tickets).sum(),
            failures: quarter().map(|row| i32::from(row.payment_failed)).sum(),
            incidents: quarter().map(|row| row.incidents).sum(),
        }
    }

    fn left(&self) -> Option<i32> {
        self.life.churn.map(|(day, _)| day)
    }
}

pub(super) fn write(world: &World, folder: &Path) -> Result<Resource, String> {
    let rows: Vec<Row<'_>> =
        world.accounts.iter().zip(&world.lives).map(|(account, life)| Row::new(account, life)).collect();
    let accounts = || rows.iter().map(|row| row.account);
    let extract = Extract::new(
        "accounts",
        "One row per customer account, past and present, with its figures of today.",
        &["account_id"],
    )
    .int("account_id", "account key", accounts().map(|account| int(account.id)))
    .text("account_name", "display name (made up)", accounts().map(|account| &account.name))
    .text("segment", "smb, mid_market or enterprise", accounts().map(|account| SEGMENTS[account.segment].0))
    .text("region", "na, emea, apac or latam", accounts().map(|account| REGIONS[account.region].0))
    .text("plan", "starter, growth, pro or enterprise", accounts().map(|account| PLANS[account.plan]))
    .text("industry", "customer industry", accounts().map(|account| INDUSTRIES[account.industry].0))
    .text("acq_channel", "marketing channel that first brought the account", accounts().map(|a| CHANNELS[a.channel].0))
    .text("country", "ISO country of the head office", accounts().map(|account| account.country))
    .text("employee_band", "head count band", accounts().map(|account| account.band))
    .text("billing_period", "monthly or annual", accounts().map(|a| if a.annual { "annual" } else { "monthly" }))
    .date("signup_date", "first paid day", accounts().map(|account| account.signup_day))
    .date("signup_month", "first day of that month", accounts().map(|account| first_day(account.signup_month)))
    .date_or_null(
        "first_value_date",
        "day of the first completed core task",
        accounts().map(|account| account.first_value.map(|days| account.signup_day + days)),
    )
    .date_or_null("churn_date", "day of the last churn, null while active", rows.iter().map(Row::left))
    .text_or_null("churn_reason", "stated or derived reason", rows.iter().map(|row| row.life.churn.map(|(_, why)| why)))
    .text("status", "active or churned", rows.iter().map(|row| if row.now.active { "active" } else { "churned" }))
    .int_or_null("csm_id", "customer success manager, null for self-serve", accounts().map(|a| a.csm.map(int)))
    .int("owner_rep_id", "account owner in sales", accounts().map(|account| int(account.rep)))
    .int("locations_count", "locations of the account", accounts().map(|account| int(account.locations)))
    .int("users_count", "users of the account", rows.iter().map(|row| int(row.life.users)))
    .int("devices_count", "devices installed", accounts().map(|account| int(account.devices)));
    figures(extract, &rows).write(folder)
}

fn figures(extract: Extract, rows: &[Row<'_>]) -> Extract {
    extract
        .money("mrr_usd", "MRR today", rows.iter().map(|row| row.now.mrr))
        .money("arr_usd", "12 x mrr_usd", rows.iter().map(|row| row.now.mrr * 12))
        .money("mrr_peak_usd", "highest MRR ever", rows.iter().map(|row| row.life.peak))
        .money("lifetime_revenue_usd", "sum of MRR over all months", rows.iter().map(|row| row.life.revenue))
        .money(
            "ltv_usd",
            "gross-margin lifetime revenue so far",
            rows.iter().map(|row| row.life.revenue * GROSS_MARGIN / 100),
        )
        .int("active_users_28d", "active users in the last month", rows.iter().map(|row| int(row.now.active_users)))
        .int("events_28d", "events in the last month", rows.iter().map(|row| int(row.now.events)))
        .int("features_used_28d", "distinct features used in the last month", rows.iter().map(|row| row.now.features))
        .int("tickets_90d", "tickets in three months", rows.iter().map(|row| int(row.tickets)))
        .int("tickets_lifetime", "tickets since signup", rows.iter().map(|row| int(row.life.tickets)))
        .int("payment_failures_90d", "failed payments in three months", rows.iter().map(|row| row.failures))
        .double(
            "device_uptime_30d_pct",
            "uptime of the last month, 0 to 100",
            rows.iter().map(|row| rounded(row.now.uptime)),
        )
        .int("device_incidents_90d", "incidents in the last three months", rows.iter().map(|row| int(row.incidents)))
        .date_or_null(
            "churn_month",
            "first day of the churn month",
            rows.iter().map(|row| row.left().map(|day| first_day(month_of(day)))),
        )
        .int_or_null(
            "days_to_first_value",
            "days from signup to first value",
            rows.iter().map(|row| row.account.first_value),
        )
        .int_or_null(
            "days_to_churn",
            "days from signup to churn",
            rows.iter().map(|row| row.left().map(|day| day - row.account.signup_day)),
        )
        .int_or_null(
            "health_score",
            "rule-based score v1, 0 to 100; null after the account left",
            rows.iter().map(|row| row.now.health),
        )
}
