//! Grouping: keys and arguments are computed by Polars, groups and aggregates by our own dense kernels.

use almanac_model::Diagnostic;
use almanac_sql::plan::{AggregateCall, Expr, Field};
use polars_core::prelude::*;

use super::expr::name;
use super::{Lowering, functions};
use crate::aggregate::groups::Groups;
use crate::aggregate::input::Input;
use crate::order;
use crate::rows::Rows;

/// Expressions to compute once each.
#[derive(Default)]
struct Wanted {
    exprs: Vec<Expr>,
}

impl Wanted {
    /// The place of an expression; one that is there already, its place in the SQL text aside, is used again.
    fn place(&mut self, expr: &Expr) -> usize {
        let plain = functions::without_places(expr);
        if let Some(at) = self.exprs.iter().position(|held| functions::without_places(held) == plain) {
            return at;
        }
        self.exprs.push(expr.clone());
        self.exprs.len() - 1
    }
}

/// Places of what one aggregate needs.
struct Needs {
    args: Vec<usize>,
    filter: Option<usize>,
    order: Vec<usize>,
}

impl Lowering<'_> {
    /// Groups rows; what [`aggregate`](Self::aggregate) does not scan.
    pub(super) fn grouped(
        &mut self,
        input: &Rows,
        keys: &[(Field, Expr)],
        aggregates: &[(Field, AggregateCall)],
    ) -> Result<Rows, Diagnostic> {
        let mut wanted = Wanted::default();
        let key_places: Vec<usize> = keys.iter().map(|(_, expr)| wanted.place(expr)).collect();
        let needs: Vec<Needs> = aggregates
            .iter()
            .map(|(_, call)| Needs {
                args: call.args.iter().map(|arg| wanted.place(arg)).collect(),
                filter: call.filter.as_ref().map(|filter| wanted.place(filter)),
                order: call.order_by.iter().map(|key| wanted.place(&key.expr)).collect(),
            })
            .collect();
        let columns = self.evaluate(input, &wanted.exprs.iter().collect::<Vec<_>>())?;
        let rows = input.len();
        let at =
            |places: &[usize]| -> Vec<Column> { places.iter().filter_map(|at| columns.get(*at).cloned()).collect() };

        let key_columns = at(&key_places);
        let mut groups = Groups::by(&key_columns, rows).map_err(|error| self.explain(&error))?;
        if !keys.is_empty() && rows == 0 {
            groups.first.clear();
        }
        let mut out = Vec::with_capacity(keys.len() + aggregates.len());
        if !keys.is_empty() {
            let first = IdxCa::from_vec(PlSmallStr::EMPTY, groups.first.clone());
            for ((field, _), column) in keys.iter().zip(&key_columns) {
                out.push(column.take(&first).map_err(|error| self.explain(&error))?.with_name(name(field.id)));
            }
        }
        for ((field, call), needs) in aggregates.iter().zip(&needs) {
            let args = at(&needs.args);
            let mut rows_seen = Input::new(rows, &groups);
            if let Some(filter) = needs.filter.and_then(|at| columns.get(at)) {
                rows_seen = rows_seen.filtered(filter).map_err(|error| self.explain(&error))?;
            }
            if call.distinct && !args.is_empty() {
                rows_seen = rows_seen
                    .distinct(&args, functions::aggregate::takes_nulls(call.function))
                    .map_err(|error| self.explain(&error))?;
            }
            if !call.order_by.is_empty() {
                let sorting = order::permutation(&at(&needs.order), &order::directions(&call.order_by), rows);
                rows_seen = rows_seen.ordered(sorting.map_err(|error| self.explain(&error))?);
            }
            let column =
                functions::aggregate::compute(call, &rows_seen, &args).map_err(|error| self.explain(&error))?;
            out.push(column.with_name(name(field.id)));
        }
        Ok(Rows::new(out, groups.len()))
    }
}
