//! Lists and structs. Values are taken out of their bytes row by row and worked on as plain ones: lists on dashboards are short,
//! and one code for all element types is small.

use almanac_model::{Type, Value};
use almanac_sql::functions::{Aggregate, Nested};
use almanac_sql::plan::{AggregateCall, Expr, ExprKind};
use polars_core::prelude::*;

use super::aggregate;
use super::regexp::{Match, Patterns};
use crate::aggregate::basic::picked;
use crate::aggregate::groups::Groups;
use crate::aggregate::input::Input;
use crate::lower::call::{Answer, Call};
use crate::lower::series::By;
use crate::nested::item_key;
use crate::physical::{self, Cells};
use crate::text_form;

/// Longest list that a function makes out of numbers.
const LONGEST: i64 = 1 << 20;

/// A function of lists and structs.
pub(crate) fn nested(call: &Call<'_>, function: Nested, types: &[Type]) -> Answer<Column> {
    if let Nested::Aggregate(function) = function {
        return over_elements(call, function, types);
    }
    let cells = call.args.iter().map(Cells::new).collect::<Result<Vec<_>, _>>()?;
    let element = types.iter().find_map(|ty| ty.element()).or(call.ty.element()).unwrap_or(Type::Null);
    let mut work = Work { ty: call.ty, element, patterns: Patterns::new() };
    call.values(&mut |row| {
        let args: Vec<Value> = cells.iter().zip(types).map(|(cells, ty)| cells.value(row, *ty)).collect();
        match work.apply(function, args) {
            Ok(value) => Ok(value),
            Err(why) => Ok(call.refuse(row, "out-of-range", || why)?.unwrap_or(Value::Null)),
        }
    })
}

/// What one call knows for all rows.
struct Work {
    ty: Type,
    element: Type,
    patterns: Patterns,
}

impl Work {
    fn key(&self, value: &Value) -> Vec<u8> {
        item_key(value, self.element)
    }

