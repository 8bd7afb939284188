//! Conditions move towards the tables: through projections, groupings by their keys and joins, and into join conditions, so that
//! `from a, b where a.k = b.k` becomes an inner join. What all branches of an OR have in common is taken out of it.

use almanac_model::{Span, Type, Value};

use crate::functions::Scalar;
use crate::plan::{ColumnId, Expr, ExprKind, Field, JoinKind, Plan};
use crate::walk::equality;
use crate::walk::{self, Ids};

pub(crate) fn push_down(plan: Plan) -> Plan {
    push(plan, Vec::new())
}

fn with_filter(plan: Plan, predicates: Vec<Expr>) -> Plan {
    match walk::all_of(predicates) {
        Some(predicate) => Plan::Filter { input: Box::new(plan), predicate },
        None => plan,
    }
}

/// The plan with these conditions on its rows, as deep as they go.
fn push(plan: Plan, mut predicates: Vec<Expr>) -> Plan {
    match plan {
        Plan::Filter { input, predicate } => {
            for part in walk::conjuncts(predicate) {
                predicates.extend(common_of_branches(part));
            }
            push(*input, predicates)
        }
        Plan::Project { input, columns } => {
            let input = push(*input, predicates.iter().map(|predicate| substituted(predicate, &columns)).collect());
            Plan::Project { input: Box::new(input), columns }
        }
        Plan::Aggregate { .. } | Plan::Window { .. } | Plan::Unnest { .. } | Plan::Series { .. } => {
            past(plan, predicates)
        }
        Plan::Join { left, right, kind, on, residual, null_safe } => {
            join(Sides { left: *left, right: *right, kind, on, residual, null_safe }, predicates)
        }
        Plan::Sort { input, keys } => Plan::Sort { input: Box::new(push(*input, predicates)), keys },
        Plan::Distinct { input, on } if on.is_empty() => {
            Plan::Distinct { input: Box::new(push(*input, predicates)), on }
        }
        Plan::Union { inputs, fields } => union(inputs, fields, &predicates),
        // These rows are there because of each other, or of a later round: conditions stay above.
        other => with_filter(over_inputs(other), predicates),
    }
}

fn over_inputs(mut plan: Plan) -> Plan {
    for input in walk::inputs_mut(&mut plan) {
        let taken = std::mem::replace(input, walk::one_row());
        *input = push_down(taken);
    }
    plan
}

/// Conditions that go past a step are those on columns that it lets through, for whole groups and partitions of its rows.
fn past(mut plan: Plan, predicates: Vec<Expr>) -> Plan {
    let goes = |predicate: &Expr| {
        let read = walk::columns(predicate);
        let is_made = |id: &ColumnId| match &plan {
            Plan::Aggregate { keys, .. } => !keys.iter().any(|(field, _)| field.id == *id),
            Plan::Window { columns, .. } => {
                !columns.iter().all(|(_, call)| call.partition_by.iter().any(|key| key.kind == ExprKind::Column(*id)))
            }
            Plan::Unnest { columns, .. } => columns.iter().any(|(field, _)| field.id == *id),
            Plan::Series { field, .. } => field.id == *id,
            _ => true,
        };
        !read.is_empty() && !read.iter().any(is_made)
    };
    let (mut down, stay): (Vec<Expr>, Vec<Expr>) = predicates.into_iter().partition(goes);
    if let Plan::Aggregate { keys, .. } = &plan {
        down = down.iter().map(|predicate| substituted(predicate, keys)).collect();
    }
    if let Some(input) = walk::inputs_mut(&mut plan).pop() {
        let taken = std::mem::replace(input, walk::one_row());
        *input = push(taken, down);
    }
    with_filter(plan, stay)
}

fn union(inputs: Vec<(Plan, Vec<ColumnId>)>, fields: Vec<Field>, predicates: &[Expr]) -> Plan {
    let mut pushed = Vec::with_capacity(inputs.len());
    for (input, ids) in inputs {
        let columns = fields.iter().zip(&ids);
        let columns: Vec<(Field, Expr)> =
            columns.map(|(field, id)| (field.clone(), walk::column(*id, field.ty, Span::default()))).collect();
        let down = predicates.iter().map(|predicate| substituted(predicate, &columns)).collect();
        pushed.push((push(input, down), ids));
    }
    Plan::Union { inputs: pushed, fields }
}

fn substituted(predicate: &Expr, columns: &[(Field, Expr)]) -> Expr {
    let mut predicate = predicate.clone();
    walk::rewrite(&mut predicate, &mut |part| {
        let ExprKind::Column(id) = part.kind else { return None };
        columns.iter().find(|(field, _)| field.id == id).map(|(_, expr)| expr.clone())
    });
    predicate
}

struct Sides {
    left: Plan,
    right: Plan,
    kind: JoinKind,
    on: Vec<(Expr, Expr)>,
    residual: Option<Expr>,
    null_safe: bool,
}

