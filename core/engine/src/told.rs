//! Counts and extremes that the footers of a table's files tell: no byte of its data is asked for.
//!
//! May use: plans, the manifest and the footers in it. Never: the network; a bound that may not be a value.
//! **Invariant:** the answer is the one the rows would give, or there is none: a row group of which a condition leaves a part, a
//! column whose values may be NaN or were cut off, and the rows are read.

use std::borrow::Cow;
use std::cmp::Ordering;

use almanac_model::manifest::{File, Resource};
use almanac_model::{Type, Value};
use almanac_sql::functions::Aggregate;
use almanac_sql::plan::{AggregateCall, ColumnId, Expr, ExprKind, Field, Plan, Query};

use crate::load::domain::{Edge, Exact};
use crate::load::extract::{self, FileState};
use crate::load::parquet::Footer;
use crate::load::prune::Condition;
use crate::needs;
use crate::store::{Origin, Store};

/// The query with such aggregates as values, if it has any; footers may take `budget` bytes.
pub(crate) fn told(query: &Query, store: &Store, budget: u64) -> Option<Query> {
    let mut query = query.clone();
    replaced(&mut query.root, store, budget).then_some(query)
}

fn replaced(plan: &mut Plan, store: &Store, budget: u64) -> bool {
    if let Some(values) = answered(plan, store, budget) {
        *plan = values;
        return true;
    }
    // What is shared stays: its readers would have to be changed together.
    let mut any = false;
    for input in plan.inputs_mut() {
        any |= replaced(input, store, budget);
    }
    any
}

/// One aggregate, so far.
struct Tally<'a> {
    function: Aggregate,
    /// The column it reads, as the table calls it; none for `count(*)`.
    column: Option<&'a str>,
    ty: Type,
    count: u64,
    best: Option<Edge>,
}

fn answered(plan: &Plan, store: &Store, budget: u64) -> Option<Plan> {
    let Plan::Aggregate { input, keys, aggregates } = plan else { return None };
    if !keys.is_empty() {
        return None;
    }
    let (input, renamed) = match input.as_ref() {
        Plan::Project { input, columns } => (input.as_ref(), Some(columns)),
        input => (input, None),
    };
    let (table, columns, condition) = match (needs::condition(input), input) {
        (Some((table, condition)), _) => (table, condition.columns, Some(condition)),
        (None, Plan::Scan { table, columns }) => (table.as_str(), columns.as_slice(), None),
        _ => return None,
    };
    let Origin::Extract { resource, files } = &store.get(table)?.origin else { return None };
    let mut tallies = aggregates
        .iter()
        .map(|(_, call)| Tally::of(call, columns, renamed.map(Vec::as_slice)))
        .collect::<Option<Vec<_>>>()?;
    for (at, file) in resource.files.iter().enumerate() {
        add_file(&mut tallies, resource, file, files.get(at), condition.as_ref(), budget)?;
    }
    let row = tallies.iter().map(Tally::value).collect::<Option<Vec<Value>>>()?;
    let cell = |(value, tally): (Value, &Tally<'_>)| Expr {
        kind: ExprKind::Literal(value),
        ty: tally.ty,
        span: almanac_model::Span::default(),
    };
    let fields = aggregates.iter().zip(&tallies).map(|((field, _), tally)| Field {
        id: field.id,
        name: format!("{} by the statistics of {table}", tally.words()),
        ty: field.ty,
    });
    Some(Plan::Values { fields: fields.collect(), rows: vec![row.into_iter().zip(&tallies).map(cell).collect()] })
}

