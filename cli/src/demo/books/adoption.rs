//! Who uses which feature, by how many people and how often.

use crate::demo::random::{Seed, whole};
use crate::demo::time::{LAST, MONTHS, WINDOW, month_index};
use crate::demo::world::features::{COUNT, GATES, RELEASES};
use crate::demo::world::{Account, Worked, World};
use rayon::prelude::*;

/// Accounts of a segment, region and plan and what they do with a feature in a month.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    /// Accounts that used it.
    pub(crate) accounts: i64,
    /// Their users who did.
    pub(crate) users: i64,
    /// Events.
    pub(crate) events: i64,
    /// Accounts that used it for the first time.
    pub(crate) first: i64,
    /// Accounts that were customers.
    pub(crate) base: i64,
}

/// Cells of a month: features, segments, regions, plans.
pub(crate) const CELLS: usize = COUNT as usize * GROUPS;
/// Segments, regions, plans.
pub(crate) const GROUPS: usize = 3 * 4 * 4;

/// Events of an account by feature.
pub(crate) type Events = [u32; COUNT as usize];

/// What became of the features.
pub(crate) struct Adoption {
    /// By month from 2023-12, feature, segment, region and plan.
    pub(crate) months: Vec<Vec<Cell>>,
    /// Events of the last month by account and feature.
    pub(crate) events: Vec<Events>,
}

/// A month's cells, and the events of each account that has any, by its place.
type Month = (Vec<Cell>, Vec<(usize, Events)>);

/// Whether accounts of a plan have a feature in a month.
pub(crate) fn offered(feature: usize, plan: usize, month: i32) -> bool {
    let released = RELEASES.iter().find(|(at, _)| *at == feature).is_none_or(|(_, from)| month >= *from);
    released && feature < GATES[plan]
}

impl Adoption {
    /// The use of features in a world.
    pub(crate) fn new(world: &World) -> Self {
        let months: Vec<Month> = (WINDOW..MONTHS)
            .into_par_iter()
            .map(|month| {
                let mut cells = vec![Cell::default(); CELLS];
                let mut events = Vec::new();
                for (at, (account, life)) in world.accounts.iter().zip(&world.lives).enumerate() {
                    let Ok(row) = life.worked.binary_search_by_key(&month, |row| row.month) else { continue };
                    let worked = &life.worked[row];
                    let group = (account.segment * 4 + account.region) * 4 + account.plan;
                    for feature in 0..COUNT as usize {
                        cells[feature * GROUPS + group].base += 1;
                    }
                    let mut of_account = [0; COUNT as usize];
                    each_use(world.seed, account, worked, |feature, users, times| {
                        let cell = &mut cells[feature * GROUPS + group];
                        cell.accounts += 1;
                        cell.users += i64::from(users);
                        cell.events += i64::from(times);
                        cell.first += i64::from(life.uses[feature].first == month);
                        of_account[feature] = times;
                    });
                    if month == LAST {
                        events.push((at, of_account));
                    }
                }
                (cells, events)
            })
            .collect();
        let mut events = vec![[0; COUNT as usize]; world.accounts.len()];
        let mut cells = Vec::with_capacity(months.len());
        for (of_month, of_accounts) in months {
            cells.push(of_month);
            of_accounts.into_iter().for_each(|(at, of_account)| events[at] = of_account);
        }
        Self { months: cells, events }
    }

    /// Accounts, users and events of the last month for a feature.
    pub(crate) fn now(&self, feature: usize) -> (i64, i64, i64) {
        let cells = &self.months[month_index(LAST)][feature * GROUPS..(feature + 1) * GROUPS];
        cells.iter().fold((0, 0, 0), |(a, u, e), cell| (a + cell.accounts, u + cell.users, e + cell.events))
    }
}

/// Tells of each feature that an account used in a month: its users and events.
fn each_use(seed: Seed, account: &Account, worked: &Worked, mut each: impl FnMut(usize, u32, u32)) {
    let month = u64::try_from(worked.month).unwrap_or_default();
    let mut random = seed.stream("feature use", u64::from(account.id), month);
    for feature in (0..COUNT as usize).filter(|feature| worked.used >> feature & 1 == 1) {
        let users = 1 + random.binomial(worked.active_users.saturating_sub(1), 0.48);
        let times = f64::from(users) * random.lognormal(6.6, 0.5);
        each(feature, users, whole(times).max(1));
    }
}
