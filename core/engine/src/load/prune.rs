//! Whether a condition can be true of any row of a row group or a page, by what statistics say of its columns.
//!
//! **Invariant:** the answer may be "yes" too often, never "no" wrongly: whatever is not understood can be anything. The condition
//! itself is still evaluated over the rows that are left.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use almanac_model::{Type, Value};
use almanac_sql::functions::Scalar;
use almanac_sql::plan::{ColumnId, Expr, ExprKind, Field};

use super::domain::{Domain, Edge};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The condition on the rows of a scan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Condition<'a> {
    /// Of type BOOLEAN, over the scan's columns.
    pub(crate) predicate: &'a Expr,
    /// The scan's columns: names in the table and fields in the query.
    pub(crate) columns: &'a [(String, Field)],
}

impl<'a> Condition<'a> {
    /// The name of a column of the scan.
    pub(crate) fn name(&self, id: ColumnId) -> Option<&'a str> {
        self.columns.iter().find(|(_, field)| field.id == id).map(|(name, _)| name.as_str())
    }

    /// The parts that must all be true, those of one column together; `None` for parts that read several or none.
    pub(crate) fn parts(&self) -> Vec<(Option<ColumnId>, Vec<&'a Expr>)> {
        let mut out: Vec<(Option<ColumnId>, Vec<&Expr>)> = Vec::new();
        let mut rest = vec![self.predicate];
        while let Some(expr) = rest.pop() {
            if let ExprKind::Call(Scalar::And, args) = &expr.kind {
                rest.extend(args);
                continue;
            }
            let mut read = BTreeSet::new();
            columns_of(expr, &mut read);
            let one = read.first().copied().filter(|_| read.len() == 1);
            match out.iter_mut().find(|(column, _)| *column == one) {
                Some((_, parts)) => parts.push(expr),
                None => out.push((one, vec![expr])),
            }
        }
        out
    }

    /// Whether a row can pass.
    pub(crate) fn may_pass(&self, domain: &dyn Fn(ColumnId) -> Domain) -> bool {
        self.parts().into_iter().all(|(column, parts)| match column {
            Some(column) => may_pass_all(column, &parts, &domain(column)),
            None => parts.iter().all(|part| truth(part, domain).yes),
        })
    }

    /// Whether every row passes: no part can be false or NULL.
    pub(crate) fn must_pass(&self, domain: &dyn Fn(ColumnId) -> Domain) -> bool {
        let holds = |parts: &[&Expr], domain: &dyn Fn(ColumnId) -> Domain| {
            parts.iter().map(|part| truth(part, domain)).all(|truth| !truth.no && !truth.null)
        };
        self.parts().into_iter().all(|(column, parts)| match column {
            Some(column) => domain(column)
                .classes()
                .iter()
                .all(|class| holds(&parts, &|id| if id == column { class.clone() } else { Domain::anything() })),
            None => holds(&parts, domain),
        })
    }
}

/// Whether a value of the column can pass all parts, which read no other column.
pub(crate) fn may_pass_all(column: ColumnId, parts: &[&Expr], domain: &Domain) -> bool {
    let classes = domain.classes();
    classes.iter().any(|class| {
        let of = |id: ColumnId| if id == column { class.clone() } else { Domain::anything() };
        parts.iter().all(|part| truth(part, &of).yes)
    })
}

fn columns_of(expr: &Expr, out: &mut BTreeSet<ColumnId>) {
    match &expr.kind {
        ExprKind::Column(id) => {
            out.insert(*id);
        }
        ExprKind::Literal(_) | ExprKind::Element(_) => {}
        ExprKind::Call(_, args) => args.iter().for_each(|arg| columns_of(arg, out)),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => columns_of(input, out),
        ExprKind::Case { branches, otherwise } => {
            for (when, then) in branches {
                columns_of(when, out);
                columns_of(then, out);
            }
            columns_of(otherwise, out);
        }
    }
}

/// Which answers a Boolean expression can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Truth {
    yes: bool,
    no: bool,
    null: bool,
}

impl Truth {
    const ANY: Self = Self { yes: true, no: true, null: true };

    fn of(domain: &Domain) -> Self {
        let has = domain.values;
        let at_most = |bound: &Option<Edge>, n: i64| !matches!(bound, Some(Edge::Int(edge)) if *edge > n);
        let at_least = |bound: &Option<Edge>, n: i64| !matches!(bound, Some(Edge::Int(edge)) if *edge < n);
        Self { yes: has && at_least(&domain.high, 1), no: has && at_most(&domain.low, 0), null: domain.nulls }
    }
}

fn truth(expr: &Expr, domain: &dyn Fn(ColumnId) -> Domain) -> Truth {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) if expr.ty == Type::Boolean => Truth::of(&values(expr, domain)),
        ExprKind::Call(function, args) => call(*function, args, domain),
        ExprKind::InList { input, list } => {
            let input = values(input, domain);
            let yes = list.iter().any(|value| *value != Value::Null && may_equal(&input, &Domain::constant(value)));
            let some = input.values || input.nan;
            Truth { yes: some && yes, no: some, null: input.nulls || list.contains(&Value::Null) }
        }
        _ => Truth::ANY,
    }
}

