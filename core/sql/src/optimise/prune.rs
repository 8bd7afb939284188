//! Columns nobody reads are not computed, and not read from files.

use std::collections::BTreeMap;
use std::rc::Rc;

use almanac_model::Type;

use crate::plan::{ColumnId, Plan};
use crate::walk::{self, Ids};

/// Keeps what the required columns need. A shared plan keeps what any of its uses needs.
pub(crate) fn prune_all(mut plan: Plan, required: &Ids) -> Plan {
    let mut wanted: BTreeMap<u32, Ids> = BTreeMap::new();
    // What a shared plan must put out is known once all its uses are; its own uses of others may add to theirs.
    loop {
        let before = wanted.clone();
        let mut trial = plan.clone();
        prune(&mut trial, required, &mut wanted);
        for shared in collect_shared(&plan).values() {
            if let Plan::Shared { id, input } = shared {
                let mut inner = input.as_ref().clone();
                let ids = wanted.get(id).cloned().unwrap_or_default();
                prune(&mut inner, &ids, &mut wanted);
            }
        }
        if wanted == before {
            break;
        }
    }
    prune(&mut plan, required, &mut wanted);
    let mut done = BTreeMap::new();
    replace_shared(&mut plan, &mut wanted, &mut done);
    plan
}

fn collect_shared(plan: &Plan) -> BTreeMap<u32, Plan> {
    fn collect(plan: &Plan, found: &mut BTreeMap<u32, Plan>) {
        if let Plan::Shared { id, .. } = plan {
            if found.contains_key(id) {
                return;
            }
            found.insert(*id, plan.clone());
        }
        for input in walk::inputs(plan) {
            collect(input, found);
        }
    }
    let mut found = BTreeMap::new();
    collect(plan, &mut found);
    found
}

fn replace_shared(plan: &mut Plan, wanted: &mut BTreeMap<u32, Ids>, done: &mut BTreeMap<u32, Rc<Plan>>) {
    if let Plan::Shared { id, input } = plan {
        if let Some(known) = done.get(id) {
            *input = Rc::clone(known);
            return;
        }
        let mut inner = input.as_ref().clone();
        let ids = wanted.get(id).cloned().unwrap_or_default();
        prune(&mut inner, &ids, wanted);
        replace_shared(&mut inner, wanted, done);
        let inner = Rc::new(inner);
        done.insert(*id, Rc::clone(&inner));
        *input = inner;
        return;
    }
    for input in walk::inputs_mut(plan) {
        replace_shared(input, wanted, done);
    }
}

/// What a step itself reads.
fn read_by(plan: &Plan) -> Ids {
    let mut read = Ids::new();
    for expr in walk::expressions(plan) {
        walk::columns_of(expr, &mut read);
    }
    read
}

fn prune(plan: &mut Plan, required: &Ids, wanted: &mut BTreeMap<u32, Ids>) {
    match plan {
        Plan::Scan { columns, .. } => {
            // Rows without columns cannot be counted: the cheapest column stands for them.
            let cheapest = columns.iter().min_by_key(|(_, field)| width(field.ty)).map(|(_, field)| field.id);
            keep(columns, required, cheapest, |(_, field)| field.id);
        }
        Plan::Values { fields, rows } => {
            let first = fields.first().map(|field| field.id);
            let kept: Vec<bool> = fields.iter().map(|field| required.contains(&field.id)).collect();
            if kept.iter().all(|kept| !kept) && first.is_some() {
                fields.truncate(1);
                rows.iter_mut().for_each(|row| row.truncate(1));
                return;
            }
            retain_by(fields, &kept);
            rows.iter_mut().for_each(|row| retain_by(row, &kept));
        }
        Plan::Filter { input, predicate } => {
            let mut below = required.clone();
            walk::columns_of(predicate, &mut below);
            prune(input, &below, wanted);
        }
        Plan::Project { columns, .. } => {
            let cheapest = columns.iter().min_by_key(|(field, _)| width(field.ty)).map(|(field, _)| field.id);
            keep(columns, required, cheapest, |(field, _)| field.id);
            let below = read_by(plan);
            if let Plan::Project { input, .. } = plan {
                prune(input, &below, wanted);
            }
        }
        Plan::Aggregate { keys, aggregates, .. } => {
            let first = aggregates.first().map(|(field, _)| field.id).filter(|_| keys.is_empty());
            keep(aggregates, required, first, |(field, _)| field.id);
            let below = read_by(plan);
            if let Plan::Aggregate { input, .. } = plan {
                prune(input, &below, wanted);
            }
        }
        Plan::Window { columns, .. } => {
            columns.retain(|(field, _)| required.contains(&field.id));
            let below: Ids = required.union(&read_by(plan)).copied().collect();
            let Plan::Window { input, columns } = plan else { return };
            prune(input, &below, wanted);
            if columns.is_empty() {
                let inner = std::mem::replace(input.as_mut(), walk::one_row());
                *plan = inner;
            }
        }
        Plan::Join { .. } | Plan::Sort { .. } | Plan::Unnest { .. } | Plan::Series { .. } => {
            let below: Ids = required.union(&read_by(plan)).copied().collect();
            for input in walk::inputs_mut(plan) {
                prune(input, &below, wanted);
            }
        }
        Plan::Distinct { input, on } => {
            // Every column decides which rows are alike.
            let below = if on.is_empty() {
                walk::output_ids(input)
            } else {
                let mut below = required.clone();
                on.iter().for_each(|expr| walk::columns_of(expr, &mut below));
                below
            };
            prune(input, &below, wanted);
        }
        Plan::Limit { input, .. } | Plan::SingleRow { input } => prune(input, required, wanted),
        Plan::Union { inputs, fields } => {
            let mut kept: Vec<bool> = fields.iter().map(|field| required.contains(&field.id)).collect();
            if kept.iter().all(|kept| !kept)
                && let Some(first) = kept.first_mut()
            {
                *first = true;
            }
            retain_by(fields, &kept);
            for (input, ids) in inputs {
                retain_by(ids, &kept);
                let below: Ids = ids.iter().copied().collect();
                prune(input, &below, wanted);
            }
        }
        // The next round reads what the last one put out.
        Plan::Recursive { start, step, sources, .. } => {
            prune(start, &sources.iter().map(|(id, _)| *id).collect(), wanted);
            prune(step, &sources.iter().map(|(_, id)| *id).collect(), wanted);
        }
        Plan::Working { .. } => {}
        Plan::Shared { id, input } => {
            let own = walk::output_ids(input);
            wanted.entry(*id).or_default().extend(required.intersection(&own).copied());
        }
    }
}

fn keep<C>(columns: &mut Vec<C>, required: &Ids, otherwise: Option<ColumnId>, id: impl Fn(&C) -> ColumnId) {
    if columns.iter().any(|column| required.contains(&id(column))) {
        columns.retain(|column| required.contains(&id(column)));
    } else if otherwise.is_some() {
        columns.retain(|column| Some(id(column)) == otherwise);
    } else {
        columns.clear();
    }
}

fn retain_by<C>(items: &mut Vec<C>, kept: &[bool]) {
    let mut kept = kept.iter();
    items.retain(|_| kept.next().copied().unwrap_or(true));
}

fn width(ty: Type) -> u8 {
    match ty {
        Type::Null | Type::Boolean => 0,
        Type::Integer | Type::Date => 1,
        Type::BigInt | Type::Double | Type::Time | Type::Timestamp => 2,
        Type::Interval => 3,
        Type::Varchar => 4,
        Type::List(_) | Type::Struct(_) => 5,
    }
}
