//! Comparison, logic and choice by our own hand: for intervals, for IS DISTINCT FROM, for several arguments at once.

use std::cmp::Ordering;

use almanac_sql::functions::Scalar;
use polars_core::prelude::{Column, IdxCa, PlSmallStr};

use crate::lower::call::{Answer, Call};
use crate::physical::{self, Cells, compare_doubles};

fn order(a: &Cells, b: &Cells, row: usize) -> Option<Ordering> {
    Some(match (a, b) {
        (Cells::Bools(a), Cells::Bools(b)) => a.get(row)?.cmp(&b.get(row)?),
        (Cells::Ints(a), Cells::Ints(b)) => a.get(row)?.cmp(&b.get(row)?),
        (Cells::Doubles(a), Cells::Doubles(b)) => compare_doubles(a.get(row)?, b.get(row)?),
        (Cells::Texts(a), Cells::Texts(b)) => a.get(row)?.cmp(b.get(row)?),
        (Cells::Intervals(a), Cells::Intervals(b)) => a.key(row)?.cmp(b.key(row)?),
        _ => return None,
    })
}

/// `=`, `<>`, `<`, …, `IS [NOT] DISTINCT FROM`.
pub(crate) fn compare(call: &Call<'_>, function: Scalar) -> Answer<Column> {
    let (a, b) = (Cells::new(call.arg(0)?)?, Cells::new(call.arg(1)?)?);
    call.bools(|row| {
        let order = order(&a, &b, row);
        let same = || order == Some(Ordering::Equal) || (a.is_null(row) && b.is_null(row));
        Ok(match function {
            Scalar::IsDistinctFrom => Some(!same()),
            Scalar::IsNotDistinctFrom => Some(same()),
            Scalar::NotEq => order.map(Ordering::is_ne),
            Scalar::Lt => order.map(Ordering::is_lt),
            Scalar::LtEq => order.map(Ordering::is_le),
            Scalar::Gt => order.map(Ordering::is_gt),
            Scalar::GtEq => order.map(Ordering::is_ge),
            _ => order.map(Ordering::is_eq),
        })
    })
}

/// `IS NULL` when `wanted`, else `IS NOT NULL`.
pub(crate) fn is_null(call: &Call<'_>, wanted: bool) -> Answer<Column> {
    let cells = Cells::new(call.arg(0)?)?;
    call.bools(|row| Ok(Some(cells.is_null(row) == wanted)))
}

/// A truth that does not depend on the value; NULL for NULL.
pub(crate) fn constant_unless_null(call: &Call<'_>, truth: bool) -> Answer<Column> {
    let cells = Cells::new(call.arg(0)?)?;
    call.bools(|row| Ok((!cells.is_null(row)).then_some(truth)))
}

/// The first argument, NULL where any other is.
pub(crate) fn constant_or_null(call: &Call<'_>) -> Answer<Column> {
    let others = call.args.iter().skip(1).map(Cells::new).collect::<Result<Vec<_>, _>>()?;
    let value = call.arg(0)?;
    let rows = (0..call.rows).map(|row| {
        let known = others.iter().all(|cells| !cells.is_null(row));
        known.then_some(if value.len() == 1 { 0 } else { row as u32 })
    });
    Ok(value.take(&rows.collect::<IdxCa>())?)
}

/// AND when `all`, else OR, with three values.
pub(crate) fn logic(call: &Call<'_>, all: bool) -> Answer<Column> {
    let values = call.args.iter().map(physical::bools).collect::<Result<Vec<_>, _>>()?;
    call.bools(|row| {
        let decided = values.iter().any(|value| value.get(row) == Some(!all));
        let unknown = values.iter().any(|value| value.get(row).is_none());
        Ok(if decided {
            Some(!all)
        } else if unknown {
            None
        } else {
            Some(all)
        })
    })
}

/// NOT.
pub(crate) fn not(call: &Call<'_>) -> Answer<Column> {
    let values = physical::bools(call.arg(0)?)?;
    call.bools(|row| Ok(values.get(row).map(|b| !b)))
}

/// The first argument with a value (`None`), or the largest or smallest one.
pub(crate) fn chosen(call: &Call<'_>, largest: Option<bool>) -> Answer<Column> {
    let cells = call.args.iter().map(Cells::new).collect::<Result<Vec<_>, _>>()?;
    // All arguments end to end, of which one row each is taken.
    let mut all: Option<Column> = None;
    for arg in call.args {
        let whole = if arg.len() == call.rows { arg.clone() } else { arg.new_from_index(0, call.rows) };
        let whole = whole.with_name(PlSmallStr::EMPTY);
        match &mut all {
            None => all = Some(whole),
            Some(all) => _ = all.append(&whole)?,
        }
    }
    let picks = (0..call.rows).map(|row| {
        let mut best: Option<usize> = None;
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_null(row)) {
            let better = match (best, largest) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(held), Some(largest)) => {
                    order(cell, &cells[held], row) == Some(if largest { Ordering::Greater } else { Ordering::Less })
                }
            };
            if better {
                best = Some(at);
            }
        }
        best.map(|at| (at * call.rows + row) as u32)
    });
    let all = all.unwrap_or_else(|| Column::full_null(PlSmallStr::EMPTY, call.rows, &physical::dtype(call.ty)));
    Ok(all.rechunk().take(&picks.collect::<IdxCa>())?)
}

/// The value of a correlated subquery, which more than one row would leave open.
pub(crate) fn one_row(call: &Call<'_>) -> Answer<Column> {
    let counts = physical::ints(call.arg(1)?)?;
    for row in 0..call.rows {
        if counts.get(row).is_some_and(|count| count > 1) {
            call.refuse::<()>(row, "more-than-one-row", || {
                "a subquery used as a value returned more than one row for a row of the outer query".to_owned()
            })?;
        }
    }
    Ok(call.arg(0)?.clone())
}
