//! Plans of `almanac_sql` to rows.
//!
//! Each step runs what is below it and goes on with [`Rows`]: columns that are not copied until they are read. Polars computes
//! the expressions; which rows there are (filters, joins, groups, windows, orders) is our own work.
//!
//! May use: Polars' lazy, core and expression crates. Never: files, the network, a clock.

mod ask;
pub(crate) mod call;
mod chain;
mod evaluate;
pub(crate) mod expr;
mod filter;
pub(crate) mod functions;
mod group;
mod join;
mod recursive;
mod scan;
mod series;
mod shared;
mod unnest;
mod values;
mod weight;
pub(crate) mod window;

use std::collections::BTreeMap;
use std::rc::Rc;

use almanac_model::Diagnostic;
use almanac_model::protocol::Limits;
use almanac_sql::plan::{ColumnId, Expr, ExprKind, Field, Plan, Query, SortKey};
use polars_core::prelude::*;

use crate::aggregate::groups::Groups;
use crate::explain::Meter;
use crate::rows::{Rows, numbers};
use crate::scan::facts::Facts;
use crate::{execute, order, physical};
use ask::Ask;
use expr::{Expressions, name, reads_columns};
use recursive::Recursion;

/// Up to so many first rows are picked out; beyond, sorting all is as fast.
const LARGEST_TOP: usize = 10_000;

/// Where the rows of tables come from.
pub(crate) trait Tables {
    /// The named source columns of a table, all loaded, and its number of rows.
    fn columns(&self, table: &str, names: &[&str]) -> Result<(Vec<Series>, usize), Diagnostic>;

    /// What is known of a column as a whole.
    fn facts(&self, table: &str, column: &str) -> Rc<Facts>;
}

/// What is known of columns as a whole.
type Known = BTreeMap<ColumnId, Rc<Facts>>;

/// Lowers one query.
pub(crate) struct Lowering<'a> {
    tables: &'a dyn Tables,
    expressions: Expressions,
    limits: Limits,
    shared: BTreeMap<u32, Rows>,
    /// How often each of these is still going to be read.
    readers: BTreeMap<u32, usize>,
    /// Rows of the last round of recursive queries.
    working: BTreeMap<u32, DataFrame>,
    fresh: u32,
    /// What EXPLAIN ANALYZE measures with.
    meter: Option<&'a Meter<'a>>,
    /// Told now and then how many more rows were scanned.
    watch: &'a dyn Fn(u64),
}

impl<'a> Lowering<'a> {
    /// A lowering that reads these tables.
    pub(crate) fn new(
        tables: &'a dyn Tables,
        limits: Limits,
        meter: Option<&'a Meter<'a>>,
        watch: &'a dyn Fn(u64),
    ) -> Self {
        Self {
            meter,
            watch,
            tables,
            expressions: Expressions::default(),
            limits,
            shared: BTreeMap::new(),
            readers: BTreeMap::new(),
            working: BTreeMap::new(),
            fresh: 0,
        }
    }

    /// Runs a query: its output columns in order, named `0`, `1`, ….
    pub(crate) fn run(mut self, query: &Query) -> Result<DataFrame, Diagnostic> {
        self.readers = shared::readers(&query.root);
        let rows = self.lower(&query.root, &Ask::only(query.output.iter().map(|field| field.id).collect()))?;
        if rows.len() as u64 > self.limits.result_rows {
            return Err(Diagnostic::error_without_place(
                "over-budget",
                format!("the result has {} rows, more than the {} allowed", rows.len(), self.limits.result_rows),
            )
            .hint("group the rows, or add a LIMIT"));
        }
        let mut columns = Vec::with_capacity(query.output.len());
        for (at, field) in query.output.iter().enumerate() {
            let column = rows.column(&name(field.id)).map_err(|error| self.explain(&error))?;
            columns.push(
                column
                    .as_materialized_series()
                    .rechunk()
                    .with_name(PlSmallStr::from_string(at.to_string()))
                    .into_column(),
            );
        }
        if columns.is_empty() {
            columns.push(anchor("0".into(), rows.len()));
        }
        DataFrame::new(columns).map_err(execute::engine_error)
    }

    fn fresh(&mut self) -> PlSmallStr {
        self.fresh += 1;
        PlSmallStr::from_string(format!("k{}", self.fresh))
    }

    fn explain(&self, error: &PolarsError) -> Diagnostic {
        self.expressions.trouble.explain(error)
    }

    fn lower(&mut self, plan: &Plan, ask: &Ask) -> Result<Rows, Diagnostic> {
        let Some(meter) = self.meter else { return self.lower_step(plan, ask) };
        let start = meter.start();
        let rows = self.lower_step(plan, ask)?;
        meter.end(almanac_sql::key(plan), start, rows.len() as u64);
        Ok(rows)
    }

