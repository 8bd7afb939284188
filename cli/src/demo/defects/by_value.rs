//! Defects of values: wrong signs, units, dates, names.

use super::rows::{Rows, some};
use crate::demo::random::Random;
use crate::demo::time::{as_of, day};
use std::collections::BTreeMap;

fn all(rows: &mut Rows<'_, '_>) -> Vec<bool> {
    vec![true; rows.count()]
}

fn numbers(marked: &[bool]) -> Vec<usize> {
    marked.iter().enumerate().filter(|(_, marked)| **marked).map(|(row, _)| row).collect()
}

/// 40 sites belong to accounts that are not there.
pub(super) fn unknown_accounts(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let marked = all(rows);
    let picked = some(random, &marked, 40);
    rows.change_ints("account_id", &picked, |row, _| i32::try_from(50_000_000 + row).ok())
}

/// 25 users have no account.
pub(super) fn no_account(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let marked = all(rows);
    let picked = some(random, &marked, 25);
    rows.change_ints("account_id", &picked, |_, _| None)
}

/// 15 churns of 2025-04 count up instead of down.
pub(super) fn wrong_sign(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let churn = rows.equal("movement_type", "churn")?;
    let months = rows.days("month")?;
    let marked: Vec<bool> = months.iter().zip(churn).map(|(month, is)| is && *month == Some(day(2025, 4, 1))).collect();
    let picked = some(random, &marked, 15);
    rows.change_doubles("mrr_delta_usd", &picked, |_, value| value.map(|value| -value))
}

/// 60 accounts spell their segment another way.
pub(super) fn odd_segments(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let marked = all(rows);
    let picked = some(random, &marked, 60);
    let spellings = ["SMB ", "Enterprise", "mid-market"];
    rows.change_texts("segment", &picked, |row| spellings[row % spellings.len()].to_owned())
}

/// 30 deals closed before they began.
pub(super) fn closed_before_created(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let closed: Vec<bool> = rows.days("closed_date")?.iter().map(Option::is_some).collect();
    let created = rows.days("created_date")?;
    let picked = some(random, &closed, 30);
    rows.change_days("closed_date", &picked, |row, _| created[row].map(|day| day - 7))
}

/// 8 large won deals are in cents.
pub(super) fn amounts_in_cents(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let won = rows.flags("is_won")?;
    let amounts = rows.doubles("amount_usd")?;
    let marked: Vec<bool> = won.iter().zip(&amounts).map(|(won, amount)| *won && *amount > Some(51_000.0)).collect();
    let picked = some(random, &marked, 8);
    rows.change_doubles("amount_usd", &picked, |_, value| value.map(|value| value * 100.0))
}

/// 50 leads were created after the data date.
pub(super) fn created_in_future(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let marked = all(rows);
    let picked = some(random, &marked, 50);
    rows.change_days("created_date", &picked, |row, _| Some(as_of() + 1 + i32::try_from(row % 40).unwrap_or_default()))
}

/// Answers by phone of 2025-02 are eight hours early: two time zones were mixed.
pub(super) fn shifted_zone(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let phone = numbers(&rows.equal("channel", "phone")?);
    rows.change_bigints("first_response_minutes", &phone, |_, value| value.map(|value| value - 480))
}

/// Ratings of 2025-08-10 to 12 are on a scale to 100.
pub(super) fn other_scale(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let days = Some(day(2025, 8, 10))..=Some(day(2025, 8, 12));
    let marked: Vec<bool> = rows.days("created_date")?.iter().map(|at| days.contains(at)).collect();
    rows.change_ints("csat_score", &numbers(&marked), |_, value| value.map(|value| value * 20))
}

/// Spend of Europe in 2025-05 is in cents.
pub(super) fn spend_in_cents(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let emea = rows.equal("region", "emea")?;
    let months = rows.days("month")?;
    let marked: Vec<bool> = months.iter().zip(emea).map(|(month, is)| is && *month == Some(day(2025, 5, 1))).collect();
    rows.change_doubles("spend_usd", &numbers(&marked), |_, value| value.map(|value| value * 100.0))
}

