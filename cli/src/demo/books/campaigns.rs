//! Marketing campaigns: always-on ones by channel, region and quarter, and bursts of two weeks between them, with the spend, views
//! and clicks of each day.

use crate::demo::random::{Random, Seed, whole};
use crate::demo::time::{MONTHS, WINDOW, as_of, first_day, last_day, month_of, weekday};
use crate::demo::words;

/// A campaign.
#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    /// Made up.
    pub(crate) name: String,
    /// Index into [`words::CHANNELS`].
    pub(crate) channel: usize,
    /// Index into [`words::REGIONS`].
    pub(crate) region: usize,
    /// Index into [`words::OBJECTIVES`].
    pub(crate) objective: usize,
    /// First day.
    pub(crate) start: i32,
    /// Last day.
    pub(crate) end: i32,
    /// Planned spend in cents.
    pub(crate) budget: i64,
    /// Its days, from the first on.
    pub(crate) days: Vec<Day>,
}

/// A day of a campaign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    /// In cents.
    pub(crate) spend: i64,
    /// Times it was shown.
    pub(crate) impressions: u32,
    /// Clicks.
    pub(crate) clicks: u32,
}

/// What the company spends on a channel.
struct Plan {
    /// Index into [`words::CHANNELS`].
    channel: usize,
    /// Dollars a month at the end of 2023.
    spend: f64,
    /// Dollars for a thousand views.
    cpm: f64,
    /// Clicks for a view.
    ctr: f64,
}

const fn plan(channel: usize, spend: f64, cpm: f64, ctr: f64) -> Plan {
    Plan { channel, spend, cpm, ctr }
}

/// The six channels that campaigns run on.
const PLANS: [Plan; 6] = [
    plan(0, 240_000.0, 17.0, 0.024),
    plan(1, 55_000.0, 9.0, 0.013),
    plan(2, 70_000.0, 14.0, 0.015),
    plan(3, 165_000.0, 13.0, 0.012),
    plan(6, 110_000.0, 30.0, 0.0155),
    plan(7, 30_000.0, 8.0, 0.022),
];
/// Months of an always-on campaign.
const QUARTER: i32 = 3;
/// Bursts, and the days of one.
const BURSTS: u32 = 228;
const BURST_DAYS: i32 = 14;
/// Share of the always-on campaigns in the spend.
const ALWAYS_ON: f64 = 0.7;

/// All campaigns, by first day.
pub(crate) fn all(seed: Seed, scale: f64) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    for plan in &PLANS {
        for (region, (_, share)) in words::REGIONS.iter().enumerate() {
            for quarter in (WINDOW..MONTHS).step_by(QUARTER.unsigned_abs() as usize) {
                let mut random =
                    seed.stream("always on", (plan.channel * 4 + region) as u64, u64::from(quarter.unsigned_abs()));
                let days = (first_day(quarter), last_day(quarter + QUARTER - 1));
                let daily = scale * plan.spend * share * ALWAYS_ON / 30.4;
                campaigns.push(campaign(&mut random, plan, region, days, daily, "always on"));
            }
        }
    }
    for number in 0..BURSTS {
        let mut random = seed.stream("burst", u64::from(number), 0);
        let weights = PLANS.map(|plan| plan.spend);
        let plan = &PLANS[random.pick(&weights)];
        let region = random.pick(&words::weights(&words::REGIONS));
        // Spread evenly, so that the spend of months differs by season and growth, not by chance.
        let span = f64::from(as_of() - BURST_DAYS - first_day(WINDOW));
        let start =
            first_day(WINDOW) + whole(span * (f64::from(number) + random.unit()) / f64::from(BURSTS)).cast_signed();
        let total: f64 = weights.iter().sum();
        let daily = scale * total * (1.0 - ALWAYS_ON) * 24.0 / f64::from(BURSTS) / f64::from(BURST_DAYS);
        campaigns.push(campaign(&mut random, plan, region, (start, start + BURST_DAYS - 1), daily, "burst"));
    }
    campaigns.sort_by_key(|campaign| (campaign.start, campaign.channel, campaign.region));
    campaigns
}

fn campaign(random: &mut Random, plan: &Plan, region: usize, days: (i32, i32), daily: f64, kind: &str) -> Campaign {
    let objective = random.pick(&words::weights(&words::OBJECTIVES));
    let quality = random.lognormal(1.0, 0.12);
    let (start, end) = days;
    let days: Vec<Day> = (start..=end.min(as_of()))
        .map(|day| {
            let dollars = daily * growth(day) * random.lognormal(1.0, 0.1);
            let views = dollars / plan.cpm * 1000.0 * random.lognormal(1.0, 0.08);
            let impressions = whole(views).max(1);
            let clicks =
                whole(f64::from(impressions) * plan.ctr * quality * random.lognormal(1.0, 0.1)).min(impressions);
            Day { spend: cents(dollars), impressions, clicks }
        })
        .collect();
    let spent: i64 = days.iter().map(|day| day.spend).sum();
    let planned = spent * (end - start + 1) as i64 / i64::try_from(days.len().max(1)).unwrap_or(1);
    let budget = planned / 10_000 * 10_000 + planned * i64::from(random.below(9)) / 100;
    let name = format!(
        "{} {} {}",
        words::CHANNELS[plan.channel].0.replace('_', " "),
        words::REGIONS[region].0.to_uppercase(),
        if kind == "burst" { format!("{} {kind}", random.one_of(&words::NAME_FIRST)) } else { kind.to_owned() }
    );
    let name = format!("{name} {}", crate::demo::time::label(month_of(start)));
    Campaign { name, channel: plan.channel, region, objective, start, end, budget, days }
}

/// Spend grows by a third over two years; less at weekends and in December.
fn growth(day: i32) -> f64 {
    let years = f64::from(day - first_day(WINDOW)) / 365.25;
    let week = if weekday(day) > 5 { 0.72 } else { 1.11 };
    let winter = if month_of(day).rem_euclid(12) == 11 { 0.9 } else { 1.0 };
    (1.0 + 0.16 * years) * week * winter
}

#[expect(clippy::cast_possible_truncation, reason = "spend of a day")]
fn cents(dollars: f64) -> i64 {
    (dollars * 100.0).round() as i64
}
