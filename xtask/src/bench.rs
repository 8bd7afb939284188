//! `cargo xtask bench`: Almanac beside duckdb-wasm in one Chromium. The driver is `bench/run.mjs`; this sets up what it needs.

use crate::failure::Failure;
use crate::process::must;
use crate::project::Project;
use crate::report::Outcome;
use crate::{demo, tools};

/// Builds the site and the data, runs the driver, prints its table.
pub(crate) fn run(project: &Project, runs: u32, only: &str) -> Result<(), Failure> {
    demo::build(project)?;
    tools::npm(project, "npm packages of the benchmark", &project.root.join("bench"))?;
    let chromium = tools::chromium(project)?;
    let data = project.target.join("bench-data");
    project.report.step("TPC-H data", |note| {
        if data.join("done").is_file() {
            return Ok(Outcome::Skipped(String::new()));
        }
        let mut command = project.cargo(&["run", "--quiet", "--package", "almanac-bench", "--"]);
        command.arg(&data);
        must(command, "bench data", &project.logs(), note)?;
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
