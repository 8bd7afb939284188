//! A column while it is filled: its values go straight to where they stay, one chunk for all of them.
//!
//! Fetched row groups are decoded in small batches, which are reused; only the finished column is written to fresh memory, once.

use almanac_model::{Diagnostic, Type};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use polars_arrow::array::{BooleanArray, PrimitiveArray, Utf8ViewArray, View};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::buffer::Buffer;
use polars_arrow::datatypes::ArrowDataType;
use polars_core::prelude::{BooleanChunked, ChunkedArray, IntoSeries, PolarsNumericType, Series, StringChunked};

use super::convert;
use super::domain::Edge;

enum Values {
    Bool(MutableBitmap),
    Int(Vec<i32>),
    Big(Vec<i64>),
    Double(Vec<f64>),
    Text(Texts),
}

#[derive(Default)]
struct Texts {
    views: Vec<View>,
    buffers: Vec<Buffer<u8>>,
    /// Bytes of the buffers.
    bytes: u64,
    /// Buffers of the row group that is being decoded, by place in memory: its batches share their dictionary.
    recent: Vec<(*const u8, usize, u32)>,
}

/// Values of one column in the order they came.
pub(crate) struct Builder {
    values: Values,
    /// Which are not NULL; `None` while none is.
    valid: Option<MutableBitmap>,
    len: usize,
}

impl Builder {
    /// A column that will have `rows` values.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub(crate) fn new(ty: Type, rows: u64) -> Result<Self, Diagnostic> {
        fn room<T>(rows: u64) -> Result<Vec<T>, Diagnostic> {
            let mut out = Vec::new();
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            out.try_reserve_exact(rows).map_err(|_| {
                Diagnostic::error_without_place(
                    "over-budget",
                    format!("there is no memory for a column of {rows} rows"),
                )
                .hint("read fewer columns, or a smaller table")
            })?;
            Ok(out)
        }
        let values = match ty {
            // Intervals, lists and structs are not read from files.
            Type::Null | Type::Boolean | Type::Interval | Type::List(_) | Type::Struct(_) => {
                Values::Bool(MutableBitmap::new())
            }
            Type::Integer | Type::Date => Values::Int(room(rows)?),
            Type::BigInt | Type::Time | Type::Timestamp => Values::Big(room(rows)?),
            Type::Double => Values::Double(room(rows)?),
            Type::Varchar => Values::Text(Texts { views: room(rows)?, ..Texts::default() }),
        };
        Ok(Self { values, valid: None, len: 0 })
    }

    /// Number of values so far.
    pub(crate) fn len(&self) -> u64 {
        self.len as u64
    }

    /// Bytes of texts it holds beside its values.
    pub(crate) fn text_bytes(&self) -> u64 {
        if let Values::Text(texts) = &self.values { texts.bytes } else { 0 }
    }

    /// Adds an array in the physical type of the column; see [`super::shape::physical`].
    ///
    /// # Errors
    /// When the array is of another type.
    pub(crate) fn push(&mut self, array: &ArrayRef) -> Result<(), Diagnostic> {
        let wrong =
            || Diagnostic::error_without_place("unreadable-column", format!("values came as {}", array.data_type()));
        match &mut self.values {
            Values::Bool(bits) => {
                let values = array.as_boolean_opt().ok_or_else(wrong)?.values();
                bits.extend_from_slice(values.values(), values.offset(), values.len());
            }
            Values::Int(out) => {
                out.extend_from_slice(array.as_primitive_opt::<Int32Type>().ok_or_else(wrong)?.values());
            }
            Values::Big(out) => {
                out.extend_from_slice(array.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?.values());
            }
            Values::Double(out) => {
                out.extend_from_slice(array.as_primitive_opt::<Float64Type>().ok_or_else(wrong)?.values());
            }
            Values::Text(texts) => {
                let imported = convert::imported(array).map_err(|_| wrong())?;
                texts.push(imported.as_any().downcast_ref::<Utf8ViewArray>().ok_or_else(wrong)?);
            }
        }
        match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            Some(nulls) => {
                let bits = nulls.inner();
                self.validity().extend_from_slice(bits.values(), bits.offset(), bits.len());
            }
            None => self.all_valid(array.len(), true),
        }
        self.len += array.len();
        Ok(())
    }

    /// Adds `count` times the same value; `None` is NULL.
    pub(crate) fn push_constant(&mut self, value: Option<&Edge>, count: u64) -> Result<(), Diagnostic> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let wrong =
            || Diagnostic::error_without_place("unreadable-column", "statistics are of another type than their column");
        let int = || match value {
            Some(Edge::Int(n)) => Ok(*n),
            None => Ok(0),
            Some(_) => Err(wrong()),
        };
        match &mut self.values {
            Values::Bool(bits) => bits.extend_constant(count, int()? != 0),
            Values::Int(out) => out.resize(out.len() + count, i32::try_from(int()?).map_err(|_| wrong())?),
            Values::Big(out) => out.resize(out.len() + count, int()?),
            Values::Double(out) => match value {
                None => out.resize(out.len() + count, 0.0),
                Some(_) => return Err(wrong()),
            },
            Values::Text(texts) => match value {
                Some(Edge::Text(text)) => texts.push_constant(std::str::from_utf8(text).map_err(|_| wrong())?, count),
                None => texts.push_constant("", count),
                Some(_) => return Err(wrong()),
            },
        }
        if value.is_none() {
            self.validity().extend_constant(count, false);
        } else {
            self.all_valid(count, true);
        }
        self.len += count;
        Ok(())
    }

    /// The next values are of another row group.
    pub(crate) fn next_group(&mut self) {
        if let Values::Text(texts) = &mut self.values {
            texts.recent.clear();
        }
    }

    fn validity(&mut self) -> &mut MutableBitmap {
        self.valid.get_or_insert_with(|| MutableBitmap::from_len_set(self.len))
    }

    fn all_valid(&mut self, count: usize, valid: bool) {
        if let Some(bits) = &mut self.valid {
            bits.extend_constant(count, valid);
        }
    }

    /// The column.
    pub(crate) fn finish(self, name: &str) -> Series {
        let valid: Option<Bitmap> = self.valid.map(MutableBitmap::freeze);
        fn numbers<T: PolarsNumericType>(name: &str, values: Vec<T::Native>, valid: Option<Bitmap>) -> Series
        where
            ChunkedArray<T>: IntoSeries,
        {
            let array = PrimitiveArray::from_vec(values).with_validity(valid);
            ChunkedArray::<T>::with_chunk(name.into(), array).into_series()
        }
        use polars_core::prelude::{Float64Type as F64, Int32Type as I32, Int64Type as I64};
        match self.values {
            Values::Bool(bits) => {
                let array = BooleanArray::new(ArrowDataType::Boolean, bits.freeze(), valid);
                BooleanChunked::with_chunk(name.into(), array).into_series()
            }
            Values::Int(values) => numbers::<I32>(name, values, valid),
            Values::Big(values) => numbers::<I64>(name, values, valid),
            Values::Double(values) => numbers::<F64>(name, values, valid),
            Values::Text(texts) => StringChunked::with_chunk(name.into(), texts.finish(valid)).into_series(),
        }
    }
}

