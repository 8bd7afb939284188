//! `attribution`: the touches that stand before each deal, with their shares under five models. Weights are not rounded: rounded
//! ones do not add up to one.

use super::reference;
use crate::demo::Company;
use crate::demo::books::leads::Lead;
use crate::demo::books::touches::Touch;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_of};
use crate::demo::words::{CHANNELS, REGIONS, SEGMENTS};
use almanac_model::manifest::Resource;

struct Row<'a> {
    deal: u32,
    touch_id: u32,
    touch: Touch,
    lead: &'a Lead,
    amount: i64,
    created: i32,
    first: f64,
    last: f64,
    linear: f64,
    decay: f64,
    position: f64,
}

/// Days before the deal after which a touch counts half.
const HALF_LIFE: f64 = 7.0;
/// Shares of the first and the last touch in the model by position; the others share the rest.
const ENDS: f64 = 0.4;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let leads = &company.books.leads;
    let mut of_lead: Vec<Vec<(u32, Touch)>> = vec![Vec::new(); leads.len()];
    for (id, touch) in (1..).zip(&company.books.touches) {
        if leads[touch.lead].opportunity.is_some_and(|day| touch.day <= day) {
            of_lead[touch.lead].push((id, *touch));
        }
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (lead, touches) in leads.iter().zip(of_lead) {
        let Some(((deal, amount), created)) = lead.deal.zip(lead.opportunity) else { continue };
        let decays: Vec<f64> =
            touches.iter().map(|(_, touch)| libm::exp2(-f64::from(created - touch.day) / HALF_LIFE)).collect();
        let decay: f64 = decays.iter().sum();
        let count = f64::from(u32::try_from(touches.len()).unwrap_or(u32::MAX));
        let end = touches.len().saturating_sub(1);
        for (at, (touch_id, touch)) in touches.into_iter().enumerate() {
            let is = |place: usize| f64::from(u8::from(at == place));
            let position = match end {
                0 => 1.0,
                1 => 0.5,
                _ if at == 0 || at == end => ENDS,
                _ => (1.0 - 2.0 * ENDS) / (count - 2.0),
            };
            rows.push(Row {
                deal: u32::try_from(deal + 1).unwrap_or(u32::MAX),
                touch_id,
                touch,
                lead,
                amount,
                created,
                first: is(0),
                last: is(end),
                linear: 1.0 / count,
                decay: decays[at] / decay,
                position,
            });
        }
    }
    rows.sort_by_key(|row| (row.deal, row.touch_id));
    let start = |day: i32| first_day(month_of(day));
    out.one("attribution", |extract| {
        extract
            .number("deal_id", rows.iter().map(|row| row.deal))
            .number("lead_id", rows.iter().map(|row| u32::try_from(row.touch.lead + 1).unwrap_or(u32::MAX)))
            .number("touch_id", rows.iter().map(|row| row.touch_id))
            .date("touch_date", rows.iter().map(|row| row.touch.day))
            .date("opp_month", rows.iter().map(|row| start(row.created)))
            .date_or_null("won_month", rows.iter().map(|row| row.lead.won.map(start)))
            .text("channel", rows.iter().map(|row| CHANNELS[row.touch.channel].0))
            .number_or_null("campaign_id", rows.iter().map(|row| reference(row.touch.campaign)))
            .text("region", rows.iter().map(|row| REGIONS[row.lead.region].0))
            .text("segment", rows.iter().map(|row| SEGMENTS[row.lead.segment].0))
            .money("amount_usd", rows.iter().map(|row| row.amount))
            .flag("is_won", rows.iter().map(|row| row.lead.won.is_some()))
            .double("w_first", rows.iter().map(|row| row.first))
            .double("w_last", rows.iter().map(|row| row.last))
            .double("w_linear", rows.iter().map(|row| row.linear))
            .double("w_time_decay", rows.iter().map(|row| row.decay))
            .double("w_position", rows.iter().map(|row| row.position))
    })
}
