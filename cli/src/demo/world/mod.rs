//! The demo company before it is cut into tables: its accounts and what happened to them month by month.
//!
//! Every account lives alone (its draws have addresses of their own), so accounts are simulated in parallel.

mod account;
pub(crate) mod features;
mod health;
mod life;
mod movement;
pub(crate) mod usage;
mod worked;

pub(crate) use account::Account;
pub(crate) use life::{Life, Snapshot};
pub(crate) use movement::{Movement, MovementKind};
pub(crate) use worked::Worked;

use super::random::Seed;
use super::time::MONTHS;
use features::Features;
use rayon::prelude::*;

/// Everything the tables are cut from.
pub(crate) struct World {
    /// Seed of all draws.
    pub(crate) seed: Seed,
    /// By id, starting at 1.
    pub(crate) accounts: Vec<Account>,
    /// What happened to each, in the same order.
    pub(crate) lives: Vec<Life>,
}

/// Accounts of the full company.
const ACCOUNTS: f64 = 20_480.0;
/// Per cent that a calendar month adds to the signups.
const SEASON: [f64; 12] = [2.0, 3.0, 10.0, 2.0, 0.0, -2.0, -8.0, -10.0, 8.0, 10.0, 0.0, -15.0];

impl World {
    /// Simulates the company.
    pub(crate) fn new(seed: Seed, scale: f64) -> Self {
        let mut accounts = Vec::new();
        for (month, count) in signups(scale).into_iter().enumerate() {
            let month = i32::try_from(month).unwrap_or(MONTHS);
            accounts.extend((0..count).map(|nth| (month, nth)));
        }
        let accounts: Vec<Account> = accounts
            .into_par_iter()
            .enumerate()
            .map(|(index, (month, nth))| Account::new(seed, u32::try_from(index + 1).unwrap_or(u32::MAX), month, nth))
            .collect();
        let features = Features::new(seed);
        let mut lives: Vec<Life> = accounts.par_iter().map(|account| Life::new(seed, account, &features)).collect();
        rank(&mut lives);
        Self { seed, accounts, lives }
    }
}

/// New accounts by month: a line from 150 to 430 times the season, in whole numbers that add up to the company's size.
fn signups(scale: f64) -> Vec<u32> {
    let line = |month: i32| 150.0 + 280.0 * f64::from(month) / f64::from(MONTHS - 1);
    let season = |month: i32| {
        let number = month.rem_euclid(12).unsigned_abs() as usize;
        1.0 + SEASON[number] / 100.0
    };
    let wishes: Vec<f64> = (0..MONTHS).map(|month| line(month) * season(month)).collect();
    let factor = ACCOUNTS * scale / wishes.iter().sum::<f64>();
    let mut sum = 0.0;
    let mut given = 0;
    wishes
        .into_iter()
        .map(|wish| {
            sum += wish * factor;
            let count = super::random::whole(sum + 0.5) - given;
            given += count;
            count
        })
        .collect()
}

/// Ranks the accounts by MRR within each month, 1 for the largest; equal ones by id.
fn rank(lives: &mut [Life]) {
    for month in super::time::WINDOW..MONTHS {
        let mut order: Vec<(i64, usize, usize)> = Vec::new();
        for (index, life) in lives.iter().enumerate() {
            if let Ok(at) = life.snapshots.binary_search_by_key(&month, |row| row.month) {
                order.push((-life.snapshots[at].mrr, index, at));
            }
        }
        order.sort_unstable();
        for (rank, (_, index, at)) in order.into_iter().enumerate() {
            lives[index].snapshots[at].rank = i32::try_from(rank + 1).unwrap_or(i32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signups_add_up_to_the_company() {
        for scale in [1.0, 0.03, 2.0] {
            let sum: u32 = signups(scale).iter().sum();
            assert!((f64::from(sum) - ACCOUNTS * scale).abs() < 1.0, "scale {scale}: {sum}");
        }
        let full = signups(1.0);
        assert!((f64::from(full[62]) - 437.0).abs() < 5.0, "March 2025 is the strongest month: {}", full[62]);
    }
}
