//! The steps that a domain changes on its way down: groups, single rows, limits, joins.

use almanac_model::{Span, Type, Value};

use super::super::Binder;
use super::super::subquery::counting;
use super::{Domain, Pushed, at_most_one, counts, moved_keys, row_number};
use crate::functions::{Aggregate, Scalar};
use crate::plan::{AggregateCall, ColumnId, Expr, Field, JoinKind, Plan, WindowCall};
use crate::walk::{self, Ids};

/// Equal on both sides, in a join in which NULL equals NULL. Equalities there already are made to pass over NULLs.
fn tied(on: &mut Vec<(Expr, Expr)>, residual: &mut Vec<Expr>, null_safe: &mut bool, pairs: Vec<(Expr, Expr)>) {
    if !*null_safe {
        for (side, _) in on.iter() {
            residual.push(walk::call(Scalar::IsNotNull, vec![side.clone()], Type::Boolean, side.span));
        }
    }
    on.extend(pairs);
    *null_safe = true;
}

/// Whether a plan has exactly one row.
fn exactly_one(plan: &Plan) -> bool {
    match plan {
        Plan::Aggregate { keys, .. } => keys.is_empty(),
        Plan::SingleRow { .. } => true,
        Plan::Project { input, .. } => exactly_one(input),
        Plan::Values { rows, .. } => rows.len() == 1,
        _ => false,
    }
}

