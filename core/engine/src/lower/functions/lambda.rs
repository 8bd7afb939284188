//! Lambdas over the elements of lists. The elements of all rows are laid end to end, and the lambda's body is computed over them
//! as over any column, once; `list_reduce` takes as many rounds as its longest list has elements.

use almanac_model::{Type, Value};
use almanac_sql::functions::Nested;
use almanac_sql::plan::{Expr, ExprKind};
use polars_core::prelude::*;
use polars_lazy::dsl::{self, Expr as Lazy};
use polars_lazy::frame::IntoLazy;
use std::collections::BTreeSet;

use super::list::{Flat, flattened};
use crate::execute;
use crate::lower::call::{Answer, Call};
use crate::lower::expr::{self, Expressions, Ids, columns_of};
use crate::physical::{self, Cells};

/// Name of a lambda's parameter in Polars' frames.
pub(crate) fn name(id: u32) -> PlSmallStr {
    PlSmallStr::from_string(format!("e{id}"))
}

/// A call of a function with a lambda.
pub(super) fn lowered(to: &Expressions, function: Nested, args: &[Expr], whole: &Expr, guard: Option<&Lazy>) -> Lazy {
    let (first, [list, body, start @ ..]) = (first_of(function), args) else { return expr::null(whole.ty) };
    // What the body reads of the row, and of lambdas around.
    let (mut read, mut elements) = (Ids::new(), BTreeSet::new());
    columns_of(body, &mut read);
    elements_of(body, &mut elements);
    let names = read.into_iter().map(expr::name);
    let names: Vec<PlSmallStr> = names.chain(elements.range(..first).copied().map(name)).collect();
    let mut inputs = vec![to.guarded(list, guard)];
    inputs.extend(start.iter().map(|start| to.guarded(start, guard)));
    let own = inputs.len();
    inputs.extend(names.iter().cloned().map(dsl::col));
    let body = Body { lazy: to.lower(body), ty: body.ty, names, first, places: elements };
    let list_type = list.ty;
    to.function(whole, inputs, guard, move |call| {
        let (own, captured) = call.args.split_at(own);
        let flat = flattened(call, list_type)?;
        let element = list_type.element().unwrap_or(Type::Null);
        if let Nested::Reduce(_) = function {
            return reduced(call, &body, &flat, element, own.get(1), captured);
        }
        let mut places: Vec<i64> = Vec::with_capacity(flat.rows.len());
        for (at, row) in flat.rows.iter().enumerate() {
            let goes_on = at > 0 && flat.rows[at - 1] == *row;
            places.push(if goes_on { places[at - 1] + 1 } else { 1 });
        }
        let columns = [physical::value_column(name(first), element, &flat.elements)];
        let values = body.values(columns.into(), first + 1, places, captured, &flat.rows)?;
        let items: Vec<(Value, u32)> = if let Nested::Filter(_) = function {
            let kept = flat.elements.iter().zip(&flat.rows).zip(values);
            let kept = kept.filter(|(_, kept)| *kept == Value::Boolean(true));
            kept.map(|((element, row), _)| (element.clone(), *row)).collect()
        } else {
            values.into_iter().zip(flat.rows.iter().copied()).collect()
        };
        flat.regrouped(call, items)
    })
}

fn first_of(function: Nested) -> u32 {
    match function {
        Nested::Transform(first) | Nested::Filter(first) | Nested::Reduce(first) => first,
        _ => 0,
    }
}

/// The parameters that an expression reads.
fn elements_of(expr: &Expr, out: &mut BTreeSet<u32>) {
    match &expr.kind {
        ExprKind::Element(id) => _ = out.insert(*id),
        ExprKind::Column(_) | ExprKind::Literal(_) => {}
        ExprKind::Call(_, args) => args.iter().for_each(|arg| elements_of(arg, out)),
        ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => elements_of(input, out),
        ExprKind::Case { branches, otherwise } => {
            for (when, then) in branches {
                elements_of(when, out);
                elements_of(then, out);
            }
            elements_of(otherwise, out);
        }
    }
}

/// The body of a lambda.
struct Body {
    lazy: Lazy,
    ty: Type,
    /// What it reads from outside.
    names: Vec<PlSmallStr>,
    first: u32,
    /// The parameters that it reads.
    places: BTreeSet<u32>,
}

impl Body {
    /// Its values for these parameters, and those of the row that each belongs to.
    fn values(
        &self,
        mut columns: Vec<Column>,
        place: u32,
        places: Vec<i64>,
        captured: &[Column],
        rows: &[u32],
    ) -> Answer<Vec<Value>> {
        if self.places.contains(&place) {
            columns.push(Column::new(name(place), places));
        }
        for (column, name) in captured.iter().zip(&self.names) {
            let column = if column.len() == 1 {
                column.new_from_index(0, rows.len())
            } else {
                column.take(&IdxCa::from_slice(PlSmallStr::EMPTY, rows))?
            };
            columns.push(column.with_name(name.clone()));
        }
        let answer = name(self.first + 3);
        let frame = DataFrame::new(columns)?;
        let frame = execute::run(frame.lazy().select([self.lazy.clone().alias(answer.clone())]))?;
        let cells = Cells::new(frame.column(&answer)?)?;
        // A body that reads nothing has one value for all.
        let one = frame.height() != rows.len();
        Ok((0..rows.len()).map(|row| cells.value(if one { 0 } else { row }, self.ty)).collect())
    }
}

fn reduced(
    call: &Call<'_>,
    body: &Body,
    flat: &Flat,
    element: Type,
    start: Option<&Column>,
    captured: &[Column],
) -> Answer<Column> {
    let mut lists: Vec<std::collections::VecDeque<Value>> = vec![Default::default(); call.rows];
    for (element, row) in flat.elements.iter().zip(&flat.rows) {
        lists[*row as usize].push_back(element.clone());
    }
    let start = start.map(Cells::new).transpose()?;
    let mut held = Vec::with_capacity(call.rows);
    for (row, list) in lists.iter_mut().enumerate() {
        let empty = list.is_empty();
        held.push(match &start {
            Some(start) => start.value(row, call.ty),
            None => list.pop_front().unwrap_or(Value::Null),
        });
        if start.is_none() && flat.lists[row] && empty {
            call.refuse::<()>(row, "out-of-range", || "an empty list has nothing to begin with".to_owned())?;
        }
    }
    let mut place = if start.is_some() { 1 } else { 2 };
    loop {
        let rows: Vec<u32> = (0..call.rows as u32).filter(|row| !lists[*row as usize].is_empty()).collect();
        if rows.is_empty() {
            break;
        }
        let (mut before, mut next) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in &rows {
            before.push(held[*row as usize].clone());
            next.push(lists[*row as usize].pop_front().unwrap_or(Value::Null));
        }
        let columns = vec![
            physical::value_column(name(body.first), call.ty, &before),
            physical::value_column(name(body.first + 1), element, &next),
        ];
        let values = body.values(columns, body.first + 2, vec![place; rows.len()], captured, &rows)?;
        rows.iter().zip(values).for_each(|(row, value)| held[*row as usize] = value);
        place += 1;
    }
    call.values(&mut |row| Ok(if flat.lists[row] { held[row].clone() } else { Value::Null }))
}
