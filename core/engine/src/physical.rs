//! How SQL values lie in memory: one Polars type for each SQL type, and readers that hand them out row by row.
//!
//! Dates are days in `Int32`; times and timestamps are microseconds in `Int64`; intervals are 32 bytes whose first 16 order
//! them. A column of bare NULLs is a Boolean column.

use almanac_model::{Interval, Type, Value};
use polars_arrow::array::{
    Array, BinaryViewArray, BinaryViewArrayGeneric, BooleanArray, PrimitiveArray, Utf8ViewArray, ViewType,
};
use polars_core::prelude::*;

use crate::interval_bytes::{decode, encode, key};
use crate::nested;

/// The Polars type that holds values of `ty`.
pub(crate) fn dtype(ty: Type) -> DataType {
    match ty {
        Type::Null | Type::Boolean => DataType::Boolean,
        Type::Integer | Type::Date => DataType::Int32,
        Type::BigInt | Type::Time | Type::Timestamp => DataType::Int64,
        Type::Double => DataType::Float64,
        Type::Varchar => DataType::String,
        Type::Interval | Type::List(_) | Type::Struct(_) => DataType::Binary,
    }
}

/// Bytes a column takes; parts of texts that it shares with others are counted in full.
pub(crate) fn bytes_of(series: &Series) -> u64 {
    // Polars' own estimate of texts is 4 GiB where `usize` has 32 bits: it takes "not counted yet" for a length.
    match series.dtype() {
        DataType::String => series.str().map_or(0, |column| column.downcast_iter().map(bytes_of_views).sum()),
        DataType::Binary => series.binary().map_or(0, |column| column.downcast_iter().map(bytes_of_views).sum()),
        _ => series.estimated_size() as u64,
    }
}

fn bytes_of_views<T: ViewType + ?Sized>(array: &BinaryViewArrayGeneric<T>) -> u64 {
    let texts: usize = array.data_buffers().iter().map(|buffer| buffer.len()).sum();
    let nulls = array.validity().map_or(0, |validity| validity.len().div_ceil(8));
    (size_of_val(array.views().as_slice()) + texts + nulls) as u64
}

/// A constant of type `ty`. The binder has made the two agree; a value of another type becomes NULL.
pub(crate) fn scalar(value: &Value, ty: Type) -> Scalar {
    let any = match (value, ty) {
        (Value::Boolean(b), Type::Boolean) => AnyValue::Boolean(*b),
        (Value::Int(n), Type::Integer) => i32::try_from(*n).map_or(AnyValue::Null, AnyValue::Int32),
        (Value::Int(n), Type::BigInt) => AnyValue::Int64(*n),
        // Exact up to 2^53, as in any double.
        (Value::Int(n), Type::Double) => AnyValue::Float64(*n as f64),
        (Value::Double(x), Type::Double) => AnyValue::Float64(*x),
        (Value::Text(text), Type::Varchar) => AnyValue::StringOwned(text.as_str().into()),
        (Value::Date(days), Type::Date) => AnyValue::Int32(*days),
        (Value::Time(micros), Type::Time) | (Value::Timestamp(micros), Type::Timestamp) => AnyValue::Int64(*micros),
        (Value::Interval(interval), Type::Interval) => AnyValue::BinaryOwned(encode(*interval).to_vec()),
        (Value::List(_), Type::List(_)) | (Value::Struct(_), Type::Struct(_)) => {
            AnyValue::BinaryOwned(nested::encode(value, ty))
        }
        _ => AnyValue::Null,
    };
    Scalar::new(dtype(ty), any)
}

/// Values of one column, read by row; a constant answers for every row.
pub(crate) struct Reader<A> {
    array: A,
    constant: bool,
    nulls: bool,
}

impl<A: Array> Reader<A> {
    fn new(array: A, constant: bool) -> Self {
        let nulls = array.null_count() > 0;
        Self { array, constant, nulls }
    }

    #[inline]
    fn place(&self, row: usize) -> usize {
        if self.constant { 0 } else { row }
    }

    /// Whether the row is NULL.
    #[inline]
    pub(crate) fn is_null(&self, row: usize) -> bool {
        self.nulls && self.array.is_null(self.place(row))
    }

    /// Whether every row has the same value.
    pub(crate) fn is_constant(&self) -> bool {
        self.constant
    }

    /// Whether some row is NULL.
    pub(crate) fn has_nulls(&self) -> bool {
        self.nulls
    }

    /// The array itself: one entry when constant.
    pub(crate) fn array(&self) -> &A {
        &self.array
    }
}

impl<T: polars_arrow::types::NativeType> Reader<PrimitiveArray<T>> {
    /// The value of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<T> {
        let place = self.place(row);
        (!(self.nulls && self.array.is_null(place))).then(|| self.array.value(place))
    }
}

