//! Aggregates as running totals, one a group, fed batch by batch.
//!
//! Group 0 takes what does not count (rows left out, NULLs), so that no loop branches on either; it is never read.

use almanac_model::Type;
use almanac_sql::functions::Aggregate;
use almanac_sql::plan::{AggregateCall, Expr, ExprKind};
use polars_core::prelude::{
    Column, Float64Chunked, Int64Chunked, IntoColumn, NewChunkedArray, PlSmallStr, PolarsResult,
};

use super::Bail;
use super::codes::masked;
use super::machine::Machine;
use super::program::{General, Id, Kind, Program};
use super::source::Source;

/// What a fold keeps of each group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// Only how many there are.
    Nothing,
    /// A sum of integers that notices when it leaves 64 bits.
    IntSum,
    Sum,
    IntLeast,
    IntMost,
    Least,
    Most,
}

/// One running total of each group.
struct Fold {
    keeps: Keeps,
    /// Its argument; none for rows.
    value: Option<Id>,
    /// A condition rows must meet.
    filter: Option<Id>,
    /// Whether rows may not count: it counts for itself then.
    some: bool,
    ints: Vec<i64>,
    /// How often a sum wrapped upwards, less how often downwards.
    carries: Vec<i32>,
    doubles: Vec<f64>,
    counts: Vec<i64>,
}

/// What a call makes of its fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Makes {
    Count,
    Value,
    Average,
}

/// The aggregates of one grouping.
#[derive(Default)]
pub(crate) struct Folds {
    folds: Vec<Fold>,
    calls: Vec<(usize, Makes)>,
    /// Rows of each group, where somebody asks.
    rows: Vec<i64>,
    counts_rows: bool,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    ids: Vec<u32>,
    mask: Vec<u8>,
    doubles: Vec<[f64; LANES]>,
    counts: Vec<[u32; LANES]>,
}

/// Additions to one group need not wait for the one before: so many take turns.
const LANES: usize = 4;
/// Up to so many groups have lanes.
const FEW: usize = 128;
/// Lanes of the sum of a single group.
const WIDE: usize = 8;

/// Whether a call has a fold at all, its argument aside.
pub(crate) fn is_simple(call: &AggregateCall) -> bool {
    let plain = !call.distinct && call.order_by.is_empty();
    let known = match call.function {
        Aggregate::CountStar | Aggregate::Count | Aggregate::CountIf | Aggregate::Sum => true,
        Aggregate::Avg => call.ty == Type::Double,
        Aggregate::Min | Aggregate::Max => {
            call.args.first().is_some_and(|arg| super::program::kind_of(arg.ty).is_some() && arg.ty != Type::Boolean)
        }
        _ => false,
    };
    plain && known
}

/// Why calls have no folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    /// The call.
    pub(crate) call: usize,
    /// Its argument that the general way must compute first; `None` for its filter.
    pub(crate) arg: Option<usize>,
}

