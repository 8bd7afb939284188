//! Walking and building plans and expressions.

use almanac_model::{Span, Type, Value};
use std::collections::BTreeSet;

use crate::functions::Scalar;
use crate::plan::{ColumnId, Expr, ExprKind, Plan};

/// A set of columns.
pub(crate) type Ids = BTreeSet<ColumnId>;

pub(crate) fn literal(value: Value, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(value), ty, span }
}

pub(crate) fn column(id: ColumnId, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Column(id), ty, span }
}

pub(crate) fn call(function: Scalar, args: Vec<Expr>, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Call(function, args), ty, span }
}

pub(crate) fn cast(input: Expr, ty: Type) -> Expr {
    if input.ty == ty {
        return input;
    }
    let span = input.span;
    match input.kind {
        ExprKind::Literal(Value::Null) => literal(Value::Null, ty, span),
        ExprKind::Literal(Value::Int(number))
            if ty.is_integer() && (ty == Type::BigInt || i32::try_from(number).is_ok()) =>
        {
            literal(Value::Int(number), ty, span)
        }
        #[expect(clippy::cast_precision_loss, reason = "what the conversion to DOUBLE means")]
        ExprKind::Literal(Value::Int(number)) if ty == Type::Double => literal(Value::Double(number as f64), ty, span),
        ExprKind::Literal(Value::Date(day)) if ty == Type::Timestamp => {
            literal(Value::Timestamp(i64::from(day) * 86_400_000_000), ty, span)
        }
        _ => Expr { kind: ExprKind::Cast { input: Box::new(input), lenient: false }, ty, span },
    }
}

/// All of them with AND; `None` when there are none.
pub(crate) fn all_of(predicates: impl IntoIterator<Item = Expr>) -> Option<Expr> {
    predicates.into_iter().reduce(|a, b| {
        let span = a.span.to(b.span);
        call(Scalar::And, vec![a, b], Type::Boolean, span)
    })
}

/// Any of them with OR; `None` when there are none.
pub(crate) fn any_of(predicates: impl IntoIterator<Item = Expr>) -> Option<Expr> {
    predicates.into_iter().reduce(|a, b| {
        let span = a.span.to(b.span);
        call(Scalar::Or, vec![a, b], Type::Boolean, span)
    })
}

/// The parts of a chain of one operator.
fn parts(expr: Expr, operator: Scalar, out: &mut Vec<Expr>) {
    let mut rest = vec![expr];
    while let Some(expr) = rest.pop() {
        match expr.kind {
            ExprKind::Call(function, args) if function == operator => rest.extend(args.into_iter().rev()),
            _ => out.push(expr),
        }
    }
}

/// The parts of an AND.
pub(crate) fn conjuncts(expr: Expr) -> Vec<Expr> {
    let mut out = Vec::new();
    parts(expr, Scalar::And, &mut out);
    out
}

/// The parts of an OR.
pub(crate) fn disjuncts(expr: Expr) -> Vec<Expr> {
    let mut out = Vec::new();
    parts(expr, Scalar::Or, &mut out);
    out
}

/// Expressions directly below.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => Vec::new(),
        ExprKind::Call(_, args) => args.iter().collect(),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => vec![input],
        ExprKind::Case { branches, otherwise } => {
            branches.iter().flat_map(|(when, then)| [when, then]).chain([otherwise.as_ref()]).collect()
        }
    }
}

/// The same expression with its parts replaced, inside out; `None` keeps a part.
pub(crate) fn rewrite(expr: &mut Expr, change: &mut dyn FnMut(&Expr) -> Option<Expr>) {
    if let Some(new) = change(expr) {
        *expr = new;
        return;
    }
    match &mut expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => {}
        ExprKind::Call(_, args) => args.iter_mut().for_each(|arg| rewrite(arg, change)),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => rewrite(input, change),
        ExprKind::Case { branches, otherwise } => {
            for (when, then) in branches {
                rewrite(when, change);
                rewrite(then, change);
            }
            rewrite(otherwise, change);
        }
    }
}

