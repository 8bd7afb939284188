//! Which dimensions a metric can be split by: those that every table it reads has, with the same meaning.

use crate::catalogue::Catalogue;
use almanac_model::Diagnostic;

/// Why a metric cannot be split by a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A table has no such column.
    Table(String),
    /// Two tables have it with different meanings.
    Meaning(String, String),
}

/// Why a metric cannot be split by a dimension; `None` when it can. A calendar is the same for every slice.
pub(crate) fn missing(catalogue: &Catalogue, id: &str, dimension: &str) -> Option<Missing> {
    let mut first: Option<&str> = None;
    for (leaf, _) in catalogue.leaves(id) {
        let Some(table) = catalogue.table(&leaf.table).filter(|table| !table.calendar) else { continue };
        if !table.dimensions.iter().any(|known| known.text == dimension) {
            return Some(Missing::Table(table.name.clone()));
        }
        let Some(known) = first.filter(|known| *known != table.name) else {
            first = Some(&table.name);
            continue;
        };
        let shared = catalogue.tables.dimensions.get(dimension).and_then(|dimension| dimension.shared_by.as_ref());
        if let Some(shared) = shared
            && !(shared.contains(&table.name) && shared.iter().any(|name| name == known))
        {
            return Some(Missing::Meaning(known.to_owned(), table.name.clone()));
        }
    }
    None
}

/// Every dimension that a metric allows is one it can be split by.
pub(super) fn check(catalogue: &Catalogue, id: &str) -> Vec<Diagnostic> {
    let Some(metric) = catalogue.metric(id) else { return Vec::new() };
    if catalogue.leaves(id).is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for dimension in &metric.dimensions {
        let name = &dimension.text;
        let Some(why) = missing(catalogue, id, name) else { continue };
        let problem = match why {
            Missing::Table(table) => {
                let known: Vec<&str> = catalogue
                    .table(&table)
                    .into_iter()
                    .flat_map(|table| &table.dimensions)
                    .map(|d| d.text.as_str())
                    .collect();
                Diagnostic::error(
                    "unknown-dimension",
                    dimension.span,
                    format!("`{id}` reads `{table}`, which has no dimension `{name}`"),
                )
                .did_you_mean(name, known)
            }
            Missing::Meaning(a, b) => Diagnostic::error(
                "dimension-not-shared",
                dimension.span,
                format!("`{name}` means one thing in `{a}` and another in `{b}`"),
            )
            .hint(format!("leave it out, or add both tables to `shared_by` of `{name}` where it is the same")),
        };
        problems.push(problem);
    }
    problems
}
