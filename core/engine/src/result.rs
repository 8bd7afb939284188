//! A finished result: kept in the engine, read in pages, drawn from, exported, or queried again by a later cell.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use almanac_model::data::{Column as DataColumn, Table, Values};
use almanac_model::protocol::SortBy;
use almanac_model::view::Page;
use almanac_model::{Type, Value};
use polars_core::prelude::{Column, DataFrame, PolarsResult, Series};

use crate::order::{self, Direction};
use crate::physical::{Cells, bytes_of};
use crate::text_form;

/// A result: named, typed columns of rows in a fixed order.
pub struct ResultSet {
    columns: Vec<(String, Type)>,
    frame: DataFrame,
    rows: usize,
    /// Row numbers of the order last asked for.
    sorted: RefCell<Option<(SortBy, Rc<Vec<u32>>)>>,
}

impl fmt::Debug for ResultSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultSet").field("columns", &self.columns).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl ResultSet {
    /// `frame` holds the columns in order; one without columns in SQL holds a stand-in that keeps the number of rows.
    pub(crate) fn new(columns: Vec<(String, Type)>, frame: DataFrame) -> Self {
        Self { rows: frame.height(), columns, frame, sorted: RefCell::new(None) }
    }

    /// The rows of several results of the same columns one after the other; the columns are named by their places.
    pub(crate) fn of_parts(parts: &[Self]) -> PolarsResult<Self> {
        let Some((first, others)) = parts.split_first() else { return Ok(Self::new(Vec::new(), DataFrame::empty())) };
        let mut columns = first.frame.get_columns().to_vec();
        for other in others {
            columns.iter_mut().zip(other.frame.get_columns()).try_for_each(|(all, more)| all.append(more).map(drop))?;
        }
        let named = first.columns.iter().enumerate().map(|(at, (_, ty))| (at.to_string(), *ty));
        Ok(Self::new(named.collect(), DataFrame::new(columns.iter().map(Column::rechunk).collect())?))
    }

    /// Names and types of the columns; names may repeat.
    #[must_use]
    pub fn columns(&self) -> &[(String, Type)] {
        &self.columns
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows as u64
    }

    /// Bytes it holds, estimated: texts shared with an extract are counted in full.
    #[must_use]
    pub fn estimated_bytes(&self) -> u64 {
        self.frame.get_columns().iter().map(|column| bytes_of(column.as_materialized_series())).sum()
    }

    /// The first `limit` rows as plain values.
    #[must_use]
    pub fn to_table(&self, limit: usize) -> Table {
        let rows = self.rows.min(limit);
        let columns = self
            .columns
            .iter()
            .zip(self.frame.get_columns())
            .map(|((name, ty), column)| DataColumn { name: name.clone(), ty: *ty, values: values(column, *ty, rows) })
            .collect();
        Table { columns, rows }
    }

    /// The texts of the first column, NULLs left out.
    pub(crate) fn texts(&self) -> Vec<String> {
        let Some(Some(cells)) = self.cells().into_iter().next() else { return Vec::new() };
        let text = |row| match cells.value(row, Type::Varchar) {
            Value::Text(text) => Some(text),
            _ => None,
        };
        (0..self.rows).filter_map(text).collect()
    }

    /// Rows `offset` to `offset + limit` in the order of `sort`, each cell made text by `format(column, value)`; NULL is `None`.
    #[must_use]
    pub fn page(
        &self,
        offset: u64,
        limit: u32,
        sort: Option<SortBy>,
        format: impl Fn(usize, &Value) -> String,
    ) -> Page {
        let order = sort.and_then(|sort| self.order(sort));
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.rows);
        let end = start.saturating_add(limit as usize).min(self.rows);
        let cells = self.cells();
        let rows = (start..end)
            .map(|place| {
                let row = order.as_ref().map_or(place, |order| order[place] as usize);
                cells
                    .iter()
                    .zip(&self.columns)
                    .enumerate()
                    .map(|(at, (cells, (_, ty)))| match cells.as_ref()?.value(row, *ty) {
                        Value::Null => None,
                        value => Some(format(at, &value)),
                    })
                    .collect()
            })
            .collect();
        Page { offset: start as u64, rows }
    }

    /// All rows as CSV (RFC 4180, CRLF, UTF-8). A text that a spreadsheet would run as a formula gets an apostrophe in front;
    /// numbers are never changed.
    #[must_use]
    pub fn to_csv(&self, sort: Option<SortBy>) -> String {
        let order = sort.and_then(|sort| self.order(sort));
        let mut out = String::new();
        for (at, (name, _)) in self.columns.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_text(&mut out, name);
        }
        out.push_str("\r\n");
        let cells = self.cells();
        for place in 0..self.rows {
            let row = order.as_ref().map_or(place, |order| order[place] as usize);
            for (at, (cells, (_, ty))) in cells.iter().zip(&self.columns).enumerate() {
                if at > 0 {
                    out.push(',');
                }
                match cells.as_ref().map_or(Value::Null, |cells| cells.value(row, *ty)) {
                    Value::Text(text) => push_text(&mut out, &text),
                    // Lists and structs begin with a bracket, so none is taken for a formula.
                    value @ (Value::List(_) | Value::Struct(_)) => {
                        push_text(&mut out, &text_form::of(&value).unwrap_or_default());
                    }
                    value => out.push_str(&text_form::of(&value).unwrap_or_default()),
                }
            }
            out.push_str("\r\n");
        }
        out
    }

    /// The columns with names that do not repeat, as a table a later query can read.
    pub(crate) fn as_columns(&self) -> Vec<(String, Type, Series)> {
        let mut seen = BTreeSet::new();
        self.columns
            .iter()
            .zip(self.frame.get_columns())
            .map(|((given, ty), column)| {
                let mut name = given.clone();
                let mut n = 0;
                while !seen.insert(name.to_lowercase()) {
                    n += 1;
                    name = format!("{given}_{n}");
                }
                (name, *ty, column.as_materialized_series().clone())
            })
            .collect()
    }

    /// The values of one column.
    pub(crate) fn cells_of(&self, column: usize) -> Option<Cells> {
        Cells::new(self.frame.get_columns().get(column)?).ok()
    }

    fn cells(&self) -> Vec<Option<Cells>> {
        self.frame.get_columns().iter().map(|column| Cells::new(column).ok()).collect()
    }

    fn order(&self, sort: SortBy) -> Option<Rc<Vec<u32>>> {
        if let Some((held, order)) = self.sorted.borrow().as_ref()
            && *held == sort
        {
            return Some(Rc::clone(order));
        }
        let column = self.frame.get_columns().get(sort.column as usize)?.clone();
        let direction = Direction { descending: sort.descending, nulls_first: false };
        let order = Rc::new(order::permutation(&[column], &[direction], self.rows).ok()?);
        *self.sorted.borrow_mut() = Some((sort, Rc::clone(&order)));
        Some(order)
    }
}

