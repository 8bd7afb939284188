//! The columns by which everything is cut: what kind of customer it concerns.

use crate::demo::words::{CHANNELS, INDUSTRIES, PLANS, REGIONS, SEGMENTS};
use crate::demo::world::Account;
use crate::extract::Extract;

/// `segment` and `region`.
pub(super) fn two<'s, 'w>(extract: Extract<'s>, of: impl Iterator<Item = &'w Account> + Clone) -> Extract<'s> {
    extract
        .text("segment", of.clone().map(|account| SEGMENTS[account.segment].0))
        .text("region", of.map(|account| REGIONS[account.region].0))
}

/// These and `plan`.
pub(super) fn three<'s, 'w>(extract: Extract<'s>, of: impl Iterator<Item = &'w Account> + Clone) -> Extract<'s> {
    two(extract, of.clone()).text("plan", of.map(|account| PLANS[account.plan]))
}

/// These and `industry`.
pub(super) fn four<'s, 'w>(extract: Extract<'s>, of: impl Iterator<Item = &'w Account> + Clone) -> Extract<'s> {
    three(extract, of.clone()).text("industry", of.map(|account| INDUSTRIES[account.industry].0))
}

/// These and `acq_channel`.
pub(super) fn five<'s, 'w>(extract: Extract<'s>, of: impl Iterator<Item = &'w Account> + Clone) -> Extract<'s> {
    four(extract, of.clone()).text("acq_channel", of.map(|account| CHANNELS[account.channel].0))
}

/// `industry` and `acq_channel` alone.
pub(super) fn industry_and_channel<'s, 'w>(
    extract: Extract<'s>,
    of: impl Iterator<Item = &'w Account> + Clone,
) -> Extract<'s> {
    extract
        .text("industry", of.clone().map(|account| INDUSTRIES[account.industry].0))
        .text("acq_channel", of.map(|account| CHANNELS[account.channel].0))
}
