//! Plans as text, for people and for tests: one step a line, inputs indented below it.

use std::fmt::{self, Display, Formatter};

use almanac_model::Value;

use crate::plan::{
    AggregateCall, Exclude, Expr, ExprKind, Field, Frame, FrameBound, Plan, Query, SortKey, WindowCall, WindowFunction,
};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.output.iter().map(|field| format!("{}={field}", field.name)).collect();
        writeln!(f, "output {}", names.join(", "))?;
        step(&self.root, 0, f)
    }
}

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        step(self, 0, f)
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "#{}:{}", self.id.0, self.ty)
    }
}

fn step(plan: &Plan, depth: usize, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{:width$}", "", width = depth * 2)?;
    match plan {
        Plan::Scan { table, columns } => {
            let columns: Vec<String> = columns.iter().map(|(name, field)| format!("{name}={field}")).collect();
            writeln!(f, "scan {table} [{}]", columns.join(", "))?;
        }
        Plan::Values { fields, rows } => writeln!(f, "values [{}] {} rows", join(fields), rows.len())?,
        Plan::Filter { predicate, .. } => writeln!(f, "filter {predicate}")?,
        Plan::Project { columns, .. } => writeln!(f, "project {}", pairs(columns))?,
        Plan::Aggregate { keys, aggregates, .. } => writeln!(f, "aggregate [{}] {}", pairs(keys), pairs(aggregates))?,
        Plan::Window { columns, .. } => writeln!(f, "window {}", pairs(columns))?,
        Plan::Unnest { columns, .. } => writeln!(f, "unnest {}", pairs(columns))?,
        Plan::Join { kind, on, residual, null_safe, .. } => {
            write!(f, "{}", format!("{kind:?} join").to_lowercase())?;
            let on: Vec<String> = on.iter().map(|(a, b)| format!("{a} = {b}")).collect();
            if !on.is_empty() {
                write!(f, " on {}", on.join(", "))?;
            }
            if let Some(residual) = residual {
                write!(f, " if {residual}")?;
            }
            writeln!(f, "{}", if *null_safe { " null-safe" } else { "" })?;
        }
        Plan::Sort { keys, .. } => writeln!(f, "sort {}", join(keys))?,
        Plan::Limit { offset, limit, .. } => {
            let limit = limit.map_or_else(|| "all".to_owned(), |limit| limit.to_string());
            writeln!(f, "limit {limit} offset {offset}")?;
        }
        Plan::Distinct { on, .. } if on.is_empty() => writeln!(f, "distinct")?,
        Plan::Distinct { on, .. } => writeln!(f, "distinct on {}", join(on))?,
        Plan::Union { fields, .. } => writeln!(f, "union [{}]", join(fields))?,
        Plan::Shared { id, .. } => writeln!(f, "shared {id}")?,
        Plan::SingleRow { .. } => writeln!(f, "single row")?,
        Plan::Series { bounds, field, .. } => writeln!(f, "series {field} = {}", join(bounds))?,
        Plan::Recursive { id, fields, distinct, .. } => {
            writeln!(f, "recursive {id} [{}]{}", join(fields), if *distinct { " distinct" } else { "" })?;
        }
        Plan::Working { id, fields } => writeln!(f, "rows of recursive {id} [{}]", join(fields))?,
    }
    for input in crate::walk::inputs(plan) {
        step(input, depth + 1, f)?;
    }
    Ok(())
}

fn join<D: Display>(items: &[D]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn pairs<D: Display>(columns: &[(Field, D)]) -> String {
    columns.iter().map(|(field, made)| format!("{field} = {made}")).collect::<Vec<_>>().join(", ")
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Column(id) => write!(f, "#{}", id.0),
            ExprKind::Element(id) => write!(f, "element {id}"),
            ExprKind::Literal(value) => literal(value, f),
            ExprKind::Call(function, args) => write!(f, "{}({})", format!("{function:?}").to_lowercase(), join(args)),
            ExprKind::Cast { input, lenient } => {
                write!(f, "{}({input} as {})", if *lenient { "try_cast" } else { "cast" }, self.ty)
            }
            ExprKind::Case { branches, otherwise } => {
                f.write_str("case")?;
                for (when, then) in branches {
                    write!(f, " when {when} then {then}")?;
                }
                write!(f, " else {otherwise} end")
            }
            ExprKind::InList { input, list } => {
                write!(f, "{input} in (")?;
                for (at, value) in list.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    literal(value, f)?;
                }
                f.write_str(")")
            }
        }
    }
}

fn literal(value: &Value, f: &mut Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Boolean(value) => write!(f, "{value}"),
        Value::Int(value) => write!(f, "{value}"),
        Value::Double(value) => write!(f, "{value:?}"),
        Value::Text(value) => write!(f, "'{value}'"),
        Value::Date(day) => write!(f, "day({day})"),
        Value::Time(micros) => write!(f, "time({micros})"),
        Value::Timestamp(micros) => write!(f, "timestamp({micros})"),
        Value::Interval(interval) => write!(f, "interval({}, {}, {})", interval.months, interval.days, interval.micros),
        Value::List(_) | Value::Struct(_) => write!(f, "{value:?}"),
    }
}

impl Display for SortKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}{}",
            self.expr,
            if self.descending { " desc" } else { "" },
            if self.nulls_first { " nulls first" } else { "" }
        )
    }
}

impl Display for AggregateCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let distinct = if self.distinct { "distinct " } else { "" };
        write!(f, "{}({distinct}{}", format!("{:?}", self.function).to_lowercase(), join(&self.args))?;
        if !self.order_by.is_empty() {
            write!(f, " order by {}", join(&self.order_by))?;
        }
        f.write_str(")")?;
        self.filter.as_ref().map_or(Ok(()), |filter| write!(f, " where {filter}"))
    }
}

impl Display for WindowCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = match self.function {
            WindowFunction::Window(function) => format!("{function:?}"),
            WindowFunction::Aggregate(function) => format!("{function:?}"),
        };
        let distinct = if self.distinct { "distinct " } else { "" };
        write!(f, "{}({distinct}{}) over (", name.to_lowercase(), join(&self.args))?;
        if !self.partition_by.is_empty() {
            write!(f, "by {} ", join(&self.partition_by))?;
        }
        if !self.order_by.is_empty() {
            write!(f, "order {} ", join(&self.order_by))?;
        }
        if !self.within.is_empty() {
            write!(f, "taken by {} ", join(&self.within))?;
        }
        write!(f, "{})", self.frame)
    }
}

impl Display for Frame {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} to {}", format!("{:?}", self.unit).to_lowercase(), self.start, self.end)?;
        match self.exclude {
            Exclude::NoOthers => Ok(()),
            exclude => write!(f, " without {}", format!("{exclude:?}").to_lowercase()),
        }
    }
}

impl Display for FrameBound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnboundedPreceding => f.write_str("start"),
            Self::Preceding(by) => {
                f.write_str("-")?;
                literal(by, f)
            }
            Self::CurrentRow => f.write_str("current"),
            Self::Following(by) => {
                f.write_str("+")?;
                literal(by, f)
            }
            Self::UnboundedFollowing => f.write_str("end"),
        }
    }
}
