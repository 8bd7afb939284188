//! SQL types and single values, named as DuckDB names them.

use crate::nested::{ListType, StructType};
use serde::{Deserialize, Serialize};

/// The type of a column or an expression.
///
/// Narrower Parquet types are widened when they are loaded: `TINYINT`, `SMALLINT` and unsigned ones to [`Type::Integer`] or
/// [`Type::BigInt`], `FLOAT` and `DECIMAL` to [`Type::Double`].
///
/// Serialized as the text that [`Display`](std::fmt::Display) writes: `BIGINT`, `VARCHAR[]`, `STRUCT(a BIGINT)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Type {
    /// The type of a bare `NULL`; it can become any other.
    #[default]
    Null,
    /// True or false.
    Boolean,
    /// Signed, 32 bits. Arithmetic on it is done in [`Type::BigInt`].
    Integer,
    /// Signed, 64 bits.
    BigInt,
    /// IEEE 754, 64 bits.
    Double,
    /// UTF-8 text.
    Varchar,
    /// Days since 1970-01-01, proleptic Gregorian.
    Date,
    /// Microseconds since midnight.
    Time,
    /// Microseconds since 1970-01-01T00:00:00, without a time zone.
    Timestamp,
    /// Months, days and microseconds, kept apart as in PostgreSQL.
    Interval,
    /// Any number of values of one type.
    List(ListType),
    /// One value for each of some names.
    Struct(StructType),
}

impl Type {
    /// Whether sums and averages make sense.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::BigInt | Self::Double)
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_integer(self) -> bool {
        matches!(self, Self::Integer | Self::BigInt)
    }

    /// Whether it is a point in time (not a time of day).
    #[must_use]
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Date | Self::Timestamp)
    }
}

/// A length of time whose parts do not convert into each other, as in PostgreSQL and DuckDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Interval {
    /// Calendar months.
    pub months: i32,
    /// Calendar days.
    pub days: i32,
    /// Microseconds.
    pub micros: i64,
}

/// One value of any [`Type`]. Integers of both widths are [`Value::Int`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Unknown.
    Null,
    /// [`Type::Boolean`].
    Boolean(bool),
    /// [`Type::Integer`] or [`Type::BigInt`].
    Int(i64),
    /// [`Type::Double`].
    Double(f64),
    /// [`Type::Varchar`].
    Text(String),
    /// [`Type::Date`]: days since 1970-01-01.
    Date(i32),
    /// [`Type::Time`]: microseconds since midnight.
    Time(i64),
    /// [`Type::Timestamp`]: microseconds since 1970-01-01.
    Timestamp(i64),
    /// [`Type::Interval`].
    Interval(Interval),
    /// [`Type::List`].
    List(Vec<Value>),
    /// [`Type::Struct`]: names and values in the order of the type.
    Struct(Vec<(String, Value)>),
}

impl Value {
    /// The type this value has when nothing else is known: integers are `BIGINT`.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Boolean(_) => Type::Boolean,
            Self::Int(_) => Type::BigInt,
            Self::Double(_) => Type::Double,
            Self::Text(_) => Type::Varchar,
            Self::Date(_) => Type::Date,
            Self::Time(_) => Type::Time,
            Self::Timestamp(_) => Type::Timestamp,
            Self::Interval(_) => Type::Interval,
            Self::List(items) => {
                Type::list(items.iter().map(Self::ty).find(|ty| *ty != Type::Null).unwrap_or(Type::Null))
            }
            Self::Struct(values) => {
                Type::record(values.iter().map(|(name, value)| (name.clone(), value.ty())).collect())
            }
        }
    }
}
