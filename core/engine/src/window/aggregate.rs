//! Aggregates over frames.
//!
//! Whole partitions are grouped once. Counts, sums, averages and extremes of frames that only grow are run along; exact sums
//! (counts and integers) of sliding frames are differences of prefix sums. Everything else is computed frame by frame with the
//! grouping kernels, in blocks. Sums of doubles are never differences: those would lose digits and keep NaN for ever.

use std::ops::Range;

use almanac_model::Diagnostic;
use polars_core::prelude::*;

use super::frame::Frames;
use super::partitions::Partitions;
use crate::aggregate::basic;
use crate::aggregate::groups::Groups;
use crate::aggregate::input::Input;
use crate::physical::{Bools, Cells};

/// Rows of frames laid end to end at a time.
const BLOCK: usize = 1 << 20;
/// Most rows of frames at all: some tens of seconds.
const MOST: u64 = 4_000_000_000;

/// Aggregates with a faster way than frame by frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Simple {
    /// `count(*)`, `count(x)`.
    Count,
    /// `sum`.
    Sum,
    /// `avg`.
    Avg,
    /// `min`.
    Min,
    /// `max`.
    Max,
}

/// Computes an aggregate of rows in groups.
pub(crate) type Kernel<'a> = &'a dyn Fn(&Input<'_>, &[Column]) -> PolarsResult<Column>;

/// One aggregate over frames.
pub(crate) struct Windowed<'a> {
    pub(crate) partitions: &'a Partitions,
    /// The frame of each place.
    pub(crate) frames: &'a Frames,
    /// The arguments in window order.
    pub(crate) args: Vec<Column>,
    /// The FILTER condition in window order.
    pub(crate) filter: Option<Column>,
    /// Only distinct values count.
    pub(crate) distinct: bool,
    /// NULLs are values, too.
    pub(crate) takes_nulls: bool,
    /// The rank of each place in an order of the aggregate's own.
    pub(crate) ranks: Option<&'a [u32]>,
    pub(crate) simple: Option<Simple>,
    pub(crate) kernel: Kernel<'a>,
}

