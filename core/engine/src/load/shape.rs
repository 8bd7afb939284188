//! The shape columns have in memory: one physical array type for each SQL type.
//!
//! Dates and times are plain integers (days, microseconds), so that every step works on five kinds of array only. Decimals
//! become doubles: 128-bit integers are slow in WebAssembly. The conversions are few and written here: arrow's own cast knows
//! all pairs of types, and each is a part of the download.

use std::sync::Arc;

use almanac_model::Type;
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, RunArray, StringViewArray,
};
use arrow::datatypes::{self as arrow_type, DataType, RunEndIndexType, TimeUnit};
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

/// The array in the physical type of `ty`.
///
/// # Errors
/// When a value does not fit (a `UINT64` above 2^63) or the types have nothing in common.
pub(crate) fn physical(array: &ArrayRef, ty: Type) -> Result<ArrayRef, ArrowError> {
    let ints = |array: ArrayRef| Ok(array);
    match (ty, array.data_type()) {
        (Type::Null, _) => Ok(Arc::new(BooleanArray::new_null(array.len()))),
        (_, DataType::Dictionary(..)) => {
            let dictionary = array.as_any_dictionary();
            let values = physical(dictionary.values(), ty)?;
            let keys = if values.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
            let place = |row: usize| keys.get(row).copied().filter(|_| dictionary.keys().is_valid(row));
            gathered(&values, array.len(), place)
        }
        (_, DataType::RunEndEncoded(ends, _)) => match ends.data_type() {
            DataType::Int16 => of_runs::<arrow_type::Int16Type>(array, ty),
            DataType::Int32 => of_runs::<arrow_type::Int32Type>(array, ty),
            _ => of_runs::<arrow_type::Int64Type>(array, ty),
        },
        (Type::Boolean, DataType::Boolean)
        | (Type::Integer, DataType::Int32)
        | (Type::BigInt, DataType::Int64)
        | (Type::Double, DataType::Float64)
        | (Type::Varchar, DataType::Utf8View) => Ok(Arc::clone(array)),
        (Type::Integer, DataType::Int8) => ints(mapped::<arrow_type::Int8Type, Int>(array, i32::from)),
        (Type::Integer, DataType::Int16) => ints(mapped::<arrow_type::Int16Type, Int>(array, i32::from)),
        (Type::Integer, DataType::UInt8) => ints(mapped::<arrow_type::UInt8Type, Int>(array, i32::from)),
        (Type::Integer, DataType::UInt16) => ints(mapped::<arrow_type::UInt16Type, Int>(array, i32::from)),
        (Type::BigInt, DataType::UInt32) => ints(mapped::<arrow_type::UInt32Type, Big>(array, i64::from)),
        (Type::BigInt, DataType::UInt64) => fitting::<arrow_type::UInt64Type>(array, |n| i64::try_from(n).ok()),
        (Type::Double, DataType::Float16) => ints(mapped::<arrow_type::Float16Type, Double>(array, f64::from)),
        (Type::Double, DataType::Float32) => ints(mapped::<arrow_type::Float32Type, Double>(array, f64::from)),
        (Type::Double, DataType::Decimal32(_, scale)) => {
            Ok(scaled::<arrow_type::Decimal32Type>(array, *scale, f64::from))
        }
        // Exact up to 2^53, rounded to nearest above.
        (Type::Double, DataType::Decimal64(_, scale)) => {
            Ok(scaled::<arrow_type::Decimal64Type>(array, *scale, |n| n as f64))
        }
        (Type::Double, DataType::Decimal128(_, scale)) => {
            Ok(scaled::<arrow_type::Decimal128Type>(array, *scale, |n| n as f64))
        }
        (Type::Double, DataType::Decimal256(_, scale)) => {
            Ok(scaled::<arrow_type::Decimal256Type>(array, *scale, |n| decimal(&n.to_be_bytes())))
        }
        (Type::Varchar, DataType::Utf8) => Ok(Arc::new(StringViewArray::from(array.as_string::<i32>()))),
        (Type::Varchar, DataType::LargeUtf8) => Ok(Arc::new(StringViewArray::from(array.as_string::<i64>()))),
        (Type::Date, DataType::Date32) => ints(mapped::<arrow_type::Date32Type, Int>(array, |days| days)),
        (Type::Date, DataType::Date64) => {
            ints(mapped::<arrow_type::Date64Type, Int>(array, |millis| (millis / 86_400_000) as i32))
        }
        (Type::Time, DataType::Time32(TimeUnit::Second)) => {
            ints(mapped::<arrow_type::Time32SecondType, Big>(array, |n| i64::from(n) * 1_000_000))
        }
        (Type::Time, DataType::Time32(_)) => {
            ints(mapped::<arrow_type::Time32MillisecondType, Big>(array, |n| i64::from(n) * 1_000))
        }
        (Type::Time, DataType::Time64(TimeUnit::Nanosecond)) => {
            ints(mapped::<arrow_type::Time64NanosecondType, Big>(array, |n| n / 1_000))
        }
        (Type::Time, DataType::Time64(_)) => ints(mapped::<arrow_type::Time64MicrosecondType, Big>(array, |n| n)),
        // The zone only says how to print: the instant is UTC.
        (Type::Timestamp, DataType::Timestamp(unit, _)) => match unit {
            TimeUnit::Second => fitting::<arrow_type::TimestampSecondType>(array, |n| n.checked_mul(1_000_000)),
            TimeUnit::Millisecond => fitting::<arrow_type::TimestampMillisecondType>(array, |n| n.checked_mul(1_000)),
            TimeUnit::Microsecond => ints(mapped::<arrow_type::TimestampMicrosecondType, Big>(array, |n| n)),
            TimeUnit::Nanosecond => ints(mapped::<arrow_type::TimestampNanosecondType, Big>(array, |n| n / 1_000)),
        },
        (ty, other) => Err(ArrowError::CastError(format!("{other} cannot become {ty}"))),
    }
}

