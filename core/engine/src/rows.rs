//! Rows that stay where they are: a step says which rows of which columns it puts out, and a column is copied when somebody
//! reads it. A filter or a join then costs four bytes a row, however many columns there are.

use polars_arrow::array::Array;
use polars_core::prelude::*;

/// Columns of one length, and which of their rows count.
#[derive(Debug, Clone)]
struct Source {
    columns: Vec<Column>,
    /// For each row its place in the columns, NULL for a row of NULLs; `None` for all rows as they lie there.
    at: Option<IdxCa>,
}

/// What a step puts out.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    len: usize,
    sources: Vec<Source>,
}

impl Rows {
    /// These columns, `len` values each; without columns there are still rows.
    pub(crate) fn new(columns: Vec<Column>, len: usize) -> Self {
        Self { len, sources: Vec::new() }.with(columns)
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The rows with more columns, as many values each.
    pub(crate) fn with(mut self, columns: Vec<Column>) -> Self {
        debug_assert!(
            columns.iter().all(|column| column.len() == self.len),
            "columns have as many values as there are rows"
        );
        if !columns.is_empty() {
            self.sources.push(Source { columns, at: None });
        }
        self
    }

    /// The rows with the columns of as many others.
    pub(crate) fn beside(mut self, other: Self) -> Self {
        debug_assert_eq!(self.len, other.len);
        self.sources.extend(other.sources);
        self
    }

    /// Only the columns of these names.
    pub(crate) fn keep(mut self, wanted: impl Fn(&PlSmallStr) -> bool) -> Self {
        for source in &mut self.sources {
            source.columns.retain(|column| wanted(column.name()));
        }
        self.sources.retain(|source| !source.columns.is_empty());
        self
    }

    /// Columns of these rows under other names, and no others.
    pub(crate) fn renamed(&self, names: &[(PlSmallStr, PlSmallStr)]) -> Self {
        let of = |source: &Source| Source {
            columns: names
                .iter()
                .flat_map(|(old, new)| {
                    let found = source.columns.iter().find(|column| column.name() == old);
                    found.map(|column| column.clone().with_name(new.clone()))
                })
                .collect(),
            at: source.at.clone(),
        };
        let sources = self.sources.iter().map(of).filter(|source| !source.columns.is_empty()).collect();
        Self { len: self.len, sources }
    }

    /// Names of all columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &PlSmallStr> {
        self.sources.iter().flat_map(|source| source.columns.iter().map(Column::name))
    }

    /// The values of a column.
    pub(crate) fn column(&self, name: &str) -> PolarsResult<Column> {
        let (source, column) = self.find(name)?;
        match &source.at {
            None => Ok(column.clone()),
            Some(at) => take(column, at),
        }
    }

    /// The values of all columns.
    pub(crate) fn columns(&self) -> PolarsResult<Vec<Column>> {
        self.names().map(|name| self.column(name)).collect()
    }

    fn find(&self, name: &str) -> PolarsResult<(&Source, &Column)> {
        let in_source = |source: &'_ Source| source.columns.iter().position(|column| column.name() == name);
        self.sources
            .iter()
            .find_map(|source| Some((source, &source.columns[in_source(source)?])))
            .ok_or_else(|| polars_err!(ColumnNotFound: "{name}"))
    }

    /// The rows of the columns that `name` is among, whether they count or not; as many as there are where there is no such column.
    pub(crate) fn of_source(&self, name: &str) -> usize {
        self.find(name).map_or(self.len, |(source, column)| if source.at.is_some() { column.len() } else { self.len })
    }

    /// Rows in which all these columns lie, with the place of each row in them: when each row is in some way a copy of one of
    /// fewer rows, and none is a row of NULLs.
    pub(crate) fn fewer<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> Option<(Self, &IdxCa)> {
        let (source, column) = self.find(names.next()?).ok()?;
        let at = source.at.as_ref().filter(|at| !at.has_nulls() && column.len() < self.len / 2)?;
        names
            .all(|name| source.columns.iter().any(|column| column.name() == name))
            .then(|| (Self::new(source.columns.clone(), column.len()), at))
    }

    /// These of the rows; NULL is a row of NULLs.
    pub(crate) fn picked(&self, rows: &IdxCa) -> PolarsResult<Self> {
        let pick = |source: &Source| {
            let at = match &source.at {
                None => rows.clone(),
                Some(at) => take(&at.clone().into_column(), rows)?.idx()?.clone(),
            };
            Ok(Source { columns: source.columns.clone(), at: Some(at) })
        };
        let sources = self.sources.iter().map(pick).collect::<PolarsResult<_>>()?;
        Ok(Self { len: rows.len(), sources })
    }

    /// Rows next to each other.
    pub(crate) fn slice(&self, offset: usize, len: usize) -> Self {
        let (offset, len) = (offset.min(self.len), len.min(self.len - offset.min(self.len)));
        let part = |source: &Source| match &source.at {
            None => {
                let columns = source.columns.iter().map(|column| column.slice(offset as i64, len)).collect();
                Source { columns, at: None }
            }
            Some(at) => Source { columns: source.columns.clone(), at: Some(at.slice(offset as i64, len)) },
        };
        Self { len, sources: self.sources.iter().map(part).collect() }
    }
}

