//! Filters and groups that are computed batch by batch ([`scan`](crate::scan)), over a table or over what a step puts out.

use std::collections::BTreeSet;
use std::rc::Rc;

use almanac_model::{Diagnostic, Type};
use almanac_sql::functions::Scalar;
use almanac_sql::plan::{AggregateCall, ColumnId, Expr, ExprKind, Field, Plan};
use polars_core::prelude::*;
use polars_lazy::frame::IntoLazy;

use super::ask::{Ask, Hint};
use super::chain::Chain;
use super::expr::{Expressions, name};
use super::{Known, Lowering, anchor};
use crate::execute;
use crate::rows::{Rows, numbers};
use crate::scan::codes::Grouping;
use crate::scan::few::columns_of;
use crate::scan::filter::{Filter, Left};
use crate::scan::fold::{Folds, is_simple};
use crate::scan::machine::Machine;
use crate::scan::program::Program;
use crate::scan::source::{Source, SourceColumn};
use crate::scan::{BATCH, Bail, told};

/// Computes an expression over columns of equal length by the general way; `None` when it refuses a value.
fn general(columns: Vec<Column>, expr: &Expr) -> Option<Column> {
    let rows = columns.first()?.len();
    let lowered = Expressions::default().lower(expr).alias("x");
    let frame = DataFrame::new(columns).ok()?;
    let out = execute::run(frame.lazy().select([lowered])).ok()?;
    let column = out.column("x").ok()?;
    if column.len() == rows { Some(column.clone()) } else { None }
}

/// Keys and calls of a grouping, over the columns of a source.
struct Grouped {
    keys: Vec<(Field, Expr)>,
    calls: Vec<(Field, AggregateCall)>,
}

impl Grouped {
    fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let of_calls = self.calls.iter().flat_map(|(_, call)| {
            call.args.iter().chain(&call.filter).chain(call.order_by.iter().map(|key| &key.expr))
        });
        self.keys.iter().map(|(_, expr)| expr).chain(of_calls)
    }

    fn reads(&self) -> BTreeSet<ColumnId> {
        self.exprs().flat_map(columns_of).collect()
    }
}

/// How one attempt to scan ended.
enum Attempt {
    /// Groups in order, by their first rows, and the answers of the calls.
    Done(Vec<u32>, Vec<Column>),
    /// Conditions that have no loops.
    Conditions,
    /// The key that has none.
    Key(usize),
    /// The call whose argument, or else filter, has none.
    Call(usize, Option<usize>),
}

