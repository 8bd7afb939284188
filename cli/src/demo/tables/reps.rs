//! `reps`: who sells.

use crate::demo::sales::{REPS, TERRITORIES, person, territory_of};
use crate::demo::time::{as_of, day};
use crate::demo::words::{REGIONS, SEGMENTS};
use crate::demo::world::World;
use crate::extract::Extract;
use almanac_model::manifest::Resource;
use std::path::Path;

pub(super) fn write(world: &World, folder: &Path) -> Result<Resource, String> {
    let reps: Vec<u32> = (1..=REPS).collect();
    let ids = || reps.iter().map(|rep| i32::try_from(*rep).unwrap_or(i32::MAX));
    let territory = |rep: &u32| TERRITORIES[territory_of(*rep) as usize - 1];
    let hired = |rep: &u32| {
        let mut random = world.seed.stream("hired", u64::from(*rep), 0);
        let from = day(2019, 3, 4);
        let span = u32::try_from(as_of() - 200 - from).unwrap_or_default();
        from + i32::try_from(random.below(span)).unwrap_or_default()
    };
    Extract::new("reps", "One row per sales rep.", &["rep_id"])
        .int("rep_id", "sales rep key", ids())
        .text("rep_name", "display name (made up)", reps.iter().map(|rep| person(world.seed, "rep", *rep)))
        .int(
            "territory_id",
            "territory key",
            reps.iter().map(|rep| i32::try_from(territory_of(*rep)).unwrap_or_default()),
        )
        .text("region", "na, emea, apac or latam", reps.iter().map(|rep| REGIONS[territory(rep).region].0))
        .text("segment", "smb, mid_market or enterprise", reps.iter().map(|rep| SEGMENTS[territory(rep).segment].0))
        .date("hire_date", "first working day", reps.iter().map(hired))
        .text("manager", "sales manager", reps.iter().map(|rep| person(world.seed, "manager", (rep - 1) / 8)))
        .int("ramp_months", "months to full quota", reps.iter().map(|rep| [3, 5, 8][territory(rep).segment]))
        .flag("is_active", "still with the company", reps.iter().map(|_| true))
        .write(folder)
}
