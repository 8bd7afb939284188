//! Tickets. How many an account has in a month is said by its months; what they are about, how fast they are answered and how they
//! are rated is drawn here.

use crate::demo::random::{Random, Seed, logistic, whole};
use crate::demo::time::{WINDOW, as_of, days_in, first_day, last_day, weekday};
use crate::demo::words;
use crate::demo::world::usage::BAD_MONTH;
use crate::demo::world::{Account, Life, World};
use rayon::prelude::*;

/// A ticket as it stands on the data date.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    /// Index of the account.
    pub(crate) account: usize,
    /// First day.
    pub(crate) created: i32,
    /// 0 to 23.
    pub(crate) hour: u32,
    /// Index into [`words::PRIORITIES`].
    pub(crate) priority: usize,
    /// Index into [`words::TOPICS`].
    pub(crate) topic: usize,
    /// Index into [`words::CONTACTS`].
    pub(crate) channel: usize,
    /// Support agent, from 1.
    pub(crate) agent: u32,
    /// Minutes to the first answer.
    pub(crate) response: u32,
    /// Tenths of an hour to the solution, and its day, if it is solved.
    pub(crate) solved: Option<(u32, i32)>,
    /// Waits for the customer, if it is not.
    pub(crate) pending: bool,
    /// Public answers.
    pub(crate) replies: u32,
    /// Times reopened.
    pub(crate) reopens: u32,
    /// Handed to tier 2.
    pub(crate) escalated: bool,
    /// Rating, 1 to 5.
    pub(crate) rating: Option<u32>,
}

/// Agents by region: the first, and how many.
const AGENTS: [(u32, u32); 4] = [(1, 20), (21, 14), (35, 8), (43, 6)];
/// Odds of the channels, and those in the months in which many called because the web form was moved: 2025-08 to 2025-10.
const CHANNELS: [f64; 4] = [0.42, 0.28, 0.22, 0.08];
const CALLING: [f64; 4] = [0.255, 0.17, 0.135, 0.44];
const CALLING_MONTHS: std::ops::RangeInclusive<i32> = 67..=69;
/// Share of good ratings by channel; in those months each was better by `BETTER`, as more people were on duty.
const GOOD: [f64; 4] = [0.865, 0.905, 0.88, 0.70];
const BETTER: f64 = 0.028;
/// The months in which Europe lacked people, and what that did to first answers.
const SHORT_OF_PEOPLE: std::ops::RangeInclusive<i32> = 63..=66;
const SLOWER: f64 = 1.58;
/// Solving problems of integrations takes longer each month from then on, as a share.
const INTEGRATION_FROM: i32 = 64;
const INTEGRATION: f64 = 1.06;

/// All tickets, by day, hour and account.
pub(crate) fn tickets(world: &World) -> Vec<Ticket> {
    let mut tickets: Vec<Ticket> = (0..world.accounts.len())
        .into_par_iter()
        .flat_map_iter(|at| of_account(world.seed, at, &world.accounts[at], &world.lives[at]))
        .collect();
    tickets.par_sort_by_key(|ticket| (ticket.created, ticket.hour, ticket.account, ticket.response));
    tickets
}

fn of_account(seed: Seed, at: usize, account: &Account, life: &Life) -> Vec<Ticket> {
    let mut out = Vec::new();
    for row in life.snapshots.iter().filter(|row| row.month >= WINDOW && row.tickets > 0) {
        let month = row.month;
        let worked = life.worked.iter().find(|worked| worked.month == month);
        let about_devices = worked.map_or(0, |worked| worked.device_tickets);
        let mut random = seed.stream("tickets", u64::from(account.id), u64::try_from(month).unwrap_or_default());
        let from = if month == account.signup_month { account.signup_day } else { first_day(month) };
        let left = life.churn.map(|(day, _)| day).filter(|day| row.churned && *day >= from);
        let until = left.unwrap_or(last_day(month));
        let troubled = month == BAD_MONTH && row.incidents > 0;
        for nth in 0..row.tickets {
            let device = nth < about_devices || (troubled && random.chance(0.8));
            let created = workday(&mut random, from, until);
            out.push(ticket(&mut random, at, account, created, device));
        }
    }
    out
}

