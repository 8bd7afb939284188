//! `almanac demo`: the extracts of a made-up company that sells software and devices to shops, gyms and clinics.
//!
//! Same seed and version, same bytes: no clock, no thread order, own samplers. Nothing here is real data.

mod books;
mod defects;
mod feature_names;
mod out;
mod random;
mod sales;
mod tables;
mod time;
mod words;
mod world;

use crate::manifest;
use books::Books;
use out::Out;
use random::Seed;
use std::path::Path;
use world::World;

/// The seed of the published demo.
pub(crate) const SEED: u64 = 20_251_130;

/// What was written.
pub(crate) struct Made {
    /// Rows of all tables.
    pub(crate) rows: u64,
    /// Bytes of all files.
    pub(crate) bytes: u64,
    /// Tables.
    pub(crate) tables: usize,
}

/// Everything that is known of the company.
struct Company {
    /// Its accounts and their months.
    world: World,
    /// What goes with them.
    books: Books,
    /// 1 is the full company.
    scale: f64,
}

impl Company {
    fn new(seed: Seed, scale: f64) -> Self {
        let world = World::new(seed, scale);
        let books = Books::new(&world, scale);
        Self { world, books, scale }
    }
}

/// Writes the company's extracts and their manifest into the folder; other tables in its manifest stay. A `dirty` one is the same
/// company with planted defects, to try out whether tests find them.
///
/// # Errors
/// A sentence with the path, when something cannot be written.
pub(crate) fn generate(folder: &Path, scale: f64, seed: u64, dirty: bool) -> Result<Made, String> {
    if !(0.001..=100.0).contains(&scale) {
        return Err(format!(
            "a scale of {scale} is not between 0.001 and 100; 1 is the full company of 20,480 accounts"
        ));
    }
    let mut manifest = manifest::read(folder)?;
    let tables = out::schema()?;
    let out = Out { folder, tables: &tables, defects: dirty.then_some(Seed(seed)) };
    let company = Company::new(Seed(seed), scale);
    let resources = tables::write(&company, &out)?;
    let files = || resources.iter().flat_map(|resource| &resource.files);
    let made = Made {
        rows: resources.iter().map(|resource| resource.rows).sum(),
        bytes: files().map(|file| file.bytes).sum(),
        tables: resources.len(),
    };
    manifest.as_of = Some(time::AS_OF.to_owned());
    for resource in resources {
        manifest::put(&mut manifest, resource);
    }
    manifest::write(folder, &manifest)?;
    Ok(made)
}

#[cfg(test)]
mod tests;
