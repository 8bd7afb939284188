//! Rows that cannot matter are left out early: semi and anti joins move to the table whose columns they read, and a grouping whose
//! groups are looked up by few keys makes only those groups (the "magic sets" of I. Mumick et al., 1990, for correlated
//! subqueries: DuckDB's duplicate-eliminated join).

use std::rc::Rc;

use crate::catalog::Catalog;
use crate::plan::{ColumnId, Expr, ExprKind, Field, JoinKind, Plan};
use crate::walk;

use super::rows::{Domains, combinations, estimate};

/// How many times more groups than keys there must be: both sides are read once more for it.
const WORTH: f64 = 4.0;

/// Numbers that no column and no shared plan of a query has yet.
pub(crate) struct Fresh {
    column: u32,
    shared: u32,
}

impl Fresh {
    pub(crate) fn after(plan: &Plan) -> Self {
        let mut fresh = Self { column: 0, shared: 0 };
        fresh.pass(plan);
        fresh
    }

    fn pass(&mut self, plan: &Plan) {
        if let Plan::Shared { id, .. } = plan {
            self.shared = self.shared.max(id + 1);
        }
        let highest = walk::output_ids(plan).last().map_or(0, |id| id.0 + 1);
        self.column = self.column.max(highest);
        walk::inputs(plan).into_iter().for_each(|input| self.pass(input));
    }

    fn column(&mut self) -> ColumnId {
        self.column += 1;
        ColumnId(self.column - 1)
    }

    pub(crate) fn shared(&mut self) -> u32 {
        self.shared += 1;
        self.shared - 1
    }
}

/// Semi and anti joins as deep as they go.
pub(crate) fn sink_semi_joins(mut plan: Plan, catalog: &dyn Catalog) -> Plan {
    for input in walk::inputs_mut(&mut plan) {
        let taken = std::mem::replace(input, walk::one_row());
        *input = sink_semi_joins(taken, catalog);
    }
    sink(plan, catalog)
}

/// A semi or anti join over inner joins goes to the side whose columns it reads, where that side has no more rows than they have.
fn sink(plan: Plan, catalog: &dyn Catalog) -> Plan {
    let Plan::Join { left, right, kind: kind @ (JoinKind::Semi | JoinKind::Anti), on, residual, null_safe } = plan
    else {
        return plan;
    };
    let mut left = *left;
    let all = rows(&left, catalog);
    if let Plan::Join { left: one, right: other, kind: JoinKind::Inner | JoinKind::Cross, .. } = &mut left {
        let mut read = walk::Ids::new();
        on.iter().for_each(|(key, _)| walk::columns_of(key, &mut read));
        if let Some(residual) = &residual {
            read.extend(walk::columns(residual).difference(&walk::output_ids(&right)));
        }
        let fits =
            |side: &Plan| !read.is_empty() && read.is_subset(&walk::output_ids(side)) && rows(side, catalog) <= all;
        let deeper = [one, other].into_iter().find(|side| fits(side));
        if let Some(side) = deeper {
            let taken = std::mem::replace(side.as_mut(), walk::one_row());
            let semi = Plan::Join { left: Box::new(taken), right, kind, on, residual, null_safe };
            **side = sink(semi, catalog);
            return left;
        }
    }
    Plan::Join { left: Box::new(left), right, kind, on, residual, null_safe }
}

fn rows(plan: &Plan, catalog: &dyn Catalog) -> f64 {
    estimate(plan, catalog, &mut Domains::new())
}

/// Groupings that are joined by their keys to fewer rows than they have groups.
pub(crate) fn reduce_groups(mut plan: Plan, catalog: &dyn Catalog, fresh: &mut Fresh) -> Plan {
    for input in walk::inputs_mut(&mut plan) {
        let taken = std::mem::replace(input, walk::one_row());
        *input = reduce_groups(taken, catalog, fresh);
    }
    if let Plan::Join {
        left,
        right,
        kind: JoinKind::Inner | JoinKind::Left | JoinKind::Semi | JoinKind::Anti,
        on,
        null_safe,
        ..
    } = &mut plan
        && let Some((input, keys)) = groups(right, on)
    {
        let mut domains = Domains::new();
        let rows = (estimate(left, catalog, &mut domains), estimate(input, catalog, &mut domains));
        let asked = combinations(keys.iter().map(|(asked, _)| asked), rows.0, &domains);
        let made = combinations(keys.iter().map(|(_, key)| key), rows.1, &domains);
        if asked * WORTH <= made {
            let taken = std::mem::replace(left.as_mut(), walk::one_row());
            **left = match taken {
                shared @ Plan::Shared { .. } => shared,
                other => Plan::Shared { id: fresh.shared(), input: Rc::new(other) },
            };
            let (columns, on) = keys
                .into_iter()
                .map(|(asked, key)| {
                    let (id, ty, span) = (fresh.column(), asked.ty, asked.span);
                    ((Field { id, name: String::new(), ty }, asked), (key, walk::column(id, ty, span)))
                })
                .unzip();
            let asked = Plan::Project { input: left.clone(), columns };
            let all = std::mem::replace(input, walk::one_row());
            let few = Plan::Join {
                left: Box::new(all),
                right: Box::new(asked),
                kind: JoinKind::Semi,
                on,
                residual: None,
                null_safe: *null_safe,
            };
            *input = sink(few, catalog);
        }
    }
    plan
}

/// The rows that are grouped, where `plan` is groups that have been filtered and projected at most; and the pairs of `on` that
/// compare something with a key of the groups, as the key is computed from those rows.
fn groups<'a>(plan: &'a mut Plan, on: &[(Expr, Expr)]) -> Option<(&'a mut Plan, Vec<(Expr, Expr)>)> {
    match plan {
        Plan::Filter { input, .. } => groups(input, on),
        Plan::Project { input, columns } => {
            let below: Vec<(Expr, Expr)> = on.iter().filter_map(|pair| through(pair, columns)).collect();
            groups(input, &below)
        }
        Plan::Aggregate { input, keys, .. } => {
            let pairs: Vec<(Expr, Expr)> = on.iter().filter_map(|pair| through(pair, keys)).collect();
            (!pairs.is_empty()).then_some((input, pairs))
        }
        _ => None,
    }
}

/// A pair whose second side is one of these columns, with what computes the column in its place.
fn through((asked, key): &(Expr, Expr), columns: &[(Field, Expr)]) -> Option<(Expr, Expr)> {
    let ExprKind::Column(id) = key.kind else { return None };
    let (_, source) = columns.iter().find(|(field, _)| field.id == id)?;
    Some((asked.clone(), source.clone()))
}
