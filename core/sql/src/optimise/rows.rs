//! How many rows a step puts out, roughly: enough to order joins by. The formulas are those of System R (P. Selinger et al.,
//! "Access Path Selection in a Relational Database Management System", 1979), with distinct values where the catalogue knows them.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::functions::Scalar;
use crate::plan::{ColumnId, Expr, ExprKind, JoinKind, Plan};
use crate::walk;

/// Rows assumed of a table that does not say.
const UNKNOWN: f64 = 10_000.0;

/// Rows assumed of one round of a recursive query, and rounds.
const ROUND: f64 = 100.0;
const ROUNDS: f64 = 10.0;

/// What is known of a column's values, before any condition on its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Domain {
    /// Distinct values.
    distinct: f64,
    /// Which step the column comes from: columns of one step that are compared together have no more combinations than it has rows.
    source: ColumnId,
    /// Rows of that step.
    rows: f64,
}

/// Of columns by number.
pub(crate) type Domains = BTreeMap<ColumnId, Domain>;

/// Rows that `plan` puts out; the domains of its columns go into `domains`.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
pub(crate) fn estimate(plan: &Plan, catalog: &dyn Catalog, domains: &mut Domains) -> f64 {
    match plan {
        Plan::Scan { table, columns } => {
            let known = catalog.table(table);
            let rows = known.as_ref().and_then(|table| table.rows).map_or(UNKNOWN, |rows| rows as f64).max(1.0);
            for (name, field) in columns {
                let distinct =
                    known.as_ref().and_then(|table| table.distinct.get(name)).map(|distinct| *distinct as f64);
                let distinct = distinct.unwrap_or(rows).clamp(1.0, rows);
                domains.insert(field.id, Domain { distinct, source: columns[0].1.id, rows });
            }
            rows
        }
        Plan::Values { rows, .. } => unique(plan, rows.len() as f64, domains),
        Plan::Filter { input, predicate } => {
            let rows = estimate(input, catalog, domains);
            (rows * selectivity(predicate, domains)).max(1.0)
        }
        Plan::Project { input, columns } => {
            let rows = estimate(input, catalog, domains);
            for (field, expr) in columns {
                if let Some(domain) = domain(expr, domains) {
                    domains.insert(field.id, domain);
                }
            }
            rows
        }
        Plan::Unnest { input, .. } => estimate(input, catalog, domains) * ELEMENTS,
        Plan::Window { input, .. } | Plan::Sort { input, .. } => estimate(input, catalog, domains),
        Plan::Aggregate { input, keys, .. } => {
            let rows = estimate(input, catalog, domains);
            let groups = combinations(keys.iter().map(|(_, key)| key), rows, domains);
            unique(plan, groups, domains)
        }
        Plan::Distinct { input, on } => {
            let rows = estimate(input, catalog, domains);
            let all: Vec<Expr> = walk::output(input)
                .into_iter()
                .map(|(id, ty)| walk::column(id, ty, almanac_model::Span::default()))
                .collect();
            combinations(if on.is_empty() { &all } else { on }.iter(), rows, domains)
        }
        Plan::Limit { input, limit, .. } => {
            let rows = estimate(input, catalog, domains);
            limit.map_or(rows, |limit| rows.min(limit as f64))
        }
        Plan::SingleRow { input } => {
            estimate(input, catalog, domains);
            1.0
        }
        Plan::Union { inputs, .. } => {
            let rows = inputs.iter().map(|(input, _)| estimate(input, catalog, domains)).sum();
            unique(plan, rows, domains)
        }
        Plan::Shared { input, .. } => estimate(input, catalog, domains),
        Plan::Series { input, .. } => estimate(input, catalog, domains) * ROUNDS,
        Plan::Working { .. } => unique(plan, ROUND, domains),
        Plan::Recursive { start, step, .. } => {
            let rows = estimate(start, catalog, domains) + estimate(step, catalog, domains) * ROUNDS;
            unique(plan, rows, domains)
        }
        Plan::Join { left, right, kind, on, .. } => {
            let (a, b) = (estimate(left, catalog, domains), estimate(right, catalog, domains));
            let matched = matched(on.iter().map(|(a, b)| (a, b)), domains);
            match kind {
                JoinKind::Semi => (a * (b / matched).min(1.0)).max(1.0),
                JoinKind::Anti => (a * (1.0 - b / matched).max(0.1)).max(1.0),
                JoinKind::Left => (a * b / matched).max(a),
                JoinKind::Right => (a * b / matched).max(b),
                JoinKind::Full => (a * b / matched).max(a + b),
                JoinKind::Inner | JoinKind::Cross => (a * b / matched).max(1.0),
            }
        }
    }
}

