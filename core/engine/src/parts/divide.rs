//! Which step of a plan is computed in parts, what is computed of each part, and what of the parts together.

use almanac_model::{Span, Type};
use almanac_sql::functions::{Aggregate, Scalar};
use almanac_sql::plan::{AggregateCall, ColumnId, Expr, ExprKind, Field, JoinKind, Plan, Query};

use super::weigh;
use crate::host::Pool;
use crate::needs;
use crate::store::Store;

/// The table of the parts, a name that no SQL text can mean by chance.
pub(super) const PARTS: &str = "(parts)";
/// Numbers of columns that no binder gives out.
const FRESH: u32 = 1 << 30;
/// More first rows are not picked out part by part.
const LARGEST_TOP: u64 = 10_000;

/// A query in two: what is computed of each part, and the rest.
pub(super) struct Divided {
    /// The step, counted from the root.
    pub(super) step: u32,
    /// The table that is divided.
    pub(super) table: String,
    /// What is computed of each part.
    pub(super) part: Query,
    /// What is computed of [`PARTS`], the rows of all parts in order.
    pub(super) rest: Query,
}

/// The query in two, where that pays.
pub(super) fn divided(query: &Query, store: &Store, pool: &Pool) -> Option<Divided> {
    if query.explain.is_some() {
        return None;
    }
    let mut best: Option<(u64, u32, &str)> = None;
    for (at, step) in (0..).zip(steps(&query.root)) {
        let Some((input, keys)) = input_of(step) else { continue };
        for table in tables(input) {
            let gain = weigh::gain(input, &keys, table, store, pool);
            if let Some(gain) = gain.filter(|gain| best.is_none_or(|(most, _, _)| *gain > most)) {
                best = Some((gain, at, table));
            }
        }
    }
    let (_, step, table) = best?;
    in_two(query, step, table)
}

/// The query in two at a step; `None` when that step cannot be computed in parts of that table.
pub(super) fn in_two(query: &Query, step: u32, table: &str) -> Option<Divided> {
    let all = steps(&query.root);
    let (input, _) = input_of(all.get(usize::try_from(step).ok()?)?)?;
    if !tables(input).contains(&table) {
        return None;
    }
    let mut root = query.root.clone();
    let (part, output) = taken(nth(&mut root, &mut { step })?)?;
    Some(Divided {
        step,
        table: table.to_owned(),
        part: Query { root: part, output, explain: None },
        rest: Query { root, output: query.output.clone(), explain: None },
    })
}

/// All steps but those below a shared one, from the root on.
fn steps(plan: &Plan) -> Vec<&Plan> {
    let mut out = vec![plan];
    if !matches!(plan, Plan::Shared { .. }) {
        plan.inputs().into_iter().for_each(|input| out.extend(steps(input)));
    }
    out
}

/// The step of that number among [`steps`].
fn nth<'p>(plan: &'p mut Plan, number: &mut u32) -> Option<&'p mut Plan> {
    if *number == 0 {
        return Some(plan);
    }
    *number -= 1;
    plan.inputs_mut().into_iter().find_map(|input| nth(input, number))
}

