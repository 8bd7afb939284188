//! Plans of `almanac_sql` to Polars frames.
//!
//! Steps that Polars does with SQL's meaning (filter, project, sort, limit, equality joins, union) are lowered to one lazy plan,
//! so that its optimiser sees them together; the others (grouping, windows, joins with further conditions) run what is below
//! them and go on with the rows.
//!
//! May use: Polars' lazy, core and expression crates. Never: files, the network, a clock.

pub(crate) mod call;
pub(crate) mod expr;
pub(crate) mod functions;
mod group;
mod join;
mod values;
pub(crate) mod window;

use std::collections::BTreeMap;

use almanac_model::Diagnostic;
use almanac_model::protocol::Limits;
use almanac_sql::plan::{ColumnId, Expr, Field, Plan, Query, SortKey};
use polars_core::prelude::*;
use polars_lazy::dsl::{self, Expr as Lazy};
use polars_lazy::frame::{IntoLazy, LazyFrame};

use crate::aggregate::groups::Groups;
use crate::execute;
use crate::order;
use crate::physical;
use expr::{Expressions, name, reads_columns};

/// Up to so many first rows are picked out; beyond, sorting all is as fast.
const LARGEST_TOP: usize = 10_000;

/// Where the rows of tables come from.
pub(crate) trait Tables {
    /// The named source columns of a table, all loaded, and its number of rows.
    fn columns(&self, table: &str, names: &[&str]) -> Result<(Vec<Series>, usize), Diagnostic>;
}

/// A lazy plan and the columns of it that count; others may be there to keep the number of rows.
#[derive(Clone)]
pub(crate) struct Step {
    frame: LazyFrame,
    columns: Vec<PlSmallStr>,
}

/// Lowers one query.
pub(crate) struct Lowering<'a> {
    tables: &'a dyn Tables,
    expressions: Expressions,
    limits: Limits,
    shared: BTreeMap<u32, (DataFrame, Vec<PlSmallStr>)>,
    fresh: u32,
}

impl<'a> Lowering<'a> {
    /// A lowering that reads these tables.
    pub(crate) fn new(tables: &'a dyn Tables, limits: Limits) -> Self {
        Self { tables, expressions: Expressions::default(), limits, shared: BTreeMap::new(), fresh: 0 }
    }

    /// Runs a query: its output columns in order, named `0`, `1`, ….
    pub(crate) fn run(mut self, query: &Query) -> Result<DataFrame, Diagnostic> {
        let step = self.lower(&query.root)?;
        let frame = self.collect(&step)?;
        let rows = frame.height();
        if rows as u64 > self.limits.result_rows {
            return Err(Diagnostic::error_without_place(
                "over-budget",
                format!("the result has {rows} rows, more than the {} allowed", self.limits.result_rows),
            )
            .hint("group the rows, or add a LIMIT"));
        }
        let mut columns = Vec::with_capacity(query.output.len());
        for (at, field) in query.output.iter().enumerate() {
            let column = frame.column(&name(field.id)).map_err(|error| self.expressions.trouble.explain(&error))?;
            columns.push(
                column
                    .as_materialized_series()
                    .rechunk()
                    .with_name(PlSmallStr::from_string(at.to_string()))
                    .into_column(),
            );
        }
        if columns.is_empty() {
            columns.push(anchor("0".into(), rows));
        }
        DataFrame::new(columns).map_err(execute::engine_error)
    }

    fn fresh(&mut self) -> PlSmallStr {
        self.fresh += 1;
        PlSmallStr::from_string(format!("k{}", self.fresh))
    }

    /// Runs what a step needs: all its columns, and one that keeps the number of rows when it has none.
    fn collect(&self, step: &Step) -> Result<DataFrame, Diagnostic> {
        let frame = if step.columns.is_empty() {
            step.frame.clone()
        } else {
            step.frame.clone().select(step.columns.iter().map(|name| dsl::col(name.clone())).collect::<Vec<_>>())
        };
        execute::run(frame).map_err(|error| self.expressions.trouble.explain(&error))
    }

    fn explain(&self, error: &PolarsError) -> Diagnostic {
        self.expressions.trouble.explain(error)
    }

    fn lower(&mut self, plan: &Plan) -> Result<Step, Diagnostic> {
        match plan {
            Plan::Scan { table, columns } => self.scan(table, columns),
            Plan::Values { fields, rows } => self.values(fields, rows),
            Plan::Filter { input, predicate } => {
                let step = self.lower(input)?;
                let condition = self.expressions.lower(predicate);
                Ok(Step { frame: step.frame.filter(condition), columns: step.columns })
            }
            Plan::Project { input, columns } => self.project(input, columns),
            Plan::Aggregate { input, keys, aggregates } => self.aggregate(input, keys, aggregates),
            Plan::Window { input, columns } => self.window(input, columns),
            Plan::Join { left, right, kind, on, residual, null_safe } => {
                self.join(left, right, *kind, on, residual.as_ref(), *null_safe)
            }
            Plan::Sort { input, keys } => self.sort(input, keys),
            Plan::Limit { input, offset, limit } => self.limit(input, *offset, *limit),
            Plan::Distinct { input, on } => self.distinct(input, on),
            Plan::Union { inputs, fields } => self.union(inputs, fields),
            Plan::Shared { id, input } => self.shared(*id, input),
            Plan::SingleRow { input } => self.single_row(input),
        }
    }

