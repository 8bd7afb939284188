//! Joins whose right side reads columns of the left: LATERAL, and subqueries that equalities alone do not tie to the query around.
//!
//! After T. Neumann and A. Kemper, "Unnesting Arbitrary Queries" (BTW 2015): the right side is computed at once for all distinct
//! values of the columns it reads, its domain, whose columns travel with its rows, and is joined to the left side by them.

mod steps;

use almanac_model::{Diagnostic, Span, Type};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::unnest::free_columns;
use super::{Binder, Bound};
use crate::functions::{Aggregate, Window};
use crate::plan::{
    ColumnId, Exclude, Expr, ExprKind, Field, Frame, FrameBound, FrameUnit, JoinKind, Plan, SortKey, WindowCall,
    WindowFunction,
};
use crate::walk;
use steps::{Rounds, Sides};

/// Why a plan could not be computed for a whole domain.
type Reason = &'static str;

/// The plan with the columns of its domain among its own.
type Pushed = Result<(Plan, Vec<ColumnId>), Reason>;

/// The distinct values of what the right side reads.
struct Domain {
    /// Columns of the left side.
    free: Vec<(ColumnId, Type)>,
    /// Their distinct combinations.
    rows: Plan,
    fields: Vec<Field>,
    /// Shared plans that have been taken through, by their number.
    shared: BTreeMap<u32, (u32, Rc<Plan>, Vec<ColumnId>)>,
    /// Recursive queries that are being taken through, by their number: their rounds have the domain's columns.
    working: BTreeMap<u32, u32>,
}

impl Domain {
    fn is_read_by(&self, plan: &Plan) -> bool {
        let read = free_columns(plan);
        self.free.iter().any(|(id, _)| read.contains(id)) || !self.working.is_empty() && self.has_rounds(plan)
    }

    /// Whether a plan reads the rounds of a recursive query that is being taken through.
    fn has_rounds(&self, plan: &Plan) -> bool {
        match plan {
            Plan::Working { id, .. } => self.working.contains_key(id),
            plan => walk::inputs(plan).into_iter().any(|input| self.has_rounds(input)),
        }
    }

    fn is_read(&self, expr: &Expr) -> bool {
        let read = walk::columns(expr);
        self.free.iter().any(|(id, _)| read.contains(id))
    }

    /// The expression over the domain's columns as they travel.
    fn moved(&self, mut expr: Expr, ids: &[ColumnId]) -> Expr {
        walk::rewrite(&mut expr, &mut |part| {
            let ExprKind::Column(id) = part.kind else { return None };
            let at = self.free.iter().position(|(free, _)| *free == id)?;
            Some(walk::column(ids[at], self.free[at].1, part.span))
        });
        expr
    }

    fn column(&self, at: usize, id: ColumnId) -> Expr {
        walk::column(id, self.free[at].1, Span::default())
    }

    fn columns(&self, ids: &[ColumnId]) -> Vec<Expr> {
        ids.iter().enumerate().map(|(at, id)| self.column(at, *id)).collect()
    }

    /// The domain's columns, put out by a `Project` as they are.
    fn kept(&self, ids: &[ColumnId]) -> Vec<(Field, Expr)> {
        let field = |id: &ColumnId, ty| Field { id: *id, name: String::new(), ty };
        ids.iter().enumerate().map(|(at, id)| (field(id, self.free[at].1), self.column(at, *id))).collect()
    }
}

/// Whether a plan has no more than one row for certain.
fn at_most_one(plan: &Plan) -> bool {
    match plan {
        Plan::Aggregate { keys, .. } => keys.is_empty(),
        Plan::Limit { limit: Some(0 | 1), .. } | Plan::SingleRow { .. } => true,
        Plan::Project { input, .. } | Plan::Filter { input, .. } | Plan::Sort { input, .. } => at_most_one(input),
        Plan::Values { rows, .. } => rows.len() < 2,
        _ => false,
    }
}

