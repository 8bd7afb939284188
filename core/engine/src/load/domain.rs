//! What statistics say of the values of a column in a row group or a page.
//!
//! Bounds are bounds: a text may have been cut off when they were written, so no value need be equal to one.
//! Source: <https://parquet.apache.org/docs/file-format/metadata/>, `Statistics`, `ColumnIndex` and `ColumnOrder` in parquet.thrift.

use std::cmp::Ordering;

use almanac_model::format::parse_date;
use almanac_model::manifest::Bound;
use almanac_model::{Type, Value};
use arrow::datatypes::{DataType, TimeUnit};
use parquet::basic::{ColumnOrder, SortOrder};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;

use crate::physical::compare_doubles;

/// An end of a range of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Edge {
    /// Integers, Booleans, days, microseconds.
    Int(i64),
    /// NaN is the largest.
    Double(f64),
    /// A text, possibly cut off between two bytes of a character.
    Text(Vec<u8>),
}

impl Edge {
    /// The edge that a constant is.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Boolean(truth) => Self::Int(i64::from(*truth)),
            Value::Int(n) | Value::Time(n) | Value::Timestamp(n) => Self::Int(*n),
            Value::Date(days) => Self::Int(i64::from(*days)),
            Value::Double(x) => Self::Double(*x),
            Value::Text(text) => Self::Text(text.clone().into_bytes()),
            Value::Null | Value::Interval(_) | Value::List(_) | Value::Struct(_) => return None,
        })
    }

    /// Their order; `None` when they are of different kinds.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Double(a), Self::Double(b)) => Some(compare_doubles(*a, *b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

/// What is known of some values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Domain {
    /// No value is below; `None` when nothing is known.
    pub(crate) low: Option<Edge>,
    /// No value, NaN aside, is above.
    pub(crate) high: Option<Edge>,
    /// Whether NULL may be among them.
    pub(crate) nulls: bool,
    /// Whether NaN may be among them.
    pub(crate) nan: bool,
    /// Whether anything but NULL and NaN may be among them.
    pub(crate) values: bool,
}

impl Domain {
    /// Anything can be among them.
    pub(crate) fn anything() -> Self {
        Self { low: None, high: None, nulls: true, nan: true, values: true }
    }

    /// The one value of a constant.
    pub(crate) fn constant(value: &Value) -> Self {
        match Edge::of(value) {
            Some(Edge::Double(x)) if x.is_nan() => Self { nan: true, nulls: false, values: false, ..Self::anything() },
            Some(edge) => Self { low: Some(edge.clone()), high: Some(edge), nulls: false, nan: false, values: true },
            None if *value == Value::Null => Self { nan: false, values: false, ..Self::anything() },
            None => Self::anything(),
        }
    }

    /// What the manifest says of a column without NULL.
    pub(crate) fn between(ty: Type, (low, high): &(Bound, Bound)) -> Self {
        let edge = |bound: &Bound| match (ty, bound) {
            (Type::Integer | Type::BigInt, Bound::Int(n)) => Some(Edge::Int(*n)),
            (Type::Date, Bound::Text(date)) => parse_date(date).map(|days| Edge::Int(i64::from(days))),
            (Type::Varchar, Bound::Text(text)) => Some(Edge::Text(text.clone().into_bytes())),
            _ => None,
        };
        match (edge(low), edge(high)) {
            (Some(low), Some(high)) => {
                Self { low: Some(low), high: Some(high), nulls: false, nan: false, values: true }
            }
            _ => Self::anything(),
        }
    }

    /// Of `rows` values with these bounds; bounds that are NaN say nothing.
    fn new(edges: (Option<Edge>, Option<Edge>), nulls: Option<u64>, rows: u64, may_be_nan: bool) -> Self {
        let sound = |edge: &Edge| !matches!(edge, Edge::Double(x) if x.is_nan());
        let values = nulls != Some(rows);
        Self {
            low: edges.0.filter(sound),
            high: edges.1.filter(sound),
            nulls: nulls != Some(0),
            nan: may_be_nan && values,
            values,
        }
    }

    /// The lower end, NaN counted.
    pub(crate) fn lowest(&self) -> Option<Edge> {
        if self.values { self.low.clone() } else { Some(Edge::Double(f64::NAN)) }
    }

    /// The upper end, NaN counted.
    pub(crate) fn highest(&self) -> Option<Edge> {
        if self.nan { Some(Edge::Double(f64::NAN)) } else { self.high.clone() }
    }

