//! `feature_monthly`: use of every feature by month, segment, region and plan, where the plan has it.

use crate::demo::Company;
use crate::demo::books::adoption::{Cell, GROUPS, offered};
use crate::demo::feature_names::FEATURES;
use crate::demo::out::Out;
use crate::demo::time::{MONTHS, WINDOW, first_day, month_index};
use crate::demo::words::{PLANS, REGIONS, SEGMENTS};
use almanac_model::manifest::Resource;

struct Row {
    month: i32,
    feature: usize,
    group: usize,
    cell: Cell,
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let mut rows = Vec::new();
    for month in WINDOW..MONTHS {
        for (at, cell) in company.books.adoption.months[month_index(month)].iter().enumerate() {
            let (feature, group) = (at / GROUPS, at % GROUPS);
            if cell.base > 0 && offered(feature, group % PLANS.len(), month) {
                rows.push(Row { month, feature, group, cell: *cell });
            }
        }
    }
    out.one("feature_monthly", |extract| {
        extract
            .date("month", rows.iter().map(|row| first_day(row.month)))
            .number("feature_id", rows.iter().map(|row| u32::try_from(row.feature + 1).unwrap_or(u32::MAX)))
            .text("segment", rows.iter().map(|row| SEGMENTS[row.group / PLANS.len() / REGIONS.len()].0))
            .text("region", rows.iter().map(|row| REGIONS[row.group / PLANS.len() % REGIONS.len()].0))
            .text("plan", rows.iter().map(|row| PLANS[row.group % PLANS.len()]))
            .bigint("accounts_using", rows.iter().map(|row| row.cell.accounts))
            .bigint("users_using", rows.iter().map(|row| row.cell.users))
            .bigint("events", rows.iter().map(|row| row.cell.events))
            .bigint("accounts_first_use", rows.iter().map(|row| row.cell.first))
            .bigint("accounts_active", rows.iter().map(|row| row.cell.base))
            .text("feature_key", rows.iter().map(|row| FEATURES[row.feature].0))
            .text("category", rows.iter().map(|row| FEATURES[row.feature].1))
    })
}