impl Binder<'_> {
    /// Groups of each value of the domain. Without keys there is a group for each, even if it has no rows.
    pub(super) fn push_aggregate(
        &mut self,
        input: Plan,
        keys: Vec<(Field, Expr)>,
        mut aggregates: Vec<(Field, AggregateCall)>,
        domain: &mut Domain,
    ) -> Pushed {
        let (input, ids) = self.push(input, domain)?;
        let grand = keys.is_empty();
        for (_, call) in &mut aggregates {
            let exprs = call.args.iter_mut().chain(&mut call.filter);
            for expr in exprs.chain(call.order_by.iter_mut().map(|key| &mut key.expr)) {
                *expr = domain.moved(expr.clone(), &ids);
            }
        }
        let mut keys: Vec<(Field, Expr)> =
            keys.into_iter().map(|(field, expr)| (field, domain.moved(expr, &ids))).collect();
        let mut own = Vec::new();
        for column in domain.columns(&ids) {
            let field = self.field("", column.ty);
            own.push(field.id);
            keys.push((field, column));
        }
        if !grand {
            return Ok((Plan::Aggregate { input: Box::new(input), keys, aggregates }, own));
        }
        let mut answers = Vec::new();
        let mut made = Vec::new();
        for (field, call) in aggregates {
            let inner = self.field("", field.ty);
            let column = walk::column(inner.id, inner.ty, Span::default());
            let answer = if counts(call.function) {
                let zero = walk::literal(Value::Int(0), field.ty, Span::default());
                walk::call(Scalar::Coalesce, vec![column, zero], field.ty, Span::default())
            } else {
                column
            };
            answers.push((field, answer));
            made.push((inner, call));
        }
        let groups = Plan::Aggregate { input: Box::new(input), keys, aggregates: made };
        Ok(self.for_each_value(groups, &own, answers, domain))
    }

    /// A row for each value of the domain: those of `plan`, and what `answers` makes of NULLs for the others.
    fn for_each_value(
        &mut self,
        plan: Plan,
        own: &[ColumnId],
        mut answers: Vec<(Field, Expr)>,
        domain: &Domain,
    ) -> (Plan, Vec<ColumnId>) {
        let (rows, ids) = self.domain_rows(domain);
        let on = domain.columns(&ids).into_iter().zip(domain.columns(own)).collect();
        let (left, right) = (Box::new(rows), Box::new(plan));
        let joined = Plan::Join { left, right, kind: JoinKind::Left, on, residual: None, null_safe: true };
        answers.extend(domain.kept(&ids));
        (self.project(joined, answers), ids)
    }

    pub(super) fn push_single_row(&mut self, input: Plan, domain: &mut Domain) -> Pushed {
        if exactly_one(&input) {
            return self.push(input, domain);
        }
        let one = at_most_one(&input);
        let output = walk::output(&input);
        let (input, ids) = self.push(input, domain)?;
        if one {
            let field = |id, ty| Field { id, name: String::new(), ty };
            let mut made = Vec::new();
            let mut answers = Vec::new();
            for (id, ty) in output {
                let inner = self.field("", ty);
                answers.push((field(id, ty), walk::column(inner.id, ty, Span::default())));
                made.push((inner, walk::column(id, ty, Span::default())));
            }
            made.extend(domain.kept(&ids));
            let input = self.project(input, made);
            return Ok(self.for_each_value(input, &ids, answers, domain));
        }
        let rows = self.field("", Type::BigInt);
        let mut aggregates = vec![(rows.clone(), counting(Aggregate::CountStar, Vec::new()))];
        let mut answers = Vec::new();
        for (id, ty) in output {
            let first = self.field("", ty);
            let args =
                vec![walk::column(first.id, ty, Span::default()), walk::column(rows.id, rows.ty, Span::default())];
            answers
                .push((Field { id, name: String::new(), ty }, walk::call(Scalar::OneRow, args, ty, Span::default())));
            let call = counting(Aggregate::First, vec![walk::column(id, ty, Span::default())]);
            aggregates.push((first, AggregateCall { ty, ..call }));
        }
        let mut keys = Vec::new();
        for column in domain.columns(&ids) {
            keys.push((self.field("", column.ty), column));
        }
        let own: Vec<ColumnId> = keys.iter().map(|(field, _)| field.id).collect();
        let groups = Plan::Aggregate { input: Box::new(input), keys, aggregates };
        Ok(self.for_each_value(groups, &own, answers, domain))
    }

    /// The first rows for each value of the domain.
    pub(super) fn push_limit(&mut self, input: Plan, offset: u64, limit: Option<u64>, domain: &mut Domain) -> Pushed {
        let (input, order) = match input {
            Plan::Sort { input, keys } => (*input, keys),
            other => (other, Vec::new()),
        };
        let output = walk::output(&input);
        let (input, ids) = self.push(input, domain)?;
        let number = self.field("number", Type::BigInt);
        let order_by = moved_keys(order, domain, &ids);
        let call = WindowCall { order_by, ..row_number(domain.columns(&ids)) };
        let numbered = Plan::Window { input: Box::new(input), columns: vec![(number.clone(), call)] };
        let number = walk::column(number.id, number.ty, Span::default());
        let (first, last) = (offset, limit.map(|limit| limit.saturating_add(offset)));
        let test = |function, bound: u64| {
            let bound = Value::Int(i64::try_from(bound).unwrap_or(i64::MAX));
            let bound = walk::literal(bound, Type::BigInt, Span::default());
            walk::call(function, vec![number.clone(), bound], Type::Boolean, Span::default())
        };
        let tests =
            (first > 0).then(|| test(Scalar::Gt, first)).into_iter().chain(last.map(|last| test(Scalar::LtEq, last)));
        let kept = match walk::all_of(tests) {
            Some(predicate) => Plan::Filter { input: Box::new(numbered), predicate },
            None => numbered,
        };
        let own = output
            .into_iter()
            .map(|(id, ty)| (Field { id, name: String::new(), ty }, walk::column(id, ty, Span::default())));
        let columns = own.chain(domain.kept(&ids)).collect();
        Ok((self.project(kept, columns), ids))
    }

    /// The rounds for all values of the domain at once: its columns go along with the rows from round to round.
    pub(super) fn push_recursive(&mut self, rounds: Rounds, domain: &mut Domain) -> Pushed {
        let Rounds { id, start, step, mut sources, mut fields, distinct } = rounds;
        let new = self.next_shared;
        self.next_shared += 1;
        let (start, of_start) = self.push(start, domain)?;
        domain.working.insert(id, new);
        let pushed = self.push(step, domain);
        domain.working.remove(&id);
        let (step, of_step) = pushed?;
        let own: Vec<Field> = domain.free.iter().map(|(_, ty)| self.field("", *ty)).collect();
        let ids = own.iter().map(|field| field.id).collect();
        sources.extend(of_start.into_iter().zip(of_step));
        fields.extend(own);
        let (start, step) = (Box::new(start), Box::new(step));
        Ok((Plan::Recursive { id: new, start, step, sources, fields, distinct }, ids))
    }

    pub(super) fn push_join(&mut self, sides: Sides, domain: &mut Domain) -> Pushed {
        let Sides { mut left, mut right, mut kind, on, mut residual, mut null_safe } = sides;
        let (read_left, read_right) = (domain.is_read_by(&left), domain.is_read_by(&right));
        // The side whose rows stay without a partner must have the domain's columns; else one side is enough.
        let (push_left, push_right) = match kind {
            JoinKind::Inner | JoinKind::Cross => (read_left || !read_right, read_right),
            JoinKind::Left | JoinKind::Semi | JoinKind::Anti => (true, read_right),
            JoinKind::Right => (read_left, true),
            JoinKind::Full => (true, true),
        };
        let mut left_ids = Vec::new();
        let mut right_ids = Vec::new();
        if push_left {
            (left, left_ids) = self.push(left, domain)?;
        }
        if push_right {
            (right, right_ids) = self.push(right, domain)?;
        }
        let ids = if push_left && kind != JoinKind::Right { left_ids.clone() } else { right_ids.clone() };
        let mut kept = Vec::new();
        for (a, b) in on {
            if !domain.is_read(&a) && !domain.is_read(&b) {
                kept.push((a, b));
                continue;
            }
            if null_safe {
                return Err("a set operation inside it compares columns of the query around");
            }
            let span = a.span.to(b.span);
            residual.push(walk::call(Scalar::Eq, vec![a, b], Type::Boolean, span));
        }
        let mut residual: Vec<Expr> = residual.into_iter().map(|expr| domain.moved(expr, &ids)).collect();
        if push_left && push_right {
            let pairs = domain.columns(&left_ids).into_iter().zip(domain.columns(&right_ids)).collect();
            tied(&mut kept, &mut residual, &mut null_safe, pairs);
        }
        if kind == JoinKind::Cross && !(kept.is_empty() && residual.is_empty()) {
            kind = JoinKind::Inner;
        }
        let residual = walk::all_of(residual);
        let plan = Plan::Join { left: Box::new(left), right: Box::new(right), kind, on: kept, residual, null_safe };
        if kind != JoinKind::Full {
            return Ok((plan, ids));
        }
        // Rows of one side alone have only that side's columns of the domain.
        let both: Ids = left_ids.iter().chain(&right_ids).copied().collect();
        let mut columns: Vec<(Field, Expr)> = walk::output(&plan)
            .into_iter()
            .filter(|(id, _)| !both.contains(id))
            .map(|(id, ty)| (Field { id, name: String::new(), ty }, walk::column(id, ty, Span::default())))
            .collect();
        let mut ids = Vec::new();
        for (a, b) in domain.columns(&left_ids).into_iter().zip(domain.columns(&right_ids)) {
            let field = self.field("", a.ty);
            ids.push(field.id);
            let ty = a.ty;
            columns.push((field, walk::call(Scalar::Coalesce, vec![a, b], ty, Span::default())));
        }
        Ok((self.project(plan, columns), ids))
    }
}

/// A recursive query.
pub(super) struct Rounds {
    pub(super) id: u32,
    pub(super) start: Plan,
    pub(super) step: Plan,
    pub(super) sources: Vec<(ColumnId, ColumnId)>,
    pub(super) fields: Vec<Field>,
    pub(super) distinct: bool,
}

/// A join.
pub(super) struct Sides {
    pub(super) left: Plan,
    pub(super) right: Plan,
    pub(super) kind: JoinKind,
    pub(super) on: Vec<(Expr, Expr)>,
    pub(super) residual: Vec<Expr>,
    pub(super) null_safe: bool,
}
