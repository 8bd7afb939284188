//! `csm_activities`: what customer success managers do with their accounts, once a month at most.

use super::who;
use crate::demo::Company;
use crate::demo::books::support::day_of;
use crate::demo::out::Out;
use crate::demo::random::whole;
use crate::demo::time::{MONTHS, WINDOW, first_day, month_of};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;
use rayon::prelude::*;

struct Row<'a> {
    account: &'a Account,
    csm: u32,
    day: i32,
    kind: usize,
    minutes: u32,
}

/// Kinds of contact: usual weight, weight with an account in trouble, median minutes.
const KINDS: [(&str, f64, f64, f64); 5] = [
    ("check_in", 0.47, 0.36, 25.0),
    ("qbr", 0.21, 0.12, 60.0),
    ("training", 0.16, 0.16, 50.0),
    ("escalation", 0.05, 0.26, 35.0),
    ("renewal_call", 0.11, 0.10, 30.0),
];
/// Share of managed accounts that hear from their manager in a month.
const COVERAGE: f64 = 0.445;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let world = &company.world;
    let mut rows: Vec<Row<'_>> = (0..world.accounts.len())
        .into_par_iter()
        .filter_map(|at| Some((at, world.accounts[at].csm?)))
        .flat_map_iter(|(at, csm)| {
            let account = &world.accounts[at];
            let months =
                world.lives[at].snapshots.iter().filter(|row| row.active && (WINDOW..MONTHS).contains(&row.month));
            months.filter_map(move |row| {
                let mut random =
                    world.seed.stream("csm", u64::from(account.id), u64::try_from(row.month).unwrap_or_default());
                let contact = random.chance(COVERAGE);
                let trouble = row.health.is_some_and(|health| health < 40);
                let weights = KINDS.map(|(_, usual, troubled, _)| if trouble { troubled } else { usual });
                let due = (1..=3).contains(&row.months_to_renewal) && random.chance(0.3);
                let kind = if due { KINDS.len() - 1 } else { random.pick(&weights) };
                let day = day_of(&mut random, row.month);
                let minutes = whole(random.lognormal(KINDS[kind].3, 0.35)).max(5);
                (contact && day >= account.signup_day).then_some(Row { account, csm, day, kind, minutes })
            })
        })
        .collect();
    rows.sort_by_key(|row| (row.day, row.account.id));
    out.one("csm_activities", |extract| {
        let extract = extract
            .number("activity_id", (1..).take(rows.len()))
            .number("account_id", rows.iter().map(|row| row.account.id))
            .number("csm_id", rows.iter().map(|row| row.csm))
            .date("activity_date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|row| first_day(month_of(row.day))))
            .text("activity_type", rows.iter().map(|row| KINDS[row.kind].0))
            .bigint("duration_minutes", rows.iter().map(|row| row.minutes));
        who::three(extract, rows.iter().map(|row| row.account))
    })
}
