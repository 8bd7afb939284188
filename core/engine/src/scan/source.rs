//! The columns a scan reads: contiguous, with what is known of each as a whole.

use std::rc::Rc;

use almanac_sql::plan::ColumnId;
use polars_arrow::array::{Array, BooleanArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_core::prelude::{Column, DataType, IntoColumn, PolarsResult, Series};

use super::facts::Facts;

/// The values of a column as loops read them.
pub(crate) enum Values {
    /// Truths.
    Bools(BooleanArray),
    /// Integers and dates.
    I32(PrimitiveArray<i32>),
    /// Integers, times, timestamps.
    I64(PrimitiveArray<i64>),
    /// Doubles.
    F64(PrimitiveArray<f64>),
    /// Texts.
    Texts(Utf8ViewArray),
    /// Intervals: loops do not read them.
    Other,
}

impl Values {
    fn of(series: &Series) -> PolarsResult<Self> {
        Ok(match series.dtype() {
            DataType::Boolean => Self::Bools(series.bool()?.downcast_as_array().clone()),
            DataType::Int32 => Self::I32(series.i32()?.downcast_as_array().clone()),
            DataType::Int64 => Self::I64(series.i64()?.downcast_as_array().clone()),
            DataType::Float64 => Self::F64(series.f64()?.downcast_as_array().clone()),
            DataType::String => Self::Texts(series.str()?.downcast_as_array().clone()),
            _ => Self::Other,
        })
    }

    /// Where they lie in memory, and how many there are.
    pub(crate) fn place(&self) -> (usize, usize) {
        match self {
            Self::Bools(array) => (0, array.len()),
            Self::I32(array) => (array.values().as_ptr() as usize, array.len()),
            Self::I64(array) => (array.values().as_ptr() as usize, array.len()),
            Self::F64(array) => (array.values().as_ptr() as usize, array.len()),
            Self::Texts(array) => (array.views().as_ptr() as usize, array.len()),
            Self::Other => (0, 0),
        }
    }

    /// Which values are not NULL; `None` when none is.
    pub(crate) fn validity(&self) -> Option<&Bitmap> {
        let validity = match self {
            Self::Bools(array) => array.validity(),
            Self::I32(array) => array.validity(),
            Self::I64(array) => array.validity(),
            Self::F64(array) => array.validity(),
            Self::Texts(array) => array.validity(),
            Self::Other => None,
        };
        validity.filter(|validity| validity.unset_bits() > 0)
    }
}

/// One column.
pub(crate) struct SourceColumn {
    /// Its number in the query.
    pub(crate) id: ColumnId,
    /// The column as Polars has it, of one chunk.
    pub(crate) series: Series,
    /// Its values.
    pub(crate) values: Values,
    /// What is known of it.
    pub(crate) facts: Rc<Facts>,
}

impl SourceColumn {
    /// A column with what is known of it.
    pub(crate) fn new(id: ColumnId, series: &Series, facts: Rc<Facts>) -> PolarsResult<Self> {
        let series = series.rechunk();
        let values = Values::of(&series)?;
        let facts = if facts.are_of(&values) { facts } else { Rc::default() };
        Ok(Self { id, series, values, facts })
    }
}

/// Rows to scan.
pub(crate) struct Source {
    /// Number of rows.
    pub(crate) rows: usize,
    /// Columns of as many values each.
    pub(crate) columns: Vec<SourceColumn>,
}

impl Source {
    /// The place of a column.
    pub(crate) fn place(&self, id: ColumnId) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }

    /// The column at a place under the name the general way knows it by.
    pub(crate) fn named(&self, place: usize) -> Column {
        let column = &self.columns[place];
        column.series.clone().with_name(crate::lower::expr::name(column.id)).into_column()
    }
}
