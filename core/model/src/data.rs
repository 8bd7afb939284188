//! A result as plain data: named, typed columns of equal length.

use crate::types::{Interval, Type, Value};
use serde::{Deserialize, Serialize};

/// A table of values, small enough to draw or to show; the large ones stay in the engine and are read in pages.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Table {
    /// Columns in order; names may repeat, as in SQL.
    pub columns: Vec<Column>,
    /// Length of every column.
    pub rows: usize,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The output name.
    pub name: String,
    /// The SQL type; `values` holds the matching variant.
    pub ty: Type,
    /// One entry a row.
    pub values: Values,
}

/// The values of a column, `None` for NULL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// So many NULLs of no type.
    Null(usize),
    /// [`Type::Boolean`].
    Boolean(Vec<Option<bool>>),
    /// [`Type::Integer`] and [`Type::BigInt`].
    Int(Vec<Option<i64>>),
    /// [`Type::Double`].
    Double(Vec<Option<f64>>),
    /// [`Type::Varchar`].
    Text(Vec<Option<String>>),
    /// [`Type::Date`], days since 1970-01-01.
    Date(Vec<Option<i32>>),
    /// [`Type::Time`], microseconds since midnight.
    Time(Vec<Option<i64>>),
    /// [`Type::Timestamp`], microseconds since 1970-01-01.
    Timestamp(Vec<Option<i64>>),
    /// [`Type::Interval`].
    Interval(Vec<Option<Interval>>),
    /// [`Type::List`] and [`Type::Struct`].
    Nested(Vec<Value>),
}

impl Values {
    /// The value of a row; [`Value::Null`] past the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Value {
        fn at<T: Clone>(values: &[Option<T>], row: usize, make: impl Fn(T) -> Value) -> Value {
            values.get(row).cloned().flatten().map_or(Value::Null, make)
        }
        match self {
            Self::Null(_) => Value::Null,
            Self::Boolean(v) => at(v, row, Value::Boolean),
            Self::Int(v) => at(v, row, Value::Int),
            Self::Double(v) => at(v, row, Value::Double),
            Self::Text(v) => at(v, row, Value::Text),
            Self::Date(v) => at(v, row, Value::Date),
            Self::Time(v) => at(v, row, Value::Time),
            Self::Timestamp(v) => at(v, row, Value::Timestamp),
            Self::Interval(v) => at(v, row, Value::Interval),
            Self::Nested(v) => v.get(row).cloned().unwrap_or(Value::Null),
        }
    }
}

impl Table {
    /// The first column of that name, letter case aside, as SQL looks names up.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}
