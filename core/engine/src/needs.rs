//! Which columns of which tables a plan reads, and the condition that each scan's rows must meet.

use std::collections::{BTreeMap, BTreeSet};

use almanac_sql::plan::Plan;

use crate::load::prune::Condition;

/// One scan of a table.
#[derive(Debug, Clone)]
pub(crate) struct Scan<'a> {
    /// Source columns.
    pub(crate) columns: Vec<String>,
    /// The condition right above the scan, if there is one.
    pub(crate) condition: Option<Condition<'a>>,
}

/// The scans of each table, by the table's name.
pub(crate) fn scans(plan: &Plan) -> BTreeMap<String, Vec<Scan<'_>>> {
    let mut out = BTreeMap::new();
    visit(plan, &mut BTreeSet::new(), &mut out);
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

fn visit<'a>(plan: &'a Plan, shared: &mut BTreeSet<u32>, out: &mut BTreeMap<String, Vec<Scan<'a>>>) {
    if let Some((table, condition)) = condition(plan) {
        let columns = condition.columns.iter().map(|(source, _)| source.clone()).collect();
        out.entry(table.to_owned()).or_default().push(Scan { columns, condition: Some(condition) });
        return;
    }
    match plan {
        Plan::Scan { table, columns } => {
            let columns = columns.iter().map(|(source, _)| source.clone()).collect();
            out.entry(table.clone()).or_default().push(Scan { columns, condition: None });
        }
        Plan::Shared { id, input } => {
            if shared.insert(*id) {
                visit(input, shared, out);
            }
        }
        other => other.inputs().into_iter().for_each(|input| visit(input, shared, out)),
    }
}
