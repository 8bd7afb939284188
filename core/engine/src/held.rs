//! Columns in memory: all rows of a table, or those that conditions left when they were read.

use almanac_model::Diagnostic;
use polars_core::prelude::Series;

use crate::execute::engine_error;
use crate::load::rows::Rows;
use crate::physical::bytes_of;

/// A column, or a part of it, in one chunk.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// The rows of the table that are here, in order.
    pub(crate) rows: Rows,
    /// Their values.
    series: Series,
}

impl Held {
    /// All values of a column.
    pub(crate) fn all(series: Series) -> Self {
        Self { rows: Rows::below(series.len() as u64), series }
    }

    /// Values of these rows.
    ///
    /// # Errors
    /// When there are more or fewer values than rows.
    pub(crate) fn new(rows: Rows, series: Series) -> Result<Self, Diagnostic> {
        if rows.total() == series.len() as u64 {
            Ok(Self { rows, series })
        } else {
            Err(engine_error(format_args!("{} values came for {} rows", series.len(), rows.total())))
        }
    }

    /// Bytes it takes, estimated.
    pub(crate) fn bytes(&self) -> u64 {
        bytes_of(&self.series)
    }

    /// The values of rows that are all here, in one chunk: shared when they stand together, else copied.
    pub(crate) fn of(&self, rows: &Rows) -> Result<Series, Diagnostic> {
        if *rows == self.rows {
            return Ok(self.series.clone());
        }
        let parts = rows.places_in(&self.rows);
        let mut out = match parts.ranges() {
            [] => self.series.clear(),
            [first, ..] => self.slice(first),
        };
        for range in parts.ranges().iter().skip(1) {
            out.append(&self.slice(range)).map_err(engine_error)?;
        }
        Ok(out.rechunk())
    }

    fn slice(&self, range: &std::ops::Range<u64>) -> Series {
        // Places in a series fit an `i64`.
        self.series.slice(i64::try_from(range.start).unwrap_or(0), (range.end - range.start) as usize)
    }

    /// These and more rows, none of which is here yet.
    pub(crate) fn with(self, more: &Self) -> Result<Self, Diagnostic> {
        if self.rows.is_empty() {
            return Ok(more.clone());
        }
        let rows = self.rows.or(&more.rows);
        let mut out: Option<Series> = None;
        // Parts of either side in the order of the table.
        let mut parts: Vec<(u64, Series)> = Vec::new();
        for side in [&self, more] {
            let mut place = 0;
            for range in side.rows.ranges() {
                let length = range.end - range.start;
                parts.push((range.start, side.slice(&(place..place + length))));
                place += length;
            }
        }
        parts.sort_by_key(|(start, _)| *start);
        for (_, part) in parts {
            match &mut out {
                None => out = Some(part),
                Some(all) => {
                    all.append(&part).map_err(engine_error)?;
                }
            }
        }
        let series = out.map_or_else(|| self.series.clear(), |all| all.rechunk());
        Self::new(rows, series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars_core::prelude::{Int64Chunked, IntoSeries};

    fn held(rows: &[(u64, u64)]) -> Held {
        let mut set = Rows::default();
        rows.iter().for_each(|(start, end)| set.push(*start..*end));
        let values: Vec<i64> = set.ranges().iter().flat_map(|range| range.clone()).map(|row| row as i64 * 10).collect();
        Held::new(set, Int64Chunked::from_vec("n".into(), values).into_series()).expect("as many")
    }

    fn values(series: &Series) -> Vec<i64> {
        assert_eq!(series.n_chunks(), 1);
        series.i64().expect("whole numbers").into_no_null_iter().collect()
    }

    #[test]
    fn parts_come_together_in_the_order_of_the_table() {
        let both = held(&[(2, 4), (8, 9)]).with(&held(&[(0, 1), (4, 6), (9, 10)])).expect("disjoint");
        assert_eq!(values(&both.series), [0, 20, 30, 40, 50, 80, 90]);
        assert_eq!(values(&both.of(&held(&[(3, 5), (9, 10)]).rows).expect("held")), [30, 40, 90]);
        assert_eq!(values(&both.of(&held(&[(3, 6)]).rows).expect("held")), [30, 40, 50]);
        assert_eq!(values(&both.of(&Rows::default()).expect("held")), [0_i64; 0]);
    }
}