/// Row numbers as Polars takes them.
pub(crate) fn numbers(rows: Vec<u32>) -> IdxCa {
    IdxCa::from_vec(PlSmallStr::EMPTY, rows)
}

/// The values of these rows. Numbers are copied here: Polars' own loop is in a crate that is compiled for size.
pub(crate) fn take(column: &Column, at: &IdxCa) -> PolarsResult<Column> {
    let series = match column {
        Column::Series(series) if !at.has_nulls() && series.n_chunks() == 1 && !series.has_nulls() => series,
        _ => return column.take(at),
    };
    let at = at.rechunk();
    let at = at.downcast_as_array().values().as_slice();
    let name = column.name().clone();
    Ok(match series.dtype() {
        DataType::Int32 => {
            Int32Chunked::from_vec(name, of(series.i32()?.downcast_as_array().values(), at)).into_column()
        }
        DataType::UInt32 => {
            UInt32Chunked::from_vec(name, of(series.u32()?.downcast_as_array().values(), at)).into_column()
        }
        DataType::Int64 => {
            Int64Chunked::from_vec(name, of(series.i64()?.downcast_as_array().values(), at)).into_column()
        }
        DataType::Float64 => {
            Float64Chunked::from_vec(name, of(series.f64()?.downcast_as_array().values(), at)).into_column()
        }
        _ => return column.take_slice(at),
    })
}

fn of<T: Copy>(values: &[T], at: &[u32]) -> Vec<T> {
    at.iter().map(|row| values[*row as usize]).collect()
}

/// The rows for which a Boolean column is true; `None` when all are.
pub(crate) fn chosen(mask: &Column) -> PolarsResult<Option<Vec<u32>>> {
    let mask = mask.as_materialized_series().bool()?.rechunk();
    let array = mask.downcast_as_array();
    let bits = match array.validity() {
        Some(validity) if array.null_count() > 0 => array.values() & validity,
        _ => array.values().clone(),
    };
    let count = bits.set_bits();
    if count == bits.len() {
        return Ok(None);
    }
    let mut out = Vec::with_capacity(count);
    let mut words = bits.chunks::<u64>();
    let mut start = 0;
    let mut add = |mut word: u64| {
        if word == u64::MAX {
            out.extend(start..start + u64::BITS);
        } else {
            while word != 0 {
                out.push(start + word.trailing_zeros());
                word &= word - 1;
            }
        }
        start += u64::BITS;
    };
    words.by_ref().for_each(&mut add);
    add(words.remainder());
    Ok(Some(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(rows: &[Option<u32>]) -> IdxCa {
        IdxCa::from_slice_options(PlSmallStr::EMPTY, rows)
    }

    fn ints(rows: &Rows, name: &str) -> Vec<Option<i64>> {
        rows.column(name).expect("a column").i64().expect("integers").iter().collect()
    }

    #[test]
    fn picks_add_up() {
        let all = Rows::new(
            vec![Column::new("a".into(), [10_i64, 11, 12, 13]), Column::new("t".into(), ["w", "x", "y", "z"])],
            4,
        );
        let some = all.picked(&numbers(vec![3, 1, 1])).expect("in range");
        assert_eq!(ints(&some, "a"), [Some(13), Some(11), Some(11)]);
        let fewer = some.picked(&at(&[Some(2), None, Some(0)])).expect("in range");
        assert_eq!(ints(&fewer, "a"), [Some(11), None, Some(13)]);
        assert_eq!(
            fewer.column("t").expect("a column").str().expect("texts").iter().collect::<Vec<_>>(),
            [Some("x"), None, Some("z")]
        );
        assert_eq!(ints(&fewer.slice(1, 9), "a"), [None, Some(13)]);
        assert_eq!((fewer.slice(7, 1).len(), fewer.of_source("a"), all.slice(1, 2).len()), (0, 4, 2));
        assert!(
            fewer.column("b").is_err() && all.picked(&numbers(vec![4])).expect("looked at later").column("t").is_err()
        );
    }

    #[test]
    fn columns_go_and_come() {
        let one =
            Rows::new(vec![Column::new("a".into(), [1_i64, 2])], 2).picked(&numbers(vec![1, 0])).expect("in range");
        let both = one.beside(Rows::new(vec![Column::new("b".into(), [5_i64, 6])], 2));
        let renamed = both.renamed(&[("a".into(), "c".into()), ("a".into(), "d".into())]);
        assert_eq!(renamed.names().map(PlSmallStr::as_str).collect::<Vec<_>>(), ["c", "d"]);
        assert_eq!(ints(&renamed, "d"), [Some(2), Some(1)]);
        let kept = both.keep(|name| name == "b");
        assert_eq!((kept.names().count(), kept.len()), (1, 2));
        assert_eq!(ints(&kept.slice(1, 1), "b"), [Some(6)]);
    }

    #[test]
    fn masks_become_row_numbers() {
        let mask = |bits: &[Option<bool>]| chosen(&Column::new("m".into(), bits)).expect("Booleans");
        assert_eq!(mask(&[]), None);
        assert_eq!(mask(&[Some(true); 130]), None);
        assert_eq!(mask(&[Some(true), None, Some(false), Some(true)]), Some(vec![0, 3]));
        let mut long = vec![Some(true); 200];
        long[130] = None;
        let rows = mask(&long).expect("not all");
        assert_eq!((rows.len(), rows[129], rows[130], rows[198]), (199, 129, 131, 199));
    }
}
