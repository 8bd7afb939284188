//! The sales side: territories, reps and deals. Deals follow the accounts: every account won by sales has a won deal that
//! closed on its signup day, every larger expansion too; lost deals are their like, and open ones are deals of the months
//! to come that have already begun.

use super::random::{Random, Seed};
use super::time::{LAST, WINDOW, as_of, days_in, first_day, last_day, month_of};
use super::words;
use super::world::{Account, MovementKind, World};
use rayon::prelude::*;

/// A territory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Territory {
    /// Display name.
    pub(crate) name: &'static str,
    /// World region.
    pub(crate) region: usize,
    /// Size class of its accounts.
    pub(crate) segment: usize,
    /// Accounts worth winning.
    pub(crate) target_accounts: i32,
}

const fn territory(name: &'static str, region: usize, segment: usize, target_accounts: i32) -> Territory {
    Territory { name, region, segment, target_accounts }
}

/// All territories; their ids count from 1.
pub(crate) const TERRITORIES: [Territory; 16] = [
    territory("North America East, small", 0, 0, 9_400),
    territory("North America Central, small", 0, 0, 7_800),
    territory("North America West, small", 0, 0, 8_900),
    territory("North America East, mid-market", 0, 1, 3_100),
    territory("North America West, mid-market", 0, 1, 2_800),
    territory("North America, enterprise", 0, 2, 900),
    territory("Europe North, small", 1, 0, 8_600),
    territory("Europe South and Middle East, small", 1, 0, 7_900),
    territory("Europe and Middle East, mid-market", 1, 1, 3_600),
    territory("Europe and Middle East, enterprise", 1, 2, 700),
    territory("Asia and Pacific, small", 2, 0, 9_100),
    territory("Asia and Pacific, mid-market", 2, 1, 2_200),
    territory("Asia and Pacific, enterprise", 2, 2, 420),
    territory("Latin America, small", 3, 0, 5_200),
    territory("Latin America, mid-market", 3, 1, 1_300),
    territory("Latin America, enterprise", 3, 2, 210),
];
/// Reps of a territory.
const TEAM: u32 = 4;
/// All reps.
pub(crate) const REPS: u32 = 64;
/// A rep who found out how to win, from that month on.
const STAR: (u32, i32) = (23, 62);

/// The rep who gets an account of that segment and region.
pub(crate) fn rep_for(random: &mut Random, segment: usize, region: usize) -> u32 {
    let fits = |territory: &Territory| territory.segment == segment && territory.region == region;
    let choices: Vec<u32> =
        (0_u32..).zip(&TERRITORIES).filter(|(_, territory)| fits(territory)).map(|(at, _)| at).collect();
    random.one_of(&choices) * TEAM + random.below(TEAM) + 1
}

/// Territory id of a rep.
pub(crate) fn territory_of(rep: u32) -> u32 {
    (rep - 1) / TEAM + 1
}

/// A deal as it stands on the data date. Money in cents.
#[derive(Debug, Clone)]
pub(crate) struct Deal {
    pub(crate) account: Option<u32>,
    pub(crate) name: String,
    pub(crate) expansion: bool,
    /// Index of the stage while open, of the stage it was lost in when lost.
    pub(crate) stage: usize,
    pub(crate) amount: i64,
    pub(crate) created: i32,
    pub(crate) expected_close: i32,
    pub(crate) closed: Option<i32>,
    pub(crate) won: bool,
    pub(crate) quiet_days: i32,
    pub(crate) pushes: u32,
    pub(crate) loss_reason: Option<&'static str>,
    pub(crate) discount: u32,
    pub(crate) rep: u32,
    pub(crate) channel: usize,
    pub(crate) segment: usize,
    pub(crate) region: usize,
    pub(crate) plan: usize,
    pub(crate) industry: usize,
}

/// By segment: median days from creation to close, and lost deals for a won one (win rates of 29, 24 and 19 %).
const CYCLE: [f64; 3] = [20.0, 48.0, 98.0];
const LOST: [f64; 3] = [0.71 / 0.29, 0.76 / 0.24, 0.81 / 0.19];
/// Lost expansions for a won one, and the MRR in cents from which an expansion is a deal.
const LOST_EXPANSIONS: f64 = 0.75;
const EXPANSION_FROM: i64 = 6_000;

