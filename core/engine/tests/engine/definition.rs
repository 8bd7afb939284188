//! Filters, keys and aggregates by their definition, row by row.

use std::cmp::Ordering;

use almanac_model::{Type, Value};
use almanac_sql::functions::{Aggregate, Scalar};
use almanac_sql::plan::{AggregateCall, Expr, ExprKind};

use crate::common::*;

/// A value that does not fit.
#[derive(Debug)]
pub struct Overflow;

pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return None,
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan())),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        other => panic!("{other:?}"),
    })
}

/// The value of an expression for a row.
pub fn value(expr: &Expr, row: &[Value]) -> Result<Value, Overflow> {
    let truth = |b: Option<bool>| b.map_or(NULL, Value::Boolean);
    let known = |value: &Value| if let Value::Boolean(b) = value { Some(*b) } else { None };
    let (function, args) = match &expr.kind {
        ExprKind::Column(id) => return Ok(row[id.0 as usize].clone()),
        ExprKind::Literal(value) => return Ok(value.clone()),
        ExprKind::Element(_) => unreachable!("no lambdas here"),
        ExprKind::Cast { input, .. } => {
            return Ok(match (value(input, row)?, expr.ty) {
                (Value::Int(n), Type::Double) => Value::Double(n as f64),
                (value, _) => value,
            });
        }
        ExprKind::Case { branches, otherwise } => {
            for (when, then) in branches {
                if value(when, row)? == Value::Boolean(true) {
                    return value(then, row);
                }
            }
            return value(otherwise, row);
        }
        ExprKind::InList { input, list } => {
            let held = value(input, row)?;
            let found = list.iter().any(|item| compare(&held, item) == Some(Ordering::Equal));
            return Ok(match (held, found) {
                (Value::Null, _) => NULL,
                (_, false) if list.contains(&NULL) => NULL,
                (_, found) => Value::Boolean(found),
            });
        }
        ExprKind::Call(function, args) => (*function, args),
    };
    if function == Scalar::Coalesce {
        for arg in args {
            let value = value(arg, row)?;
            if value != NULL {
                return Ok(value);
            }
        }
        return Ok(NULL);
    }
    let values = args.iter().map(|arg| value(arg, row)).collect::<Result<Vec<_>, _>>()?;
    let order = || compare(&values[0], &values[1]);
    Ok(match function {
        Scalar::Eq => truth(order().map(Ordering::is_eq)),
        Scalar::NotEq => truth(order().map(Ordering::is_ne)),
        Scalar::Lt => truth(order().map(Ordering::is_lt)),
        Scalar::LtEq => truth(order().map(Ordering::is_le)),
        Scalar::Gt => truth(order().map(Ordering::is_gt)),
        Scalar::GtEq => truth(order().map(Ordering::is_ge)),
        Scalar::Not => truth(known(&values[0]).map(|b| !b)),
        Scalar::IsNull => Value::Boolean(values[0] == NULL),
        Scalar::IsNotNull => Value::Boolean(values[0] != NULL),
        Scalar::And | Scalar::Or => {
            let decisive = function == Scalar::Or;
            let known: Vec<Option<bool>> = values.iter().map(known).collect();
            if known.contains(&Some(decisive)) {
                Value::Boolean(decisive)
            } else {
                truth((!known.contains(&None)).then_some(!decisive))
            }
        }
        _ => match (function, values.as_slice()) {
            (_, [.., Value::Null] | [Value::Null, ..]) => NULL,
            (Scalar::Floor, [Value::Double(x)]) => Value::Double(x.floor()),
            (Scalar::Length, [Value::Text(text)]) => int(text.chars().count() as i64),
            (Scalar::DatePart(_), [Value::Date(day)]) => int(month(*day)),
            (Scalar::Add, [Value::Double(a), Value::Double(b)]) => Value::Double(a + b),
            (Scalar::Sub, [Value::Double(a), Value::Double(b)]) => Value::Double(a - b),
            (Scalar::Mul, [Value::Double(a), Value::Double(b)]) => Value::Double(a * b),
            (Scalar::Div, [Value::Double(a), Value::Double(b)]) => Value::Double(a / b),
            (Scalar::Add, [Value::Int(a), Value::Int(b)]) => int(a.checked_add(*b).ok_or(Overflow)?),
            (Scalar::Sub, [Value::Int(a), Value::Int(b)]) => int(a.checked_sub(*b).ok_or(Overflow)?),
            (Scalar::Mul, [Value::Int(a), Value::Int(b)]) => int(a.checked_mul(*b).ok_or(Overflow)?),
            other => panic!("{other:?}"),
        },
    })
}

