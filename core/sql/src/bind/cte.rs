//! WITH: named queries, bound once, read any number of times.

use almanac_model::Diagnostic;
use sqlparser::ast;
use std::rc::Rc;

use super::{Binder, Bound};
use crate::plan::{Field, Plan};

/// A named query in sight.
#[derive(Debug, Clone)]
pub(crate) struct Cte {
    pub(crate) name: String,
    pub(crate) id: u32,
    pub(crate) plan: Rc<Plan>,
    pub(crate) fields: Vec<Field>,
    /// It did not bind; its columns are unknown.
    pub(crate) broken: bool,
    /// The rows a recursive query gave the last time, while it is being bound.
    pub(crate) working: bool,
}

impl Binder<'_> {
    /// Binds the queries of a WITH in order; the caller forgets them afterwards.
    pub(crate) fn with(&mut self, with: &ast::With) {
        let first = self.ctes.len();
        for cte in &with.cte_tables {
            let name = cte.alias.name.value.clone();
            if self.ctes[first..].iter().any(|known| known.name.eq_ignore_ascii_case(&name)) {
                let span = self.lines.span(cte.alias.name.span);
                let problem = Diagnostic::error("double-name", span, format!("`{name}` is defined twice in this WITH"));
                self.report(problem.hint("give one of them another name"));
            }
            let recursive = with.recursive && reads(&cte.query, &name);
            let before = self.diagnostics.len();
            let Bound { plan, mut fields } =
                if recursive { self.recursive(&cte.query, &cte.alias) } else { self.query(&cte.query) };
            self.rename(&mut fields, &cte.alias);
            let id = self.next_shared;
            self.next_shared += 1;
            let broken = self.diagnostics.len() > before;
            self.ctes.push(Cte { name, id, plan: Rc::new(plan), fields, broken, working: false });
        }
    }

    /// `t(a, b)`: the first columns get these names.
    pub(crate) fn rename(&mut self, fields: &mut [Field], alias: &ast::TableAlias) {
        if alias.columns.len() > fields.len() {
            let span = self.lines.span(alias.name.span);
            let message =
                format!("`{}` has {} columns, {} names are given", alias.name.value, fields.len(), alias.columns.len());
            self.error("too-many-names", span, message);
        }
        for (field, column) in fields.iter_mut().zip(&alias.columns) {
            field.name.clone_from(&column.name.value);
        }
    }

    /// A CTE of that name, read once more.
    pub(crate) fn cte(&mut self, name: &str) -> Option<(Bound, bool)> {
        let found = self.ctes.iter().rev().find(|cte| cte.name.eq_ignore_ascii_case(name))?.clone();
        if found.working {
            let fields: Vec<Field> =
                found.fields.iter().map(|field| self.field(field.name.clone(), field.ty)).collect();
            return Some((Bound { plan: Plan::Working { id: found.id, fields: fields.clone() }, fields }, false));
        }
        let shared = Plan::Shared { id: found.id, input: found.plan };
        Some((self.renumber(shared, &found.fields), found.broken))
    }
}

/// Whether a query's text reads a table of that name, as a recursive query does.
fn reads(query: &ast::Query, name: &str) -> bool {
    crate::tables::tables_of(&query.to_string()).iter().any(|table| table.eq_ignore_ascii_case(name))
}