impl Reader<BooleanArray> {
    /// The value of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<bool> {
        let place = self.place(row);
        (!(self.nulls && self.array.is_null(place))).then(|| self.array.value(place))
    }
}

impl Reader<Utf8ViewArray> {
    /// The value of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let place = self.place(row);
        (!(self.nulls && self.array.is_null(place))).then(|| self.array.value(place))
    }
}

impl Reader<BinaryViewArray> {
    /// The bytes of a row.
    #[inline]
    pub(crate) fn bytes(&self, row: usize) -> Option<&[u8]> {
        let place = self.place(row);
        (!(self.nulls && self.array.is_null(place))).then(|| self.array.value(place))
    }

    /// The bytes by which a row compares and equals others: all of a list or a struct, the length alone of an interval.
    #[inline]
    pub(crate) fn key(&self, row: usize) -> Option<&[u8]> {
        self.bytes(row).map(key)
    }

    /// The interval of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<Interval> {
        self.bytes(row).map(decode)
    }
}

/// Integers of either width, dates, times, timestamps.
pub(crate) type Ints = Reader<PrimitiveArray<i64>>;
/// Doubles.
pub(crate) type Doubles = Reader<PrimitiveArray<f64>>;
/// Booleans.
pub(crate) type Bools = Reader<BooleanArray>;
/// Texts.
pub(crate) type Texts = Reader<Utf8ViewArray>;
/// Intervals, lists, structs.
pub(crate) type Intervals = Reader<BinaryViewArray>;

fn single(column: &Column) -> (Series, bool) {
    match column {
        Column::Scalar(scalar) if !scalar.is_empty() => (scalar.as_single_value_series(), true),
        other => {
            let series = other.as_materialized_series().rechunk();
            let constant = series.len() == 1;
            (series, constant)
        }
    }
}

/// Reads integers; doubles are cut off, anything else is an error of the binder.
pub(crate) fn ints(column: &Column) -> PolarsResult<Ints> {
    let (series, constant) = single(column);
    let series = if series.dtype() == &DataType::Int64 { series } else { series.cast(&DataType::Int64)? };
    Ok(Reader::new(series.i64()?.downcast_as_array().clone(), constant))
}

/// Reads doubles; integers are converted.
pub(crate) fn doubles(column: &Column) -> PolarsResult<Doubles> {
    let (series, constant) = single(column);
    let series = if series.dtype() == &DataType::Float64 { series } else { series.cast(&DataType::Float64)? };
    Ok(Reader::new(series.f64()?.downcast_as_array().clone(), constant))
}

/// Reads Booleans.
pub(crate) fn bools(column: &Column) -> PolarsResult<Bools> {
    let (series, constant) = single(column);
    Ok(Reader::new(series.bool()?.downcast_as_array().clone(), constant))
}

/// Reads texts.
pub(crate) fn texts(column: &Column) -> PolarsResult<Texts> {
    let (series, constant) = single(column);
    Ok(Reader::new(series.str()?.downcast_as_array().clone(), constant))
}

/// Reads intervals.
pub(crate) fn intervals(column: &Column) -> PolarsResult<Intervals> {
    let (series, constant) = single(column);
    Ok(Reader::new(series.binary()?.downcast_as_array().clone(), constant))
}

/// A column of any type, read as plain values.
pub(crate) enum Cells {
    /// Booleans and bare NULLs.
    Bools(Bools),
    /// Integers, dates, times, timestamps.
    Ints(Ints),
    /// Doubles.
    Doubles(Doubles),
    /// Texts.
    Texts(Texts),
    /// Intervals, lists, structs.
    Intervals(Intervals),
}

impl Cells {
    /// Reads a column by its own type.
    pub(crate) fn new(column: &Column) -> PolarsResult<Self> {
        Ok(match column.dtype() {
            DataType::Boolean => Self::Bools(bools(column)?),
            DataType::Float64 => Self::Doubles(doubles(column)?),
            DataType::String => Self::Texts(texts(column)?),
            DataType::Binary => Self::Intervals(intervals(column)?),
            _ => Self::Ints(ints(column)?),
        })
    }