    fn lower_step(&mut self, plan: &Plan, ask: &Ask) -> Result<Rows, Diagnostic> {
        match plan {
            Plan::Scan { table, columns } => {
                let rows = self.scan(table, columns)?;
                self.narrowed(rows, None, ask.hints(), &Known::new())
            }
            Plan::Values { fields, rows } => self.values(fields, rows),
            Plan::Filter { input, predicate } => match input.as_ref() {
                Plan::Scan { table, columns } => {
                    let rows = self.scan(table, columns)?;
                    self.narrowed(rows, Some(predicate), ask.hints(), &self.known(table, columns))
                }
                input => {
                    let rows = self.lower(input, &ask.and([predicate]).hinted(ask))?;
                    self.narrowed(rows, Some(predicate), &[], &Known::new())
                }
            },
            Plan::Project { input, columns } => {
                let of_input = Ask::none().and(columns.iter().map(|(_, expr)| expr)).with(ask.below(columns));
                let rows = self.lower(input, &of_input)?;
                self.project(&rows, columns)
            }
            Plan::Aggregate { input, keys, aggregates } => self.aggregate(input, keys, aggregates, ask.below(keys)),
            Plan::Window { input, columns } => {
                let rows = self.lower(input, &window::asked(ask, columns))?;
                self.window(rows, columns)
            }
            Plan::Join { .. } => self.join(plan, ask),
            Plan::Sort { input, keys } => {
                let rows = self.lower(input, &ask.and(keys.iter().map(|key| &key.expr)).hinted(ask))?;
                self.sort(rows, keys)
            }
            Plan::Limit { input, offset, limit } => self.limit(input, *offset, *limit, ask),
            Plan::Distinct { input, on } => self.distinct(input, on, ask),
            Plan::Union { inputs, fields } => self.union(inputs, fields),
            Plan::Shared { id, input } => self.shared(*id, input),
            Plan::SingleRow { input } => self.single_row(input),
            Plan::Unnest { input, columns } => {
                let rows = self.lower(input, &ask.and(columns.iter().map(|(_, expr)| expr)))?;
                self.unnest(&rows, columns)
            }
            Plan::Recursive { id, start, step, sources, fields, distinct } => {
                self.recursive(&Recursion { id: *id, start, step, sources, fields, distinct: *distinct })
            }
            Plan::Series { input, bounds, inclusive, field } => self.series(input, bounds, *inclusive, field, ask),
            Plan::Working { id, fields } => self.working(*id, fields),
        }
    }

    fn scan(&mut self, table: &str, columns: &[(String, Field)]) -> Result<Rows, Diagnostic> {
        let sources: Vec<&str> = columns.iter().map(|(source, _)| source.as_str()).collect();
        let (series, rows) = self.tables.columns(table, &sources)?;
        let named = series.into_iter().zip(columns).map(|(series, (_, field))| series.with_name(name(field.id)).into());
        Ok(Rows::new(named.collect(), rows))
    }

    /// What is known of a table's columns.
    fn known(&self, table: &str, columns: &[(String, Field)]) -> Known {
        columns.iter().map(|(source, field)| (field.id, self.tables.facts(table, source))).collect()
    }

    /// Columns under new names stay where they are, the others are computed.
    fn project(&mut self, rows: &Rows, columns: &[(Field, Expr)]) -> Result<Rows, Diagnostic> {
        let (mut renamed, mut computed, mut fields) = (Vec::new(), Vec::new(), Vec::new());
        for (field, expr) in columns {
            match &expr.kind {
                ExprKind::Column(id) => renamed.push((name(*id), name(field.id))),
                _ => {
                    computed.push(expr);
                    fields.push(field);
                }
            }
        }
        let computed = self.evaluate(rows, &computed)?;
        let named = computed.into_iter().zip(fields).map(|(column, field)| column.with_name(name(field.id)));
        Ok(rows.renamed(&renamed).with(named.collect()))
    }

    fn sort(&mut self, rows: Rows, keys: &[SortKey]) -> Result<Rows, Diagnostic> {
        // Constants do not order anything.
        let keys: Vec<&SortKey> = keys.iter().filter(|key| reads_columns(&key.expr)).collect();
        if keys.is_empty() {
            return Ok(rows);
        }
        let options = SortMultipleOptions {
            descending: keys.iter().map(|key| key.descending).collect(),
            nulls_last: keys.iter().map(|key| !key.nulls_first).collect(),
            multithreaded: true,
            maintain_order: true,
            limit: None,
        };
        let exprs: Vec<&Expr> = keys.iter().map(|key| &key.expr).collect();
        let named = |(at, column): (usize, Column)| column.with_name(PlSmallStr::from_string(at.to_string()));
        let by: Vec<Column> = self.evaluate(&rows, &exprs)?.into_iter().enumerate().map(named).collect();
        let names: Vec<PlSmallStr> = by.iter().map(|column| column.name().clone()).collect();
        let place = self.fresh();
        let places = numbers((0..rows.len() as u32).collect()).with_name(place.clone()).into_column();
        let explained = |error: PolarsError| self.explain(&error);
        let sorted =
            DataFrame::new(by.into_iter().chain([places]).collect()).and_then(|frame| frame.sort(names, options));
        let sorted = sorted.map_err(explained)?;
        let order = sorted.column(&place).and_then(|column| column.idx()).map_err(explained)?;
        rows.picked(&order.rechunk()).map_err(explained)
    }