/// Adds what a file tells; `None` when its rows must be read.
fn add_file(
    tallies: &mut [Tally<'_>],
    resource: &Resource,
    file: &File,
    state: Option<&FileState>,
    condition: Option<&Condition<'_>>,
    budget: u64,
) -> Option<()> {
    if condition.is_some_and(|condition| !extract::may_pass(resource, file, condition)) {
        return Some(());
    }
    if condition.is_none() && tallies.iter().all(|tally| tally.column.is_none()) {
        tallies.iter_mut().for_each(|tally| tally.count += file.rows);
        return Some(());
    }
    let footer = match state.and_then(|state| state.footer.as_ref()) {
        Some(footer) => Cow::Borrowed(footer),
        None => Cow::Owned(extract::published_footer(file, budget)?.ok()?),
    };
    if footer.rows() != file.rows {
        return None;
    }
    for group in 0..footer.groups() {
        if let Some(condition) = condition {
            if !footer.may_pass(group, condition) {
                continue;
            }
            if !footer.must_pass(group, condition) {
                return None;
            }
        }
        tallies.iter_mut().try_for_each(|tally| tally.add(&footer, group))?;
    }
    Some(())
}

impl<'a> Tally<'a> {
    /// Of a call that statistics can answer, over columns of a scan, some under other names.
    fn of(call: &AggregateCall, columns: &'a [(String, Field)], renamed: Option<&[(Field, Expr)]>) -> Option<Self> {
        let plain = !call.distinct && call.filter.is_none() && call.order_by.is_empty();
        let column = match (call.function, call.args.as_slice()) {
            (Aggregate::CountStar, []) => None,
            (Aggregate::Count | Aggregate::Min | Aggregate::Max, [arg]) => {
                let mut id = column_of(arg)?;
                if let Some(renamed) = renamed {
                    id = column_of(&renamed.iter().find(|(field, _)| field.id == id)?.1)?;
                }
                let (name, field) = columns.iter().find(|(_, field)| field.id == id)?;
                if call.function != Aggregate::Count && field.ty != call.ty {
                    return None;
                }
                Some(name.as_str())
            }
            _ => return None,
        };
        plain.then_some(Self { function: call.function, column, ty: call.ty, count: 0, best: None })
    }

    /// Adds a row group that passes whole.
    fn add(&mut self, footer: &Footer, group: usize) -> Option<()> {
        let range = footer.group(group);
        let rows = range.end - range.start;
        let Some(name) = self.column else {
            self.count += rows;
            return Some(());
        };
        let Exact { nulls, low, high } = footer.exact(group, footer.source(name)?)?;
        let values = rows.checked_sub(nulls)?;
        self.count += values;
        let (edge, better) = match self.function {
            Aggregate::Min => (low, Ordering::Less),
            Aggregate::Max => (high, Ordering::Greater),
            _ => return Some(()),
        };
        if values > 0 {
            let edge = edge?;
            match &self.best {
                Some(best) if edge.compare(best)? != better => {}
                _ => self.best = Some(edge),
            }
        }
        Some(())
    }

    fn value(&self) -> Option<Value> {
        if matches!(self.function, Aggregate::Count | Aggregate::CountStar) {
            return i64::try_from(self.count).ok().map(Value::Int);
        }
        let Some(best) = &self.best else { return Some(Value::Null) };
        Some(match (self.ty, best) {
            (Type::Boolean, Edge::Int(n)) => Value::Boolean(*n != 0),
            (Type::Integer | Type::BigInt, Edge::Int(n)) => Value::Int(*n),
            (Type::Date, Edge::Int(n)) => Value::Date(i32::try_from(*n).ok()?),
            (Type::Time, Edge::Int(n)) => Value::Time(*n),
            (Type::Timestamp, Edge::Int(n)) => Value::Timestamp(*n),
            (Type::Double, Edge::Double(x)) => Value::Double(*x),
            (Type::Varchar, Edge::Text(text)) => Value::Text(String::from_utf8(text.clone()).ok()?),
            _ => return None,
        })
    }

    /// The call, for people.
    fn words(&self) -> String {
        let function = match self.function {
            Aggregate::Min => "min",
            Aggregate::Max => "max",
            _ => "count",
        };
        format!("{function}({})", self.column.unwrap_or("*"))
    }
}

fn column_of(expr: &Expr) -> Option<ColumnId> {
    if let ExprKind::Column(id) = expr.kind { Some(id) } else { None }
}
