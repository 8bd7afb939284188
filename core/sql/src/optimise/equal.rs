//! Equal parts of a plan that are worth their memory: joins, groups and orders over the same rows are computed once and shared.

use std::collections::BTreeMap;
use std::rc::Rc;

use almanac_model::Span;

use crate::plan::{AggregateCall, ColumnId, Expr, ExprKind, Field, Plan, SortKey};
use crate::walk;

use super::reduce::Fresh;

/// Of more steps equal ones are not looked for: each is compared with each.
const MOST: usize = 200;

/// Columns of one part, by those of the other that stand in their place.
type Twins = BTreeMap<ColumnId, ColumnId>;

/// The plan with parts that are equal but for the numbers of their columns computed once, the largest first.
pub(crate) fn share_equal(mut plan: Plan, fresh: &mut Fresh) -> Plan {
    while let Some((first, others)) = largest(&plan) {
        let Some(whole) = nth(&mut plan, &mut first.clone()) else { return plan };
        let shared = Plan::Shared { id: fresh.shared(), input: Rc::new(whole.clone()) };
        // From the last to the first, so that the numbers of those before stay.
        for (at, twins) in others.into_iter().rev() {
            let Some(other) = nth(&mut plan, &mut at.clone()) else { continue };
            let renamed = walk::output(other).into_iter().map(|(id, ty)| {
                let source = twins.get(&id).copied().unwrap_or(id);
                (Field { id, name: String::new(), ty }, walk::column(source, ty, Span::default()))
            });
            *other = Plan::Project { columns: renamed.collect(), input: Box::new(shared.clone()) };
        }
        if let Some(whole) = nth(&mut plan, &mut first.clone()) {
            *whole = shared;
        }
    }
    plan
}

/// The number of the largest part that others equal, and theirs.
fn largest(plan: &Plan) -> Option<(usize, Vec<(usize, Twins)>)> {
    let mut all = Vec::new();
    steps(plan, &mut all);
    let works = |plan: &Plan| {
        matches!(plan, Plan::Join { .. } | Plan::Aggregate { .. } | Plan::Distinct { .. } | Plan::Sort { .. })
    };
    let mut parts: Vec<(usize, usize)> =
        all.iter().enumerate().filter(|(_, (part, _))| works(part)).map(|(at, (_, size))| (*size, at)).collect();
    if parts.len() > MOST {
        return None;
    }
    parts.sort_by_key(|(size, at)| (std::cmp::Reverse(*size), *at));
    parts.iter().enumerate().find_map(|(place, (size, first))| {
        let others = parts[place + 1..].iter().take_while(|(other, _)| other == size).filter_map(|(_, at)| {
            let mut twins = Twins::new();
            equal(all[*first].0, all[*at].0, &mut twins).then_some((*at, twins))
        });
        let others: Vec<(usize, Twins)> = others.collect();
        (!others.is_empty()).then_some((*first, others))
    })
}

/// All steps but those below a shared one, each with the number of steps of its part.
fn steps<'p>(plan: &'p Plan, out: &mut Vec<(&'p Plan, usize)>) {
    let at = out.len();
    out.push((plan, 0));
    if !matches!(plan, Plan::Shared { .. }) {
        walk::inputs(plan).into_iter().for_each(|input| steps(input, out));
    }
    out[at].1 = out.len() - at;
}

/// The step of that number among [`steps`].
fn nth<'p>(plan: &'p mut Plan, number: &mut usize) -> Option<&'p mut Plan> {
    if *number == 0 {
        return Some(plan);
    }
    *number -= 1;
    walk::inputs_mut(plan).into_iter().find_map(|input| nth(input, number))
}