impl Windowed<'_> {
    /// The values, in window order.
    pub(crate) fn compute(&self) -> Result<PolarsResult<Column>, Diagnostic> {
        let ranges = &self.frames.ranges;
        let all = |test: &dyn Fn(&Range<u32>, &Range<usize>) -> bool| {
            self.frames.is_plain()
                && self.partitions.ranges().all(|range| ranges[range.clone()].iter().all(|frame| test(frame, &range)))
        };
        if all(&|frame, range| frame.start as usize == range.start && frame.end as usize == range.end) {
            return Ok(self.whole_partitions());
        }
        let growing = all(&|frame, range| frame.start as usize == range.start);
        if self.distinct && growing {
            // What has been seen once in such a frame never counts again.
            return match self.first_seen() {
                Ok(filter) => {
                    Windowed { args: self.args.clone(), filter: Some(filter), distinct: false, ..*self }.compute()
                }
                Err(error) => Ok(Err(error)),
            };
        }
        if let Some(simple) = self.simple.filter(|_| !self.distinct && self.frames.is_plain()) {
            let run = if growing { self.running(simple) } else { self.differences(simple) };
            match run {
                Ok(Some(column)) => return Ok(Ok(column)),
                Ok(None) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        let total: u64 = ranges.iter().map(|frame| u64::from(frame.end - frame.start)).sum();
        if total > MOST {
            return Err(Diagnostic::error_without_place(
                "over-budget",
                format!("this window function would visit {total} rows, more than the {MOST} allowed"),
            )
            .hint("use a shorter frame, or partition the window"));
        }
        Ok(self.frame_by_frame())
    }

    /// The partitions as groups of places.
    fn groups(&self) -> Groups {
        let mut ids = vec![0_u32; self.partitions.len()];
        let mut first = Vec::new();
        for range in self.partitions.ranges().filter(|range| !range.is_empty()) {
            ids[range.clone()].fill(first.len() as u32);
            first.push(range.start as u32);
        }
        Groups::new(ids, first)
    }

    /// Places at which the arguments have values that their partition has not had before.
    fn first_seen(&self) -> PolarsResult<Column> {
        let groups = self.groups();
        let mut input = Input::new(groups.ids.len(), &groups);
        if let Some(filter) = &self.filter {
            input = input.filtered(filter)?;
        }
        let kept = input.distinct(&self.args, self.takes_nulls)?.kept();
        Ok(BooleanChunked::from_iter_values(PlSmallStr::EMPTY, kept.into_iter()).into_column())
    }

    fn whole_partitions(&self) -> PolarsResult<Column> {
        let groups = self.groups();
        let values = self.kernel(&groups, &self.args, self.filter.as_ref(), None)?;
        values.take(&IdxCa::from_vec(PlSmallStr::EMPTY, groups.ids))
    }

    /// The aggregate of rows in groups; `places` says where each row lies, if not in its own place.
    fn kernel(
        &self,
        groups: &Groups,
        args: &[Column],
        filter: Option<&Column>,
        places: Option<&[u32]>,
    ) -> PolarsResult<Column> {
        let mut input = Input::new(groups.ids.len(), groups);
        if let Some(ranks) = self.ranks {
            let mut order: Vec<u32> = (0..groups.ids.len() as u32).collect();
            order.sort_by_key(|row| ranks[places.map_or(*row, |places| places[*row as usize]) as usize]);
            input = input.ordered(order);
        }
        if let Some(filter) = filter {
            input = input.filtered(filter)?;
        }
        if self.distinct {
            input = input.distinct(args, self.takes_nulls)?;
        }
        (self.kernel)(&input, args)
    }

    /// Which places count for a function of one argument.
    fn counted(&self) -> PolarsResult<(Option<Cells>, Option<Bools>)> {
        Ok((
            self.args.first().map(Cells::new).transpose()?,
            self.filter.as_ref().map(crate::physical::bools).transpose()?,
        ))
    }

    /// Frames that start with the partition and only grow.
    fn running(&self, simple: Simple) -> PolarsResult<Option<Column>> {
        let (cells, filter) = self.counted()?;
        let counts = |place: usize| {
            filter.as_ref().is_none_or(|filter| filter.get(place) == Some(true))
                && !cells.as_ref().is_some_and(|c| c.is_null(place))
        };
        let n = self.partitions.len();
        match (simple, &cells) {
            (Simple::Count, _) => Ok(Some(Column::new(
                PlSmallStr::EMPTY,
                self.scan(0_i64, |sum, place| *sum += i64::from(counts(place)), |sum| *sum),
            ))),
            (Simple::Sum | Simple::Avg, Some(Cells::Doubles(values))) => {
                let add = |state: &mut (f64, i64), place: usize| {
                    if counts(place) {
                        state.0 += values.get(place).unwrap_or(0.0);
                        state.1 += 1;
                    }
                };
                let avg = simple == Simple::Avg;
                let out = self.scan((0.0, 0), add, |(sum, count)| {
                    (*count > 0).then(|| if avg { sum / *count as f64 } else { *sum })
                });
                Ok(Some(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, out.into_iter()).into_column()))
            }
            (Simple::Sum | Simple::Avg, Some(Cells::Ints(values))) => {
                let add = |state: &mut (i128, i64), place: usize| {
                    if counts(place) {
                        state.0 += i128::from(values.get(place).unwrap_or(0));
                        state.1 += 1;
                    }
                };
                let out = self.scan((0_i128, 0_i64), add, |state| *state);
                int_answer(&out, simple).map(Some)
            }
            (Simple::Min | Simple::Max, Some(cells)) => {
                let wanted = if simple == Simple::Min { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
                let add = |best: &mut Option<u32>, place: usize| {
                    if counts(place) && best.is_none_or(|held| cells.compare(place, held as usize) == wanted) {
                        *best = Some(place as u32);
                    }
                };
                let out = self.scan(None, add, |best| *best);
                debug_assert_eq!(out.len(), n);
                self.args.first().map(|arg| basic::picked(arg, &out)).transpose()
            }
            _ => Ok(None),
        }
    }

    fn scan<S: Clone, T>(&self, empty: S, add: impl Fn(&mut S, usize), answer: impl Fn(&S) -> T) -> Vec<T> {
        let mut out = Vec::with_capacity(self.partitions.len());
        for range in self.partitions.ranges() {
            let mut state = empty.clone();
            let mut next = range.start;
            for frame in &self.frames.ranges[range.clone()] {
                // A frame that shrinks again (its end lies before the last one's) starts over.
                if (frame.end as usize) < next {
                    state = empty.clone();
                    next = range.start;
                }
                while next < frame.end as usize {
                    add(&mut state, next);
                    next += 1;
                }
                out.push(answer(&state));
            }
        }
        out
    }

    /// Exact sums as differences of prefix sums.
    fn differences(&self, simple: Simple) -> PolarsResult<Option<Column>> {
        let (cells, filter) = self.counted()?;
        let values = match (simple, &cells) {
            (Simple::Count, _) => None,
            (Simple::Sum | Simple::Avg, Some(Cells::Ints(values))) => Some(values),
            _ => return Ok(None),
        };
        let n = self.partitions.len();
        let mut prefix = Vec::with_capacity(n + 1);
        let mut state = (0_i128, 0_i64);
        prefix.push(state);
        for place in 0..n {
            let counts = filter.as_ref().is_none_or(|filter| filter.get(place) == Some(true))
                && !cells.as_ref().is_some_and(|cells| cells.is_null(place));
            if counts {
                state.0 += values.and_then(|values| values.get(place)).map_or(0, i128::from);
                state.1 += 1;
            }
            prefix.push(state);
        }
        let out: Vec<(i128, i64)> = self
            .frames
            .ranges
            .iter()
            .map(|frame| {
                let (a, b) = (prefix[frame.start as usize], prefix[frame.end as usize]);
                (b.0 - a.0, b.1 - a.1)
            })
            .collect();
        if simple == Simple::Count {
            return Ok(Some(Column::new(PlSmallStr::EMPTY, out.iter().map(|(_, count)| *count).collect::<Vec<_>>())));
        }
        int_answer(&out, simple).map(Some)
    }

    fn frame_by_frame(&self) -> PolarsResult<Column> {
        let mut out: Option<Column> = None;
        let mut place = 0;
        loop {
            let (mut rows, mut ids, mut first) = (Vec::new(), Vec::new(), Vec::new());
            while place < self.partitions.len() && (rows.is_empty() || rows.len() < BLOCK) {
                let group = first.len() as u32;
                first.push(rows.len() as u32);
                for part in self.frames.parts(self.partitions, place) {
                    rows.extend(part.start as u32..part.end as u32);
                }
                ids.resize(rows.len(), group);
                place += 1;
            }
            let groups = Groups::new(ids, first);
            let places = rows.clone();
            let rows = IdxCa::from_vec(PlSmallStr::EMPTY, rows);
            let args = self.args.iter().map(|arg| arg.take(&rows)).collect::<PolarsResult<Vec<_>>>()?;
            let filter = self.filter.as_ref().map(|filter| filter.take(&rows)).transpose()?;
            let values = self.kernel(&groups, &args, filter.as_ref(), Some(&places))?;
            match &mut out {
                Some(all) => _ = all.append(&values)?,
                None => out = Some(values),
            }
            if place >= self.partitions.len() {
                break;
            }
        }
        Ok(out.unwrap_or_default().rechunk())
    }
}

/// Integer sums, or their averages; NULL where nothing was counted.
fn int_answer(sums: &[(i128, i64)], simple: Simple) -> PolarsResult<Column> {
    if simple == Simple::Avg {
        let values = sums.iter().map(|(sum, count)| (*count > 0).then(|| *sum as f64 / *count as f64));
        return Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, values).into_column());
    }
    let values = sums
        .iter()
        .map(
            |(sum, count)| {
                if *count > 0 { i64::try_from(*sum).map(Some).map_err(|_| basic::overflow()) } else { Ok(None) }
            },
        )
        .collect::<PolarsResult<Vec<_>>>()?;
    Ok(Int64Chunked::from_iter_options(PlSmallStr::EMPTY, values.into_iter()).into_column())
}
