//! A result as a reader turns it over: some of its columns, formatted, in pages.

use almanac_engine::ResultSet;
use almanac_model::Value;
use almanac_model::format::{Format, default};
use almanac_model::protocol::SortBy;
use almanac_model::view::{ColumnView, Page, TableView};
use std::cell::RefCell;
use std::rc::Rc;

/// Rows sent along with a cell.
const FIRST_ROWS: u32 = 100;
/// Most decimals of a column that has no format of its own.
const MOST_DECIMALS: usize = 4;
/// Most rows of one page.
const MAX_PAGE: u32 = 10_000;

/// Columns of a result with their formats.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    result: Rc<ResultSet>,
    columns: Vec<usize>,
    formats: Vec<Option<Format>>,
}

impl Shown {
    /// All columns in their default formats.
    pub(crate) fn all(result: Rc<ResultSet>) -> Self {
        let columns = (0..result.columns().len()).collect();
        let formats = vec![None; result.columns().len()];
        Self::some(result, columns, formats)
    }

    /// Some columns; `formats` has one entry for each column of the result.
    pub(crate) fn some(result: Rc<ResultSet>, columns: Vec<usize>, mut formats: Vec<Option<Format>>) -> Self {
        for (format, aligned) in formats.iter_mut().zip(aligned(&result)) {
            *format = format.or(aligned);
        }
        Self { result, columns, formats }
    }

    /// Heads and the first rows.
    pub(crate) fn view(&self) -> TableView {
        let heads = self.result.columns();
        let columns =
            self.columns.iter().map(|&at| ColumnView { name: heads[at].0.clone(), ty: heads[at].1 }).collect();
        TableView { title: None, columns, total_rows: self.result.rows(), page: self.page(0, FIRST_ROWS, None) }
    }

    /// A window of rows.
    pub(crate) fn page(&self, offset: u64, limit: u32, sort: Option<SortBy>) -> Page {
        let format = |at: usize, value: &Value| {
            self.formats.get(at).copied().flatten().map_or_else(|| default(value), |format| format.apply(value))
        };
        let mut page = self.result.page(offset, limit.min(MAX_PAGE), self.sort(sort), format);
        let in_order = self.columns.len() == self.result.columns().len()
            && self.columns.iter().enumerate().all(|(at, &column)| at == column);
        if !in_order {
            for row in &mut page.rows {
                *row = self.columns.iter().map(|&at| row.get(at).cloned().flatten()).collect();
            }
        }
        page
    }

    /// All rows and all columns of the result as CSV.
    pub(crate) fn csv(&self, sort: Option<SortBy>) -> String {
        self.result.to_csv(self.sort(sort))
    }

    /// The reader counts the columns that are shown.
    fn sort(&self, sort: Option<SortBy>) -> Option<SortBy> {
        let sort = sort?;
        let column = *self.columns.get(sort.column as usize)?;
        Some(SortBy { column: u32::try_from(column).ok()?, ..sort })
    }
}

/// A format for each column of fractions whose first rows differ in their decimals, so that points stand below each other.
fn aligned(result: &ResultSet) -> Vec<Option<Format>> {
    let fractions = |value: &Value| if let Value::Double(_) = value { default(value) } else { String::new() };
    let sample = result.page(0, FIRST_ROWS, None, |_, value| fractions(value));
    let format = |column: usize| {
        let texts = || sample.rows.iter().filter_map(|row| row.get(column)?.as_deref());
        let decimals = |text: &str| text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let most = texts().map(decimals).max().filter(|most| *most > 0)?;
        // Powers of ten are left as they are.
        let plain = texts().all(|text| !text.contains(['e', 'E']));
        plain.then(|| Format::parse(&format!("num{}", most.min(MOST_DECIMALS)))).flatten()
    };
    (0..result.columns().len()).map(format).collect()
}

/// The place of a column by name, letter case aside.
pub(crate) fn column(result: &ResultSet, name: &str) -> Option<usize> {
    result.columns().iter().position(|(column, _)| column.eq_ignore_ascii_case(name))
}

/// One value of the first row in an order; `None` when there is no row.
pub(crate) fn first_value(result: &ResultSet, column: usize, sort: Option<SortBy>) -> Option<Value> {
    if result.rows() == 0 {
        return None;
    }
    let found = RefCell::new(Value::Null);
    let _ = result.page(0, 1, sort, |at, value| {
        if at == column {
            *found.borrow_mut() = value.clone();
        }
        String::new()
    });
    Some(found.into_inner())
}
