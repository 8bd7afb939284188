//! A question to one query.
//!
//! Every table is aggregated on its own to the keys of the answer (period and dimensions), then all are joined on a time spine. A
//! ratio is made of its two aggregates there, never of other ratios.

mod block;
mod group;
mod refuse;
mod value;
mod window;

use crate::catalogue::Catalogue;
use crate::print::{self, BoundText, Dialect};
use crate::question::{Comparison, MetricQuery};
use crate::tree::{Binary, Expr, Function, Join, Select};
use almanac_model::metric::{Grain, month_after};
use almanac_model::{Diagnostic, Value};
use block::Block;
use std::collections::BTreeSet;

/// The name of the period in an answer.
pub(crate) const PERIOD: &str = "period";

/// A question as a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// The tree.
    pub query: Select,
    /// The columns of the answer in order.
    pub output: Vec<Output>,
    /// What a reader should know: a metric is deprecated, not certified.
    pub notes: Vec<Diagnostic>,
}

/// A column of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// The metric it is of.
    pub metric: Option<String>,
    /// What it says.
    pub role: Role,
}

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The first day of the period.
    Period,
    /// A dimension.
    Dimension,
    /// The metric's value.
    Value,
    /// What it is held against.
    Compared,
    /// The value minus what it is held against.
    Change,
    /// The change as a share of what it is held against.
    ChangeShare,
}

impl Compiled {
    /// The text that Almanac runs, and its parameters.
    #[must_use]
    pub fn bound(&self) -> BoundText {
        print::bound(&self.query)
    }

    /// The text for a person or a warehouse.
    #[must_use]
    pub fn text(&self, dialect: Dialect) -> String {
        print::text(&self.query, dialect)
    }
}

/// What the whole query is about.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) dimensions: Vec<String>,
    /// Conditions on dimensions, by dimension.
    pub(crate) filters: Vec<(String, Expr)>,
    /// The last day.
    pub(crate) to: i32,
    pub(crate) as_of: i32,
}

/// The query while it is made.
pub(crate) struct Builder<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) scope: Scope,
    /// Named queries so far.
    pub(crate) with: Vec<(String, Select)>,
    names: BTreeSet<String>,
}

impl Builder<'_> {
    /// A name for a query, of that or like that; never that of a table.
    pub(crate) fn fresh(&mut self, wanted: &str) -> String {
        let taken = |name: &str| self.names.contains(name) || self.catalogue.table(name).is_some();
        let mut name = wanted.to_owned();
        let mut count = 2;
        while taken(&name) {
            name = format!("{wanted}_{count}");
            count += 1;
        }
        self.names.insert(name.clone());
        name
    }

    /// The name of a query that is there once.
    pub(crate) fn named(&mut self, wanted: &str, query: Select) -> String {
        if let Some((name, _)) = self.with.iter().find(|(_, known)| *known == query) {
            return name.clone();
        }
        let name = self.fresh(wanted);
        self.with.push((name.clone(), query));
        name
    }
}

/// Compiles a question.
///
/// # Errors
/// Why it has no right answer, each with what to ask instead.
pub fn compile(catalogue: &Catalogue, question: &MetricQuery) -> Result<Compiled, Vec<Diagnostic>> {
    let (notes, filters) = refuse::judge(catalogue, question)?;
    let grain = question.grain;
    let to = question.to.unwrap_or(question.as_of);
    let from = question.from.unwrap_or(catalogue.tables.history_from);
    let from = grain.unwrap_or(Grain::Month).start(from);
    let scope = Scope { dimensions: question.dimensions.clone(), filters, to, as_of: question.as_of };
    let mut builder = Builder { catalogue, scope, with: Vec::new(), names: BTreeSet::new() };

    let earlier = match (question.comparison, grain) {
        (Some(Comparison::Previous), Some(grain)) => Some(Earlier::Periods(grain)),
        (Some(Comparison::YearAgo), Some(Grain::Week)) => Some(Earlier::Days(364)),
        (Some(Comparison::YearAgo), Some(_)) => Some(Earlier::Months(12)),
        _ => None,
    };
    let mut block = Block::new(grain, earlier.map_or(from, |earlier| earlier.before(from)));
    let mut columns = Vec::new();
    for id in &question.metrics {
        let value = builder.value(&mut block, id, 0, question.window)?;
        columns.push((value, id.clone()));
        if question.comparison == Some(Comparison::Plan)
            && let Some(plan) = catalogue.metric(id).and_then(|metric| metric.plan.as_ref())
        {
            let value = builder.value(&mut block, &plan.text, 0, question.window)?;
            columns.push((value, format!("{id}_plan")));
        }
    }
    let mut query = builder.assemble(&block, columns);
    let mut output = keys(grain, &question.dimensions);
    match (question.comparison, earlier) {
        (None, _) => {
            output.extend(question.metrics.iter().map(|id| column(id, id.clone(), Role::Value)));
        }
        (Some(comparison), earlier) => {
            query = compared(&mut builder, query, question, earlier, from);
            for id in &question.metrics {
                output.push(column(id, id.clone(), Role::Value));
                output.push(column(id, format!("{id}_{}", suffix(comparison)), Role::Compared));
                output.push(column(id, format!("{id}_change"), Role::Change));
                output.push(column(id, format!("{id}_change_share"), Role::ChangeShare));
            }
        }
    }
    query.order = output
        .iter()
        .filter(|output| matches!(output.role, Role::Period | Role::Dimension))
        .map(|output| output.name.clone())
        .collect();
    query.with = builder.with;
    Ok(Compiled { query, output, notes })
}

