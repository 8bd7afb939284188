//! `campaigns`: what was planned, spent and brought.

use crate::demo::Company;
use crate::demo::books::campaigns::{Campaign, Day};
use crate::demo::out::Out;
use crate::demo::words::{CHANNELS, OBJECTIVES, REGIONS};
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = &company.books.campaigns;
    let mut brought = vec![[0_i64; 3]; rows.len()];
    for lead in &company.books.leads {
        if let Some(campaign) = lead.campaign {
            brought[campaign][0] += 1;
            brought[campaign][1] += i64::from(lead.mql.is_some());
            brought[campaign][2] += i64::from(lead.opportunity.is_some());
        }
    }
    let sum = |row: &Campaign, of: fn(&Day) -> i64| row.days.iter().map(of).sum::<i64>();
    out.one("campaigns", |extract| {
        extract
            .number("campaign_id", (1..).take(rows.len()))
            .text("campaign_name", rows.iter().map(|row| &row.name))
            .text("channel", rows.iter().map(|row| CHANNELS[row.channel].0))
            .text("objective", rows.iter().map(|row| OBJECTIVES[row.objective].0))
            .text("region", rows.iter().map(|row| REGIONS[row.region].0))
            .date("start_date", rows.iter().map(|row| row.start))
            .date("end_date", rows.iter().map(|row| row.end))
            .money("budget_usd", rows.iter().map(|row| row.budget))
            .money("spend_usd", rows.iter().map(|row| sum(row, |day| day.spend)))
            .bigint("impressions", rows.iter().map(|row| sum(row, |day| day.impressions.into())))
            .bigint("clicks", rows.iter().map(|row| sum(row, |day| day.clicks.into())))
            .bigint("leads", brought.iter().map(|counts| counts[0]))
            .bigint("mqls", brought.iter().map(|counts| counts[1]))
            .bigint("opps", brought.iter().map(|counts| counts[2]))
    })
}
