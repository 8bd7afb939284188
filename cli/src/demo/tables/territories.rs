//! `territories`: which sales team covers what.

use crate::demo::sales::TERRITORIES;
use crate::demo::words::{REGIONS, SEGMENTS};
use crate::demo::world::World;
use crate::extract::Extract;
use almanac_model::manifest::Resource;
use std::path::Path;

pub(super) fn write(_: &World, folder: &Path) -> Result<Resource, String> {
    let rows = || TERRITORIES.iter();
    Extract::new("territories", "One row per sales territory: a region and a segment.", &["territory_id"])
        .int("territory_id", "territory key", 1..=16)
        .text("territory_name", "display name", rows().map(|row| row.name))
        .text("region", "na, emea, apac or latam", rows().map(|row| REGIONS[row.region].0))
        .text("segment", "smb, mid_market or enterprise", rows().map(|row| SEGMENTS[row.segment].0))
        .int("target_accounts", "accounts worth winning in the territory", rows().map(|row| row.target_accounts))
        .write(folder)
}