impl Lowering<'_> {
    /// The rows that meet those of the conditions that have loops; the others are left.
    pub(super) fn scanned(&self, rows: Rows, parts: &mut Vec<&Expr>, known: &Known) -> Result<Rows, Diagnostic> {
        if parts.is_empty() {
            return Ok(rows);
        }
        let source = self.source_of(&rows, &parts.iter().copied().flat_map(columns_of).collect(), known)?;
        let conditions: Vec<Expr> = parts.iter().map(|part| (*part).clone()).collect();
        let mut program = Program::default();
        let (filter, rest) = Filter::compile(&mut program, &source, &general, &conditions);
        if filter.is_empty() {
            return Ok(rows);
        }
        let Ok(found) = filter.rows(&source, &program, self.watch) else { return Ok(rows) };
        *parts = rest.into_iter().filter_map(|at| parts.get(at).copied()).collect();
        if found.len() == rows.len() {
            return Ok(rows);
        }
        rows.picked(&numbers(found)).map_err(|error| self.explain(&error))
    }

    /// Groups and aggregates over a plan.
    pub(super) fn aggregate(
        &mut self,
        input: &Plan,
        keys: &[(Field, Expr)],
        aggregates: &[(Field, AggregateCall)],
        hints: Vec<Hint>,
    ) -> Result<Rows, Diagnostic> {
        // Hints speak of the input's columns: they are heeded below it.
        let mut chain = if hints.is_empty() { Chain::of(input) } else { Chain::none(input) };
        let mut conditions = std::mem::take(&mut chain.conditions);
        let mut grouped = Grouped {
            keys: keys.iter().map(|(field, key)| (field.clone(), chain.inlined(key))).collect(),
            calls: aggregates.iter().map(|(field, call)| (field.clone(), chain.inlined_call(call))).collect(),
        };
        let mut needed = grouped.reads();
        needed.extend(conditions.iter().flat_map(columns_of));
        let mut source = self.source(chain.base, &needed, hints)?;
        let mut simple = grouped.calls.iter().all(|(_, call)| is_simple(call));
        while simple {
            match attempt(&source, &conditions, &grouped, self.watch) {
                Err(Bail) => simple = false,
                Ok(Attempt::Done(first, answers)) => return self.answered(&source, &grouped, &first, answers),
                Ok(missing) => {
                    source = self.filtered(source, &conditions, &grouped.reads())?;
                    conditions.clear();
                    let expr = match missing {
                        Attempt::Key(at) => grouped.keys.get_mut(at).map(|(_, key)| key),
                        Attempt::Call(at, arg) => grouped.calls.get_mut(at).and_then(|(_, call)| match arg {
                            Some(arg) => call.args.get_mut(arg),
                            None => call.filter.as_mut(),
                        }),
                        Attempt::Conditions | Attempt::Done(..) => continue,
                    };
                    // What is a column already and still has no loops never will.
                    match expr.filter(|expr| !matches!(expr.kind, ExprKind::Column(_))) {
                        Some(expr) => *expr = self.hoisted(&mut source, expr)?,
                        None => simple = false,
                    }
                }
            }
        }
        let source = self.filtered(source, &conditions, &grouped.reads())?;
        self.grouped(&rows_of(&source), &grouped.keys, &grouped.calls)
    }

    /// The columns of a step, all values at hand.
    fn source(&mut self, base: &Plan, needed: &BTreeSet<ColumnId>, hints: Vec<Hint>) -> Result<Source, Diagnostic> {
        let column = |id, series: &Series, facts| SourceColumn::new(id, series, facts).map_err(execute::engine_error);
        if let (Plan::Scan { table, columns }, true) = (base, hints.is_empty()) {
            let wanted: Vec<(&str, ColumnId)> = columns
                .iter()
                .filter(|(_, field)| needed.contains(&field.id))
                .map(|(source, field)| (source.as_str(), field.id))
                .collect();
            let names: Vec<&str> = wanted.iter().map(|(source, _)| *source).collect();
            let (series, rows) = self.tables.columns(table, &names)?;
            let columns = wanted
                .iter()
                .zip(&series)
                .map(|((source, id), series)| column(*id, series, self.tables.facts(table, source)))
                .collect::<Result<_, _>>()?;
            return Ok(Source { rows, columns });
        }
        let rows = self.lower(base, &Ask::only(needed.clone()).with(hints))?;
        self.source_of(&rows, needed, &Known::new())
    }

    /// Columns of rows.
    fn source_of(&self, rows: &Rows, wanted: &BTreeSet<ColumnId>, known: &Known) -> Result<Source, Diagnostic> {
        let columns = wanted
            .iter()
            .map(|id| {
                let column = rows.column(&name(*id))?;
                let facts = known.get(id).cloned().unwrap_or_default();
                SourceColumn::new(*id, column.as_materialized_series(), facts)
            })
            .collect::<PolarsResult<_>>()
            .map_err(|error| self.explain(&error))?;
        Ok(Source { rows: rows.len(), columns })
    }

    /// The rows that meet the conditions, of the columns that are kept.
    fn filtered(
        &mut self,
        source: Source,
        conditions: &[Expr],
        kept: &BTreeSet<ColumnId>,
    ) -> Result<Source, Diagnostic> {
        if conditions.is_empty() {
            return Ok(source);
        }
        let known: Known = source.columns.iter().map(|column| (column.id, Rc::clone(&column.facts))).collect();
        let all = conditions.iter().cloned().reduce(|a, b| {
            let span = a.span.to(b.span);
            Expr { kind: ExprKind::Call(Scalar::And, vec![a, b]), ty: Type::Boolean, span }
        });
        let rows = self.narrowed(rows_of(&source), all.as_ref(), &[], &known)?;
        let nothing = Known::new();
        self.source_of(&rows, kept, if rows.len() == source.rows { &known } else { &nothing })
    }

    /// Computes an expression over all rows of the source by the general way and makes it a column.
    fn hoisted(&mut self, source: &mut Source, expr: &Expr) -> Result<Expr, Diagnostic> {
        self.fresh += 1;
        let id = ColumnId(u32::MAX - self.fresh);
        let mut columns: Vec<Column> =
            columns_of(expr).into_iter().filter_map(|id| source.place(id)).map(|place| source.named(place)).collect();
        let computed = self.expressions.lower(expr).alias(name(id));
        columns.push(anchor(self.fresh(), source.rows));
        let frame = DataFrame::new(columns).map_err(|error| self.explain(&error))?;
        // Added to a frame, a constant gets as many rows as it has.
        let frame = execute::run(frame.lazy().with_columns([computed])).map_err(|error| self.explain(&error))?;
        let column = frame.column(&name(id)).map_err(|error| self.explain(&error))?;
        let column = SourceColumn::new(id, column.as_materialized_series(), Rc::default());
        source.columns.push(column.map_err(execute::engine_error)?);
        Ok(Expr { kind: ExprKind::Column(id), ty: expr.ty, span: expr.span })
    }

    /// Groups as rows: keys by their first rows, then the answers.
    fn answered(
        &mut self,
        source: &Source,
        grouped: &Grouped,
        first: &[u32],
        answers: Vec<Column>,
    ) -> Result<Rows, Diagnostic> {
        let mut out = Vec::with_capacity(grouped.keys.len() + answers.len());
        if !grouped.keys.is_empty() {
            let rows = IdxCa::from_vec(PlSmallStr::EMPTY, first.to_vec());
            let taken = |place: usize| source.named(place).take(&rows).map_err(|error| self.explain(&error));
            let (mut computed, mut read) = (Vec::new(), BTreeSet::new());
            for (field, key) in &grouped.keys {
                if !matches!(key.kind, ExprKind::Column(_)) {
                    computed.push(self.expressions.lower(key).alias(name(field.id)));
                    read.extend(columns_of(key).into_iter().filter_map(|id| source.place(id)));
                }
            }
            let mut frame = DataFrame::empty();
            if !computed.is_empty() {
                let mut columns = read.into_iter().map(taken).collect::<Result<Vec<_>, _>>()?;
                columns.push(anchor("rows".into(), first.len()));
                let lazy = DataFrame::new(columns).map_err(|error| self.explain(&error))?.lazy();
                frame = execute::run(lazy.with_columns(computed)).map_err(|error| self.explain(&error))?;
            }
            for (field, key) in &grouped.keys {
                let place = if let ExprKind::Column(id) = key.kind { source.place(id) } else { None };
                out.push(match place {
                    Some(place) => taken(place)?.with_name(name(field.id)),
                    None => frame.column(&name(field.id)).cloned().map_err(|error| self.explain(&error))?,
                });
            }
        }
        for ((field, call), answer) in grouped.calls.iter().zip(answers) {
            let wanted = crate::physical::dtype(call.ty);
            let answer = if answer.dtype() == &wanted { Ok(answer) } else { answer.cast(&wanted) };
            out.push(answer.map_err(|error| self.explain(&error))?.with_name(name(field.id)));
        }
        Ok(Rows::new(out, first.len()))
    }
}

