//! Window functions: arguments, partitions and order keys are computed by Polars, the rest by our own kernels.

use almanac_model::{Diagnostic, Type};
use almanac_sql::functions::Aggregate;
use almanac_sql::plan::{Expr, Field, Frame, FrameBound, FrameUnit, SortKey, WindowCall, WindowFunction};
use polars_core::prelude::*;

use super::ask::Ask;
use super::expr::name;
use super::{Lowering, functions};
use crate::order;
use crate::rows::Rows;
use crate::window::aggregate::Windowed;
use crate::window::frame::{self, Frames, RangeKey};
use crate::window::partitions::Partitions;

/// The expressions of all calls, each a column.
struct Computed {
    columns: Vec<Column>,
    next: usize,
}

impl Computed {
    fn take(&mut self, count: usize) -> Vec<Column> {
        let out = self.columns.iter().skip(self.next).take(count).cloned().collect();
        self.next += count;
        out
    }
}

/// What one call is given.
pub(crate) struct Windows<'a> {
    pub(crate) call: &'a WindowCall,
    pub(crate) partitions: &'a Partitions,
    /// The arguments, in the order of the input.
    pub(crate) args: &'a [Column],
    /// The frame of each place; only computed for functions that look at it.
    pub(crate) frames: &'a dyn Fn() -> Result<Frames, Diagnostic>,
}

impl Lowering<'_> {
    pub(super) fn window(&mut self, input: Rows, columns: &[(Field, WindowCall)]) -> Result<Rows, Diagnostic> {
        let mut exprs: Vec<&Expr> = Vec::new();
        for (_, call) in columns {
            exprs.extend(expressions(call));
        }
        let rows = input.len();
        let mut computed = Computed { columns: self.evaluate(&input, &exprs)?, next: 0 };
        let mut out = Vec::with_capacity(columns.len());
        // Windows over the same rows in the same order are laid out once.
        let mut held: Vec<(&WindowCall, Partitions)> = Vec::new();
        for (field, call) in columns {
            let args = computed.take(call.args.len());
            let keys = computed.take(call.partition_by.len());
            let order = computed.take(call.order_by.len());
            let filter = computed.take(usize::from(call.filter.is_some())).pop();
            let within = computed.take(call.within.len());
            let directions = order::directions(&call.order_by);
            let known = held.iter().position(|(other, _)| same_rows(other, call));
            let at = match known {
                Some(at) => at,
                None => {
                    let partitions =
                        Partitions::new(&keys, &order, &directions, rows).map_err(|error| self.explain(&error))?;
                    held.push((call, partitions));
                    held.len() - 1
                }
            };
            let partitions = &held[at].1;
            let frames = || -> Result<Frames, Diagnostic> {
                let key = match (order.first(), call.order_by.first(), directions.first()) {
                    (Some(column), Some(key), Some(direction)) if has_offset(&call.frame) => {
                        Some(RangeKey::new(column, key.expr.ty, *direction)?)
                    }
                    _ => None,
                };
                Ok(frame::frames(partitions, &call.frame, key.as_ref()))
            };
            let windows = Windows { call, partitions, args: &args, frames: &frames };
            let column = match call.function {
                WindowFunction::Window(function) => functions::window::compute(function, &windows)?,
                WindowFunction::Aggregate(_) => self.framed(&windows, filter.as_ref(), &within)?,
            };
            let column = cast(column, call.ty).map_err(|error| self.explain(&error))?;
            out.push(column.with_name(name(field.id)));
        }
        Ok(input.with(out))
    }

    fn framed(&self, windows: &Windows<'_>, filter: Option<&Column>, within: &[Column]) -> Result<Column, Diagnostic> {
        let WindowFunction::Aggregate(function) = windows.call.function else {
            return Err(crate::execute::engine_error("not an aggregate"));
        };
        let explained = |error: PolarsError| self.explain(&error);
        let rows = IdxCa::from_vec(PlSmallStr::EMPTY, windows.partitions.rows.clone());
        let in_order = |column: &Column| column.take(&rows).map_err(explained);
        let frames = (windows.frames)()?;
        let call = functions::aggregate::unordered(function, windows.call);
        let mut args = windows.args.iter().map(in_order).collect::<Result<Vec<_>, _>>()?;
        if let (Aggregate::Sum, Some(arg)) = (function, args.first_mut()) {
            // Truths are summed as numbers are: along the frames.
            *arg = functions::aggregate::as_ints(arg).map_err(explained)?;
        }
        let ranks = if within.is_empty() {
            None
        } else {
            let within = within.iter().map(in_order).collect::<Result<Vec<_>, _>>()?;
            let directions = order::directions(&windows.call.within);
            let sorted = order::permutation(&within, &directions, windows.partitions.len()).map_err(explained)?;
            let mut ranks = vec![0_u32; sorted.len()];
            sorted.iter().enumerate().for_each(|(rank, place)| ranks[*place as usize] = rank as u32);
            Some(ranks)
        };
        let windowed = Windowed {
            partitions: windows.partitions,
            frames: &frames,
            args,
            takes_nulls: functions::aggregate::takes_nulls(function),
            ranks: ranks.as_deref(),
            filter: filter.map(in_order).transpose()?,
            distinct: windows.call.distinct,
            simple: functions::aggregate::simple(function),
            kernel: &|input, args| functions::aggregate::compute(&call, input, args),
        };
        let by_place = windowed.compute()?.map_err(explained)?;
        let mut places = vec![0_u32; windows.partitions.len()];
        for (place, row) in windows.partitions.rows.iter().enumerate() {
            places[*row as usize] = place as u32;
        }
        by_place.take(&IdxCa::from_vec(PlSmallStr::EMPTY, places)).map_err(explained)
    }
}

/// The expressions of a call, in the order in which [`Computed`] gives them out.
fn expressions(call: &WindowCall) -> impl Iterator<Item = &Expr> {
    fn keys(keys: &[SortKey]) -> impl Iterator<Item = &Expr> {
        keys.iter().map(|key| &key.expr)
    }
    let by = call.args.iter().chain(&call.partition_by).chain(keys(&call.order_by));
    by.chain(&call.filter).chain(keys(&call.within))
}

/// What windows read, besides the columns they pass on.
pub(super) fn asked(ask: &Ask, columns: &[(Field, WindowCall)]) -> Ask {
    ask.and(columns.iter().flat_map(|(_, call)| expressions(call)))
}

/// The column in the physical type of `ty`; kernels answer in 64 bits.
fn cast(column: Column, ty: Type) -> PolarsResult<Column> {
    let wanted = crate::physical::dtype(ty);
    if column.dtype() == &wanted { Ok(column) } else { column.cast(&wanted) }
}

/// Whether a RANGE frame measures distances of the order key.
fn has_offset(frame: &Frame) -> bool {
    let is_offset = |bound: &FrameBound| matches!(bound, FrameBound::Preceding(_) | FrameBound::Following(_));
    frame.unit == FrameUnit::Range && (is_offset(&frame.start) || is_offset(&frame.end))
}

/// Whether two windows have the same partitions in the same order.
fn same_rows(a: &WindowCall, b: &WindowCall) -> bool {
    let plain = |exprs: &[Expr]| exprs.iter().map(functions::without_places).collect::<Vec<_>>();
    let keys = |call: &WindowCall| {
        let directions = order::directions(&call.order_by);
        (call.order_by.iter().map(|key| functions::without_places(&key.expr)).collect::<Vec<_>>(), directions)
    };
    plain(&a.partition_by) == plain(&b.partition_by) && keys(a) == keys(b)
}
