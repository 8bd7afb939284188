//! How rows are laid out: sorted, with a key that names each of them, cut into files by the partition.

use crate::extract::{self, Extract};
use almanac_model::format::civil_from_days;
use almanac_model::manifest::Resource;
use almanac_model::schema::Table;
use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, ArrayRef};
use arrow_ord::partition::partition;
use arrow_ord::sort::{SortColumn, SortOptions, lexsort_to_indices};
use arrow_row::{RowConverter, SortField};
use arrow_schema::DataType;
use std::collections::HashMap;
use std::path::Path;

/// Most files of a table: more are each too small to be worth a request.
const MOST_FILES: usize = 1_000;

/// The rows in the order of `sort_by`; without any, of the partition and the key. Rows that are alike keep their order.
///
/// # Errors
/// What Arrow says.
pub(crate) fn sorted(table: &Table, sort_by: &[String], columns: Vec<ArrayRef>) -> Result<Vec<ArrayRef>, String> {
    let by: Vec<&String> = match sort_by {
        [] => table.partition.iter().chain(&table.primary_key).collect(),
        // Files follow one another, so that the partition goes before all else.
        given => table.partition.iter().chain(given).collect(),
    };
    let position = |name: &String| table.columns.iter().position(|column| column.name == *name);
    let options = Some(SortOptions { descending: false, nulls_first: false });
    let mut keys: Vec<SortColumn> =
        (by.into_iter().filter_map(position)).map(|at| SortColumn { values: columns[at].clone(), options }).collect();
    let rows = columns.first().map_or(0, |first| first.len());
    if keys.is_empty() || rows == 0 {
        return Ok(columns);
    }
    let order = arrow_array::UInt64Array::from_iter_values(0..rows as u64);
    keys.push(SortColumn { values: std::sync::Arc::new(order), options });
    let order = lexsort_to_indices(&keys, None).map_err(|error| error.to_string())?;
    let taken = columns.iter().map(|values| arrow_select::take::take(values, &order, None));
    taken.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// Whether the key names each row.
///
/// # Errors
/// A sentence with a key that two rows have, or that the key may be NULL.
pub(super) fn check_key(table: &Table, columns: &[ArrayRef]) -> Result<(), String> {
    let key: Vec<&ArrayRef> = (table.columns.iter().zip(columns))
        .filter(|(column, _)| table.primary_key.contains(&column.name))
        .map(|(_, values)| values)
        .collect();
    if key.is_empty() {
        return Ok(());
    }
    let names = table.primary_key.join(", ");
    if key.iter().any(|values| values.null_count() > 0) {
        return Err(format!("the key ({names}) is NULL in some rows"));
    }
    let fields = key.iter().map(|values| SortField::new(values.data_type().clone())).collect();
    let arrays: Vec<ArrayRef> = key.iter().map(|values| ArrayRef::clone(values)).collect();
    let rows = RowConverter::new(fields)
        .and_then(|converter| converter.convert_columns(&arrays))
        .map_err(|error| error.to_string())?;
    let mut seen = HashMap::with_capacity(rows.num_rows());
    let mut twice = None;
    let mut count = 0_u64;
    for (at, row) in rows.iter().enumerate() {
        if seen.insert(row.owned(), at).is_some() {
            count += 1;
            twice = twice.or(Some(at));
        }
    }
    let Some(at) = twice else { return Ok(()) };
    let shown: Vec<String> =
        (key.iter()).map(|values| arrow_cast::display::array_value_to_string(values, at).unwrap_or_default()).collect();
    let rows = if count == 1 { "row has" } else { "rows have" };
    Err(format!("{count} {rows} the key ({names}) of a row before, the first is ({})", shown.join(", ")))
}

/// Writes the files of a table; its rows are sorted already.
///
/// # Errors
/// What the disk says, with the path; a partition that makes no files.
pub(crate) fn write(
    table: &Table,
    columns: &[ArrayRef],
    row_group_rows: Option<usize>,
    folder: &Path,
) -> Result<Resource, String> {
    let written = parts(table, columns)?.into_iter().map(|(path, columns)| {
        let rows = row_group_rows.map_or(Extract::new(table), |rows| Extract::new(table).row_groups_of(rows));
        let names = table.columns.iter().map(|column| column.name.as_str());
        names.zip(columns).fold(rows, |rows, (name, values)| rows.column(name, values)).write(folder, &path)
    });
    Ok(extract::resource(table, written.collect::<Result<_, _>>()?))
}

/// The files of a table: path below the data folder, and its rows.
///
/// # Errors
/// A partition with too many values, or with one that makes no name.
fn parts(table: &Table, columns: &[ArrayRef]) -> Result<Vec<(String, Vec<ArrayRef>)>, String> {
    let whole = || vec![(format!("{}.parquet", table.name), columns.to_vec())];
    let by = table.partition.as_ref().and_then(|name| table.columns.iter().position(|column| column.name == *name));
    let Some(values) = by.map(|at| &columns[at]).filter(|values| !values.is_empty()) else { return Ok(whole()) };
    let ranges = partition(std::slice::from_ref(values)).map_err(|error| error.to_string())?.ranges();
    if ranges.len() > MOST_FILES {
        return Err(format!(
            "{}: the partition has {} values; at most {MOST_FILES} files are made",
            table.name,
            ranges.len()
        ));
    }
    let named = ranges.into_iter().map(|range| {
        let label = label(values, range.start)
            .ok_or_else(|| format!("{}: a value of the partition makes no name of a file", table.name))?;
        let rows = columns.iter().map(|values| values.slice(range.start, range.len())).collect();
        Ok((format!("{}/{label}.parquet", table.name), rows))
    });
    named.collect()
}

/// `2025-11` of the first day of a month, `2025-11-30` of another, `emea` of a text.
fn label(values: &ArrayRef, at: usize) -> Option<String> {
    if values.is_null(at) {
        return None;
    }
    if *values.data_type() == DataType::Date32 {
        let days = values.as_primitive::<Date32Type>();
        let (year, month, day) = civil_from_days(i64::from(days.value(at)));
        let months = days.iter().flatten().all(|day| civil_from_days(i64::from(day)).2 == 1);
        return Some(if months { format!("{year:04}-{month:02}") } else { format!("{year:04}-{month:02}-{day:02}") });
    }
    let text = arrow_cast::display::array_value_to_string(values, at).ok()?;
    let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    (plain && !text.is_empty() && text.len() <= 80).then_some(text)
}