/// Clicks and views changed places in 20 rows.
pub(super) fn swapped_columns(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let (views, clicks) = (rows.bigints("impressions")?, rows.bigints("clicks")?);
    let marked: Vec<bool> = views.iter().zip(&clicks).map(|(views, clicks)| views > clicks).collect();
    let picked = some(random, &marked, 20);
    rows.change_bigints("impressions", &picked, |row, _| clicks[row])?;
    rows.change_bigints("clicks", &picked, |row, _| views[row])
}

/// Every touch of 30 deals has all of the deal.
pub(super) fn weights_of_one(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let deals = rows.ints("deal_id")?;
    let second: Vec<bool> = (0..deals.len()).map(|row| row > 0 && deals[row] == deals[row - 1]).collect();
    let picked: Vec<Option<i32>> = some(random, &second, 30).into_iter().map(|row| deals[row]).collect();
    let marked: Vec<bool> = deals.iter().map(|deal| picked.contains(deal)).collect();
    rows.change_doubles("w_linear", &numbers(&marked), |_, _| Some(1.0))
}

/// 40 users of 2025-04 came on more days than the month has.
pub(super) fn too_many_days(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let marked = all(rows);
    let picked = some(random, &marked, 40);
    rows.change_bigints("active_days", &picked, |row, _| i64::try_from(31 + row % 15).ok())
}

/// The active users of 2025-10-06 come again on the five days after it.
pub(super) fn frozen(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let days = rows.days("date")?;
    let cells: Vec<[Option<String>; 3]> = {
        let (plans, regions, platforms) = (rows.texts("plan")?, rows.texts("region")?, rows.texts("platform")?);
        plans
            .into_iter()
            .zip(regions)
            .zip(platforms)
            .map(|((plan, region), platform)| [plan, region, platform])
            .collect()
    };
    let users = rows.bigints("dau")?;
    let first = day(2025, 10, 6);
    let model: BTreeMap<&[Option<String>; 3], Option<i64>> =
        (0..days.len()).filter(|row| days[*row] == Some(first)).map(|row| (&cells[row], users[row])).collect();
    let after: Vec<bool> = days.iter().map(|at| (Some(first + 1)..=Some(first + 5)).contains(at)).collect();
    rows.change_bigints("dau", &numbers(&after), |row, value| model.get(&cells[row]).copied().unwrap_or(value))
}

/// 25 devices of 2025-01 were offline for longer than the month.
pub(super) fn more_than_all(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let expected = rows.bigints("expected_minutes")?;
    let marked = all(rows);
    let picked = some(random, &marked, 25);
    rows.change_bigints("offline_minutes", &picked, |row, _| expected[row].map(|minutes| minutes + 60))
}

/// 15 devices have the serial number of another.
pub(super) fn shared_serials(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let serials = rows.texts("serial")?;
    let marked: Vec<bool> = (0..serials.len()).map(|row| row > 0).collect();
    let picked = some(random, &marked, 15);
    rows.change_texts("serial", &picked, |row| serials[row - 1].clone().unwrap_or_default())
}

/// Health scores of 2025-11 are 8 too high.
pub(super) fn drifted_scores(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let marked = all(rows);
    rows.change_ints("health_score", &numbers(&marked), |_, value| value.map(|value| value + 8))
}

/// 20 subscriptions that were cancelled are still active.
pub(super) fn stale_status(rows: &mut Rows<'_, '_>, random: &mut Random) -> Result<(), String> {
    let cancelled: Vec<bool> = rows.days("canceled_date")?.iter().map(Option::is_some).collect();
    let picked = some(random, &cancelled, 20);
    rows.change_texts("status", &picked, |_| "active".to_owned())
}

/// Charges came more than a day late on 2025-11-28 to 30.
pub(super) fn late_loads(rows: &mut Rows<'_, '_>, _: &mut Random) -> Result<(), String> {
    let charges = rows.equal("table_name", "charges")?;
    let dates = rows.days("load_date")?;
    let marked: Vec<bool> = dates.iter().zip(charges).map(|(at, is)| is && *at >= Some(day(2025, 11, 28))).collect();
    rows.change_ints("lag_minutes", &numbers(&marked), |row, _| {
        Some(1500 + i32::try_from(row % 600).unwrap_or_default())
    })
}
