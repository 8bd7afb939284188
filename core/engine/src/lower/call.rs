//! What a column function is given, and how it refuses a value: with the place of the call in the SQL text.

use almanac_model::{Diagnostic, Interval, Span, Type, Value};
use polars_core::prelude::*;

use crate::physical::{self, Bools};

/// Why a column function has no answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A value that must not be; shown to the reader.
    Value(Diagnostic),
    /// Polars failed.
    Polars(PolarsError),
}

impl From<PolarsError> for Fault {
    fn from(error: PolarsError) -> Self {
        Self::Polars(error)
    }
}

/// What a column function answers.
pub(crate) type Answer<T> = Result<T, Fault>;

/// One evaluation of a function over whole columns.
pub(crate) struct Call<'a> {
    /// The arguments: all of `rows` values, or of one that counts for all.
    pub(crate) args: &'a [Column],
    /// Number of values put out.
    pub(crate) rows: usize,
    /// Rows whose value is wanted at all: inside CASE, a branch that is not taken must not fail.
    pub(crate) guard: Option<Bools>,
    /// Place in the SQL text.
    pub(crate) span: Span,
    /// Type of the result.
    pub(crate) ty: Type,
}

impl Call<'_> {
    /// NULL where the row is not wanted, an error where it is.
    pub(crate) fn refuse<T>(
        &self,
        row: usize,
        code: &'static str,
        message: impl FnOnce() -> String,
    ) -> Answer<Option<T>> {
        if self.guard.as_ref().is_some_and(|guard| guard.get(row) != Some(true)) {
            return Ok(None);
        }
        Err(Fault::Value(Diagnostic::error(code, self.span, message())))
    }

    /// An argument; the binder has checked their number.
    pub(crate) fn arg(&self, at: usize) -> Answer<&Column> {
        self.args.get(at).ok_or_else(|| Fault::Polars(polars_err!(ComputeError: "argument {} is missing", at + 1)))
    }

    /// A column of integers, dates or times.
    pub(crate) fn ints(&self, f: impl FnMut(usize) -> Answer<Option<i64>>) -> Answer<Column> {
        let values = (0..self.rows).map(f).collect::<Answer<Vec<_>>>()?;
        Ok(physical::int_column(PlSmallStr::EMPTY, self.ty, values.into_iter()))
    }

    /// A column of doubles.
    pub(crate) fn doubles(&self, f: impl FnMut(usize) -> Answer<Option<f64>>) -> Answer<Column> {
        let values = (0..self.rows).map(f).collect::<Answer<Vec<_>>>()?;
        Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, values.into_iter()).into_column())
    }

    /// A column of Booleans.
    pub(crate) fn bools(&self, f: impl FnMut(usize) -> Answer<Option<bool>>) -> Answer<Column> {
        let values = (0..self.rows).map(f).collect::<Answer<Vec<_>>>()?;
        Ok(BooleanChunked::from_iter_options(PlSmallStr::EMPTY, values.into_iter()).into_column())
    }

    /// A column of texts.
    pub(crate) fn texts<S: AsRef<str>>(&self, mut f: impl FnMut(usize) -> Answer<Option<S>>) -> Answer<Column> {
        let mut builder = StringChunkedBuilder::new(PlSmallStr::EMPTY, self.rows);
        for row in 0..self.rows {
            builder.append_option(f(row)?);
        }
        Ok(builder.finish().into_column())
    }

    /// A column of any type, from plain values.
    pub(crate) fn values(&self, f: &mut dyn FnMut(usize) -> Answer<Value>) -> Answer<Column> {
        let values = (0..self.rows).map(f).collect::<Answer<Vec<_>>>()?;
        Ok(physical::value_column(PlSmallStr::EMPTY, self.ty, &values))
    }

    /// A column of intervals.
    pub(crate) fn intervals(&self, mut f: impl FnMut(usize) -> Answer<Option<Interval>>) -> Answer<Column> {
        let mut builder = BinaryChunkedBuilder::new(PlSmallStr::EMPTY, self.rows);
        for row in 0..self.rows {
            builder.append_option(f(row)?.map(crate::interval_bytes::encode));
        }
        Ok(builder.finish().into_column())
    }
}
