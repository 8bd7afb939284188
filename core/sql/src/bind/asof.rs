//! ASOF joins: each row of the left side with the one row of the right side that is nearest before (or after) it.
//!
//! No step of its own: both sides are laid end to end in the order of the comparison, and a window carries the number of the last
//! row of the right side along to those of the left. Two joins by row numbers put the rows together.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, Expr as Ast, JoinConstraint};

use super::Binder;
use super::expr::Cx;
use super::scope::Scope;
use crate::functions::{Scalar, Window};
use crate::parse::rewrite::MARK;
use crate::plan::{
    Exclude, Expr, ExprKind, Field, Frame, FrameBound, FrameUnit, JoinKind, Plan, SortKey, WindowCall, WindowFunction,
};
use crate::walk;

/// The condition of an ASOF join as it is written.
pub(crate) enum Constraint<'t> {
    /// The parts of `on a and b`.
    On(Vec<&'t Ast>),
    /// Equal columns, and last the compared one.
    Using(Vec<ast::Ident>),
}

/// The condition of a join that the parser front has marked as ASOF.
pub(crate) fn asof_constraint(constraint: &JoinConstraint) -> Option<Constraint<'_>> {
    let marked = |ident: &ast::Ident| ident.value.starts_with(MARK) && ident.value.ends_with("asof");
    match constraint {
        JoinConstraint::On(whole) => {
            let mut parts = Vec::new();
            let mut rest = whole;
            while let Ast::BinaryOp { left, op: ast::BinaryOperator::And | ast::BinaryOperator::Or, right } = rest {
                parts.push(right.as_ref());
                rest = left;
            }
            parts.reverse();
            matches!(rest, Ast::Identifier(ident) if marked(ident)).then_some(Constraint::On(parts))
        }
        JoinConstraint::Using(names) => {
            let names: Vec<ast::Ident> = names.iter().filter_map(|name| name.0.last()?.as_ident()).cloned().collect();
            let (first, rest) = names.split_first()?;
            marked(first).then(|| Constraint::Using(rest.to_vec()))
        }
        JoinConstraint::Natural | JoinConstraint::None => None,
    }
}

/// What is compared.
#[derive(Default)]
struct Match {
    /// Equal, left and right.
    equal: Vec<(Expr, Expr)>,
    /// Compared, left and right, and how.
    nearest: Option<(Expr, Expr, Scalar)>,
    /// Conditions on rows of the left and of the right side that can match.
    left: Vec<Expr>,
    right: Vec<Expr>,
}

