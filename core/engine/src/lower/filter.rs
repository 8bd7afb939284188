//! Which rows of a step count: conditions one after the other, the cheap ones and those that leave few rows first, so that the
//! others are asked about few.

use almanac_model::{Diagnostic, Type};
use almanac_sql::functions::Scalar;
use almanac_sql::plan::{Expr, ExprKind};
use polars_core::prelude::PolarsResult;

use super::ask::Hint;
use super::expr::{can_fail, name};
use super::{Known, Lowering};
use crate::join::lane::{Lane, whole};
use crate::rows::{Rows, chosen, numbers};

/// A hint that lets more than this share of the rows pass is not worth its time.
const USELESS: f64 = 0.7;
/// One that lets at most this share pass comes even before comparisons of numbers.
const STRONG: f64 = 0.25;

/// A hint, the column it is about, and the share of rows it lets pass.
struct Weighed<'h> {
    hint: &'h Hint,
    share: f64,
}

impl Lowering<'_> {
    /// The rows for which the condition holds and that no hint is against.
    pub(super) fn narrowed(
        &mut self,
        mut rows: Rows,
        condition: Option<&Expr>,
        hints: &[Hint],
        known: &Known,
    ) -> Result<Rows, Diagnostic> {
        let mut parts = Vec::new();
        condition.into_iter().for_each(|condition| conjuncts(condition, &mut parts));
        // What costs the same stays in the order it was written in.
        parts.sort_by_key(|part| cost(part));
        let hints = self.weighed(&rows, hints)?;
        let strong = hints.iter().take_while(|hint| hint.share < STRONG).count();
        let all = rows.len();
        for hint in &hints[..strong] {
            rows = self.hinted(rows, hint.hint)?;
        }
        // What is known of whole columns says nothing of some of their rows.
        let nothing = Known::new();
        let known = if rows.len() == all { known } else { &nothing };
        rows = self.scanned(rows, &mut parts, known)?;
        let cheap = parts.iter().take_while(|part| cost(part) == 0).count();
        if cheap > 0 {
            rows = self.held(rows, &parts[..cheap])?;
        }
        for hint in &hints[strong..] {
            rows = self.hinted(rows, hint.hint)?;
        }
        for part in &parts[cheap..] {
            rows = self.held(rows, &[*part])?;
        }
        Ok(rows)
    }

    /// The rows for which all parts are true.
    fn held(&mut self, rows: Rows, parts: &[&Expr]) -> Result<Rows, Diagnostic> {
        let all = parts.iter().map(|part| (*part).clone()).reduce(|a, b| {
            let span = a.span.to(b.span);
            Expr { kind: ExprKind::Call(Scalar::And, vec![a, b]), ty: Type::Boolean, span }
        });
        let Some(all) = all else { return Ok(rows) };
        let Some(mask) = self.evaluate(&rows, &[&all])?.pop() else { return Ok(rows) };
        match chosen(&mask).map_err(|error| self.explain(&error))? {
            Some(some) => rows.picked(&numbers(some)).map_err(|error| self.explain(&error)),
            None => Ok(rows),
        }
    }

    /// The hints on columns of these rows that are of use, the best first.
    fn weighed<'h>(&self, rows: &Rows, hints: &'h [Hint]) -> Result<Vec<Weighed<'h>>, Diagnostic> {
        let mut out = Vec::new();
        for hint in hints {
            if let Some(lane) = keys(rows, hint).map_err(|error| self.explain(&error))? {
                let share = hint.keys.share(&lane);
                if share < USELESS {
                    out.push(Weighed { hint, share });
                }
            }
        }
        out.sort_by(|a, b| a.share.total_cmp(&b.share));
        Ok(out)
    }

    fn hinted(&self, rows: Rows, hint: &Hint) -> Result<Rows, Diagnostic> {
        let Some(lane) = keys(&rows, hint).map_err(|error| self.explain(&error))? else { return Ok(rows) };
        let some = hint.keys.rows(&lane, true);
        if some.len() == rows.len() {
            return Ok(rows);
        }
        rows.picked(&numbers(some)).map_err(|error| self.explain(&error))
    }
}

fn keys(rows: &Rows, hint: &Hint) -> PolarsResult<Option<Lane>> {
    match rows.column(&name(hint.column)) {
        Ok(column) => whole(&column),
        Err(_) => Ok(None),
    }
}

/// The parts of an AND.
fn conjuncts<'e>(expr: &'e Expr, out: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Call(Scalar::And, args) => args.iter().for_each(|arg| conjuncts(arg, out)),
        _ => out.push(expr),
    }
}

/// A guess at the time an expression takes for a row: zero for comparisons of numbers, which are a few instructions. What can
/// refuse a value comes last: it is asked only where all else holds.
fn cost(expr: &Expr) -> u32 {
    fn of(expr: &Expr) -> u32 {
        match &expr.kind {
            ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => 0,
            ExprKind::Call(function, args) => own(*function, args) + args.iter().map(of).sum::<u32>(),
            ExprKind::Cast { input, .. } => {
                u32::from(input.ty == Type::Varchar || expr.ty == Type::Varchar) * 8 + of(input)
            }
            ExprKind::InList { input, .. } => 2 + of(input),
            ExprKind::Case { branches, otherwise } => {
                1 + branches.iter().map(|(when, then)| of(when) + of(then)).sum::<u32>() + of(otherwise)
            }
        }
    }
    fn own(function: Scalar, args: &[Expr]) -> u32 {
        let texts = args.iter().any(|arg| matches!(arg.ty, Type::Varchar | Type::Interval) || arg.ty.is_nested());
        match function {
            Scalar::And | Scalar::Or | Scalar::Not | Scalar::IsNull | Scalar::IsNotNull => 0,
            Scalar::Eq | Scalar::NotEq | Scalar::Lt | Scalar::LtEq | Scalar::Gt | Scalar::GtEq => u32::from(texts),
            Scalar::Add | Scalar::Sub | Scalar::Mul | Scalar::Div => {
                u32::from(!args.iter().all(|arg| arg.ty == Type::Double))
            }
            Scalar::Like | Scalar::ILike => 8,
            Scalar::RegexpMatches | Scalar::RegexpFullMatch => 64,
            _ => 4,
        }
    }
    of(expr) + if can_fail(expr) { 1 << 16 } else { 0 }
}