    fn scan(&mut self, table: &str, columns: &[(String, Field)]) -> Result<Step, Diagnostic> {
        let sources: Vec<&str> = columns.iter().map(|(source, _)| source.as_str()).collect();
        let (series, rows) = self.tables.columns(table, &sources)?;
        let mut out = Vec::with_capacity(columns.len());
        for (series, (_, field)) in series.into_iter().zip(columns) {
            out.push(series.with_name(name(field.id)).into_column());
        }
        let names: Vec<PlSmallStr> = out.iter().map(|column| column.name().clone()).collect();
        if out.is_empty() {
            out.push(anchor(self.fresh(), rows));
        }
        self.frame(out, names)
    }

    /// Rows at hand as a step.
    fn frame(&self, columns: Vec<Column>, names: Vec<PlSmallStr>) -> Result<Step, Diagnostic> {
        let frame = DataFrame::new(columns).map_err(|error| self.explain(&error))?;
        Ok(Step { frame: frame.lazy(), columns: names })
    }

    /// A selection that keeps the number of rows: Polars gives one row when all expressions are constants.
    fn select(
        &mut self,
        step: &Step,
        mut columns: Vec<Lazy>,
        any_reads_columns: bool,
    ) -> Result<LazyFrame, Diagnostic> {
        if !any_reads_columns {
            let kept = match step.columns.first() {
                Some(name) => name.clone(),
                None => self.first_column(&step.frame)?,
            };
            columns.push(dsl::col(kept).alias(self.fresh()));
        }
        Ok(step.frame.clone().select(columns))
    }

    fn first_column(&self, frame: &LazyFrame) -> Result<PlSmallStr, Diagnostic> {
        let schema = frame.clone().collect_schema().map_err(|error| self.explain(&error))?;
        schema.iter_names().next().cloned().ok_or_else(|| execute::engine_error("a step has no columns"))
    }

    fn project(&mut self, input: &Plan, columns: &[(Field, Expr)]) -> Result<Step, Diagnostic> {
        let step = self.lower(input)?;
        let lowered = columns.iter().map(|(field, expr)| self.expressions.lower(expr).alias(name(field.id))).collect();
        let reads = columns.iter().any(|(_, expr)| reads_columns(expr));
        let frame = self.select(&step, lowered, reads)?;
        Ok(Step { frame, columns: columns.iter().map(|(field, _)| name(field.id)).collect() })
    }

    fn sort(&mut self, input: &Plan, keys: &[SortKey]) -> Result<Step, Diagnostic> {
        let step = self.lower(input)?;
        // Constants do not order anything, and Polars would not stretch them.
        let keys: Vec<&SortKey> = keys.iter().filter(|key| reads_columns(&key.expr)).collect();
        if keys.is_empty() {
            return Ok(step);
        }
        let options = SortMultipleOptions {
            descending: keys.iter().map(|key| key.descending).collect(),
            nulls_last: keys.iter().map(|key| !key.nulls_first).collect(),
            multithreaded: true,
            maintain_order: true,
            limit: None,
        };
        let by: Vec<Lazy> = keys.iter().map(|key| self.expressions.lower(&key.expr)).collect();
        Ok(Step { frame: step.frame.sort_by_exprs(by, options), columns: step.columns })
    }

    fn limit(&mut self, input: &Plan, offset: u64, limit: Option<u64>) -> Result<Step, Diagnostic> {
        if let (Plan::Sort { input, keys }, Some(limit)) = (input, limit)
            && let Some(most) = offset.checked_add(limit).and_then(|most| usize::try_from(most).ok())
            && most <= LARGEST_TOP
        {
            return self.top(input, keys, usize::try_from(offset).unwrap_or(most), most);
        }
        let step = self.lower(input)?;
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let limit = limit.and_then(|limit| IdxSize::try_from(limit).ok()).unwrap_or(IdxSize::MAX);
        Ok(Step { frame: step.frame.slice(offset, limit), columns: step.columns })
    }

    /// The first rows in an order, without putting all others in order.
    fn top(&mut self, input: &Plan, keys: &[SortKey], offset: usize, most: usize) -> Result<Step, Diagnostic> {
        let step = self.lower(input)?;
        let exprs: Vec<&Expr> = keys.iter().map(|key| &key.expr).collect();
        let (frame, computed) = self.with_computed(&step, &exprs)?;
        let rows = order::top(&computed, &order::directions(keys), frame.height(), most)
            .map_err(|error| self.explain(&error))?;
        let rows = IdxCa::from_vec(PlSmallStr::EMPTY, rows.into_iter().skip(offset).collect());
        let mut out = Vec::with_capacity(step.columns.len());
        for column in self.pick(&frame, &step.columns)? {
            out.push(column.take(&rows).map_err(|error| self.explain(&error))?);
        }
        if out.is_empty() {
            out.push(anchor(self.fresh(), rows.len()));
        }
        self.frame(out, step.columns)
    }