impl Binder<'_> {
    /// Whether `right` reads columns of `left`.
    pub(crate) fn depends(left: &Plan, right: &Plan) -> bool {
        !free_columns(right).is_disjoint(&walk::output_ids(left))
    }

    /// A plan under a number, to be used more than once.
    pub(crate) fn shared(&mut self, plan: Plan) -> Plan {
        if let Plan::Shared { .. } = plan {
            return plan;
        }
        let id = self.next_shared;
        self.next_shared += 1;
        Plan::Shared { id, input: Rc::new(plan) }
    }

    /// Each row of `left` with the rows that `right` has for it: an inner or a left join.
    pub(crate) fn dependent_join(&mut self, left: Plan, right: Plan, kind: JoinKind, condition: Option<Expr>) -> Plan {
        let read = free_columns(&right);
        let free: Vec<(ColumnId, Type)> = walk::output(&left).into_iter().filter(|(id, _)| read.contains(id)).collect();
        let left = self.shared(left);
        let columns: Vec<(Field, Expr)> =
            free.iter().map(|(id, ty)| (self.field("", *ty), walk::column(*id, *ty, Span::default()))).collect();
        let fields = columns.iter().map(|(field, _)| field.clone()).collect();
        let values = Plan::Distinct { input: Box::new(self.project(left.clone(), columns)), on: Vec::new() };
        let mut domain =
            Domain { free, rows: self.shared(values), fields, shared: BTreeMap::new(), working: BTreeMap::new() };
        // A left join gives its one row to those that have none.
        let right = match right {
            Plan::SingleRow { input } if kind == JoinKind::Left && at_most_one(&input) => *input,
            other => other,
        };
        match self.push(right, &mut domain) {
            Ok((right, ids)) => {
                let outer = domain.free.iter().map(|(id, ty)| walk::column(*id, *ty, Span::default()));
                let on = outer.zip(domain.columns(&ids)).collect();
                let (left, right) = (Box::new(left), Box::new(right));
                Plan::Join { left, right, kind, on, residual: condition, null_safe: true }
            }
            Err(reason) => {
                let message = format!("a subquery that reads columns of the query around cannot be computed: {reason}");
                self.report(Diagnostic::error_without_place("correlated-subquery", message).hint("write it as a join"));
                left
            }
        }
    }

    fn domain_rows(&mut self, domain: &Domain) -> (Plan, Vec<ColumnId>) {
        let Bound { plan, fields } = self.renumber(domain.rows.clone(), &domain.fields);
        (plan, fields.into_iter().map(|field| field.id).collect())
    }

    fn push(&mut self, plan: Plan, domain: &mut Domain) -> Pushed {
        if !domain.is_read_by(&plan) {
            let (rows, ids) = self.domain_rows(domain);
            let nothing = matches!(&plan, Plan::Values { fields, rows } if fields.is_empty() && rows.len() == 1);
            return Ok((if nothing { rows } else { super::from::cross(rows, plan) }, ids));
        }
        match plan {
            Plan::Filter { input, predicate } => {
                let (input, ids) = self.push(*input, domain)?;
                Ok((Plan::Filter { input: Box::new(input), predicate: domain.moved(predicate, &ids) }, ids))
            }
            Plan::Project { input, columns } => {
                let (input, ids) = self.push(*input, domain)?;
                let moved = columns.into_iter().map(|(field, expr)| (field, domain.moved(expr, &ids)));
                let columns = moved.chain(domain.kept(&ids)).collect();
                Ok((self.project(input, columns), ids))
            }
            Plan::Aggregate { input, keys, aggregates } => self.push_aggregate(*input, keys, aggregates, domain),
            Plan::Window { input, mut columns } => {
                let (input, ids) = self.push(*input, domain)?;
                for (_, call) in &mut columns {
                    let exprs = call.args.iter_mut().chain(&mut call.partition_by).chain(&mut call.filter);
                    for expr in exprs.chain(call.order_by.iter_mut().chain(&mut call.within).map(|key| &mut key.expr)) {
                        *expr = domain.moved(expr.clone(), &ids);
                    }
                    call.partition_by.extend(domain.columns(&ids));
                }
                Ok((Plan::Window { input: Box::new(input), columns }, ids))
            }
            Plan::Join { left, right, kind, on, residual, null_safe } => {
                let residual = residual.map_or_else(Vec::new, walk::conjuncts);
                self.push_join(Sides { left: *left, right: *right, kind, on, residual, null_safe }, domain)
            }
            Plan::Series { input, bounds, inclusive, field } => {
                let (input, ids) = self.push(*input, domain)?;
                let bounds = bounds.map(|bound| domain.moved(bound, &ids));
                Ok((Plan::Series { input: Box::new(input), bounds, inclusive, field }, ids))
            }
            Plan::Unnest { input, columns } => {
                let (input, ids) = self.push(*input, domain)?;
                let columns = columns.into_iter().map(|(field, list)| (field, domain.moved(list, &ids))).collect();
                Ok((Plan::Unnest { input: Box::new(input), columns }, ids))
            }
            Plan::Sort { input, keys } => {
                let (input, ids) = self.push(*input, domain)?;
                Ok((Plan::Sort { input: Box::new(input), keys: moved_keys(keys, domain, &ids) }, ids))
            }
            Plan::Limit { input, offset, limit } => self.push_limit(*input, offset, limit, domain),
            Plan::Distinct { input, on } => {
                let (input, ids) = self.push(*input, domain)?;
                let mut on: Vec<Expr> = on.into_iter().map(|expr| domain.moved(expr, &ids)).collect();
                if !on.is_empty() {
                    on.extend(domain.columns(&ids));
                }
                Ok((Plan::Distinct { input: Box::new(input), on }, ids))
            }
            Plan::Union { inputs, mut fields } => {
                let mut pushed = Vec::new();
                for (input, mut sources) in inputs {
                    let (input, ids) = self.push(input, domain)?;
                    sources.extend(ids);
                    pushed.push((input, sources));
                }
                let own: Vec<Field> = domain.free.iter().map(|(_, ty)| self.field("", *ty)).collect();
                let ids = own.iter().map(|field| field.id).collect();
                fields.extend(own);
                Ok((Plan::Union { inputs: pushed, fields }, ids))
            }
            Plan::Values { fields, rows } => {
                let mut inputs = Vec::new();
                for row in rows {
                    let (input, ids) = self.domain_rows(domain);
                    let cells = fields.iter().zip(row);
                    let cells: Vec<(Field, Expr)> =
                        cells.map(|(field, cell)| (self.field("", field.ty), domain.moved(cell, &ids))).collect();
                    let sources = cells.iter().map(|(field, _)| field.id).chain(ids.iter().copied()).collect();
                    inputs.push((self.project(input, cells.into_iter().chain(domain.kept(&ids)).collect()), sources));
                }
                let own: Vec<Field> = domain.free.iter().map(|(_, ty)| self.field("", *ty)).collect();
                let ids = own.iter().map(|field| field.id).collect();
                Ok((Plan::Union { inputs, fields: fields.into_iter().chain(own).collect() }, ids))
            }
            Plan::Shared { id, input } => {
                let known = domain.shared.get(&id).cloned();
                let (id, input, travelling) = match known {
                    Some(known) => known,
                    None => {
                        let (inner, ids) = self.push(input.as_ref().clone(), domain)?;
                        let new = self.next_shared;
                        self.next_shared += 1;
                        let done = (new, Rc::new(inner), ids);
                        domain.shared.insert(id, done.clone());
                        done
                    }
                };
                // Every use has columns of its own.
                let mut columns: Vec<(Field, Expr)> = walk::output(&input)
                    .into_iter()
                    .filter(|(id, _)| !travelling.contains(id))
                    .map(|(id, ty)| (Field { id, name: String::new(), ty }, walk::column(id, ty, Span::default())))
                    .collect();
                let mut ids = Vec::new();
                for column in domain.columns(&travelling) {
                    let field = self.field("", column.ty);
                    ids.push(field.id);
                    columns.push((field, column));
                }
                Ok((self.project(Plan::Shared { id, input }, columns), ids))
            }
            Plan::SingleRow { input } => self.push_single_row(*input, domain),
            Plan::Recursive { id, start, step, sources, fields, distinct } => {
                self.push_recursive(Rounds { id, start: *start, step: *step, sources, fields, distinct }, domain)
            }
            Plan::Working { id, mut fields } => {
                let Some(id) = domain.working.get(&id).copied() else { return Err("it is recursive") };
                let own: Vec<Field> = domain.free.iter().map(|(_, ty)| self.field("", *ty)).collect();
                let ids = own.iter().map(|field| field.id).collect();
                fields.extend(own);
                Ok((Plan::Working { id, fields }, ids))
            }
            Plan::Scan { .. } => Err("a table reads no columns"),
        }
    }
}

