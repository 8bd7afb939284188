//! Recursive queries: round after round over the rows of the last one, until a round gives none.

use std::collections::{BTreeMap, BTreeSet};

use almanac_model::Diagnostic;
use almanac_sql::plan::{ColumnId, Field, Plan};
use polars_core::prelude::*;

use super::Lowering;
use super::ask::Ask;
use super::expr::name;
use crate::aggregate::groups::Groups;
use crate::execute::engine_error;
use crate::rows::Rows;

/// Most rounds: more are a query that never ends, or some ten seconds.
const MOST_ROUNDS: usize = 20_000;
/// Most rows of all rounds.
const MOST_ROWS: usize = 5_000_000;

/// One recursive query.
pub(super) struct Recursion<'p> {
    pub(super) id: u32,
    pub(super) start: &'p Plan,
    pub(super) step: &'p Plan,
    pub(super) sources: &'p [(ColumnId, ColumnId)],
    pub(super) fields: &'p [Field],
    /// Rows that were there before are left out.
    pub(super) distinct: bool,
}

impl Lowering<'_> {
    pub(super) fn recursive(&mut self, query: &Recursion<'_>) -> Result<Rows, Diagnostic> {
        let (first, next): (Vec<ColumnId>, Vec<ColumnId>) = query.sources.iter().copied().unzip();
        let mut working = self.round(query.start, &first, query.fields)?;
        let mut all = working.clear();
        let mut changing = BTreeSet::new();
        reads(query.step, query.id, &mut changing, &mut BTreeMap::new());
        for round in 0.. {
            let explained = |error: PolarsError| self.explain(&error);
            if query.distinct {
                working = unseen(&all, &working).map_err(explained)?;
            }
            all.vstack_mut(&working).map_err(explained)?;
            if working.height() == 0 {
                break;
            }
            if round == MOST_ROUNDS || all.height() > MOST_ROWS {
                let message = format!(
                    "this recursive query has made {} rows in {round} rounds and does not end; {MOST_ROWS} rows and \
                     {MOST_ROUNDS} rounds are allowed",
                    all.height()
                );
                return Err(Diagnostic::error_without_place("over-budget", message)
                    .hint("add a condition to the part after UNION that no row meets at some time"));
            }
            changing.iter().for_each(|id| _ = self.shared.remove(id));
            self.working.insert(query.id, working);
            working = self.round(query.step, &next, query.fields)?;
        }
        changing.iter().for_each(|id| _ = self.shared.remove(id));
        self.working.remove(&query.id);
        all.rechunk_mut();
        let rows = all.height();
        Ok(Rows::new(all.take_columns(), rows))
    }

    /// The rows of one round, under the names of the output.
    fn round(&mut self, plan: &Plan, sources: &[ColumnId], fields: &[Field]) -> Result<DataFrame, Diagnostic> {
        let rows = self.lower(plan, &Ask::only(sources.iter().copied().collect()))?;
        let column = |(source, field): (&ColumnId, &Field)| Ok(rows.column(&name(*source))?.with_name(name(field.id)));
        let columns = sources.iter().zip(fields).map(column).collect::<PolarsResult<_>>();
        let columns = columns.map_err(|error| self.explain(&error))?;
        DataFrame::new(columns).map_err(|error| self.explain(&error))
    }

    /// The rows of the last round.
    pub(super) fn working(&self, id: u32, fields: &[Field]) -> Result<Rows, Diagnostic> {
        let Some(frame) = self.working.get(&id) else { return Err(engine_error("a recursive query has not begun")) };
        let columns = frame.get_columns().iter().zip(fields);
        Ok(Rows::new(columns.map(|(column, field)| column.clone().with_name(name(field.id))).collect(), frame.height()))
    }
}

/// Those of `new` that are not among `old`, each once.
fn unseen(old: &DataFrame, new: &DataFrame) -> PolarsResult<DataFrame> {
    let mut all = old.vstack(new)?;
    all.rechunk_mut();
    if all.height() == 0 {
        return Ok(all);
    }
    let groups = Groups::by(all.get_columns(), all.height())?;
    let rows = groups.first.into_iter().filter(|row| *row as usize >= old.height()).collect();
    all.take(&IdxCa::from_vec(PlSmallStr::EMPTY, rows))
}

/// Whether a plan reads the rows of a round; the shared plans that do go into `changing`.
fn reads(plan: &Plan, id: u32, changing: &mut BTreeSet<u32>, known: &mut BTreeMap<u32, bool>) -> bool {
    if let Plan::Working { id: own, .. } = plan {
        return *own == id;
    }
    if let Plan::Shared { id: shared, .. } = plan
        && let Some(known) = known.get(shared)
    {
        return *known;
    }
    let mut found = false;
    for input in plan.inputs() {
        found |= reads(input, id, changing, known);
    }
    if let Plan::Shared { id: shared, .. } = plan {
        known.insert(*shared, found);
        if found {
            changing.insert(*shared);
        }
    }
    found
}
