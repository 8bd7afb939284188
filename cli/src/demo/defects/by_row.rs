//! Defects of whole rows: some twice, some missing.

use super::rows::{Rows, some};
use crate::demo::random::Random;
use crate::demo::time::day;

/// A share of a number of rows, at least one.
fn share(rows: usize, per_mille: usize) -> usize {
    (rows * per_mille / 1000).max(1)
}

/// 0.3 % of the rows come twice, with the same key.
pub(super) fn repeated_rows(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let count = rows.count();
    let again = some(random, &vec![true; count], share(count, 3));
    rows.keep((0..count).chain(again))
}

/// 1 % of the expansions of 2025-07 are missing.
pub(super) fn lost_expansions(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let expansions = rows.equal("movement_type", "expansion")?;
    let july = rows.days("month")?;
    let marked: Vec<bool> =
        july.iter().zip(expansions).map(|(month, is)| is && *month == Some(day(2025, 7, 1))).collect();
    let all = marked.iter().filter(|marked| **marked).count();
    let lost = some(random, &marked, share(all, 10));
    let mut drop = vec![false; marked.len()];
    lost.into_iter().for_each(|row| drop[row] = true);
    rows.drop(&drop)
}

/// 1.5 % of the leads come twice, the second time with a key of its own. Some that became deals are among them.
pub(super) fn copied_leads(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let count = rows.count();
    let deals = rows.ints("deal_id")?;
    let campaigns = rows.ints("campaign_id")?;
    let known: Vec<bool> =
        deals.iter().zip(&campaigns).map(|(deal, campaign)| deal.is_some() && campaign.is_some()).collect();
    let mut again = some(random, &known, 3);
    again.extend(some(random, &vec![true; count], share(count, 15)));
    again.sort_unstable();
    again.dedup();
    rows.keep((0..count).chain(again.iter().copied()))?;
    let copies: Vec<usize> = (count..count + again.len()).collect();
    rows.change_ints("lead_id", &copies, |row, _| i32::try_from(100_000_000 + row).ok())
}

/// Nothing since 2025-11-27.
pub(super) fn stale(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let late: Vec<bool> = rows.days("created_date")?.iter().map(|at| *at >= Some(day(2025, 11, 27))).collect();
    rows.drop(&late)
}

/// The days 2025-03-08 and 09 are missing.
pub(super) fn missing_days(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let gap = [Some(day(2025, 3, 8)), Some(day(2025, 3, 9))];
    let missing: Vec<bool> = rows.days("date")?.iter().map(|at| gap.contains(at)).collect();
    rows.drop(&missing)
}

/// The rows of iOS come twice.
pub(super) fn doubled_platform(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let ios = rows.equal("platform", "ios")?;
    let again = ios.iter().enumerate().filter(|(_, is)| **is).map(|(row, _)| row);
    rows.keep((0..ios.len()).chain(again))
}

/// Latin America is missing.
pub(super) fn missing_region(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let latam = rows.equal("region", "latam")?;
    rows.drop(&latam)
}
