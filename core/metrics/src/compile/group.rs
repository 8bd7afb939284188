//! Aggregates over one table that are computed in one pass.

use super::block::{Block, between, earlier, later};
use super::{Builder, PERIOD};
use crate::catalogue::Leaf;
use crate::tree::{Aggregate, Binary, Expr, Function, Select};
use almanac_model::Value;
use almanac_model::metric::{Additivity, Fill, Grain, MetricTime, TableFacts};

/// Aggregates over one table by the same time and of the same months.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The name of its query.
    pub(crate) name: String,
    table: String,
    time: MetricTime,
    /// So many months later than they happened.
    shift: u32,
    /// Read at one month of each period, not over all.
    balance: Option<Additivity>,
    /// Whether it is split by the dimensions: a calendar is not.
    pub(crate) split: bool,
    leaves: Vec<Leaf>,
}

impl Group {
    fn takes(&self, leaf: &Leaf, shift: u32, balance: Option<Additivity>) -> bool {
        let same = self.table == leaf.table && self.shift == shift && self.balance == balance;
        let columns = |time: &MetricTime| {
            (time.month.clone().map(|column| column.text), time.day.clone().map(|column| column.text), time.now)
        };
        let split = |leaf: &Leaf| leaf.within.as_ref().map(|within| within.split.clone());
        if !same
            || self.leaves.iter().any(|known| split(known) != split(leaf))
            || columns(&self.time) != columns(&leaf.time)
        {
            return false;
        }
        // Another filter adds keys without rows of this one: 0 where nothing happened, but a count of NULL would be one of 0.
        let all_zero = leaf.fill == Fill::Zero && self.leaves.iter().all(|known| known.fill == Fill::Zero);
        all_zero || self.leaves.iter().all(|known| known.filter == leaf.filter)
    }
}

impl Builder<'_> {
    /// The value of an aggregate in a block, gaps filled as it says.
    pub(crate) fn aggregate(&mut self, block: &mut Block, leaf: &Leaf, shift: u32) -> Expr {
        let coarse = block.grain.is_none_or(|grain| grain > Grain::Month);
        let balance = Some(leaf.additivity)
            .filter(|kind| coarse && !leaf.time.now && matches!(kind, Additivity::Last | Additivity::First));
        let at = block.groups.iter().position(|group| group.takes(leaf, shift, balance));
        let at = at.unwrap_or_else(|| {
            let name = self.group_name(leaf, shift, balance);
            let split = self.catalogue.table(&leaf.table).is_none_or(|table| !table.calendar);
            let (table, time) = (leaf.table.clone(), leaf.time.clone());
            block.groups.push(Group { name, table, time, shift, balance, split, leaves: Vec::new() });
            block.groups.len() - 1
        });
        let group = &mut block.groups[at];
        if !group.leaves.iter().any(|known| known.alias == leaf.alias) {
            group.leaves.push(leaf.clone());
        }
        let column = Expr::of(&group.name, &leaf.alias);
        if leaf.fill == Fill::Null {
            return column;
        }
        let filled = Expr::Call(Function::Coalesce, vec![column, Expr::int(0)]);
        let since = self.catalogue.table(&leaf.table).map_or(0, |table| self.catalogue.tables.since(table));
        match block.grain {
            // Before there are data nothing is known: that is not 0.
            Some(grain) if !leaf.time.now && block.from < grain.start(later_day(since, shift)) => {
                let spine = self.spine(grain, block.from);
                let start = grain.start(later_day(since, shift));
                let known = Expr::of(&spine, PERIOD).op(Binary::GreaterOrEqual, Expr::Literal(Value::Date(start)));
                Expr::Case(vec![(known, filled)], None)
            }
            _ => filled,
        }
    }

    fn group_name(&mut self, leaf: &Leaf, shift: u32, balance: Option<Additivity>) -> String {
        let table = self.catalogue.table(&leaf.table);
        let usual = table.and_then(|table| table.time.month.as_ref()).map(|column| column.text.as_str());
        let time = leaf.month().or(leaf.day()).filter(|month| Some(*month) != usual);
        let mut name = format!("from_{}", leaf.table);
        if let Some(time) = time {
            name = format!("{name}_by_{time}");
        }
        match balance {
            Some(Additivity::First) => name += "_at_start",
            Some(_) => name += "_at_end",
            None => {}
        }
        if shift > 0 {
            name = format!("{name}_{shift}m_before");
        }
        self.fresh(&name)
    }

    /// The query of a group.
    pub(crate) fn group_query(&mut self, block: &Block, group: &Group) -> Select {
        let mut columns = Vec::new();
        let mut conditions = Vec::new();
        let month = group.time.month.as_ref().map(|column| Expr::column(&column.text));
        let day = group.time.day.as_ref().map(|column| Expr::column(&column.text));
        if !group.time.now {
            let (key, range) = time(block.grain, month.as_ref(), day.as_ref(), group.shift);
            let from = earlier(block.from, group.shift);
            let to = match (&range, &month) {
                // A column of months holds first days; the last of them is the month of the last day.
                (range, Some(month)) if range == month => earlier(Grain::Month.start(self.scope.to), group.shift),
                _ => self.scope.to,
            };
            columns.extend(key.map(|key| (key, PERIOD.to_owned())));
            conditions.push(between(range, from, to));
        }
        if let (Some(balance), Some(month)) = (group.balance, month) {
            let ends = self.month_ends(block.grain, block.from, group.shift, balance == Additivity::First);
            let months =
                Select { columns: vec![(Expr::column("month"), "month".into())], from: ends, ..Select::default() };
            conditions.push(Expr::InQuery(Box::new(month), Box::new(months)));
        }
        if group.split {
            columns.extend(self.scope.dimensions.iter().map(|name| (Expr::column(name), name.clone())));
            conditions.extend(self.scope.filters.iter().map(|(_, condition)| condition.clone()));
        }
        let keys = columns.len();
        let within = group.leaves.first().and_then(|leaf| leaf.within.as_deref());
        conditions.extend(within.map(|within| within.split.clone()));
        let first = group.leaves.first().and_then(|leaf| leaf.filter.clone());
        let shared = group.leaves.iter().all(|leaf| leaf.filter == first);
        if shared {
            conditions.extend(first);
        } else if let Some(within) = within
            && group.leaves.iter().all(|leaf| leaf.within.as_ref().is_some_and(|other| other.filter == within.filter))
        {
            // Over the table itself they share a filter: only its slices are answered.
            let filters = group.leaves.iter().filter_map(|leaf| leaf.filter.clone());
            conditions.extend(filters.reduce(|a, b| a.op(Binary::Or, b)));
        }
        let table = self.catalogue.table(&group.table);
        for leaf in &group.leaves {
            let filter = leaf.filter.as_ref().filter(|_| !shared);
            columns.push((measure(leaf, filter, table, block.grain), leaf.alias.clone()));
        }
        let as_of = self.scope.as_of;
        let dated =
            |expr: Expr| expr.replaced(&mut |part| (*part == Expr::AsOf).then_some(Expr::Bound(Value::Date(as_of))));
        Select {
            columns: columns.into_iter().map(|(expr, name)| (dated(expr), name)).collect(),
            from: group.table.clone(),
            filter: Expr::all(conditions).map(dated),
            group: keys,
            ..Select::default()
        }
    }
}

