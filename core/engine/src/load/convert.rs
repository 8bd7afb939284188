//! Arrow arrays into Polars columns, without a copy, through the Arrow C data interface.
//!
//! The only file of the engine with `unsafe`: both libraries implement the interface, but neither knows the other's structs.
#![allow(unsafe_code)]

use std::mem::{ManuallyDrop, align_of, size_of, transmute_copy};

use arrow::array::{Array, ArrayRef};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, to_ffi};
use polars_arrow::array::{Array as PolarsArray, Utf8ViewArray, View};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::buffer::Buffer;
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::ffi::{ArrowArray, ArrowSchema, import_array_from_c, import_field_from_c};
use polars_core::prelude::{PlSmallStr, PolarsResult, Series, polars_err};

// Both pairs are the `repr(C)` structs of the specification (https://arrow.apache.org/docs/format/CDataInterface.html).
const _: () = assert!(size_of::<FFI_ArrowArray>() == size_of::<ArrowArray>());
const _: () = assert!(align_of::<FFI_ArrowArray>() == align_of::<ArrowArray>());
const _: () = assert!(size_of::<FFI_ArrowSchema>() == size_of::<ArrowSchema>());
const _: () = assert!(align_of::<FFI_ArrowSchema>() == align_of::<ArrowSchema>());

/// One column of the given chunks, which share one type, as one contiguous chunk.
///
/// # Errors
/// When Polars has no such type.
pub(crate) fn series(name: &str, chunks: &[ArrayRef]) -> PolarsResult<Series> {
    let imported = chunks.iter().map(imported).collect::<PolarsResult<Vec<_>>>()?;
    let series = Series::try_from((PlSmallStr::from_str(name), imported))?;
    Ok(series.rechunk())
}

/// One array as Polars sees it, of the same memory.
///
/// # Errors
/// When Polars has no such type.
pub(crate) fn imported(array: &ArrayRef) -> PolarsResult<Box<dyn PolarsArray>> {
    let (array, schema) = to_ffi(&array.to_data()).map_err(|error| polars_err!(ComputeError: "{error}"))?;
    let (array, schema) = (ManuallyDrop::new(array), ManuallyDrop::new(schema));
    // SAFETY: the assertions above and the specification make the structs bitwise the same. `ManuallyDrop` gives the
    // only copy that will call `release` to Polars. `to_ffi` exports a valid array of that schema.
    unsafe {
        let schema: ArrowSchema = transmute_copy(&*schema);
        let field = import_field_from_c(&schema)?;
        let array: ArrowArray = transmute_copy(&*array);
        import_array_from_c(array, field.dtype)
    }
}

/// Texts from views whose buffers are numbered as in `buffers`: views of valid arrays, whose buffers were taken over, or made
/// of a text beside its buffer.
pub(super) fn texts_of_views(views: Vec<View>, buffers: Vec<Buffer<u8>>, valid: Option<Bitmap>) -> Utf8ViewArray {
    let used: usize = views.iter().map(|view| view.length as usize).sum();
    let all: usize = buffers.iter().map(Buffer::len).sum();
    // SAFETY: as the caller says; checking each text again would cost as much as reading it.
    unsafe { Utf8ViewArray::new_unchecked(ArrowDataType::Utf8View, views.into(), buffers.into(), valid, used, all) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{BooleanArray, Float64Array, Int32Array, Int64Array, StringArray, StringViewArray};
    use polars_core::prelude::{AnyValue, DataType};
    use std::sync::Arc;

    fn values(series: &Series) -> Vec<AnyValue<'_>> {
        series.iter().collect()
    }

    #[test]
    fn values_survive_the_border() {
        let long = "a text that is longer than twelve bytes";
        let ints: Vec<ArrayRef> =
            vec![Arc::new(Int64Array::from(vec![Some(1), None, Some(i64::MIN)])), Arc::new(Int64Array::from(vec![7]))];
        let column = series("n", &ints).expect("imports");
        assert_eq!(
            values(&column),
            [AnyValue::Int64(1), AnyValue::Null, AnyValue::Int64(i64::MIN), AnyValue::Int64(7)]
        );
        assert_eq!(column.n_chunks(), 1);

        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![Some("ä"), None, Some(long)]));
        let column = series("t", &[texts]).expect("imports");
        assert_eq!(values(&column), [AnyValue::String("ä"), AnyValue::Null, AnyValue::String(long)]);
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), Some(long)]));
        assert_eq!(values(&series("t", &[texts]).expect("imports")), [AnyValue::String("x"), AnyValue::String(long)]);

        let sliced: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, Some(3), Some(4)]).slice(1, 2));
        assert_eq!(values(&series("s", &[sliced]).expect("imports")), [AnyValue::Null, AnyValue::Int32(3)]);

        let booleans: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]));
        let column = series("b", &[booleans]).expect("imports");
        assert_eq!(values(&column), [AnyValue::Boolean(true), AnyValue::Null, AnyValue::Boolean(false)]);

        let doubles: ArrayRef = Arc::new(Float64Array::from(vec![-0.0, f64::INFINITY]));
        assert_eq!(series("d", &[doubles]).expect("imports").dtype(), &DataType::Float64);
    }

    #[test]
    fn buffers_outlive_their_maker() {
        let column = {
            let array: ArrayRef = Arc::new(Int64Array::from_iter_values(0..1000));
            series("n", &[array]).expect("imports")
        };
        assert_eq!(column.i64().expect("of that type").iter().flatten().sum::<i64>(), 499_500);
    }
}
