//! A guess at how many rows a step gives: only good for telling which side of a join to run first, so that the other side is
//! spared the rows that cannot find a partner.

use almanac_sql::functions::Scalar;
use almanac_sql::plan::{Expr, ExprKind, JoinKind, Plan};

use super::Lowering;

/// Rows, and which share of their table's they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    pub(super) rows: f64,
    share: f64,
}

impl Lowering<'_> {
    pub(super) fn weight(&self, plan: &Plan) -> Weight {
        match plan {
            Plan::Scan { table, .. } => {
                let rows = self.tables.columns(table, &[]).map_or(0, |(_, rows)| rows);
                Weight { rows: rows as f64, share: 1.0 }
            }
            Plan::Values { rows, .. } => Weight { rows: rows.len() as f64, share: 1.0 },
            Plan::Filter { input, predicate } => self.weight(input).part(passes(predicate)),
            Plan::Aggregate { input, keys, .. } => {
                let input = self.weight(input);
                if keys.is_empty() {
                    Weight { rows: 1.0, share: 1.0 }
                } else {
                    Weight { rows: input.rows / 4.0, share: input.share }
                }
            }
            // Elements of a list, at a guess.
            Plan::Unnest { input, .. } => self.weight(input).part(4.0),
            Plan::Project { input, .. }
            | Plan::Window { input, .. }
            | Plan::Sort { input, .. }
            | Plan::Distinct { input, .. } => self.weight(input),
            Plan::Shared { id, input } => match self.shared.get(id) {
                Some(rows) => Weight { rows: rows.len() as f64, share: 1.0 },
                None => self.weight(input),
            },
            Plan::Limit { input, limit, .. } => {
                let input = self.weight(input);
                Weight { rows: limit.map_or(input.rows, |limit| input.rows.min(limit as f64)), share: input.share }
            }
            Plan::Series { input, .. } => Weight { rows: self.weight(input).rows * 10.0, share: 1.0 },
            Plan::Recursive { start, .. } => Weight { rows: self.weight(start).rows * 10.0, share: 1.0 },
            Plan::Working { id, .. } => {
                Weight { rows: self.working.get(id).map_or(1.0, |rows| rows.height() as f64), share: 1.0 }
            }
            Plan::SingleRow { .. } => Weight { rows: 1.0, share: 1.0 },
            Plan::Union { inputs, .. } => {
                Weight { rows: inputs.iter().map(|(input, _)| self.weight(input).rows).sum(), share: 1.0 }
            }
            Plan::Join { left, right, kind, on, .. } => {
                let (left, right) = (self.weight(left), self.weight(right));
                match kind {
                    JoinKind::Semi => left.part(right.share.min(right.rows / left.rows.max(1.0)).max(0.001)),
                    JoinKind::Anti => left.part(0.5),
                    _ if on.is_empty() => Weight { rows: left.rows * right.rows, share: 1.0 },
                    // As if each row of the larger side had one partner before conditions.
                    JoinKind::Inner | JoinKind::Cross => {
                        let rows = (left.rows * right.share).max(right.rows * left.share);
                        Weight { rows, share: left.share * right.share }
                    }
                    JoinKind::Left => left,
                    JoinKind::Right => right,
                    JoinKind::Full => Weight { rows: left.rows + right.rows, share: 1.0 },
                }
            }
        }
    }
}

impl Weight {
    fn part(self, share: f64) -> Self {
        Self { rows: self.rows * share, share: self.share * share }
    }
}

/// The share of rows that pass a condition.
fn passes(predicate: &Expr) -> f64 {
    match &predicate.kind {
        ExprKind::Call(Scalar::And, args) => args.iter().map(passes).product(),
        ExprKind::Call(Scalar::Or, args) => args.iter().map(passes).sum::<f64>().min(1.0),
        ExprKind::Call(Scalar::Eq, _) => 0.1,
        ExprKind::Call(Scalar::Not | Scalar::NotEq | Scalar::IsNotNull, _) => 0.9,
        ExprKind::InList { .. } => 0.2,
        _ => 0.4,
    }
}
