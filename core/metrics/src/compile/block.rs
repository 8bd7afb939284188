//! One grain and what is known at it: aggregates of tables and running totals, joined on a spine.

use super::group::Group;
use super::{Builder, PERIOD};
use crate::tree::{Binary, Expr, Join, Select};
use almanac_model::Value;
use almanac_model::metric::{Grain, month_after};

/// Sources with one row for each key.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// `None` for one value over the whole range.
    pub(crate) grain: Option<Grain>,
    /// The first day of the first period.
    pub(crate) from: i32,
    pub(crate) groups: Vec<Group>,
    /// Named queries of running totals.
    pub(crate) windows: Vec<String>,
}

impl Block {
    pub(crate) fn new(grain: Option<Grain>, from: i32) -> Self {
        let from = grain.map_or(from, |grain| grain.start(from));
        Self { grain, from, groups: Vec::new(), windows: Vec::new() }
    }
}

/// The period of the spine, by name.
pub(crate) fn spine_name(grain: Grain) -> String {
    format!("{}_spine", grain.name())
}

impl Builder<'_> {
    /// The columns at the keys of the block, with the named queries they need.
    pub(crate) fn assemble(&mut self, block: &Block, values: Vec<(Expr, String)>) -> Select {
        // Sources, and whether they are split by the dimensions: a calendar is not.
        let mut sources: Vec<(String, bool)> = Vec::new();
        for group in &block.groups {
            let query = self.group_query(block, group);
            self.with.push((group.name.clone(), query));
            sources.push((group.name.clone(), group.split));
        }
        sources.extend(block.windows.iter().map(|name| (name.clone(), true)));
        let dimensions = self.scope.dimensions.clone();
        let slices =
            if dimensions.is_empty() { None } else { self.slices(&sources, &dimensions, block.grain.is_none()) };

        let mut columns: Vec<(Expr, String)> = Vec::new();
        let mut query = Select::default();
        let mut joined = Vec::new();
        match (block.grain, &slices) {
            (Some(grain), slices) => {
                let spine = self.spine(grain, block.from);
                columns.push((Expr::of(&spine, PERIOD), PERIOD.to_owned()));
                query.from = spine;
                query.joins.extend(slices.iter().map(|slices| Join { on: None, source: slices.clone(), alias: None }));
            }
            (None, Some(slices)) => query.from.clone_from(slices),
            (None, None) => {
                query.from = sources.first().map(|(name, _)| name.clone()).unwrap_or_default();
                joined.push(query.from.clone());
            }
        }
        if let Some(slices) = &slices {
            columns.extend(dimensions.iter().map(|name| (Expr::of(slices, name), name.clone())));
        }
        for (source, split) in &sources {
            if joined.contains(source) || query.from == *source {
                continue;
            }
            joined.push(source.clone());
            let period = block.grain.map(|_| Expr::of(source, PERIOD).op(Binary::Equal, Expr::of(&query.from, PERIOD)));
            let same = slices.iter().filter(|_| *split).flat_map(|slices| {
                dimensions.iter().map(|name| Expr::of(source, name).op(Binary::Same, Expr::of(slices, name)))
            });
            let on = Expr::all(period.into_iter().chain(same));
            query.joins.push(Join { on, source: source.clone(), alias: None });
        }
        columns.extend(values);
        query.columns = columns;
        query
    }

    /// Every combination of the dimensions that any source has.
    fn slices(&mut self, sources: &[(String, bool)], dimensions: &[String], whole: bool) -> Option<String> {
        let split: Vec<&String> = sources.iter().filter(|(_, split)| *split).map(|(name, _)| name).collect();
        if let ([one], true) = (split.as_slice(), whole) {
            // One row for each combination is there already.
            return Some((*one).clone());
        }
        let mut queries = split.into_iter().map(|name| Select {
            distinct: true,
            columns: dimensions.iter().map(|name| (Expr::column(name), name.clone())).collect(),
            from: name.clone(),
            ..Select::default()
        });
        let mut query = queries.next()?;
        query.union = queries.collect();
        // A union leaves out what is equal.
        query.distinct = query.union.is_empty();
        for other in &mut query.union {
            other.distinct = false;
        }
        Some(self.named("slices", query))
    }

    /// A row for each period, gaps and all.
    pub(crate) fn spine(&mut self, grain: Grain, from: i32) -> String {
        let daily = grain < Grain::Month;
        let spine = &self.catalogue.tables.spine;
        let (table, column) = if daily { spine.day.clone() } else { spine.month.clone() };
        let day = Expr::column(&column);
        let period = match grain {
            Grain::Day | Grain::Month => day.clone(),
            _ => Expr::PeriodStart(grain, Box::new(day.clone())),
        };
        let to = if daily { self.scope.to } else { Grain::Month.start(self.scope.to) };
        let query = Select {
            distinct: !matches!(grain, Grain::Day | Grain::Month),
            columns: vec![(period, PERIOD.to_owned())],
            from: table,
            filter: Some(between(day, from, to)),
            ..Select::default()
        };
        self.named(&spine_name(grain), query)
    }

    /// The month at which a balance is read, for each period of a grain: the first, or the last that is complete.
    pub(crate) fn month_ends(&mut self, grain: Option<Grain>, from: i32, shift: u32, first: bool) -> String {
        let (table, column) = self.catalogue.tables.spine.month.clone();
        let month = Expr::column(&column);
        let complete = Grain::Month.start(month_after(self.scope.as_of + 1, -1));
        let to = earlier(Grain::Month.start(self.scope.to).min(complete), shift);
        let function = if first { crate::tree::AggregateFunction::Min } else { crate::tree::AggregateFunction::Max };
        let aggregate = Expr::Aggregate(crate::tree::Aggregate {
            function,
            distinct: false,
            argument: Some(Box::new(month.clone())),
            filter: None,
        });
        let mut columns = Vec::new();
        if let Some(grain) = grain {
            columns.push((Expr::PeriodStart(grain, Box::new(later(month.clone(), shift))), PERIOD.to_owned()));
        }
        let group = columns.len();
        columns.push((aggregate, "month".to_owned()));
        let filter = Some(between(month, earlier(from, shift), to));
        let query = Select { columns, from: table, filter, group, ..Select::default() };
        self.named(if first { "first_months" } else { "last_months" }, query)
    }
}

/// A column of days so many months later.
pub(crate) fn later(column: Expr, months: u32) -> Expr {
    match i32::try_from(months) {
        Ok(0) | Err(_) => column,
        Ok(months) => Expr::MonthsLater(Box::new(column), months),
    }
}

/// The first day of the month so many months earlier.
pub(crate) fn earlier(day: i32, months: u32) -> i32 {
    if months == 0 { day } else { month_after(day, -i32::try_from(months).unwrap_or(0)) }
}

/// Days from the one to the other, both of the question.
pub(crate) fn between(column: Expr, from: i32, to: i32) -> Expr {
    let bound = |day| Box::new(Expr::Bound(Value::Date(day)));
    Expr::Between(Box::new(column), bound(from), bound(to), false)
}
