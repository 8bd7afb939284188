//! `almanac check`: every notebook of a site, run as the page would run it, with its `expect` cells as tests; then the tests of its
//! metrics and the monitors of its extracts.

mod junit;
mod quality;
mod report;

use crate::manifest;
use crate::texts::{notebooks_in, read};
use almanac_model::manifest::FILE_NAME;
use almanac_model::notebook::{BrokenKind, Cell, CellKind};
use almanac_model::site::Site;
use almanac_model::view::CellBody;
use almanac_model::{Diagnostic, Severity};
use almanac_native::{Told, run_notebook};
use std::path::{Path, PathBuf};

/// What became of a site.
#[derive(Default)]
pub(crate) struct Outcome {
    /// For people.
    pub(crate) report: String,
    /// Notebooks that were run, with or without errors.
    pub(crate) notebooks: usize,
    /// Expectations that were compared.
    pub(crate) expectations: usize,
    /// Problems that stop an answer.
    pub(crate) errors: usize,
    /// Others.
    pub(crate) warnings: usize,
    /// Tests of metrics and tables that were run.
    pub(crate) tests: usize,
    /// Those of them that did not pass.
    pub(crate) failed: usize,
}

/// What to check, and where to write it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the site.
    #[arg(default_value = "public")]
    site: PathBuf,
    /// Folder of the extracts themselves, instead of `<site>/data`.
    #[arg(long)]
    data: Option<PathBuf>,
    /// `notebooks`, or `tests` of metrics and extracts, when not both.
    #[arg(long, value_parser = ["notebooks", "tests"])]
    only: Option<String>,
    /// Write the tests' results as JUnit XML.
    #[arg(long)]
    junit: Option<PathBuf>,
    /// Write the tests' results as JSON; the page reads those in `<data>/quality.json`.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// A cell and what became of it.
struct Row {
    id: String,
    kind: &'static str,
    answer: String,
    millis: Option<f64>,
}

/// Runs what is asked for, says what came of it, and leaves the tests' results beside the extracts.
///
/// # Errors
/// How much is wrong, or a sentence when the site or its data cannot be read at all.
pub(crate) fn run(arguments: &Arguments, say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let site = arguments.site.as_path();
    let data = arguments.data.clone().unwrap_or_else(|| site.join("data"));
    let is_asked = |what: &str| arguments.only.as_deref().is_none_or(|only| only == what);
    let mut outcome = if is_asked("notebooks") { check(site, &data)? } else { Outcome::default() };
    if is_asked("tests")
        && let Some(found) = quality::run(site, &data, &mut outcome)?
    {
        quality::write(&found, &quality::beside(&data))?;
        if let Some(path) = &arguments.json {
            quality::write(&found, path)?;
        }
        if let Some(path) = &arguments.junit {
            let failed = |error| format!("`{}` cannot be written: {error}", path.display());
            std::fs::write(path, junit::junit(&found)).map_err(failed)?;
        }
    }
    say(outcome.report.trim_end());
    let Outcome { notebooks, expectations, errors, warnings, tests, failed, .. } = outcome;
    let counts = format!(
        "{notebooks} notebooks, {expectations} expectations, {tests} tests, {failed} failed, {errors} errors, {warnings} warnings"
    );
    if errors + failed > 0 {
        return Err(counts);
    }
    say(&format!("\n{counts}"));
    Ok(())
}

/// Checks `site.yml` and every notebook below `<site>/notebooks`.
///
/// # Errors
/// A sentence, when the site or its data cannot be read at all.
pub(crate) fn check(site: &Path, data: &Path) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let notebooks = notebooks_in(&site.join("notebooks"))?;
    check_site_file(site, &notebooks, &mut outcome)?;
    if !data.join(FILE_NAME).is_file() {
        return Err(format!(
            "`{}` is missing; `almanac demo --site {}` makes demo data",
            data.join(FILE_NAME).display(),
            site.display()
        ));
    }
    for path in notebooks {
        let source = read(&path)?;
        let told = run_notebook(data, manifest::read(data)?, &source);
        let name = path.strip_prefix(site).unwrap_or(&path).display().to_string();
        let parsed = almanac_model::notebook::parse(&source);
        let rows: Vec<Row> = parsed.value.cells().map(|cell| row(&told, cell)).collect();
        outcome.notebooks += 1;
        outcome.expectations += rows.iter().filter(|row| row.kind == "expect").count();
        outcome.report.push_str(&report::cells(&name, &parsed.value.title, &rows));
        outcome.tell(&name, &source, &told.problems());
    }
    Ok(outcome)
}

impl Outcome {
    fn tell(&mut self, name: &str, source: &str, problems: &[&Diagnostic]) {
        for problem in problems {
            match problem.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
            }
            self.report.push_str(&report::diagnostic(name, source, problem));
        }
    }
}

/// A cell, and what the page would show of it.
fn row(told: &Told, cell: &Cell) -> Row {
    let view = told.views.get(&cell.id);
    let failed = view.is_some_and(|view| view.diagnostics.iter().any(Diagnostic::is_error));
    let answer = match view.map(|view| &view.body) {
        _ if failed => "failed".to_owned(),
        Some(CellBody::Table(table)) => format!("{} rows", table.total_rows),
        Some(CellBody::Chart(_)) => "drawn".to_owned(),
        Some(CellBody::Kpis(tiles)) => format!("{} tiles", tiles.len()),
        Some(CellBody::Checked(checked)) => format!("{} rows as expected", checked.table.total_rows),
        Some(CellBody::Input(_) | CellBody::None) | None => "ok".to_owned(),
    };
    Row {
        id: cell.id.clone(),
        kind: kind(&cell.kind),
        answer,
        millis: view.and_then(|view| view.cost).map(|cost| cost.millis),
    }
}

fn kind(kind: &CellKind) -> &'static str {
    match kind {
        CellKind::Sql(_) => "sql",
        CellKind::Chart(_) | CellKind::Broken(BrokenKind::Chart) => "chart",
        CellKind::Table(_) | CellKind::Broken(BrokenKind::Table) => "table",
        CellKind::Kpi(_) | CellKind::Broken(BrokenKind::Kpi) => "kpi",
        CellKind::Input(_) | CellKind::Broken(BrokenKind::Input) => "input",
        CellKind::Expect(_) | CellKind::Broken(BrokenKind::Expect) => "expect",
        CellKind::Note(_) => "note",
        CellKind::Unavailable(_) => "later",
    }
}

/// The list of the site against the files that are there.
fn check_site_file(site: &Path, notebooks: &[PathBuf], outcome: &mut Outcome) -> Result<(), String> {
    let path = site.join("site.yml");
    let source = read(&path)?;
    let parsed = Site::parse(&source);
    let mut problems = parsed.diagnostics;
    for entry in &parsed.value.notebooks {
        if !site.join(&entry.path).is_file() {
            let at = source.find(&entry.path).map(|start| almanac_model::Span::new(start, start + entry.path.len()));
            let message = format!("there is no file `{}`", entry.path);
            let names: Vec<String> =
                notebooks.iter().filter_map(|path| Some(path.strip_prefix(site).ok()?.display().to_string())).collect();
            let problem = Diagnostic { span: at, ..Diagnostic::error_without_place("missing-notebook", message) };
            problems.push(problem.did_you_mean(&entry.path, names.iter().map(String::as_str)));
        }
    }
    outcome.tell("site.yml", &source, &problems.iter().collect::<Vec<_>>());
    Ok(())
}

#[cfg(test)]
mod tests;
