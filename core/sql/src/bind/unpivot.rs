//! UNPIVOT: columns become rows, one for each, with the column's name and its value.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{Expr as Ast, NullInclusion, TableFactor};

use super::Binder;
use super::coerce::common;
use super::columns::Meant;
use super::expr::Cx;
use super::names::output_name;
use super::scope::Scope;
use crate::functions::Scalar;
use crate::plan::{Expr, Field, Plan};
use crate::walk::{self, Ids};

impl Binder<'_> {
    /// `t unpivot (value for name in (a, b))`.
    pub(crate) fn unpivot_table(&mut self, factor: &TableFactor, span: Span) -> (Plan, Scope) {
        let TableFactor::Unpivot { table, value, name, columns, null_inclusion, alias } = factor else {
            return (walk::one_row(), Scope::default());
        };
        let (plan, scope) = self.factor(table);
        let value_names: Vec<String> = match value {
            Ast::Tuple(names) => names.iter().map(output_name).collect(),
            one => vec![output_name(one)],
        };
        let before = self.diagnostics.len();
        self.scopes.push(scope.clone());
        let mut rows: Vec<(String, Vec<Expr>)> = Vec::new();
        let mut cx = Cx::plain("UNPIVOT");
        for column in columns {
            let all = self.for_columns(&column.expr).unwrap_or_else(|| {
                let exprs = match &column.expr {
                    Ast::Tuple(parts) => parts.iter().map(output_name).collect::<Vec<_>>().join("_"),
                    one => output_name(one),
                };
                vec![Meant::one(exprs, column.expr.clone())]
            });
            for Meant { name: own, text: expr, .. } in all {
                let name = column.alias.as_ref().map_or(own, |alias| alias.value.clone());
                let cells: Vec<Expr> = match &expr {
                    Ast::Tuple(parts) => parts.iter().map(|part| self.expr(part, &mut cx)).collect(),
                    one => vec![self.expr(one, &mut cx)],
                };
                if cells.len() != value_names.len() {
                    let place = self.span(&column.expr);
                    let message = format!("{} columns are given, {} are named", cells.len(), value_names.len());
                    self.error("uneven-columns", place, message);
                }
                rows.push((name, cells));
            }
        }
        self.scopes.pop();
        if !cx.pending.is_empty() {
            self.unsupported(span, "a subquery inside UNPIVOT");
        }
        let types = self.column_types(&rows, value_names.len(), span);
        if self.diagnostics.len() > before || scope.incomplete {
            return (plan, Scope { incomplete: true, ..Scope::default() });
        }
        let mut used = Ids::new();
        rows.iter().flat_map(|(_, cells)| cells).for_each(|cell| walk::columns_of(cell, &mut used));
        let others: Vec<Field> = scope
            .columns
            .iter()
            .filter(|column| column.bare && !used.contains(&column.id))
            .map(|column| Field { id: column.id, name: column.name.clone(), ty: column.ty })
            .collect();
        let kept = others.len();
        let mut fields: Vec<Field> = others.iter().map(|field| self.field(field.name.clone(), field.ty)).collect();
        fields.push(self.field(name.value.clone(), Type::Varchar));
        for (name, ty) in value_names.into_iter().zip(&types) {
            fields.push(self.field(name, *ty));
        }
        let shared = self.shared(plan);
        let mut inputs = Vec::new();
        for (name, cells) in rows {
            let mut made: Vec<Expr> =
                others.iter().map(|field| walk::column(field.id, field.ty, Span::default())).collect();
            made.push(walk::literal(Value::Text(name), Type::Varchar, span));
            made.extend(cells.into_iter().zip(&types).map(|(cell, ty)| walk::cast(cell, *ty)));
            let columns: Vec<(Field, Expr)> = made.into_iter().map(|expr| (self.field("", expr.ty), expr)).collect();
            let ids = columns.iter().map(|(field, _)| field.id).collect();
            inputs.push((self.project(shared.clone(), columns), ids));
        }
        let mut plan = Plan::Union { inputs, fields: fields.clone() };
        if !matches!(null_inclusion, Some(NullInclusion::IncludeNulls)) {
            let known = fields[kept + 1..].iter().map(|field| {
                walk::call(Scalar::IsNotNull, vec![walk::column(field.id, field.ty, span)], Type::Boolean, span)
            });
            if let Some(predicate) = walk::all_of(known) {
                plan = Plan::Filter { input: Box::new(plan), predicate };
            }
        }
        if let Some(alias) = alias {
            self.rename(&mut fields, alias);
        }
        let table = alias.as_ref().map(|alias| alias.name.value.as_str());
        (plan, Scope::of(table, &fields))
    }

    /// The types of the value columns.
    fn column_types(&mut self, rows: &[(String, Vec<Expr>)], columns: usize, span: Span) -> Vec<Type> {
        let mut types = vec![Type::Null; columns];
        for (name, cells) in rows {
            for (ty, cell) in types.iter_mut().zip(cells) {
                match common(*ty, cell.ty) {
                    Some(wider) => *ty = wider,
                    None => {
                        let message = format!("`{name}` is {}, the columns before it {ty}", cell.ty);
                        let problem = Diagnostic::error("type-mismatch", span, message);
                        self.report(problem.hint("convert them in a subquery: `cast(… as varchar)`"));
                        return types;
                    }
                }
            }
        }
        types.into_iter().map(|ty| if ty == Type::Null { Type::Integer } else { ty }).collect()
    }
}
