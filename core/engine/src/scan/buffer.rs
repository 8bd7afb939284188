//! The values of one node over one batch.

use super::BATCH;
use super::kernels::zip;
use super::program::Kind;
use super::source::Values;
use crate::physical::Cells;

/// The values of one node: the list of its kind is filled, the others are empty.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buffer {
    pub(super) bools: Vec<u8>,
    pub(super) i32s: Vec<i32>,
    pub(super) i64s: Vec<i64>,
    pub(super) f64s: Vec<f64>,
    /// One where the value is not NULL; read only if `nulls`.
    pub(super) valid: Vec<u8>,
    /// Whether some value is NULL.
    pub(crate) nulls: bool,
}

/// Types values lie in.
pub(crate) trait Element: Copy + Default + 'static {
    fn of(buffer: &Buffer) -> &Vec<Self>;
    fn of_mut(buffer: &mut Buffer) -> &mut Vec<Self>;
    /// A column's values where they lie as such.
    fn column(values: &Values) -> Option<&[Self]>;
}

impl Element for u8 {
    fn of(buffer: &Buffer) -> &Vec<Self> {
        &buffer.bools
    }
    fn of_mut(buffer: &mut Buffer) -> &mut Vec<Self> {
        &mut buffer.bools
    }
    fn column(_: &Values) -> Option<&[Self]> {
        None
    }
}

impl Element for i32 {
    fn of(buffer: &Buffer) -> &Vec<Self> {
        &buffer.i32s
    }
    fn of_mut(buffer: &mut Buffer) -> &mut Vec<Self> {
        &mut buffer.i32s
    }
    fn column(values: &Values) -> Option<&[Self]> {
        if let Values::I32(array) = values { Some(array.values()) } else { None }
    }
}

impl Element for i64 {
    fn of(buffer: &Buffer) -> &Vec<Self> {
        &buffer.i64s
    }
    fn of_mut(buffer: &mut Buffer) -> &mut Vec<Self> {
        &mut buffer.i64s
    }
    fn column(values: &Values) -> Option<&[Self]> {
        if let Values::I64(array) = values { Some(array.values()) } else { None }
    }
}

impl Element for f64 {
    fn of(buffer: &Buffer) -> &Vec<Self> {
        &buffer.f64s
    }
    fn of_mut(buffer: &mut Buffer) -> &mut Vec<Self> {
        &mut buffer.f64s
    }
    fn column(values: &Values) -> Option<&[Self]> {
        if let Values::F64(array) = values { Some(array.values()) } else { None }
    }
}

impl Buffer {
    /// The first values of a column; `None` when they are of another kind.
    pub(crate) fn of(cells: &Cells, kind: Kind, rows: usize) -> Option<Self> {
        let mut out = Self { nulls: cells.has_nulls(), ..Self::default() };
        match (cells, kind) {
            (Cells::Bools(values), Kind::Bool) => {
                out.bools = (0..rows).map(|row| u8::from(values.get(row) == Some(true))).collect();
            }
            (Cells::Ints(values), Kind::I32) => {
                let value = |row| i32::try_from(values.get(row).unwrap_or(0)).ok();
                out.i32s = (0..rows).map(value).collect::<Option<_>>()?;
            }
            (Cells::Ints(values), Kind::I64) => out.i64s = (0..rows).map(|row| values.get(row).unwrap_or(0)).collect(),
            (Cells::Doubles(values), Kind::F64) => {
                out.f64s = (0..rows).map(|row| values.get(row).unwrap_or(0.0)).collect();
            }
            _ => return None,
        }
        if out.nulls {
            out.valid = (0..rows).map(|row| u8::from(!cells.is_null(row))).collect();
        }
        Some(out)
    }

    /// Its one value, so many times.
    pub(crate) fn repeated(mut self, rows: usize) -> Self {
        fn stretch<T: Copy>(values: &mut Vec<T>, rows: usize) {
            if let Some(value) = values.first().copied() {
                values.resize(rows, value);
            }
        }
        stretch(&mut self.bools, rows);
        stretch(&mut self.i32s, rows);
        stretch(&mut self.i64s, rows);
        stretch(&mut self.f64s, rows);
        stretch(&mut self.valid, rows);
        self
    }

    /// NULL where one of two is.
    pub(super) fn set_valid(&mut self, a: Option<&[u8]>, b: Option<&[u8]>) {
        self.nulls = a.is_some() || b.is_some();
        match (a, b) {
            (None, None) => {}
            (Some(one), None) | (None, Some(one)) => {
                self.valid.clear();
                self.valid.extend_from_slice(one);
            }
            (Some(a), Some(b)) => zip(&mut self.valid, a, b, |a, b| a & b),
        }
    }
}

/// The validity of what is never NULL.
pub(super) static ONES: [u8; BATCH] = [1; BATCH];
