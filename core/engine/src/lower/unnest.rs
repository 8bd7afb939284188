//! Lists taken apart: a row for each element.

use almanac_model::{Diagnostic, Type, Value};
use almanac_sql::plan::{Expr, Field};
use polars_core::prelude::*;

use super::Lowering;
use super::expr::name;
use crate::physical::{self, Cells};
use crate::rows::{Rows, numbers};

impl Lowering<'_> {
    /// The rows, each once for every element of the longest of its lists.
    pub(super) fn unnest(&mut self, rows: &Rows, columns: &[(Field, Expr)]) -> Result<Rows, Diagnostic> {
        let exprs: Vec<&Expr> = columns.iter().map(|(_, expr)| expr).collect();
        let lists = self.evaluate(rows, &exprs)?;
        let cells =
            lists.iter().map(Cells::new).collect::<PolarsResult<Vec<_>>>().map_err(|error| self.explain(&error))?;
        let mut picks: Vec<u32> = Vec::new();
        let mut elements: Vec<Vec<Value>> = vec![Vec::new(); columns.len()];
        for row in 0..rows.len() {
            let mut longest = 0;
            for ((cells, (_, expr)), out) in cells.iter().zip(columns).zip(&mut elements) {
                if let Value::List(items) = cells.value(row, expr.ty) {
                    longest = longest.max(items.len());
                    out.extend(items);
                }
            }
            picks.extend(std::iter::repeat_n(row as u32, longest));
            if picks.len() as u64 > self.limits.result_rows {
                return Err(Diagnostic::error_without_place(
                    "over-budget",
                    format!("these lists have more than the {} elements allowed", self.limits.result_rows),
                )
                .hint("filter the rows before their lists are taken apart"));
            }
            elements.iter_mut().for_each(|out| out.resize(picks.len(), Value::Null));
        }
        let out = columns.iter().zip(elements).map(|((field, expr), elements)| {
            let of = expr.ty.element().filter(|ty| *ty != Type::Null).unwrap_or(field.ty);
            physical::value_column(name(field.id), of, &elements)
        });
        let out = out.collect();
        Ok(rows.picked(&numbers(picks)).map_err(|error| self.explain(&error))?.with(out))
    }
}