    fn apply(&mut self, function: Nested, mut args: Vec<Value>) -> Result<Value, String> {
        use Value::{Int, List, Null, Text};
        // Those to which a NULL is a value.
        match (function, args.as_mut_slice()) {
            (Nested::List, _) => return Ok(List(args)),
            (Nested::Struct, _) => {
                let Type::Struct(record) = self.ty else { return Ok(Null) };
                return Ok(Value::Struct(record.fields().iter().map(|(name, _)| name.clone()).zip(args).collect()));
            }
            (Nested::Concat, _) => {
                let known: Vec<Value> = args.into_iter().filter(|arg| *arg != Null).collect();
                return Ok(if known.is_empty() { Null } else { List(known.into_iter().flat_map(items).collect()) });
            }
            (Nested::Zip(cut), _) => {
                let lists: Vec<Vec<Value>> = args.into_iter().map(items).collect();
                let lengths = lists.iter().map(Vec::len);
                let length = if cut { lengths.min() } else { lengths.max() }.unwrap_or(0);
                let item = |at: usize| lists.iter().map(move |list| list.get(at).cloned().unwrap_or(Null));
                let zipped = |at| Value::Struct(item(at).map(|value| (String::new(), value)).collect());
                return Ok(List((0..length).map(zipped).collect()));
            }
            (Nested::Append, [list, item]) => {
                let mut all = items(std::mem::replace(list, Null));
                all.push(item.clone());
                return Ok(List(all));
            }
            (Nested::Prepend, [item, list]) => {
                let rest = items(std::mem::replace(list, Null));
                return Ok(List(std::iter::once(item.clone()).chain(rest).collect()));
            }
            (Nested::Position, [List(list), item]) => {
                let at = list.iter().position(|known| self.key(known) == self.key(item));
                return Ok(at.map_or(Null, |at| Int(at as i64 + 1)));
            }
            (Nested::Split, [Text(text), Null]) => return Ok(List(vec![Text(std::mem::take(text))])),
            (Nested::Resize, [List(list), Int(length), rest @ ..]) => {
                let length = usize::try_from((*length).clamp(0, LONGEST)).unwrap_or(0);
                let mut list = std::mem::take(list);
                list.resize(length, rest.first().cloned().unwrap_or(Null));
                return Ok(List(list));
            }
            _ => {}
        }
        if args.contains(&Null) {
            return Ok(Null);
        }
        Ok(match (function, args.as_slice()) {
            (Nested::Field(at), [Value::Struct(values)]) => {
                values.get(at as usize).map_or(Null, |(_, value)| value.clone())
            }
            (Nested::Element, [List(list), Int(at)]) => place(*at, list.len()).map_or(Null, |at| list[at].clone()),
            (Nested::Slice, [List(list), Int(from), Int(to), step @ ..]) => {
                let step = if let Some(Int(step)) = step.first() { *step } else { 1 };
                List(slice(list, *from, *to, step)?)
            }
            (Nested::Length, [List(list)]) => Int(list.len() as i64),
            (Nested::Contains, [List(list), item]) => {
                let wanted = self.key(item);
                Value::Boolean(list.iter().any(|known| self.key(known) == wanted))
            }
            (Nested::HasAny, [List(a), List(b)]) => {
                let a = self.keys(a);
                Value::Boolean(self.keys(b).iter().any(|key| a.contains(key)))
            }
            (Nested::HasAll, [List(a), List(b)]) => {
                let a = self.keys(a);
                Value::Boolean(self.keys(b).iter().all(|key| a.contains(key)))
            }
            (Nested::Sort, [List(list), ways @ ..]) => self.sorted(list, ways, false)?,
            (Nested::ReverseSort, [List(list), ways @ ..]) => self.sorted(list, ways, true)?,
            (Nested::Distinct, [List(list)]) => List(self.distinct(list)),
            (Nested::Unique, [List(list)]) => Int(self.distinct(list).len() as i64),
            (Nested::Reverse, [List(list)]) => List(list.iter().rev().cloned().collect()),
            (Nested::Select, [List(list), List(places)]) => {
                let at = |wanted: &Value| if let Int(at) = wanted { place(*at, list.len()) } else { None };
                List(places.iter().map(|wanted| at(wanted).map_or(Null, |at| list[at].clone())).collect())
            }
            (Nested::Where, [List(list), List(kept)]) => {
                let pairs = list.iter().zip(kept).filter(|(_, kept)| **kept == Value::Boolean(true));
                List(pairs.map(|(item, _)| item.clone()).collect())
            }
            (Nested::Intersect, [List(a), List(b)]) => {
                let b = self.keys(b);
                List(self.distinct(a).into_iter().filter(|item| b.contains(&self.key(item))).collect())
            }
            (Nested::Flatten, [List(lists)]) => List(lists.iter().cloned().flat_map(items).collect()),
            (Nested::Join, [List(list), Text(separator)]) => {
                let texts: Vec<String> = list.iter().filter_map(text_form::of).collect();
                if texts.is_empty() { Null } else { Text(texts.join(separator)) }
            }
            (Nested::Range, bounds) => series(bounds, false)?,
            (Nested::Series, bounds) => series(bounds, true)?,
            (Nested::Split, [Text(text), Text(separator)]) => List(split(text, separator)),
            (Nested::SplitPattern, [Text(text), Text(pattern)]) => {
                let regex = self.patterns.get(pattern, "", Match::Part).map_err(|error| no_pattern(pattern, error))?;
                List(regex.split(text).map(|part| Text(part.to_owned())).collect())
            }
            (Nested::ExtractAll, [Text(text), Text(pattern), group @ ..]) => {
                let group = if let Some(Int(group)) = group.first() {
                    usize::try_from(*group).unwrap_or(usize::MAX)
                } else {
                    0
                };
                let regex = self.patterns.get(pattern, "", Match::Part).map_err(|error| no_pattern(pattern, error))?;
                if group >= regex.captures_len() {
                    return Err(format!("'{pattern}' has no group {group}"));
                }
                let found =
                    regex.captures_iter(text).map(|found| found.get(group).map_or("", |part| part.as_str()).to_owned());
                List(found.map(Text).collect())
            }
            (Nested::DotProduct | Nested::Distance | Nested::Cosine, [List(a), List(b)]) => vectors(function, a, b)?,
            _ => Null,
        })
    }

    fn keys(&self, items: &[Value]) -> Vec<Vec<u8>> {
        items.iter().filter(|item| **item != Value::Null).map(|item| self.key(item)).collect()
    }

    fn distinct(&self, items: &[Value]) -> Vec<Value> {
        let mut seen = PlHashSet::default();
        items.iter().filter(|item| **item != Value::Null && seen.insert(self.key(item))).cloned().collect()
    }

    fn sorted(&self, items: &[Value], ways: &[Value], reverse: bool) -> Result<Value, String> {
        let (mut descending, mut nulls_first) = (reverse, false);
        for way in ways {
            let Value::Text(way) = way else { continue };
            match way.to_ascii_uppercase().as_str() {
                "ASC" | "ASCENDING" => descending = reverse,
                "DESC" | "DESCENDING" => descending = !reverse,
                "NULLS FIRST" => nulls_first = true,
                "NULLS LAST" => nulls_first = false,
                other => {
                    return Err(format!("'{other}' is not an order: `ASC`, `DESC`, `NULLS FIRST` or `NULLS LAST`"));
                }
            }
        }
        let mut known: Vec<&Value> = items.iter().filter(|item| **item != Value::Null).collect();
        known.sort_by_cached_key(|item| self.key(item));
        if descending {
            known.reverse();
        }
        let nulls = vec![Value::Null; items.len() - known.len()];
        let known: Vec<Value> = known.into_iter().cloned().collect();
        Ok(Value::List(if nulls_first { [nulls, known].concat() } else { [known, nulls].concat() }))
    }
}