type Int = arrow_type::Int32Type;
type Big = arrow_type::Int64Type;
type Double = arrow_type::Float64Type;

fn mapped<T: ArrowPrimitiveType, Out: ArrowPrimitiveType>(
    array: &ArrayRef,
    value: impl Fn(T::Native) -> Out::Native,
) -> ArrayRef {
    Arc::new(array.as_primitive::<T>().unary::<_, Out>(value))
}

fn fitting<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    value: impl Fn(T::Native) -> Option<i64>,
) -> Result<ArrayRef, ArrowError> {
    let outside = || ArrowError::CastError("a value is out of range".to_owned());
    let out = array.as_primitive::<T>().try_unary::<_, Big, _>(|n| value(n).ok_or_else(outside))?;
    Ok(Arc::new(out))
}

fn scaled<T: ArrowPrimitiveType>(array: &ArrayRef, scale: i8, double: impl Fn(T::Native) -> f64) -> ArrayRef {
    let divisor = 10_f64.powi(i32::from(scale));
    mapped::<T, Double>(array, |n| double(n) / divisor)
}

fn of_runs<T: RunEndIndexType>(array: &ArrayRef, ty: Type) -> Result<ArrayRef, ArrowError> {
    let wrong = || ArrowError::CastError(format!("{} cannot be read", array.data_type()));
    let runs = array.as_any().downcast_ref::<RunArray<T>>().ok_or_else(wrong)?;
    gathered(&physical(runs.values(), ty)?, array.len(), |row| Some(runs.get_physical_index(row)))
}

