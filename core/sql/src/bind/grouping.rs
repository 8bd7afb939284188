//! GROUP BY: keys, and the sets of them that GROUPING SETS, ROLLUP and CUBE ask for.

use almanac_model::{Diagnostic, Span, Type, Value as Constant};
use sqlparser::ast::{Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Value};
use std::rc::Rc;

use super::Binder;
use super::expr::Cx;
use super::scope::plain_name;
use super::star::{Item, Source};
use crate::plan::{AggregateCall, Expr, Field, Plan};
use crate::walk;

/// Most sets of keys: a CUBE over eight.
const MOST_SETS: usize = 256;

/// What rows are grouped by.
#[derive(Default)]
pub(crate) struct Grouping {
    /// All keys.
    pub(crate) keys: Vec<(Field, Expr)>,
    /// Places of the keys of each set, where there are sets; else rows are grouped by all keys once.
    pub(crate) sets: Option<Vec<Vec<usize>>>,
}

impl Binder<'_> {
    pub(crate) fn grouping(&mut self, group_by: &GroupByExpr, items: &[Item], cx: &mut Cx) -> Grouping {
        let (exprs, modifiers) = match group_by {
            GroupByExpr::All(modifiers) => (&[][..], modifiers),
            GroupByExpr::Expressions(exprs, modifiers) => (exprs.as_slice(), modifiers),
        };
        if !modifiers.is_empty() {
            let span = exprs.first().map_or_else(Span::default, |place| self.span(place));
            let problem = Diagnostic::error("unsupported", span, "GROUP BY … WITH is not supported");
            self.report(problem.hint("write `GROUP BY ROLLUP (…)`, `CUBE (…)` or `GROUPING SETS (…)`"));
        }
        let mut grouping = Grouping::default();
        let elements: Vec<Element<'_>> = exprs.iter().map(Element::of).collect();
        let sets = sets_of(&elements);
        if sets.len() > MOST_SETS {
            let span = exprs.first().map_or_else(Span::default, |place| self.span(place));
            let message = format!("these are {} sets of keys; {MOST_SETS} are allowed", sets.len());
            self.report(
                Diagnostic::error("too-many-groupings", span, message).hint("name the sets with GROUPING SETS"),
            );
            return grouping;
        }
        let mut places = Vec::new();
        for set in &sets {
            let mut keys: Vec<usize> =
                set.iter().filter_map(|expr| self.key(expr, items, &mut grouping.keys, cx)).collect();
            keys.sort_unstable();
            keys.dedup();
            places.push(keys);
        }
        if elements.iter().any(|element| !matches!(element, Element::Keys(_))) {
            grouping.sets = Some(places);
        }
        grouping
    }

    /// The place of a key among those known; one that is new is added.
    fn key(&mut self, expr: &Ast, items: &[Item], keys: &mut Vec<(Field, Expr)>, cx: &mut Cx) -> Option<usize> {
        let pending = cx.pending.len();
        let name = plain_name(expr).map_or_else(|| super::names::output_name(expr), |ident| ident.value.clone());
        let key = match expr {
            Ast::Value(value) if is_position(&value.value) => {
                let span = self.span(expr);
                let at = self.position(&value.value.to_string(), items.len(), span)?;
                match &items[at].source {
                    Source::Text(text) => self.expr(text, cx),
                    Source::Column { column, .. } => column.clone(),
                }
            }
            _ => self.expr(expr, cx),
        };
        if cx.pending.len() > pending {
            let text = self.meaning(expr, items, cx);
            cx.keys.push((text, key.clone()));
        }
        let known = keys.iter().position(|(_, known)| walk::same(known, &key));
        Some(known.unwrap_or_else(|| {
            keys.push((self.field(name, key.ty), key));
            keys.len() - 1
        }))
    }

    /// The text that a key stands for.
    fn meaning(&self, expr: &Ast, items: &[Item], cx: &Cx) -> Ast {
        let mut text = expr;
        while let Ast::Nested(inner) = text {
            text = inner;
        }
        match text {
            Ast::Identifier(name) => {
                let alias = cx.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(&name.value));
                text = alias.map_or(text, |(_, meaning)| meaning);
            }
            Ast::Value(value) => {
                let at = value.value.to_string().parse::<usize>().ok().and_then(|at| at.checked_sub(1));
                if let Some(Item { source: Source::Text(meaning), .. }) = at.and_then(|at| items.get(at)) {
                    text = meaning;
                }
            }
            _ => {}
        }
        while let Ast::Nested(inner) = text {
            text = inner;
        }
        text.clone()
    }

    /// `grouping(a, b)`: a bit for each argument, the first the highest, set where rows are not grouped by it.
    pub(crate) fn grouping_call(&mut self, args: Vec<Expr>, span: Span, cx: &mut Cx) -> Expr {
        if cx.aggregates.is_none() || cx.in_aggregate {
            let message = format!("`grouping` is not allowed in {}", cx.clause);
            self.error("misplaced-aggregate", span, message);
            return Self::broken(span);
        }
        let field = self.field("grouping", Type::BigInt);
        let column = walk::column(field.id, field.ty, span);
        cx.groupings.push((field, args, span));
        column
    }

    /// The rows of `plan`, grouped by each of the sets, one below the other. Keys that are not in a set are NULL.
    pub(crate) fn group_by_sets(
        &mut self,
        plan: Plan,
        grouping: &Grouping,
        aggregates: &[(Field, AggregateCall)],
        groupings: &[(Field, Vec<Expr>, Span)],
    ) -> Plan {
        let id = self.next_shared;
        self.next_shared += 1;
        let shared = Rc::new(plan);
        let places: Vec<Vec<Option<usize>>> = groupings.iter().map(|call| self.places(&grouping.keys, call)).collect();
        let all = || vec![(0..grouping.keys.len()).collect()];
        let mut inputs = Vec::new();
        for set in grouping.sets.clone().unwrap_or_else(all) {
            // Every set has columns of its own: no number stands for two columns of one query.
            let renewed = |binder: &mut Self, field: &Field| binder.field(field.name.clone(), field.ty);
            let keys: Vec<(Field, Expr)> = set
                .iter()
                .map(|at| &grouping.keys[*at])
                .map(|(field, expr)| (renewed(self, field), expr.clone()))
                .collect();
            let calls: Vec<(Field, AggregateCall)> =
                aggregates.iter().map(|(field, call)| (renewed(self, field), call.clone())).collect();
            let mut columns = Vec::new();
            for (at, (field, expr)) in grouping.keys.iter().enumerate() {
                let own = set.iter().position(|key| *key == at).map(|at| keys[at].0.id);
                let value = match own {
                    Some(id) => walk::column(id, field.ty, expr.span),
                    None => walk::literal(Constant::Null, field.ty, expr.span),
                };
                columns.push((renewed(self, field), value));
            }
            for (field, _) in &calls {
                columns.push((renewed(self, field), walk::column(field.id, field.ty, Span::default())));
            }
            for ((field, _, span), places) in groupings.iter().zip(&places) {
                let bit = |bits: i64, at: &Option<usize>| bits << 1 | i64::from(at.is_none_or(|at| !set.contains(&at)));
                let value = Constant::Int(places.iter().fold(0, bit));
                columns.push((renewed(self, field), walk::literal(value, field.ty, *span)));
            }
            let ids = columns.iter().map(|(field, _)| field.id).collect();
            let input = Plan::Shared { id, input: Rc::clone(&shared) };
            let groups = Plan::Aggregate { input: Box::new(input), keys, aggregates: calls };
            inputs.push((self.project(groups, columns), ids));
        }
        let fields = grouping.keys.iter().map(|(field, _)| field);
        let fields =
            fields.chain(aggregates.iter().map(|(field, _)| field)).chain(groupings.iter().map(|(field, ..)| field));
        Plan::Union { inputs, fields: fields.cloned().collect() }
    }

    /// Which keys the arguments of a `grouping` are.
    fn places(&mut self, keys: &[(Field, Expr)], (_, args, span): &(Field, Vec<Expr>, Span)) -> Vec<Option<usize>> {
        let place = |arg: &Expr| keys.iter().position(|(_, key)| walk::same(key, arg));
        let places: Vec<Option<usize>> = args.iter().map(place).collect();
        if let Some(at) = places.iter().position(Option::is_none) {
            let at = args.get(at).map_or(*span, |arg| arg.span);
            let problem = Diagnostic::error("not-grouped", at, "`grouping` takes what the rows are grouped by");
            self.report(problem.hint("repeat an expression of GROUP BY"));
        }
        places
    }
}