impl Folds {
    /// Compiles [simple](is_simple) calls.
    pub(crate) fn compile(
        program: &mut Program,
        source: &Source,
        general: General<'_>,
        calls: &[&AggregateCall],
        keyed: bool,
    ) -> Result<Self, Needs> {
        let mut out = Self { counts_rows: !keyed, ..Self::default() };
        for (at, call) in calls.iter().enumerate() {
            let filter = match &call.filter {
                Some(filter) => Some(program.compile(source, general, filter).ok_or(Needs { call: at, arg: None })?),
                None => None,
            };
            let missing = Needs { call: at, arg: Some(0) };
            let value = match (call.function, call.args.first()) {
                (Aggregate::CountStar, _) | (_, None) => None,
                (Aggregate::Count, Some(arg)) if !may_be_null(source, arg) => None,
                (Aggregate::Count, Some(arg)) => Some(not_null(program, source, general, arg).ok_or(missing)?),
                (Aggregate::CountIf, Some(arg)) => Some(program.compile(source, general, arg).ok_or(missing)?),
                (_, Some(arg)) => {
                    let id = program.compile(source, general, arg).ok_or(missing)?;
                    Some(program.wide(id))
                }
            };
            let whole = value.is_some_and(|id| program.kinds[id] == Kind::I64);
            let (keeps, makes) = match call.function {
                Aggregate::Sum if whole => (Keeps::IntSum, Makes::Value),
                Aggregate::Avg if whole => (Keeps::IntSum, Makes::Average),
                Aggregate::Sum => (Keeps::Sum, Makes::Value),
                Aggregate::Avg => (Keeps::Sum, Makes::Average),
                Aggregate::Min if whole => (Keeps::IntLeast, Makes::Value),
                Aggregate::Max if whole => (Keeps::IntMost, Makes::Value),
                Aggregate::Min => (Keeps::Least, Makes::Value),
                Aggregate::Max => (Keeps::Most, Makes::Value),
                _ => (Keeps::Nothing, Makes::Count),
            };
            // Counted truths are a condition.
            let (value, filter) = match (makes, value, filter) {
                (Makes::Count, Some(truth), Some(filter)) => (None, Some(program.both(truth, filter))),
                (Makes::Count, truth, filter) => (None, truth.or(filter)),
                (_, value, filter) => (value, filter),
            };
            let some = filter.is_some() || value.is_some_and(|id| program.nullable[id]);
            out.counts_rows |= !some && makes != Makes::Value;
            let same = |fold: &Fold| (fold.keeps, fold.value, fold.filter) == (keeps, value, filter);
            let fold = out.folds.iter().position(same).unwrap_or_else(|| {
                let (ints, carries, doubles, counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
                out.folds.push(Fold { keeps, value, filter, some, ints, carries, doubles, counts });
                out.folds.len() - 1
            });
            out.calls.push((fold, makes));
        }
        Ok(out)
    }

    /// Takes in the machine's rows, of which there are `groups` so far. Without `ids` all belong to group 1.
    pub(crate) fn add(&mut self, machine: &mut Machine<'_>, ids: Option<&[u32]>, groups: usize) -> Result<(), Bail> {
        if self.counts_rows {
            grow(&mut self.rows, groups, 0);
            count(&mut self.rows, ids, machine.rows.len, &mut self.scratch.counts);
        }
        for fold in &mut self.folds {
            fold.add(machine, ids, groups, &mut self.scratch)?;
        }
        Ok(())
    }

    /// The answer of each call for each of the groups.
    pub(crate) fn finish(mut self, groups: usize) -> PolarsResult<Vec<Column>> {
        grow(&mut self.rows, groups, 0);
        for fold in &mut self.folds {
            fold.grow(groups);
        }
        self.calls
            .iter()
            .map(|(fold, makes)| {
                let fold = &self.folds[*fold];
                let counts: Option<&[i64]> = if fold.some {
                    Some(&fold.counts)
                } else if self.counts_rows {
                    Some(&self.rows)
                } else {
                    None
                };
                fold.answer(*makes, counts, groups)
            })
            .collect()
    }
}

/// Whether a column's value may be NULL; other expressions may.
fn may_be_null(source: &Source, arg: &Expr) -> bool {
    let ExprKind::Column(id) = arg.kind else { return true };
    source.place(id).is_none_or(|place| source.columns[place].series.null_count() > 0)
}

/// Whether an argument is not NULL.
fn not_null(program: &mut Program, source: &Source, general: General<'_>, arg: &Expr) -> Option<Id> {
    let test = Expr {
        kind: ExprKind::Call(almanac_sql::functions::Scalar::IsNotNull, vec![arg.clone()]),
        ty: Type::Boolean,
        span: arg.span,
    };
    program.compile(source, general, &test)
}

fn grow<T: Copy>(values: &mut Vec<T>, groups: usize, value: T) {
    if values.len() <= groups {
        values.resize(groups + 1, value);
    }
}

impl Fold {
    fn grow(&mut self, groups: usize) {
        match self.keeps {
            Keeps::Nothing => {}
            Keeps::IntSum => {
                grow(&mut self.ints, groups, 0);
                grow(&mut self.carries, groups, 0);
            }
            Keeps::Sum => grow(&mut self.doubles, groups, 0.0),
            Keeps::IntLeast => grow(&mut self.ints, groups, i64::MAX),
            Keeps::IntMost => grow(&mut self.ints, groups, i64::MIN),
            // NaN is the largest double.
            Keeps::Least => grow(&mut self.doubles, groups, f64::NAN),
            Keeps::Most => grow(&mut self.doubles, groups, f64::NEG_INFINITY),
        }
        grow(&mut self.counts, if self.some { groups } else { 0 }, 0);
    }