/// All deals that closed since 2023-12 or are open, by day of creation.
pub(crate) fn deals(world: &World) -> Vec<Deal> {
    let mut deals: Vec<Deal> =
        (0..world.accounts.len()).into_par_iter().flat_map_iter(|at| of_account(world, at)).collect();
    let open = open_deals(world, &deals);
    deals.extend(open);
    deals.sort_by_key(|deal| (deal.created, deal.account, deal.amount, deal.closed));
    deals
}

/// Won deals of an account with the lost ones that go with them.
fn of_account(world: &World, at: usize) -> Vec<Deal> {
    let (account, life) = (&world.accounts[at], &world.lives[at]);
    let mut deals = Vec::new();
    for (nth, movement) in life.movements.iter().enumerate() {
        let month = month_of(movement.day);
        let expansion = movement.kind == MovementKind::Expansion && movement.delta > EXPANSION_FROM;
        let new = movement.kind == MovementKind::New && account.assisted;
        if month < WINDOW || !(new || expansion) {
            continue;
        }
        let mut random = world.seed.stream("deal", u64::from(account.id), u64::try_from(nth).unwrap_or_default());
        let random = &mut random;
        deals.push(close(random, account, expansion, movement.delta * 12, movement.day, None));
        let mean = if expansion { LOST_EXPANSIONS } else { LOST[account.segment] };
        for _ in 0..random.round(mean) {
            let day = first_day(month) + i32::try_from(random.below(days_in(month))).unwrap_or_default();
            let lost_in = random.pick(&words::LOST_IN);
            let amount = scaled(movement.delta * 12, random.lognormal(1.0, 0.5).min(3.0));
            // The one deal of 768,000 dollars has no lost ones of its size.
            let amount = amount.min(30_000_000);
            let deal = close(random, account, expansion, amount, day, Some(lost_in));
            let rep = if expansion { account.rep } else { rep_for(random, account.segment, account.region) };
            if rep == STAR.0 && month >= STAR.1 && random.chance(0.6) {
                continue;
            }
            deals.push(Deal { rep, ..deal });
        }
    }
    deals
}

fn close(
    random: &mut Random,
    account: &Account,
    expansion: bool,
    amount: i64,
    day: i32,
    lost_in: Option<usize>,
) -> Deal {
    let median = CYCLE[account.segment] * if lost_in.is_some() { 1.05 } else { 1.0 };
    let days = random.lognormal(median, 0.6);
    let cycle = i32::try_from(random.round(days)).unwrap_or_default().max(1);
    let pushes = random.poisson(0.5);
    let slip = i32::try_from(random.poisson(4.0)).unwrap_or_default();
    let channel = if expansion { account.channel } else { channel(random, account, lost_in.is_some()) };
    Deal {
        account: (expansion || lost_in.is_none()).then_some(account.id),
        name: deal_name(random, account, expansion, lost_in.is_some()),
        expansion,
        stage: lost_in.unwrap_or_default(),
        amount,
        created: day - cycle,
        expected_close: day + slip - 4,
        closed: Some(day),
        won: lost_in.is_none(),
        quiet_days: as_of() - day + i32::try_from(random.poisson(2.0)).unwrap_or_default().min(cycle),
        pushes,
        loss_reason: lost_in.map(|_| words::LOSS_REASONS[random.pick(&words::weights(&words::LOSS_REASONS))].0),
        discount: discount(random, account.segment, lost_in.is_some()),
        rep: account.rep,
        channel,
        segment: account.segment,
        region: account.region,
        plan: account.plan,
        industry: account.industry,
    }
}

/// Lost deals come from the same channels, a little less from partners and referrals.
fn channel(random: &mut Random, account: &Account, lost: bool) -> usize {
    if !lost || random.chance(0.7) {
        return account.channel;
    }
    random.pick(&words::weights(&words::CHANNELS))
}

