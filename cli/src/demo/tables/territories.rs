//! `territories`: which sales team covers what.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::sales::TERRITORIES;
use crate::demo::words::{REGIONS, SEGMENTS};
use almanac_model::manifest::Resource;

pub(super) fn write(_: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let rows = || TERRITORIES.iter();
    out.one("territories", |extract| {
        extract
            .int("territory_id", 1..=16)
            .text("territory_name", rows().map(|row| row.name))
            .text("region", rows().map(|row| REGIONS[row.region].0))
            .text("segment", rows().map(|row| SEGMENTS[row.segment].0))
            .int("target_accounts", rows().map(|row| row.target_accounts))
    })
}
