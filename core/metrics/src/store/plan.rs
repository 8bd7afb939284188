//! What a store holds, and the queries that make it.

use super::{ALL_ROWS, METRIC, SPLIT, STORE_PERIOD, VALUE, definition};
use crate::catalogue::{Catalogue, Leaf, Shape};
use crate::check::is_linear;
use crate::print::{BoundText, bound};
use crate::tree::{Aggregate, AggregateFunction, Expr, Select};
use crate::trust::asked;
use almanac_model::data::Table as Rows;
use almanac_model::manifest::{Manifest, Stored, StoredValue};
use almanac_model::metric::Grain;
use almanac_model::schema::{Column, Table};
use almanac_model::{Type, Value};
use std::collections::BTreeMap;

/// One table of the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StorePlan {
    /// What the manifest says of it. Which values are whole numbers is known once they are there.
    pub stored: Stored,
    /// Its columns.
    pub table: Table,
    /// The queries that make it: the whole, then each split.
    pub scans: Vec<StoreScan>,
}

/// A query that makes the rows of one split.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreScan {
    /// The dimension; empty for the whole.
    pub split: String,
    /// Answers the period, the dimension, the number of rows, then value and number of rows of each metric.
    pub text: BoundText,
    /// The metrics' columns, in order.
    pub values: Vec<String>,
}

/// A row of a store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRow {
    /// The metric's column.
    pub metric: String,
    /// The dimension; empty for the whole.
    pub split: String,
    /// The first day of the month, or the day.
    pub period: i32,
    /// The slice, a value of the dimension; NULL for the whole.
    pub slice: Value,
    /// The value; NULL for a sum of NULLs.
    pub value: Option<f64>,
}

/// The tables of a store: months and their splits, and days, of every aggregate that adds up.
#[must_use]
pub fn store_plans(catalogue: &Catalogue, manifest: &Manifest, as_of: i32) -> Vec<StorePlan> {
    let mut groups: BTreeMap<(String, Grain, String), Vec<&Leaf>> = BTreeMap::new();
    for leaf in asked(catalogue).filter_map(|metric| catalogue.shape(&metric.id)).flat_map(leaves) {
        if !adds_up(leaf) || catalogue.table(&leaf.table).is_none_or(|table| table.calendar) {
            continue;
        }
        for (grain, time) in [(Grain::Month, leaf.month()), (Grain::Day, leaf.day())] {
            if let Some(time) = time {
                groups.entry((leaf.table.clone(), grain, time.to_owned())).or_default().push(leaf);
            }
        }
    }
    let plans = groups.into_iter().filter_map(|((table, grain, time), leaves)| {
        let resource = manifest.resources.iter().find(|resource| resource.name == table)?;
        let facts = catalogue.table(&table)?;
        let type_of = |name: &str| resource.schema.fields.iter().find(|field| field.name == name).map(|field| field.ty);
        let splits: Vec<(String, Type)> = match grain {
            Grain::Month => {
                let kept = |ty: &Type| matches!(ty, Type::Varchar | Type::Integer | Type::BigInt);
                let typed = facts.dimensions.iter().filter_map(|name| Some((name.text.clone(), type_of(&name.text)?)));
                typed.filter(|(_, ty)| kept(ty)).collect()
            }
            _ => Vec::new(),
        };
        let values =
            leaves.iter().map(|leaf| (leaf.alias.clone(), StoredValue { definition: definition(leaf), whole: false }));
        let usual = match grain {
            Grain::Month => facts.time.month.as_ref(),
            _ => facts.time.day.as_ref(),
        };
        let by = if usual.is_some_and(|usual| usual.text == time) { String::new() } else { format!("_by_{time}") };
        let stored = Stored {
            resource: format!("kpi_{table}{by}_{}", grain.name()),
            table: table.clone(),
            of: resource.fingerprint(),
            grain,
            time: time.clone(),
            splits: splits.iter().map(|(name, _)| name.clone()).collect(),
            values: values.collect(),
        };
        let whole = std::iter::once(None).chain(splits.iter().map(|(name, _)| Some(name.as_str())));
        let scans = whole.map(|split| scan(&table, &time, split, &leaves, as_of)).collect();
        Some(StorePlan { table: columns(&stored, &splits), stored, scans })
    });
    plans.collect()
}

/// The aggregates that a metric is made of itself.
pub(super) fn leaves(shape: &Shape) -> Vec<&Leaf> {
    match shape {
        Shape::Leaf(leaf) => vec![leaf],
        Shape::Conversion { converted, base } => vec![converted, base],
        _ => Vec::new(),
    }
}