/// Elements of a list, at a guess.
const ELEMENTS: f64 = 4.0;

/// Takes the columns of a step for ones of its own, all values different.
fn unique(plan: &Plan, rows: f64, domains: &mut Domains) -> f64 {
    let rows = rows.max(1.0);
    let ids: Vec<ColumnId> = walk::output_ids(plan).into_iter().collect();
    for id in &ids {
        domains.insert(*id, Domain { distinct: rows, source: ids[0], rows });
    }
    rows
}

/// How many combinations of values there are among so many rows.
pub(crate) fn combinations<'a>(keys: impl Iterator<Item = &'a Expr>, rows: f64, domains: &Domains) -> f64 {
    let all: f64 = keys.map(|key| domain(key, domains).map_or(rows, |domain| domain.distinct)).product();
    all.min(rows).max(1.0)
}

/// What is known of an expression: what is known of the one column it reads.
fn domain(expr: &Expr, domains: &Domains) -> Option<Domain> {
    let columns = walk::columns(expr);
    let mut columns = columns.iter();
    let only = columns.next().filter(|_| columns.next().is_none())?;
    domains.get(only).copied()
}

/// How many values an expression has, where that is known.
pub(crate) fn distinct(expr: &Expr, domains: &Domains) -> f64 {
    domain(expr, domains).map_or(f64::INFINITY, |domain| domain.distinct)
}

/// By how much equalities thin out all pairs of rows: as if the values of the side with fewer were all among those of the other.
pub(crate) fn matched<'a>(on: impl Iterator<Item = (&'a Expr, &'a Expr)>, domains: &Domains) -> f64 {
    let mut by_sources: BTreeMap<(Option<ColumnId>, Option<ColumnId>), (f64, f64)> = BTreeMap::new();
    for (a, b) in on {
        let (a, b) = (domain(a, domains), domain(b, domains));
        let distinct = match (a, b) {
            (Some(a), Some(b)) => a.distinct.max(b.distinct),
            (Some(one), None) | (None, Some(one)) => one.distinct,
            (None, None) => 10.0,
        };
        let rows = |side: Option<Domain>| side.map_or(f64::INFINITY, |domain| domain.rows);
        let sources = (a.map(|domain| domain.source), b.map(|domain| domain.source));
        let (product, _) = by_sources.entry(sources).or_insert((1.0, rows(a).min(rows(b))));
        *product *= distinct;
    }
    by_sources.values().map(|(product, rows)| product.min(*rows)).product::<f64>().max(1.0)
}

/// The share of rows that pass.
pub(crate) fn selectivity(predicate: &Expr, domains: &Domains) -> f64 {
    // A column compared with a constant: one of its values.
    let share = |expr: &Expr| domain(expr, domains).map_or(0.05, |domain| 1.0 / domain.distinct);
    match &predicate.kind {
        ExprKind::Call(Scalar::And, args) => args.iter().map(|arg| selectivity(arg, domains)).product(),
        ExprKind::Call(Scalar::Or, args) => args.iter().map(|arg| selectivity(arg, domains)).sum::<f64>().min(1.0),
        ExprKind::Call(Scalar::Not, args) => args.first().map_or(0.5, |arg| 1.0 - selectivity(arg, domains)).max(0.1),
        ExprKind::Call(Scalar::Eq, _) => share(predicate),
        ExprKind::Call(Scalar::Like | Scalar::ILike | Scalar::IsNull, _) => 0.1,
        ExprKind::Call(Scalar::Lt | Scalar::LtEq | Scalar::Gt | Scalar::GtEq, _) => 0.4,
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        ExprKind::InList { input, list } => (share(input) * list.len() as f64).min(0.5),
        ExprKind::Literal(_) => 1.0,
        _ => 0.7,
    }
}
