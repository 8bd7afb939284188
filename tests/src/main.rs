//! `cargo run -p almanac-tests -- <folder>`: writes the extracts of the questions, one folder each, for the oracle.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: almanac-tests <folder>")?);
    for name in almanac_tests::extracts::NAMES {
        almanac_tests::extracts::write(name, &folder.join(name))?;
    }
    Ok(())
}
