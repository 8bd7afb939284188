//! `mrr_movements`: every change of monthly recurring revenue since the first customer.

use crate::demo::time::{first_day, month_of};
use crate::demo::words::{CHANNELS, INDUSTRIES, PLANS, REGIONS, SEGMENTS};
use crate::demo::world::{Account, Movement, World};
use crate::extract::Extract;
use almanac_model::manifest::Resource;
use std::path::Path;

pub(super) fn write(world: &World, folder: &Path) -> Result<Resource, String> {
    let mut rows: Vec<(&Account, Movement)> = Vec::new();
    for (account, life) in world.accounts.iter().zip(&world.lives) {
        rows.extend(life.movements.iter().map(|movement| (account, *movement)));
    }
    rows.sort_by_key(|(account, movement)| (movement.day, account.id));
    let ids = (1..).take(rows.len());
    Extract::new(
        "mrr_movements",
        "One row per change of monthly recurring revenue; their sum up to a month is the MRR of that month.",
        &["movement_id"],
    )
    .int("movement_id", "movement key", ids)
    .int("account_id", "account key", rows.iter().map(|(account, _)| i32::try_from(account.id).unwrap_or(i32::MAX)))
    .date("movement_date", "day of the change", rows.iter().map(|(_, row)| row.day))
    .date("month", "first day of the month", rows.iter().map(|(_, row)| first_day(month_of(row.day))))
    .text(
        "movement_type",
        "new, expansion, contraction, churn or reactivation",
        rows.iter().map(|(_, row)| row.kind.name()),
    )
    .money("mrr_delta_usd", "signed change of MRR", rows.iter().map(|(_, row)| row.delta))
    .text("segment", "smb, mid_market or enterprise", rows.iter().map(|(account, _)| SEGMENTS[account.segment].0))
    .text("region", "na, emea, apac or latam", rows.iter().map(|(account, _)| REGIONS[account.region].0))
    .text("plan", "starter, growth, pro or enterprise", rows.iter().map(|(account, _)| PLANS[account.plan]))
    .text("industry", "customer industry", rows.iter().map(|(account, _)| INDUSTRIES[account.industry].0))
    .text(
        "acq_channel",
        "marketing channel that first brought the account",
        rows.iter().map(|(account, _)| CHANNELS[account.channel].0),
    )
    .write(folder)
}
