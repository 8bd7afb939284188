//! Every window function of the registry.

use almanac_model::Diagnostic;
use almanac_sql::functions::Window;
use polars_core::prelude::*;

use crate::execute::engine_error;
use crate::lower::window::Windows;
use crate::physical::{Cells, ints};
use crate::window::frame::Frames;
use crate::window::pick::{self, Shown};
use crate::window::rank;

/// The values of a window function, in the order of the input.
pub(crate) fn compute(function: Window, windows: &Windows<'_>) -> Result<Column, Diagnostic> {
    let partitions = windows.partitions;
    let whole = |by_place: Vec<i64>| Ok(Column::new(PlSmallStr::EMPTY, partitions.by_row(&by_place)));
    let double = |by_place: Vec<f64>| Ok(Column::new(PlSmallStr::EMPTY, partitions.by_row(&by_place)));
    match function {
        Window::RowNumber => whole(rank::row_number(partitions)),
        Window::Rank => whole(rank::rank(partitions)),
        Window::DenseRank => whole(rank::dense_rank(partitions)),
        Window::PercentRank => double(rank::percent_rank(partitions)),
        Window::CumeDist => double(rank::cume_dist(partitions)),
        Window::Ntile => ntile(windows),
        Window::Lag => offset(windows, -1),
        Window::Lead => offset(windows, 1),
        Window::FirstValue => picked(windows, |shown, frames| pick::first(partitions, shown, frames)),
        Window::LastValue => picked(windows, |shown, frames| pick::last(partitions, shown, frames)),
        Window::NthValue => {
            let n = windows.args.get(1).map(ints).transpose().map_err(engine_error)?;
            picked(windows, |shown, frames| {
                pick::nth(partitions, shown, frames, |row| n.as_ref().map_or(Some(1), |n| n.get(row)))
            })
        }
    }
}

fn ntile(windows: &Windows<'_>) -> Result<Column, Diagnostic> {
    let buckets = windows.args.first().map(ints).transpose().map_err(engine_error)?;
    let of = |row: usize| buckets.as_ref().and_then(|buckets| buckets.get(row));
    if (0..windows.partitions.len()).any(|row| of(row).is_some_and(|n| n < 1)) {
        let place = windows.call.args.first().map(|arg| arg.span).unwrap_or_default();
        return Err(Diagnostic::error("out-of-range", place, "ntile needs a number of buckets above zero"));
    }
    let by_row = windows.partitions.by_row(&rank::ntile(windows.partitions, of));
    Ok(Int64Chunked::from_iter_options(PlSmallStr::EMPTY, by_row.into_iter()).into_column())
}

/// With `IGNORE NULLS`, the test for rows that are passed over.
fn shown(windows: &Windows<'_>) -> Result<Shown, Diagnostic> {
    let cells = windows.args.first().map(Cells::new).transpose().map_err(engine_error)?;
    Ok(match (&cells, windows.call.ignore_nulls) {
        (Some(cells), true) => Shown::new(windows.partitions, Some(&|row| cells.is_null(row))),
        _ => Shown::new(windows.partitions, None),
    })
}

/// `lag` and `lead`: outside of the partition the third argument, or NULL.
fn offset(windows: &Windows<'_>, sign: i64) -> Result<Column, Diagnostic> {
    let value = windows.args.first().ok_or_else(|| engine_error("lag and lead need an argument"))?;
    let by = windows.args.get(1).map(ints).transpose().map_err(engine_error)?;
    let of = |row: usize| by.as_ref().map_or(Some(1), |by| by.get(row)).map(|n| n.saturating_mul(sign));
    let rows = windows.partitions.by_row(&pick::offset(windows.partitions, &shown(windows)?, of));
    let moved = taken(value, &rows)?;
    match windows.args.get(2) {
        None => Ok(moved),
        Some(default) => {
            // A NULL offset gives NULL, not the default.
            let inside: BooleanChunked =
                rows.iter().enumerate().map(|(row, found)| found.is_some() || of(row).is_none()).collect();
            let default =
                if default.len() == rows.len() { default.clone() } else { default.new_from_index(0, rows.len()) };
            moved.zip_with(&inside, &default).map_err(engine_error)
        }
    }
}

fn picked(windows: &Windows<'_>, f: impl Fn(&Shown, &Frames) -> Vec<Option<u32>>) -> Result<Column, Diagnostic> {
    let value = windows.args.first().ok_or_else(|| engine_error("a window function lacks an argument"))?;
    let rows = f(&shown(windows)?, &(windows.frames)()?);
    taken(value, &windows.partitions.by_row(&rows))
}

fn taken(value: &Column, rows: &[Option<u32>]) -> Result<Column, Diagnostic> {
    crate::aggregate::basic::picked(value, rows).map_err(engine_error)
}
