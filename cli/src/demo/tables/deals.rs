//! `deals`: every deal that closed since December 2023 or is still open.

use super::account_monthly::int;
use crate::demo::sales::{Deal, deals, territory_of};
use crate::demo::time::{as_of, first_day, month_of};
use crate::demo::words::{CHANNELS, INDUSTRIES, PLANS, REGIONS, SEGMENTS, STAGES};
use crate::demo::world::World;
use crate::extract::Extract;
use almanac_model::manifest::Resource;
use std::path::Path;

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

pub(super) fn write(world: &World, folder: &Path) -> Result<Resource, String> {
    let rows = deals(world);
    let extract = Extract::new("deals", "One row per deal that closed since December 2023 or is open.", &["deal_id"])
        .int("deal_id", "deal key", (1..).take(rows.len()))
        .int_or_null(
            "account_id",
            "account key; null while it is not a customer",
            rows.iter().map(|row| row.account.map(int)),
        )
        .text("deal_name", "display name (made up)", rows.iter().map(|row| &row.name))
        .text(
            "deal_type",
            "new_business or expansion",
            rows.iter().map(|row| if row.expansion { "expansion" } else { "new_business" }),
        )
        .text(
            "stage",
            "qualified, discovery, demo, proposal, negotiation, closed_won or closed_lost",
            rows.iter().map(Deal::stage_name),
        )
        .double("probability", "stage probability", rows.iter().map(Deal::probability))
        .money("amount_usd", "annual contract value in US dollars", rows.iter().map(|row| row.amount))
        .date("created_date", "day of creation", rows.iter().map(|row| row.created))
        .date(
            "created_month",
            "first day of the creation month",
            rows.iter().map(|row| first_day(month_of(row.created))),
        )
        .date("expected_close_date", "forecast close", rows.iter().map(|row| row.expected_close))
        .date_or_null("closed_date", "day of win or loss", rows.iter().map(|row| row.closed))
        .date_or_null(
            "closed_month",
            "first day of the close month",
            rows.iter().map(|row| row.closed.map(|day| first_day(month_of(day)))),
        );
    outcome(extract, &rows).write(folder)
}

fn outcome(extract: Extract, rows: &[Deal]) -> Extract {
    extract
        .flag("is_won", "closed won", rows.iter().map(|row| row.won))
        .flag("is_lost", "closed lost", rows.iter().map(Deal::lost))
        .flag("is_open", "not closed at the data date", rows.iter().map(|row| row.closed.is_none()))
        .bigint_or_null(
            "cycle_days",
            "days from creation to close",
            rows.iter().map(|row| row.closed.map(|day| i64::from(day - row.created))),
        )
        .int_or_null(
            "age_days",
            "days since creation, open deals only",
            rows.iter().map(|row| row.closed.is_none().then(|| as_of() - row.created)),
        )
        .int("days_since_activity", "days since the last logged activity", rows.iter().map(|row| row.quiet_days))
        .int("close_date_pushes", "times the expected close was moved", rows.iter().map(|row| int(row.pushes)))
        .text_or_null(
            "lost_stage",
            "stage in which the deal was lost",
            rows.iter().map(|row| row.lost().then(|| STAGES[row.stage].0)),
        )
        .text_or_null(
            "loss_reason",
            "price, no_decision, competitor, timing, missing_feature or unqualified",
            rows.iter().map(|row| row.loss_reason),
        )
        .bigint("discount_pct", "discount in whole per cent", rows.iter().map(|row| i64::from(row.discount)))
        .int("rep_id", "sales rep key", rows.iter().map(|row| int(row.rep)))
        .int("territory_id", "territory key", rows.iter().map(|row| int(territory_of(row.rep))))
        .text("source_channel", "channel the deal came from", rows.iter().map(|row| CHANNELS[row.channel].0))
        .text("segment", "smb, mid_market or enterprise", rows.iter().map(|row| SEGMENTS[row.segment].0))
        .text("region", "na, emea, apac or latam", rows.iter().map(|row| REGIONS[row.region].0))
        .text("plan", "starter, growth, pro or enterprise", rows.iter().map(|row| PLANS[row.plan]))
        .text("industry", "customer industry", rows.iter().map(|row| INDUSTRIES[row.industry].0))
}
