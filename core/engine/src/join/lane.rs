//! The keys of a join as one whole number a row: equal numbers, equal keys.

use polars_arrow::array::{Array, BooleanArray, PrimitiveArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::compute::utils::combine_validities_and;
use polars_core::prelude::{Column, DataType, PlHashMap, PolarsResult};

use crate::aggregate::table::Numbers;
use crate::physical::{Cells, double_bits};

/// A number for each row; a row without one equals no other.
pub(crate) type Lane = PrimitiveArray<i64>;

/// The keys of the two sides of a join, in pairs of one type. NULL equals NULL only if `null_safe`.
///
/// Numbers stand for themselves as far as that goes. Texts, and combinations of keys with too many values for 64 bits, are
/// numbered on the first side and looked up for the second: the first should be the smaller.
pub(crate) fn lanes(first: &[Column], second: &[Column], null_safe: bool) -> PolarsResult<(Lane, Lane)> {
    let mut pairs: Vec<(Lane, Lane)> = Vec::new();
    for (one, other) in first.iter().zip(second) {
        let (one, other) = (one.as_materialized_series().rechunk(), other.as_materialized_series().rechunk());
        let nulls = null_safe.then(|| (one.is_null(), other.is_null()));
        let (one, other) = pair(&one.into(), &other.into())?;
        match nulls {
            Some((of_one, of_other)) if of_one.any() || of_other.any() => {
                // NULLs are told by a number of their own.
                let (of_one, of_other) = (of_one.rechunk(), of_other.rechunk());
                let (of_one, of_other) = (of_one.downcast_as_array(), of_other.downcast_as_array());
                pairs.push((flags(of_one), flags(of_other)));
                pairs.push((filled(&one, of_one), filled(&other, of_other)));
            }
            _ => pairs.push((one, other)),
        }
    }
    let combined = pairs.into_iter().reduce(|before, next| combined(&before, &next));
    Ok(combined.unwrap_or_else(|| (Lane::from_vec(Vec::new()), Lane::from_vec(Vec::new()))))
}

/// The numbers of one column of integers, dates or times; `None` for other types.
pub(crate) fn whole(column: &Column) -> PolarsResult<Option<Lane>> {
    if !matches!(column.dtype(), DataType::Int32 | DataType::Int64) {
        return Ok(None);
    }
    let series = column.as_materialized_series().rechunk().cast(&DataType::Int64)?;
    Ok(Some(series.i64()?.downcast_as_array().clone()))
}

fn flags(bits: &BooleanArray) -> Lane {
    Lane::from_vec(bits.values_iter().map(i64::from).collect())
}

/// Zero where there was NULL; rows whose text the other side does not have still equal none.
fn filled(lane: &Lane, nulls: &BooleanArray) -> Lane {
    let values = lane.values_iter().zip(nulls.values_iter()).map(|(value, null)| if null { 0 } else { *value });
    let validity = lane.validity().map(|validity| validity | nulls.values());
    Lane::from_vec(values.collect()).with_validity(validity)
}

fn pair(one: &Column, other: &Column) -> PolarsResult<(Lane, Lane)> {
    if let (Some(one), Some(other)) = (whole(one)?, whole(other)?) {
        return Ok((one, other));
    }
    let (n, m) = (one.len(), other.len());
    let (one, other) = (Cells::new(one)?, Cells::new(other)?);
    Ok(match (&one, &other) {
        (Cells::Texts(a), Cells::Texts(b)) => {
            coded(n, m, |row| a.get(row).map(str::as_bytes), |row| b.get(row).map(str::as_bytes))
        }
        (Cells::Intervals(a), Cells::Intervals(b)) => coded(n, m, |row| a.key(row), |row| b.key(row)),
        _ => (bits(&one, n), bits(&other, m)),
    })
}

fn bits(cells: &Cells, rows: usize) -> Lane {
    let value = |row: usize| match cells {
        Cells::Bools(values) => values.get(row).map(i64::from),
        Cells::Ints(values) => values.get(row),
        Cells::Doubles(values) => values.get(row).map(|x| double_bits(x) as i64),
        Cells::Texts(_) | Cells::Intervals(_) => None,
    };
    (0..rows).map(value).collect()
}

/// Numbers for texts; what the first side does not have has none.
fn coded<'a>(
    n: usize,
    m: usize,
    first: impl Fn(usize) -> Option<&'a [u8]>,
    second: impl Fn(usize) -> Option<&'a [u8]>,
) -> (Lane, Lane) {
    let mut known: PlHashMap<&[u8], i64> = PlHashMap::default();
    let one = (0..n)
        .map(|row| {
            let next = known.len() as i64;
            first(row).map(|text| *known.entry(text).or_insert(next))
        })
        .collect();
    let other = (0..m).map(|row| second(row).and_then(|text| known.get(text).copied())).collect();
    (one, other)
}

/// The smallest number and how many there are from there to the largest; `None` where there is none at all.
pub(crate) fn bounds(lane: &Lane) -> Option<(i64, u64)> {
    let (low, high) = match lane.validity().filter(|_| lane.null_count() > 0) {
        None => lane.values_iter().fold((i64::MAX, i64::MIN), |(low, high), n| (low.min(*n), high.max(*n))),
        Some(_) => lane.non_null_values_iter().fold((i64::MAX, i64::MIN), |(low, high), n| (low.min(n), high.max(n))),
    };
    // A span of all 64 bits is one less than it should be, which is too large for every table anyway.
    (low <= high).then(|| (low, (high.wrapping_sub(low) as u64).saturating_add(1)))
}

