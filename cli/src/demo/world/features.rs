//! The product's 48 features: how popular each is, from which plan on, since when.

use crate::demo::random::{Random, Seed};

/// Features of the product.
pub(crate) const COUNT: u32 = 48;
/// How many of them each plan opens.
pub(crate) const GATES: [usize; 4] = [18, 32, 42, 48];
/// Features that were released inside the window, with the month: one every two or three months from 2024-02.
pub(crate) const RELEASES: [(usize, i32); 8] =
    [(4, 49), (9, 51), (14, 53), (16, 55), (21, 57), (27, 60), (34, 63), (43, 66)];
/// Smart scheduling: 30 % of accounts used it until a guide inside the product took it to 58 % in March 2025.
const SMART_SCHEDULING: usize = 9;
const GUIDE: i32 = 62;

/// The catalogue of features, ready for drawing.
pub(crate) struct Features {
    /// Odds that an average account uses it in a month.
    odds: Vec<f64>,
    /// Month of its release, before the company's start for the old ones.
    released: Vec<i32>,
}

impl Features {
    /// The features of that world.
    pub(crate) fn new(seed: Seed) -> Self {
        let mut odds = Vec::new();
        let mut released = Vec::new();
        for feature in 0..COUNT {
            let mut random = seed.stream("feature", u64::from(feature), 0);
            // Beta(1.3, 1.6): a few that nearly all use, a few that nearly nobody does.
            let (a, b) = (random.gamma(1.3), random.gamma(1.6));
            let popularity = (a / (a + b)).clamp(0.02, 0.97);
            let index = feature as usize;
            let popularity = if index == SMART_SCHEDULING { 0.30 } else { popularity };
            odds.push(popularity / (1.0 - popularity) * libm::exp(-0.35));
            released.push(RELEASES.iter().find(|(at, _)| *at == index).map_or(i32::MIN, |(_, month)| *month));
        }
        Self { odds, released }
    }

    /// The features that an account of that plan uses in a month, a bit each.
    pub(crate) fn used(&self, random: &mut Random, plan: usize, health: f64, tenure: i32, month: i32) -> u64 {
        let push = libm::exp(0.55 * health + 0.18 * libm::log(1.0 + f64::from(tenure)));
        let mut used = 0;
        for (index, (odds, released)) in self.odds.iter().zip(&self.released).take(GATES[plan]).enumerate() {
            if month < *released {
                continue;
            }
            let age = month.saturating_sub(*released);
            let mut odds = odds * push * if age < 6 { 0.25 + 0.125 * f64::from(age) } else { 1.0 };
            if index == SMART_SCHEDULING && month >= GUIDE {
                odds *= 3.2;
            }
            used |= u64::from(random.chance(odds / (1.0 + odds))) << index;
        }
        used
    }
}
