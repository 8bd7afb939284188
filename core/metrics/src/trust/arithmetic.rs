//! Expressions over the values of metrics: the right side of an identity.

use crate::tree::{Binary, Expr, Unary};
use almanac_model::Value;

/// The value of an expression whose columns are metrics. `None` where an input is unknown, or for what is no arithmetic.
pub(super) fn value(expression: &Expr, of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    match expression {
        Expr::Column { name, .. } => of(name),
        Expr::Literal(Value::Int(number)) => Some(*number as f64),
        Expr::Literal(Value::Double(number)) => Some(*number),
        Expr::Unary(Unary::Negative, x) => Some(-value(x, of)?),
        Expr::Binary(a, operator, b) => {
            let (a, b) = (value(a, of)?, value(b, of)?);
            match operator {
                Binary::Add => Some(a + b),
                Binary::Subtract => Some(a - b),
                Binary::Multiply => Some(a * b),
                Binary::Divide => (b != 0.0).then(|| a / b),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether two values are the same but for the order in which doubles were added.
pub(super) fn same(a: f64, b: f64, absolute: f64, relative: f64) -> bool {
    (a - b).abs() <= absolute + relative * a.abs().max(b.abs())
}