fn join(mut sides: Sides, predicates: Vec<Expr>) -> Plan {
    let (left_ids, right_ids) = (walk::output_ids(&sides.left), walk::output_ids(&sides.right));
    // A condition that no row of NULLs passes makes the rows without a partner superfluous.
    let drops = |ids: &Ids| predicates.iter().any(|predicate| rejects_nulls(predicate, ids));
    sides.kind = match sides.kind {
        JoinKind::Left if drops(&right_ids) => JoinKind::Inner,
        JoinKind::Right if drops(&left_ids) => JoinKind::Inner,
        JoinKind::Full => match (drops(&left_ids), drops(&right_ids)) {
            (true, true) => JoinKind::Inner,
            (true, false) => JoinKind::Left,
            (false, true) => JoinKind::Right,
            (false, false) => JoinKind::Full,
        },
        kind => kind,
    };
    if matches!(sides.kind, JoinKind::Inner | JoinKind::Cross) && !sides.null_safe {
        return inner(sides, predicates, &left_ids, &right_ids);
    }
    let only = |ids: &Ids, expr: &Expr| {
        let read = walk::columns(expr);
        !read.is_empty() && read.is_subset(ids)
    };
    let (mut to_left, mut to_right, mut above) = (Vec::new(), Vec::new(), Vec::new());
    let keeps_left =
        matches!(sides.kind, JoinKind::Left | JoinKind::Semi | JoinKind::Anti | JoinKind::Inner | JoinKind::Cross);
    let keeps_right = matches!(sides.kind, JoinKind::Right | JoinKind::Inner | JoinKind::Cross);
    for predicate in predicates {
        if keeps_left && only(&left_ids, &predicate) {
            to_left.push(predicate);
        } else if keeps_right && only(&right_ids, &predicate) {
            to_right.push(predicate);
        } else {
            above.push(predicate);
        }
    }
    let mut residual = Vec::new();
    for part in sides.residual.take().map_or_else(Vec::new, walk::conjuncts) {
        if matches!(sides.kind, JoinKind::Left | JoinKind::Semi | JoinKind::Anti) && only(&right_ids, &part) {
            to_right.push(part);
        } else if matches!(sides.kind, JoinKind::Right | JoinKind::Semi) && only(&left_ids, &part) {
            to_left.push(part);
        } else {
            residual.push(part);
        }
    }
    let plan = Plan::Join {
        left: Box::new(push(sides.left, to_left)),
        right: Box::new(push(sides.right, to_right)),
        kind: sides.kind,
        on: sides.on,
        residual: walk::all_of(residual),
        null_safe: sides.null_safe,
    };
    with_filter(plan, above)
}

fn inner(sides: Sides, mut predicates: Vec<Expr>, left_ids: &Ids, right_ids: &Ids) -> Plan {
    for part in sides.residual.map_or_else(Vec::new, walk::conjuncts) {
        predicates.extend(common_of_branches(part));
    }
    let (mut to_left, mut to_right, mut residual) = (Vec::new(), Vec::new(), Vec::new());
    let mut on = sides.on;
    for predicate in predicates {
        let read = walk::columns(&predicate);
        if read.is_subset(left_ids) {
            to_left.push(predicate);
        } else if read.is_subset(right_ids) {
            to_right.push(predicate);
        } else {
            match equality(predicate, left_ids, right_ids) {
                Ok(pair) => on.push(pair),
                Err(predicate) => residual.push(predicate),
            }
        }
    }
    let residual = walk::all_of(residual);
    let kind = if on.is_empty() && residual.is_none() { JoinKind::Cross } else { JoinKind::Inner };
    Plan::Join {
        left: Box::new(push(sides.left, to_left)),
        right: Box::new(push(sides.right, to_right)),
        kind,
        on,
        residual,
        null_safe: false,
    }
}

/// Whether the condition is never true when all these columns are NULL.
fn rejects_nulls(predicate: &Expr, ids: &Ids) -> bool {
    match &predicate.kind {
        ExprKind::Call(Scalar::And, args) => args.iter().any(|arg| rejects_nulls(arg, ids)),
        ExprKind::Call(Scalar::Or, args) => args.iter().all(|arg| rejects_nulls(arg, ids)),
        ExprKind::Call(Scalar::IsNotNull, args) => args.iter().any(|arg| is_null_with(arg, ids)),
        _ => predicate.ty == Type::Boolean && is_null_with(predicate, ids),
    }
}

/// Whether the value is NULL when all these columns are.
fn is_null_with(expr: &Expr, ids: &Ids) -> bool {
    match &expr.kind {
        ExprKind::Column(id) => ids.contains(id),
        ExprKind::Literal(value) => *value == Value::Null,
        ExprKind::Call(function, args) => function.propagates_null() && args.iter().any(|arg| is_null_with(arg, ids)),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => is_null_with(input, ids),
        ExprKind::Case { .. } | ExprKind::Element(_) => false,
    }
}

/// `(a and x) or (a and y)` is `a and (x or y)`. Besides, each table's own conditions in all branches hold by themselves:
/// `(t.a = 1 and u.b = 2) or (t.a = 2 and u.b = 1)` implies `t.a = 1 or t.a = 2` (TPC-H Q7); that one is added to what it follows from.
fn common_of_branches(predicate: Expr) -> Vec<Expr> {
    let branches = walk::disjuncts(predicate.clone());
    if branches.len() < 2 {
        return vec![predicate];
    }
    let mut branches: Vec<Vec<Expr>> = branches.into_iter().map(walk::conjuncts).collect();
    let mut common = Vec::new();
    for part in branches[0].clone() {
        if branches.iter().all(|branch| branch.iter().any(|other| walk::same(other, &part))) {
            for branch in &mut branches {
                branch.retain(|other| !walk::same(other, &part));
            }
            common.push(part);
        }
    }
    if branches.iter().any(Vec::is_empty) {
        return common;
    }
    for column in branches[0].iter().flat_map(walk::columns).collect::<Ids>() {
        let of_column: Vec<Vec<Expr>> = branches
            .iter()
            .map(|branch| branch.iter().filter(|part| walk::columns(part).into_iter().eq([column])).cloned().collect())
            .collect();
        if of_column.iter().all(|parts: &Vec<Expr>| !parts.is_empty()) && branches.iter().any(|branch| branch.len() > 1)
        {
            common.extend(walk::any_of(of_column.into_iter().filter_map(walk::all_of)));
        }
    }
    common.extend(walk::any_of(branches.into_iter().filter_map(walk::all_of)));
    common
}
