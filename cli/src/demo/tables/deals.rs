//! `deals`: every deal that closed since December 2023 or is still open.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::sales::{Deal, territory_of};
use crate::demo::time::{as_of, first_day, month_of};
use crate::demo::words::{CHANNELS, INDUSTRIES, PLANS, REGIONS, SEGMENTS, STAGES};
use crate::extract::Extract;
use almanac_model::manifest::Resource;

impl Deal {
    fn lost(&self) -> bool {
        self.closed.is_some() && !self.won
    }

    fn stage_name(&self) -> &'static str {
        match self.closed {
            None => STAGES[self.stage].0,
            Some(_) if self.won => "closed_won",
            Some(_) => "closed_lost",
        }
    }

    fn probability(&self) -> f64 {
        match self.closed {
            None => STAGES[self.stage].1,
            Some(_) => f64::from(u8::from(self.won)),
        }
    }
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = &company.books.deals;
    out.one("deals", |extract| {
        let extract = extract
            .number("deal_id", (1..).take(rows.len()))
            .number_or_null("account_id", rows.iter().map(|row| row.account))
            .text("deal_name", rows.iter().map(|row| &row.name))
            .text("deal_type", rows.iter().map(|row| if row.expansion { "expansion" } else { "new_business" }))
            .text("stage", rows.iter().map(Deal::stage_name))
            .double("probability", rows.iter().map(Deal::probability))
            .money("amount_usd", rows.iter().map(|row| row.amount))
            .date("created_date", rows.iter().map(|row| row.created))
            .date("created_month", rows.iter().map(|row| first_day(month_of(row.created))))
            .date("expected_close_date", rows.iter().map(|row| row.expected_close))
            .date_or_null("closed_date", rows.iter().map(|row| row.closed))
            .date_or_null("closed_month", rows.iter().map(|row| row.closed.map(|day| first_day(month_of(day)))));
        outcome(extract, rows)
    })
}

fn outcome<'a>(extract: Extract<'a>, rows: &[Deal]) -> Extract<'a> {
    extract
        .flag("is_won", rows.iter().map(|row| row.won))
        .flag("is_lost", rows.iter().map(Deal::lost))
        .flag("is_open", rows.iter().map(|row| row.closed.is_none()))
        .bigint_or_null("cycle_days", rows.iter().map(|row| row.closed.map(|day| i64::from(day - row.created))))
        .int_or_null("age_days", rows.iter().map(|row| row.closed.is_none().then(|| as_of() - row.created)))
        .int("days_since_activity", rows.iter().map(|row| row.quiet_days))
        .number("close_date_pushes", rows.iter().map(|row| row.pushes))
        .text_or_null("lost_stage", rows.iter().map(|row| row.lost().then(|| STAGES[row.stage].0)))
        .text_or_null("loss_reason", rows.iter().map(|row| row.loss_reason))
        .bigint("discount_pct", rows.iter().map(|row| row.discount))
        .number("rep_id", rows.iter().map(|row| row.rep))
        .number("territory_id", rows.iter().map(|row| territory_of(row.rep)))
        .text("source_channel", rows.iter().map(|row| CHANNELS[row.channel].0))
        .text("segment", rows.iter().map(|row| SEGMENTS[row.segment].0))
        .text("region", rows.iter().map(|row| REGIONS[row.region].0))
        .text("plan", rows.iter().map(|row| PLANS[row.plan]))
        .text("industry", rows.iter().map(|row| INDUSTRIES[row.industry].0))
}