fn call(function: Scalar, args: &[Expr], domain: &dyn Fn(ColumnId) -> Domain) -> Truth {
    match (function, args) {
        (Scalar::And, args) => {
            args.iter().map(|arg| truth(arg, domain)).fold(Truth { yes: true, no: false, null: false }, |all, one| {
                Truth {
                    yes: all.yes && one.yes,
                    no: all.no || one.no,
                    null: (all.null && (one.null || one.yes)) || (one.null && (all.null || all.yes)),
                }
            })
        }
        (Scalar::Or, args) => {
            args.iter().map(|arg| truth(arg, domain)).fold(Truth { yes: false, no: true, null: false }, |any, one| {
                Truth {
                    yes: any.yes || one.yes,
                    no: any.no && one.no,
                    null: (any.null && (one.null || one.no)) || (one.null && (any.null || any.no)),
                }
            })
        }
        (Scalar::Not, [arg]) => {
            let arg = truth(arg, domain);
            Truth { yes: arg.no, no: arg.yes, null: arg.null }
        }
        (Scalar::IsNull | Scalar::IsNotNull, [arg]) => {
            let (some, null) = if arg.ty == Type::Boolean {
                let arg = truth(arg, domain);
                (arg.yes || arg.no, arg.null)
            } else {
                let arg = values(arg, domain);
                (arg.values || arg.nan, arg.nulls)
            };
            if function == Scalar::IsNull {
                Truth { yes: null, no: some, null: false }
            } else {
                Truth { yes: some, no: null, null: false }
            }
        }
        (Scalar::Eq | Scalar::NotEq | Scalar::Lt | Scalar::LtEq | Scalar::Gt | Scalar::GtEq, [a, b]) => {
            compare(function, &values(a, domain), &values(b, domain))
        }
        (Scalar::Like, [text, pattern]) => {
            starts(text, pattern, domain, |pattern| pattern.split(['%', '_']).next().unwrap_or_default())
        }
        (Scalar::StartsWith, [text, prefix]) => starts(text, prefix, domain, |prefix| prefix),
        _ => Truth::ANY,
    }
}

/// A text that must start with a part of a constant.
fn starts(text: &Expr, constant: &Expr, domain: &dyn Fn(ColumnId) -> Domain, part: fn(&str) -> &str) -> Truth {
    let ExprKind::Literal(Value::Text(constant)) = &constant.kind else { return Truth::ANY };
    let prefix = part(constant).as_bytes();
    let text = values(text, domain);
    let above = matches!(&text.high, Some(Edge::Text(high)) if high.as_slice() < prefix);
    let below = matches!(&text.low, Some(Edge::Text(low)) if &low[..low.len().min(prefix.len())] > prefix);
    Truth { yes: text.values && !above && !below, no: text.values, null: text.nulls }
}

fn compare(function: Scalar, a: &Domain, b: &Domain) -> Truth {
    let null = a.nulls || b.nulls;
    if !(a.values || a.nan) || !(b.values || b.nan) {
        return Truth { yes: false, no: false, null };
    }
    let may_be_less = may_be(a, b, |order| order == Ordering::Less);
    let may_be_more = may_be(b, a, |order| order == Ordering::Less);
    let may_equal = may_equal(a, b);
    let (yes, no) = match function {
        Scalar::Eq => (may_equal, may_be_less || may_be_more),
        Scalar::NotEq => (may_be_less || may_be_more, may_equal),
        Scalar::Lt => (may_be_less, may_be_more || may_equal),
        Scalar::LtEq => (may_be_less || may_equal, may_be_more),
        Scalar::Gt => (may_be_more, may_be_less || may_equal),
        _ => (may_be_more || may_equal, may_be_less),
    };
    Truth { yes, no, null }
}

/// Whether the lowest of `a` and the highest of `b` can be in that order; unknown ends can.
fn may_be(a: &Domain, b: &Domain, order: fn(Ordering) -> bool) -> bool {
    match (a.lowest(), b.highest()) {
        (Some(low), Some(high)) => low.compare(&high).is_none_or(order),
        _ => true,
    }
}

fn may_equal(a: &Domain, b: &Domain) -> bool {
    (a.values || a.nan) && (b.values || b.nan) && may_be(a, b, Ordering::is_le) && may_be(b, a, Ordering::is_le)
}

/// What values an expression can have.
fn values(expr: &Expr, domain: &dyn Fn(ColumnId) -> Domain) -> Domain {
    match &expr.kind {
        ExprKind::Column(id) => domain(*id),
        ExprKind::Literal(value) => Domain::constant(value),
        ExprKind::Cast { input, .. } => {
            let inner = values(input, domain);
            // Conversions that keep the order of values, and NULL.
            let convert: fn(Edge) -> Option<Edge> = match (input.ty, expr.ty) {
                (from, to) if from == to => Some,
                (Type::Integer, Type::BigInt) => Some,
                (Type::Integer | Type::BigInt, Type::Double) => |edge| match edge {
                    Edge::Int(n) => Some(Edge::Double(n as f64)),
                    _ => None,
                },
                (Type::Date, Type::Timestamp) => |edge| match edge {
                    Edge::Int(days) => days.checked_mul(MICROS_PER_DAY).map(Edge::Int),
                    _ => None,
                },
                _ => return Domain::anything(),
            };
            Domain { low: inner.low.and_then(convert), high: inner.high.and_then(convert), ..inner }
        }
        _ => Domain::anything(),
    }
}
