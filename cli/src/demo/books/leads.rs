//! Leads: most lead nowhere, the others stand before a deal. What a lead does on the site is drawn from a latent quality whose mean
//! grows with what becomes of it, so that a model can learn it.

use crate::demo::books::campaigns::Campaign;
use crate::demo::random::{Random, Seed, logistic, whole};
use crate::demo::sales::Deal;
use crate::demo::time::{MONTHS, WINDOW, as_of, day, days_in, first_day, weekday, window_start};
use crate::demo::words;
use rayon::prelude::*;

/// A lead as it stands on the data date.
#[derive(Debug, Clone)]
pub(crate) struct Lead {
    /// First day.
    pub(crate) created: i32,
    /// Index into [`words::CHANNELS`].
    pub(crate) channel: usize,
    /// Index of the campaign that brought it.
    pub(crate) campaign: Option<usize>,
    /// World region.
    pub(crate) region: usize,
    /// Size class.
    pub(crate) segment: usize,
    /// Line of business.
    pub(crate) industry: usize,
    /// Index into [`words::SENIORITY`].
    pub(crate) seniority: usize,
    /// A company address.
    pub(crate) business: bool,
    /// Pages seen before the form.
    pub(crate) pages: u32,
    /// E-mails opened or clicked.
    pub(crate) emails: u32,
    /// Saw the prices.
    pub(crate) pricing: bool,
    /// Asked for a demo.
    pub(crate) demo: bool,
    /// Rule score.
    pub(crate) score: u32,
    /// Given up.
    pub(crate) disqualified: bool,
    /// Days of the steps it took.
    pub(crate) mql: Option<i32>,
    /// Sales accepted it.
    pub(crate) sql: Option<i32>,
    /// A deal was opened.
    pub(crate) opportunity: Option<i32>,
    /// The deal was won.
    pub(crate) won: Option<i32>,
    /// Minutes to the first human answer.
    pub(crate) response: u32,
    /// Index of the deal, and its amount in cents.
    pub(crate) deal: Option<(usize, i64)>,
}

/// Leads a month without a deal, at the end of 2023, and how many more each year, as a share.
const NOISE: f64 = 9_800.0;
const GROWTH: f64 = 0.165;
/// How far such leads get: nowhere, to marketing, to sales.
const ENDS: [f64; 3] = [0.70, 0.225, 0.075];
/// Deals that began with a lead.
const SOURCED: f64 = 0.93;
/// Weights of the channels of leads without a deal.
const CHANNELS: [f64; 8] = [0.255, 0.225, 0.085, 0.195, 0.035, 0.025, 0.085, 0.095];
/// Index of the channel whose ads failed from 2025-06-10 to 2025-07-31, and the share of its leads that was lost.
const PAID_SOCIAL: usize = 3;
const SLUMP: f64 = 0.5;

/// All leads, by first day.
pub(crate) fn all(seed: Seed, scale: f64, deals: &[Deal], campaigns: &[Campaign]) -> Vec<Lead> {
    let running = Running::new(campaigns);
    let mut leads: Vec<Lead> =
        deals.par_iter().enumerate().filter_map(|(at, deal)| of_deal(seed, at, deal, &running)).collect();
    let noise = (WINDOW..MONTHS).into_par_iter().flat_map_iter(|month| {
        let mut random = seed.stream("leads", u64::from(month.unsigned_abs()), 0);
        let years = f64::from(month - WINDOW) / 12.0;
        let season = [1.0, 1.01, 1.03, 1.01, 1.0, 0.99, 0.97, 0.95, 1.03, 1.04, 1.02, 0.93];
        let calendar = month.rem_euclid(12).unsigned_abs() as usize;
        let count = random.poisson(NOISE * scale * (1.0 + GROWTH * years) * season[calendar]);
        let running = &running;
        (0..count).filter_map(move |nth| {
            let address = u64::from(month.unsigned_abs()) << 32 | u64::from(nth);
            without_deal(&mut seed.stream("lead", address, 0), month, running)
        })
    });
    leads.extend(noise.collect::<Vec<_>>());
    leads.par_sort_by(|a, b| {
        let key = |lead: &Lead| {
            (lead.created, lead.channel, lead.region, lead.response, lead.pages, lead.deal.map(|deal| deal.0))
        };
        key(a).cmp(&key(b))
    });
    leads
}

/// Which campaigns run on a day, by channel.
struct Running(Vec<Vec<(i32, i32, usize)>>);

impl Running {
    fn new(campaigns: &[Campaign]) -> Self {
        let of = |channel: usize| {
            let ours = campaigns.iter().enumerate().filter(|(_, campaign)| campaign.channel == channel);
            ours.map(|(at, campaign)| (campaign.start, campaign.end, at)).collect()
        };
        Self((0..words::CHANNELS.len()).map(of).collect())
    }

    /// One that may have brought a lead.
    fn draw(&self, random: &mut Random, channel: usize, day: i32) -> Option<usize> {
        let known = random.chance(0.575);
        let pick = random.unit();
        let running: Vec<usize> =
            self.0[channel].iter().filter(|(start, end, _)| (*start..=*end).contains(&day)).map(|one| one.2).collect();
        let at = whole(pick * running.len() as f64) as usize;
        running.get(at).copied().filter(|_| known)
    }
}