/// A text as a CSV field.
fn push_text(out: &mut String, text: &str) {
    let guarded = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = text.is_empty() || text.contains(['"', ',', '\r', '\n']);
    if quoted {
        out.push('"');
    }
    if guarded {
        out.push('\'');
    }
    if quoted {
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// The first rows of a column as plain values.
fn values(column: &Column, ty: Type, rows: usize) -> Values {
    let column = column.head(Some(rows));
    let Ok(cells) = Cells::new(&column) else { return Values::Null(rows) };
    match (&cells, ty) {
        (_, Type::Null) => Values::Null(rows),
        (Cells::Bools(v), _) => Values::Boolean((0..rows).map(|row| v.get(row)).collect()),
        (Cells::Doubles(v), _) => Values::Double((0..rows).map(|row| v.get(row)).collect()),
        (Cells::Texts(v), _) => Values::Text((0..rows).map(|row| v.get(row).map(str::to_owned)).collect()),
        (Cells::Intervals(_), ty) if ty.is_nested() => {
            Values::Nested((0..rows).map(|row| cells.value(row, ty)).collect())
        }
        (Cells::Intervals(v), _) => Values::Interval((0..rows).map(|row| v.get(row)).collect()),
        (Cells::Ints(v), Type::Date) => {
            Values::Date((0..rows).map(|row| v.get(row).and_then(|days| i32::try_from(days).ok())).collect())
        }
        (Cells::Ints(v), Type::Time) => Values::Time((0..rows).map(|row| v.get(row)).collect()),
        (Cells::Ints(v), Type::Timestamp) => Values::Timestamp((0..rows).map(|row| v.get(row)).collect()),
        (Cells::Ints(v), _) => Values::Int((0..rows).map(|row| v.get(row)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result() -> ResultSet {
        let frame = DataFrame::new(vec![
            Column::new("0".into(), [Some("=1+1"), None, Some("a,\"b\""), Some("")]),
            Column::new("1".into(), [Some(-5_i64), Some(3), None, Some(3)]),
        ])
        .expect("equal lengths");
        ResultSet::new(vec![("name".into(), Type::Varchar), ("n".into(), Type::BigInt)], frame)
    }

    #[test]
    fn csv_is_rfc_4180_and_no_formula() {
        assert_eq!(result().to_csv(None), "name,n\r\n'=1+1,-5\r\n,3\r\n\"a,\"\"b\"\"\",\r\n\"\",3\r\n");
    }

    #[test]
    fn pages_are_sorted_stably_with_nulls_last() {
        let result = result();
        let show = |_: usize, value: &Value| text_form::of(value).unwrap_or_default();
        let sort = Some(SortBy { column: 1, descending: true });
        let page = result.page(1, 2, sort, show);
        assert_eq!(page.rows, [[Some(String::new()), Some("3".into())], [Some("=1+1".into()), Some("-5".into())]]);
        assert_eq!(result.page(3, 9, sort, show).rows, [[Some("a,\"b\"".to_owned()), None]]);
        assert!(result.page(99, 9, sort, show).rows.is_empty());
    }

    #[test]
    fn table_keeps_types() {
        let table = result().to_table(2);
        assert_eq!(table.rows, 2);
        assert_eq!(table.columns[1].values, Values::Int(vec![Some(-5), Some(3)]));
    }
}
