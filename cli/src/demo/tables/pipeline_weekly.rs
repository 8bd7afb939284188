//! `pipeline_weekly`: the deals that were open on each Sunday, by rep, stage, segment, region and kind.

use crate::demo::Company;
use crate::demo::books::stages::stage_on;
use crate::demo::out::Out;
use crate::demo::time::{as_of, first_day, month_of, weekday, window_start};
use crate::demo::words::{REGIONS, SEGMENTS, STAGES};
use almanac_model::manifest::Resource;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Sunday, rep, stage, segment, region, expansion.
type Key = (i32, u32, usize, usize, usize, bool);
/// Deals, their value and their value times probability, in cents.
type Sums = (i64, i64, i64);

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let sundays: Vec<i32> = (window_start()..=as_of()).filter(|day| weekday(*day) == 7).collect();
    let weeks: Vec<BTreeMap<Key, Sums>> = sundays.par_iter().map(|day| week(company, *day)).collect();
    let rows: Vec<(Key, Sums)> = weeks.into_iter().flatten().collect();
    let last = |day: i32| month_of(day) != month_of(day + 7) || day + 7 > as_of();
    out.one("pipeline_weekly", |extract| {
        extract
            .text("stage", rows.iter().map(|((_, _, stage, ..), _)| STAGES[*stage].0))
            .number("rep_id", rows.iter().map(|((_, rep, ..), _)| *rep))
            .text("segment", rows.iter().map(|((_, _, _, segment, ..), _)| SEGMENTS[*segment].0))
            .text("region", rows.iter().map(|((.., region, _), _)| REGIONS[*region].0))
            .text("deal_type", rows.iter().map(|((.., more), _)| if *more { "expansion" } else { "new_business" }))
            .bigint("open_deals", rows.iter().map(|(_, (deals, _, _))| *deals))
            .money("open_amount_usd", rows.iter().map(|(_, (_, amount, _))| *amount))
            .money("weighted_amount_usd", rows.iter().map(|(_, (.., weighted))| *weighted))
            .date("snapshot_date", rows.iter().map(|((day, ..), _)| *day))
            .date("month", rows.iter().map(|((day, ..), _)| first_day(month_of(*day))))
            .flag("is_month_last", rows.iter().map(|((day, ..), _)| last(*day)))
    })
}

fn week(company: &Company, day: i32) -> BTreeMap<Key, Sums> {
    let mut cells: BTreeMap<Key, Sums> = BTreeMap::new();
    for (deal, visits) in company.books.deals.iter().zip(&company.books.stages) {
        if deal.created > day || deal.closed.is_some_and(|closed| closed <= day) {
            continue;
        }
        let Some(stage) = stage_on(visits, day) else { continue };
        let cell = cells.entry((day, deal.rep, stage, deal.segment, deal.region, deal.expansion)).or_default();
        cell.0 += 1;
        cell.1 += deal.amount;
        cell.2 += weighted(deal.amount, STAGES[stage].1);
    }
    cells
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "cents of one deal")]
fn weighted(amount: i64, probability: f64) -> i64 {
    (amount as f64 * probability).floor() as i64
}
