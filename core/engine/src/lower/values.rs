//! Literal rows.

use almanac_model::{Diagnostic, Value};
use almanac_sql::plan::{Expr, ExprKind, Field};
use polars_core::prelude::*;

use super::expr::name;
use super::{Lowering, empty};
use crate::physical;
use crate::rows::Rows;

impl Lowering<'_> {
    pub(super) fn values(&mut self, fields: &[Field], rows: &[Vec<Expr>]) -> Result<Rows, Diagnostic> {
        if rows.is_empty() {
            return Ok(Rows::new(empty(fields), 0));
        }
        let mut columns = Vec::with_capacity(fields.len());
        for (at, field) in fields.iter().enumerate() {
            let cells: Vec<&Expr> = rows.iter().filter_map(|row| row.get(at)).collect();
            let constants: Option<Vec<Value>> = cells
                .iter()
                .map(|cell| if let ExprKind::Literal(value) = &cell.kind { Some(value.clone()) } else { None })
                .collect();
            columns.push(match constants {
                Some(values) => physical::value_column(name(field.id), field.ty, &values),
                None => self.cells(field, &cells)?,
            });
        }
        Ok(Rows::new(columns, rows.len()))
    }

    /// Cells that are expressions: each is a column of one row, laid end to end.
    fn cells(&mut self, field: &Field, cells: &[&Expr]) -> Result<Column, Diagnostic> {
        let mut out = Column::new_empty(name(field.id), &physical::dtype(field.ty));
        for column in self.evaluate(&Rows::new(Vec::new(), 1), cells)? {
            out.append(&column.with_name(name(field.id))).map_err(|error| self.explain(&error))?;
        }
        Ok(out.rechunk())
    }
}
