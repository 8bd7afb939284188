//! Which rows around the current one count: frames as ranges of places.

use std::ops::Range;

use almanac_model::{Diagnostic, Type, Value};
use almanac_sql::plan::{Exclude, Frame, FrameBound, FrameUnit};
use polars_core::prelude::Column;

use super::partitions::Partitions;
use crate::calendar::{self, DAY};
use crate::execute::engine_error;
use crate::order::Direction;
use crate::physical::{Cells, compare_doubles};

/// The frame of every place.
pub(crate) struct Frames {
    /// From its first to its last place.
    pub(crate) ranges: Vec<Range<u32>>,
    /// Places within that do not count.
    pub(crate) exclude: Exclude,
}

impl Frames {
    /// Whether every place from first to last counts.
    pub(crate) fn is_plain(&self) -> bool {
        self.exclude == Exclude::NoOthers
    }

    /// What counts of the frame of a place, in order; some of it may be empty.
    pub(crate) fn parts(&self, partitions: &Partitions, place: usize) -> [Range<usize>; 3] {
        let range = &self.ranges[place];
        let (start, end) = (range.start as usize, range.end as usize);
        let (peers, past) = (partitions.peer_start[place] as usize, partitions.peer_end[place] as usize);
        let before = |to: usize| start..to.clamp(start, end);
        let after = |from: usize| from.clamp(start, end)..end;
        match self.exclude {
            Exclude::NoOthers => [start..end, 0..0, 0..0],
            Exclude::CurrentRow => [before(place), after(place + 1), 0..0],
            Exclude::Group => [before(peers), after(past), 0..0],
            Exclude::Ties if (start..end).contains(&place) => [before(peers), place..place + 1, after(past)],
            Exclude::Ties => [before(peers), after(past), 0..0],
        }
    }
}

/// The one order key of a RANGE frame with offsets.
pub(crate) struct RangeKey {
    cells: Cells,
    ty: Type,
    descending: bool,
}

/// A value of the order key, or one an offset away from it.
#[derive(Clone, Copy)]
enum Point {
    Int(i64),
    Double(f64),
}

impl RangeKey {
    /// The key's column, type and direction.
    pub(crate) fn new(column: &Column, ty: Type, direction: Direction) -> Result<Self, Diagnostic> {
        Ok(Self { cells: Cells::new(column).map_err(engine_error)?, ty, descending: direction.descending })
    }

    fn at(&self, row: usize) -> Option<Point> {
        match &self.cells {
            Cells::Ints(values) => values.get(row).map(Point::Int),
            Cells::Doubles(values) => values.get(row).map(Point::Double),
            _ => None,
        }
    }

    /// The point `offset` after `point`, or before it.
    fn moved(&self, point: Point, offset: &Value, forward: bool) -> Option<Point> {
        let sign = if forward { 1 } else { -1 };
        match (point, offset) {
            (Point::Int(n), Value::Int(by)) => Some(Point::Int(n.saturating_add(by.saturating_mul(sign)))),
            (Point::Int(n), Value::Double(by)) => Some(Point::Double(n as f64 + by * sign as f64)),
            (Point::Double(x), Value::Double(by)) => Some(Point::Double(x + by * sign as f64)),
            (Point::Double(x), Value::Int(by)) => Some(Point::Double(x + (*by * sign) as f64)),
            (Point::Int(n), Value::Interval(by)) => {
                let by = almanac_model::Interval {
                    months: by.months * sign as i32,
                    days: by.days * sign as i32,
                    micros: by.micros * sign,
                };
                let micros = if self.ty == Type::Date { n.checked_mul(DAY)? } else { n };
                calendar::add_interval(micros, by).map(Point::Int)
            }
            _ => None,
        }
    }

    /// The order of a row's key and a point, in the direction of the window. Dates meet interval offsets in microseconds.
    fn compare(&self, row: usize, point: Point, micros: bool) -> std::cmp::Ordering {
        let order = match (self.at(row), point) {
            (Some(Point::Int(n)), Point::Int(p)) => (if micros { n.saturating_mul(DAY) } else { n }).cmp(&p),
            (Some(Point::Int(n)), Point::Double(p)) => compare_doubles(n as f64, p),
            (Some(Point::Double(x)), Point::Double(p)) => compare_doubles(x, p),
            (Some(Point::Double(x)), Point::Int(p)) => compare_doubles(x, p as f64),
            (None, _) => std::cmp::Ordering::Equal,
        };
        if self.descending { order.reverse() } else { order }
    }
}

