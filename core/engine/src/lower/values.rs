//! Literal rows.

use almanac_model::{Diagnostic, Value};
use almanac_sql::plan::{Expr, ExprKind, Field};
use polars_core::prelude::*;
use polars_lazy::dsl::Expr as Lazy;
use polars_lazy::frame::IntoLazy;

use super::expr::name;
use super::{Lowering, Step, anchor, empty};
use crate::{execute, physical};

impl Lowering<'_> {
    pub(super) fn values(&mut self, fields: &[Field], rows: &[Vec<Expr>]) -> Result<Step, Diagnostic> {
        let names: Vec<PlSmallStr> = fields.iter().map(|field| name(field.id)).collect();
        if fields.is_empty() {
            let only = anchor(self.fresh(), rows.len());
            return self.frame(vec![only], names);
        }
        if rows.is_empty() {
            return self.frame(empty(fields), names);
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
                None => self.computed(field, &cells)?,
            });
        }
        self.frame(columns, names)
    }

    /// Cells that are expressions: each is a column of one row, laid end to end.
    fn computed(&mut self, field: &Field, cells: &[&Expr]) -> Result<Column, Diagnostic> {
        let one = DataFrame::new(vec![anchor(self.fresh(), 1)]).map_err(|error| self.explain(&error))?;
        let selected: Vec<Lazy> = cells
            .iter()
            .enumerate()
            .map(|(at, cell)| self.expressions.lower(cell).alias(PlSmallStr::from_string(at.to_string())))
            .collect();
        let row = execute::run(one.lazy().select(selected)).map_err(|error| self.explain(&error))?;
        let mut out = Column::new_empty(name(field.id), &physical::dtype(field.ty));
        for column in row.get_columns() {
            out.append(&column.clone().with_name(name(field.id))).map_err(|error| self.explain(&error))?;
        }
        Ok(out.rechunk())
    }
}
