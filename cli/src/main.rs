//! `almanac`: makes demo extracts, adds tables, builds and serves a site, checks its notebooks.
//!
//! The native host of the core. It may read and write files and listen on the loopback interface; what computes is the core.

mod add;
#[cfg(feature = "engine")]
mod check;
mod demo;
mod extract;
#[cfg(feature = "engine")]
mod layout;
mod lineage;
mod manifest;
mod metric;
mod serve;
mod sources;
#[cfg(feature = "engine")]
mod store;
mod texts;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Analytics notebooks as plain files.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the demo company's extracts.
    Demo {
        /// Folder of the site; the extracts go to its folder `data`.
        #[arg(long, default_value = "public")]
        site: PathBuf,
        /// Folder of the extracts themselves, instead of `<site>/data`.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Size: 1 is 20,480 accounts.
        #[arg(long, default_value_t = 1.0)]
        scale: f64,
        /// Another seed, another company.
        #[arg(long, default_value_t = demo::SEED)]
        seed: u64,
        /// Plant 26 known defects, to see whether tests find them; not in the site's own folder.
        #[arg(long, requires = "out")]
        dirty: bool,
    },
    /// Put a Parquet file into a site's data.
    Add {
        /// The file.
        file: PathBuf,
        /// Name of the table in SQL; the file's name when absent.
        #[arg(long)]
        name: Option<String>,
        /// What one row is.
        #[arg(long, default_value = "")]
        description: String,
        /// Folder of the site.
        #[arg(long, default_value = "public")]
        site: PathBuf,
        /// Folder of the extracts themselves, instead of `<site>/data`.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Make a site's extracts from CSV, JSON, Parquet and PostgreSQL, and say what will be public.
    Extract(sources::Arguments),
    /// Say which order of rows, and which row groups, would let the site's notebooks read fewer bytes.
    #[cfg(feature = "engine")]
    Layout(layout::Arguments),
    /// Read a site's texts ahead, so that its pages show them before the engine is loaded. `trunk build` does it, too.
    Build {
        /// Folder of the site.
        #[arg(default_value = "dist")]
        folder: PathBuf,
    },
    /// Serve a finished site on this machine.
    Serve {
        /// Folder of the site.
        #[arg(default_value = "dist")]
        folder: PathBuf,
        /// Port on 127.0.0.1; 0 takes a free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Wait so many milliseconds before each answer, to see the site as from afar.
        #[arg(long, default_value_t = 0)]
        delay_ms: u64,
    },
    /// Print the SQL of metrics and, with the engine, the answer.
    Metric(metric::Arguments),
    /// Calculate the values of metrics that add up, by month, day and dimension, so that questions are answered from them.
    #[cfg(feature = "engine")]
    Store(store::Arguments),
    /// Print what a metric, table, column, notebook or goal is made of, and what is made of it.
    Lineage(lineage::Arguments),
    /// Run every notebook of a site with its expectations, the tests of its metrics and the monitors of its extracts.
    #[cfg(feature = "engine")]
    Check(check::Arguments),
    /// Needs `--features engine`.
    #[cfg(not(feature = "engine"))]
    Check {
        /// Folder of the site, and whatever else.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo { site, out, scale, seed, dirty } => {
            demo(&out.unwrap_or_else(|| site.join("data")), scale, seed, dirty)
        }
        Command::Add { file, name, description, site, out } => {
            add(&out.unwrap_or_else(|| site.join("data")), &file, name, &description)
        }
        Command::Build { folder } => {
            texts::build(&folder).map(|texts| say(&format!("{texts} texts read, in {}", folder.display())))
        }
        Command::Serve { folder, port, delay_ms } => {
            serve::serve(folder, port, Duration::from_millis(delay_ms), |address| say(&format!("Serving {address}")))
        }
        Command::Extract(arguments) => sources::run(&arguments, &mut say),
        #[cfg(feature = "engine")]
        Command::Layout(arguments) => layout::run(&arguments, &mut say),
        Command::Metric(arguments) => metric::run(&arguments, &mut say),
        #[cfg(feature = "engine")]
        Command::Store(arguments) => store::run(&arguments, &mut say),
        Command::Lineage(arguments) => lineage::run(&arguments, &mut say),
        #[cfg(feature = "engine")]
        Command::Check(arguments) => check::run(&arguments, &mut say),
        #[cfg(not(feature = "engine"))]
        Command::Check { arguments } => Err(format!(
            "this `almanac` was built without the engine; run `cargo run -p almanac --features engine -- check {}`",
            arguments.join(" ")
        )),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing can be done about a closed stderr.
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn demo(folder: &Path, scale: f64, seed: u64, dirty: bool) -> Result<(), String> {
    let made = demo::generate(folder, scale, seed, dirty)?;
    let size = almanac_model::format::bytes(made.bytes);
    say(&format!("{} tables with {} rows, {size}, in {}", made.tables, made.rows, folder.display()));
    Ok(())
}

fn add(folder: &Path, file: &Path, name: Option<String>, description: &str) -> Result<(), String> {
    let stem = || file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase().replace(['-', ' ', '.'], "_");
    let resource = add::add(folder, file, &name.unwrap_or_else(stem), description)?;
    say(&format!(
        "{}: {} rows, {} columns, in {}",
        resource.name,
        resource.rows,
        resource.schema.fields.len(),
        folder.display()
    ));
    Ok(())
}

/// Prints a line; a closed pipe is no error of ours.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
