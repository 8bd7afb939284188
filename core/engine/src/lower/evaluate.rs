//! Expressions over the rows of a step: only the columns that are read are copied, and each once.

use almanac_model::Diagnostic;
use almanac_sql::plan::{Expr, ExprKind};
use polars_core::prelude::*;
use polars_lazy::dsl::{self, Expr as Lazy};
use polars_lazy::frame::IntoLazy;

use super::expr::{Ids, can_fail, columns_of, name, reads_columns};
use super::{Lowering, anchor};
use crate::execute;
use crate::rows::{Rows, take};

impl Lowering<'_> {
    /// The values of expressions, as many as there are rows.
    pub(super) fn evaluate(&mut self, rows: &Rows, exprs: &[&Expr]) -> Result<Vec<Column>, Diagnostic> {
        let mut out: Vec<Option<Column>> = Vec::with_capacity(exprs.len());
        let mut rest = Vec::new();
        for expr in exprs {
            out.push(match &expr.kind {
                ExprKind::Column(id) => Some(rows.column(&name(*id)).map_err(|error| self.explain(&error))?),
                _ => match self.of_fewer(rows, expr)? {
                    Some(column) => Some(column),
                    None => {
                        rest.push(*expr);
                        None
                    }
                },
            });
        }
        let computed = if rest.is_empty() { Vec::new() } else { self.computed(rows, &rest)? };
        let mut computed = computed.into_iter();
        let complete = out.into_iter().map(|column| column.or_else(|| computed.next()));
        complete.collect::<Option<_>>().ok_or_else(|| execute::engine_error("an expression has no values"))
    }

    /// An expression over rows that are copies of fewer rows is computed for those, if no value of them can be refused: one that
    /// is not among the rows would be told of, too.
    fn of_fewer(&mut self, rows: &Rows, expr: &Expr) -> Result<Option<Column>, Diagnostic> {
        if can_fail(expr) {
            return Ok(None);
        }
        let mut read = Ids::new();
        columns_of(expr, &mut read);
        let names: Vec<PlSmallStr> = read.into_iter().map(name).collect();
        let Some((fewer, at)) = rows.fewer(names.iter().map(PlSmallStr::as_str)) else { return Ok(None) };
        let at = at.clone();
        let Some(column) = self.computed(&fewer, &[expr])?.pop() else { return Ok(None) };
        take(&column, &at).map(Some).map_err(|error| self.explain(&error))
    }

    fn computed(&mut self, rows: &Rows, exprs: &[&Expr]) -> Result<Vec<Column>, Diagnostic> {
        let mut read = Ids::new();
        exprs.iter().for_each(|expr| columns_of(expr, &mut read));
        let columns = read.iter().map(|id| rows.column(&name(*id)));
        let mut columns: Vec<Column> = columns.collect::<PolarsResult<_>>().map_err(|error| self.explain(&error))?;
        let names: Vec<PlSmallStr> = exprs.iter().map(|_| self.fresh()).collect();
        let mut lowered: Vec<Lazy> =
            exprs.iter().zip(&names).map(|(expr, name)| self.expressions.lower(expr).alias(name.clone())).collect();
        // Polars gives one row when all expressions are constants.
        if !exprs.iter().any(|expr| reads_columns(expr)) {
            let kept = self.fresh();
            columns.push(anchor(kept.clone(), rows.len()));
            lowered.push(dsl::col(kept));
        }
        let frame = DataFrame::new(columns).map_err(|error| self.explain(&error))?;
        let frame = execute::run(frame.lazy().select(lowered)).map_err(|error| self.explain(&error))?;
        names.iter().map(|name| frame.column(name).cloned().map_err(|error| self.explain(&error))).collect()
    }
}
