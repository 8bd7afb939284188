//! `deal_stage_history`: every deal in every stage that it entered.

use crate::demo::Company;
use crate::demo::books::stages::Visit;
use crate::demo::out::Out;
use crate::demo::sales::Deal;
use crate::demo::time::{as_of, first_day, month_of};
use crate::demo::words::{REGIONS, SEGMENTS, STAGES};
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let mut rows: Vec<(u32, &Deal, Visit)> = Vec::new();
    for ((id, deal), visits) in (1..).zip(&company.books.deals).zip(&company.books.stages) {
        rows.extend(visits.iter().map(|visit| (id, deal, *visit)));
    }
    let kind = |deal: &Deal| if deal.expansion { "expansion" } else { "new_business" };
    out.one("deal_stage_history", |extract| {
        extract
            .number("deal_id", rows.iter().map(|(id, _, _)| *id))
            .text("stage", rows.iter().map(|(_, _, visit)| STAGES[visit.stage].0))
            .number("stage_order", rows.iter().map(|(_, _, visit)| u32::try_from(visit.stage + 1).unwrap_or_default()))
            .date("entered_date", rows.iter().map(|(_, _, visit)| visit.entered))
            .date("entered_month", rows.iter().map(|(_, _, visit)| first_day(month_of(visit.entered))))
            .date_or_null("exited_date", rows.iter().map(|(_, _, visit)| visit.left))
            .int("days_in_stage", rows.iter().map(|(_, _, visit)| visit.left.unwrap_or(as_of()) - visit.entered))
            .flag("advanced", rows.iter().map(|(_, _, visit)| visit.advanced))
            .number("rep_id", rows.iter().map(|(_, deal, _)| deal.rep))
            .text("segment", rows.iter().map(|(_, deal, _)| SEGMENTS[deal.segment].0))
            .text("region", rows.iter().map(|(_, deal, _)| REGIONS[deal.region].0))
            .text("deal_type", rows.iter().map(|(_, deal, _)| kind(deal)))
    })
}
