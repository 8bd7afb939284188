//! Which columns of which tables a plan reads, and the condition that each scan's rows must meet.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use almanac_sql::plan::Plan;

use crate::load::prune::Condition;

/// One scan of a table.
#[derive(Debug, Clone)]
pub(crate) struct Scan<'a> {
    /// Source columns.
    pub(crate) columns: Vec<String>,
    /// The condition right above the scan, if there is one.
    pub(crate) condition: Option<Condition<'a>>,
    /// The rows of the table it is to see, when that are not all.
    pub(crate) within: Option<Range<u64>>,
}

/// Rows of one table that a plan is to see; of all other tables it sees all.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    /// The table.
    pub(crate) table: String,
    /// Its rows.
    pub(crate) rows: Range<u64>,
}

/// The scans of each table, by the table's name.
pub(crate) fn scans(plan: &Plan) -> BTreeMap<String, Vec<Scan<'_>>> {
    let mut out = BTreeMap::new();
    visit(plan, &mut BTreeSet::new(), &mut out);
    out
}

/// The scans of each table when one table is cut.
pub(crate) fn scans_within<'a>(plan: &'a Plan, cut: Option<&Cut>) -> BTreeMap<String, Vec<Scan<'a>>> {
    let mut out = scans(plan);
    if let Some(cut) = cut {
        out.get_mut(&cut.table).into_iter().flatten().for_each(|scan| scan.within = Some(cut.rows.clone()));
    }
    out
}

/// The condition of a filter right above a scan.
pub(crate) fn condition(plan: &Plan) -> Option<(&str, Condition<'_>)> {
    match plan {
        Plan::Filter { input, predicate } => match input.as_ref() {
            Plan::Scan { table, columns } => Some((table, Condition { predicate, columns })),
            _ => None,
        },
        _ => None,
    }
}

/// Whether all rows of a table are put in order at once: their copy, their keys and their numbers are in memory together.
pub(crate) fn sorts_all(plan: &Plan) -> bool {
    match plan {
        // Of an order that is cut off, few rows are kept.
        Plan::Limit { input, .. } => match input.as_ref() {
            Plan::Sort { input, .. } => sorts_all(input),
            other => sorts_all(other),
        },
        Plan::Sort { input, .. } if is_table(input) => true,
        other => other.inputs().into_iter().any(sorts_all),
    }
}

fn is_table(plan: &Plan) -> bool {
    match plan {
        Plan::Scan { .. } => true,
        Plan::Project { input, .. } => is_table(input),
        _ => false,
    }
}

fn visit<'a>(plan: &'a Plan, shared: &mut BTreeSet<u32>, out: &mut BTreeMap<String, Vec<Scan<'a>>>) {
    if let Some((table, condition)) = condition(plan) {
        let columns = condition.columns.iter().map(|(source, _)| source.clone()).collect();
        out.entry(table.to_owned()).or_default().push(Scan { columns, condition: Some(condition), within: None });
        return;
    }
    match plan {
        Plan::Scan { table, columns } => {
            let columns = columns.iter().map(|(source, _)| source.clone()).collect();
            out.entry(table.clone()).or_default().push(Scan { columns, condition: None, within: None });
        }
        Plan::Shared { id, input } => {
            if shared.insert(*id) {
                visit(input, shared, out);
            }
        }
        other => other.inputs().into_iter().for_each(|input| visit(input, shared, out)),
    }
}