fn items(value: Value) -> Vec<Value> {
    if let Value::List(items) = value { items } else { Vec::new() }
}

/// An index for a place from 1, or from the end.
fn place(at: i64, length: usize) -> Option<usize> {
    let length = length as i64;
    let at = if at < 0 { length + at } else { at - 1 };
    usize::try_from(at).ok().filter(|at| (*at as i64) < length)
}

fn slice(list: &[Value], from: i64, to: i64, step: i64) -> Result<Vec<Value>, String> {
    if step == 0 {
        return Err("a slice cannot have a step of zero".to_owned());
    }
    let length = list.len() as i64;
    let absolute = |at: i64| if at < 0 { length + at + 1 } else { at };
    let (low, high) = if step > 0 { (absolute(from), absolute(to)) } else { (absolute(to), absolute(from)) };
    let (low, high) = (low.max(1), high.min(length));
    let mut out = Vec::new();
    let mut at = if step > 0 { low } else { high };
    while (low..=high).contains(&at) {
        out.push(list[at as usize - 1].clone());
        at = at.saturating_add(step);
    }
    Ok(out)
}

fn series(bounds: &[Value], closed: bool) -> Result<Value, String> {
    let number = |bound: &Value| if let Value::Int(n) | Value::Timestamp(n) = bound { Some(*n) } else { None };
    let (start, end, by) = match bounds {
        [end] => (Some(0), number(end), By::Number(1)),
        [start, end] => (number(start), number(end), By::Number(1)),
        [start, end, Value::Interval(by)] => (number(start), number(end), By::Time(*by)),
        [start, end, Value::Int(by)] => (number(start), number(end), By::Number(*by)),
        _ => (None, None, By::Number(1)),
    };
    let (Some(mut at), Some(end)) = (start, end) else { return Ok(Value::Null) };
    let Some(forward) = by.is_forward() else {
        return match by {
            By::Number(_) => Err("a series cannot have a step of zero".to_owned()),
            By::Time(_) => Ok(Value::List(Vec::new())),
        };
    };
    let made = |at| if let By::Time(_) = by { Value::Timestamp(at) } else { Value::Int(at) };
    let mut out = Vec::new();
    while if forward { at < end } else { at > end } || (closed && at == end) {
        if out.len() as i64 == LONGEST {
            return Err(format!("a list has at most {LONGEST} elements"));
        }
        out.push(made(at));
        let Some(next) = by.after(at) else { break };
        at = next;
    }
    Ok(Value::List(out))
}

fn split(text: &str, separator: &str) -> Vec<Value> {
    if separator.is_empty() {
        return text.chars().map(|c| Value::Text(c.to_string())).collect();
    }
    text.split(separator).map(|part| Value::Text(part.to_owned())).collect()
}

fn no_pattern(pattern: &str, error: &str) -> String {
    format!("'{pattern}' is not a regular expression: {error}")
}

fn vectors(function: Nested, a: &[Value], b: &[Value]) -> Result<Value, String> {
    let numbers = |list: &[Value]| -> Option<Vec<f64>> {
        list.iter().map(|item| if let Value::Double(x) = item { Some(*x) } else { None }).collect()
    };
    let (Some(x), Some(y)) = (numbers(a), numbers(b)) else { return Err("a vector cannot hold NULL".to_owned()) };
    if x.len() != y.len() {
        return Err(format!("vectors of {} and {} elements do not go together", x.len(), y.len()));
    }
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>();
    Ok(Value::Double(match function {
        Nested::Distance => x.iter().zip(&y).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt(),
        Nested::Cosine => (dot(&x, &y) / (dot(&x, &x) * dot(&y, &y)).sqrt()).clamp(-1.0, 1.0),
        _ => dot(&x, &y),
    }))
}

/// The elements of a column of lists end to end, and the row each comes from; rows that are not wanted have none.
pub(super) struct Flat {
    pub(super) elements: Vec<Value>,
    pub(super) rows: Vec<u32>,
    /// Rows that are a list.
    pub(super) lists: Vec<bool>,
}

impl Flat {
    /// Elements, each with its row, as lists again.
    pub(super) fn regrouped(&self, call: &Call<'_>, items: Vec<(Value, u32)>) -> Answer<Column> {
        let mut items = items.into_iter().peekable();
        call.values(&mut |row| {
            if !self.lists[row] {
                return Ok(Value::Null);
            }
            let mut list = Vec::new();
            while let Some((item, _)) = items.next_if(|(_, of)| *of as usize == row) {
                list.push(item);
            }
            Ok(Value::List(list))
        })
    }
}

