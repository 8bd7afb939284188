//! The dirty variant: 26 defects of the kinds that real data have, each planted in one table by draws of its own. What finds them is
//! in `tests/company/defects.yml`.

mod by_row;
mod by_value;
mod rows;

use super::random::{Random, Seed};
use super::time::first_day;
use crate::extract::Extract;
use rows::Rows;

/// Plants a defect.
type Plant = fn(&mut Rows<'_, '_>, &mut Random) -> Result<(), String>;

/// A defect.
struct Defect {
    /// As the truth file calls it.
    id: &'static str,
    /// The table.
    table: &'static str,
    /// The month whose file it is in, for tables of one file a month.
    month: Option<i32>,
    plant: Plant,
}

const fn one(id: &'static str, table: &'static str, plant: Plant) -> Defect {
    Defect { id, table, month: None, plant }
}

const fn month(id: &'static str, table: &'static str, month: i32, plant: Plant) -> Defect {
    Defect { id, table, month: Some(month), plant }
}

/// All of them. Months count from 2020-01: 60 is 2025-01.
const DEFECTS: [Defect; 26] = [
    month("D01", "invoices", 65, by_row::repeated_rows),
    one("D02", "locations", by_value::unknown_accounts),
    one("D03", "users", by_value::no_account),
    one("D04", "mrr_movements", by_value::wrong_sign),
    one("D05", "mrr_movements", by_row::lost_expansions),
    one("D06", "accounts", by_value::odd_segments),
    one("D07", "deals", by_value::closed_before_created),
    one("D08", "deals", by_value::amounts_in_cents),
    month("D09", "leads", 70, by_value::created_in_future),
    month("D10", "leads", 69, by_row::copied_leads),
    month("D11", "tickets", 70, by_row::stale),
    month("D12", "tickets", 61, by_value::shifted_zone),
    month("D13", "tickets", 67, by_value::other_scale),
    one("D14", "campaign_daily", by_row::missing_days),
    one("D15", "campaign_daily", by_value::spend_in_cents),
    one("D16", "campaign_daily", by_value::swapped_columns),
    one("D17", "attribution", by_value::weights_of_one),
    month("D18", "user_monthly", 68, by_row::doubled_platform),
    month("D19", "user_monthly", 63, by_value::too_many_days),
    one("D20", "product_daily", by_value::frozen),
    month("D21", "device_monthly", 60, by_value::more_than_all),
    one("D22", "devices", by_value::shared_serials),
    month("D23", "account_monthly", 61, by_row::missing_region),
    month("D24", "account_monthly", 70, by_value::drifted_scores),
    one("D25", "subscriptions", by_value::stale_status),
    one("D26", "load_log", by_value::late_loads),
];

/// Plants the defects of a table, or of the month of it that is about to be written.
///
/// # Errors
/// A column that a defect needs and the table has not.
pub(crate) fn plant(seed: Seed, extract: &mut Extract<'_>) -> Result<(), String> {
    for (number, defect) in (0..).zip(&DEFECTS) {
        if defect.table != extract.name() {
            continue;
        }
        let mut rows = Rows::of(extract);
        if let Some(month) = defect.month {
            let first = rows.days("month")?.first().copied().flatten();
            if first != Some(first_day(month)) {
                continue;
            }
        }
        let mut random = seed.stream("defect", number, 0);
        (defect.plant)(&mut rows, &mut random).map_err(|error| format!("{}: {error}", defect.id))?;
    }
    Ok(())
}

/// The files that defects are planted in.
#[cfg(test)]
pub(crate) fn places() -> impl Iterator<Item = String> {
    DEFECTS.iter().map(|defect| match defect.month {
        Some(month) => format!("{}/{}.parquet", defect.table, super::time::label(month)),
        None => format!("{}.parquet", defect.table),
    })
}