/// The key of a period, if there is one, and the column that the range is about.
fn time(grain: Option<Grain>, month: Option<&Expr>, day: Option<&Expr>, shift: u32) -> (Option<Expr>, Expr) {
    let none = || Expr::Literal(Value::Null);
    let fine = grain.is_some_and(|grain| grain < Grain::Month);
    let range = if fine { day.or(month) } else { month.or(day) }.cloned().unwrap_or_else(none);
    let first_of_month = match month {
        Some(month) => month.clone(),
        None => Expr::PeriodStart(Grain::Month, Box::new(range.clone())),
    };
    let key = grain.map(|grain| match grain {
        Grain::Day => range.clone(),
        Grain::Week => Expr::PeriodStart(grain, Box::new(range.clone())),
        Grain::Month => later(first_of_month, shift),
        _ => Expr::PeriodStart(grain, Box::new(later(first_of_month, shift))),
    });
    (key, range)
}

/// A measure over the rows of its filter.
fn measure(leaf: &Leaf, filter: Option<&Expr>, table: Option<&TableFacts>, grain: Option<Grain>) -> Expr {
    leaf.measure.replaced(&mut |part| match part {
        Expr::Aggregate(aggregate) => {
            let mut aggregate: Aggregate = aggregate.clone();
            // Where each value has one row a month, the rows of a month are counted: that takes no table of values.
            let key = aggregate.argument.as_deref();
            if aggregate.distinct
                && grain == Some(Grain::Month)
                && let (Some(Expr::Column { name, .. }), Some(table), Some(month)) = (key, table, leaf.month())
                && table.primary_key.len() == 2
                && table.primary_key.contains(name)
                && table.primary_key.iter().any(|key| key == month)
            {
                aggregate.distinct = false;
            }
            aggregate.filter = filter.map(|filter| Box::new(filter.clone()));
            Some(Expr::Aggregate(aggregate))
        }
        _ => None,
    })
}

fn later_day(day: i32, months: u32) -> i32 {
    if months == 0 { day } else { almanac_model::metric::month_after(day, i32::try_from(months).unwrap_or(0)) }
}
