//! Counts, sums, averages, extremes: dense accumulators, one a group, one pass over the rows.

use almanac_model::Type;
use polars_core::prelude::*;

use super::input::Input;
use crate::physical::{Cells, compare_doubles};

/// Rows that count; with an argument, those where it is not NULL.
pub(crate) fn count(input: &Input<'_>, argument: Option<&Column>) -> PolarsResult<Column> {
    let mut counts = vec![0_i64; input.len()];
    match argument.map(Cells::new).transpose()? {
        None if input.has_all_rows() => counts.copy_from_slice(input.groups.sizes()),
        None => input.each(None, |group, _| counts[group] += 1),
        Some(cells) if input.is_plain(&cells) => counts.copy_from_slice(input.groups.sizes()),
        Some(cells) => input.each_of(&cells, |group, _| counts[group] += 1),
    }
    Ok(Column::new(PlSmallStr::EMPTY, counts))
}

/// Sums of 64-bit integers that notice when they leave the range, and only then: passing through it is allowed.
struct Sums {
    low: Vec<i64>,
    /// How often the sum wrapped upwards, less how often downwards.
    carry: Vec<i32>,
    count: Vec<i64>,
}

fn int_sums(input: &Input<'_>, cells: &Cells) -> Option<Sums> {
    let Cells::Ints(values) = cells else { return None };
    let n = input.len();
    let mut sums = Sums { low: vec![0; n], carry: vec![0; n], count: vec![0; n] };
    let slice = values.array().values().as_slice();
    let constant = values.is_constant();
    input.each_of(cells, |group, row| {
        let value = slice[if constant { 0 } else { row }];
        let (sum, wrapped) = sums.low[group].overflowing_add(value);
        sums.low[group] = sum;
        sums.count[group] += 1;
        if wrapped {
            sums.carry[group] += if value > 0 { 1 } else { -1 };
        }
    });
    Some(sums)
}

fn double_sums(input: &Input<'_>, cells: &Cells) -> (Vec<f64>, Vec<i64>) {
    if let Cells::Doubles(values) = cells
        && input.is_plain(cells)
        && !values.is_constant()
    {
        let sums = plain_sums(values.array().values().as_slice(), &input.groups.ids, input.len());
        return (sums, input.groups.sizes().to_vec());
    }
    let mut sums = vec![0.0; input.len()];
    let mut counts = vec![0_i64; input.len()];
    if let Cells::Doubles(values) = cells {
        let slice = values.array().values().as_slice();
        let constant = values.is_constant();
        input.each_of(cells, |group, row| {
            sums[group] += slice[if constant { 0 } else { row }];
            counts[group] += 1;
        });
    }
    (sums, counts)
}

/// Lanes of a sum: an addition need not wait for the one before it.
const LANES: usize = 8;
/// Most groups that get lanes of their own.
const FEW: usize = 256;

/// Sums by group of as many values as there are rows.
fn plain_sums(values: &[f64], ids: &[u32], groups: usize) -> Vec<f64> {
    if groups == 1 {
        let (blocks, rest) = values.as_chunks::<LANES>();
        let mut lanes = [0.0; LANES];
        for block in blocks {
            for (lane, value) in lanes.iter_mut().zip(block) {
                *lane += value;
            }
        }
        return vec![lanes.iter().sum::<f64>() + rest.iter().sum::<f64>()];
    }
    if groups > FEW {
        let mut sums = vec![0.0; groups];
        for (id, value) in ids.iter().zip(values) {
            sums[*id as usize] += value;
        }
        return sums;
    }
    // Neighbouring rows are often of one group: two sums take turns.
    let mut sums = vec![[0.0; 2]; groups];
    let (pairs, last) = ids.as_chunks::<2>();
    let (values, last_value) = values.as_chunks::<2>();
    for ([one, other], [first, second]) in pairs.iter().zip(values) {
        sums[*one as usize][0] += first;
        sums[*other as usize][1] += second;
    }
    for (id, value) in last.iter().zip(last_value) {
        sums[*id as usize][0] += value;
    }
    sums.into_iter().map(|[one, other]| one + other).collect()
}

