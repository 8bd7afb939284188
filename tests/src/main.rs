//! `cargo run -p almanac-tests -- <folder> [<times> [<set>…]]`: writes the extracts of the questions, or only of these sets, one
//! folder each, for the oracle; with so many times the rows: 10 makes TPC-H at scale factor 1.
//! `… -- damage <folder> <count>`: writes about so many damaged files there, and one of ten million rows.

use almanac_model::manifest::{FILE_NAME, Field, File, Manifest, Resource, Schema};
use almanac_tests::{damage, extracts};
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next().ok_or("usage: almanac-tests [damage] <folder> [<times or count>]")?;
    if first == "damage" {
        let folder = PathBuf::from(arguments.next().ok_or("usage: almanac-tests damage <folder> <count>")?);
        let count = arguments.next().and_then(|count| count.to_str()?.parse().ok()).ok_or("how many files?")?;
        return damaged(&folder, count);
    }
    let folder = PathBuf::from(first);
    let times = match arguments.next() {
        Some(times) => times.to_str().and_then(|times| times.parse().ok()).ok_or("how many times the rows?")?,
        None => 1,
    };
    let only: Vec<_> = arguments.collect();
    for name in extracts::NAMES.into_iter().filter(|name| only.is_empty() || only.iter().any(|only| only == name)) {
        extracts::write(name, times, &folder.join(name))?;
    }
    Ok(())
}

/// The files, and a manifest that publishes each as a table `d0`, `d1`, … with the columns of the file it was made of and no hash.
fn damaged(folder: &Path, count: usize) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let mut manifest = Manifest::default();
    for (number, (good, case)) in damage::sample(count).into_iter().enumerate() {
        let path = format!("d{number}.parquet");
        std::fs::write(folder.join(&path), &case.bytes)?;
        let bytes = case.bytes.len() as u64;
        let footer_start = damage::file::footer_start(&case.bytes).unwrap_or_default() as u64;
        let file = File { path, bytes, rows: good.rows, footer_start, ..File::default() };
        let fields = good.columns.into_iter().map(|(name, ty)| Field { name, ty, nullable: true, ..Field::default() });
        manifest.resources.push(Resource {
            name: format!("d{number}"),
            description: case.name,
            format: "parquet".into(),
            rows: good.rows,
            schema: Schema { fields: fields.collect(), ..Schema::default() },
            files: vec![file],
            ..Resource::default()
        });
    }
    std::fs::write(folder.join(FILE_NAME), serde_json::to_string(&manifest)?)?;
    let rows = damage::large::ten_million_rows().ok_or("the file cannot be written")?;
    std::fs::write(folder.join("ten_million_rows.parquet"), rows)?;
    Ok(())
}
