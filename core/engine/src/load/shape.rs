//! The shape columns have in memory: one physical array type for each SQL type.
//!
//! Dates and times are plain integers (days, microseconds), so that every step works on five kinds of array only. Decimals
//! become doubles: 128-bit integers are slow in WebAssembly.

use std::sync::Arc;

use almanac_model::Type;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Decimal32Type, Decimal64Type, Decimal128Type, Field, Float64Type, TimeUnit};
use arrow::error::ArrowError;

/// The SQL type a column of this Arrow type gets; `None` when it cannot be read (nested types, raw bytes, intervals).
pub(crate) fn sql_type(data_type: &DataType) -> Option<Type> {
    Some(match data_type {
        DataType::Null => Type::Null,
        DataType::Boolean => Type::Boolean,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 => Type::Integer,
        DataType::Int64 | DataType::UInt32 | DataType::UInt64 => Type::BigInt,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Type::Double,
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
            Type::Double
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Type::Varchar,
        DataType::Date32 | DataType::Date64 => Type::Date,
        DataType::Time32(_) | DataType::Time64(_) => Type::Time,
        DataType::Timestamp(..) => Type::Timestamp,
        DataType::Dictionary(_, values) => return sql_type(values),
        DataType::RunEndEncoded(_, values) => return sql_type(values.data_type()),
        _ => return None,
    })
}

/// The type to ask the Parquet reader for, so that the conversion afterwards has little left to do.
pub(crate) fn reading_hint(field: &Field) -> Field {
    let hint = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Decimal128(precision, scale) if *precision <= 18 => DataType::Decimal64(*precision, *scale),
        DataType::Dictionary(_, values)
            if matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) =>
        {
            DataType::Utf8View
        }
        _ => return field.clone(),
    };
    field.clone().with_data_type(hint)
}

/// The array in the physical type of `ty`.
///
/// # Errors
/// When a value does not fit (a `UINT64` above 2^63) or the types have nothing in common.
pub(crate) fn physical(array: &ArrayRef, ty: Type) -> Result<ArrayRef, ArrowError> {
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let to = |array: &ArrayRef, target: &DataType| {
        if array.data_type() == target { Ok(Arc::clone(array)) } else { cast_with_options(array, target, &strict) }
    };
    match (ty, array.data_type()) {
        (Type::Null, _) => Ok(Arc::new(BooleanArray::new_null(array.len()))),
        (Type::Double, DataType::Decimal32(_, scale)) => Ok(scaled::<Decimal32Type>(array, *scale, f64::from)),
        // Exact up to 2^53, rounded to nearest above.
        (Type::Double, DataType::Decimal64(_, scale)) => Ok(scaled::<Decimal64Type>(array, *scale, |n| n as f64)),
        (Type::Double, DataType::Decimal128(_, scale)) => Ok(scaled::<Decimal128Type>(array, *scale, |n| n as f64)),
        (Type::Boolean, _) => to(array, &DataType::Boolean),
        (Type::Integer, _) => to(array, &DataType::Int32),
        (Type::BigInt, _) => to(array, &DataType::Int64),
        (Type::Double, _) => to(array, &DataType::Float64),
        (Type::Varchar, _) => to(array, &DataType::Utf8View),
        (Type::Date, _) => to(&to(array, &DataType::Date32)?, &DataType::Int32),
        (Type::Time, _) => to(&to(array, &DataType::Time64(TimeUnit::Microsecond))?, &DataType::Int64),
        // The zone is kept while the unit changes: it only says how to print, the instant is UTC.
        (Type::Timestamp, DataType::Timestamp(_, zone)) => {
            to(&to(array, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?, &DataType::Int64)
        }
        (Type::Timestamp, _) => to(&to(array, &DataType::Timestamp(TimeUnit::Microsecond, None))?, &DataType::Int64),
        (ty @ (Type::Interval | Type::List(_) | Type::Struct(_)), other) => {
            Err(ArrowError::CastError(format!("{other} cannot become {ty}")))
        }
    }
}

fn scaled<T: arrow::datatypes::ArrowPrimitiveType>(
    array: &ArrayRef,
    scale: i8,
    double: impl Fn(T::Native) -> f64,
) -> ArrayRef {
    let divisor = 10_f64.powi(i32::from(scale));
    Arc::new(array.as_primitive::<T>().unary::<_, Float64Type>(|n| double(n) / divisor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Date64Array, Decimal128Array, Int16Array, TimestampMillisecondArray, UInt64Array};
    use arrow::datatypes::{Int32Type, Int64Type};

    #[test]
    fn narrow_and_foreign_types_are_widened() {
        let array: ArrayRef = Arc::new(Int16Array::from(vec![Some(-3), None]));
        let out = physical(&array, Type::Integer).expect("fits");
        assert_eq!((out.as_primitive::<Int32Type>().value(0), out.is_null(1)), (-3, true));

        let array: ArrayRef =
            Arc::new(Decimal128Array::from(vec![12_345]).with_precision_and_scale(15, 2).expect("valid"));
        let out = physical(&array, Type::Double).expect("fits");
        assert_eq!(out.as_primitive::<Float64Type>().value(0), 123.45);

        let array: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![1_500]).with_timezone("+02:00"));
        let out = physical(&array, Type::Timestamp).expect("fits");
        assert_eq!(out.as_primitive::<Int64Type>().value(0), 1_500_000);

        let array: ArrayRef = Arc::new(Date64Array::from(vec![86_400_000 * 3]));
        assert_eq!(physical(&array, Type::Date).expect("fits").as_primitive::<Int32Type>().value(0), 3);
    }

    #[test]
    fn overflow_is_an_error() {
        let array: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
        assert!(physical(&array, Type::BigInt).is_err());
    }
}