/// A sum that left the range of its type.
pub(crate) fn overflow() -> PolarsError {
    polars_err!(ComputeError: "the sum is larger than a BIGINT can hold")
}

/// Sum of integers or doubles; NULL without values.
pub(crate) fn sum(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    if let Some(sums) = int_sums(input, &cells) {
        if sums.carry.iter().any(|carry| *carry != 0) {
            return Err(overflow());
        }
        let values = sums.low.iter().zip(&sums.count).map(|(sum, count)| (*count > 0).then_some(*sum));
        return Ok(Int64Chunked::from_iter_options(PlSmallStr::EMPTY, values).into_column());
    }
    let (sums, counts) = double_sums(input, &cells);
    let values = sums.iter().zip(&counts).map(|(sum, count)| (*count > 0).then_some(*sum));
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, values).into_column())
}

/// Average as a double; NULL without values.
pub(crate) fn avg(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    let values: Vec<Option<f64>> = if let Some(sums) = int_sums(input, &cells) {
        (0..input.len())
            .map(|group| {
                let sum = i128::from(sums.low[group]) + (i128::from(sums.carry[group]) << 64);
                (sums.count[group] > 0).then(|| sum as f64 / sums.count[group] as f64)
            })
            .collect()
    } else {
        let (sums, counts) = double_sums(input, &cells);
        sums.iter().zip(&counts).map(|(sum, count)| (*count > 0).then(|| sum / *count as f64)).collect()
    };
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, values.into_iter()).into_column())
}

/// Product as a double; NULL without values.
pub(crate) fn product(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let values = crate::physical::doubles(argument)?;
    let mut products: Vec<Option<f64>> = vec![None; input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| {
        let slot = &mut products[group];
        *slot = Some(slot.unwrap_or(1.0) * values.get(row).unwrap_or(1.0));
    });
    Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, products.into_iter()).into_column())
}

/// Smallest or largest value; NULL without values. NaN is the largest double.
pub(crate) fn extreme(input: &Input<'_>, argument: &Column, largest: bool) -> PolarsResult<Column> {
    let cells = Cells::new(argument)?;
    match &cells {
        Cells::Ints(values) => {
            let mut best: Vec<Option<i64>> = vec![None; input.len()];
            input.each_of(&cells, |group, row| {
                let value = values.get(row);
                let slot = &mut best[group];
                if slot.is_none() || if largest { value > *slot } else { value < *slot } {
                    *slot = value;
                }
            });
            Int64Chunked::from_iter_options(PlSmallStr::EMPTY, best.into_iter()).into_column().cast(argument.dtype())
        }
        Cells::Doubles(values) => {
            let mut best: Vec<Option<f64>> = vec![None; input.len()];
            input.each_of(&cells, |group, row| {
                let Some(value) = values.get(row) else { return };
                let slot = &mut best[group];
                if slot.is_none_or(|held| compare_doubles(value, held) == order(largest)) {
                    *slot = Some(value);
                }
            });
            Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, best.into_iter()).into_column())
        }
        _ => picked(argument, &extreme_rows(input, &cells, None, largest)),
    }
}

fn order(largest: bool) -> std::cmp::Ordering {
    if largest { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Less }
}

/// The row of each group with the smallest or largest cell, the first of equals; rows where `also` is NULL do not count.
fn extreme_rows(input: &Input<'_>, cells: &Cells, also: Option<&Cells>, largest: bool) -> Vec<Option<u32>> {
    let mut best: Vec<Option<u32>> = vec![None; input.len()];
    input.each_of(cells, |group, row| {
        if also.is_some_and(|cells| cells.is_null(row)) {
            return;
        }
        let slot = &mut best[group];
        if slot.is_none_or(|held| cells.compare(row, held as usize) == order(largest)) {
            *slot = Some(row as u32);
        }
    });
    best
}

/// The value where another is smallest or largest; rows where that is NULL do not count, nor, unless `with_nulls`, those where
/// the value is.
pub(crate) fn arg_extreme(
    input: &Input<'_>,
    value: &Column,
    by: &Column,
    largest: bool,
    with_nulls: bool,
) -> PolarsResult<Column> {
    let also = if with_nulls { None } else { Some(Cells::new(value)?) };
    let rows = extreme_rows(input, &Cells::new(by)?, also.as_ref(), largest);
    picked(value, &rows)
}