    fn distinct(&mut self, input: &Plan, on: &[Expr]) -> Result<Step, Diagnostic> {
        let step = self.lower(input)?;
        let (frame, keys) = self.with_computed(&step, &on.iter().collect::<Vec<_>>())?;
        let keys = if on.is_empty() { self.pick(&frame, &step.columns)? } else { keys };
        let groups = Groups::by(&keys, frame.height()).map_err(|error| self.explain(&error))?;
        let first = if frame.height() == 0 { Vec::new() } else { groups.first };
        let rows = IdxCa::from_vec(PlSmallStr::EMPTY, first);
        let mut out = Vec::with_capacity(step.columns.len());
        for column in self.pick(&frame, &step.columns)? {
            out.push(column.take(&rows).map_err(|error| self.explain(&error))?);
        }
        if out.is_empty() {
            out.push(anchor(self.fresh(), rows.len()));
        }
        self.frame(out, step.columns)
    }

    fn union(&mut self, inputs: &[(Plan, Vec<ColumnId>)], fields: &[Field]) -> Result<Step, Diagnostic> {
        let anchor = self.fresh();
        let mut frames = Vec::with_capacity(inputs.len());
        for (plan, sources) in inputs {
            let step = self.lower(plan)?;
            let mut columns: Vec<Lazy> = sources
                .iter()
                .zip(fields)
                .map(|(source, field)| dsl::col(name(*source)).alias(name(field.id)))
                .collect();
            if columns.is_empty() {
                let kept = self.first_column(&step.frame)?;
                columns.push(dsl::col(kept).is_null().alias(anchor.clone()));
            }
            frames.push(step.frame.select(columns));
        }
        let options = dsl::UnionArgs {
            parallel: false,
            rechunk: true,
            to_supertypes: false,
            diagonal: false,
            from_partitioned_ds: false,
            maintain_order: true,
        };
        let frame = dsl::concat(frames, options).map_err(|error| self.explain(&error))?;
        Ok(Step { frame, columns: fields.iter().map(|field| name(field.id)).collect() })
    }

    fn shared(&mut self, id: u32, input: &Plan) -> Result<Step, Diagnostic> {
        if let Some((frame, columns)) = self.shared.get(&id) {
            return Ok(Step { frame: frame.clone().lazy(), columns: columns.clone() });
        }
        let step = self.lower(input)?;
        let frame = self.collect(&step)?;
        self.shared.insert(id, (frame.clone(), step.columns.clone()));
        Ok(Step { frame: frame.lazy(), columns: step.columns })
    }

    fn single_row(&mut self, input: &Plan) -> Result<Step, Diagnostic> {
        let step = self.lower(input)?;
        let frame = self.collect(&step)?;
        match frame.height() {
            1 => Ok(Step { frame: frame.lazy(), columns: step.columns }),
            0 => {
                let nulls = frame
                    .get_columns()
                    .iter()
                    .map(|column| Column::full_null(column.name().clone(), 1, column.dtype()))
                    .collect();
                self.frame(nulls, step.columns)
            }
            rows => Err(Diagnostic::error_without_place(
                "more-than-one-row",
                format!("a subquery used as a value returned {rows} rows, only one is possible"),
            )
            .hint("aggregate inside the subquery, or add LIMIT 1")),
        }
    }

    /// Runs a step together with expressions over it: all rows, and the expressions' columns.
    fn with_computed(&mut self, step: &Step, exprs: &[&Expr]) -> Result<(DataFrame, Vec<Column>), Diagnostic> {
        let names: Vec<PlSmallStr> = exprs.iter().map(|_| self.fresh()).collect();
        let mut columns: Vec<Lazy> = step.columns.iter().map(|name| dsl::col(name.clone())).collect();
        columns.extend(exprs.iter().zip(&names).map(|(expr, name)| self.expressions.lower(expr).alias(name.clone())));
        let reads = !step.columns.is_empty() || exprs.iter().any(|expr| reads_columns(expr));
        let lazy = self.select(step, columns, reads)?;
        let frame = execute::run(lazy).map_err(|error| self.explain(&error))?;
        let computed = self.pick(&frame, &names)?;
        Ok((frame, computed))
    }

    fn pick(&self, frame: &DataFrame, names: &[PlSmallStr]) -> Result<Vec<Column>, Diagnostic> {
        names.iter().map(|name| frame.column(name).cloned().map_err(|error| self.explain(&error))).collect()
    }
}

/// A column that only keeps the number of rows.
fn anchor(name: PlSmallStr, rows: usize) -> Column {
    Column::new_scalar(name, Scalar::from(false), rows)
}

/// An empty column of each field, for steps that put out nothing.
fn empty(fields: &[Field]) -> Vec<Column> {
    fields.iter().map(|field| Column::new_empty(name(field.id), &physical::dtype(field.ty))).collect()
}