/// The columns of a source as rows.
fn rows_of(source: &Source) -> Rows {
    Rows::new((0..source.columns.len()).map(|place| source.named(place)).collect(), source.rows)
}

/// Groups the rows of a source that meet the conditions, in one pass.
fn attempt(source: &Source, conditions: &[Expr], grouped: &Grouped, watch: &dyn Fn(u64)) -> Result<Attempt, Bail> {
    let mut program = Program::default();
    let (filter, rest) = Filter::compile(&mut program, source, &general, conditions);
    if !rest.is_empty() {
        return Ok(Attempt::Conditions);
    }
    let keys: Vec<Expr> = grouped.keys.iter().map(|(_, key)| key.clone()).collect();
    let mut grouping = None;
    if !keys.is_empty() {
        match Grouping::compile(&mut program, source, &general, &keys) {
            Ok(found) => grouping = Some(found),
            Err(at) => return Ok(Attempt::Key(at)),
        }
    }
    let calls: Vec<&AggregateCall> = grouped.calls.iter().map(|(_, call)| call).collect();
    let mut folds = match Folds::compile(&mut program, source, &general, &calls, grouping.is_some()) {
        Ok(folds) => folds,
        Err(needs) => return Ok(Attempt::Call(needs.call, needs.arg)),
    };
    let mut machine = Machine::new(source, &program);
    let (mut mask, mut ids) = (Vec::new(), Vec::new());
    for start in (0..source.rows).step_by(BATCH) {
        told(watch, start);
        machine.go_to(start);
        let left = filter.apply(&mut machine, &mut mask, grouping.is_some())?;
        if left == Left::Nothing {
            continue;
        }
        match &mut grouping {
            Some(grouping) => {
                let masked = (left == Left::Masked).then_some(mask.as_slice());
                grouping.number(&mut machine, &program.kinds, masked, &mut ids)?;
                folds.add(&mut machine, Some(&ids), grouping.first.len())?;
            }
            None => folds.add(&mut machine, None, 1)?,
        }
    }
    let first = grouping.map_or_else(|| vec![0], |grouping| grouping.first);
    let answers = folds.finish(first.len())?;
    Ok(Attempt::Done(first, answers))
}