/// Which value of a group is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// The first, NULL or not.
    First,
    /// The last, NULL or not.
    Last,
    /// The first that is not NULL.
    Any,
}

/// A value of each group by its place.
pub(crate) fn pick(input: &Input<'_>, argument: &Column, which: Pick) -> PolarsResult<Column> {
    let mut rows: Vec<Option<u32>> = vec![None; input.len()];
    match which {
        Pick::First => input.each(None, |group, row| _ = rows[group].get_or_insert(row as u32)),
        Pick::Last => input.each(None, |group, row| rows[group] = Some(row as u32)),
        Pick::Any => {
            let cells = Cells::new(argument)?;
            input.each_of(&cells, |group, row| _ = rows[group].get_or_insert(row as u32));
        }
    }
    picked(argument, &rows)
}

/// The values of these rows.
pub(crate) fn picked(column: &Column, rows: &[Option<u32>]) -> PolarsResult<Column> {
    let rows =
        if column.len() == 1 { rows.iter().map(|row| row.map(|_| 0)).collect::<Vec<_>>() } else { rows.to_vec() };
    column.take(&IdxCa::from_slice_options(PlSmallStr::EMPTY, &rows))
}

/// Whether all, or any, of the values are true; NULL without values.
pub(crate) fn bools(input: &Input<'_>, argument: &Column, all: bool) -> PolarsResult<Column> {
    let values = crate::physical::bools(argument)?;
    let mut out: Vec<Option<bool>> = vec![None; input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| {
        let value = values.get(row).unwrap_or(false);
        let slot = &mut out[group];
        *slot = Some(match *slot {
            None => value,
            Some(held) if all => held && value,
            Some(held) => held || value,
        });
    });
    Ok(BooleanChunked::from_iter_options(PlSmallStr::EMPTY, out.into_iter()).into_column())
}

/// Rows for which the argument is true.
pub(crate) fn count_if(input: &Input<'_>, argument: &Column) -> PolarsResult<Column> {
    let values = crate::physical::bools(argument)?;
    let mut counts = vec![0_i64; input.len()];
    input.each(None, |group, row| counts[group] += i64::from(values.get(row) == Some(true)));
    Ok(Column::new(PlSmallStr::EMPTY, counts))
}

/// Average of points in time to the nearest microsecond, in the type `ty`; dates become timestamps.
pub(crate) fn avg_instant(input: &Input<'_>, argument: &Column, ty: Type) -> PolarsResult<Column> {
    let unit = if argument.dtype() == &DataType::Int32 && ty == Type::Timestamp { crate::calendar::DAY } else { 1 };
    let cells = Cells::new(argument)?;
    let Some(sums) = int_sums(input, &cells) else {
        return Err(polars_err!(ComputeError: "only numbers and points in time have an average"));
    };
    let values = (0..input.len()).map(|group| {
        let sum = (i128::from(sums.low[group]) + (i128::from(sums.carry[group]) << 64)) * i128::from(unit);
        let count = i128::from(sums.count[group]);
        if count == 0 { None } else { i64::try_from((2 * sum + count).div_euclid(2 * count)).ok() }
    });
    Ok(crate::physical::int_column(PlSmallStr::EMPTY, ty, values))
}

/// Integers joined bit by bit; NULL without values.
pub(crate) fn bits(input: &Input<'_>, argument: &Column, f: impl Fn(i64, i64) -> i64) -> PolarsResult<Column> {
    let values = crate::physical::ints(argument)?;
    let mut out: Vec<Option<i64>> = vec![None; input.len()];
    input.each(Some(&|row| values.is_null(row)), |group, row| {
        if let Some(value) = values.get(row) {
            out[group] = Some(out[group].map_or(value, |held| f(held, value)));
        }
    });
    Ok(Int64Chunked::from_iter_options(PlSmallStr::EMPTY, out.into_iter()).into_column())
}
