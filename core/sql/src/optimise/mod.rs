//! Rewrites of a bound plan. Each is off or on by a switch, so that tests can compare answers with and without it.
//!
//! May use: row and distinct counts of the catalogue. Never: changes an answer.

mod equal;
mod equalities;
pub(crate) mod fold;
mod join_order;
mod joins;
mod prune;
mod push_down;
mod reduce;
mod rows;
mod shared;

use crate::catalog::Catalog;
use crate::plan::{Plan, Query};
use crate::walk::{self, Ids};
use reduce::Fresh;

/// Which rewrites are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Optimise {
    /// Constants are computed once.
    pub fold: bool,
    /// Conditions move towards the tables and into joins.
    pub push_down: bool,
    /// Inner joins are reordered, small results first.
    pub order_joins: bool,
    /// Semi joins move towards the tables, and groups that nobody looks up are not made.
    pub reduce: bool,
    /// Equal joins, groups and orders are computed once.
    pub share: bool,
    /// Columns nobody reads are left out.
    pub prune: bool,
}

impl Default for Optimise {
    fn default() -> Self {
        Self { fold: true, push_down: true, order_joins: true, reduce: true, share: true, prune: true }
    }
}

impl Optimise {
    /// The plan as written.
    #[must_use]
    pub fn none() -> Self {
        Self { fold: false, push_down: false, order_joins: false, reduce: false, share: false, prune: false }
    }
}

pub(crate) fn optimise(query: Query, catalog: &dyn Catalog, switches: &Optimise) -> Query {
    let Query { root, output, explain } = query;
    let root = shared::inline_single_uses(root);
    let mut known = shared::Known::default();
    let mut fresh = Fresh::after(&root);
    let mut root = shared::each_once(root, &mut known, &mut |plan| passes(plan, catalog, switches, &mut fresh));
    if switches.prune {
        let required: Ids = output.iter().map(|field| field.id).collect();
        root = prune::prune_all(root, &required);
    }
    Query { root, output, explain }
}

fn passes(mut plan: Plan, catalog: &dyn Catalog, switches: &Optimise, fresh: &mut Fresh) -> Plan {
    if switches.fold {
        fold_plan(&mut plan);
    }
    if switches.push_down {
        plan = push_down::push_down(plan);
    }
    if switches.reduce {
        plan = reduce::sink_semi_joins(plan, catalog);
    }
    if switches.order_joins {
        plan = joins::order_joins(plan, catalog);
    }
    if switches.reduce {
        plan = reduce::reduce_groups(plan, catalog, fresh);
    }
    if switches.share {
        plan = equal::share_equal(plan, fresh);
    }
    plan
}

fn fold_plan(plan: &mut Plan) {
    for expr in walk::expressions_mut(plan) {
        let taken = std::mem::replace(expr, walk::literal(almanac_model::Value::Null, expr.ty, expr.span));
        *expr = fold::folded(taken);
    }
    for input in walk::inputs_mut(plan) {
        fold_plan(input);
    }
}
