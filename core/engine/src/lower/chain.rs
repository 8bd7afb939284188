//! Filters and projections put into the expressions of what is above them.

use std::collections::BTreeMap;

use almanac_sql::functions::Scalar;
use almanac_sql::plan::{AggregateCall, ColumnId, Expr, ExprKind, Plan};

/// Expressions are put into one another up to this size: steps that repeat theirs would grow without end.
const LARGEST_INLINED: usize = 400;

/// Filters and projections over a step, as conditions and expressions over its columns.
pub(super) struct Chain<'p> {
    /// The step below them.
    pub(super) base: &'p Plan,
    /// All must be true.
    pub(super) conditions: Vec<Expr>,
    /// What the last projection puts out.
    defined: BTreeMap<ColumnId, Expr>,
}

impl<'p> Chain<'p> {
    /// No step: the plan itself is the base.
    pub(super) fn none(base: &'p Plan) -> Self {
        Self { base, conditions: Vec::new(), defined: BTreeMap::new() }
    }

    /// The filters and projections a plan begins with.
    pub(super) fn of(plan: &'p Plan) -> Self {
        let mut steps = Vec::new();
        let mut base = plan;
        while let Plan::Filter { input, .. } | Plan::Project { input, .. } = base {
            steps.push(base);
            base = input;
        }
        let mut out = Self::none(base);
        for step in steps.into_iter().rev() {
            match step {
                Plan::Filter { predicate, .. } => {
                    let predicate = out.inlined(predicate);
                    conjuncts(predicate, &mut out.conditions);
                }
                Plan::Project { columns, .. } => {
                    out.defined = columns.iter().map(|(field, expr)| (field.id, out.inlined(expr))).collect();
                }
                _ => {}
            }
            if out.conditions.iter().chain(out.defined.values()).map(size).sum::<usize>() > LARGEST_INLINED {
                out = Self::none(step);
            }
        }
        out
    }

    /// The expression over the columns of the base.
    pub(super) fn inlined(&self, expr: &Expr) -> Expr {
        if let ExprKind::Column(id) = expr.kind {
            return self.defined.get(&id).unwrap_or(expr).clone();
        }
        let kind = match &expr.kind {
            ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => expr.kind.clone(),
            ExprKind::Call(function, args) => {
                ExprKind::Call(*function, args.iter().map(|arg| self.inlined(arg)).collect())
            }
            ExprKind::Cast { input, lenient } => {
                ExprKind::Cast { input: Box::new(self.inlined(input)), lenient: *lenient }
            }
            ExprKind::InList { input, list } => {
                ExprKind::InList { input: Box::new(self.inlined(input)), list: list.clone() }
            }
            ExprKind::Case { branches, otherwise } => ExprKind::Case {
                branches: branches.iter().map(|(when, then)| (self.inlined(when), self.inlined(then))).collect(),
                otherwise: Box::new(self.inlined(otherwise)),
            },
        };
        Expr { kind, ty: expr.ty, span: expr.span }
    }

    /// The call over the columns of the base.
    pub(super) fn inlined_call(&self, call: &AggregateCall) -> AggregateCall {
        let mut call = call.clone();
        call.args.iter_mut().for_each(|arg| *arg = self.inlined(arg));
        if let Some(filter) = &mut call.filter {
            *filter = self.inlined(filter);
        }
        call.order_by.iter_mut().for_each(|key| key.expr = self.inlined(&key.expr));
        call
    }
}

/// The parts of an AND.
fn conjuncts(expr: Expr, out: &mut Vec<Expr>) {
    match expr.kind {
        ExprKind::Call(Scalar::And, args) => args.into_iter().for_each(|arg| conjuncts(arg, out)),
        _ => out.push(expr),
    }
}

fn size(expr: &Expr) -> usize {
    1 + match &expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => 0,
        ExprKind::Call(_, args) => args.iter().map(size).sum(),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => size(input),
        ExprKind::Case { branches, otherwise } => {
            branches.iter().map(|(when, then)| size(when) + size(then)).sum::<usize>() + size(otherwise)
        }
    }
}