/// How far back a comparison looks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Earlier {
    Periods(Grain),
    Months(u32),
    Days(i32),
}

impl Earlier {
    /// The same, later or earlier by it.
    fn of(self, period: Expr) -> Expr {
        let months = |months: u32| i32::try_from(months).unwrap_or(i32::MAX);
        match self {
            Self::Periods(grain) => match grain.months() {
                Some(count) => Expr::MonthsLater(Box::new(period), -months(count)),
                None => Expr::DaysLater(Box::new(period), if grain == Grain::Week { -7 } else { -1 }),
            },
            Self::Months(count) => Expr::MonthsLater(Box::new(period), -months(count)),
            Self::Days(days) => Expr::DaysLater(Box::new(period), -days),
        }
    }

    /// A day of periods so much earlier, and a little more for months of different length.
    fn before(self, day: i32) -> i32 {
        match self {
            Self::Periods(Grain::Day) => day - 1,
            Self::Periods(Grain::Week) => day - 7,
            Self::Periods(Grain::Month) => month_after(day, -1),
            Self::Periods(Grain::Quarter) => month_after(day, -3),
            Self::Periods(Grain::Year) => month_after(day, -12),
            Self::Months(count) => month_after(day, -i32::try_from(count).unwrap_or(12)),
            Self::Days(days) => day - days,
        }
    }
}

fn suffix(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Previous => "previous",
        Comparison::YearAgo => "year_ago",
        Comparison::Plan => "plan",
    }
}

fn keys(grain: Option<Grain>, dimensions: &[String]) -> Vec<Output> {
    let period = grain.map(|_| Output { name: PERIOD.to_owned(), metric: None, role: Role::Period });
    let dimensions = dimensions.iter().map(|name| Output { name: name.clone(), metric: None, role: Role::Dimension });
    period.into_iter().chain(dimensions).collect()
}

fn column(id: &str, name: String, role: Role) -> Output {
    Output { name, metric: Some(id.to_owned()), role }
}

/// The values beside those of another period, or beside their plan, and the change.
fn compared(
    builder: &mut Builder<'_>,
    query: Select,
    question: &MetricQuery,
    earlier: Option<Earlier>,
    from: i32,
) -> Select {
    let values = builder.fresh("metric_values");
    builder.with.push((values.clone(), query));
    let key: Vec<String> = keys(question.grain, &question.dimensions).into_iter().map(|output| output.name).collect();
    let now = |name: &str| Expr::of("current_values", name);
    let mut columns: Vec<(Expr, String)> = key.iter().map(|name| (now(name), name.clone())).collect();
    for id in &question.metrics {
        let name = format!("{id}_{}", suffix(question.comparison.unwrap_or(Comparison::Plan)));
        let other = if earlier.is_some() { Expr::of("earlier_values", id) } else { now(&name) };
        let change = now(id).op(Binary::Subtract, other.clone());
        let size = Expr::Call(Function::Abs, vec![other.clone()]);
        columns.push((now(id), id.clone()));
        columns.push((other, name));
        columns.push((change.clone(), format!("{id}_change")));
        columns.push((change.op(Binary::Divide, size), format!("{id}_change_share")));
    }
    let mut outer = Select { columns, from: values.clone(), alias: Some("current_values".into()), ..Select::default() };
    if let Some(earlier) = earlier {
        let period = Expr::of("earlier_values", PERIOD).op(Binary::Equal, earlier.of(now(PERIOD)));
        let same = question.dimensions.iter().map(|name| Expr::of("earlier_values", name).op(Binary::Same, now(name)));
        let on = Expr::all(std::iter::once(period).chain(same));
        outer.joins.push(Join { on, source: values, alias: Some("earlier_values".into()) });
        outer.filter = Some(now(PERIOD).op(Binary::GreaterOrEqual, Expr::Bound(Value::Date(from))));
    }
    outer
}
