//! `features`: what the product can do.

use crate::demo::Company;
use crate::demo::feature_names::FEATURES;
use crate::demo::out::Out;
use crate::demo::time::{LAST, day, first_day};
use crate::demo::words::PLANS;
use crate::demo::world::features::{GATES, RELEASES};
use almanac_model::manifest::Resource;

/// Features that belong to the core set: the first that every plan has.
const CORE: usize = 12;

fn released(feature: usize) -> i32 {
    let inside = RELEASES.iter().find(|(at, _)| *at == feature).map(|(_, month)| first_day(*month));
    // The others were there before the first customer, or came in the first three years.
    inside.unwrap_or_else(|| day(2019, 10, 1) + i32::try_from(feature * feature % 37 * 30).unwrap_or_default())
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = || 0..FEATURES.len();
    let plan = |feature: usize| PLANS[GATES.iter().position(|gate| feature < *gate).unwrap_or_default()];
    let beta = |feature: usize| RELEASES.iter().any(|(at, month)| *at == feature && *month > LAST - 6);
    let now = |feature: usize| company.books.adoption.now(feature);
    let int = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    out.one("features", |extract| {
        extract
            .number("feature_id", (1..).take(FEATURES.len()))
            .text("feature_key", rows().map(|at| FEATURES[at].0))
            .text("category", rows().map(|at| FEATURES[at].1))
            .text("min_plan", rows().map(plan))
            .date("released_date", rows().map(released))
            .text("status", rows().map(|at| if beta(at) { "beta" } else { "ga" }))
            .flag("is_core", rows().map(|at| at < CORE))
            .int("accounts_using_28d", rows().map(|at| int(now(at).0)))
            .int("users_using_28d", rows().map(|at| int(now(at).1)))
            .int("events_28d", rows().map(|at| int(now(at).2)))
    })
}
