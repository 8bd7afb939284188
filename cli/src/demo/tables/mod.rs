//! The tables of the demo company, one file each: what its columns mean and where their values come from.

mod account_monthly;
mod accounts;
mod calendar;
mod deals;
mod months;
mod mrr_movements;
mod reps;
mod territories;

use super::world::World;
use almanac_model::manifest::Resource;
use rayon::prelude::*;
use std::path::Path;

/// Makes and writes one table.
type Table = fn(&World, &Path) -> Result<Resource, String>;

/// Every table. The large ones first, so that the last thread to finish has little left.
const TABLES: [Table; 8] = [
    account_monthly::write,
    deals::write,
    accounts::write,
    mrr_movements::write,
    calendar::write,
    months::write,
    reps::write,
    territories::write,
];

/// Writes all tables into the folder.
///
/// # Errors
/// What the disk says, with the path.
pub(crate) fn write(world: &World, folder: &Path) -> Result<Vec<Resource>, String> {
    TABLES.par_iter().map(|table| table(world, folder)).collect()
}
