//! One run of all tests: the monitors of the extracts, then the metrics over them.

use crate::disk::{Disk, block_on};
use almanac_engine::Engine;
use almanac_metrics::Catalogue;
use almanac_metrics::monitor::{FRESHNESS, monitors};
use almanac_metrics::print::BoundText;
use almanac_metrics::trust::{Answers, judge, questions};
use almanac_model::data::Table as Rows;
use almanac_model::format::parse_date;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use almanac_model::quality::{Outcome, Quality, TestResult};
use almanac_model::schema::Table;
use std::collections::BTreeSet;
use std::path::Path;

/// Runs the monitors of the tables that `schema` describes and the tests of all metrics over the extracts of a folder.
///
/// # Errors
/// A sentence, when the manifest does not say up to which day the data reach.
pub fn run_quality(
    folder: &Path,
    manifest: Manifest,
    catalogue: &Catalogue,
    schema: &[Table],
) -> Result<Quality, String> {
    let Some(as_of) = manifest.as_of.as_deref().and_then(parse_date) else {
        return Err(format!(
            "the manifest in `{}` does not say up to which day the data reach (`as_of`)",
            folder.display()
        ));
    };
    let (data, day) = (manifest.fingerprint(), manifest.as_of.clone());
    let (probes, mut tables) = monitors(&manifest, schema, &catalogue.tables, as_of);
    let mut asker = Asker { host: Disk::new(folder), engine: Engine::new(manifest, Limits::default()) };
    for probe in &probes {
        let answer = asker.rows(&probe.text);
        tables.extend(probe.judge(answer.as_ref().map_err(String::as_str)));
    }
    let late = |result: &&TestResult| result.test == FRESHNESS && result.outcome == Outcome::Failed;
    let stale: BTreeSet<String> = tables.iter().filter(late).flat_map(|result| result.reads.clone()).collect();
    let mut answers = Answers::default();
    for question in questions(catalogue, as_of) {
        match asker.rows(&question.text) {
            Ok(rows) => answers.take(&question.purpose, &rows),
            Err(why) => answers.refuse(&question.purpose, &why),
        }
    }
    let mut results = judge(catalogue, &answers, as_of, &stale);
    tables.sort_by(|a, b| (&a.subject.table(), &a.subject, &a.test).cmp(&(&b.subject.table(), &b.subject, &b.test)));
    results.append(&mut tables);
    Ok(Quality { as_of: day, data, results, marked: Vec::new() })
}

struct Asker {
    host: Disk,
    engine: Engine,
}

impl Asker {
    fn rows(&mut self, text: &BoundText) -> Result<Rows, String> {
        match block_on(self.engine.query(&self.host, &text.sql, &text.parameters)) {
            Ok(answer) => Ok(answer.result.to_table(usize::MAX)),
            Err(problems) => {
                let one = |problem: &almanac_model::Diagnostic| problem.message.clone();
                Err(problems.iter().map(one).collect::<Vec<_>>().join("; "))
            }
        }
    }
}
