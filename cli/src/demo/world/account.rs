//! What an account is from its first day: who, where, which plan, how large.

use crate::demo::random::{Random, Seed};
use crate::demo::sales;
use crate::demo::time::{LAST, as_of, civil, days_in, first_day};
use crate::demo::words;

/// An account on the day it signed up. Categories are indices into [`words`].
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Key, from 1, in the order of the signup months.
    pub(crate) id: u32,
    /// Made up.
    pub(crate) name: String,
    /// Size class.
    pub(crate) segment: usize,
    /// World region.
    pub(crate) region: usize,
    /// Line of business.
    pub(crate) industry: usize,
    /// What brought it.
    pub(crate) channel: usize,
    /// Product plan.
    pub(crate) plan: usize,
    /// Billed by the year.
    pub(crate) annual: bool,
    /// ISO code.
    pub(crate) country: &'static str,
    /// Head count.
    pub(crate) band: &'static str,
    /// Month of the first paid day.
    pub(crate) signup_month: i32,
    /// First paid day.
    pub(crate) signup_day: i32,
    /// Days from then to the first completed core task, if it came by the data date.
    pub(crate) first_value: Option<i32>,
    /// Fixed part of its latent health.
    pub(crate) effect: f64,
    /// Sites.
    pub(crate) locations: u32,
    /// Users at signup.
    pub(crate) users: u32,
    /// Seats paid for at signup.
    pub(crate) seats: u32,
    /// Devices at each site.
    pub(crate) devices_at: Vec<u32>,
    /// Devices at all sites.
    pub(crate) devices: u32,
    /// MRR of the first month, in cents.
    pub(crate) first_mrr: i64,
    /// Customer success manager; small accounts serve themselves.
    pub(crate) csm: Option<u32>,
    /// Sales rep who owns it.
    pub(crate) rep: u32,
    /// Whether a sales rep won it, as against a signup without talk.
    pub(crate) assisted: bool,
}

/// Mean number of sites beyond the first, users beyond the first, share won by sales, share billed yearly, by segment.
const LOCATIONS: [f64; 3] = [0.16, 1.4, 6.0];
const USERS: [f64; 3] = [1.3, 5.7, 21.0];
const ASSISTED: [f64; 3] = [0.62, 0.95, 1.0];
const ANNUAL: [f64; 3] = [0.22, 0.55, 0.85];
/// Median first MRR by plan, in dollars.
const MRR: [f64; 4] = [79.0, 219.0, 590.0, 1900.0];
/// The month of the largest deal of the company's life, and its MRR in cents: 768,000 dollars a year.
const LARGEST_MONTH: i32 = 64;
const LARGEST_MRR: i64 = 6_400_000;

