//! `surveys`: whether customers would recommend the company, and how hard it was to get help.

use super::who;
use crate::demo::Company;
use crate::demo::books::support::day_of;
use crate::demo::out::Out;
use crate::demo::random::{Random, whole};
use crate::demo::time::{MONTHS, WINDOW, as_of, first_day, month_of};
use crate::demo::world::Account;
use almanac_model::manifest::Resource;
use rayon::prelude::*;

struct Row<'a> {
    account: &'a Account,
    effort: bool,
    day: i32,
    score: u32,
    comment: bool,
}

/// Share of the accounts that answer in a month, and of the tickets that are followed by an answer.
const ANSWERS: f64 = 0.0455;
const AFTER_TICKET: f64 = 0.042;

fn score(random: &mut Random, mean: f64, sigma: f64, low: f64, high: f64) -> u32 {
    whole((mean + sigma * random.normal() + 0.5).clamp(low, high))
}

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let world = &company.world;
    let mut rows: Vec<Row<'_>> = (0..world.accounts.len())
        .into_par_iter()
        .flat_map_iter(|at| {
            let account = &world.accounts[at];
            let months =
                world.lives[at].snapshots.iter().filter(|row| row.active && (WINDOW..MONTHS).contains(&row.month));
            months.filter_map(move |row| {
                let month = row.month;
                let mut random =
                    world.seed.stream("survey", u64::from(account.id), u64::try_from(month).unwrap_or_default());
                let answers = random.chance(ANSWERS);
                let day = day_of(&mut random, month);
                let score = score(&mut random, 7.9 + 1.6 * account.effect, 1.9, 0.0, 10.0);
                let comment = random.chance(0.38);
                (answers && day >= account.signup_day).then_some(Row { account, effort: false, day, score, comment })
            })
        })
        .collect();
    rows.extend(company.books.tickets.iter().enumerate().filter_map(|(at, ticket)| {
        let mut random = world.seed.stream("effort", at as u64, 0);
        let answers = random.chance(AFTER_TICKET);
        let account = &world.accounts[ticket.account];
        let slow = libm::log(f64::from(ticket.response) / 200.0);
        let score = score(&mut random, 5.5 + 0.5 * account.effect - 0.25 * slow, 1.3, 1.0, 7.0);
        let comment = random.chance(0.3);
        let day = ticket.solved.map(|(_, day)| day + 1).filter(|day| answers && *day <= as_of())?;
        Some(Row { account, effort: true, day, score, comment })
    }));
    rows.sort_by_key(|row| (row.day, row.account.id, row.effort, row.score));
    out.one("surveys", |extract| {
        let extract = extract
            .number("survey_id", (1..).take(rows.len()))
            .number("account_id", rows.iter().map(|row| row.account.id))
            .text("survey_type", rows.iter().map(|row| if row.effort { "ces" } else { "nps" }))
            .date("response_date", rows.iter().map(|row| row.day))
            .date("month", rows.iter().map(|row| first_day(month_of(row.day))))
            .number("score", rows.iter().map(|row| row.score))
            .flag("has_comment", rows.iter().map(|row| row.comment));
        who::five(extract, rows.iter().map(|row| row.account))
    })
}
