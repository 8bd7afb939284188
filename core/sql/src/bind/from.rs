//! FROM: tables, subqueries, joins.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, JoinConstraint, JoinOperator, TableFactor};

use super::asof::asof_constraint;
use super::elements::unnest_factor;
use super::expr::{Cx, Pending};
use super::scope::{Scope, list};
use super::{Binder, Bound};
use crate::plan::{Expr, Field, JoinKind, Plan};
use crate::walk::{self, Ids};

impl Binder<'_> {
    /// The rows of a FROM and the names they bring.
    pub(crate) fn from(&mut self, tables: &[ast::TableWithJoins]) -> (Plan, Scope) {
        let mut all: Option<(Plan, Scope)> = None;
        for table in tables {
            all = Some(match all {
                None => self.table_with_joins(table),
                Some(left) if unnest_factor(&table.relation).is_some() => {
                    let left = self.unnest_from(left, &table.relation);
                    self.joins_of(left, table)
                }
                Some((left, known)) => {
                    let (plan, scope) = self.beside(&known, |binder| binder.table_with_joins(table));
                    (self.lateral(left, plan, JoinKind::Inner, None), self.join_scopes(known, scope))
                }
            });
        }
        all.unwrap_or_else(|| (walk::one_row(), Scope::default()))
    }

    /// Binds a table that may read the columns of those before it.
    fn beside<T>(&mut self, known: &Scope, bind: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(known.clone());
        let bound = bind(self);
        self.scopes.pop();
        bound
    }

    /// A join of tables the second of which may read the columns of the first: inner or left.
    fn lateral(&mut self, left: Plan, right: Plan, kind: JoinKind, condition: Option<Expr>) -> Plan {
        let left_ids = walk::output_ids(&left);
        if !Self::depends(&left, &right) {
            return match condition {
                None => cross(left, right),
                Some(condition) => {
                    let right_ids = walk::output_ids(&right);
                    join_on(left, right, kind, condition, &left_ids, &right_ids)
                }
            };
        }
        if let Some((inner, predicates)) = self.unnested(right.clone()) {
            let right_ids = walk::output_ids(&inner);
            let all = walk::all_of(predicates.into_iter().chain(condition));
            let all = all.unwrap_or_else(|| walk::literal(Value::Boolean(true), Type::Boolean, Span::default()));
            return join_on(left, inner, kind, all, &left_ids, &right_ids);
        }
        self.dependent_join(left, right, kind, condition)
    }

    pub(crate) fn join_scopes(&mut self, left: Scope, right: Scope) -> Scope {
        for column in &right.columns {
            let Some(table) = &column.table else { continue };
            if left
                .columns
                .iter()
                .any(|known| known.table.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(table)))
            {
                let span = Span::default();
                let problem = Diagnostic {
                    span: None,
                    ..Diagnostic::error("double-name", span, format!("the table name `{table}` is used twice in FROM"))
                };
                self.report(problem.hint("give one of them an alias: `… as other`"));
                break;
            }
        }
        left.joined(right)
    }

    fn table_with_joins(&mut self, table: &ast::TableWithJoins) -> (Plan, Scope) {
        let first = self.factor(&table.relation);
        self.joins_of(first, table)
    }

    fn joins_of(&mut self, first: (Plan, Scope), table: &ast::TableWithJoins) -> (Plan, Scope) {
        let (mut plan, mut scope) = first;
        for join in &table.joins {
            let every = matches!(&join.join_operator, JoinOperator::CrossJoin(JoinConstraint::None))
                || matches!(
                    &join.join_operator,
                    JoinOperator::Join(JoinConstraint::On(on)) | JoinOperator::Inner(JoinConstraint::On(on))
                        if matches!(on, ast::Expr::Value(value) if value.value == ast::Value::Boolean(true))
                );
            if every && unnest_factor(&join.relation).is_some() {
                (plan, scope) = self.unnest_from((plan, scope), &join.relation);
                continue;
            }
            let (right, right_scope) = self.beside(&scope, |binder| binder.factor(&join.relation));
            (plan, scope) = self.join(plan, scope, right, right_scope, join);
        }
        (plan, scope)
    }

    pub(crate) fn factor(&mut self, factor: &TableFactor) -> (Plan, Scope) {
        let span = self.span(factor);
        if unnest_factor(factor).is_some() {
            return self.unnest_from((walk::one_row(), Scope::default()), factor);
        }
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let parts: Vec<&ast::Ident> = name.0.iter().filter_map(|part| part.as_ident()).collect();
                let [ident] = parts.as_slice() else {
                    self.report(
                        Diagnostic::error("unknown-table", span, format!("there is no table `{name}`"))
                            .hint("tables have no schema here; the list of tables shows what can be read"),
                    );
                    return (walk::one_row(), Scope { incomplete: true, ..Scope::default() });
                };
                let place = self.lines.span(ident.span);
                let (mut bound, broken) = self.table(&ident.value, place);
                if let Some(alias) = alias {
                    self.rename(&mut bound.fields, alias);
                }
                let shown = alias.as_ref().map_or(ident.value.as_str(), |alias| alias.name.value.as_str());
                let scope = Scope { incomplete: broken, ..Scope::of(Some(shown), &bound.fields) };
                (bound.plan, scope)
            }
            TableFactor::Table { name, alias, args: Some(args), .. } => {
                self.series(name, &args.args, alias.as_ref(), span)
            }
            TableFactor::Function { name, args, alias, .. } => self.series(name, args, alias.as_ref(), span),
            TableFactor::Derived { subquery, alias, .. } => {
                let before = self.diagnostics.len();
                let mut bound = self.query(subquery);
                let incomplete = self.diagnostics.len() > before;
                if let Some(alias) = alias {
                    self.rename(&mut bound.fields, alias);
                }
                let name = alias.as_ref().map(|alias| alias.name.value.as_str());
                (bound.plan, Scope { incomplete, ..Scope::of(name, &bound.fields) })
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                let (plan, mut scope) = self.table_with_joins(table_with_joins);
                if let Some(alias) = alias {
                    for column in &mut scope.columns {
                        column.table = Some(alias.name.value.clone());
                    }
                }
                (plan, scope)
            }
            TableFactor::Pivot { .. } => self.pivot_table(factor, span),
            TableFactor::Unpivot { .. } => self.unpivot_table(factor, span),
            _ => {
                self.unsupported(span, "this kind of table");
                (walk::one_row(), Scope { incomplete: true, ..Scope::default() })
            }
        }
    }

    /// A CTE or a table of the catalogue; whether its columns are in doubt.
    pub(crate) fn table(&mut self, name: &str, span: Span) -> (Bound, bool) {
        if let Some(found) = self.cte(name) {
            return found;
        }
        let Some(table) = self.catalog.table(name) else {
            let mut names: Vec<String> = self.catalog.table_names();
            names.extend(self.ctes.iter().map(|cte| cte.name.clone()));
            let problem = Diagnostic::error("unknown-table", span, format!("there is no table `{name}`"));
            let problem = if almanac_model::diagnostic::closest(name, names.iter().map(String::as_str)).is_some() {
                problem.did_you_mean(name, names.iter().map(String::as_str))
            } else if names.is_empty() {
                problem.hint("no table is loaded")
            } else {
                problem.hint(format!("tables are {}", list(&names)))
            };
            self.report(problem);
            return (Bound { plan: walk::one_row(), fields: Vec::new() }, true);
        };
        let columns: Vec<(String, Field)> =
            table.columns.iter().map(|(name, ty)| (name.clone(), self.field(name.clone(), *ty))).collect();
        let fields = columns.iter().map(|(_, field)| field.clone()).collect();
        (Bound { plan: Plan::Scan { table: table.name, columns }, fields }, false)
    }

    fn join(
        &mut self,
        left: Plan,
        left_scope: Scope,
        right: Plan,
        right_scope: Scope,
        join: &ast::Join,
    ) -> (Plan, Scope) {
        use JoinOperator as O;
        let span = self.span(&join.relation);
        let (kind, constraint) = match &join.join_operator {
            O::Join(constraint) | O::Inner(constraint) => (JoinKind::Inner, constraint),
            O::Left(constraint) | O::LeftOuter(constraint) => (JoinKind::Left, constraint),
            O::Right(constraint) | O::RightOuter(constraint) => (JoinKind::Right, constraint),
            O::FullOuter(constraint) => (JoinKind::Full, constraint),
            O::Semi(constraint) | O::LeftSemi(constraint) => (JoinKind::Semi, constraint),
            O::Anti(constraint) | O::LeftAnti(constraint) => (JoinKind::Anti, constraint),
            O::CrossJoin(constraint) => (JoinKind::Cross, constraint),
            _ => {
                self.unsupported(span, "this kind of join");
                return (left, left_scope.joined(right_scope));
            }
        };
        let read = Self::depends(&left, &right);
        if read
            && !matches!(
                (kind, constraint),
                (JoinKind::Inner | JoinKind::Left | JoinKind::Cross, JoinConstraint::On(_) | JoinConstraint::None)
            )
        {
            let problem =
                Diagnostic::error("lateral", span, "this kind of join does not read columns of its left side");
            self.report(
                problem.hint("write `join lateral (…) on …`, `left join lateral (…) on …` or `cross join lateral (…)`"),
            );
            return (left, left_scope.joined(right_scope));
        }
        if let Some(constraint) = asof_constraint(constraint) {
            return self.asof((left, left_scope), (right, right_scope), kind, constraint, span);
        }
        match constraint {
            JoinConstraint::None if kind == JoinKind::Cross => {
                (self.lateral(left, right, JoinKind::Inner, None), self.join_scopes(left_scope, right_scope))
            }
            JoinConstraint::None => {
                self.report(
                    Diagnostic::error("join-condition", span, "this join has no condition")
                        .hint("add `on …` or `using (…)`, or write `cross join`"),
                );
                (cross(left, right), left_scope.joined(right_scope))
            }
            JoinConstraint::On(condition) => {
                let joined = self.join_scopes(left_scope.clone(), right_scope);
                let mut cx = Cx::plain("a join condition");
                let bound = self.beside(&joined, |binder| {
                    let bound = binder.expr(condition, &mut cx);
                    binder.condition(bound)
                });
                let kind = if kind == JoinKind::Cross { JoinKind::Inner } else { kind };
                let plan = if cx.pending.is_empty() {
                    self.lateral(left, right, kind, Some(bound))
                } else if kind == JoinKind::Inner {
                    let pairs = self.lateral(left, right, kind, None);
                    Plan::Filter { input: Box::new(self.attach(cx.pending, pairs)), predicate: bound }
                } else {
                    let place = self.span(condition);
                    let (left, right) = self.beside_join(left, right, cx.pending, place);
                    self.lateral(left, right, kind, Some(bound))
                };
                (plan, if matches!(kind, JoinKind::Semi | JoinKind::Anti) { left_scope } else { joined })
            }
            JoinConstraint::Using(names) => {
                let names: Vec<ast::Ident> =
                    names.iter().filter_map(|name| name.0.last().and_then(|part| part.as_ident())).cloned().collect();
                self.using(left, left_scope, right, right_scope, kind, &names)
            }
            JoinConstraint::Natural => {
                let names: Vec<ast::Ident> = left_scope
                    .columns
                    .iter()
                    .filter(|column| column.bare)
                    .filter(|column| {
                        right_scope
                            .columns
                            .iter()
                            .any(|other| other.bare && other.name.eq_ignore_ascii_case(&column.name))
                    })
                    .map(|column| ast::Ident::new(column.name.clone()))
                    .collect();
                if names.is_empty() && !left_scope.incomplete && !right_scope.incomplete {
                    self.report(
                        Diagnostic::error("join-condition", span, "the tables of this NATURAL JOIN share no column")
                            .hint("add `on …`"),
                    );
                }
                self.using(left, left_scope, right, right_scope, kind, &names)
            }
        }
    }

    /// Subqueries in the condition of an outer join, joined to the side whose columns they read: each gives its rows one value.
    fn beside_join(&mut self, mut left: Plan, mut right: Plan, all: Vec<Pending>, place: Span) -> (Plan, Plan) {
        for pending in all {
            let mut read = super::unnest::free_columns(&pending.plan);
            pending
                .on
                .iter()
                .map(|(outer, _)| outer)
                .chain(&pending.residual)
                .for_each(|e| walk::columns_of(e, &mut read));
            if read.is_disjoint(&walk::output_ids(&right)) {
                left = self.attach(vec![pending], left);
            } else if read.is_disjoint(&walk::output_ids(&left)) {
                right = self.attach(vec![pending], right);
            } else {
                let what = "a subquery that reads both sides in the condition of an outer join";
                self.unsupported(place, what);
            }
        }
        (left, right)
    }
}

/// Every pair of rows; the row of a query without FROM adds nothing.
pub(crate) fn cross(left: Plan, right: Plan) -> Plan {
    Plan::Join {
        left: Box::new(left),
        right: Box::new(right),
        kind: JoinKind::Cross,
        on: Vec::new(),
        residual: None,
        null_safe: false,
    }
}

/// A join whose condition is split into equalities of the two sides and the rest.
pub(crate) fn join_on(
    left: Plan,
    right: Plan,
    kind: JoinKind,
    condition: Expr,
    left_ids: &Ids,
    right_ids: &Ids,
) -> Plan {
    let mut on = Vec::new();
    let mut residual = Vec::new();
    for part in walk::conjuncts(condition) {
        match walk::equality(part, left_ids, right_ids) {
            Ok(pair) => on.push(pair),
            Err(part) => residual.push(part),
        }
    }
    Plan::Join {
        left: Box::new(left),
        right: Box::new(right),
        kind,
        on,
        residual: walk::all_of(residual),
        null_safe: false,
    }
}
