//! Correlated subqueries: their references to the query around are pulled up to where a join can make them.
//! This is for correlation by conjuncts of WHERE, which needs no more than a join; `dependent` does all others.

use almanac_model::Span;

use super::Binder;
use crate::functions::Scalar;
use crate::plan::{AggregateCall, Expr, ExprKind, Field, JoinKind, Plan};
use crate::walk::{self, Ids};

/// Why a subquery could not be unnested.
type Reason = &'static str;

/// The columns a plan reads and does not make.
pub(crate) fn free_columns(plan: &Plan) -> Ids {
    fn collect(plan: &Plan, read: &mut Ids, made: &mut Ids) {
        made.extend(walk::output_ids(plan));
        for expr in walk::expressions(plan) {
            walk::columns_of(expr, read);
        }
        for input in walk::inputs(plan) {
            collect(input, read, made);
        }
    }
    let (mut read, mut made) = (Ids::new(), Ids::new());
    collect(plan, &mut read, &mut made);
    read.difference(&made).copied().collect()
}

impl Binder<'_> {
    pub(crate) fn is_correlated(plan: &Plan) -> bool {
        !free_columns(plan).is_empty()
    }

    /// The plan without references to the query around, and the predicates that held them; `None` if that is not enough.
    pub(crate) fn unnested(&mut self, plan: Plan) -> Option<(Plan, Vec<Expr>)> {
        let free = free_columns(&plan);
        self.pull(plan, &free).ok()
    }

    /// The same of a grouping without keys: with the columns compared with the query around as keys. What it gives for no rows at
    /// all, the caller adds.
    pub(crate) fn unnested_total(
        &mut self,
        input: Plan,
        aggregates: Vec<(Field, AggregateCall)>,
    ) -> Option<(Plan, Vec<Expr>)> {
        let plan = Plan::Aggregate { input: Box::new(input), keys: Vec::new(), aggregates };
        let free = free_columns(&plan);
        let Plan::Aggregate { input, keys, aggregates } = plan else { return None };
        self.pull_aggregate(*input, keys, aggregates, &free).ok()
    }

    /// Predicates as pairs of an outer and an own expression; `None` if one is not an equality.
    pub(crate) fn equalities(predicates: &[Expr], own: &Ids) -> Option<Vec<(Expr, Expr)>> {
        predicates.iter().map(|predicate| split(predicate, own)).collect()
    }

    fn pull(&mut self, plan: Plan, free: &Ids) -> Result<(Plan, Vec<Expr>), Reason> {
        if free_columns(&plan).is_disjoint(free) {
            return Ok((plan, Vec::new()));
        }
        let reads = |expr: &Expr| !walk::columns(expr).is_disjoint(free);
        match plan {
            Plan::Filter { input, predicate } => {
                let (input, mut pulled) = self.pull(*input, free)?;
                let (outer, own): (Vec<Expr>, Vec<Expr>) =
                    walk::conjuncts(predicate).into_iter().partition(|part| reads(part));
                pulled.extend(outer);
                Ok((with_filter(input, own), pulled))
            }
            Plan::Project { input, mut columns } => {
                let (input, pulled) = self.pull(*input, free)?;
                if columns.iter().any(|(_, expr)| reads(expr)) {
                    return Err("it computes with columns of the outer query");
                }
                for (id, ty) in walk::output(&input) {
                    let wanted = pulled.iter().any(|predicate| walk::columns(predicate).contains(&id));
                    if wanted && !columns.iter().any(|(field, _)| field.id == id) {
                        columns.push((Field { id, name: String::new(), ty }, walk::column(id, ty, Span::default())));
                    }
                }
                Ok((Plan::Project { input: Box::new(input), columns }, pulled))
            }
            // Without keys there is a row even for those that no row is like.
            Plan::Aggregate { keys, .. } if keys.is_empty() => Err("it aggregates all rows"),
            Plan::Aggregate { input, keys, aggregates } => self.pull_aggregate(*input, keys, aggregates, free),
            Plan::Join { left, right, kind, on, residual, null_safe } => {
                if matches!(kind, JoinKind::Right | JoinKind::Full) {
                    return Err("rows of an outer join would be left out too early");
                }
                let (left, mut pulled) = self.pull(*left, free)?;
                let right = if matches!(kind, JoinKind::Inner | JoinKind::Cross) {
                    let (right, more) = self.pull(*right, free)?;
                    pulled.extend(more);
                    right
                } else {
                    *right
                };
                let plan = Plan::Join { left: Box::new(left), right: Box::new(right), kind, on, residual, null_safe };
                if !free_columns(&plan).is_disjoint(free) {
                    if !matches!(kind, JoinKind::Inner | JoinKind::Cross) {
                        return Err("a join inside it uses columns of the outer query");
                    }
                    let Plan::Join { left, right, on, residual, .. } = plan else { return Err("") };
                    let (mut kept, mut outer) = (Vec::new(), Vec::new());
                    for (a, b) in on {
                        if reads(&a) || reads(&b) {
                            let span = a.span.to(b.span);
                            outer.push(walk::call(Scalar::Eq, vec![a, b], almanac_model::Type::Boolean, span));
                        } else {
                            kept.push((a, b));
                        }
                    }
                    let (more, own): (Vec<Expr>, Vec<Expr>) =
                        residual.map_or_else(Vec::new, walk::conjuncts).into_iter().partition(|part| reads(part));
                    pulled.extend(outer);
                    pulled.extend(more);
                    let residual = walk::all_of(own);
                    let kind = if kept.is_empty() && residual.is_none() { JoinKind::Cross } else { JoinKind::Inner };
                    return Ok((Plan::Join { left, right, kind, on: kept, residual, null_safe }, pulled));
                }
                Ok((plan, pulled))
            }
            Plan::Sort { input, keys } => {
                let (input, pulled) = self.pull(*input, free)?;
                Ok((Plan::Sort { input: Box::new(input), keys }, pulled))
            }
            Plan::Distinct { input, on } if on.is_empty() => {
                let (input, pulled) = self.pull(*input, free)?;
                Ok((Plan::Distinct { input: Box::new(input), on }, pulled))
            }
            Plan::Window { input, mut columns } => {
                let (input, pulled) = self.pull(*input, free)?;
                let own = walk::output_ids(&input);
                for predicate in &pulled {
                    let Some((_, inner)) = split(predicate, &own) else {
                        return Err("it has a window over rows that are not compared by `=`");
                    };
                    for (_, call) in &mut columns {
                        call.partition_by.push(inner.clone());
                    }
                }
                Ok((Plan::Window { input: Box::new(input), columns }, pulled))
            }
            Plan::Limit { .. } | Plan::Distinct { .. } => Err("it limits its rows"),
            Plan::Union { .. } => Err("it is a set operation"),
            Plan::Unnest { .. } => Err("it takes a list apart"),
            Plan::SingleRow { .. }
            | Plan::Scan { .. }
            | Plan::Values { .. }
            | Plan::Shared { .. }
            | Plan::Series { .. }
            | Plan::Recursive { .. }
            | Plan::Working { .. } => Err("it refers to a query that is not right around it"),
        }
    }

    fn pull_aggregate(
        &mut self,
        input: Plan,
        mut keys: Vec<(Field, Expr)>,
        aggregates: Vec<(Field, AggregateCall)>,
        free: &Ids,
    ) -> Result<(Plan, Vec<Expr>), Reason> {
        let (input, pulled) = self.pull(input, free)?;
        let own = walk::output_ids(&input);
        let mut lifted = Vec::new();
        for predicate in pulled {
            let Some((outer, inner)) = split(&predicate, &own) else {
                return Err("it aggregates rows that are compared with the outer query by something else than `=`");
            };
            let key = self.field("", inner.ty);
            let column = walk::column(key.id, key.ty, inner.span);
            keys.push((key, inner));
            lifted.push(walk::call(Scalar::Eq, vec![outer, column], almanac_model::Type::Boolean, predicate.span));
        }
        let plan = Plan::Aggregate { input: Box::new(input), keys, aggregates };
        if walk::expressions(&plan).into_iter().any(|expr| !walk::columns(expr).is_disjoint(free)) {
            return Err("it aggregates columns of the outer query");
        }
        Ok((plan, lifted))
    }
}

fn with_filter(input: Plan, predicates: Vec<Expr>) -> Plan {
    match walk::all_of(predicates) {
        Some(predicate) => Plan::Filter { input: Box::new(input), predicate },
        None => input,
    }
}

/// `outer = own`, whichever way round it is written.
fn split(predicate: &Expr, own: &Ids) -> Option<(Expr, Expr)> {
    let ExprKind::Call(Scalar::Eq, args) = &predicate.kind else { return None };
    let [a, b] = args.as_slice() else { return None };
    let (reads_a, reads_b) = (walk::columns(a), walk::columns(b));
    if !reads_b.is_empty() && reads_b.is_subset(own) && reads_a.is_disjoint(own) {
        return Some((a.clone(), b.clone()));
    }
    if !reads_a.is_empty() && reads_a.is_subset(own) && reads_b.is_disjoint(own) {
        return Some((b.clone(), a.clone()));
    }
    None
}
