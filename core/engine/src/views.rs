//! Scans of which a condition, or a cut, leaves a part of the table: each is made to read a table of its own that holds that part alone, so
//! that no later step need know of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use almanac_model::Diagnostic;
use almanac_sql::plan::{Plan, Query};

use crate::needs::{self, Cut};
use crate::store::{Store, StoredTable};

/// Parts of tables, each with the name of its table.
pub(crate) type Parts = Vec<(String, StoredTable)>;

/// The query with such scans renamed, and the tables they read now; `None` when every scan reads a whole table.
///
/// # Errors
/// When rows were not read that a scan may need.
pub(crate) fn narrowed(query: &Query, store: &Store, cut: Option<&Cut>) -> Result<Option<(Query, Parts)>, Diagnostic> {
    let mut query = query.clone();
    let mut views = Views { store, cut, made: Vec::new(), shared: BTreeMap::new() };
    views.narrow(&mut query.root)?;
    Ok((!views.made.is_empty()).then_some((query, views.made)))
}

struct Views<'a> {
    store: &'a Store,
    cut: Option<&'a Cut>,
    made: Parts,
    /// Shared steps that were changed already.
    shared: BTreeMap<u32, Rc<Plan>>,
}

impl Views<'_> {
    fn narrow(&mut self, plan: &mut Plan) -> Result<(), Diagnostic> {
        if let Some((of, view)) = self.view(plan)? {
            let scan = match plan {
                Plan::Filter { input, .. } => input.as_mut(),
                scan => scan,
            };
            if let Plan::Scan { table, .. } = scan {
                table.clone_from(&view.name);
            }
            self.made.push((of, view));
            return Ok(());
        }
        if let Plan::Shared { id, input } = plan {
            let changed = match self.shared.get(id) {
                Some(changed) => Rc::clone(changed),
                None => {
                    let mut inner = Plan::clone(input);
                    self.narrow(&mut inner)?;
                    Rc::new(inner)
                }
            };
            self.shared.insert(*id, Rc::clone(&changed));
            *input = changed;
            return Ok(());
        }
        plan.inputs_mut().into_iter().try_for_each(|input| self.narrow(input))
    }

    /// The part of the table that a cut, and a filter right above its scan, leave, when that is not all of it.
    fn view(&self, plan: &Plan) -> Result<Option<(String, StoredTable)>, Diagnostic> {
        let (table, columns, condition) = match (needs::condition(plan), plan) {
            (Some((table, condition)), _) => (table, condition.columns, Some(condition)),
            (None, Plan::Scan { table, columns }) => (table.as_str(), columns.as_slice(), None),
            _ => return Ok(None),
        };
        let within = self.cut.filter(|cut| cut.table == table).map(|cut| &cut.rows);
        if condition.is_none() && within.is_none() {
            return Ok(None);
        }
        let Some(stored) = self.store.get(table) else { return Ok(None) };
        let names: Vec<&str> = columns.iter().map(|(source, _)| source.as_str()).collect();
        let Some(rows) = stored.view(&names, condition.as_ref(), within) else { return Ok(None) };
        // A name that says what it is where plans are shown; the number keeps two of the same size apart.
        let name = format!("{table} ({} of {} rows, part {})", rows.total(), stored.rows, self.made.len() + 1);
        stored.part(name, &names, &rows).map(|part| Some((table.to_owned(), part)))
    }
}