fn rows_of(bound: &FrameBound) -> i64 {
    match bound {
        FrameBound::Preceding(Value::Int(n)) => n.saturating_neg(),
        FrameBound::Following(Value::Int(n)) => *n,
        _ => 0,
    }
}

/// The frame of every place. An empty frame is an empty range within the partition.
pub(crate) fn frames(partitions: &Partitions, frame: &Frame, key: Option<&RangeKey>) -> Frames {
    let mut out = vec![0..0; partitions.len()];
    for partition in partitions.ranges() {
        let (first, last) = (partition.start as i64, partition.end as i64);
        let groups = if frame.unit == FrameUnit::Groups { peer_groups(partitions, &partition) } else { Vec::new() };
        let valued = key.map(|key| valued(partitions, &partition, key));
        for place in partition.clone() {
            let bound = |bound: &FrameBound, is_start: bool| -> i64 {
                match (bound, frame.unit) {
                    (FrameBound::UnboundedPreceding, _) => first,
                    (FrameBound::UnboundedFollowing, _) => last,
                    (FrameBound::CurrentRow, FrameUnit::Rows) => place as i64 + i64::from(!is_start),
                    (FrameBound::CurrentRow, FrameUnit::Range | FrameUnit::Groups) => {
                        i64::from(if is_start { partitions.peer_start[place] } else { partitions.peer_end[place] })
                    }
                    (bound, FrameUnit::Rows) => {
                        (place as i64).saturating_add(rows_of(bound)).saturating_add(i64::from(!is_start))
                    }
                    (bound, FrameUnit::Groups) => {
                        let own = groups.partition_point(|start| *start <= place) as i64 - 1;
                        let wanted = own.saturating_add(rows_of(bound)).saturating_add(i64::from(!is_start));
                        if wanted < 0 {
                            first
                        } else {
                            usize::try_from(wanted)
                                .ok()
                                .and_then(|at| groups.get(at))
                                .map_or(last, |start| *start as i64)
                        }
                    }
                    (bound, FrameUnit::Range) => match (key, &valued) {
                        (Some(key), Some(valued)) => ranged(partitions, key, valued, place, bound, is_start),
                        _ => place as i64,
                    },
                }
            };
            let start = bound(&frame.start, true).clamp(first, last);
            let end = bound(&frame.end, false).clamp(start, last);
            out[place] = start as u32..end as u32;
        }
    }
    Frames { ranges: out, exclude: frame.exclude }
}

/// Places where the groups of peers of a partition start.
fn peer_groups(partitions: &Partitions, partition: &Range<usize>) -> Vec<usize> {
    partition.clone().filter(|place| partitions.peer_start[*place] as usize == *place).collect()
}

/// The places of a partition whose key is not NULL; NULLs lie together at one end.
fn valued(partitions: &Partitions, partition: &Range<usize>, key: &RangeKey) -> Range<usize> {
    let has_value = |place: &usize| key.at(partitions.rows[*place] as usize).is_some();
    let start = partition.clone().find(has_value).unwrap_or(partition.end);
    let end = partition.clone().rev().find(has_value).map_or(start, |last| last + 1);
    start..end
}

fn ranged(
    partitions: &Partitions,
    key: &RangeKey,
    valued: &Range<usize>,
    place: usize,
    bound: &FrameBound,
    is_start: bool,
) -> i64 {
    let (offset, forward) = match bound {
        FrameBound::Preceding(offset) => (offset, key.descending),
        FrameBound::Following(offset) => (offset, !key.descending),
        FrameBound::UnboundedPreceding | FrameBound::CurrentRow | FrameBound::UnboundedFollowing => {
            return place as i64;
        }
    };
    let peers = if is_start { partitions.peer_start[place] } else { partitions.peer_end[place] };
    let point = key.at(partitions.rows[place] as usize).and_then(|point| key.moved(point, offset, forward));
    // NULL is at no distance from any value: its frame is its peers.
    let Some(point) = point else { return i64::from(peers) };
    let micros = key.ty == Type::Date && matches!(offset, Value::Interval(_));
    let rows = &partitions.rows[valued.clone()];
    let within = if is_start {
        rows.partition_point(|row| key.compare(*row as usize, point, micros).is_lt())
    } else {
        rows.partition_point(|row| key.compare(*row as usize, point, micros).is_le())
    };
    (valued.start + within) as i64
}
