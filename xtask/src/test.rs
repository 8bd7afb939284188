//! `cargo xtask test`: everything CI runs. Each runner's own numbers are added up into one closing line.

use crate::compile;
use crate::demo::both;
use crate::failure::Failure;
use crate::process::{Ended, must, run as run_program};
use crate::project::{Project, in_ci};
use crate::report::Outcome;
use crate::site::Effort;
use crate::{licences, mtimes, setup, site, size, tidy, tools};
use std::path::Path;
use std::sync::Mutex;

/// How many checks passed and failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    passed: u64,
    failed: u64,
}

impl Counts {
    fn one(success: bool) -> Self {
        if success { Self { passed: 1, failed: 0 } } else { Self { passed: 0, failed: 1 } }
    }

    /// A program that failed without naming a failed test, or that ran no test, is one failure.
    fn told_by(self, ended: &Ended) -> Self {
        let silent = self.failed == 0 && (!ended.success || self.passed == 0);
        if silent { Self { failed: 1, ..self } } else { self }
    }
}

/// What has been counted so far, by both lanes.
#[derive(Default)]
struct Tally {
    counts: Mutex<Counts>,
}

impl Tally {
    fn add(&self, more: Counts) {
        let mut counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.passed += more.passed;
        counts.failed += more.failed;
    }