/// Whether two parts put out the same rows; the columns of `b` are then found in `twins`.
fn equal(a: &Plan, b: &Plan, twins: &mut Twins) -> bool {
    match (a, b) {
        (Plan::Scan { table: a, columns: x }, Plan::Scan { table: b, columns: y }) => {
            let same = a == b && x.len() == y.len() && x.iter().zip(y).all(|((a, _), (b, _))| a == b);
            twins.extend(x.iter().zip(y).map(|((_, a), (_, b))| (b.id, a.id)));
            same
        }
        // Its columns are the same wherever it is read.
        (Plan::Shared { id: a, .. }, Plan::Shared { id: b, .. }) => a == b,
        (Plan::Filter { input: a, predicate: x }, Plan::Filter { input: b, predicate: y }) => {
            equal(a, b, twins) && same(x, y, twins)
        }
        (Plan::Project { input: a, columns: x }, Plan::Project { input: b, columns: y }) => {
            equal(a, b, twins) && all(x, y, twins, |(_, a), (_, b), twins| same(a, b, twins)) && made(x, y, twins)
        }
        (
            Plan::Aggregate { input: a, keys: x, aggregates: p },
            Plan::Aggregate { input: b, keys: y, aggregates: q },
        ) => {
            equal(a, b, twins)
                && all(x, y, twins, |(_, a), (_, b), twins| same(a, b, twins))
                && all(p, q, twins, |(_, a), (_, b), twins| same_call(a, b, twins))
                && made(x, y, twins)
                && made(p, q, twins)
        }
        (
            Plan::Join { left: a, right: c, kind: k, on: x, residual: p, null_safe: n },
            Plan::Join { left: b, right: d, kind: l, on: y, residual: q, null_safe: m },
        ) => {
            let residual = |twins: &Twins| match (p, q) {
                (Some(p), Some(q)) => same(p, q, twins),
                (p, q) => p.is_none() && q.is_none(),
            };
            (k, n) == (l, m)
                && equal(a, b, twins)
                && equal(c, d, twins)
                && all(x, y, twins, |(a, c), (b, d), twins| same(a, b, twins) && same(c, d, twins))
                && residual(twins)
        }
        (Plan::Distinct { input: a, on: x }, Plan::Distinct { input: b, on: y }) => {
            equal(a, b, twins) && all(x, y, twins, same)
        }
        (Plan::Sort { input: a, keys: x }, Plan::Sort { input: b, keys: y }) => {
            equal(a, b, twins) && all(x, y, twins, same_key)
        }
        (Plan::Limit { input: a, offset: o, limit: l }, Plan::Limit { input: b, offset: p, limit: m }) => {
            (o, l) == (p, m) && equal(a, b, twins)
        }
        _ => false,
    }
}

fn all<T>(x: &[T], y: &[T], twins: &Twins, same: impl Fn(&T, &T, &Twins) -> bool) -> bool {
    x.len() == y.len() && x.iter().zip(y).all(|(a, b)| same(a, b, twins))
}

/// Takes down which made columns stand for which.
fn made<T>(x: &[(Field, T)], y: &[(Field, T)], twins: &mut Twins) -> bool {
    twins.extend(x.iter().zip(y).map(|((a, _), (b, _))| (b.id, a.id)));
    true
}

fn same(a: &Expr, b: &Expr, twins: &Twins) -> bool {
    let mut b = b.clone();
    walk::rewrite(&mut b, &mut |part| match part.kind {
        ExprKind::Column(id) => Some(walk::column(twins.get(&id).copied().unwrap_or(id), part.ty, part.span)),
        _ => None,
    });
    walk::same(a, &b)
}

fn same_key(a: &SortKey, b: &SortKey, twins: &Twins) -> bool {
    (a.descending, a.nulls_first) == (b.descending, b.nulls_first) && same(&a.expr, &b.expr, twins)
}

fn same_call(a: &AggregateCall, b: &AggregateCall, twins: &Twins) -> bool {
    let filter = match (&a.filter, &b.filter) {
        (Some(a), Some(b)) => same(a, b, twins),
        (a, b) => a.is_none() && b.is_none(),
    };
    (a.function, a.distinct, a.ty) == (b.function, b.distinct, b.ty)
        && filter
        && all(&a.args, &b.args, twins, same)
        && all(&a.order_by, &b.order_by, twins, same_key)
}
