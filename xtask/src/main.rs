//! `cargo xtask`: the project's own commands. They set up what is missing, build, test, measure and check.
//!
//! Uses: other programs (cargo, trunk, npm, apt-get), the file system. Of `core/` only the model,
//! to read a site's texts ahead: it must compile in seconds.
#![allow(clippy::print_stdout, reason = "a command line speaks on standard output")]

mod bench;
mod compile;
mod demo;
mod failure;
mod hook;
mod licences;
mod mtimes;
mod process;
mod project;
mod report;
mod setup;
mod site;
mod size;
mod stamp;
mod test;
mod tidy;
mod toolchain;
mod tools;
mod wasm;

use clap::{Parser, Subcommand};
use failure::Failure;
use project::Project;
use std::process::ExitCode;

/// Almanac's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up what is missing, build the demo site and serve it.
    Demo {
        /// Build fast, and reload when code or content changes.
        #[arg(long)]
        dev: bool,
        /// Port on 127.0.0.1.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run everything CI runs.
    Test,
    /// Set up the compiler, the tools and the packages, and stop.
    Setup,
    /// Build the site into `dist/`, with compressed copies.
    Build,
    /// Measure beside duckdb-wasm in one Chromium, and write `bench/RESULTS.md`.
    Bench {
        /// Repetitions of each measurement.
        #[arg(long, default_value_t = 5)]
        runs: u32,
        /// Only measurements whose name contains this.
        #[arg(long, default_value = "")]
        only: String,
    },
    /// Say how large the downloads are, and whether they keep their budgets.
    Size,
    /// Check what no compiler checks: file sizes, headers, roadmap entries, licences.
    Tidy,
    /// Take pictures of every page in light, dark and phone width, into `target/screens`.
    Screens,
    /// Trunk's hook after a build.
    #[command(hide = true)]
    AfterTrunk,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), Failure> {
    if let Task::AfterTrunk = task {
        return hook::after_trunk();
    }
    let project = Project::locate()?;
    match task {
        Task::Demo { dev, port } => demo::run(&project, dev, port),
        Task::Test => test::run(&project),
        Task::Setup => {
            setup::tools(&project)?;
            setup::packages(&project)?;
            tools::chromium(&project).map(|_| ())
        }
        Task::Build => demo::build(&project, site::Effort::Best),
        Task::Bench { runs, only } => bench::run(&project, runs, &only),
        Task::Size => size::print(&project),
        Task::Tidy => tidy::print(&project),
        Task::Screens => test::screens(&project),
        Task::AfterTrunk => Ok(()),
    }
}
