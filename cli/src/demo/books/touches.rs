//! Touches: what a lead saw of the company's marketing. The first is on the channel that brought it.

use crate::demo::books::campaigns::Campaign;
use crate::demo::books::leads::Lead;
use crate::demo::random::{Random, Seed};
use crate::demo::time::as_of;
use crate::demo::words;
use rayon::prelude::*;

/// A touch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Touch {
    /// Index of the lead.
    pub(crate) lead: usize,
    /// Its day.
    pub(crate) day: i32,
    /// Index into [`words::CHANNELS`].
    pub(crate) channel: usize,
    /// Index of the campaign.
    pub(crate) campaign: Option<usize>,
    /// What it was.
    pub(crate) kind: &'static str,
    /// From 1, and how many the lead has.
    pub(crate) position: u32,
    /// Touches of the lead.
    pub(crate) total: u32,
}

/// Touches beyond the first, on average, by how far the lead got.
const MORE: [f64; 4] = [0.65, 1.3, 2.0, 2.75];
/// Channels of later touches.
const LATER: [f64; 8] = [0.14, 0.19, 0.05, 0.14, 0.03, 0.04, 0.07, 0.34];

/// All touches, by day and lead.
pub(crate) fn all(seed: Seed, leads: &[Lead], campaigns: &[Campaign]) -> Vec<Touch> {
    let mut by_channel: Vec<Vec<usize>> = vec![Vec::new(); words::CHANNELS.len()];
    for (at, campaign) in campaigns.iter().enumerate() {
        by_channel[campaign.channel].push(at);
    }
    let mut touches: Vec<Touch> = leads
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, lead)| {
            let mut random = seed.stream("touches", at as u64, 0);
            of_lead(&mut random, at, lead, |random, channel, day| {
                let known = random.chance(0.6);
                let start = random.unit();
                let choice = &by_channel[channel];
                let from = crate::demo::random::whole(start * choice.len() as f64) as usize;
                let runs = |at: &&usize| (campaigns[**at].start..=campaigns[**at].end).contains(&day);
                let mut around = choice[from..].iter().chain(&choice[..from]);
                if known { around.find(runs).copied() } else { None }
            })
        })
        .collect();
    touches.par_sort_by_key(|touch| (touch.day, touch.lead, touch.position));
    touches
}

fn of_lead(
    random: &mut Random,
    at: usize,
    lead: &Lead,
    mut campaign: impl FnMut(&mut Random, usize, i32) -> Option<usize>,
) -> Vec<Touch> {
    let reached = [lead.mql, lead.sql, lead.opportunity].iter().flatten().count();
    let end = lead.opportunity.or(lead.sql).or(lead.mql).unwrap_or(lead.created + 21).max(lead.created);
    let span = u32::try_from(end - lead.created).unwrap_or_default();
    let mut days: Vec<i32> = (0..random.poisson(MORE[reached]))
        .map(|_| lead.created + random.below(span + 1).cast_signed())
        .filter(|day| *day <= as_of())
        .collect();
    days.sort_unstable();
    days.insert(0, lead.created);
    let total = u32::try_from(days.len()).unwrap_or(1);
    (1..)
        .zip(days)
        .map(|(position, day)| {
            let first = position == 1;
            let channel = if first { lead.channel } else { random.pick(&LATER) };
            let campaign = if first { lead.campaign } else { campaign(random, channel, day) };
            let asked = lead.demo && !first && random.chance(0.4);
            let kind = if asked { "demo" } else { words::TOUCH_KINDS[channel][usize::from(random.chance(0.3))] };
            Touch { lead: at, day, channel, campaign, kind, position, total }
        })
        .collect()
}
