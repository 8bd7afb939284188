//! `finance_monthly`: what the company costs, by month and cost centre since the first customer.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{LAST, MONTHS, first_day, month_of};
use almanac_model::manifest::Resource;

/// Cost centres with their share of MRR today.
const CENTRES: [(&str, f64); 5] =
    [("cogs", 0.235), ("sales", 0.27), ("marketing", 0.15), ("rnd", 0.24), ("g_and_a", 0.12)];
/// How much larger the shares were when the company was nothing.
const SMALL: f64 = 0.27;
/// Less than this, in cents, no company costs a month.
const LEAST: i64 = 1_000_000;

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a company's month in cents")]
pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let mut mrr = vec![0_i64; MONTHS.unsigned_abs() as usize];
    for movement in company.world.lives.iter().flat_map(|life| &life.movements) {
        mrr[month_of(movement.day).unsigned_abs() as usize] += movement.delta;
    }
    for month in 1..mrr.len() {
        mrr[month] += mrr[month - 1];
    }
    let now = mrr[LAST.unsigned_abs() as usize] as f64;
    let mut rows = Vec::new();
    for (month, mrr) in (0..).zip(&mrr) {
        for (at, (centre, share)) in CENTRES.iter().enumerate() {
            let mut random = company.world.seed.stream("cost", month, at as u64);
            let size = *mrr as f64 / now.max(1.0);
            let cost = *mrr as f64 * share * (1.0 + SMALL * (1.0 - size)) * random.lognormal(1.0, 0.018);
            rows.push((i32::try_from(month).unwrap_or_default(), *centre, (cost.round() as i64).max(LEAST)));
        }
    }
    out.one("finance_monthly", |extract| {
        extract
            .date("month", rows.iter().map(|row| first_day(row.0)))
            .text("cost_center", rows.iter().map(|row| row.1))
            .money("amount_usd", rows.iter().map(|row| row.2))
    })
}