/// Whether two expressions compute the same, places in the text aside.
pub(crate) fn same(a: &Expr, b: &Expr) -> bool {
    if a.ty != b.ty {
        return false;
    }
    match (&a.kind, &b.kind) {
        (ExprKind::Column(a), ExprKind::Column(b)) => a == b,
        (ExprKind::Element(a), ExprKind::Element(b)) => a == b,
        (ExprKind::Literal(a), ExprKind::Literal(b)) => same_value(a, b),
        (ExprKind::Call(f, a), ExprKind::Call(g, b)) => {
            f == g && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (ExprKind::Cast { input: a, lenient: x }, ExprKind::Cast { input: b, lenient: y }) => x == y && same(a, b),
        (ExprKind::InList { input: a, list: x }, ExprKind::InList { input: b, list: y }) => {
            x.len() == y.len() && x.iter().zip(y).all(|(a, b)| same_value(a, b)) && same(a, b)
        }
        (ExprKind::Case { .. }, ExprKind::Case { .. }) => {
            let (x, y) = (children(a), children(b));
            x.len() == y.len() && x.iter().zip(y).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}

/// Whether two constants are one: NaN is NaN, and the two zeros differ.
fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

/// The columns an expression reads.
pub(crate) fn columns_of(expr: &Expr, out: &mut Ids) {
    if let ExprKind::Column(id) = expr.kind {
        out.insert(id);
    }
    for child in children(expr) {
        columns_of(child, out);
    }
}

/// Whether an expression reads a parameter of a lambda around it.
pub(crate) fn reads_elements(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Element(_)) || children(expr).into_iter().any(reads_elements)
}

/// The columns an expression reads.
pub(crate) fn columns(expr: &Expr) -> Ids {
    let mut out = Ids::new();
    columns_of(expr, &mut out);
    out
}

/// The columns a step puts out.
#[must_use]
pub fn output(plan: &Plan) -> Vec<(ColumnId, Type)> {
    match plan {
        Plan::Scan { columns, .. } => columns.iter().map(|(_, field)| (field.id, field.ty)).collect(),
        Plan::Values { fields, .. }
        | Plan::Union { fields, .. }
        | Plan::Recursive { fields, .. }
        | Plan::Working { fields, .. } => fields.iter().map(|field| (field.id, field.ty)).collect(),
        Plan::Project { columns, .. } => columns.iter().map(|(field, _)| (field.id, field.ty)).collect(),
        Plan::Aggregate { keys, aggregates, .. } => keys
            .iter()
            .map(|(field, _)| (field.id, field.ty))
            .chain(aggregates.iter().map(|(field, _)| (field.id, field.ty)))
            .collect(),
        Plan::Window { input, columns } => {
            let mut all = output(input);
            all.extend(columns.iter().map(|(field, _)| (field.id, field.ty)));
            all
        }
        Plan::Unnest { input, columns } => {
            let mut all = output(input);
            all.extend(columns.iter().map(|(field, _)| (field.id, field.ty)));
            all
        }
        Plan::Series { input, field, .. } => {
            let mut all = output(input);
            all.push((field.id, field.ty));
            all
        }
        Plan::Join { left, right, kind, .. } => {
            let mut all = output(left);
            if !matches!(kind, crate::plan::JoinKind::Semi | crate::plan::JoinKind::Anti) {
                all.extend(output(right));
            }
            all
        }
        Plan::Filter { input, .. }
        | Plan::Sort { input, .. }
        | Plan::Limit { input, .. }
        | Plan::Distinct { input, .. }
        | Plan::SingleRow { input } => output(input),
        Plan::Shared { input, .. } => output(input),
    }
}

/// The columns a step puts out, as a set.
pub(crate) fn output_ids(plan: &Plan) -> Ids {
    output(plan).into_iter().map(|(id, _)| id).collect()
}

/// The expressions of one step itself.
#[must_use]
pub fn expressions(plan: &Plan) -> Vec<&Expr> {
    match plan {
        Plan::Scan { .. }
        | Plan::Limit { .. }
        | Plan::Union { .. }
        | Plan::Shared { .. }
        | Plan::SingleRow { .. }
        | Plan::Recursive { .. }
        | Plan::Working { .. } => Vec::new(),
        Plan::Values { rows, .. } => rows.iter().flatten().collect(),
        Plan::Filter { predicate, .. } => vec![predicate],
        Plan::Project { columns, .. } | Plan::Unnest { columns, .. } => columns.iter().map(|(_, expr)| expr).collect(),
        Plan::Aggregate { keys, aggregates, .. } => keys
            .iter()
            .map(|(_, expr)| expr)
            .chain(aggregates.iter().flat_map(|(_, call)| {
                call.args.iter().chain(&call.filter).chain(call.order_by.iter().map(|key| &key.expr))
            }))
            .collect(),
        Plan::Window { columns, .. } => columns
            .iter()
            .flat_map(|(_, call)| {
                call.args
                    .iter()
                    .chain(&call.partition_by)
                    .chain(&call.filter)
                    .chain(call.order_by.iter().chain(&call.within).map(|key| &key.expr))
            })
            .collect(),
        Plan::Join { on, residual, .. } => on.iter().flat_map(|(a, b)| [a, b]).chain(residual).collect(),
        Plan::Sort { keys, .. } => keys.iter().map(|key| &key.expr).collect(),
        Plan::Distinct { on, .. } => on.iter().collect(),
        Plan::Series { bounds, .. } => bounds.iter().collect(),
    }
}

/// The steps right below.
#[must_use]
pub fn inputs(plan: &Plan) -> Vec<&Plan> {
    match plan {
        Plan::Scan { .. } | Plan::Values { .. } | Plan::Working { .. } => Vec::new(),
        Plan::Filter { input, .. }
        | Plan::Project { input, .. }
        | Plan::Aggregate { input, .. }
        | Plan::Window { input, .. }
        | Plan::Unnest { input, .. }
        | Plan::Sort { input, .. }
        | Plan::Limit { input, .. }
        | Plan::Distinct { input, .. }
        | Plan::Series { input, .. }
        | Plan::SingleRow { input } => vec![input],
        Plan::Join { left, right, .. } => vec![left, right],
        Plan::Recursive { start, step, .. } => vec![start, step],
        Plan::Union { inputs, .. } => inputs.iter().map(|(plan, _)| plan).collect(),
        Plan::Shared { input, .. } => vec![input],
    }
}

/// The steps right below, to be changed; none below a shared one.
pub(crate) fn inputs_mut(plan: &mut Plan) -> Vec<&mut Plan> {
    match plan {
        Plan::Scan { .. } | Plan::Values { .. } | Plan::Shared { .. } | Plan::Working { .. } => Vec::new(),
        Plan::Filter { input, .. }
        | Plan::Project { input, .. }
        | Plan::Aggregate { input, .. }
        | Plan::Window { input, .. }
        | Plan::Unnest { input, .. }
        | Plan::Sort { input, .. }
        | Plan::Limit { input, .. }
        | Plan::Distinct { input, .. }
        | Plan::Series { input, .. }
        | Plan::SingleRow { input } => vec![input],
        Plan::Join { left, right, .. } => vec![left, right],
        Plan::Recursive { start, step, .. } => vec![start, step],
        Plan::Union { inputs, .. } => inputs.iter_mut().map(|(plan, _)| plan).collect(),
    }
}

/// The expressions of one step itself, to be changed.
pub(crate) fn expressions_mut(plan: &mut Plan) -> Vec<&mut Expr> {
    match plan {
        Plan::Scan { .. }
        | Plan::Limit { .. }
        | Plan::Union { .. }
        | Plan::Shared { .. }
        | Plan::SingleRow { .. }
        | Plan::Recursive { .. }
        | Plan::Working { .. } => Vec::new(),
        Plan::Values { rows, .. } => rows.iter_mut().flatten().collect(),
        Plan::Filter { predicate, .. } => vec![predicate],
        Plan::Project { columns, .. } | Plan::Unnest { columns, .. } => {
            columns.iter_mut().map(|(_, expr)| expr).collect()
        }
        Plan::Aggregate { keys, aggregates, .. } => keys
            .iter_mut()
            .map(|(_, expr)| expr)
            .chain(aggregates.iter_mut().flat_map(|(_, call)| {
                call.args.iter_mut().chain(&mut call.filter).chain(call.order_by.iter_mut().map(|key| &mut key.expr))
            }))
            .collect(),
        Plan::Window { columns, .. } => columns
            .iter_mut()
            .flat_map(|(_, call)| {
                call.args
                    .iter_mut()
                    .chain(&mut call.partition_by)
                    .chain(&mut call.filter)
                    .chain(call.order_by.iter_mut().chain(&mut call.within).map(|key| &mut key.expr))
            })
            .collect(),
        Plan::Join { on, residual, .. } => on.iter_mut().flat_map(|(a, b)| [a, b]).chain(residual).collect(),
        Plan::Sort { keys, .. } => keys.iter_mut().map(|key| &mut key.expr).collect(),
        Plan::Distinct { on, .. } => on.iter_mut().collect(),
        Plan::Series { bounds, .. } => bounds.iter_mut().collect(),
    }
}

/// A step without columns and with one row.
pub(crate) fn one_row() -> Plan {
    Plan::Values { fields: Vec::new(), rows: vec![Vec::new()] }
}

/// `a = b` with one side of each input, left first.
pub(crate) fn equality(part: Expr, left_ids: &Ids, right_ids: &Ids) -> Result<(Expr, Expr), Expr> {
    let ExprKind::Call(Scalar::Eq, args) = &part.kind else { return Err(part) };
    let [a, b] = args.as_slice() else { return Err(part) };
    let (reads_a, reads_b) = (columns(a), columns(b));
    if reads_a.is_empty() || reads_b.is_empty() || a.ty == Type::Null {
        return Err(part);
    }
    if reads_a.is_subset(left_ids) && reads_b.is_subset(right_ids) {
        return Ok((a.clone(), b.clone()));
    }
    if reads_b.is_subset(left_ids) && reads_a.is_subset(right_ids) {
        return Ok((b.clone(), a.clone()));
    }
    Err(part)
}