    /// NULL, NaN and other values taken apart: whatever a row holds is in one of them.
    pub(crate) fn classes(&self) -> Vec<Self> {
        let none = Self { nulls: false, nan: false, values: false, ..self.clone() };
        let mut out = Vec::with_capacity(3);
        if self.values {
            out.push(Self { values: true, ..none.clone() });
        }
        if self.nan {
            out.push(Self { nan: true, ..none.clone() });
        }
        if self.nulls {
            out.push(Self { nulls: true, ..none });
        }
        out
    }

    /// The one value of every row, when there is no other; never of doubles, whose zeros are two.
    pub(crate) fn only(&self) -> Option<Option<&Edge>> {
        match (&self.low, &self.high) {
            _ if !self.values && !self.nan => Some(None),
            (Some(low), Some(high)) if !self.nulls && !self.nan && low == high && !matches!(low, Edge::Double(_)) => {
                Some(Some(low))
            }
            _ => None,
        }
    }
}

/// What statistics say exactly of the values of a chunk.
#[derive(Debug)]
pub(crate) struct Exact {
    /// How many are NULL.
    pub(crate) nulls: u64,
    /// The least of the others; `None` when it is not known, or there is none.
    pub(crate) low: Option<Edge>,
    /// The greatest of them.
    pub(crate) high: Option<Edge>,
}

/// How a column's bounds in the file become bounds of the values it has when it is loaded.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// The column's Arrow type in the file.
    pub(crate) data_type: DataType,
    /// The order the bounds are kept in.
    pub(crate) order: ColumnOrder,
}

impl Reading {
    /// What the footer says of a chunk of `rows` rows.
    pub(crate) fn of_chunk(&self, chunk: &ColumnChunkMetaData, rows: u64) -> Domain {
        let Some(stats) = chunk.statistics() else { return self.unknown() };
        let nan = self.may_be_nan(stats.nan_count_opt());
        if stats.is_min_max_deprecated() || self.order == ColumnOrder::UNKNOWN {
            return Domain::new((None, None), stats.null_count_opt(), rows, nan);
        }
        let edges = match stats {
            Statistics::Boolean(typed) => self.both(typed.min_opt(), typed.max_opt(), |b| self.int(i64::from(*b))),
            Statistics::Int32(typed) => self.both(typed.min_opt(), typed.max_opt(), |n| self.int32(*n)),
            Statistics::Int64(typed) => self.both(typed.min_opt(), typed.max_opt(), |n| self.int64(*n)),
            Statistics::Float(typed) => self.both(typed.min_opt(), typed.max_opt(), |x| self.double(f64::from(*x))),
            Statistics::Double(typed) => self.both(typed.min_opt(), typed.max_opt(), |x| self.double(*x)),
            Statistics::ByteArray(typed) => self.both(typed.min_opt(), typed.max_opt(), |text| self.text(text.data())),
            Statistics::FixedLenByteArray(typed) => {
                self.both(typed.min_opt(), typed.max_opt(), |bytes| self.decimal_bytes(bytes.data()))
            }
            Statistics::Int96(_) => (None, None),
        };
        Domain::new(edges, stats.null_count_opt(), rows, nan)
    }

    /// What the footer says exactly of a chunk of `rows` rows; `None` when it does not count its NULLs.
    pub(crate) fn exact(&self, chunk: &ColumnChunkMetaData, rows: u64) -> Option<Exact> {
        let stats = chunk.statistics()?;
        let nulls = stats.null_count_opt()?;
        let domain = self.of_chunk(chunk, rows);
        // Decimals are rounded when they are read; of two zeros writers put down the outer one.
        let is_value = |edge: &Edge| match edge {
            Edge::Double(x) => self.data_type.is_floating() && !domain.nan && *x != 0.0,
            Edge::Int(_) | Edge::Text(_) => true,
        };
        let low = domain.low.clone().filter(|edge| stats.min_is_exact() && is_value(edge));
        let high = domain.high.clone().filter(|edge| stats.max_is_exact() && is_value(edge));
        Some(Exact { nulls, low, high })
    }

