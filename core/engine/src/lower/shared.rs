//! Steps that several others read: computed at the first reading, let go of after the last.

use std::collections::BTreeMap;

use almanac_model::Diagnostic;
use almanac_sql::plan::Plan;

use super::Lowering;
use super::ask::Ask;
use crate::rows::Rows;

/// How often each shared step is read; those that a round of a recursive query reads are read without end.
pub(super) fn readers(plan: &Plan) -> BTreeMap<u32, usize> {
    let mut out = BTreeMap::new();
    count(plan, 1, &mut out);
    out
}

fn count(plan: &Plan, times: usize, out: &mut BTreeMap<u32, usize>) {
    if let Plan::Shared { id, input } = plan {
        let known = out.get(id).copied();
        out.insert(*id, known.unwrap_or(0).saturating_add(times));
        // It is computed once, so what it reads is read once.
        if known.is_none() {
            count(input, times, out);
        }
        return;
    }
    let times = if matches!(plan, Plan::Recursive { .. }) { usize::MAX } else { times };
    plan.inputs().into_iter().for_each(|input| count(input, times, out));
}

impl Lowering<'_> {
    pub(super) fn shared(&mut self, id: u32, input: &Plan) -> Result<Rows, Diagnostic> {
        let rows = match self.shared.get(&id) {
            Some(rows) => rows.clone(),
            None => {
                let rows = self.lower(input, &Ask::default())?;
                self.shared.insert(id, rows.clone());
                rows
            }
        };
        if let Some(left) = self.readers.get_mut(&id).filter(|left| **left < usize::MAX) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.shared.remove(&id);
            }
        }
        Ok(rows)
    }
}
