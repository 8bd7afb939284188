//! The months of the sales reps: quota, activity and results, which are those of the deals.

use crate::demo::random::Seed;
use crate::demo::sales::{Deal, REPS};
use crate::demo::time::{MONTHS, WINDOW, month_index, month_of};

/// A month of a rep. Money in cents.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RepMonth {
    /// Key of the rep.
    pub(crate) rep: u32,
    /// The month.
    pub(crate) month: i32,
    /// What was asked.
    pub(crate) quota: i64,
    /// Calls.
    pub(crate) calls: u32,
    /// E-mails.
    pub(crate) emails: u32,
    /// Meetings.
    pub(crate) meetings: u32,
    /// Annual value of deals won.
    pub(crate) bookings: i64,
    /// Deals won.
    pub(crate) won: u32,
    /// Deals lost.
    pub(crate) lost: u32,
    /// Deals opened.
    pub(crate) created: u32,
    /// Value of those.
    pub(crate) pipeline: i64,
}

/// Quota against the mean bookings of the rep, and how it rises from the first to the last month.
const STRETCH: f64 = 1.08;
const RISE: f64 = 0.30;
/// Bookings of a deal beyond this, in cents, do not count for quota: nobody plans with the one large deal.
const MOST: i64 = 30_000_000;

/// By rep and month.
pub(crate) fn months(seed: Seed, deals: &[Deal]) -> Vec<RepMonth> {
    let count = month_index(MONTHS);
    let mut rows: Vec<RepMonth> = (1..=REPS)
        .flat_map(|rep| (WINDOW..MONTHS).map(move |month| RepMonth { rep, month, ..RepMonth::default() }))
        .collect();
    let mut planned = vec![0_i64; REPS as usize];
    let at = |rep: u32, month: i32| {
        (WINDOW..MONTHS).contains(&month).then(|| (rep as usize - 1) * count + month_index(month))
    };
    for deal in deals {
        if let Some(at) = at(deal.rep, month_of(deal.created)) {
            rows[at].created += 1;
            rows[at].pipeline += deal.amount;
        }
        let Some(at) = deal.closed.and_then(|day| at(deal.rep, month_of(day))) else { continue };
        if deal.won {
            rows[at].won += 1;
            rows[at].bookings += deal.amount;
            planned[deal.rep as usize - 1] += deal.amount.min(MOST);
        } else {
            rows[at].lost += 1;
        }
    }
    for row in &mut rows {
        let mut random = seed.stream("rep month", u64::from(row.rep), u64::try_from(row.month).unwrap_or_default());
        let mut trait_of = seed.stream("diligence", u64::from(row.rep), 0);
        let diligence = trait_of.lognormal(1.0, 0.08);
        row.calls = random.poisson(205.0 * diligence);
        row.emails = random.poisson(355.0 * diligence);
        row.meetings = random.poisson(26.0 * diligence);
        row.quota = quota(planned[row.rep as usize - 1], row.month);
    }
    rows
}

/// In whole hundreds of dollars.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "bookings of one rep")]
fn quota(planned: i64, month: i32) -> i64 {
    let months = f64::from(MONTHS - WINDOW);
    let rise = 1.0 + RISE * (f64::from(month - WINDOW) / (months - 1.0) - 0.5);
    let quota = planned as f64 / months * STRETCH * rise;
    ((quota / 10_000.0).round() as i64).max(10) * 10_000
}
