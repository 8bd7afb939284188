//! `accounts`: every customer there ever was, as it stands today.

use super::account_monthly::rounded;
use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{LAST, first_day, month_of};
use crate::demo::words::{CHANNELS, INDUSTRIES, PLANS, REGIONS, SEGMENTS};
use crate::demo::world::{Account, Life, Snapshot};
use crate::extract::Extract;
use almanac_model::manifest::Resource;

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

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let world = &company.world;
    let rows: Vec<Row<'_>> =
        world.accounts.iter().zip(&world.lives).map(|(account, life)| Row::new(account, life)).collect();
    let accounts = || rows.iter().map(|row| row.account);
    out.one("accounts", |extract| {
        let extract = extract
            .number("account_id", accounts().map(|account| account.id))
            .text("account_name", accounts().map(|account| &account.name))
            .text("segment", accounts().map(|account| SEGMENTS[account.segment].0))
            .text("region", accounts().map(|account| REGIONS[account.region].0))
            .text("plan", accounts().map(|account| PLANS[account.plan]))
            .text("industry", accounts().map(|account| INDUSTRIES[account.industry].0))
            .text("acq_channel", accounts().map(|a| CHANNELS[a.channel].0))
            .text("country", accounts().map(|account| account.country))
            .text("employee_band", accounts().map(|account| account.band))
            .text("billing_period", accounts().map(|a| if a.annual { "annual" } else { "monthly" }))
            .date("signup_date", accounts().map(|account| account.signup_day))
            .date("signup_month", accounts().map(|account| first_day(account.signup_month)))
            .date_or_null(
                "first_value_date",
                accounts().map(|account| account.first_value.map(|days| account.signup_day + days)),
            )
            .date_or_null("churn_date", rows.iter().map(Row::left))
            .text_or_null("churn_reason", rows.iter().map(|row| row.life.churn.map(|(_, why)| why)))
            .text("status", rows.iter().map(|row| if row.now.active { "active" } else { "churned" }))
            .number_or_null("csm_id", accounts().map(|account| account.csm))
            .number("owner_rep_id", accounts().map(|account| account.rep))
            .number("locations_count", accounts().map(|account| account.locations))
            .number("users_count", rows.iter().map(|row| row.life.users))
            .number("devices_count", accounts().map(|account| account.devices));
        figures(extract, &rows)
    })
}

fn figures<'a>(extract: Extract<'a>, rows: &[Row<'_>]) -> Extract<'a> {
    extract
        .money("mrr_usd", rows.iter().map(|row| row.now.mrr))
        .money("arr_usd", rows.iter().map(|row| row.now.mrr * 12))
        .money("mrr_peak_usd", rows.iter().map(|row| row.life.peak))
        .money("lifetime_revenue_usd", rows.iter().map(|row| row.life.revenue))
        .money("ltv_usd", rows.iter().map(|row| row.life.revenue * GROSS_MARGIN / 100))
        .number("active_users_28d", rows.iter().map(|row| row.now.active_users))
        .number("events_28d", rows.iter().map(|row| row.now.events))
        .int("features_used_28d", rows.iter().map(|row| row.now.features))
        .number("tickets_90d", rows.iter().map(|row| row.tickets))
        .number("tickets_lifetime", rows.iter().map(|row| row.life.tickets))
        .int("payment_failures_90d", rows.iter().map(|row| row.failures))
        .double("device_uptime_30d_pct", rows.iter().map(|row| rounded(row.now.uptime)))
        .number("device_incidents_90d", rows.iter().map(|row| row.incidents))
        .date_or_null("churn_month", rows.iter().map(|row| row.left().map(|day| first_day(month_of(day)))))
        .int_or_null("days_to_first_value", rows.iter().map(|row| row.account.first_value))
        .int_or_null("days_to_churn", rows.iter().map(|row| row.left().map(|day| day - row.account.signup_day)))
        .int_or_null("health_score", rows.iter().map(|row| row.now.health))
}