impl Binder<'_> {
    pub(crate) fn asof(
        &mut self,
        (left, left_scope): (Plan, Scope),
        (right, mut right_scope): (Plan, Scope),
        kind: JoinKind,
        constraint: Constraint<'_>,
        span: Span,
    ) -> (Plan, Scope) {
        let joined = self.join_scopes(left_scope.clone(), right_scope.clone());
        let mut parts = Vec::new();
        match constraint {
            Constraint::On(texts) => {
                let mut cx = Cx::plain("a join condition");
                self.scopes.push(joined);
                for text in texts {
                    let bound = self.expr(text, &mut cx);
                    parts.push(self.condition(bound));
                }
                self.scopes.pop();
                if !cx.pending.is_empty() {
                    self.unsupported(span, "a subquery in the condition of an ASOF join");
                }
            }
            Constraint::Using(names) => {
                for (at, ident) in names.iter().enumerate() {
                    let place = self.lines.span(ident.span);
                    let a = self.using_side(&left_scope, ident, place);
                    let b = self.using_side(&right_scope, ident, place);
                    let (Some(a), Some(b)) = (a, b) else { continue };
                    let of = |scope: &Scope, at: usize| walk::column(scope.columns[at].id, scope.columns[at].ty, place);
                    let op = if at + 1 == names.len() { ast::BinaryOperator::GtEq } else { ast::BinaryOperator::Eq };
                    parts.push(self.binary(&op, of(&left_scope, a), of(&right_scope, b), place));
                    right_scope.columns[b].bare = false;
                }
            }
        }
        let scope =
            if matches!(kind, JoinKind::Semi | JoinKind::Anti) { left_scope } else { left_scope.joined(right_scope) };
        let found = matched(parts, &left, &right);
        let Some(Match { equal, nearest: Some(nearest), left: of_left, right: of_right }) = found else {
            let message = "an ASOF join takes equalities and exactly one of `>=`, `>`, `<=`, `<`, joined by AND";
            let problem = Diagnostic::error("join-condition", span, message);
            self.report(problem.hint("write `on a.key = b.key and a.time >= b.time`"));
            return (left, scope);
        };
        (self.nearest(left, right, kind, equal, nearest, (of_left, of_right), span), scope)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one join")]
    fn nearest(
        &mut self,
        left: Plan,
        right: Plan,
        kind: JoinKind,
        equal: Vec<(Expr, Expr)>,
        (a, b, op): (Expr, Expr, Scalar),
        (of_left, of_right): (Vec<Expr>, Vec<Expr>),
        span: Span,
    ) -> Plan {
        let (left, left_row) = self.numbered_rows(left);
        let (right, right_row) = self.numbered_rows(right);
        let (left, right) = (self.shared(left), self.shared(right));
        let descending = matches!(op, Scalar::LtEq | Scalar::Lt);
        // Of equal values the right side's come first where they match.
        let left_first = matches!(op, Scalar::Gt | Scalar::Lt);
        let (left_keys, right_keys): (Vec<Expr>, Vec<Expr>) = equal.into_iter().unzip();
        let mut inputs = Vec::new();
        let mut present = None;
        for (side, keys, value, row, conditions) in
            [(&left, left_keys, a, Some(&left_row), of_left), (&right, right_keys, b, None, of_right)]
        {
            let is_left = row.is_some();
            let known = keys
                .iter()
                .chain([&value])
                .map(|key| walk::call(Scalar::IsNotNull, vec![key.clone()], Type::Boolean, span));
            let known = walk::all_of(known.chain(conditions));
            if is_left {
                present.clone_from(&known);
            }
            let null = || walk::literal(Value::Null, Type::BigInt, span);
            let (own, other) = match is_left {
                true => (left_row.clone(), null()),
                false => (null(), right_row.clone()),
            };
            let order = walk::literal(Value::Int(i64::from(is_left != left_first)), Type::BigInt, span);
            let columns: Vec<(Field, Expr)> = keys
                .into_iter()
                .chain([value, order, own, other])
                .map(|expr| (self.field("", expr.ty), expr))
                .collect();
            let ids = columns.iter().map(|(field, _)| field.id).collect();
            let mut input = side.clone();
            if let Some(predicate) = known {
                input = Plan::Filter { input: Box::new(input), predicate };
            }
            let types: Vec<Type> = columns.iter().map(|(field, _)| field.ty).collect();
            inputs.push((self.project(input, columns), ids, types));
        }
        let types = inputs[0].2.clone();
        let fields: Vec<Field> = types.into_iter().map(|ty| self.field("", ty)).collect();
        let column = |field: &Field| walk::column(field.id, field.ty, span);
        let [keys @ .., value, order, own, other] = fields.as_slice() else { return left };
        let sorted = |field, descending| SortKey { expr: column(field), descending, nulls_first: false };
        let call = WindowCall {
            function: WindowFunction::Window(Window::LastValue),
            args: vec![column(other)],
            partition_by: keys.iter().map(column).collect(),
            order_by: vec![sorted(value, descending), sorted(order, false)],
            within: Vec::new(),
            frame: Frame {
                unit: FrameUnit::Rows,
                start: FrameBound::UnboundedPreceding,
                end: FrameBound::CurrentRow,
                exclude: Exclude::NoOthers,
            },
            filter: None,
            distinct: false,
            ignore_nulls: true,
            ty: Type::BigInt,
        };
        let found = self.field("", Type::BigInt);
        let is_known = |expr: Expr| walk::call(Scalar::IsNotNull, vec![expr], Type::Boolean, span);
        let wanted = [is_known(column(own)), is_known(column(&found))];
        let (own, found_column) = (column(own), column(&found));
        let union = Plan::Union {
            inputs: inputs.into_iter().map(|(plan, ids, _)| (plan, ids)).collect(),
            fields: fields.clone(),
        };
        let window = Plan::Window { input: Box::new(union), columns: vec![(found, call)] };
        let predicate = walk::all_of(wanted).unwrap_or_else(|| Self::broken(span));
        let pairs = Plan::Filter { input: Box::new(window), predicate };
        let join = |left: Plan, right: Plan, kind, on| Plan::Join {
            left: Box::new(left),
            right: Box::new(right),
            kind,
            on: vec![on],
            residual: None,
            null_safe: false,
        };
        match kind {
            JoinKind::Semi | JoinKind::Anti => {
                let all = join(left, pairs, kind, (left_row, own));
                // DuckDB takes rows that cannot be compared for neither with nor without a partner.
                match present.filter(|_| kind == JoinKind::Anti) {
                    Some(predicate) => Plan::Filter { input: Box::new(all), predicate },
                    None => all,
                }
            }
            JoinKind::Right | JoinKind::Full => {
                let with_pairs = join(left, pairs, JoinKind::Left, (left_row, own));
                join(with_pairs, right, kind, (found_column, right_row))
            }
            JoinKind::Inner | JoinKind::Left | JoinKind::Cross => {
                let kind = if kind == JoinKind::Left { JoinKind::Left } else { JoinKind::Inner };
                let with_pairs = join(left, pairs, kind, (left_row, own));
                join(with_pairs, right, kind, (found_column, right_row))
            }
        }
    }
}

/// The parts of a condition told apart; `None` for one that an ASOF join cannot have.
fn matched(parts: Vec<Expr>, left: &Plan, right: &Plan) -> Option<Match> {
    let (left_ids, right_ids) = (walk::output_ids(left), walk::output_ids(right));
    let mut found = Match::default();
    for part in parts {
        let part = match walk::equality(part, &left_ids, &right_ids) {
            Ok(pair) => {
                found.equal.push(pair);
                continue;
            }
            Err(part) => part,
        };
        let read = walk::columns(&part);
        if read.is_subset(&left_ids) {
            found.left.push(part);
        } else if read.is_subset(&right_ids) {
            found.right.push(part);
        } else {
            let nearest = compared(&part, &left_ids, &right_ids)?;
            if found.nearest.replace(nearest).is_some() {
                return None;
            }
        }
    }
    Some(found)
}

/// `left >= right`, whichever way round it is written.
fn compared(part: &Expr, left_ids: &walk::Ids, right_ids: &walk::Ids) -> Option<(Expr, Expr, Scalar)> {
    let ExprKind::Call(op, args) = &part.kind else { return None };
    let [a, b] = args.as_slice() else { return None };
    let turned = match op {
        Scalar::GtEq => Scalar::LtEq,
        Scalar::Gt => Scalar::Lt,
        Scalar::LtEq => Scalar::GtEq,
        Scalar::Lt => Scalar::Gt,
        _ => return None,
    };
    let of = |expr: &Expr, ids: &walk::Ids| walk::columns(expr).is_subset(ids);
    if of(a, left_ids) && of(b, right_ids) {
        return Some((a.clone(), b.clone(), *op));
    }
    (of(b, left_ids) && of(a, right_ids)).then(|| (b.clone(), a.clone(), turned))
}
