//! What the files of a catalogue say, held against each other and against the extracts.

mod dimensions;
mod leaf;
mod lifecycle;
mod references;
mod shape;
mod tables;

pub(crate) use dimensions::{Missing, missing};
pub(crate) use leaf::fits;
pub(crate) use shape::{finest, is_linear};

use crate::catalogue::Catalogue;
use almanac_model::Diagnostic;
use std::collections::BTreeSet;

/// Metrics may read metrics so many levels deep.
pub(crate) const DEEPEST: usize = 16;

/// Reads the expressions and checks everything. `broken` are ids that could not be read at all.
pub(crate) fn check(catalogue: &mut Catalogue, tables_path: &str, broken: &BTreeSet<String>) {
    let problems = tables::check(catalogue);
    catalogue.report(tables_path, None, problems);
    each(catalogue, |catalogue, id| match shape::shape(catalogue, id) {
        Ok(shape) => {
            if let Some(entry) = catalogue.metrics.get_mut(id) {
                entry.shape = Some(shape);
            }
            Vec::new()
        }
        Err(problems) => problems,
    });
    each(catalogue, |catalogue, id| references::check(catalogue, id, broken));
    each(catalogue, |catalogue, id| leaf::check(catalogue, id));
    each(catalogue, |catalogue, id| shape::check(catalogue, id));
    each(catalogue, |catalogue, id| dimensions::check(catalogue, id));
    each(catalogue, |catalogue, id| lifecycle::check(catalogue, id));
    references::spread(catalogue);
}

fn each(catalogue: &mut Catalogue, mut step: impl FnMut(&mut Catalogue, &str) -> Vec<Diagnostic>) {
    let ids: Vec<(String, String)> =
        catalogue.metrics.iter().map(|(id, entry)| (id.clone(), entry.path.clone())).collect();
    for (id, path) in ids {
        let problems = step(catalogue, &id);
        catalogue.report(&path, Some(&id), problems);
    }
}
