//! USING and NATURAL: columns of one name that two sides share.

use almanac_model::{Diagnostic, Span};
use sqlparser::ast;

use super::Binder;
use super::scope::{Scope, ScopeColumn};
use crate::functions::Scalar;
use crate::plan::{Expr, Field, JoinKind, Plan};
use crate::walk;

impl Binder<'_> {
    /// USING: the columns appear once, bare; each side's own stays reachable by its table's name.
    pub(super) fn using(
        &mut self,
        left: Plan,
        mut left_scope: Scope,
        right: Plan,
        mut right_scope: Scope,
        kind: JoinKind,
        names: &[ast::Ident],
    ) -> (Plan, Scope) {
        let mut on = Vec::new();
        let mut merged: Vec<(ScopeColumn, Option<Expr>)> = Vec::new();
        for ident in names {
            let span = self.lines.span(ident.span);
            let a = self.using_side(&left_scope, ident, span);
            let b = self.using_side(&right_scope, ident, span);
            let (Some(a), Some(b)) = (a, b) else { continue };
            let sides = vec![
                walk::column(left_scope.columns[a].id, left_scope.columns[a].ty, span),
                walk::column(right_scope.columns[b].id, right_scope.columns[b].ty, span),
            ];
            let (sides, ty) = self.unify(sides, span, "columns of type");
            let [x, y] = sides.as_slice() else { continue };
            on.push((x.clone(), y.clone()));
            let chosen = if kind == JoinKind::Right { &right_scope.columns[b] } else { &left_scope.columns[a] };
            let mut column = ScopeColumn { table: None, bare: true, ..chosen.clone() };
            column.name.clone_from(&left_scope.columns[a].name);
            let computed = (kind == JoinKind::Full).then(|| {
                let field = self.field(column.name.clone(), ty);
                (column.id, column.ty) = (field.id, field.ty);
                walk::call(Scalar::Coalesce, vec![x.clone(), y.clone()], ty, span)
            });
            merged.push((column, computed));
            left_scope.columns[a].bare = false;
            right_scope.columns[b].bare = false;
        }
        let mut plan = Plan::Join {
            left: Box::new(left),
            right: Box::new(right),
            kind: if on.is_empty() { JoinKind::Cross } else { kind },
            on,
            residual: None,
            null_safe: false,
        };
        if merged.iter().any(|(_, computed)| computed.is_some()) {
            let mut columns: Vec<(Field, Expr)> = walk::output(&plan)
                .into_iter()
                .map(|(id, ty)| (Field { id, name: String::new(), ty }, walk::column(id, ty, Span::default())))
                .collect();
            for (column, computed) in &merged {
                if let Some(expr) = computed {
                    columns.push((Field { id: column.id, name: column.name.clone(), ty: column.ty }, expr.clone()));
                }
            }
            plan = self.project(plan, columns);
        }
        if matches!(kind, JoinKind::Semi | JoinKind::Anti) {
            for column in &mut left_scope.columns {
                column.bare = true;
            }
            return (plan, left_scope);
        }
        // The merged column stands where the left one stood.
        let mut scope = Scope { columns: Vec::new(), incomplete: left_scope.incomplete };
        for column in left_scope.columns {
            if let Some(at) =
                merged.iter().position(|(new, _)| !column.bare && new.name.eq_ignore_ascii_case(&column.name))
            {
                scope.columns.push(merged.remove(at).0);
            }
            scope.columns.push(column);
        }
        let scope = self.join_scopes(scope, right_scope);
        (plan, scope)
    }

    /// The column of a side that USING names; none is an error.
    pub(crate) fn using_side(&mut self, scope: &Scope, ident: &ast::Ident, span: Span) -> Option<usize> {
        let found =
            scope.columns.iter().position(|column| column.bare && column.name.eq_ignore_ascii_case(&ident.value));
        if found.is_none() && !scope.incomplete {
            let names: Vec<&str> = scope.columns.iter().map(|column| column.name.as_str()).collect();
            let problem = Diagnostic::error(
                "unknown-column",
                span,
                format!("one side of the join has no column `{}`", ident.value),
            )
            .did_you_mean(&ident.value, names);
            self.report(problem);
        }
        found
    }
}