    fn limit(&mut self, input: &Plan, offset: u64, limit: Option<u64>, ask: &Ask) -> Result<Rows, Diagnostic> {
        let (first, most) = (whole(offset), limit.map_or(usize::MAX, whole));
        match input {
            Plan::Sort { input, keys } if first.saturating_add(most) <= LARGEST_TOP => {
                let rows = self.lower(input, &ask.and(keys.iter().map(|key| &key.expr)))?;
                self.top(&rows, keys, first, first + most)
            }
            // What is not put out is not computed either.
            Plan::Project { input, columns } => {
                let below = Ask::none().and(columns.iter().map(|(_, expr)| expr));
                let rows = self.limit(input, offset, limit, &below)?;
                self.project(&rows, columns)
            }
            input => Ok(self.lower(input, &ask.and([]))?.slice(first, most)),
        }
    }

    /// The first rows in an order, without putting all others in order.
    fn top(&mut self, rows: &Rows, keys: &[SortKey], offset: usize, most: usize) -> Result<Rows, Diagnostic> {
        let exprs: Vec<&Expr> = keys.iter().map(|key| &key.expr).collect();
        let computed = self.evaluate(rows, &exprs)?;
        let order = order::top(&computed, &order::directions(keys), rows.len(), most);
        let order = order.map_err(|error| self.explain(&error))?.into_iter().skip(offset).collect();
        rows.picked(&numbers(order)).map_err(|error| self.explain(&error))
    }

    fn distinct(&mut self, input: &Plan, on: &[Expr], ask: &Ask) -> Result<Rows, Diagnostic> {
        // Without keys every column counts, those that nobody reads, too.
        let of_input = if on.is_empty() { Ask::default().hinted(ask) } else { ask.and(on) };
        let rows = self.lower(input, &of_input)?;
        let keys = if on.is_empty() {
            rows.columns().map_err(|error| self.explain(&error))?
        } else {
            self.evaluate(&rows, &on.iter().collect::<Vec<_>>())?
        };
        let groups = Groups::by(&keys, rows.len()).map_err(|error| self.explain(&error))?;
        let first = if rows.len() == 0 { Vec::new() } else { groups.first };
        rows.picked(&numbers(first)).map_err(|error| self.explain(&error))
    }

    fn union(&mut self, inputs: &[(Plan, Vec<ColumnId>)], fields: &[Field]) -> Result<Rows, Diagnostic> {
        let mut all: Vec<Column> = empty(fields);
        let mut len = 0;
        for (plan, sources) in inputs {
            let rows = self.lower(plan, &Ask::only(sources.iter().copied().collect()))?;
            len += rows.len();
            for (column, source) in all.iter_mut().zip(sources) {
                let more = rows.column(&name(*source)).map_err(|error| self.explain(&error))?;
                column.append(&more).map_err(|error| self.explain(&error))?;
            }
        }
        Ok(Rows::new(all.iter().map(Column::rechunk).collect(), len))
    }

    fn single_row(&mut self, input: &Plan) -> Result<Rows, Diagnostic> {
        let rows = self.lower(input, &Ask::default())?;
        match rows.len() {
            1 => Ok(rows),
            // A row that is not there is a row of NULLs.
            0 => rows.picked(&IdxCa::full_null(PlSmallStr::EMPTY, 1)).map_err(|error| self.explain(&error)),
            rows => Err(Diagnostic::error_without_place(
                "more-than-one-row",
                format!("a subquery used as a value returned {rows} rows, only one is possible"),
            )
            .hint("aggregate inside the subquery, or add LIMIT 1")),
        }
    }
}

/// A count of rows; more than there can be is all.
fn whole(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}

/// A column that only keeps the number of rows.
fn anchor(name: PlSmallStr, rows: usize) -> Column {
    Column::new_scalar(name, Scalar::from(false), rows)
}

/// An empty column of each field, for steps that put out nothing.
fn empty(fields: &[Field]) -> Vec<Column> {
    fields.iter().map(|field| Column::new_empty(name(field.id), &physical::dtype(field.ty))).collect()
}
