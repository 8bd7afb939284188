//! Whether parts of a step pay: rows that are divided against rows that every helper reads, and groups that have to be put together.

use std::collections::{BTreeMap, BTreeSet};

use almanac_model::Type;
use almanac_sql::plan::{ColumnId, Expr, Plan};

use crate::host::Pool;
use crate::needs;
use crate::scan::few::columns_of;
use crate::store::Store;

/// A row that every helper reads counts as so many of those that are divided.
const READ_BY_ALL: u64 = 4;

/// How many rows parts of that table would spare, if any: of a step's input, whose rows become groups of the keys.
pub(super) fn gain(input: &Plan, keys: &[Expr], table: &str, store: &Store, pool: &Pool) -> Option<u64> {
    let mut others = 0;
    for name in needs::scans(input).keys().filter(|name| *name != table) {
        others += store.get(name)?.rows;
    }
    let gain = store.get(table)?.rows.saturating_sub(others.saturating_mul(READ_BY_ALL));
    (gain >= pool.least_rows && groups(input, keys, store) <= pool.most_groups).then_some(gain)
}

/// Groups at most, by the distinct values that the manifest tells of the columns the keys are made of.
fn groups(input: &Plan, keys: &[Expr], store: &Store) -> u64 {
    let mut known = BTreeMap::new();
    learn(input, store, &mut known);
    keys.iter().map(|key| distinct(key, &known)).fold(1, u64::saturating_mul)
}

fn distinct(expr: &Expr, known: &BTreeMap<ColumnId, u64>) -> u64 {
    // True, false, NULL.
    if expr.ty == Type::Boolean {
        return 3;
    }
    let columns: BTreeSet<ColumnId> = columns_of(expr).into_iter().collect();
    let of = |id: &ColumnId| known.get(id).copied().unwrap_or(u64::MAX);
    columns.iter().map(of).fold(1, u64::saturating_mul)
}

/// What is known of the columns that a plan's scans and projections put out.
fn learn(plan: &Plan, store: &Store, known: &mut BTreeMap<ColumnId, u64>) {
    plan.inputs().into_iter().for_each(|input| learn(input, store, known));
    match plan {
        Plan::Scan { table, columns } => {
            let Some(stored) = store.get(table) else { return };
            let distinct = stored.distinct();
            for (source, field) in columns {
                known.insert(field.id, distinct.get(source).copied().unwrap_or(stored.rows));
            }
        }
        Plan::Project { columns, .. } => {
            let of: Vec<(ColumnId, u64)> =
                columns.iter().map(|(field, expr)| (field.id, distinct(expr, known))).collect();
            known.extend(of);
        }
        _ => {}
    }
}