/// Whether it is a sum of sums and counts, which add up over slices.
fn adds_up(leaf: &Leaf) -> bool {
    let sums = |aggregate: &Aggregate| {
        !aggregate.distinct && matches!(aggregate.function, AggregateFunction::Sum | AggregateFunction::Count)
    };
    let aggregates = leaf.measure.aggregates();
    // As columns, the aggregates are what a linear expression may be made of.
    let shape = leaf.measure.replaced(&mut |part| matches!(part, Expr::Aggregate(_)).then(|| Expr::column("x")));
    !leaf.time.now && !aggregates.is_empty() && aggregates.iter().all(sums) && is_linear(&shape)
}

fn scan(table: &str, time: &str, split: Option<&str>, leaves: &[&Leaf], as_of: i32) -> StoreScan {
    let period = Expr::column(time);
    let count = |filter: Option<&Expr>| {
        let filter = filter.map(|filter| Box::new(filter.clone()));
        Expr::Aggregate(Aggregate { function: AggregateFunction::Count, distinct: false, argument: None, filter })
    };
    let mut columns = vec![(period.clone(), STORE_PERIOD.to_owned())];
    columns.extend(split.map(|name| (Expr::column(name), "slice".to_owned())));
    let group = columns.len();
    columns.push((count(None), "n".to_owned()));
    for (at, leaf) in leaves.iter().enumerate() {
        let value = leaf.measure.replaced(&mut |part| match part {
            Expr::Aggregate(aggregate) => {
                let filter = leaf.filter.as_ref().map(|filter| Box::new(filter.clone()));
                Some(Expr::Aggregate(Aggregate { filter, ..aggregate.clone() }))
            }
            _ => None,
        });
        columns.push((value, format!("v{at}")));
        columns.push((count(leaf.filter.as_ref()), format!("n{at}")));
    }
    let dated =
        |expr: &Expr| expr.replaced(&mut |part| (*part == Expr::AsOf).then_some(Expr::Bound(Value::Date(as_of))));
    let query = Select {
        columns: columns.iter().map(|(expr, name)| (dated(expr), name.clone())).collect(),
        from: table.to_owned(),
        filter: Some(Expr::IsNull(Box::new(period), true)),
        group,
        ..Select::default()
    };
    let values = leaves.iter().map(|leaf| leaf.alias.clone()).collect();
    StoreScan { split: split.unwrap_or_default().to_owned(), text: bound(&query), values }
}

/// The columns of a table of the store.
fn columns(stored: &Stored, splits: &[(String, Type)]) -> Table {
    let column = |name: &str, ty, nullable, description: &str| Column {
        name: name.to_owned(),
        ty,
        nullable,
        description: description.to_owned(),
        ..Column::default()
    };
    let mut columns = vec![
        column(METRIC, Type::Varchar, false, "the metric; empty for all rows of the table"),
        column(SPLIT, Type::Varchar, false, "the dimension it is split by; empty for the whole"),
        column(STORE_PERIOD, Type::Date, false, "the day, or the first day of the month"),
    ];
    columns.extend(splits.iter().map(|(name, ty)| column(name, *ty, true, "the slice, where it is split by this")));
    columns.push(column(VALUE, Type::Double, true, "the value"));
    Table {
        name: stored.resource.clone(),
        description: format!(
            "Values of metrics over `{}` by {}, calculated before.",
            stored.table,
            stored.grain.name()
        ),
        kind: "store".to_owned(),
        grain: format!("metric, split, {} and slice", stored.grain.name()),
        sources: vec![stored.table.clone()],
        columns,
        ..Table::default()
    }
}

impl StoreScan {
    /// The rows of an answer, and the metrics whose values are whole numbers.
    #[must_use]
    pub fn rows(&self, answer: &Rows) -> (Vec<StoredRow>, Vec<String>) {
        let keys = 1 + usize::from(!self.split.is_empty());
        let get = |column: usize, row: usize| answer.columns.get(column).map_or(Value::Null, |c| c.values.get(row));
        let number = |value: Value| match value {
            Value::Int(number) => Some(number as f64),
            Value::Double(number) => Some(number),
            _ => None,
        };
        let mut rows = Vec::new();
        for row in 0..answer.rows {
            let Value::Date(period) = get(0, row) else { continue };
            let slice = if keys == 2 { get(1, row) } else { Value::Null };
            let of = |metric: &str, value| StoredRow {
                metric: metric.to_owned(),
                split: self.split.clone(),
                period,
                slice: slice.clone(),
                value,
            };
            rows.push(of(ALL_ROWS, number(get(keys, row))));
            for (at, metric) in self.values.iter().enumerate() {
                let place = keys + 1 + 2 * at;
                // Where no row counts there is no value, not one of 0.
                if number(get(place + 1, row)).is_some_and(|count| count > 0.0) {
                    rows.push(of(metric, number(get(place, row))));
                }
            }
        }
        let is_whole = |at: usize| answer.columns.get(keys + 1 + 2 * at).is_some_and(|column| column.ty.is_integer());
        let whole = self.values.iter().enumerate().filter(|(at, _)| is_whole(*at));
        (rows, whole.map(|(_, metric)| metric.clone()).collect())
    }
}
