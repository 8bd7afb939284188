//! Users: who they are, on which days they came. Counts, sessions and events are those of the months of the accounts, except that
//! active days drift apart by plan in 2025.

use super::super::random::{Random, Seed};
use super::super::time::{
    MONTHS, WINDOW, as_of, day, days_in, first_day, last_day, month_index, weekday, window_start,
};
use crate::demo::words;
use crate::demo::world::usage::{User as Traits, Visits, month_of_users, user};
use crate::demo::world::{Account, Life, World};
use rayon::prelude::*;

/// A user.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User {
    /// Index of the account.
    pub(crate) account: usize,
    /// Index into [`words::ROLES`].
    pub(crate) role: usize,
    /// Index into [`words::PLATFORMS`].
    pub(crate) platform: usize,
    /// First day.
    pub(crate) created: i32,
    /// Day of the first core action.
    pub(crate) activated: Option<i32>,
}

/// A month of a user who came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UserMonth {
    /// Index of the user.
    pub(crate) user: usize,
    /// Days with a session.
    pub(crate) days: u32,
    /// Calendar weeks with one.
    pub(crate) weeks: u32,
    /// Sessions.
    pub(crate) sessions: u32,
    /// Product events.
    pub(crate) events: u32,
    /// Came the month before, too.
    pub(crate) again: bool,
}

/// Use of the product on a day by a plan, region and platform.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    /// Users.
    pub(crate) users: i64,
    /// Sessions.
    pub(crate) sessions: i64,
    /// Product events.
    pub(crate) events: i64,
}

/// Cells of a day: plans, regions, platforms.
pub(crate) const CELLS: usize = 4 * 4 * 3;

/// Everybody.
pub(crate) struct People {
    /// By id from 1.
    pub(crate) users: Vec<User>,
    /// By month from 2023-12, and user.
    pub(crate) months: Vec<Vec<UserMonth>>,
    /// By day from 2023-12-01, plan, region and platform.
    pub(crate) days: Vec<Cell>,
}

impl People {
    /// The users of a world.
    pub(crate) fn new(world: &World) -> Self {
        type OfAccount = (Vec<User>, Vec<(i32, UserMonth)>);
        let days = usize::try_from(as_of() - window_start() + 1).unwrap_or_default();
        let none = || vec![Cell::default(); days * CELLS];
        let chunks: Vec<(Vec<OfAccount>, Vec<Cell>)> = (0..world.accounts.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut cells = none();
                let end = world.accounts.len().min((chunk + 1) * CHUNK);
                let accounts = (chunk * CHUNK..end).map(|at| {
                    let (account, life) = (&world.accounts[at], &world.lives[at]);
                    let users = users(world.seed, at, account, life);
                    let months = months(world.seed, account, life, &users, &mut cells);
                    (users, months)
                });
                (accounts.collect(), cells)
            })
            .collect();
        let mut people =
            Self { users: Vec::new(), months: (WINDOW..MONTHS).map(|_| Vec::new()).collect(), days: none() };
        for (accounts, cells) in chunks {
            for (users, months) in accounts {
                let first = people.users.len();
                people.users.extend(users);
                for (month, row) in months {
                    people.months[month_index(month)].push(UserMonth { user: first + row.user, ..row });
                }
            }
            for (all, more) in people.days.iter_mut().zip(cells) {
                all.users += more.users;
                all.sessions += more.sessions;
                all.events += more.events;
            }
        }
        people
    }
}

/// Accounts that share one sheet of daily cells.
const CHUNK: usize = 2_048;

fn users(seed: Seed, at: usize, account: &Account, life: &Life) -> Vec<User> {
    let span = u32::try_from(last_day(account.signup_month) - account.signup_day).unwrap_or_default();
    (0..life.users)
        .map(|number| {
            let mut random = seed.stream("person", u64::from(account.id), u64::from(number));
            let wait = random.geometric(4.0).min(span.min(20)).cast_signed();
            let hired = life.hires.iter().find(|(_, until)| number < *until).map(|(day, _)| *day);
            let created = match hired {
                _ if number == 0 => account.signup_day,
                _ if number < account.users => account.signup_day + wait,
                hired => hired.unwrap_or(account.signup_day),
            };
            let role = if number == 0 { 0 } else { 1 + random.pick(&words::ROLE_WEIGHTS) };
            let platform = random.pick(&words::weights(&words::PLATFORMS));
            let ever = random.chance(0.785);
            let days = random.lognormal(2.6, 1.0);
            let activated = created + random.round(days).cast_signed();
            User {
                account: at,
                role,
                platform,
                created,
                activated: (ever && activated <= as_of()).then_some(activated),
            }
        })
        .collect()
}