/// What a step that can be computed in parts reads, and the keys of which each group becomes a row.
fn input_of(step: &Plan) -> Option<(&Plan, Vec<Expr>)> {
    let has_bytes = |ty: Type| !ty.is_nested();
    match step {
        Plan::Aggregate { input, keys, aggregates } => {
            let can = aggregates.iter().all(|(field, call)| merge(call).is_some() && has_bytes(field.ty));
            (can && keys.iter().all(|(field, _)| has_bytes(field.ty)))
                .then(|| (input.as_ref(), keys.iter().map(|(_, key)| key.clone()).collect()))
        }
        Plan::Distinct { input, on } if on.is_empty() => {
            let fields = almanac_sql::output(input);
            fields
                .iter()
                .all(|(_, ty)| has_bytes(*ty))
                .then(|| (input.as_ref(), fields.iter().map(|(id, ty)| column(*id, *ty)).collect()))
        }
        Plan::Limit { input, offset, limit: Some(limit) } if offset.saturating_add(*limit) <= LARGEST_TOP => {
            let mut sort = input.as_ref();
            while let Plan::Project { input, .. } = sort {
                sort = input;
            }
            // Of rows that are equal the first ones count, and a join need not keep the order.
            match sort {
                Plan::Sort { input, .. } if is_chain(input) => almanac_sql::output(input)
                    .iter()
                    .all(|(_, ty)| has_bytes(*ty))
                    .then_some((input.as_ref(), Vec::new())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a plan is nothing but filters and projections over a table.
fn is_chain(plan: &Plan) -> bool {
    match plan {
        Plan::Scan { .. } => true,
        Plan::Filter { input, .. } | Plan::Project { input, .. } => is_chain(input),
        _ => false,
    }
}

/// The tables of whose rows each can be computed without the others: the rows of the parts are those of the whole.
fn tables(input: &Plan) -> Vec<&str> {
    fn reach<'p>(plan: &'p Plan, out: &mut Vec<&'p str>) {
        match plan {
            Plan::Scan { table, .. } => out.push(table),
            Plan::Filter { input, .. } | Plan::Project { input, .. } => reach(input, out),
            Plan::Join { left, right, kind, .. } => {
                if matches!(kind, JoinKind::Inner | JoinKind::Cross | JoinKind::Left | JoinKind::Semi | JoinKind::Anti)
                {
                    reach(left, out);
                }
                if matches!(kind, JoinKind::Inner | JoinKind::Cross | JoinKind::Right) {
                    reach(right, out);
                }
            }
            _ => {}
        }
    }
    fn works(plan: &Plan) -> bool {
        matches!(plan, Plan::Working { .. }) || plan.inputs().into_iter().any(works)
    }
    let mut out = Vec::new();
    if !works(input) {
        reach(input, &mut out);
    }
    let scans = needs::scans(input);
    out.retain(|table| scans.get(*table).is_some_and(|scans| scans.len() == 1));
    out
}

/// How the answers of parts become the answer.
enum Merge {
    /// By this aggregate of them.
    By(Aggregate),
    /// As the sum of sums by the sum of counts.
    Average,
}

fn merge(call: &AggregateCall) -> Option<Merge> {
    if call.distinct || !call.order_by.is_empty() {
        return None;
    }
    Some(match call.function {
        Aggregate::CountStar | Aggregate::Count | Aggregate::CountIf | Aggregate::Sum => Merge::By(Aggregate::Sum),
        same @ (Aggregate::Min
        | Aggregate::Max
        | Aggregate::BoolAnd
        | Aggregate::BoolOr
        | Aggregate::BitAnd
        | Aggregate::BitOr
        | Aggregate::BitXor) => Merge::By(same),
        Aggregate::Avg if call.ty == Type::Double && call.args.first().is_some_and(|arg| summed(arg.ty).is_some()) => {
            Merge::Average
        }
        _ => return None,
    })
}

/// The type of the sum of numbers.
fn summed(ty: Type) -> Option<Type> {
    match ty {
        Type::Integer | Type::BigInt => Some(Type::BigInt),
        Type::Double => Some(Type::Double),
        _ => None,
    }
}

/// Puts the parts in the place of a step, or of what it reads; gives what is computed of each part, and its columns.
fn taken(step: &mut Plan) -> Option<(Plan, Vec<Field>)> {
    match step {
        Plan::Aggregate { .. } => grouped(step),
        Plan::Distinct { input, .. } => {
            let fields = fields_of(input);
            let below = std::mem::replace(input.as_mut(), of_parts(&fields));
            Some((Plan::Distinct { input: Box::new(below), on: Vec::new() }, fields))
        }
        Plan::Limit { input, offset, limit } => {
            let most = limit.map(|limit| offset.saturating_add(limit));
            let mut sort = input.as_mut();
            while let Plan::Project { input, .. } = sort {
                sort = input;
            }
            let Plan::Sort { input, keys } = sort else { return None };
            let fields = fields_of(input);
            let below = std::mem::replace(input.as_mut(), of_parts(&fields));
            let sorted = Plan::Sort { input: Box::new(below), keys: keys.clone() };
            Some((Plan::Limit { input: Box::new(sorted), offset: 0, limit: most }, fields))
        }
        _ => None,
    }
}

fn grouped(step: &mut Plan) -> Option<(Plan, Vec<Field>)> {
    let Plan::Aggregate { input, keys, aggregates } = std::mem::replace(step, of_parts(&[])) else { return None };
    let mut next = FRESH;
    let mut fresh = |name: &str, ty: Type| {
        next += 1;
        Field { id: ColumnId(next), name: name.to_owned(), ty }
    };
    let mut fields: Vec<Field> = keys.iter().map(|(field, _)| fresh(&field.name, field.ty)).collect();
    let merged_keys = keys.iter().zip(&fields).map(|((field, _), part)| (field.clone(), column(part.id, part.ty)));
    let merged_keys: Vec<(Field, Expr)> = merged_keys.collect();
    let mut output: Vec<Field> = keys.iter().map(|(field, _)| field.clone()).collect();
    let (mut of_part, mut merged) = (Vec::new(), Vec::new());
    // What the step puts out, and how it is computed where that is not the merged value itself.
    let mut made: Vec<(Field, Expr)> = output.iter().map(|field| (field.clone(), column(field.id, field.ty))).collect();
    for (field, call) in aggregates {
        let mut add = |call: AggregateCall, by: Aggregate, into: Field| {
            let part = fresh(&into.name, call.ty);
            let (args, ty) = (vec![column(part.id, part.ty)], into.ty);
            merged.push((
                into,
                AggregateCall { function: by, args, distinct: false, filter: None, order_by: Vec::new(), ty },
            ));
            of_part.push((part.clone(), call));
            fields.push(part);
        };
        match merge(&call)? {
            Merge::By(by) => {
                made.push((field.clone(), column(field.id, field.ty)));
                add(call, by, field);
            }
            Merge::Average => {
                let ty = summed(call.args.first()?.ty)?;
                // Two more numbers for each average, far from those of the parts.
                let pair =
                    |at: u32, ty| Field { id: ColumnId(2 * FRESH + 2 * field.id.0 + at), name: field.name.clone(), ty };
                let (sum, count) = (pair(0, ty), pair(1, Type::BigInt));
                let double = |field: &Field| Expr {
                    kind: ExprKind::Cast { input: Box::new(column(field.id, field.ty)), lenient: false },
                    ty: Type::Double,
                    span: Span::default(),
                };
                let (a, b) = (if ty == Type::Double { column(sum.id, ty) } else { double(&sum) }, double(&count));
                let kind = ExprKind::Call(Scalar::Div, vec![a, b]);
                made.push((field.clone(), Expr { kind, ty: Type::Double, span: Span::default() }));
                add(AggregateCall { function: Aggregate::Sum, ty, ..call.clone() }, Aggregate::Sum, sum);
                add(AggregateCall { function: Aggregate::Count, ty: Type::BigInt, ..call }, Aggregate::Sum, count);
            }
        }
    }
    output.extend(of_part.iter().map(|(field, _)| field.clone()));
    *step = Plan::Project {
        input: Box::new(Plan::Aggregate { input: Box::new(of_parts(&fields)), keys: merged_keys, aggregates: merged }),
        columns: made,
    };
    Some((Plan::Aggregate { input, keys, aggregates: of_part }, output))
}

/// The scan of the parts.
fn of_parts(fields: &[Field]) -> Plan {
    let columns = fields.iter().enumerate().map(|(at, field)| (at.to_string(), field.clone())).collect();
    Plan::Scan { table: PARTS.to_owned(), columns }
}

fn fields_of(plan: &Plan) -> Vec<Field> {
    almanac_sql::output(plan).into_iter().map(|(id, ty)| Field { id, name: String::new(), ty }).collect()
}

fn column(id: ColumnId, ty: Type) -> Expr {
    Expr { kind: ExprKind::Column(id), ty, span: Span::default() }
}
