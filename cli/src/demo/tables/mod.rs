//! The tables of the demo company, one file each: where the values of their columns come from. What they mean says the schema.

mod account_features;
mod account_monthly;
mod accounts;
mod attribution;
mod calendar;
mod campaign_daily;
mod campaigns;
mod csm_activities;
mod deal_stage_history;
mod deals;
mod device_daily;
mod device_incidents;
mod device_monthly;
mod devices;
mod feature_monthly;
mod features;
mod finance_monthly;
mod invoices;
mod leads;
mod load_log;
mod locations;
mod months;
mod mrr_movements;
mod payments;
mod pipeline_weekly;
mod product_daily;
mod rep_monthly;
mod reps;
mod subscriptions;
mod surveys;
mod territories;
mod tickets;
mod touchpoints;
mod user_monthly;
mod users;
mod web_daily;
mod who;

use super::Company;
use super::out::Out;
use super::time::{MONTHS, WINDOW, month_of};
use almanac_model::manifest::Resource;
use rayon::prelude::*;

/// Makes and writes one table.
type Table = fn(&Company, &Out<'_>) -> Result<Resource, String>;

/// Every table. The large ones first, so that the last thread to finish has little left.
const TABLES: [Table; 36] = [
    device_monthly::write,
    user_monthly::write,
    touchpoints::write,
    leads::write,
    account_monthly::write,
    account_features::write,
    invoices::write,
    payments::write,
    tickets::write,
    attribution::write,
    pipeline_weekly::write,
    deal_stage_history::write,
    device_incidents::write,
    users::write,
    devices::write,
    product_daily::write,
    accounts::write,
    locations::write,
    deals::write,
    mrr_movements::write,
    subscriptions::write,
    feature_monthly::write,
    surveys::write,
    csm_activities::write,
    device_daily::write,
    campaign_daily::write,
    web_daily::write,
    load_log::write,
    campaigns::write,
    rep_monthly::write,
    finance_monthly::write,
    features::write,
    calendar::write,
    months::write,
    reps::write,
    territories::write,
];

/// Writes all tables.
///
/// # Errors
/// What the disk says, with the path.
pub(crate) fn write(company: &Company, out: &Out<'_>) -> Result<Vec<Resource>, String> {
    TABLES.par_iter().map(|table| table(company, out)).collect()
}

/// The id of the first row of each month, when ids count through all months from 1.
fn offsets<T>(months: &[Vec<T>]) -> Vec<u32> {
    let counts = months.iter().map(|rows| u32::try_from(rows.len()).unwrap_or(u32::MAX));
    let starts = counts.scan(1, |next, count| {
        let start = *next;
        *next += count;
        Some(start)
    });
    starts.collect()
}

/// Rows in the order of their days, cut into the months from 2023-12 on, each with the id of its first row.
fn numbered_months<T>(rows: &[T], day: impl Fn(&T) -> i32) -> Vec<(u32, &[T])> {
    let start = |month: i32| rows.partition_point(|row| month_of(day(row)) < month);
    let month = |month: i32| {
        let from = start(month);
        (u32::try_from(from + 1).unwrap_or(u32::MAX), &rows[from..start(month + 1)])
    };
    (WINDOW..MONTHS).map(month).collect()
}

/// The id of the row at that place.
fn reference(at: Option<usize>) -> Option<u32> {
    at.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))
}
