//! `touchpoints`: one file a month.

use super::{numbered_months, reference};
use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{first_day, month_index};
use crate::demo::words::CHANNELS;
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let months = numbered_months(&company.books.touches, |touch| touch.day);
    out.months("touchpoints", |month, extract| {
        let (first, rows) = months[month_index(month)];
        extract
            .number("touch_id", (first..).take(rows.len()))
            .number("lead_id", rows.iter().map(|row| u32::try_from(row.lead + 1).unwrap_or(u32::MAX)))
            .date("touch_date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|_| first_day(month)))
            .text("channel", rows.iter().map(|row| CHANNELS[row.channel].0))
            .number_or_null("campaign_id", rows.iter().map(|row| reference(row.campaign)))
            .text("touch_type", rows.iter().map(|row| row.kind))
            .number("position", rows.iter().map(|row| row.position))
            .number("touches_total", rows.iter().map(|row| row.total))
    })
}