impl Account {
    /// The account of that id, `nth` of its month.
    pub(crate) fn new(seed: Seed, id: u32, month: i32, nth: u32) -> Self {
        let mut random = seed.stream("account", u64::from(id), 0);
        let random = &mut random;
        let largest = month == LARGEST_MONTH && nth == 11;
        let segment = if largest { words::ENTERPRISE } else { random.pick(&words::weights(&words::SEGMENTS)) };
        let region = random.pick(&region_weights(month));
        let industry = random.pick(&words::weights(&words::INDUSTRIES));
        let industry = before_christmas(seed, id, month, industry);
        let channel = random.pick(&channel_weights(month));
        let plan = if largest { 3 } else { random.pick(&words::PLAN_WEIGHTS[segment]) };
        let annual = random.chance(ANNUAL[segment]) || largest;
        let countries = words::COUNTRIES[region];
        let country_weights: Vec<f64> = countries.iter().map(|(_, weight)| *weight).collect();
        let country = countries[random.pick(&country_weights)].0;
        let band = words::BANDS[random.pick(&words::BAND_WEIGHTS[segment])];
        let signup_day = first_day(month) + i32::try_from(random.below(days_in(month))).unwrap_or_default();
        let first_value = first_value(random, signup_day);
        let effect = 0.55 * random.normal() + [0.0, 0.0, 0.22, -0.38, 0.18, 0.0, 0.0, 0.0][channel];
        let locations = (1 + random.geometric(LOCATIONS[segment])).min(120);
        let crowd = random.gamma(3.0) / 3.0;
        let users = 1 + random.poisson(USERS[segment] * crowd);
        let seats = users + random.round(0.24 * f64::from(users));
        let devices_at: Vec<u32> = (0..locations).map(|_| 1 + random.poisson(1.0)).collect();
        let devices = devices_at.iter().sum();
        let first_mrr = if largest { LARGEST_MRR } else { first_mrr(random, segment, plan, annual, locations) };
        let csm = (segment != words::SMB).then(|| {
            let team = if segment == words::ENTERPRISE { 0..12 } else { 12..36 };
            1 + team.start + random.below(team.end - team.start)
        });
        let rep = sales::rep_for(random, segment, region);
        let assisted = random.chance(ASSISTED[segment]) || largest;
        Self {
            id,
            name: name(random, industry),
            segment,
            region,
            industry,
            channel,
            plan,
            annual,
            country,
            band,
            signup_month: month,
            signup_day,
            first_value,
            effect,
            locations,
            users,
            seats,
            devices_at,
            devices,
            first_mrr,
            csm,
            rep,
            assisted,
        }
    }
}

/// Asia and the Pacific accelerate from June 2025.
fn region_weights(month: i32) -> [f64; 4] {
    let mut weights = words::weights(&words::REGIONS);
    let months = f64::from((month - 64).clamp(0, 6));
    weights[words::APAC] *= 1.0 + 0.16 * months;
    weights
}

/// Partners bring more and more from spring 2025, and are the first source of new revenue from August.
fn channel_weights(month: i32) -> [f64; 8] {
    let mut weights = words::weights(&words::CHANNELS);
    let months = f64::from((month - 61).clamp(0, 6));
    weights[words::PARTNER] *= 1.0 + 0.28 * months;
    weights
}

/// Shops sign up before Christmas, one in three more than usual, and in 2025 they did not. The more come in place of industries
/// without a season, so that nothing but the industry differs.
fn before_christmas(seed: Seed, id: u32, month: i32, industry: usize) -> usize {
    let season = civil(month).1 == 11 && month != LAST;
    let quiet = ["beauty", "healthcare", "services"].contains(&words::INDUSTRIES[industry].0);
    if season && quiet && seed.stream("christmas", u64::from(id), 0).chance(0.33) { words::RETAIL } else { industry }
}

fn first_value(random: &mut Random, signup_day: i32) -> Option<i32> {
    let never = random.chance(0.135);
    let days = random.lognormal(8.6, 0.75);
    let days = i32::try_from(random.round(days)).unwrap_or(i32::MAX);
    (!never && days <= 180 && signup_day + days <= as_of()).then_some(days)
}

#[expect(clippy::cast_possible_truncation, reason = "far below the bounds")]
fn first_mrr(random: &mut Random, segment: usize, plan: usize, annual: bool, locations: u32) -> i64 {
    let mut mrr = random.lognormal(MRR[plan], 0.38) * libm::pow(f64::from(locations), 0.62);
    if annual {
        mrr *= 0.88;
    }
    if segment == words::ENTERPRISE && random.chance(0.007) {
        mrr *= 9.0;
    }
    (mrr * 100.0).round() as i64
}

fn name(random: &mut Random, industry: usize) -> String {
    let first = random.one_of(&words::NAME_FIRST);
    let last = random.one_of(&words::NAME_LAST[industry]);
    if random.chance(0.25) {
        return format!("{first} {last}");
    }
    let middle = random.one_of(&words::NAME_MIDDLE);
    format!("{first} {middle} {last}")
}
