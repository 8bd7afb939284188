//! Aggregates that need all values of a group at once: quantiles, mode, joined texts.

use std::cmp::Ordering;

use almanac_model::{Type, Value};
use polars_core::prelude::*;

use super::basic::picked;
use super::groups;
use super::input::Input;
use crate::physical::{Cells, compare_doubles, doubles, int_column, texts, value_column};

/// Row of each group at the discrete quantile `fraction`: the first value whose cumulative share reaches it.
pub(crate) fn quantile_disc(input: &Input<'_>, argument: &Column, fraction: f64) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    let rows: Vec<Option<u32>> = input
        .lists(&cells)
        .into_iter()
        .map(|mut rows| {
            if rows.is_empty() {
                return None;
            }
            // DuckDB: index = max(1, ceil(n * q)) - 1, over the sorted values.
            let place = ((rows.len() as f64 * fraction.abs()).ceil() as usize).clamp(1, rows.len()) - 1;
            let place = if fraction < 0.0 { rows.len() - 1 - place } else { place };
            let (_, row, _) = rows.select_nth_unstable_by(place, |a, b| cells.compare(*a as usize, *b as usize));
            Some(*row)
        })
        .collect();
    picked(argument, &rows)
}

/// Where a quantile lies among the sorted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// 0 is the first value and 1 the last.
    Ends,
    /// Each value stands in the middle of its share, as in a t-digest whose every centroid is one value.
    Middles,
}

/// Interpolated quantile of each group, in the type `ty`: a number, or a point in time.
pub(crate) fn quantile_cont(
    input: &Input<'_>,
    argument: &Column,
    fraction: f64,
    ty: Type,
    place: Place,
) -> PolarsResult<Column> {
    let fraction = if fraction < 0.0 { 1.0 + fraction } else { fraction };
    let cells = Cells::new(argument)?;
    let values = doubles(argument)?;
    let answers = input.lists(&cells).into_iter().map(|rows| {
        let mut sorted: Vec<f64> = rows.iter().filter_map(|row| values.get(*row as usize)).collect();
        sorted.sort_unstable_by(|a, b| compare_doubles(*a, *b));
        let last = sorted.len().checked_sub(1)?;
        let place = match place {
            Place::Ends => last as f64 * fraction,
            Place::Middles => ((last + 1) as f64 * fraction - 0.5).clamp(0.0, last as f64),
        };
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        let (a, b) = (*sorted.get(low)?, *sorted.get(high)?);
        Some(if low == high || a == b { a } else { a + (b - a) * (place - low as f64) })
    });
    if ty == Type::Double {
        return Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column());
    }
    // DATE arguments arrive in days and leave as TIMESTAMP, in microseconds.
    let unit = if argument.dtype() == &DataType::Int32 && ty == Type::Timestamp { 86_400_000_000.0 } else { 1.0 };
    Ok(int_column(PlSmallStr::EMPTY, ty, answers.map(|x| x.map(|x| (x * unit).round() as i64))))
}

/// Most frequent value of each group; of equally frequent ones, the one that came first.
pub(crate) fn mode(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    let codes = groups::codes(&cells, input.rows);
    let rows: Vec<Option<u32>> = input
        .lists(&cells)
        .into_iter()
        .map(|rows| {
            let mut counts: PlHashMap<u32, (usize, u32)> = PlHashMap::default();
            for row in &rows {
                counts.entry(codes.ids[*row as usize]).or_insert((0, *row)).0 += 1;
            }
            let better = |a: (usize, u32), b: (usize, u32)| match a.0.cmp(&b.0) {
                Ordering::Equal => a.1 < b.1,
                order => order == Ordering::Greater,
            };
            let mut best: Option<(usize, u32)> = None;
            for row in &rows {
                if let Some(candidate) = counts.get(&codes.ids[*row as usize]).copied()
                    && best.is_none_or(|held| better(candidate, held))
                {
                    best = Some(candidate);
                }
            }
            best.map(|(_, row)| row)
        })
        .collect();
    picked(argument, &rows)
}

/// The texts of each group with the separator between them; NULL without texts.
pub(crate) fn string_agg(input: &Input<'_>, argument: &Column, separator: Option<&Column>) -> PolarsResult<Column> {
    let values = texts(argument)?;
    let separator = separator.map(texts).transpose()?;
    let mut out: Vec<Option<String>> = vec![None; input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| {
        let text = values.get(row).unwrap_or("");
        match &mut out[group] {
            Some(held) => {
                held.push_str(separator.as_ref().map_or(Some(","), |separator| separator.get(row)).unwrap_or(""));
                held.push_str(text);
            }
            empty => *empty = Some(text.to_owned()),
        }
    });
    Ok(StringChunked::from_iter_options(PlSmallStr::EMPTY, out.into_iter()).into_column())
}

/// All values of each group as a list of type `ty`, NULLs too; NULL for no rows.
pub(crate) fn list(input: &Input<'_>, argument: &Column, ty: Type) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    let element = ty.element().unwrap_or(Type::Null);
    let mut out = vec![Value::Null; input.len()];
    input.each(None, |group, row| {
        let value = cells.value(row, element);
        match &mut out[group] {
            Value::List(items) => items.push(value),
            slot => *slot = Value::List(vec![value]),
        }
    });
    Ok(value_column(PlSmallStr::EMPTY, ty, &out))
}

/// Number of distinct values.
pub(crate) fn count_distinct(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    let codes = groups::codes(&cells, input.rows);
    let counts: Vec<i64> = input
        .lists(&cells)
        .into_iter()
        .map(|rows| rows.iter().map(|row| codes.ids[*row as usize]).collect::<PlHashSet<u32>>().len() as i64)
        .collect();
    Ok(Column::new(PlSmallStr::EMPTY, counts))
}

fn middle(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(|a, b| compare_doubles(*a, *b));
    let last = values.len().checked_sub(1)?;
    let (low, high) = (values.get(last / 2)?, values.get(last.div_ceil(2))?);
    Some(if low == high { *low } else { low + (high - low) / 2.0 })
}

/// Median of the distances to the median.
pub(crate) fn mad(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let values = doubles(argument)?;
    let answers = input.lists(&Cells::new(argument)?).into_iter().map(|rows| {
        let mut held: Vec<f64> = rows.iter().filter_map(|row| values.get(*row as usize)).collect();
        let center = middle(&mut held)?;
        held.iter_mut().for_each(|x| *x = (*x - center).abs());
        middle(&mut held)
    });
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}

/// Shannon entropy of how often each value occurs, in bits; 0 without values.
/// Source: C. E. Shannon, "A mathematical theory of communication", Bell System Technical Journal 27 (1948).
pub(crate) fn entropy(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    let codes = groups::codes(&cells, input.rows);
    let answers = input.lists(&cells).into_iter().map(|rows| {
        let mut values: Vec<u32> = rows.iter().map(|row| codes.ids[*row as usize]).collect();
        values.sort_unstable();
        let all = values.len() as f64;
        let bits = values.chunk_by(|a, b| a == b).map(|same| {
            let share = same.len() as f64 / all;
            -share * share.log2()
        });
        // A sum of nothing is -0.
        Some(bits.sum::<f64>() + 0.0)
    });
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, answers).into_column())
}
