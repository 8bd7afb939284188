//! `cargo xtask bench`: Almanac beside duckdb-wasm in one Chromium. The driver is `bench/run.mjs`; this sets up what it needs.

use crate::failure::Failure;
use crate::process::must;
use crate::project::Project;
use crate::report::{Note, Outcome};
use crate::site::Effort;
use crate::stamp::{Inputs, files};
use crate::{demo, tools};
use std::path::Path;

/// Builds the site and the data, runs the driver, prints its table.
pub(crate) fn run(project: &Project, runs: u32, only: &str) -> Result<(), Failure> {
    demo::build(project, Effort::Best)?;
    tools::npm(project, "npm packages of the benchmark", &project.root.join("bench"))?;
    let chromium = tools::chromium(project)?;
    let data = project.target.join("bench-data");
    project.report.step("TPC-H data", |note| {
        let source = project.root.join("bench");
        let stamp = Inputs::default().content(&source.join("src"))?.content(&source.join("Cargo.lock"))?.finish();
        if data.is_dir() && project.stamps.same("bench-data", &stamp) {
            return Ok(Outcome::Skipped(String::new()));
        }
        let mut command = project.cargo(&["run", "--quiet", "--manifest-path", "bench/Cargo.toml", "--"]);
        command.arg(&data);
        must(command, "bench data", &project.logs(), note)?;
        for folder in ["sf0.1", "sf1", "sf3"] {
            manifest(project, &data.join(folder), note)?;
        }
        project.stamps.keep("bench-data", &stamp)?;
        Ok(Outcome::done())
    })?;
    let mut table = Vec::new();
    project.report.step("measurements", |note| {
        let mut command = project.command("node");
        command
            .arg("bench/run.mjs")
            .args(["--runs", &runs.to_string(), "--only", only])
            .env("CHROMIUM", &chromium)
            .env("ALMANAC", project.native("almanac"))
            .env("BENCH_DATA", &data);
        table = must(command, "bench", &project.logs(), note)?.lines;
        Ok(Outcome::Done("bench/RESULTS.md".into()))
    })?;
    for line in table {
        println!("{line}");
    }
    Ok(())
}

/// Makes the folder's tables ones that Almanac can read: the manifest lies beside them.
fn manifest(project: &Project, folder: &Path, note: &Note) -> Result<(), Failure> {
    for file in files(folder)?.iter().filter(|file| file.extension().is_some_and(|kind| kind == "parquet")) {
        let mut command = project.command(&project.native("almanac").to_string_lossy());
        command.arg("add").arg(file).arg("--out").arg(folder);
        must(command, "almanac add", &project.logs(), note)?;
    }
    Ok(())
}
