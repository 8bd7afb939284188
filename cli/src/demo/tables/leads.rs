//! `leads`: one file a month.

use super::{numbered_months, reference};
use crate::demo::Company;
use crate::demo::books::leads::Lead;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_index, month_of};
use crate::demo::words::{CHANNELS, INDUSTRIES, REGIONS, SEGMENTS, SENIORITY};
use almanac_model::manifest::Resource;

impl Lead {
    fn status(&self) -> &'static str {
        match self {
            Self { won: Some(_), .. } => "customer",
            Self { opportunity: Some(_), .. } => "opportunity",
            Self { sql: Some(_), .. } => "sql",
            Self { mql: Some(_), .. } => "mql",
            Self { disqualified: true, .. } => "disqualified",
            _ => "lead",
        }
    }
}

fn month_start(day: Option<i32>) -> Option<i32> {
    day.map(|day| first_day(month_of(day)))
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let months = numbered_months(&company.books.leads, |lead| lead.created);
    out.months("leads", |month, extract| {
        let (first, rows) = months[month_index(month)];
        let since = |from: Option<i32>, to: Option<i32>| Some(to? - from?);
        extract
            .number("lead_id", (first..).take(rows.len()))
            .date("created_date", rows.iter().map(|row| row.created))
            .date("month", rows.iter().map(|_| first_day(month)))
            .text("channel", rows.iter().map(|row| CHANNELS[row.channel].0))
            .number_or_null("campaign_id", rows.iter().map(|row| reference(row.campaign)))
            .text("region", rows.iter().map(|row| REGIONS[row.region].0))
            .text("segment", rows.iter().map(|row| SEGMENTS[row.segment].0))
            .text("industry", rows.iter().map(|row| INDUSTRIES[row.industry].0))
            .text("seniority", rows.iter().map(|row| SENIORITY[row.seniority]))
            .flag("is_business_email", rows.iter().map(|row| row.business))
            .number("pages_viewed", rows.iter().map(|row| row.pages))
            .number("emails_engaged", rows.iter().map(|row| row.emails))
            .flag("viewed_pricing", rows.iter().map(|row| row.pricing))
            .flag("requested_demo", rows.iter().map(|row| row.demo))
            .number("lead_score", rows.iter().map(|row| row.score))
            .text("status", rows.iter().map(Lead::status))
            .date_or_null("mql_date", rows.iter().map(|row| row.mql))
            .date_or_null("sql_date", rows.iter().map(|row| row.sql))
            .date_or_null("opp_date", rows.iter().map(|row| row.opportunity))
            .date_or_null("won_date", rows.iter().map(|row| row.won))
            .int_or_null("days_to_mql", rows.iter().map(|row| since(Some(row.created), row.mql)))
            .int_or_null("days_mql_to_sql", rows.iter().map(|row| since(row.mql, row.sql)))
            .int_or_null("days_to_opp", rows.iter().map(|row| since(Some(row.created), row.opportunity)))
            .number("response_minutes", rows.iter().map(|row| row.response))
            .number_or_null("deal_id", rows.iter().map(|row| reference(row.deal.map(|(deal, _)| deal))))
            .money_or_null(
                "amount_won_usd",
                rows.iter().map(|row| row.deal.filter(|_| row.won.is_some()).map(|deal| deal.1)),
            )
            .date_or_null("mql_month", rows.iter().map(|row| month_start(row.mql)))
            .date_or_null("sql_month", rows.iter().map(|row| month_start(row.sql)))
            .date_or_null("opp_month", rows.iter().map(|row| month_start(row.opportunity)))
            .date_or_null("won_month", rows.iter().map(|row| month_start(row.won)))
    })
}
