//! Two judgements on an account: the rule-based health score that the company shows, and the true hazard of leaving.

use super::Account;
use crate::demo::words;

/// What both look at: means over months, because the noise of one month of a small account says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signs {
    /// Active users over seats, mean of three months.
    pub(crate) seat_use: f64,
    /// Fall of events, logarithm: the last two months against the four before. Positive is worse.
    pub(crate) drop: f64,
    /// Tickets of three months per four seats, at most 4.
    pub(crate) tickets: f64,
    /// A payment is still open.
    pub(crate) unpaid: bool,
    /// Months since signup.
    pub(crate) tenure: i32,
    /// Features used in the month.
    pub(crate) features: i32,
    /// Uptime of the month is below 99.7 %.
    pub(crate) unreliable: bool,
    /// Incidents of three months per device, at most 2.
    pub(crate) incidents: f64,
}

/// Health score, version 1: what a team would agree on, 0 to 100.
pub(crate) fn score(signs: &Signs) -> i32 {
    let mut score = 100.0;
    score -= 72.0 * ((0.58 - signs.seat_use) / 0.58).clamp(0.0, 1.0);
    score -= 26.0 * signs.drop.clamp(0.0, 1.2);
    score -= 9.0 * signs.tickets;
    score -= 1.6 * f64::from((9 - signs.features).clamp(0, 9));
    score -= if signs.unpaid { 25.0 } else { 0.0 };
    score -= if signs.unreliable { 6.0 } else { 0.0 };
    score -= if signs.tenure < 3 { 4.0 } else { 0.0 };
    i32::try_from(super::super::random::whole(score.clamp(0.0, 100.0) + 0.5)).unwrap_or(100)
}

/// Base of the monthly logit by segment.
const BASE: [f64; 3] = [-7.7, -7.85, -8.15];
/// Months in which the price rise drove starter accounts away: 2025-02 to 2025-04.
pub(crate) const PRICE_RISE_CHURN: std::ops::RangeInclusive<i32> = 61..=63;

/// Logit of leaving this month.
pub(crate) fn churn_logit(account: &Account, signs: &Signs, month: i32, latent: f64) -> f64 {
    let mut logit = BASE[account.segment];
    logit += 1.25 * signs.drop.clamp(-1.0, 2.0);
    logit -= 3.4 * (signs.seat_use - 0.7);
    logit += 0.8 * signs.tickets;
    logit += if signs.unpaid { 2.0 } else { 0.0 };
    logit += 0.8 * libm::exp(-f64::from(signs.tenure) / 4.0);
    logit += if signs.unreliable { 0.9 } else { 0.0 };
    logit += 0.5 * signs.incidents;
    logit -= 0.05 * f64::from(signs.features - 10);
    logit -= latent;
    if account.annual {
        logit += if renews(account, month) { 2.3 } else { -2.6 };
    }
    if account.plan == words::STARTER && PRICE_RISE_CHURN.contains(&month) {
        logit += 0.75;
    }
    logit
}

/// Whether the annual term ends in this month.
pub(crate) fn renews(account: &Account, month: i32) -> bool {
    let tenure = month - account.signup_month;
    account.annual && tenure > 0 && tenure % 12 == 0
}
