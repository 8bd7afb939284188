//! `account_features`: since when and how much each account uses each feature.

use super::who;
use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::time::first_day;
use crate::demo::world::Account;
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let world = &company.world;
    let mut rows = Vec::new();
    for (at, life) in world.lives.iter().enumerate() {
        rows.extend((0..).zip(&life.uses).filter(|(_, one)| one.months > 0).map(|(feature, one)| (at, feature, *one)));
    }
    let account = |at: usize| -> &Account { &world.accounts[at] };
    let events = |at: usize, feature: usize| company.books.adoption.events[at][feature];
    out.one("account_features", |extract| {
        let extract = extract
            .number("account_id", rows.iter().map(|(at, _, _)| account(*at).id))
            .number("feature_id", rows.iter().map(|(_, feature, _)| u32::try_from(feature + 1).unwrap_or(u32::MAX)))
            .date("first_used_month", rows.iter().map(|(_, _, one)| first_day(one.first)))
            .date("last_used_month", rows.iter().map(|(_, _, one)| first_day(one.last)))
            .number("months_used", rows.iter().map(|(_, _, one)| one.months))
            .number("events_28d", rows.iter().map(|(at, feature, _)| events(*at, *feature)));
        who::three(extract, rows.iter().map(|(at, _, _)| account(*at)))
    })
}