pub(super) fn flattened(call: &Call<'_>, ty: Type) -> Answer<Flat> {
    let cells = Cells::new(call.arg(0)?)?;
    let mut flat = Flat { elements: Vec::new(), rows: Vec::new(), lists: Vec::with_capacity(call.rows) };
    for row in 0..call.rows {
        let wanted = call.guard.as_ref().is_none_or(|guard| guard.get(row) == Some(true));
        let value = if wanted { cells.value(row, ty) } else { Value::Null };
        flat.lists.push(value != Value::Null);
        let items = items(value);
        flat.rows.extend(std::iter::repeat_n(row as u32, items.len()));
        flat.elements.extend(items);
    }
    Ok(flat)
}

/// An aggregate over the elements of each list: every list is a group.
fn over_elements(call: &Call<'_>, function: Aggregate, types: &[Type]) -> Answer<Column> {
    let ty = types.first().copied().unwrap_or(Type::Null);
    let flat = flattened(call, ty)?;
    let groups = Groups::new(flat.rows.clone(), vec![0; call.rows]);
    let elements = physical::value_column(PlSmallStr::EMPTY, ty.element().unwrap_or(Type::Null), &flat.elements);
    let mut args = vec![elements];
    for arg in call.args.iter().skip(1) {
        let rows = IdxCa::from_vec(PlSmallStr::EMPTY, flat.rows.clone());
        args.push(if arg.len() == 1 { arg.clone() } else { arg.take(&rows)? });
    }
    // Constants among the arguments, such as the share of a quantile, are read from the call.
    let constant = |(arg, ty): (&Column, &Type)| -> Answer<Expr> {
        let value = if arg.is_empty() { Value::Null } else { Cells::new(arg)?.value(0, *ty) };
        Ok(Expr { kind: ExprKind::Literal(value), ty: *ty, span: call.span })
    };
    let constants = call.args.iter().zip(types).map(constant).collect::<Answer<_>>()?;
    let aggregate =
        AggregateCall { function, args: constants, distinct: false, filter: None, order_by: Vec::new(), ty: call.ty };
    let out = aggregate::compute(&aggregate, &Input::new(flat.elements.len(), &groups), &args)?;
    let rows: Vec<Option<u32>> = (0..call.rows as u32).map(|row| flat.lists[row as usize].then_some(row)).collect();
    Ok(picked(&out, &rows)?)
}

/// Lists and structs of one type to those of another, element by element with `cast`.
pub(crate) fn cast(call: &Call<'_>, from: Type, cast: &dyn Fn(&Call<'_>, Type) -> Answer<Column>) -> Answer<Column> {
    let converted = |elements: &[Value], from: Type, to: Type| -> Answer<Vec<Value>> {
        let args = [physical::value_column(PlSmallStr::EMPTY, from, elements)];
        let inner = Call { args: &args, rows: elements.len(), guard: None, span: call.span, ty: to };
        let cells = Cells::new(&cast(&inner, from)?)?;
        Ok((0..elements.len()).map(|row| cells.value(row, to)).collect())
    };
    match (from, call.ty) {
        (Type::List(element), Type::List(to)) => {
            let flat = flattened(call, from)?;
            let elements = converted(&flat.elements, element.element(), to.element())?;
            flat.regrouped(call, elements.into_iter().zip(flat.rows.iter().copied()).collect())
        }
        (Type::Struct(fields), Type::Struct(to)) => {
            let cells = Cells::new(call.arg(0)?)?;
            let wanted = |row: usize| call.guard.as_ref().is_none_or(|guard| guard.get(row) == Some(true));
            let values: Vec<Value> =
                (0..call.rows).map(|row| if wanted(row) { cells.value(row, from) } else { Value::Null }).collect();
            let mut columns = Vec::new();
            for (at, ((_, from), (_, to))) in fields.fields().iter().zip(to.fields()).enumerate() {
                let field = |value: &Value| match value {
                    Value::Struct(values) => values.get(at).map_or(Value::Null, |(_, value)| value.clone()),
                    _ => Value::Null,
                };
                columns.push(converted(&values.iter().map(field).collect::<Vec<_>>(), *from, *to)?);
            }
            call.values(&mut |row| {
                Ok(match &values[row] {
                    Value::Null => Value::Null,
                    _ => Value::Struct(
                        to.fields()
                            .iter()
                            .zip(&columns)
                            .map(|((name, _), column)| (name.clone(), column[row].clone()))
                            .collect(),
                    ),
                })
            })
        }
        _ => call.values(&mut |_| Ok(Value::Null)),
    }
}