/// Two keys as one.
fn combined((a, a2): &(Lane, Lane), (b, b2): &(Lane, Lane)) -> (Lane, Lane) {
    let (Some((low_a, span_a)), Some((low_b, span_b))) = (bounds(a), bounds(b)) else {
        return (never(a.len()), never(a2.len()));
    };
    if span_a.checked_mul(span_b).is_some_and(|product| product <= 1 << 62) {
        let join = |a: &Lane, b: &Lane| {
            joined(a, b, |a, b| {
                let (a, b) = (a.wrapping_sub(low_a) as u64, b.wrapping_sub(low_b) as u64);
                (a < span_a && b < span_b).then(|| (a * span_b + b) as i64)
            })
        };
        return (join(a, b), join(a2, b2));
    }
    let (known_a, known_b) = (numbered(a), numbered(b));
    let join = |a: &Lane, b: &Lane| {
        joined(a, b, |a, b| {
            let (a, b) = (known_a.find(a as u64)?, known_b.find(b as u64)?);
            Some((i64::from(a) << 32) | i64::from(b))
        })
    };
    (join(a, b), join(a2, b2))
}

fn numbered(lane: &Lane) -> Numbers {
    let mut numbers = Numbers::new();
    lane.non_null_values_iter().for_each(|n| _ = numbers.number(n as u64));
    numbers
}

fn never(rows: usize) -> Lane {
    Lane::from_vec(vec![0; rows]).with_validity(Some(Bitmap::new_zeroed(rows)))
}

fn joined(a: &Lane, b: &Lane, f: impl Fn(i64, i64) -> Option<i64>) -> Lane {
    let own: Lane = a.values_iter().zip(b.values_iter()).map(|(a, b)| f(*a, *b)).collect();
    let given = combine_validities_and(a.validity(), b.validity());
    let validity = combine_validities_and(own.validity(), given.as_ref());
    own.with_validity(validity)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which rows of two sides are alike, by a look at every pair.
    fn alike(first: &[Column], second: &[Column], null_safe: bool) -> Vec<(usize, usize)> {
        let (one, other) = lanes(first, second, null_safe).expect("keys");
        let mut out = Vec::new();
        for (row, a) in one.iter().enumerate() {
            out.extend(other.iter().enumerate().filter(|(_, b)| a.is_some() && a == *b).map(|(at, _)| (row, at)));
        }
        out
    }

    #[test]
    fn doubles_texts_and_truths() {
        let one = [Column::new("a".into(), [Some(0.0), Some(f64::NAN), None, Some(1.5)])];
        let other = [Column::new("b".into(), [Some(-f64::NAN), Some(-0.0), None])];
        assert_eq!(alike(&one, &other, false), [(0, 1), (1, 0)]);
        assert_eq!(alike(&one, &other, true), [(0, 1), (1, 0), (2, 2)]);
        let long = "a text that is longer than twelve bytes";
        let one = [Column::new("a".into(), [Some(long), None, Some(""), Some("x")])];
        let other = [Column::new("b".into(), [Some("y"), Some(""), Some(long), None, Some(long)])];
        assert_eq!(alike(&one, &other, false), [(0, 2), (0, 4), (2, 1)]);
        assert_eq!(alike(&one, &other, true), [(0, 2), (0, 4), (1, 3), (2, 1)]);
        let one = [Column::new("a".into(), [Some(true), None])];
        let other = [Column::new("b".into(), [Some(false), Some(true)])];
        assert_eq!(alike(&one, &other, false), [(0, 1)]);
    }

    #[test]
    fn several_keys_with_few_and_with_all_values() {
        let wide = |values: &[i64]| Column::new("w".into(), values);
        let (one, other) = ([wide(&[1, 1, 2]), wide(&[5, 6, 5])], [wide(&[2, 1, 3, 1]), wide(&[5, 7, 5, 6])]);
        assert_eq!(alike(&one, &other, false), [(1, 3), (2, 0)]);
        let (min, max) = (i64::MIN, i64::MAX);
        let (one, other) =
            ([wide(&[min, max, 0]), wide(&[max, min, 0])], [wide(&[max, min, 0, 0]), wide(&[min, max, 1, 0])]);
        assert_eq!(alike(&one, &other, false), [(0, 1), (1, 0), (2, 3)]);
        let narrow = Column::new("n".into(), [Some(1_i32), None, Some(3)]);
        assert_eq!(
            alike(&[narrow.clone(), narrow.clone()], &[narrow.clone(), narrow.clone()], true),
            [(0, 0), (1, 1), (2, 2)]
        );
        assert_eq!(alike(&[narrow.clone(), narrow.clone()], &[narrow.clone(), narrow], false), [(0, 0), (2, 2)]);
        let none = Column::new("e".into(), Vec::<i64>::new());
        assert_eq!(alike(&[none.clone(), none], &one, false), []);
    }
}
