//! The stages that each deal went through: its cycle cut into parts, so that the last ends when the deal closed.

use crate::demo::random::Seed;
use crate::demo::sales::Deal;
use crate::demo::time::as_of;
use crate::demo::words::STAGE_TIME;
use rayon::prelude::*;

/// A deal's stay in a stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// Index into [`STAGES`](crate::demo::words::STAGES).
    pub(crate) stage: usize,
    /// First day.
    pub(crate) entered: i32,
    /// Last day; none while it is there.
    pub(crate) left: Option<i32>,
    /// It left forward, or was won.
    pub(crate) advanced: bool,
}

/// The stages of all deals, in their order.
pub(crate) fn of(seed: Seed, deals: &[Deal]) -> Vec<Vec<Visit>> {
    deals.par_iter().enumerate().map(|(at, deal)| visits(seed, at, deal)).collect()
}

fn visits(seed: Seed, at: usize, deal: &Deal) -> Vec<Visit> {
    let last = if deal.won { STAGE_TIME.len() - 1 } else { deal.stage };
    let mut random = seed.stream("stages", at as u64, 0);
    let parts: Vec<f64> = STAGE_TIME[..=last].iter().map(|part| part * random.lognormal(1.0, 0.35)).collect();
    let whole: f64 = parts.iter().sum();
    let end = deal.closed.unwrap_or(as_of());
    let days = f64::from(end - deal.created);
    let mut visits = Vec::with_capacity(parts.len());
    let mut passed = 0.0;
    let mut entered = deal.created;
    for (stage, part) in parts.iter().enumerate() {
        passed += part;
        let left = if stage == last { end } else { deal.created + to_day(days * passed / whole) };
        let over = stage < last || deal.closed.is_some();
        visits.push(Visit { stage, entered, left: over.then_some(left), advanced: stage < last || deal.won });
        entered = left;
    }
    visits
}

#[expect(clippy::cast_possible_truncation, reason = "days of a deal")]
fn to_day(days: f64) -> i32 {
    days.round() as i32
}

/// The stage in which a deal was at the end of a day, if it was open then.
pub(crate) fn stage_on(visits: &[Visit], day: i32) -> Option<usize> {
    let open = visits.last().is_some_and(|visit| visit.left.is_none_or(|left| left > day));
    let visit = visits.iter().rfind(|visit| visit.entered <= day)?;
    open.then_some(visit.stage)
}
