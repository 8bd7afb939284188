//! `almanac check`, the tests of data and metrics: run, shown, written for machines.

use super::Outcome;
use crate::texts::read;
use crate::{lineage, manifest, metric};
use almanac_model::quality::{self, Quality, TestResult};
use almanac_model::schema;
use almanac_native::run_quality;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The file beside `metrics/` that says what the tables are.
const SCHEMA: &str = "schema.yml";

/// Runs the tests of a site's metrics and tables over a folder of extracts. Nothing is to be tested where the site has no metrics.
///
/// # Errors
/// A sentence, when the metrics or the extracts cannot be read at all.
pub(super) fn run(site: &Path, data: &Path, outcome: &mut Outcome) -> Result<Option<Quality>, String> {
    if !site.join("metrics/tables.yml").is_file() {
        return Ok(None);
    }
    let extracts = manifest::read(data)?;
    let catalogue = metric::catalogue(site, &extracts)?;
    for problem in &catalogue.problems {
        let source = read(Path::new(&problem.path))?;
        outcome.tell(&problem.path, &source, &[&problem.diagnostic]);
    }
    let tables = schema_of(site, outcome)?;
    let mut quality = run_quality(data, extracts, &catalogue, &tables)?;
    lineage::of_site(site, data)?.mark(&mut quality);
    outcome.report.push_str(&shown(&quality));
    outcome.tests = quality.results.len();
    outcome.failed = quality.failures().count();
    Ok(Some(quality))
}

/// The tables of the schema file; none without one.
fn schema_of(site: &Path, outcome: &mut Outcome) -> Result<Vec<schema::Table>, String> {
    let path = site.join(SCHEMA);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let source = read(&path)?;
    let parsed = schema::parse(&source);
    outcome.tell(SCHEMA, &source, &parsed.diagnostics.iter().collect::<Vec<_>>());
    Ok(parsed.value)
}

/// Writes what was found into the folder of the extracts, from where the page reads it, or to another place.
pub(super) fn write(quality: &Quality, path: &Path) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("`{}` cannot be written: {error}", path.display());
    let mut text = serde_json::to_string(quality).map_err(|error| failed(&error))?;
    text.push('\n');
    // A file that stays as it was is not touched, so that a site made of it is not made anew.
    if std::fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    std::fs::write(path, text).map_err(|error| failed(&error))
}

/// The file of a folder of extracts.
pub(super) fn beside(data: &Path) -> std::path::PathBuf {
    data.join(quality::FILE_NAME)
}

/// A line for each kind of test, and all that failed in full.
fn shown(quality: &Quality) -> String {
    let mut kinds: BTreeMap<(bool, &str), (usize, usize)> = BTreeMap::new();
    for result in &quality.results {
        let kind = if result.test.starts_with("sum_over_") { "sum_over_…" } else { &result.test };
        let counts = kinds.entry((result.subject.table().is_some(), kind)).or_default();
        counts.0 += 1;
        counts.1 += usize::from(result.outcome != quality::Outcome::Passed);
    }
    let width = kinds.keys().map(|(_, kind)| kind.chars().count()).max().unwrap_or(4);
    let mut text = String::new();
    for (of_tables, title) in [(false, "Tests of metrics"), (true, "Monitors of tables")] {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{title:<width$}    {:>6}  {:>6}", "run", "failed");
        for ((_, kind), (run, failed)) in kinds.iter().filter(|((tables, _), _)| *tables == of_tables) {
            let _ = writeln!(text, "  {kind:<width$}  {run:>6}  {failed:>6}");
        }
        text.push('\n');
    }
    quality.failures().for_each(|result| text.push_str(&failure(result)));
    text
}

/// What failed, what was found and expected, what to do next.
pub(super) fn failure(result: &TestResult) -> String {
    let TestResult { subject, test, outcome, found, expected, next, .. } = result;
    let word = outcome.name();
    let mut text = format!("{word}[{test}]: {subject}\n  found: {found}\n  expected: {expected}\n");
    if !next.is_empty() {
        let _ = writeln!(text, "  next: {next}");
    }
    text.push('\n');
    text
}
