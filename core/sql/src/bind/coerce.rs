//! Implicit conversions, as DuckDB makes them: numbers widen, dates become timestamps, literal texts become what is asked for.

use almanac_model::{Diagnostic, Span, Type, Value};

use super::Binder;
use crate::literal;
use crate::plan::{Expr, ExprKind};
use crate::walk;

/// Whether it is a text written in the query.
pub(crate) fn is_text_literal(expr: &Expr) -> bool {
    expr.ty == Type::Varchar && matches!(expr.kind, ExprKind::Literal(Value::Text(_)))
}

/// The type both convert to without a loss that matters; `None` when there is none.
pub(crate) fn common(a: Type, b: Type) -> Option<Type> {
    use Type::{BigInt, Boolean, Date, Double, Integer, Null, Timestamp};
    Some(match (a, b) {
        _ if a == b => a,
        (Null, other) | (other, Null) => other,
        (Integer, BigInt) | (BigInt, Integer) => BigInt,
        (Integer | BigInt, Double) | (Double, Integer | BigInt) => Double,
        (Date, Timestamp) | (Timestamp, Date) => Timestamp,
        (Boolean, Integer) | (Integer, Boolean) => Integer,
        (Type::List(a), Type::List(b)) => Type::list(common(a.element(), b.element())?),
        (Type::Struct(a), Type::Struct(b)) => common_struct(a.fields(), b.fields())?,
        _ => return None,
    })
}

/// Fields of the same names in the same order.
fn common_struct(a: &[(String, Type)], b: &[(String, Type)]) -> Option<Type> {
    let fields = a.iter().zip(b).map(|((name, a), (other, b))| {
        name.eq_ignore_ascii_case(other).then(|| Some((name.clone(), common(*a, *b)?))).flatten()
    });
    (a.len() == b.len()).then(|| fields.collect::<Option<Vec<_>>>().map(Type::record)).flatten()
}

/// How far a type is from another; `None` when it does not convert by itself.
pub(crate) fn distance(expr: &Expr, to: Type) -> Option<u32> {
    use Type::{BigInt, Date, Double, Integer, Null, Timestamp};
    Some(match (expr.ty, to) {
        (from, to) if from == to => 0,
        (Null, _) => 1,
        (Integer, BigInt) => 1,
        (Integer | BigInt, Double) => 3,
        (BigInt, Integer) if matches!(expr.kind, ExprKind::Literal(_)) => 2,
        (Date, Timestamp) => 2,
        (from, to) if from.is_nested() && to.is_nested() && common(from, to) == Some(to) => 3,
        (_, to) if is_text_literal(expr) && !to.is_nested() => match to {
            Date => 10,
            Timestamp => 11,
            BigInt => 13,
            Double => 14,
            _ => 12,
        },
        _ => return None,
    })
}

impl Binder<'_> {
    /// Converts where that needs no CAST in the text; an error otherwise.
    pub(crate) fn coerce(&mut self, expr: Expr, to: Type) -> Expr {
        if expr.ty == to {
            return expr;
        }
        if is_text_literal(&expr) {
            return self.text_literal_to(expr, to);
        }
        let numeric_boolean =
            expr.ty == Type::Boolean && to.is_integer() || expr.ty.is_integer() && to == Type::Boolean;
        if numeric_boolean || distance(&expr, to).is_some() {
            return walk::cast(expr, to);
        }
        let problem = Diagnostic::error("type-mismatch", expr.span, format!("expected {to}, this is {}", expr.ty))
            .hint(format!("convert it: `cast(… as {to})`"));
        self.report(problem);
        walk::literal(Value::Null, to, expr.span)
    }

    /// A text of the query as a value of another type.
    pub(crate) fn text_literal_to(&mut self, expr: Expr, to: Type) -> Expr {
        let ExprKind::Literal(Value::Text(text)) = &expr.kind else { return expr };
        match literal::convert(text, to) {
            Ok(value) => walk::literal(value, to, expr.span),
            Err(wanted) => {
                let problem =
                    Diagnostic::error("invalid-literal", expr.span, format!("`{text}` is not a {to}")).hint(wanted);
                self.report(problem);
                walk::literal(Value::Null, to, expr.span)
            }
        }
    }

    /// Converts all to the type they have in common. Literal texts adapt to the others.
    pub(crate) fn unify(&mut self, exprs: Vec<Expr>, span: Span, what: &str) -> (Vec<Expr>, Type) {
        let mut ty = Type::Null;
        let mut texts = false;
        for expr in &exprs {
            if is_text_literal(expr) {
                texts = true;
                continue;
            }
            match common(ty, expr.ty) {
                Some(wider) => ty = wider,
                None => {
                    let problem = Diagnostic::error(
                        "type-mismatch",
                        span,
                        format!("{what} {ty} and {} do not go together", expr.ty),
                    )
                    .hint(format!("convert one side: `cast(… as {ty})`"));
                    self.report(problem);
                    return (exprs.iter().map(|expr| walk::literal(Value::Null, ty, expr.span)).collect(), ty);
                }
            }
        }
        if ty == Type::Null && texts {
            ty = Type::Varchar;
        }
        (exprs.into_iter().map(|expr| self.coerce(expr, ty)).collect(), ty)
    }

    /// To BOOLEAN, for conditions.
    pub(crate) fn condition(&mut self, expr: Expr) -> Expr {
        self.coerce(expr, Type::Boolean)
    }
}