fn slump(random: &mut Random, channel: usize, created: i32) -> bool {
    let hit = random.chance(SLUMP);
    hit && channel == PAID_SOCIAL && (day(2025, 6, 10)..=day(2025, 7, 31)).contains(&created)
}

fn without_deal(random: &mut Random, month: i32, running: &Running) -> Option<Lead> {
    let mut created = first_day(month) + random.below(days_in(month)).cast_signed();
    if weekday(created) > 5 && random.chance(0.5) {
        created = first_day(month) + random.below(days_in(month)).cast_signed();
    }
    let channel = random.pick(&CHANNELS);
    if slump(random, channel, created) {
        return None;
    }
    let end = random.pick(&ENDS);
    let segment = random.pick(&[0.83, 0.14, 0.03]);
    let region = random.pick(&words::weights(&words::REGIONS));
    let industry = random.pick(&words::weights(&words::INDUSTRIES));
    let to_mql = 1.0 + random.lognormal(2.5, 0.9);
    let to_sql = 1.0 + random.lognormal(5.0, 0.8);
    let mql = created + random.round(to_mql).cast_signed();
    let sql = mql + random.round(to_sql).cast_signed();
    let mql = (end >= 1 && mql <= as_of()).then_some(mql);
    let sql = (end >= 2 && sql <= as_of()).then_some(sql);
    let disqualified = random.chance(0.178) && end == 0;
    let quality = random.normal() + [0.0, 0.45, 0.8][end];
    let campaign = running.draw(random, channel, created);
    let waits = random.lognormal(76.0, 1.0);
    let lead = Lead {
        created,
        channel,
        campaign,
        region,
        segment,
        industry,
        seniority: 0,
        business: false,
        pages: 0,
        emails: 0,
        pricing: false,
        demo: false,
        score: 0,
        disqualified,
        mql,
        sql,
        opportunity: None,
        won: None,
        response: whole(waits).max(1),
        deal: None,
    };
    Some(behaving(random, lead, quality))
}

fn of_deal(seed: Seed, at: usize, deal: &Deal, running: &Running) -> Option<Lead> {
    let mut random = seed.stream("lead of deal", at as u64, 0);
    let random = &mut random;
    let sourced = random.chance(SOURCED);
    let days = random.lognormal(11.0, 0.7);
    let days = random.round(days).cast_signed();
    let created = deal.created - days;
    let (to_mql, to_sql) = (0.15 + 0.2 * random.unit(), 0.5 + 0.3 * random.unit());
    let step = |share: f64| created + whole(f64::from(days) * share).cast_signed();
    let quality = random.normal() + if deal.won { 1.75 } else { 1.35 };
    let campaign = running.draw(random, deal.channel, created);
    let waits = random.lognormal(44.0, 0.9);
    if deal.expansion || !sourced || created < window_start() {
        return None;
    }
    let lead = Lead {
        created,
        channel: deal.channel,
        campaign,
        region: deal.region,
        segment: deal.segment,
        industry: deal.industry,
        seniority: 0,
        business: false,
        pages: 0,
        emails: 0,
        pricing: false,
        demo: false,
        score: 0,
        disqualified: false,
        mql: Some(step(to_mql)),
        sql: Some(step(to_sql)),
        opportunity: Some(deal.created),
        won: deal.closed.filter(|_| deal.won),
        response: whole(waits).max(1),
        deal: Some((at, deal.amount)),
    };
    Some(behaving(random, lead, quality))
}

/// What a lead of that quality does, and the score that a rule gives it.
fn behaving(random: &mut Random, mut lead: Lead, quality: f64) -> Lead {
    let shift = libm::exp(0.35 * quality);
    let seniority = random.pick(&[0.42, 0.33 * shift, 0.18 * shift, 0.07 * shift * shift]);
    let business = random.chance(logistic(0.72 + 0.55 * quality));
    let pages = 1 + random.poisson(libm::exp(0.85 + 0.28 * quality));
    let emails = random.poisson(libm::exp(0.35 + 0.3 * quality)).min(8);
    let pricing = random.chance(logistic(-1.35 + 0.75 * quality));
    let demo = random.chance(logistic(-3.05 + 0.95 * quality));
    let mut score = 19.0 + 2.4 * f64::from(pages.min(12)) + 3.2 * f64::from(emails) + 6.0 * random.normal();
    score += if pricing { 11.0 } else { 0.0 };
    score += if demo { 12.0 } else { 0.0 };
    score += if business { 8.0 } else { 0.0 };
    score += [0.0, 4.0, 8.0, 12.0][seniority];
    let score = whole(score.clamp(0.0, 100.0) + 0.5);
    lead.seniority = seniority;
    lead.business = business;
    lead.pages = pages;
    lead.emails = emails;
    lead.pricing = pricing;
    lead.demo = demo;
    lead.score = score;
    lead
}