    /// What the page index says of a page of `rows` rows.
    pub(crate) fn of_page(&self, index: &ColumnIndexMetaData, page: usize, rows: u64) -> Domain {
        use ColumnIndexMetaData as Index;
        let nulls = index.null_count(page).and_then(|count| u64::try_from(count).ok());
        if index.is_null_page(page) {
            return Domain::new((None, None), Some(rows), rows, false);
        }
        let nan = self.may_be_nan(index.nan_count(page).and_then(|count| u64::try_from(count).ok()));
        if self.order == ColumnOrder::UNKNOWN {
            return Domain::new((None, None), nulls, rows, nan);
        }
        let edges = match index {
            Index::BOOLEAN(i) => self.both(i.min_value(page), i.max_value(page), |b| self.int(i64::from(*b))),
            Index::INT32(i) => self.both(i.min_value(page), i.max_value(page), |n| self.int32(*n)),
            Index::INT64(i) => self.both(i.min_value(page), i.max_value(page), |n| self.int64(*n)),
            Index::FLOAT(i) => self.both(i.min_value(page), i.max_value(page), |x| self.double(f64::from(*x))),
            Index::DOUBLE(i) => self.both(i.min_value(page), i.max_value(page), |x| self.double(*x)),
            Index::BYTE_ARRAY(i) => self.both(i.min_value(page), i.max_value(page), |text| self.text(text)),
            Index::FIXED_LEN_BYTE_ARRAY(i) => {
                self.both(i.min_value(page), i.max_value(page), |bytes| self.decimal_bytes(bytes))
            }
            Index::INT96(_) => (None, None),
        };
        Domain::new(edges, nulls, rows, nan)
    }

    fn unknown(&self) -> Domain {
        Domain { nan: self.may_be_nan(None), ..Domain::anything() }
    }

    fn may_be_nan(&self, count: Option<u64>) -> bool {
        self.data_type.is_floating() && count != Some(0)
    }

    fn both<T: ?Sized>(
        &self,
        min: Option<&T>,
        max: Option<&T>,
        edge: impl Fn(&T) -> Option<Edge>,
    ) -> (Option<Edge>, Option<Edge>) {
        (min.and_then(&edge), max.and_then(&edge))
    }

    /// Whether bounds are in the order of unsigned bytes and numbers; a file that does not say may mean another.
    fn is_unsigned(&self) -> bool {
        matches!(self.order, ColumnOrder::TYPE_DEFINED_ORDER(SortOrder::UNSIGNED))
    }

    fn int(&self, n: i64) -> Option<Edge> {
        (self.data_type == DataType::Boolean).then_some(Edge::Int(n))
    }

    fn int32(&self, n: i32) -> Option<Edge> {
        match &self.data_type {
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Date32 => Some(Edge::Int(i64::from(n))),
            // Values of 16 bits are not negative in 32, so the order does not matter.
            DataType::UInt8 | DataType::UInt16 => (n >= 0).then_some(Edge::Int(i64::from(n))),
            DataType::UInt32 => self.is_unsigned().then_some(Edge::Int(i64::from(n.cast_unsigned()))),
            DataType::Time32(TimeUnit::Millisecond) => Some(Edge::Int(i64::from(n) * 1_000)),
            _ => self.decimal(i128::from(n)),
        }
    }

    fn int64(&self, n: i64) -> Option<Edge> {
        match &self.data_type {
            DataType::Int64 => Some(Edge::Int(n)),
            DataType::UInt64 => (self.is_unsigned() && n >= 0).then_some(Edge::Int(n)),
            DataType::Timestamp(unit, _) | DataType::Time64(unit) => match unit {
                TimeUnit::Second => n.checked_mul(1_000_000),
                TimeUnit::Millisecond => n.checked_mul(1_000),
                TimeUnit::Microsecond => Some(n),
                // As the conversion of the values does: towards zero, which keeps their order.
                TimeUnit::Nanosecond => Some(n / 1_000),
            }
            .map(Edge::Int),
            _ => self.decimal(i128::from(n)),
        }
    }

    fn double(&self, x: f64) -> Option<Edge> {
        matches!(self.data_type, DataType::Float32 | DataType::Float64).then_some(Edge::Double(x))
    }

    fn text(&self, bytes: &[u8]) -> Option<Edge> {
        let is_text = matches!(self.data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        (is_text && self.is_unsigned()).then(|| Edge::Text(bytes.to_vec()))
    }

    /// A decimal as the double it becomes: rounding keeps the order.
    fn decimal(&self, unscaled: i128) -> Option<Edge> {
        match self.data_type {
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
                Some(Edge::Double(unscaled as f64 / 10_f64.powi(i32::from(scale))))
            }
            _ => None,
        }
    }

    /// Big-endian, two's complement.
    fn decimal_bytes(&self, bytes: &[u8]) -> Option<Edge> {
        let (first, _) = bytes.split_first().filter(|_| bytes.len() <= 16)?;
        let sign = if first & 0x80 == 0 { 0 } else { -1 };
        self.decimal(bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte)))
    }
}
