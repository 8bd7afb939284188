//! `cargo xtask demo`: from a fresh machine to a served site.

use crate::failure::Failure;
use crate::project::Project;
use crate::report::human;
use crate::site::Effort;
use crate::{setup, site};
use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;

/// Sets up, builds and serves.
pub(crate) fn run(project: &Project, dev: bool, port: u16) -> Result<(), Failure> {
    free(port)?;
    project.report.say(expected(project, dev));
    if dev {
        setup::tools(project)?;
        setup::packages(project)?;
        site::editor(project)?;
        site::command(project)?;
        site::extracts(project)?;
        return watch(project, port);
    }
    build(project, Effort::Quick)?;
    serve(project, port)
}

/// Everything up to the finished site in `dist/`.
pub(crate) fn build(project: &Project, effort: Effort) -> Result<(), Failure> {
    setup::compiler(project)?;
    setup::packages(project)?;
    // The engine's last minutes use one core: the rest of the set-up goes beside it.
    both(
        || site::engine(project),
        || {
            setup::programs(project)?;
            site::editor(project)?;
            site::command(project)?;
            site::extracts(project)?;
            site::page(project)
        },
    )?;
    site::release(project)?;
    site::compress(project, effort)
}

/// Runs two lanes of steps at once and reports the first failure.
pub(crate) fn both(
    one: impl FnOnce() -> Result<(), Failure> + Send,
    other: impl FnOnce() -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    std::thread::scope(|scope| {
        let lane = scope.spawn(one);
        let here = other();
        let there = lane.join().unwrap_or_else(|_| Err(Failure::new("A step ended unexpectedly.")));
        here.and(there)
    })
}

fn expected(project: &Project, dev: bool) -> &'static str {
    let profile = if dev { "fast" } else { "release" };
    let built = project.target.join("wasm32-unknown-unknown").join(profile).join("almanac-worker.wasm");
    match (built.is_file(), dev) {
        (true, _) => "Almanac: built before; what has not changed is skipped.",
        (false, true) => {
            "Almanac: the first run compiles Polars for the browser, without the slow optimisations: about 15 minutes on two cores."
        }
        (false, false) => {
            "Almanac: the first run compiles Polars for the browser: about 30 minutes on two cores, 10 on eight. Later runs start in seconds."
        }
    }
}

fn free(port: u16) -> Result<(), Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(|_| ()).map_err(|error| {
        let other = if port == 8080 { 8081 } else { 8080 };
        Failure::new(format!("Port {port} of 127.0.0.1 cannot be used: {error}."))
            .by_hand(format!("cargo xtask demo --port {other}"))
    })
}

fn serve(project: &Project, port: u16) -> Result<(), Failure> {
    project.report.say(&format!("\nReady after {}.", human(project.report.elapsed())));
    let mut command = project.command(&project.native("almanac").to_string_lossy());
    command.args(["serve", "dist", "--port", &port.to_string()]).stdin(Stdio::null());
    wait(command, "almanac serve")
}

/// Rebuilds and reloads on a change of code or content.
fn watch(project: &Project, port: u16) -> Result<(), Failure> {
    project.report.say(&format!(
        "\nReady after {}; http://127.0.0.1:{port}/ answers after the first build.",
        human(project.report.elapsed())
    ));
    let mut command = project.command("trunk");
    command.args(["serve", "--address", "127.0.0.1", "--port", &port.to_string()]).stdin(Stdio::null());
    wait(command, "trunk serve")
}

fn wait(mut command: std::process::Command, name: &str) -> Result<(), Failure> {
    let status = command.status().map_err(|error| Failure::new(format!("`{name}` could not be started: {error}.")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` ended with {status}."))) }
}
