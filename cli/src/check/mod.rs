//! `almanac check`: every notebook of a site, run as the page would run it, with its `expect` cells as tests.

mod report;

use crate::host::{Disk, Messages, block_on};
use crate::manifest;
use crate::texts::{notebooks_in, read};
use almanac_model::notebook::{BrokenKind, Cell, CellKind};
use almanac_model::protocol::{Limits, ProseValue, Response};
use almanac_model::site::Site;
use almanac_model::view::{CellBody, CellView};
use almanac_model::{Diagnostic, Severity};
use almanac_session::{RunRequest, Session};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Width of the column that charts are laid out for: the page's on a desk.
const WIDTH: u32 = 760;

/// What became of a site's notebooks.
#[derive(Default)]
pub(crate) struct Outcome {
    /// For people.
    pub(crate) report: String,
    /// Notebooks that ran.
    pub(crate) notebooks: usize,
    /// Expectations that were compared.
    pub(crate) expectations: usize,
    /// Problems that stop an answer.
    pub(crate) errors: usize,
    /// Others.
    pub(crate) warnings: usize,
}

/// A cell and what became of it.
struct Row {
    id: String,
    kind: &'static str,
    answer: String,
    millis: Option<f64>,
}

/// Checks `site.yml` and every notebook below `<site>/notebooks`.
///
/// # Errors
/// A sentence, when the site or its data cannot be read at all.
pub(crate) fn check(site: &Path) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let notebooks = notebooks_in(&site.join("notebooks"))?;
    check_site_file(site, &notebooks, &mut outcome)?;
    let data = site.join("data");
    if !data.join(manifest::NAME).is_file() {
        return Err(format!(
            "`{}` is missing; `almanac demo --site {}` makes demo data",
            data.join(manifest::NAME).display(),
            site.display()
        ));
    }
    for path in notebooks {
        let source = read(&path)?;
        let mut session = Session::new(manifest::read(&data)?, Limits::default());
        let messages = Messages::new();
        let request = RunRequest { source: source.clone(), width: WIDTH, ..RunRequest::default() };
        block_on(session.run(&Disk::new(data.clone()), &messages, &request));
        let name = path.strip_prefix(site).unwrap_or(&path).display().to_string();
        let parsed = almanac_model::notebook::parse(&source);
        let run = Run::new(messages.sent.into_inner());
        let rows: Vec<Row> = parsed.value.cells().map(|cell| run.row(cell)).collect();
        outcome.notebooks += 1;
        outcome.expectations += rows.iter().filter(|row| row.kind == "expect").count();
        outcome.report.push_str(&report::cells(&name, &parsed.value.title, &rows));
        outcome.tell(&name, &source, &run.problems());
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

/// What a run has said, by part.
struct Run {
    views: BTreeMap<String, CellView>,
    values: Vec<ProseValue>,
    of_notebook: Vec<Diagnostic>,
}

impl Run {
    fn new(sent: Vec<Response>) -> Self {
        let mut run = Self { views: BTreeMap::new(), values: Vec::new(), of_notebook: Vec::new() };
        for response in sent {
            match response {
                Response::Cell { view, .. } => {
                    run.views.insert(view.id.clone(), view);
                }
                Response::Values { values, .. } => run.values = values,
                Response::Finished { diagnostics, .. } => run.of_notebook = diagnostics,
                _ => {}
            }
        }
        run
    }

    /// Every problem once, in order of place.
    fn problems(&self) -> Vec<&Diagnostic> {
        let of_views = self.views.values().flat_map(|view| &view.diagnostics);
        let of_values = self.values.iter().filter_map(|value| value.problem.as_ref());
        let mut all: Vec<&Diagnostic> = Vec::new();
        for problem in of_views.chain(of_values).chain(&self.of_notebook) {
            if !all.contains(&problem) {
                all.push(problem);
            }
        }
        all.sort_by_key(|problem| problem.span.map_or(usize::MAX, |span| span.start));
        all
    }

    fn row(&self, cell: &Cell) -> Row {
        let view = self.views.get(&cell.id);
        let failed = view.is_some_and(|view| view.diagnostics.iter().any(Diagnostic::is_error));
        let answer = match view.map(|view| &view.body) {
            _ if failed => "failed".to_owned(),
            Some(CellBody::Table(table)) => format!("{} rows", table.total_rows),
            Some(CellBody::Chart(_)) => "drawn".to_owned(),
            Some(CellBody::Kpis(tiles)) => format!("{} tiles", tiles.len()),
            Some(CellBody::Input(_) | CellBody::None) | None => "ok".to_owned(),
        };
        Row {
            id: cell.id.clone(),
            kind: kind(&cell.kind),
            answer,
            millis: view.and_then(|view| view.cost).map(|cost| cost.millis),
        }
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