    fn total(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Runs everything and fails if anything failed.
pub(crate) fn run(project: &Project) -> Result<(), Failure> {
    project.report.say("Almanac's tests: up to 60 minutes on two cores the first time, under 15 later.");
    if in_ci() {
        mtimes::restore(project)?;
    }
    let tally = Tally::default();
    let set_up = everything(project, &tally);
    if in_ci() {
        mtimes::keep(project)?;
    }
    if let Err(failure) = &set_up {
        project.report.say(&format!("\n{failure}\n"));
        tally.add(Counts::one(false));
    }
    let total = tally.total();
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { Err(Failure::new("Some checks failed; they are named above.")) }
}

/// The crates that run natively, built as one selection: another selection would mean other features of shared dependencies,
/// and Polars would be compiled once more.
const NATIVE: [&str; 7] =
    ["--workspace", "--exclude", "almanac-ui", "--exclude", "almanac-worker", "--features", "almanac/engine"];

/// Only what cannot be set up ends this early; a check that fails is counted and the next one runs.
fn everything(project: &Project, tally: &Tally) -> Result<(), Failure> {
    setup::compiler(project)?;
    // One of the packages is the public data set: the extracts read it.
    setup::packages(project)?;
    // The engine's link uses one core for minutes: the native checks go beside it.
    both(
        || site::engine(project),
        || {
            source_checks(project, tally);
            native_build(project)?;
            site::extracts(project)?;
            site::dirty(project)?;
            tools::postgres(project)?;
            native_tests(project, tally);
            setup::programs(project)?;
            site::editor(project)?;
            tools::chromium(project)?;
            site::page(project)
        },
    )?;
    notebooks(project, tally);
    site::release(project)?;
    site::compress(project, Effort::Best)?;
    budgets(project, tally);
    browser(project, tally)
}

/// Formatting, lints, house rules and licences.
fn source_checks(project: &Project, tally: &Tally) {
    check(project, tally, "formatting", &["fmt", "--all", "--check"]);
    let lints = ["clippy", "--workspace", "--all-targets", "--features", "almanac/engine", "--", "-Dwarnings"];
    check(project, tally, "lints", &lints);
    counted(project, tally, "house rules", |_| {
        let found = tidy::breaches(project)?;
        if found.is_empty() {
            Ok(Outcome::done())
        } else {
            Err(Failure::new("The house rules are broken.").detail(&found))
        }
    });
    counted(project, tally, "licences", |note| licences::check(project, note).map(Outcome::Done));
}

/// Every native crate with its tests, and the `almanac` command with its engine.
fn native_build(project: &Project) -> Result<(), Failure> {
    project.report.step("native code and tests", |note| {
        let arguments = [&["build", "--tests", "--bins"], NATIVE.as_slice()].concat();
        compile::build(project, || project.patient_cargo(&arguments), "build native", Path::new("debug"), note)?;
        Ok(Outcome::done())
    })
}

/// Unit, property and SQL tests, and the examples in the documentation.
fn native_tests(project: &Project, tally: &Tally) {
    if crate::process::answer(project.cargo(&["nextest", "--version"])).is_some() {
        let arguments = [&["nextest", "run", "--no-fail-fast"], NATIVE.as_slice()].concat();
        runner(project, tally, "unit and SQL tests (nextest)", &arguments, nextest);
        let arguments = [&["test", "--doc", "--no-fail-fast"], NATIVE.as_slice()].concat();
        runner(project, tally, "examples in the documentation", &arguments, cargo_test);
    } else {
        let arguments = [&["test", "--no-fail-fast"], NATIVE.as_slice()].concat();
        runner(project, tally, "unit and SQL tests", &arguments, cargo_test);
    }
}

/// The published notebooks, the metrics and the extracts, run natively; those of the tests are run by the crate in `tests/`.
fn notebooks(project: &Project, tally: &Tally) {
    counted(project, tally, "the site's notebooks, metrics and extracts", |note| {
        let mut command = project.command(&project.native("almanac").to_string_lossy());
        command.args(["check", "public", "--junit"]).arg(project.target.join("quality.xml"));
        must(command, "almanac check", &project.logs(), note)?;
        Ok(Outcome::done())
    });
}

fn budgets(project: &Project, tally: &Tally) {
    match size::measure(project) {
        Ok(budgets) => {
            for budget in budgets {
                project.report.say(&budget.line());
                tally.add(Counts::one(budget.kept()));
            }
        }
        Err(failure) => {
            project.report.say(&failure.to_string());
            tally.add(Counts::one(false));
        }
    }
}

/// The pages in Chromium.
fn browser(project: &Project, tally: &Tally) -> Result<(), Failure> {
    let chromium = tools::chromium(project)?;
    let mut result = None;
    let step = project.report.step("pages in Chromium", |note| {
        let mut command = project.command("node");
        command.arg("tests/browser/run.mjs").env("CHROMIUM", &chromium).env("ALMANAC", project.native("almanac"));
        let ended = run_program(command, "browser", &project.logs(), note)?;
        let counts = closing_line(&ended.lines).unwrap_or_default().told_by(&ended);
        result = Some(counts);
        finish(&ended, counts)
    });
    told(project, step);
    tally.add(result.unwrap_or_else(|| Counts::one(false)));
    Ok(())
}

/// `cargo xtask screens`.
pub(crate) fn screens(project: &Project) -> Result<(), Failure> {
    crate::demo::build(project, Effort::Quick)?;
    let chromium = tools::chromium(project)?;
    project.report.step("pictures of the pages", |note| {
        let mut command = project.command("node");
        command
            .args(["tests/browser/run.mjs", "--screens"])
            .env("CHROMIUM", &chromium)
            .env("ALMANAC", project.native("almanac"));
        crate::process::must(command, "screens", &project.logs(), note)?;
        Ok(Outcome::Done("target/screens".into()))
    })
}

/// A check that is one cargo command and passes or fails as a whole.
fn check(project: &Project, tally: &Tally, name: &str, arguments: &[&str]) {
    counted(project, tally, name, |note| {
        crate::process::must(project.cargo(arguments), name, &project.logs(), note).map(|_| Outcome::done())
    });
}

fn counted(
    project: &Project,
    tally: &Tally,
    name: &str,
    work: impl FnOnce(&crate::report::Note) -> Result<Outcome, Failure>,
) {
    let result = project.report.step(name, work);
    tally.add(Counts::one(result.is_ok()));
    told(project, result);
}

/// A cargo command that counts its tests itself.
fn runner(project: &Project, tally: &Tally, name: &str, arguments: &[&str], read: fn(&[String]) -> Option<Counts>) {
    let mut result = None;
    let step = project.report.step(name, |note| {
        let ended = run_program(project.cargo(arguments), name, &project.logs(), note)?;
        let counts = read(&ended.lines).unwrap_or_default().told_by(&ended);
        result = Some(counts);
        finish(&ended, counts)
    });
    told(project, step);
    tally.add(result.unwrap_or_else(|| Counts::one(false)));
}

fn finish(ended: &Ended, counts: Counts) -> Result<Outcome, Failure> {
    let line = format!("{} passed, {} failed", counts.passed, counts.failed);
    if ended.success && counts.failed == 0 { Ok(Outcome::Done(line)) } else { Err(ended.failure(&line)) }
}

fn told(project: &Project, result: Result<(), Failure>) {
    if let Err(failure) = result {
        project.report.say(&format!("{failure}\n"));
    }
}

/// `Summary [   0.1s] 12 tests run: 11 passed (1 slow), 1 failed, 3 skipped`.
fn nextest(lines: &[String]) -> Option<Counts> {
    let line = lines.iter().rev().find(|line| line.contains("Summary [") && line.contains("run:"))?;
    Some(Counts {
        passed: number_before(line, "passed").unwrap_or(0),
        failed: number_before(line, "failed").unwrap_or(0) + number_before(line, "timed out").unwrap_or(0),
    })
}

/// The sum over `test result: ok. 3 passed; 0 failed; …` of every test binary.
fn cargo_test(lines: &[String]) -> Option<Counts> {
    let mut counts = Counts::default();
    for line in lines.iter().filter(|line| line.starts_with("test result:")) {
        counts.passed += number_before(line, "passed").unwrap_or(0);
        counts.failed += number_before(line, "failed").unwrap_or(0);
    }
    Some(counts)
}

/// The browser runner's last `N passed, N failed`.
fn closing_line(lines: &[String]) -> Option<Counts> {
    let line = lines.iter().rev().find(|line| line.contains(" passed, ") && line.ends_with(" failed"))?;
    Some(Counts { passed: number_before(line, "passed")?, failed: number_before(line, "failed")? })
}

/// The number in front of a word.
fn number_before(line: &str, word: &str) -> Option<u64> {
    line[..line.find(word)?].split_whitespace().next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn nextests_summary_is_read() {
        let text = "     Summary [   0.512s] 14 tests run: 12 passed (1 slow), 2 failed, 5 skipped";
        assert_eq!(nextest(&lines(text)), Some(Counts { passed: 12, failed: 2 }));
    }

    #[test]
    fn all_test_binaries_are_added_up() {
        let text = "test result: ok. 3 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 ignored";
        assert_eq!(cargo_test(&lines(text)), Some(Counts { passed: 4, failed: 2 }));
    }

    #[test]
    fn the_closing_line_is_the_last() {
        assert_eq!(
            closing_line(&lines("1 passed, 0 failed\n23 passed, 4 failed\n")),
            Some(Counts { passed: 23, failed: 4 })
        );
        assert_eq!(closing_line(&lines("no line")), None);
    }
}
