//! Expressions as text, with no parentheses but those that are needed or that help.

use super::{Dialect, Printer};
use crate::tree::{Aggregate, AggregateFunction, Binary, Expr, Function, Running, Unary};
use almanac_model::metric::Grain;
use almanac_model::{Type, Value};

/// How tightly an operator binds; higher is tighter.
fn strength(operator: Binary) -> u8 {
    match operator {
        Binary::Or => 1,
        Binary::And => 2,
        Binary::Add | Binary::Subtract => 5,
        Binary::Multiply | Binary::Divide => 6,
        _ => 4,
    }
}

fn sign(operator: Binary, dialect: Dialect) -> &'static str {
    match operator {
        Binary::Or => "or",
        Binary::And => "and",
        Binary::Equal => "=",
        Binary::NotEqual => "<>",
        Binary::Less => "<",
        Binary::LessOrEqual => "<=",
        Binary::Greater => ">",
        Binary::GreaterOrEqual => ">=",
        Binary::Same if dialect == Dialect::Spark => "<=>",
        Binary::Same => "is not distinct from",
        Binary::Add => "+",
        Binary::Subtract => "-",
        Binary::Multiply => "*",
        Binary::Divide => "/",
    }
}

impl Printer {
    /// The text of an expression that stands where only what binds tighter than `around` needs no parentheses.
    pub(super) fn expr(&mut self, expr: &Expr, around: u8) -> String {
        match expr {
            Expr::Column { source: Some(source), name } => format!("{}.{}", self.name(source), self.name(name)),
            Expr::Column { source: None, name } => self.name(name),
            Expr::Literal(value) => self.literal(value),
            Expr::Bound(value) => self.value(value),
            Expr::AsOf => "as_of".to_owned(),
            Expr::Unary(Unary::Not, x) => wrapped(format!("not {}", self.expr(x, 3)), 3, around),
            // Two signs in a row would begin a comment.
            Expr::Unary(Unary::Negative, x) => wrapped(format!("-{}", self.expr(x, 8)), 7, around),
            Expr::Binary(a, Binary::Divide, b) => self.division(a, b, around),
            Expr::Binary(a, operator, b) => {
                let strength = strength(*operator);
                // `a - (b - c)` keeps its parentheses, and comparisons do not chain.
                let left = self.expr(a, if strength == 4 { 5 } else { strength });
                let right = self.expr(b, strength + 1);
                wrapped(format!("{left} {} {right}", sign(*operator, self.dialect)), strength, around)
            }
            Expr::IsNull(x, negated) => {
                let what = if *negated { "is not null" } else { "is null" };
                wrapped(format!("{} {what}", self.expr(x, 5)), 4, around)
            }
            Expr::In(x, items, negated) => {
                let items = self.list(items);
                wrapped(format!("{} {}in ({items})", self.expr(x, 5), not(*negated)), 4, around)
            }
            Expr::InQuery(x, query) => {
                let query = self.select(query, 0).replace('\n', " ");
                wrapped(format!("{} in ({query})", self.expr(x, 5)), 4, around)
            }
            Expr::Between(x, low, high, negated) => {
                let (low, high) = (self.expr(low, 5), self.expr(high, 5));
                wrapped(format!("{} {}between {low} and {high}", self.expr(x, 5), not(*negated)), 4, around)
            }
            Expr::Case(whens, otherwise) => {
                let mut text = "case".to_owned();
                for (when, then) in whens {
                    text += &format!(" when {} then {}", self.expr(when, 0), self.expr(then, 0));
                }
                if let Some(otherwise) = otherwise {
                    text += &format!(" else {}", self.expr(otherwise, 0));
                }
                text + " end"
            }
            Expr::Cast(x, ty) => format!("cast({} as {})", self.expr(x, 0), self.dialect.type_name(*ty)),
            Expr::Call(function, arguments) => format!("{}({})", function_name(*function), self.list(arguments)),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::PeriodStart(grain, x) => self.period_start(*grain, x, around),
            Expr::MonthsLater(x, months) => self.months_later(x, *months),
            Expr::DaysLater(x, days) => match self.dialect {
                Dialect::Spark => format!("date_add({}, {days})", self.expr(x, 0)),
                _ if *days < 0 => wrapped(format!("{} - {}", self.expr(x, 5), days.unsigned_abs()), 5, around),
                _ => wrapped(format!("{} + {days}", self.expr(x, 5)), 5, around),
            },
            Expr::DaysBetween(from, to) => match self.dialect {
                Dialect::Postgres => wrapped(format!("{} - {}", self.expr(to, 5), self.expr(from, 6)), 5, around),
                Dialect::Spark => format!("datediff({}, {})", self.expr(to, 0), self.expr(from, 0)),
                _ => format!("date_diff('day', {}, {})", self.expr(from, 0), self.expr(to, 0)),
            },
            Expr::Running(running) => self.running(running),
        }
    }

