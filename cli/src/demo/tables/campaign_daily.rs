//! `campaign_daily`: every campaign on every day that it ran.

use crate::demo::Company;
use crate::demo::books::campaigns::{Campaign, Day};
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_of};
use crate::demo::words::{CHANNELS, OBJECTIVES, REGIONS};
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let mut rows: Vec<(i32, u32, &Campaign, Day)> = Vec::new();
    for (id, campaign) in (1..).zip(&company.books.campaigns) {
        rows.extend((campaign.start..).zip(&campaign.days).map(|(date, day)| (date, id, campaign, *day)));
    }
    rows.sort_by_key(|(date, id, ..)| (*date, *id));
    out.one("campaign_daily", |extract| {
        extract
            .date("date", rows.iter().map(|(date, ..)| *date))
            .date("month", rows.iter().map(|(date, ..)| first_day(month_of(*date))))
            .number("campaign_id", rows.iter().map(|(_, id, ..)| *id))
            .text("channel", rows.iter().map(|(_, _, campaign, _)| CHANNELS[campaign.channel].0))
            .text("region", rows.iter().map(|(_, _, campaign, _)| REGIONS[campaign.region].0))
            .text("objective", rows.iter().map(|(_, _, campaign, _)| OBJECTIVES[campaign.objective].0))
            .money("spend_usd", rows.iter().map(|(.., day)| day.spend))
            .bigint("impressions", rows.iter().map(|(.., day)| day.impressions))
            .bigint("clicks", rows.iter().map(|(.., day)| day.clicks))
    })
}
