//! Common table expressions: those used once are written in place, the others are rewritten once for all their uses.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::Plan;
use crate::walk;

/// Rewritten shared plans by number.
pub(crate) type Known = BTreeMap<u32, Rc<Plan>>;

/// Puts a shared plan with one use where it is used.
pub(crate) fn inline_single_uses(mut plan: Plan) -> Plan {
    let mut uses = BTreeMap::new();
    count(&plan, &mut uses);
    inline(&mut plan, &uses, &mut Known::new());
    plan
}

fn count(plan: &Plan, uses: &mut BTreeMap<u32, usize>) {
    if let Plan::Shared { id, input } = plan {
        let times = uses.entry(*id).or_default();
        *times += 1;
        // What a shared plan reads counts once, however often it is used.
        if *times == 1 {
            count(input, uses);
        }
        return;
    }
    for input in walk::inputs(plan) {
        count(input, uses);
    }
}

fn inline(plan: &mut Plan, uses: &BTreeMap<u32, usize>, known: &mut Known) {
    if let Plan::Shared { id, input } = plan {
        if uses.get(id).copied().unwrap_or(0) > 1 {
            let done = known.get(id).cloned().unwrap_or_else(|| {
                let mut inner = input.as_ref().clone();
                inline(&mut inner, uses, known);
                let done = Rc::new(inner);
                known.insert(*id, Rc::clone(&done));
                done
            });
            *input = done;
            return;
        }
        let mut inner = input.as_ref().clone();
        inline(&mut inner, uses, known);
        *plan = inner;
        return;
    }
    for input in walk::inputs_mut(plan) {
        inline(input, uses, known);
    }
}

/// Applies a rewrite to every shared plan once, those read by others first, and then to the plan itself.
pub(crate) fn each_once(mut plan: Plan, known: &mut Known, rewrite: &mut dyn FnMut(Plan) -> Plan) -> Plan {
    replace(&mut plan, known, rewrite);
    rewrite(plan)
}

fn replace(plan: &mut Plan, known: &mut Known, rewrite: &mut dyn FnMut(Plan) -> Plan) {
    if let Plan::Shared { id, input } = plan {
        let done = match known.get(id) {
            Some(done) => Rc::clone(done),
            None => {
                let done = Rc::new(each_once(input.as_ref().clone(), known, rewrite));
                known.insert(*id, Rc::clone(&done));
                done
            }
        };
        *input = done;
        return;
    }
    for input in walk::inputs_mut(plan) {
        replace(input, known, rewrite);
    }
}