    fn add(
        &mut self,
        machine: &mut Machine<'_>,
        ids: Option<&[u32]>,
        groups: usize,
        scratch: &mut Scratch,
    ) -> Result<(), Bail> {
        self.grow(groups);
        if let Some(value) = self.value {
            machine.eval(value)?;
        }
        let mut counted = false;
        if let Some(filter) = self.filter {
            machine.truths(filter, &mut scratch.mask)?;
            counted = true;
        }
        let valid = self.value.and_then(|value| machine.valid(value));
        if let Some(valid) = valid {
            if counted {
                scratch.mask.iter_mut().zip(valid).for_each(|(mask, valid)| *mask &= valid);
            } else {
                scratch.mask.clear();
                scratch.mask.extend_from_slice(valid);
            }
            counted = true;
        }
        let ids = if counted {
            masked(&mut scratch.ids, ids, &scratch.mask);
            Some(scratch.ids.as_slice())
        } else {
            ids
        };
        if self.some {
            count(&mut self.counts, ids, machine.rows.len, &mut scratch.counts);
        }
        let Some(value) = self.value else { return Ok(()) };
        match self.keeps {
            Keeps::Nothing => {}
            Keeps::IntSum => sum_ints(&mut self.ints, &mut self.carries, ids, machine.values(value)),
            Keeps::Sum => sum_doubles(&mut self.doubles, ids, machine.values(value), &mut scratch.doubles),
            Keeps::IntLeast => extreme(&mut self.ints, ids, machine.values(value), i64::min),
            Keeps::IntMost => extreme(&mut self.ints, ids, machine.values(value), i64::max),
            Keeps::Least => {
                extreme(&mut self.doubles, ids, machine.values(value), |held: f64, x: f64| {
                    if x < held || held.is_nan() { x } else { held }
                });
            }
            Keeps::Most => {
                extreme(
                    &mut self.doubles,
                    ids,
                    machine.values(value),
                    |held: f64, x: f64| {
                        if x > held || x.is_nan() { x } else { held }
                    },
                );
            }
        }
        Ok(())
    }