    fn list(&mut self, items: &[Expr]) -> String {
        items.iter().map(|item| self.expr(item, 0)).collect::<Vec<_>>().join(", ")
    }

    /// The division of real numbers; NULL by zero.
    fn division(&mut self, a: &Expr, b: &Expr, around: u8) -> String {
        // PostgreSQL drops the fraction when both sides are whole numbers.
        let whole = !matches!(a, Expr::Literal(Value::Double(_)) | Expr::Cast(_, Type::Double));
        let left = if self.dialect == Dialect::Postgres && whole {
            format!("cast({} as double precision)", self.expr(a, 0))
        } else {
            self.expr(a, 6)
        };
        let never_zero = matches!(b, Expr::Literal(Value::Int(n)) if *n != 0)
            || matches!(b, Expr::Literal(Value::Double(n)) if *n != 0.0);
        let right = if never_zero { self.expr(b, 7) } else { format!("nullif({}, 0)", self.expr(b, 0)) };
        wrapped(format!("{left} / {right}"), 6, around)
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> String {
        let Aggregate { function, distinct, argument, filter } = aggregate;
        // Databricks' older runtimes and Hive know no FILTER.
        let in_case = self.dialect == Dialect::Spark;
        let mut argument = argument.as_deref().cloned();
        if in_case && let Some(filter) = filter {
            let counted = argument.unwrap_or(Expr::Literal(Value::Int(1)));
            argument = Some(Expr::Case(vec![((**filter).clone(), counted)], None));
        }
        let inner = argument.as_ref().map_or_else(|| "*".to_owned(), |argument| self.expr(argument, 0));
        let distinct = if *distinct { "distinct " } else { "" };
        let call = match (function, self.dialect) {
            (AggregateFunction::Quantile(share), Dialect::Postgres) => {
                format!("percentile_cont({share:?}) within group (order by {inner})")
            }
            (AggregateFunction::Quantile(share), Dialect::Spark) => format!("percentile({inner}, {share:?})"),
            (AggregateFunction::Quantile(0.5), _) => format!("median({inner})"),
            (AggregateFunction::Quantile(share), _) => format!("quantile_cont({inner}, {share:?})"),
            (function, _) => format!("{}({distinct}{inner})", aggregate_name(*function)),
        };
        match filter {
            Some(filter) if !in_case => format!("{call} filter (where {})", self.expr(filter, 0)),
            _ => call,
        }
    }

    fn period_start(&mut self, grain: Grain, x: &Expr, around: u8) -> String {
        if grain == Grain::Day {
            return self.expr(x, around);
        }
        let (name, inner) = (grain.name(), self.expr(x, 0));
        match self.dialect {
            Dialect::Spark => format!("trunc({inner}, '{}')", name.to_uppercase()),
            Dialect::Postgres => format!("cast(date_trunc('{name}', {inner}) as date)"),
            _ => format!("date_trunc('{name}', {inner})"),
        }
    }

    fn months_later(&mut self, x: &Expr, months: i32) -> String {
        if self.dialect == Dialect::Spark {
            return format!("add_months({}, {months})", self.expr(x, 0));
        }
        let (sign, count) = (if months < 0 { "-" } else { "+" }, months.unsigned_abs());
        let unit = if count == 1 { "month" } else { "months" };
        format!("cast({} {sign} interval '{count} {unit}' as date)", self.expr(x, 5))
    }

    fn running(&mut self, running: &Running) -> String {
        let Running { function, argument, partition, order, preceding } = running;
        let call = format!("{}({})", aggregate_name(*function), self.expr(argument, 0));
        let parts =
            if partition.is_empty() { String::new() } else { format!("partition by {} ", self.list(partition)) };
        let first = preceding.map_or_else(|| "unbounded".to_owned(), |rows| rows.to_string());
        let order = self.expr(order, 0);
        format!("{call} over ({parts}order by {order} rows between {first} preceding and current row)")
    }
}

fn wrapped(text: String, strength: u8, around: u8) -> String {
    if strength < around { format!("({text})") } else { text }
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

fn aggregate_name(function: AggregateFunction) -> &'static str {
    match function {
        AggregateFunction::Sum => "sum",
        AggregateFunction::Count => "count",
        AggregateFunction::Avg => "avg",
        AggregateFunction::Min => "min",
        AggregateFunction::Max => "max",
        AggregateFunction::Quantile(_) => "quantile_cont",
    }
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Coalesce => "coalesce",
        Function::NullIf => "nullif",
        Function::Least => "least",
        Function::Greatest => "greatest",
        Function::Abs => "abs",
        Function::Round => "round",
        Function::Lower => "lower",
        Function::Upper => "upper",
    }
}
