//! `reps`: who sells.

use crate::demo::Company;
use crate::demo::out::Out;
use crate::demo::sales::{REPS, TERRITORIES, person, territory_of};
use crate::demo::time::{as_of, day};
use crate::demo::words::{REGIONS, SEGMENTS};
use almanac_model::manifest::Resource;

pub(super) fn write(company: &Company, out: &Out<'_>) -> Result<Resource, String> {
    let world = &company.world;
    let reps: Vec<u32> = (1..=REPS).collect();
    let ids = || reps.iter().map(|rep| i32::try_from(*rep).unwrap_or(i32::MAX));
    let territory = |rep: &u32| TERRITORIES[territory_of(*rep) as usize - 1];
    let hired = |rep: &u32| {
        let mut random = world.seed.stream("hired", u64::from(*rep), 0);
        let from = day(2019, 3, 4);
        let span = u32::try_from(as_of() - 200 - from).unwrap_or_default();
        from + i32::try_from(random.below(span)).unwrap_or_default()
    };
    out.one("reps", |extract| {
        extract
            .int("rep_id", ids())
            .text("rep_name", reps.iter().map(|rep| person(world.seed, "rep", *rep)))
            .int("territory_id", reps.iter().map(|rep| i32::try_from(territory_of(*rep)).unwrap_or_default()))
            .text("region", reps.iter().map(|rep| REGIONS[territory(rep).region].0))
            .text("segment", reps.iter().map(|rep| SEGMENTS[territory(rep).segment].0))
            .date("hire_date", reps.iter().map(hired))
            .text("manager", reps.iter().map(|rep| person(world.seed, "manager", (rep - 1) / 8)))
            .int("ramp_months", reps.iter().map(|rep| [3, 5, 8][territory(rep).segment]))
            .flag("is_active", reps.iter().map(|_| true))
    })
}
