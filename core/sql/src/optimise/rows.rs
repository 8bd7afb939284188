//! How many rows a step puts out, roughly: enough to order joins by.

use crate::catalog::Catalog;
use crate::functions::Scalar;
use crate::plan::{Expr, ExprKind, JoinKind, Plan};
use crate::walk;

/// Rows assumed of a table that does not say.
const UNKNOWN: f64 = 10_000.0;

/// An estimate: rows, and rows before any condition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    pub(crate) now: f64,
    pub(crate) base: f64,
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
pub(crate) fn estimate(plan: &Plan, catalog: &dyn Catalog) -> Rows {
    let exactly = |rows: f64| Rows { now: rows, base: rows };
    match plan {
        Plan::Scan { table, .. } => {
            exactly(catalog.table(table).and_then(|table| table.rows).map_or(UNKNOWN, |rows| rows as f64).max(1.0))
        }
        Plan::Values { rows, .. } => exactly(rows.len() as f64),
        Plan::Filter { input, predicate } => {
            let rows = estimate(input, catalog);
            Rows { now: (rows.now * selectivity(predicate)).max(1.0), base: rows.base }
        }
        Plan::Project { input, .. } | Plan::Window { input, .. } | Plan::Sort { input, .. } => estimate(input, catalog),
        Plan::Aggregate { keys, .. } if keys.is_empty() => exactly(1.0),
        Plan::Aggregate { input, .. } | Plan::Distinct { input, .. } => {
            let rows = estimate(input, catalog);
            Rows { now: (rows.now * 0.2).max(1.0), base: rows.now.max(1.0) }
        }
        Plan::Limit { input, limit, .. } => {
            let rows = estimate(input, catalog);
            exactly(limit.map_or(rows.now, |limit| rows.now.min(limit as f64)))
        }
        Plan::SingleRow { .. } => exactly(1.0),
        Plan::Union { inputs, .. } => exactly(inputs.iter().map(|(input, _)| estimate(input, catalog).now).sum()),
        Plan::Shared { input, .. } => estimate(input, catalog),
        Plan::Join { left, right, kind, on, .. } => {
            let (a, b) = (estimate(left, catalog), estimate(right, catalog));
            match kind {
                JoinKind::Semi | JoinKind::Anti => Rows { now: (a.now * 0.5).max(1.0), base: a.base },
                _ => joined(a, b, on.len()),
            }
        }
    }
}

/// Rows of a join: as if one side's column were the other's key.
pub(crate) fn joined(a: Rows, b: Rows, equalities: usize) -> Rows {
    if equalities == 0 {
        return Rows { now: a.now * b.now, base: a.base * b.base };
    }
    // Further equalities are rarely independent of the first.
    let further = 0.5_f64.powi(i32::try_from(equalities - 1).unwrap_or(8).min(8));
    Rows { now: (a.now * b.now / a.base.min(b.base).max(1.0) * further).max(1.0), base: a.base.max(b.base) }
}

/// The share of rows that pass.
fn selectivity(predicate: &Expr) -> f64 {
    match &predicate.kind {
        ExprKind::Call(Scalar::And, args) => args.iter().map(selectivity).product(),
        ExprKind::Call(Scalar::Or, args) => args.iter().map(selectivity).sum::<f64>().min(1.0),
        ExprKind::Call(Scalar::Not, args) => args.first().map_or(0.5, |arg| 1.0 - selectivity(arg)).max(0.1),
        ExprKind::Call(Scalar::Eq, args) if args.iter().any(|arg| walk::columns(arg).is_empty()) => 0.05,
        ExprKind::Call(Scalar::Eq | Scalar::Like | Scalar::ILike | Scalar::IsNull, _) => 0.1,
        ExprKind::Call(Scalar::Lt | Scalar::LtEq | Scalar::Gt | Scalar::GtEq, _) => 0.4,
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        ExprKind::InList { list, .. } => (0.05 * list.len() as f64).min(0.5),
        ExprKind::Literal(_) => 1.0,
        _ => 0.7,
    }
}