/// The months of an account's users, by number within the account.
fn months(seed: Seed, account: &Account, life: &Life, users: &[User], cells: &mut [Cell]) -> Vec<(i32, UserMonth)> {
    let traits: Vec<Traits> = (0..life.users).map(|number| user(seed, account, number)).collect();
    let mut out = Vec::new();
    let mut before: (i32, Vec<bool>) = (i32::MIN, Vec::new());
    for worked in &life.worked {
        let month = worked.month;
        let mut came = vec![false; users.len()];
        let mut random = seed.stream("days", u64::from(account.id), u64::try_from(month).unwrap_or_default());
        let calendar = Calendar::new(account, month);
        month_of_users(seed, account, &traits[..worked.users as usize], month, worked.latent, |visits| {
            let number = visits.user as usize;
            came[number] = true;
            if month < WINDOW {
                return;
            }
            let again = before.0 == month - 1 && before.1.get(number).copied().unwrap_or_default();
            let days = calendar.drift(&mut random, visits);
            let set = calendar.draw(&mut random, days);
            let weeks = calendar.weeks(set);
            calendar.count(set, visits, account, users[number].platform, cells);
            let Visits { sessions, events, .. } = visits;
            out.push((month, UserMonth { user: number, days, weeks, sessions, events, again }));
        });
        before = (month, came);
    }
    out
}

/// The days of a month, as an account's users see them.
struct Calendar {
    month: i32,
    first: i32,
    days: u32,
    /// Days of which weekday counts: the odds that a day is a day of work.
    weights: Vec<f64>,
    /// Change of active days since spring 2025, as a share.
    drift: f64,
}

/// Usage at a weekend against a working day.
const WEEKEND: f64 = 0.45;
/// Months since 2025-03 in which starter accounts come on fewer days, and pro accounts on more: 0.4 and 0.2 points of the days of
/// a month, each month.
const DRIFT_FROM: i32 = 63;
const DRIFT: [f64; 4] = [-0.0130, 0.0, 0.0065, 0.0];

impl Calendar {
    fn new(account: &Account, month: i32) -> Self {
        let first = first_day(month);
        let days = days_in(month);
        let latam_down = words::REGIONS[account.region].0 == "latam";
        let weight = |at: u32| {
            let today = first + at.cast_signed();
            let kind = if weekday(today) > 5 { WEEKEND } else { 1.0 };
            // The day of the outage in Latin America.
            if latam_down && today == day(2024, 9, 12) { kind * 0.42 } else { kind }
        };
        let drift = DRIFT[account.plan] * f64::from((month - DRIFT_FROM + 1).max(0));
        Self { month, first, days, weights: (0..days).map(weight).collect(), drift }
    }

    fn drift(&self, random: &mut Random, visits: Visits) -> u32 {
        let wish = f64::from(visits.days) * (1.0 + self.drift);
        if self.drift == 0.0 { visits.days } else { random.round(wish).clamp(1, self.days.min(visits.sessions)) }
    }

    /// That many different days, a bit each.
    fn draw(&self, random: &mut Random, count: u32) -> u32 {
        let mut set = 0_u32;
        let mut left = count;
        for _ in 0..400 {
            if left == 0 {
                return set;
            }
            let at = random.below(self.days);
            if set >> at & 1 == 0 && random.chance(self.weights[at as usize]) {
                set |= 1 << at;
                left -= 1;
            }
        }
        for at in (0..self.days).filter(|at| count > 0 && set >> at & 1 == 0).take(left as usize).collect::<Vec<_>>() {
            set |= 1 << at;
        }
        set
    }

    fn weeks(&self, set: u32) -> u32 {
        let week = |at: u32| (self.first + at.cast_signed() + 3).div_euclid(7);
        let mut last = i32::MIN;
        let mut weeks = 0;
        for at in (0..self.days).filter(|at| set >> at & 1 == 1) {
            if week(at) != last {
                weeks += 1;
                last = week(at);
            }
        }
        weeks
    }

    /// Adds a user's days to the cells, sessions and events in equal parts, what is over on the first days.
    fn count(&self, set: u32, visits: Visits, account: &Account, platform: usize, cells: &mut [Cell]) {
        let days = set.count_ones().max(1);
        let start = usize::try_from(first_day(self.month) - window_start()).unwrap_or_default();
        let cell = (account.plan * 4 + account.region) * 3 + platform;
        for (nth, at) in (0..).zip((0..self.days).filter(|at| set >> at & 1 == 1)) {
            let part = |total: u32| i64::from(total / days + u32::from(nth < total % days));
            let one = &mut cells[(start + at as usize) * CELLS + cell];
            one.users += 1;
            one.sessions += part(visits.sessions);
            one.events += part(visits.events);
        }
    }
}
