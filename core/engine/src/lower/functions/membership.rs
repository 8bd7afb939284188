//! `IN` over constants, with SQL's three answers: no match among values of which one is NULL is NULL.

use almanac_model::{Type, Value};
use polars_core::prelude::{Column, PlHashSet};

use crate::interval_bytes::{encode, key};
use crate::lower::call::{Answer, Call};
use crate::nested;
use crate::physical::{Cells, double_bits};

/// The constants, made ready for many questions.
#[derive(Debug, Clone)]
pub(crate) struct List {
    values: Values,
    has_null: bool,
}

#[derive(Debug, Clone)]
enum Values {
    Bools([bool; 2]),
    Ints(PlHashSet<i64>),
    Doubles(PlHashSet<u64>),
    Texts(PlHashSet<String>),
    Intervals(PlHashSet<Vec<u8>>),
}

impl List {
    /// Constants of type `ty`.
    pub(crate) fn new(list: &[Value], ty: Type) -> Self {
        let has_null = list.contains(&Value::Null);
        let values = match ty {
            Type::Null | Type::Boolean => {
                Values::Bools([list.contains(&Value::Boolean(false)), list.contains(&Value::Boolean(true))])
            }
            Type::Integer | Type::BigInt | Type::Date | Type::Time | Type::Timestamp => Values::Ints(
                list.iter()
                    .filter_map(|value| match value {
                        Value::Int(n) | Value::Time(n) | Value::Timestamp(n) => Some(*n),
                        Value::Date(days) => Some(i64::from(*days)),
                        _ => None,
                    })
                    .collect(),
            ),
            Type::Double => Values::Doubles(
                list.iter()
                    .filter_map(|value| match value {
                        Value::Double(x) => Some(double_bits(*x)),
                        Value::Int(n) => Some(double_bits(*n as f64)),
                        _ => None,
                    })
                    .collect(),
            ),
            Type::Varchar => Values::Texts(
                list.iter()
                    .filter_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None })
                    .collect(),
            ),
            Type::Interval => Values::Intervals(
                list.iter()
                    .filter_map(|value| {
                        if let Value::Interval(parts) = value { Some(key(&encode(*parts)).to_vec()) } else { None }
                    })
                    .collect(),
            ),
            Type::List(_) | Type::Struct(_) => Values::Intervals(
                list.iter().filter(|value| **value != Value::Null).map(|value| nested::encode(value, ty)).collect(),
            ),
        };
        Self { values, has_null }
    }

    /// Whether each value of the one argument is in the list.
    pub(crate) fn contains(&self, call: &Call<'_>) -> Answer<Column> {
        let cells = Cells::new(call.arg(0)?)?;
        let found = |row: usize| match (&self.values, &cells) {
            (Values::Bools(set), Cells::Bools(values)) => values.get(row).map(|b| set[usize::from(b)]),
            (Values::Ints(set), Cells::Ints(values)) => values.get(row).map(|n| set.contains(&n)),
            (Values::Doubles(set), Cells::Doubles(values)) => values.get(row).map(|x| set.contains(&double_bits(x))),
            (Values::Texts(set), Cells::Texts(values)) => values.get(row).map(|text| set.contains(text)),
            (Values::Intervals(set), Cells::Intervals(values)) => values.key(row).map(|key| set.contains(key)),
            _ => None,
        };
        call.bools(|row| Ok(found(row).and_then(|found| if found || !self.has_null { Some(found) } else { None })))
    }
}
