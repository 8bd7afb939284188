//! The order of inner joins: two inputs at a time, those with the smallest result first, never every pair of rows where an equality
//! ties inputs together. After L. Fegaras, "A New Heuristic for Optimizing Large Queries" (1998).

use crate::catalog::Catalog;
use crate::functions::Scalar;
use crate::plan::{Expr, JoinKind, Plan};
use crate::walk::equality;
use crate::walk::{self, Ids};

use super::rows::{Rows, estimate, joined};

pub(crate) fn order_joins(mut plan: Plan, catalog: &dyn Catalog) -> Plan {
    if !is_inner(&plan) {
        for input in walk::inputs_mut(&mut plan) {
            let taken = std::mem::replace(input, walk::one_row());
            *input = order_joins(taken, catalog);
        }
        return plan;
    }
    let (mut inputs, mut conditions) = (Vec::new(), Vec::new());
    flatten(plan, &mut inputs, &mut conditions);
    let parts: Vec<Part> = inputs
        .into_iter()
        .map(|input| {
            let plan = order_joins(input, catalog);
            Part { ids: walk::output_ids(&plan), rows: estimate(&plan, catalog), plan }
        })
        .collect();
    combine(parts, conditions)
}

fn is_inner(plan: &Plan) -> bool {
    matches!(plan, Plan::Join { kind: JoinKind::Inner | JoinKind::Cross, null_safe: false, .. })
}

fn flatten(plan: Plan, inputs: &mut Vec<Plan>, conditions: &mut Vec<Expr>) {
    match plan {
        Plan::Join { left, right, kind: JoinKind::Inner | JoinKind::Cross, on, residual, null_safe: false } => {
            flatten(*left, inputs, conditions);
            flatten(*right, inputs, conditions);
            for (a, b) in on {
                let span = a.span.to(b.span);
                conditions.push(walk::call(Scalar::Eq, vec![a, b], almanac_model::Type::Boolean, span));
            }
            conditions.extend(residual.map_or_else(Vec::new, walk::conjuncts));
        }
        other => inputs.push(other),
    }
}

struct Part {
    plan: Plan,
    ids: Ids,
    rows: Rows,
}

fn combine(mut parts: Vec<Part>, mut conditions: Vec<Expr>) -> Plan {
    while parts.len() > 1 {
        let mut best: Option<(bool, f64, usize, usize)> = None;
        for a in 0..parts.len() {
            for b in a + 1..parts.len() {
                let edges = conditions.iter().filter(|condition| ties(condition, &parts[a].ids, &parts[b].ids)).count();
                let rows = joined(parts[a].rows, parts[b].rows, edges).now;
                // A single row adds columns, not rows.
                let product = edges == 0 && parts[a].rows.now > 1.0 && parts[b].rows.now > 1.0;
                if best.is_none_or(|(p, r, ..)| (product, rows) < (p, r)) {
                    best = Some((product, rows, a, b));
                }
            }
        }
        let Some((_, _, a, b)) = best else { break };
        let right = parts.swap_remove(b);
        let left = std::mem::replace(&mut parts[a], Part { plan: walk::one_row(), ids: Ids::new(), rows: right.rows });
        parts[a] = pair(left, right, &mut conditions);
    }
    let plan = parts.pop().map_or_else(walk::one_row, |part| part.plan);
    match walk::all_of(conditions) {
        Some(predicate) => Plan::Filter { input: Box::new(plan), predicate },
        None => plan,
    }
}

fn ties(condition: &Expr, a: &Ids, b: &Ids) -> bool {
    equality(condition.clone(), a, b).is_ok()
}

/// Joins two parts by all conditions that now have their columns. The larger part comes first.
fn pair(a: Part, b: Part, conditions: &mut Vec<Expr>) -> Part {
    let (left, right) = if a.rows.now >= b.rows.now { (a, b) } else { (b, a) };
    let ids: Ids = left.ids.union(&right.ids).copied().collect();
    let (mut on, mut residual, mut later) = (Vec::new(), Vec::new(), Vec::new());
    for condition in conditions.drain(..) {
        if !walk::columns(&condition).is_subset(&ids) {
            later.push(condition);
            continue;
        }
        match equality(condition, &left.ids, &right.ids) {
            Ok(pair) => on.push(pair),
            Err(condition) => residual.push(condition),
        }
    }
    *conditions = later;
    let rows = joined(left.rows, right.rows, on.len());
    let residual = walk::all_of(residual);
    let kind = if on.is_empty() && residual.is_none() { JoinKind::Cross } else { JoinKind::Inner };
    let plan =
        Plan::Join { left: Box::new(left.plan), right: Box::new(right.plan), kind, on, residual, null_safe: false };
    Part { plan, ids, rows }
}
