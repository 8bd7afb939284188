//! `web_daily`: visits of the web site by day, channel and region.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::{as_of, day, first_day, month_of, weekday, window_start};
use crate::demo::words::{CHANNELS, REGIONS};
use almanac_model::manifest::Resource;

struct Row {
    day: i32,
    channel: usize,
    region: usize,
    sessions: u32,
    bounces: u32,
    forms: u32,
    trials: u32,
}

/// Visits by channel, with the index of the channel; nobody comes by outbound calls.
const VISITS: [(usize, f64); 7] = [(0, 0.27), (1, 0.34), (2, 0.05), (3, 0.14), (4, 0.06), (6, 0.05), (7, 0.09)];
/// Visits a day at the end of 2023, and how many more each year, as a share.
const SESSIONS: f64 = 6_950.0;
const GROWTH: f64 = 0.125;
/// Shares of visits with one page, with a form, with a trial.
const BOUNCE: f64 = 0.459;
const FORM: f64 = 0.0322;
const TRIAL: f64 = 0.0091;
/// Since the new pages of August 2025 more of those who come by search send a form.
const NEW_PAGES: f64 = 1.25;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows: Vec<Row> = (window_start()..=as_of()).flat_map(|day| rows(company, day)).collect();
    out.one("web_daily", |extract| {
        extract
            .date("date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|row| first_day(month_of(row.day))))
            .text("channel", rows.iter().map(|row| CHANNELS[row.channel].0))
            .text("region", rows.iter().map(|row| REGIONS[row.region].0))
            .bigint("sessions", rows.iter().map(|row| row.sessions))
            .bigint("bounces", rows.iter().map(|row| row.bounces))
            .bigint("form_submits", rows.iter().map(|row| row.forms))
            .bigint("trials_started", rows.iter().map(|row| row.trials))
    })
}

fn rows(company: &Company, today: i32) -> Vec<Row> {
    let years = f64::from(today - window_start()) / 365.25;
    let week = if weekday(today) > 5 { 0.7 } else { 1.12 };
    let winter = if month_of(today).rem_euclid(12) == 11 { 0.95 } else { 1.0 };
    let level = SESSIONS * company.scale * (1.0 + GROWTH * years) * week * winter;
    let mut rows = Vec::new();
    for (channel, share) in VISITS {
        for (region, (_, size)) in REGIONS.iter().enumerate() {
            let address = u64::from(today.unsigned_abs()) << 8 | (channel * REGIONS.len() + region) as u64;
            let mut random = company.world.seed.stream("web", address, 0);
            let mean = level * share * size * random.lognormal(1.0, 0.05);
            let sessions = random.poisson(mean);
            let better = CHANNELS[channel].0 == "organic" && today >= day(2025, 8, 1);
            let form = FORM * if better { NEW_PAGES } else { 1.0 };
            let visits = f64::from(sessions);
            let bounces = random.binomial(sessions, BOUNCE);
            let forms = random.poisson(visits * form).min(sessions - bounces);
            let trials = random.poisson(visits * TRIAL).min(sessions - bounces);
            rows.push(Row { day: today, channel, region, sessions, bounces, forms, trials });
        }
    }
    rows
}