/// The month of one of the table's days: 18,000 is 2019-04-14.
pub fn month(day: i32) -> i64 {
    let mut left = day - 17_987;
    for (at, length) in [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29, 31, 30, 31, 30, 31, 31, 30].iter().enumerate() {
        if left < *length {
            return (at as i64 + 3) % 12 + 1;
        }
        left -= length;
    }
    panic!("{day} is not one of the table's days")
}

/// A value under which equal keys are equal.
pub fn key(value: &Value) -> String {
    match value {
        Value::Double(x) => format!("{:?}", if x.is_nan() { f64::NAN } else { x + 0.0 }),
        other => format!("{other:?}"),
    }
}

pub fn folded(call: &AggregateCall, rows: &[&Vec<Value>]) -> Result<Value, Overflow> {
    let mut values = Vec::new();
    for row in rows {
        if let Some(filter) = &call.filter
            && value(filter, row)? != Value::Boolean(true)
        {
            continue;
        }
        match call.args.first() {
            Some(arg) => values.push(value(arg, row)?),
            None => values.push(Value::Boolean(true)),
        }
    }
    values.retain(|value| *value != NULL);
    let number = |value: &Value| match value {
        Value::Double(x) => *x,
        Value::Int(n) => *n as f64,
        other => panic!("{other:?}"),
    };
    let better = |wanted: Ordering| {
        values.iter().fold(NULL, |best, value| match compare(value, &best) {
            None => value.clone(),
            Some(order) if order == wanted => value.clone(),
            Some(_) => best,
        })
    };
    Ok(match call.function {
        Aggregate::CountStar | Aggregate::Count => int(values.len() as i64),
        Aggregate::CountIf => int(values.iter().filter(|value| **value == Value::Boolean(true)).count() as i64),
        Aggregate::Min => better(Ordering::Less),
        Aggregate::Max => better(Ordering::Greater),
        _ if values.is_empty() => NULL,
        Aggregate::Sum if call.ty == DBL => Value::Double(values.iter().map(number).sum()),
        Aggregate::Sum => {
            let sum =
                values.iter().map(|value| if let Value::Int(n) = value { i128::from(*n) } else { 0 }).sum::<i128>();
            int(i64::try_from(sum).map_err(|_| Overflow)?)
        }
        Aggregate::Avg => Value::Double(match &values[0] {
            Value::Int(_) => {
                let sum: i128 =
                    values.iter().map(|value| if let Value::Int(n) = value { i128::from(*n) } else { 0 }).sum();
                sum as f64 / values.len() as f64
            }
            _ => values.iter().map(number).sum::<f64>() / values.len() as f64,
        }),
        other => panic!("{other:?}"),
    })
}

/// A key's value; for functions whose value the definition does not know, one that is equal where they are.
pub fn key_value(expr: &Expr, row: &[Value]) -> Result<Value, Overflow> {
    match &expr.kind {
        ExprKind::Call(Scalar::DateTrunc(_), args) => Ok(match value(&args[0], row)? {
            Value::Date(day) => int(month(day) * 10 + i64::from(day >= 18_262)),
            _ => NULL,
        }),
        ExprKind::Call(Scalar::Upper, args) => value(&args[0], row),
        _ => value(expr, row),
    }
}