/// Whether an aggregate is zero over no rows, where others are NULL.
pub(crate) fn counts(function: Aggregate) -> bool {
    matches!(
        function,
        Aggregate::CountStar
            | Aggregate::Count
            | Aggregate::CountIf
            | Aggregate::RegrCount
            | Aggregate::ApproxCountDistinct
    )
}

/// Rows numbered within a partition, in the order they come.
pub(crate) fn row_number(partition_by: Vec<Expr>) -> WindowCall {
    WindowCall {
        function: WindowFunction::Window(Window::RowNumber),
        args: Vec::new(),
        partition_by,
        order_by: Vec::new(),
        within: Vec::new(),
        frame: whole(),
        filter: None,
        distinct: false,
        ignore_nulls: false,
        ty: Type::BigInt,
    }
}

/// The frame of all rows of a partition.
pub(crate) fn whole() -> Frame {
    let (start, end) = (FrameBound::UnboundedPreceding, FrameBound::UnboundedFollowing);
    Frame { unit: FrameUnit::Rows, start, end, exclude: Exclude::NoOthers }
}

fn moved_keys(keys: Vec<SortKey>, domain: &Domain, ids: &[ColumnId]) -> Vec<SortKey> {
    keys.into_iter().map(|key| SortKey { expr: domain.moved(key.expr, ids), ..key }).collect()
}