    fn answer(&self, makes: Makes, counts: Option<&[i64]>, groups: usize) -> PolarsResult<Column> {
        let count = |group: usize| counts.map_or(1, |counts| counts[group]);
        let ints = |f: &dyn Fn(usize) -> Option<i64>| {
            Int64Chunked::from_iter_options(PlSmallStr::EMPTY, (1..=groups).map(f)).into_column()
        };
        let doubles = |f: &dyn Fn(usize) -> Option<f64>| {
            Float64Chunked::from_iter_options(PlSmallStr::EMPTY, (1..=groups).map(f)).into_column()
        };
        Ok(match (makes, self.keeps) {
            (Makes::Count, _) | (_, Keeps::Nothing) => ints(&|group| Some(count(group))),
            (Makes::Average, Keeps::IntSum) => doubles(&|group| {
                let sum = i128::from(self.ints[group]) + (i128::from(self.carries[group]) << 64);
                (count(group) > 0).then(|| sum as f64 / count(group) as f64)
            }),
            (Makes::Average, _) => {
                doubles(&|group| (count(group) > 0).then(|| self.doubles[group] / count(group) as f64))
            }
            (Makes::Value, Keeps::IntSum) => {
                if self.carries.iter().skip(1).any(|carry| *carry != 0) {
                    return Err(crate::aggregate::basic::overflow());
                }
                ints(&|group| (count(group) > 0).then(|| self.ints[group]))
            }
            (Makes::Value, Keeps::IntLeast | Keeps::IntMost) => {
                ints(&|group| (count(group) > 0).then(|| self.ints[group]))
            }
            (Makes::Value, _) => doubles(&|group| (count(group) > 0).then(|| self.doubles[group])),
        })
    }
}

fn count(counts: &mut [i64], ids: Option<&[u32]>, rows: usize, scratch: &mut Vec<[u32; LANES]>) {
    let Some(ids) = ids else {
        counts[1] += rows as i64;
        return;
    };
    if counts.len() > FEW {
        ids.iter().for_each(|id| counts[*id as usize] += 1);
        return;
    }
    scratch.clear();
    scratch.resize(counts.len(), [0; LANES]);
    let (blocks, rest) = ids.as_chunks::<LANES>();
    for block in blocks {
        for (lane, id) in block.iter().enumerate() {
            scratch[*id as usize][lane] += 1;
        }
    }
    rest.iter().for_each(|id| scratch[*id as usize][0] += 1);
    counts.iter_mut().zip(&*scratch).for_each(|(count, lanes)| *count += i64::from(lanes.iter().sum::<u32>()));
}

fn sum_doubles(sums: &mut [f64], ids: Option<&[u32]>, values: &[f64], scratch: &mut Vec<[f64; LANES]>) {
    let Some(ids) = ids else {
        let (blocks, rest) = values.as_chunks::<WIDE>();
        let mut lanes = [0.0; WIDE];
        for block in blocks {
            lanes.iter_mut().zip(block).for_each(|(lane, value)| *lane += value);
        }
        sums[1] += lanes.iter().sum::<f64>() + rest.iter().sum::<f64>();
        return;
    };
    if sums.len() > FEW {
        ids.iter().zip(values).for_each(|(id, value)| sums[*id as usize] += value);
        return;
    }
    scratch.clear();
    scratch.resize(sums.len(), [0.0; LANES]);
    let ((blocks, rest), (of_blocks, of_rest)) = (ids.as_chunks::<LANES>(), values.as_chunks::<LANES>());
    for (ids, values) in blocks.iter().zip(of_blocks) {
        for (lane, (id, value)) in ids.iter().zip(values).enumerate() {
            scratch[*id as usize][lane] += value;
        }
    }
    rest.iter().zip(of_rest).for_each(|(id, value)| scratch[*id as usize][0] += value);
    sums.iter_mut().zip(&*scratch).for_each(|(sum, lanes)| *sum += lanes.iter().sum::<f64>());
}

fn sum_ints(sums: &mut [i64], carries: &mut [i32], ids: Option<&[u32]>, values: &[i64]) {
    let mut add = |group: usize, value: i64| {
        let (sum, wrapped) = sums[group].overflowing_add(value);
        sums[group] = sum;
        if wrapped {
            carries[group] += if value > 0 { 1 } else { -1 };
        }
    };
    match ids {
        None => values.iter().for_each(|value| add(1, *value)),
        Some(ids) => ids.iter().zip(values).for_each(|(id, value)| add(*id as usize, *value)),
    }
}

fn extreme<T: Copy>(best: &mut [T], ids: Option<&[u32]>, values: &[T], better: impl Fn(T, T) -> T) {
    match ids {
        None => best[1] = values.iter().fold(best[1], |held, value| better(held, *value)),
        Some(ids) => ids.iter().zip(values).for_each(|(id, value)| {
            let slot = &mut best[*id as usize];
            *slot = better(*slot, *value);
        }),
    }
}
