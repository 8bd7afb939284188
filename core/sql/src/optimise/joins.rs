//! Chains of inner joins, taken apart and put together again in a better order.

use crate::catalog::Catalog;
use crate::functions::Scalar;
use crate::plan::{Expr, JoinKind, Plan};
use crate::walk::equality;
use crate::walk::{self, Ids};

use super::equalities::{Class, classes};
use super::join_order::{Tree, order};
use super::rows::{Domains, estimate, matched};

pub(crate) fn order_joins(mut plan: Plan, catalog: &dyn Catalog) -> Plan {
    if !is_inner(&plan) {
        for input in walk::inputs_mut(&mut plan) {
            let taken = std::mem::replace(input, walk::one_row());
            *input = order_joins(taken, catalog);
        }
        return plan;
    }
    let (mut inputs, mut conditions) = (Vec::new(), Vec::new());
    flatten(plan, &mut inputs, &mut conditions);
    let mut domains = Domains::new();
    let parts: Vec<Part> = inputs
        .into_iter()
        .map(|input| {
            let plan = order_joins(input, catalog);
            Part { ids: walk::output_ids(&plan), rows: estimate(&plan, catalog, &mut domains), plan }
        })
        .collect();
    let classes = classes(&mut conditions, &parts.iter().map(|part| &part.ids).collect::<Vec<_>>());
    let shape: Vec<(&Ids, f64)> = parts.iter().map(|part| (&part.ids, part.rows)).collect();
    let tree = order(&shape, &classes, &conditions, &domains);
    let mut builder = Builder { parts: parts.into_iter().map(Some).collect(), classes, conditions, domains };
    let plan = builder.build(tree).map_or_else(walk::one_row, |part| part.plan);
    match walk::all_of(builder.conditions) {
        Some(predicate) => Plan::Filter { input: Box::new(plan), predicate },
        None => plan,
    }
}

fn is_inner(plan: &Plan) -> bool {
    matches!(plan, Plan::Join { kind: JoinKind::Inner | JoinKind::Cross, null_safe: false, .. })
}

fn flatten(plan: Plan, inputs: &mut Vec<Plan>, conditions: &mut Vec<Expr>) {
    match plan {
        Plan::Join { left, right, kind: JoinKind::Inner | JoinKind::Cross, on, residual, null_safe: false } => {
            flatten(*left, inputs, conditions);
            flatten(*right, inputs, conditions);
            for (a, b) in on {
                let span = a.span.to(b.span);
                conditions.push(walk::call(Scalar::Eq, vec![a, b], almanac_model::Type::Boolean, span));
            }
            conditions.extend(residual.map_or_else(Vec::new, walk::conjuncts));
        }
        other => inputs.push(other),
    }
}

struct Part {
    plan: Plan,
    ids: Ids,
    rows: f64,
}

/// Puts parts together in the order of a tree.
struct Builder {
    /// Those not used yet.
    parts: Vec<Option<Part>>,
    /// Columns that are equal.
    classes: Vec<Class>,
    /// Other conditions, those whose columns are not all there yet.
    conditions: Vec<Expr>,
    domains: Domains,
}

impl Builder {
    fn build(&mut self, tree: Tree) -> Option<Part> {
        match tree {
            Tree::Input(place) => self.parts.get_mut(place)?.take(),
            Tree::Pair(a, b) => {
                let (a, b) = (self.build(*a)?, self.build(*b)?);
                Some(self.pair(a, b))
            }
        }
    }

    /// Joins two parts by all conditions that now have their columns. The larger part comes first.
    fn pair(&mut self, a: Part, b: Part) -> Part {
        let (left, right) = if a.rows >= b.rows { (a, b) } else { (b, a) };
        let ids: Ids = left.ids.union(&right.ids).copied().collect();
        // Within each side all members of a class are equal already: one of each ties them.
        let tie = |class: &Class| {
            let left = class.within(&left.ids).next()?;
            Some((left.clone(), class.within(&right.ids).next()?.clone()))
        };
        let mut on: Vec<(Expr, Expr)> = self.classes.iter().filter_map(tie).collect();
        let (mut residual, mut later) = (Vec::new(), Vec::new());
        for condition in self.conditions.drain(..) {
            if !walk::columns(&condition).is_subset(&ids) {
                later.push(condition);
                continue;
            }
            match equality(condition, &left.ids, &right.ids) {
                Ok(pair) => on.push(pair),
                Err(condition) => residual.push(condition),
            }
        }
        self.conditions = later;
        let rows = left.rows * right.rows / matched(on.iter().map(|(a, b)| (a, b)), &self.domains);
        let residual = walk::all_of(residual);
        let kind = if on.is_empty() && residual.is_none() { JoinKind::Cross } else { JoinKind::Inner };
        let plan =
            Plan::Join { left: Box::new(left.plan), right: Box::new(right.plan), kind, on, residual, null_safe: false };
        Part { plan, ids, rows: rows.max(1.0) }
    }
}