    /// Whether the row is NULL.
    #[inline]
    pub(crate) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Bools(v) => v.is_null(row),
            Self::Ints(v) => v.is_null(row),
            Self::Doubles(v) => v.is_null(row),
            Self::Texts(v) => v.is_null(row),
            Self::Intervals(v) => v.is_null(row),
        }
    }

    /// Whether some row is NULL.
    pub(crate) fn has_nulls(&self) -> bool {
        match self {
            Self::Bools(v) => v.has_nulls(),
            Self::Ints(v) => v.has_nulls(),
            Self::Doubles(v) => v.has_nulls(),
            Self::Texts(v) => v.has_nulls(),
            Self::Intervals(v) => v.has_nulls(),
        }
    }

    /// The order of two rows that are not NULL: NaN is the largest double and equals itself, as in DuckDB.
    pub(crate) fn compare(&self, a: usize, b: usize) -> std::cmp::Ordering {
        match self {
            Self::Bools(v) => v.get(a).cmp(&v.get(b)),
            Self::Ints(v) => v.get(a).cmp(&v.get(b)),
            Self::Doubles(v) => match (v.get(a), v.get(b)) {
                (Some(a), Some(b)) => compare_doubles(a, b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            },
            Self::Texts(v) => v.get(a).cmp(&v.get(b)),
            Self::Intervals(v) => v.key(a).cmp(&v.key(b)),
        }
    }

    /// The value of a row as a value of type `ty`.
    pub(crate) fn value(&self, row: usize, ty: Type) -> Value {
        match self {
            Self::Bools(v) => v.get(row).map_or(Value::Null, Value::Boolean),
            Self::Ints(v) => match (v.get(row), ty) {
                (None, _) => Value::Null,
                (Some(n), Type::Date) => i32::try_from(n).map_or(Value::Null, Value::Date),
                (Some(n), Type::Time) => Value::Time(n),
                (Some(n), Type::Timestamp) => Value::Timestamp(n),
                (Some(n), _) => Value::Int(n),
            },
            Self::Doubles(v) => v.get(row).map_or(Value::Null, Value::Double),
            Self::Texts(v) => v.get(row).map_or(Value::Null, |text| Value::Text(text.to_owned())),
            Self::Intervals(v) if ty.is_nested() => v.bytes(row).map_or(Value::Null, |bytes| nested::decode(bytes, ty)),
            Self::Intervals(v) => v.get(row).map_or(Value::Null, Value::Interval),
        }
    }
}

/// The order of doubles in DuckDB: NaN above all, equal to itself; the zeros are equal.
#[inline]
pub(crate) fn compare_doubles(a: f64, b: f64) -> std::cmp::Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// Bits under which equal doubles are equal: one zero, one NaN.
#[inline]
pub(crate) fn double_bits(x: f64) -> u64 {
    if x.is_nan() { f64::NAN.to_bits() } else { (x + 0.0).to_bits() }
}

/// A column of integers, dates, times or timestamps in the physical type of `ty`; the values are known to fit.
pub(crate) fn int_column(name: PlSmallStr, ty: Type, values: impl Iterator<Item = Option<i64>>) -> Column {
    match dtype(ty) {
        // Callers hand over dates and 32-bit integers they have checked.
        DataType::Int32 => Int32Chunked::from_iter_options(name, values.map(|n| n.map(|n| n as i32))).into_column(),
        _ => Int64Chunked::from_iter_options(name, values).into_column(),
    }
}

/// A column of type `ty` from plain values of that type.
pub(crate) fn value_column(name: PlSmallStr, ty: Type, values: &[Value]) -> Column {
    match ty {
        Type::Null | Type::Boolean => BooleanChunked::from_iter_options(
            name,
            values.iter().map(|value| if let Value::Boolean(b) = value { Some(*b) } else { None }),
        )
        .into_column(),
        Type::Integer | Type::BigInt | Type::Date | Type::Time | Type::Timestamp => {
            let values = values.iter().map(|value| match value {
                Value::Int(n) | Value::Time(n) | Value::Timestamp(n) => Some(*n),
                Value::Date(days) => Some(i64::from(*days)),
                _ => None,
            });
            int_column(name, ty, values)
        }
        Type::Double => Float64Chunked::from_iter_options(
            name,
            values.iter().map(|value| match value {
                Value::Double(x) => Some(*x),
                Value::Int(n) => Some(*n as f64),
                _ => None,
            }),
        )
        .into_column(),
        Type::Varchar => StringChunked::from_iter_options(
            name,
            values.iter().map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None }),
        )
        .into_column(),
        Type::Interval | Type::List(_) | Type::Struct(_) => BinaryChunked::from_iter_options(
            name,
            values.iter().map(|value| match value {
                Value::Null => None,
                Value::Interval(interval) => Some(encode(*interval).to_vec()),
                value => Some(nested::encode(value, ty)),
            }),
        )
        .into_column(),
    }
}

/// Number of rows an elementwise function puts out for these arguments: constants stretch to the others.
pub(crate) fn common_len(columns: &[Column]) -> usize {
    columns.iter().map(Column::len).find(|len| *len != 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_answer_for_every_row() {
        let column = Column::new_scalar("x".into(), scalar(&Value::Int(7), Type::BigInt), 3);
        let reader = ints(&column).expect("integers");
        assert_eq!((reader.get(0), reader.get(2)), (Some(7), Some(7)));
        let column = Column::new_scalar("x".into(), scalar(&Value::Null, Type::Varchar), 3);
        assert_eq!(texts(&column).expect("texts").get(2), None);
    }
}
