//! Columns that the conditions of a chain of inner joins make equal: `a.x = b.y and b.y = c.z` also ties `a` to `c`.

use crate::functions::Scalar;
use crate::plan::{ColumnId, Expr, ExprKind};
use crate::walk::Ids;

/// Columns of different inputs that are equal in every row of the result.
pub(crate) struct Class {
    /// At most one of each input.
    pub(crate) members: Vec<Expr>,
}

impl Class {
    /// The members among these columns.
    pub(crate) fn within<'a>(&'a self, ids: &'a Ids) -> impl Iterator<Item = &'a Expr> {
        self.members.iter().filter(move |member| id(member).is_some_and(|id| ids.contains(&id)))
    }
}

/// Takes the equalities of columns out of the conditions. One that would make two columns of the same input equal stays: no join
/// would see to it.
pub(crate) fn classes(conditions: &mut Vec<Expr>, inputs: &[&Ids]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    conditions.retain(|condition| {
        let ExprKind::Call(Scalar::Eq, sides) = &condition.kind else { return true };
        let [a, b] = sides.as_slice() else { return true };
        let (Some(first), Some(second)) = (id(a), id(b)) else { return true };
        let of = |wanted: ColumnId| {
            classes.iter().position(|class| class.members.iter().any(|member| id(member) == Some(wanted)))
        };
        let (one, other) = (of(first), of(second));
        if one.is_some() && one == other {
            return false;
        }
        let mut members = one.map_or_else(|| vec![a.clone()], |place| classes[place].members.clone());
        members.extend(other.map_or_else(|| vec![b.clone()], |place| classes[place].members.clone()));
        let crowded = |ids: &&Ids| members.iter().filter_map(id).filter(|id| ids.contains(id)).count() > 1;
        if inputs.iter().any(crowded) {
            return true;
        }
        let mut place = 0;
        classes.retain(|_| {
            place += 1;
            Some(place - 1) != one && Some(place - 1) != other
        });
        classes.push(Class { members });
        false
    });
    classes
}

fn id(expr: &Expr) -> Option<ColumnId> {
    match expr.kind {
        ExprKind::Column(id) => Some(id),
        _ => None,
    }
}