/// A day between two, mostly from Monday to Friday.
fn workday(random: &mut Random, from: i32, until: i32) -> i32 {
    let days = u32::try_from(until - from + 1).unwrap_or(1);
    let mut day = from + random.below(days).cast_signed();
    if weekday(day) > 5 && random.chance(0.62) {
        day = from + random.below(days).cast_signed();
    }
    day
}

fn ticket(random: &mut Random, at: usize, account: &Account, created: i32, device: bool) -> Ticket {
    let month = crate::demo::time::month_of(created);
    let topic = random.pick(&words::weights(&words::TOPICS));
    let topic = if device { 0 } else { topic };
    let priority = random.pick(&words::weights(&words::PRIORITIES));
    let calling = CALLING_MONTHS.contains(&month);
    let channel = random.pick(if calling { &CALLING } else { &CHANNELS });
    let hour = hour(random);
    let slow = SHORT_OF_PEOPLE.contains(&month) && words::REGIONS[account.region].0 == "emea";
    let response = random.lognormal(208.0, 0.93)
        * words::PRIORITY_SPEED[priority]
        * [1.1, 0.8, 1.05, 0.9][channel]
        * if slow { SLOWER } else { 1.0 };
    let response = whole(response).max(1);
    let months = f64::from((month - INTEGRATION_FROM + 1).max(0));
    let slower = if words::TOPICS[topic].0 == "integration" { libm::pow(INTEGRATION, months) } else { 1.0 };
    let hours = random.lognormal(21.8, 1.0) * slower;
    let tenths = whole(hours * 10.0).max(2);
    let done = created + whole((f64::from(hour) + hours) / 24.0).cast_signed();
    let solved = (done <= as_of()).then_some((tenths, done));
    let one = random.chance(0.34);
    let more = random.poisson(1.12);
    let reopens = if random.chance(0.058) { 1 + random.poisson(0.15) } else { 0 };
    let escalated = random.chance(0.04);
    let pending = random.chance(0.4);
    let (first, count) = AGENTS[account.region];
    let agent = first + random.below(count);
    let rated = random.chance(0.281);
    let rating = rating(random, account, channel, calling, response);
    Ticket {
        account: at,
        created,
        hour,
        priority,
        topic,
        channel,
        agent,
        response,
        solved,
        pending,
        replies: if one { 1 } else { 2 + more },
        reopens,
        escalated,
        rating: (rated && solved.is_some()).then_some(rating),
    }
}

/// Most write in the morning and after lunch.
fn hour(random: &mut Random) -> u32 {
    const HOURS: [f64; 24] = [
        0.4, 0.3, 0.2, 0.2, 0.3, 0.6, 1.4, 3.0, 5.6, 7.6, 8.4, 8.0, 6.2, 6.8, 7.6, 7.2, 6.4, 5.2, 3.8, 2.8, 2.2, 1.7,
        1.2, 0.7,
    ];
    u32::try_from(random.pick(&HOURS)).unwrap_or_default()
}

fn rating(random: &mut Random, account: &Account, channel: usize, calling: bool, response: u32) -> u32 {
    let share = GOOD[channel] + if calling { BETTER } else { 0.0 };
    let slowness = libm::log(f64::from(response) / 200.0);
    let logit = libm::log(share / (1.0 - share)) + 0.25 * account.effect - 0.12 * slowness;
    if random.chance(logistic(logit)) { if random.chance(0.66) { 5 } else { 4 } } else { 1 + random.below(3) }
}

/// A working day of a month, for surveys and contacts.
pub(crate) fn day_of(random: &mut Random, month: i32) -> i32 {
    workday(random, first_day(month), first_day(month) + days_in(month).cast_signed() - 1)
}
