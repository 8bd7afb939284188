//! Running and trailing totals: made of months without gaps, then read at the end of each period.

use super::block::{Block, later};
use super::value::Base;
use super::{Builder, PERIOD};
use crate::tree::{AggregateFunction, Binary, Expr, Running, Select};
use almanac_model::metric::{Grain, Window, WindowAggregate, month_after};
use almanac_model::{Diagnostic, Value};

impl Builder<'_> {
    /// The total of a base over a window, as it was `shift` months before; a column of a source that the block gets.
    pub(super) fn window(
        &mut self,
        block: &mut Block,
        base: Base<'_>,
        id: &str,
        (window, aggregate): (Window, WindowAggregate),
        shift: u32,
    ) -> Result<Expr, Vec<Diagnostic>> {
        let back = i32::try_from(shift).unwrap_or(0);
        let since = Grain::Month.start(self.first_day(base));
        let from = Grain::Month.start(block.from);
        // The window at the first period begins before it, and the first window is full some months after the data begin.
        let (reach, full) = match window {
            Window::Months(count) => {
                let before = i32::try_from(count).unwrap_or(1) - 1;
                (month_after(from, -before - back), month_after(since, before))
            }
            Window::ToDate(grain) => {
                let start = grain.start(since);
                let months = i32::try_from(grain.months().unwrap_or(1)).unwrap_or(1);
                let full = if start == since { since } else { month_after(start, months) };
                (grain.start(month_after(from, -back)), full)
            }
        };
        let begin = reach.max(since);
        let mut months = Block::new(Some(Grain::Month), begin);
        let value = match base {
            Base::Metric(metric) => self.value(&mut months, metric, 0, None)?,
            Base::Leaf(leaf) => self.aggregate(&mut months, leaf, 0),
        };
        let by_month = self.assemble(&months, vec![(value, "monthly_value".to_owned())]);
        let by_month = self.named(&format!("{id}_by_month"), by_month);
        let running = self.running(&by_month, id, window, aggregate, (begin < full).then_some(full), shift);
        let source = self.named(&format!("{id}_running"), running);
        let source = match block.grain {
            Some(Grain::Month) => source,
            grain => {
                let at_end = self.at_end(&source, id, grain, block.from);
                self.named(&format!("{id}_at_end"), at_end)
            }
        };
        if !block.windows.contains(&source) {
            block.windows.push(source.clone());
        }
        Ok(Expr::of(&source, id))
    }

    /// The first day that all tables of a base have rows for.
    fn first_day(&self, base: Base<'_>) -> i32 {
        let since = |name: &str| self.catalogue.table(name).map(|table| self.catalogue.tables.since(table));
        let days: Vec<i32> = match base {
            Base::Leaf(leaf) => since(&leaf.table).into_iter().collect(),
            Base::Metric(id) => self
                .catalogue
                .leaves(id)
                .into_iter()
                .filter_map(|(leaf, shift)| Some(month_after(since(&leaf.table)?, i32::try_from(shift).ok()?)))
                .collect(),
        };
        days.into_iter().max().unwrap_or(self.catalogue.tables.history_from)
    }

    fn running(
        &self,
        source: &str,
        id: &str,
        window: Window,
        aggregate: WindowAggregate,
        full: Option<i32>,
        shift: u32,
    ) -> Select {
        let period = Expr::column(PERIOD);
        let dimensions: Vec<Expr> = self.scope.dimensions.iter().map(|name| Expr::column(name)).collect();
        let mut partition = dimensions.clone();
        let preceding = match window {
            Window::Months(count) => Some(count - 1),
            Window::ToDate(grain) => {
                partition.push(Expr::PeriodStart(grain, Box::new(period.clone())));
                None
            }
        };
        let function = match aggregate {
            WindowAggregate::Sum => AggregateFunction::Sum,
            WindowAggregate::Avg => AggregateFunction::Avg,
        };
        let argument = Expr::column("monthly_value");
        let total =
            Expr::Running(Box::new(Running { function, argument, partition, order: period.clone(), preceding }));
        // A window that reaches before the data is unknown.
        let total = match full {
            Some(full) => {
                let whole = period.clone().op(Binary::GreaterOrEqual, Expr::Literal(Value::Date(full)));
                Expr::Case(vec![(whole, total)], None)
            }
            None => total,
        };
        let mut columns = vec![(later(period, shift), PERIOD.to_owned())];
        columns.extend(dimensions.into_iter().zip(self.scope.dimensions.iter().cloned()));
        columns.push((total, id.to_owned()));
        Select { columns, from: source.to_owned(), ..Select::default() }
    }

    /// The value at the last complete month of each period.
    fn at_end(&mut self, source: &str, id: &str, grain: Option<Grain>, from: i32) -> Select {
        let ends = self.month_ends(grain, from, 0, false);
        let mut columns = Vec::new();
        if let Some(grain) = grain {
            columns.push((Expr::PeriodStart(grain, Box::new(Expr::column(PERIOD))), PERIOD.to_owned()));
        }
        columns.extend(self.scope.dimensions.iter().map(|name| (Expr::column(name), name.clone())));
        columns.push((Expr::column(id), id.to_owned()));
        let months = Select { columns: vec![(Expr::column("month"), "month".into())], from: ends, ..Select::default() };
        let filter = Some(Expr::InQuery(Box::new(Expr::column(PERIOD)), Box::new(months)));
        Select { columns, from: source.to_owned(), filter, ..Select::default() }
    }
}
