//! A column while it is filled: its values go straight to where they stay, one chunk for all of them.

use std::ops::Range;

use almanac_model::{Diagnostic, Type};
use polars_arrow::array::{BooleanArray, PrimitiveArray};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::ArrowDataType;
use polars_core::prelude::{BooleanChunked, ChunkedArray, IntoSeries, PolarsNumericType, Series, StringChunked};

use super::decode::Flaw;
use super::domain::Edge;
use super::texts::Texts;

/// Values of one of the kinds that columns have in memory.
pub(super) enum Values {
    Bool(MutableBitmap),
    Int(Vec<i32>),
    Big(Vec<i64>),
    Double(Vec<f64>),
    Text(Texts),
}

/// Values of one column in the order they came.
pub(crate) struct Builder {
    values: Values,
    /// Which are not NULL; `None` while none is.
    valid: Option<MutableBitmap>,
    len: usize,
}

impl Values {
    /// No values, with room for some.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub(super) fn new(ty: Type, rows: u64) -> Result<Self, Flaw> {
        fn room<T>(rows: u64) -> Result<Vec<T>, Flaw> {
            let mut out = Vec::new();
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            out.try_reserve_exact(rows).map_err(|_| Flaw::NoMemory(rows.saturating_mul(size_of::<T>())))?;
            Ok(out)
        }
        Ok(match ty {
            // Intervals, lists and structs are not read from files.
            Type::Null | Type::Boolean | Type::Interval | Type::List(_) | Type::Struct(_) => {
                Self::Bool(MutableBitmap::new())
            }
            Type::Integer | Type::Date => Self::Int(room(rows)?),
            Type::BigInt | Type::Time | Type::Timestamp => Self::Big(room(rows)?),
            Type::Double => Self::Double(room(rows)?),
            Type::Varchar => Self::Text(Texts::new(room(rows)?)),
        })
    }

    fn len(&self) -> usize {
        match self {
            Self::Bool(bits) => bits.len(),
            Self::Int(values) => values.len(),
            Self::Big(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Text(texts) => texts.len(),
        }
    }

    /// Adds truth values.
    pub(super) fn add_bits(&mut self, more: &MutableBitmap) -> Result<(), Flaw> {
        match self {
            Self::Bool(bits) => bits.extend_from_slice(more.as_slice(), 0, more.len()),
            _ => return Err(Flaw::Unfit("truth values came for a column of another type".to_owned())),
        }
        Ok(())
    }

    /// Makes of the values from `base` on, of which NULL was left out, those of all rows.
    fn spread(&mut self, base: usize, valid: &MutableBitmap) {
        fn spread<T: Copy + Default>(values: &mut Vec<T>, base: usize, valid: &MutableBitmap) {
            let mut from = values.len();
            values.resize(base + valid.len(), T::default());
            for at in (0..valid.len()).rev() {
                values[base + at] = if valid.get(at) {
                    from -= 1;
                    values[from]
                } else {
                    T::default()
                };
            }
        }
        match self {
            Self::Bool(bits) => {
                let mut from = bits.len();
                bits.resize(base + valid.len(), false);
                for at in (0..valid.len()).rev() {
                    let value = valid.get(at) && {
                        from -= 1;
                        bits.get(from)
                    };
                    bits.set(base + at, value);
                }
            }
            Self::Int(values) => spread(values, base, valid),
            Self::Big(values) => spread(values, base, valid),
            Self::Double(values) => spread(values, base, valid),
            Self::Text(texts) => spread(texts.views_mut(), base, valid),
        }
    }
}

impl Builder {
    /// A column that will have `rows` values.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub(super) fn new(ty: Type, rows: u64) -> Result<Self, Flaw> {
        Ok(Self { values: Values::new(ty, rows)?, valid: None, len: 0 })
    }

    /// Number of values so far.
    pub(crate) fn len(&self) -> u64 {
        self.len as u64
    }

    /// Bytes of texts it holds beside its values.
    pub(super) fn text_bytes(&self) -> u64 {
        if let Values::Text(texts) = &self.values { texts.bytes() } else { 0 }
    }

    /// Adds `count` values: `fill` adds those that are not NULL, which `valid` tells.
    ///
    /// # Errors
    /// Those of `fill`, after which the column is of no use, or when it adds another number of values.
    pub(super) fn add(
        &mut self,
        count: usize,
        valid: Option<&MutableBitmap>,
        fill: impl FnOnce(&mut Values) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        fill(&mut self.values)?;
        let came = self.values.len() - self.len;
        let due = valid.map_or(count, MutableBitmap::set_bits);
        if came != due {
            return Err(Flaw::Damaged(format!("a page has {came} values instead of {due}")));
        }
        match valid {
            Some(valid) => {
                self.values.spread(self.len, valid);
                self.validity().extend_from_slice(valid.as_slice(), 0, count);
            }
            None => self.all_valid(count),
        }
        self.len += count;
        Ok(())
    }

    /// Adds parts of another column of the same type.
    pub(super) fn take(&mut self, other: &Self, ranges: &[Range<usize>]) {
        fn take<T: Copy>(into: &mut Vec<T>, from: &[T], ranges: &[Range<usize>]) {
            ranges.iter().for_each(|range| into.extend_from_slice(&from[range.clone()]));
        }
        match (&mut self.values, &other.values) {
            (Values::Bool(into), Values::Bool(from)) => {
                ranges.iter().for_each(|range| into.extend_from_slice(from.as_slice(), range.start, range.len()));
            }
            (Values::Int(into), Values::Int(from)) => take(into, from, ranges),
            (Values::Big(into), Values::Big(from)) => take(into, from, ranges),
            (Values::Double(into), Values::Double(from)) => take(into, from, ranges),
            (Values::Text(into), Values::Text(from)) => into.take(from, ranges),
            _ => return,
        }
        let count: usize = ranges.iter().map(Range::len).sum();
        match &other.valid {
            Some(valid) => {
                let into = self.validity();
                ranges.iter().for_each(|range| into.extend_from_slice(valid.as_slice(), range.start, range.len()));
            }
            None => self.all_valid(count),
        }
        self.len += count;
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
            self.all_valid(count);
        }
        self.len += count;
        Ok(())
    }

    /// The next values are of another row group.
    pub(super) fn next_group(&mut self) {
        if let Values::Text(texts) = &mut self.values {
            texts.next_group();
        }
    }

    fn validity(&mut self) -> &mut MutableBitmap {
        self.valid.get_or_insert_with(|| MutableBitmap::from_len_set(self.len))
    }

    fn all_valid(&mut self, count: usize) {
        if let Some(bits) = &mut self.valid {
            bits.extend_constant(count, true);
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
