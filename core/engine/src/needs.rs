//! Which columns of which tables a plan reads.

use std::collections::{BTreeMap, BTreeSet};

use almanac_sql::plan::Plan;

/// Table names and the source columns read of each, in order of first use.
pub(crate) fn scans(plan: &Plan) -> BTreeMap<String, Vec<String>> {
    let mut out = BTreeMap::new();
    visit(plan, &mut BTreeSet::new(), &mut out);
    out
}

fn visit(plan: &Plan, shared: &mut BTreeSet<u32>, out: &mut BTreeMap<String, Vec<String>>) {
    match plan {
        Plan::Scan { table, columns } => {
            let held = out.entry(table.clone()).or_default();
            for (source, _) in columns {
                if !held.contains(source) {
                    held.push(source.clone());
                }
            }
        }
        Plan::Shared { id, input } => {
            if shared.insert(*id) {
                visit(input, shared, out);
            }
        }
        other => other.inputs().into_iter().for_each(|input| visit(input, shared, out)),
    }
}