/// The values, which are physical, at some places; `None` is NULL.
fn gathered(values: &ArrayRef, count: usize, place: impl Fn(usize) -> Option<usize>) -> Result<ArrayRef, ArrowError> {
    let places = || (0..count).map(|row| place(row).filter(|place| values.is_valid(*place)));
    fn numbers<T: ArrowPrimitiveType>(values: &ArrayRef, places: impl Iterator<Item = Option<usize>>) -> ArrayRef {
        let values = values.as_primitive::<T>();
        Arc::new(places.map(|place| place.map(|place| values.value(place))).collect::<PrimitiveArray<T>>())
    }
    Ok(match values.data_type() {
        DataType::Boolean => {
            let values = values.as_boolean();
            Arc::new(places().map(|place| place.map(|place| values.value(place))).collect::<BooleanArray>())
        }
        DataType::Int32 => numbers::<Int>(values, places()),
        DataType::Int64 => numbers::<Big>(values, places()),
        DataType::Float64 => numbers::<Double>(values, places()),
        DataType::Utf8View => {
            let values = values.as_string_view();
            Arc::new(places().map(|place| place.map(|place| values.value(place))).collect::<StringViewArray>())
        }
        other => return Err(ArrowError::CastError(format!("{other} cannot be looked up"))),
    })
}

/// A whole number, the highest byte first, in two's complement, of up to 32 bytes.
pub(crate) fn decimal(bytes: &[u8]) -> f64 {
    let sign = if bytes.first().is_some_and(|first| first & 0x80 != 0) { -1_i128 } else { 0 };
    let (high, low) = bytes.split_at(bytes.len().saturating_sub(16));
    // Bytes that only repeat the sign say nothing.
    let is_sign = |byte: &u8| i128::from(byte.cast_signed()) == sign;
    if high.iter().all(is_sign) && low.first().is_none_or(|first| high.is_empty() || (first & 0x80 != 0) == (sign != 0))
    {
        return low.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte)) as f64;
    }
    let high = high.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte));
    let low = low.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    high as f64 * 2_f64.powi(128) + low as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{
        Date64Array, Decimal128Array, DictionaryArray, Int16Array, Int32Array, StringArray, TimestampMillisecondArray,
        UInt64Array,
    };
    use arrow::datatypes::{Float64Type, Int8Type, Int32Type, Int64Type};

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

    #[test]
    fn dictionaries_and_runs_are_looked_up() {
        let dictionary: DictionaryArray<Int8Type> =
            vec![Some("b"), None, Some("a long text, not in its view"), Some("b")].into_iter().collect();
        let out = physical(&(Arc::new(dictionary) as ArrayRef), Type::Varchar).expect("fits");
        let texts: Vec<Option<&str>> = out.as_string_view().iter().collect();
        assert_eq!(texts, [Some("b"), None, Some("a long text, not in its view"), Some("b")]);

        let empty = DictionaryArray::<Int8Type>::new(vec![None, None].into(), Arc::new(StringArray::new_null(0)));
        assert_eq!(physical(&(Arc::new(empty) as ArrayRef), Type::Varchar).expect("fits").null_count(), 2);

        let values = Int16Array::from(vec![Some(7), None, Some(9)]);
        let runs = RunArray::<Int32Type>::try_new(&Int32Array::from(vec![2, 3, 5]), &values).expect("valid");
        let out = physical(&(Arc::new(runs) as ArrayRef), Type::Integer).expect("fits");
        let numbers: Vec<Option<i32>> = out.as_primitive::<Int32Type>().iter().collect();
        assert_eq!(numbers, [Some(7), Some(7), None, Some(9), Some(9)]);
    }

    #[test]
    fn decimals_of_any_length_are_read() {
        for number in [0_i128, 1, -1, 255, -256, i128::MAX, i128::MIN] {
            let bytes = number.to_be_bytes();
            assert_eq!(decimal(&bytes), number as f64, "{number}");
            let long = [[if number < 0 { 0xff } else { 0 }; 16], bytes].concat();
            assert_eq!(decimal(&long), number as f64, "{number} in 32 bytes");
        }
        assert_eq!(decimal(&[0xfe]), -2.0);
        assert_eq!(decimal(&[]), 0.0);
        let mut large = [0; 32];
        large[15] = 1;
        assert_eq!(decimal(&large), 2_f64.powi(128));
        // -2 + 254/256 + 254/256² + … = -256/255 of the first byte's worth.
        let below = decimal(&[0xfe; 32]);
        assert!((below / -(256.0 / 255.0 * 2_f64.powi(248)) - 1.0).abs() < 1e-15, "{below}");
    }
}