impl Texts {
    fn push(&mut self, array: &Utf8ViewArray) {
        let buffers = array.data_buffers();
        if buffers.is_empty() {
            self.views.extend_from_slice(array.views());
            return;
        }
        let places: Vec<u32> = buffers.iter().map(|buffer| self.place(buffer)).collect();
        self.views.extend(array.views().iter().map(|view| {
            let mut view = *view;
            if view.length > View::MAX_INLINE_SIZE {
                // Arrow's reader made the view, so its buffer is there.
                view.buffer_idx = places.get(view.buffer_idx as usize).copied().unwrap_or_default();
            }
            view
        }));
    }

    /// Where a buffer is among all; one that an earlier batch of the row group brought is there already.
    fn place(&mut self, buffer: &Buffer<u8>) -> u32 {
        let key = (buffer.as_slice().as_ptr(), buffer.len());
        if let Some((_, _, place)) = self.recent.iter().find(|(start, len, _)| (*start, *len) == key) {
            return *place;
        }
        let place = self.buffers.len() as u32;
        self.bytes += buffer.len() as u64;
        self.buffers.push(buffer.clone());
        self.recent.push((key.0, key.1, place));
        place
    }

    fn push_constant(&mut self, text: &str, count: usize) {
        let place = self.buffers.len() as u32;
        if text.len() > View::MAX_INLINE_SIZE as usize {
            self.buffers.push(Buffer::from(text.as_bytes().to_vec()));
        }
        let view = View::new_from_bytes(text.as_bytes(), place, 0);
        self.views.resize(self.views.len() + count, view);
    }

    fn finish(self, valid: Option<Bitmap>) -> Utf8ViewArray {
        convert::texts_of_views(self.views, self.buffers, valid)
    }
}