/// Whether a constant stands for a column of the list: `1` does, `1.0` and `1e3` are keys.
fn is_position(value: &Value) -> bool {
    matches!(value, Value::Number(digits, _) if digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// What an element of GROUP BY stands for.
enum Element<'t> {
    /// Each of these sets.
    Sets(Vec<Vec<&'t Ast>>),
    /// The same of longer and longer beginnings.
    Rollup(Vec<Vec<&'t Ast>>),
    /// The same of every choice.
    Cube(Vec<Vec<&'t Ast>>),
    /// One key, or several in brackets.
    Keys(Vec<&'t Ast>),
}

impl<'t> Element<'t> {
    fn of(expr: &'t Ast) -> Self {
        let groups =
            |groups: &'t [Vec<Ast>]| groups.iter().map(|group| group.iter().flat_map(parts).collect()).collect();
        match expr {
            Ast::GroupingSets(sets) => Self::Sets(
                sets.iter()
                    .flat_map(|set| match set.as_slice() {
                        [one] => Self::of(one).sets(),
                        _ => vec![set.iter().flat_map(parts).collect()],
                    })
                    .collect(),
            ),
            Ast::Rollup(list) => Self::Rollup(groups(list)),
            Ast::Cube(list) => Self::Cube(groups(list)),
            // Within GROUPING SETS the parser takes them for functions.
            Ast::Function(function) => {
                let name = function.name.to_string().to_lowercase();
                let keys = match &function.args {
                    FunctionArguments::List(list) => list.args.iter().filter_map(key_of).map(parts).collect(),
                    _ => Vec::new(),
                };
                match name.as_str() {
                    "rollup" => Self::Rollup(keys),
                    "cube" => Self::Cube(keys),
                    _ => Self::Keys(vec![expr]),
                }
            }
            other => Self::Keys(parts(other)),
        }
    }

    fn sets(&self) -> Vec<Vec<&'t Ast>> {
        match self {
            Self::Sets(sets) => sets.clone(),
            Self::Rollup(groups) => (0..=groups.len()).rev().map(|length| groups[..length].concat()).collect(),
            Self::Cube(groups) => {
                // One more than allowed is as good as any more.
                let count = 1_usize << groups.len().min(MOST_SETS.ilog2() as usize + 1);
                let within = |subset: usize, at: usize| subset >> (groups.len() - 1 - at) & 1 == 1;
                let chosen = |subset: usize| {
                    let chosen = groups.iter().enumerate().filter(move |(at, _)| within(subset, *at));
                    chosen.flat_map(|(_, group)| group).copied().collect()
                };
                (0..count).rev().map(chosen).collect()
            }
            Self::Keys(keys) => vec![keys.clone()],
        }
    }
}

fn key_of(arg: &FunctionArg) -> Option<&Ast> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

/// Each set of keys that a GROUP BY asks for: every combination of what its elements stand for.
fn sets_of<'t>(elements: &[Element<'t>]) -> Vec<Vec<&'t Ast>> {
    let mut sets: Vec<Vec<&Ast>> = vec![Vec::new()];
    for element in elements {
        let choices = element.sets();
        // More are refused, so that a long CUBE need not be written out.
        if sets.len() > MOST_SETS {
            break;
        }
        sets = sets.iter().flat_map(|set| choices.iter().map(|choice| [set.as_slice(), choice].concat())).collect();
    }
    sets
}

/// `(a, b)` as a key is two keys.
fn parts(expr: &Ast) -> Vec<&Ast> {
    match expr {
        Ast::Tuple(parts) => parts.iter().collect(),
        other => vec![other],
    }
}