/// Whole per cent in steps of five; large customers ask for more, and much discount is a sign of a deal in trouble.
fn discount(random: &mut Random, segment: usize, lost: bool) -> u32 {
    let none = [0.42, 0.26, 0.16][segment] - if lost { 0.04 } else { 0.0 };
    if random.chance(none) {
        return 0;
    }
    let step = 1 + random.poisson(if lost { 1.6 } else { 1.3 } + [0.0, 0.3, 0.7][segment]);
    (5 * step).min(40)
}

fn deal_name(random: &mut Random, account: &Account, expansion: bool, lost: bool) -> String {
    match (expansion, lost) {
        (true, _) => format!("{} - more seats", account.name),
        (false, false) => format!("{} - new", account.name),
        (false, true) => {
            let first = random.one_of(&words::NAME_FIRST);
            let middle = random.one_of(&words::NAME_MIDDLE);
            format!("{first} {middle} {} - new", random.one_of(&words::NAME_LAST[account.industry]))
        }
    }
}

/// Deals that will close in the next 400 days at the present rate and have already begun. Their outcome is drawn too, so
/// that stages follow the same law as in history and do not swell on the last day.
fn open_deals(world: &World, closed: &[Deal]) -> Vec<Deal> {
    let recent: Vec<&Deal> = closed
        .iter()
        .filter(|deal| deal.closed.is_some_and(|day| day > last_day(LAST - 12)) && deal.amount < 50_000_000)
        .collect();
    if recent.is_empty() {
        return Vec::new();
    }
    let count = u32::try_from(recent.len()).unwrap_or(u32::MAX);
    let per_day = f64::from(count) / 365.0 * 1.05;
    (1..=400_i32)
        .into_par_iter()
        .flat_map_iter(|ahead| {
            let mut random = world.seed.stream("open deal", u64::try_from(ahead).unwrap_or_default(), 0);
            let planned = random.round(per_day);
            let mut deals = Vec::new();
            for _ in 0..planned {
                let like = recent[random.below(count) as usize];
                deals.extend(open_deal(&mut random, like, ahead));
            }
            deals
        })
        .collect()
}

fn open_deal(random: &mut Random, like: &Deal, ahead: i32) -> Option<Deal> {
    let cycle = like.closed.unwrap_or_default() - like.created;
    let age = cycle - ahead;
    let stage = stage_at(f64::from(age) / f64::from(cycle.max(1)), if like.won { 4 } else { like.stage });
    let quiet = random.gamma(1.0) * 24.0;
    let pushes = random.poisson(if age > 40 { 0.8 } else { 0.2 });
    let amount = scaled(like.amount, random.lognormal(1.0, 0.15));
    let first = random.one_of(&words::NAME_FIRST);
    let middle = random.one_of(&words::NAME_MIDDLE);
    let last = random.one_of(&words::NAME_LAST[like.industry]);
    let slip = i32::try_from(random.below(21)).unwrap_or_default() - 10;
    (age >= 0).then(|| Deal {
        account: like.account.filter(|_| like.expansion),
        name: if like.expansion { like.name.clone() } else { format!("{first} {middle} {last} - new") },
        stage,
        amount,
        created: as_of() - age,
        expected_close: as_of() + (ahead + slip).max(1),
        closed: None,
        won: false,
        quiet_days: i32::try_from(random.round(quiet)).unwrap_or_default().min(age),
        pushes,
        loss_reason: None,
        ..like.clone()
    })
}

/// The stage after a part of the whole cycle, for a deal that ends in stage `last`.
fn stage_at(part: f64, last: usize) -> usize {
    let whole: f64 = words::STAGE_TIME[..=last].iter().sum();
    let mut passed = 0.0;
    for (stage, time) in words::STAGE_TIME[..=last].iter().enumerate() {
        passed += time / whole;
        if part < passed {
            return stage;
        }
    }
    last
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "cents of one deal")]
fn scaled(amount: i64, factor: f64) -> i64 {
    ((amount as f64 * factor) / 100.0).round() as i64 * 100
}

/// A name for a person.
pub(crate) fn person(seed: Seed, role: &str, number: u32) -> String {
    let mut random = seed.stream(role, u64::from(number), 0);
    format!("{} {}", random.one_of(&words::PEOPLE_FIRST), random.one_of(&words::PEOPLE_LAST))
}
