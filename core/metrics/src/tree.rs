//! A query as a tree: what is asked of the warehouse, before it is text of any dialect.
//!
//! **Invariant:** a value that came with a question is [`Expr::Bound`], never [`Expr::Literal`]: the printer alone decides whether
//! it becomes a parameter or a quoted literal.

use almanac_model::metric::Grain;
use almanac_model::{Type, Value};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column, of one of the sources when several are in sight.
    Column {
        /// Name or alias of the source.
        source: Option<String>,
        /// Name of the column.
        name: String,
    },
    /// A value that the catalogue holds.
    Literal(Value),
    /// A value that came with the question.
    Bound(Value),
    /// The day up to which the data reach.
    AsOf,
    /// `not x`, `-x`.
    Unary(Unary, Box<Expr>),
    /// `a + b`. Division is that of real numbers, and by zero it is NULL.
    Binary(Box<Expr>, Binary, Box<Expr>),
    /// `x is [not] null`.
    IsNull(Box<Expr>, bool),
    /// `x [not] in (…)`; the last part is whether it is negated.
    In(Box<Expr>, Vec<Expr>, bool),
    /// `x [not] in (select …)`, a query of one column.
    InQuery(Box<Expr>, Box<Select>),
    /// `x [not] between low and high`; the last part is whether it is negated.
    Between(Box<Expr>, Box<Expr>, Box<Expr>, bool),
    /// `case when … then … else … end`.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// `cast(x as type)`.
    Cast(Box<Expr>, Type),
    /// A function of one row.
    Call(Function, Vec<Expr>),
    /// A function of many rows.
    Aggregate(Aggregate),
    /// The first day of the period that a day lies in.
    PeriodStart(Grain, Box<Expr>),
    /// A day so many months later; negative for earlier.
    MonthsLater(Box<Expr>, i32),
    /// A day so many days later; negative for earlier.
    DaysLater(Box<Expr>, i32),
    /// Days from the first day to the second.
    DaysBetween(Box<Expr>, Box<Expr>),
    /// A sum or mean over rows in order.
    Running(Box<Running>),
}

/// An operator before an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `not`.
    Not,
    /// `-`.
    Negative,
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `=`.
    Equal,
    /// `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// Equal, where NULL equals NULL.
    Same,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
}

/// A function of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The first that is not NULL.
    Coalesce,
    /// NULL where both are equal.
    NullIf,
    /// The least.
    Least,
    /// The greatest.
    Greatest,
    /// Without sign.
    Abs,
    /// To so many digits.
    Round,
    /// In small letters.
    Lower,
    /// In capitals.
    Upper,
}

/// A function of many rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub function: AggregateFunction,
    /// Over different values only.
    pub distinct: bool,
    /// Of what; `count(*)` has none.
    pub argument: Option<Box<Expr>>,
    /// Over which rows.
    pub filter: Option<Box<Expr>>,
}

/// The functions of many rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AggregateFunction {
    /// Total.
    Sum,
    /// Number.
    Count,
    /// Mean.
    Avg,
    /// Least.
    Min,
    /// Greatest.
    Max,
    /// The value below which this share lies, interpolated.
    Quantile(f64),
}

/// A sum or mean over the rows up to the one at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// `Sum` or `Avg`.
    pub function: AggregateFunction,
    /// Of what.
    pub argument: Expr,
    /// Starts anew for each of these.
    pub partition: Vec<Expr>,
    /// In this order.
    pub order: Expr,
    /// So many rows before; all without it.
    pub preceding: Option<u32>,
}

/// A query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Select {
    /// Queries with names, each in sight of those after it.
    pub with: Vec<(String, Select)>,
    /// Whether equal rows count once.
    pub distinct: bool,
    /// Columns and their names.
    pub columns: Vec<(Expr, String)>,
    /// The first source.
    pub from: String,
    /// Its alias.
    pub alias: Option<String>,
    /// More sources.
    pub joins: Vec<Join>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// So many of the first columns are the groups.
    pub group: usize,
    /// Names of columns in whose order the rows come.
    pub order: Vec<String>,
    /// Rows of more queries, each once.
    pub union: Vec<Select>,
}

/// A source beside the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Every row with every row (`cross join`); else a left join on the condition.
    pub on: Option<Expr>,
    /// The source.
    pub source: String,
    /// Its alias.
    pub alias: Option<String>,
}

impl Expr {
    /// A column of the one source in sight.
    pub(crate) fn column(name: &str) -> Self {
        Self::Column { source: None, name: name.to_owned() }
    }

    /// A column of a source.
    pub(crate) fn of(source: &str, name: &str) -> Self {
        Self::Column { source: Some(source.to_owned()), name: name.to_owned() }
    }

    /// A whole number.
    pub(crate) fn int(value: i64) -> Self {
        Self::Literal(Value::Int(value))
    }

    /// `self op other`.
    pub(crate) fn op(self, operator: Binary, other: Self) -> Self {
        Self::Binary(Box::new(self), operator, Box::new(other))
    }

    /// All of them; `None` for none.
    pub(crate) fn all(conditions: impl IntoIterator<Item = Self>) -> Option<Self> {
        conditions.into_iter().reduce(|a, b| a.op(Binary::And, b))
    }

    /// The same with each part replaced, from the inside out, where `change` has something else for it.
    pub(crate) fn replaced(&self, change: &mut dyn FnMut(&Self) -> Option<Self>) -> Self {
        let mut each = |part: &Self| Box::new(part.replaced(change));
        let whole = match self {
            Self::Column { .. } | Self::Literal(_) | Self::Bound(_) | Self::AsOf => self.clone(),
            Self::Unary(operator, x) => Self::Unary(*operator, each(x)),
            Self::Binary(a, operator, b) => Self::Binary(each(a), *operator, each(b)),
            Self::IsNull(x, negated) => Self::IsNull(each(x), *negated),
            Self::In(x, items, negated) => {
                let x = each(x);
                Self::In(x, items.iter().map(|item| *each(item)).collect(), *negated)
            }
            Self::InQuery(x, query) => Self::InQuery(each(x), query.clone()),
            Self::Between(x, low, high, negated) => Self::Between(each(x), each(low), each(high), *negated),
            Self::Case(whens, otherwise) => Self::Case(
                whens.iter().map(|(when, then)| (*each(when), *each(then))).collect(),
                otherwise.as_ref().map(|x| each(x)),
            ),
            Self::Cast(x, ty) => Self::Cast(each(x), *ty),
            Self::Call(function, arguments) => {
                Self::Call(*function, arguments.iter().map(|argument| *each(argument)).collect())
            }
            Self::Aggregate(aggregate) => Self::Aggregate(Aggregate {
                argument: aggregate.argument.as_ref().map(|x| each(x)),
                filter: aggregate.filter.as_ref().map(|x| each(x)),
                ..aggregate.clone()
            }),
            Self::PeriodStart(grain, x) => Self::PeriodStart(*grain, each(x)),
            Self::MonthsLater(x, months) => Self::MonthsLater(each(x), *months),
            Self::DaysLater(x, days) => Self::DaysLater(each(x), *days),
            Self::DaysBetween(from, to) => Self::DaysBetween(each(from), each(to)),
            Self::Running(running) => Self::Running(Box::new(Running {
                argument: *each(&running.argument),
                order: *each(&running.order),
                partition: running.partition.iter().map(|part| *each(part)).collect(),
                ..running.as_ref().clone()
            })),
        };
        change(&whole).unwrap_or(whole)
    }

    /// Calls `seen` for every part, from the inside out.
    pub fn visit(&self, seen: &mut dyn FnMut(&Self)) {
        self.replaced(&mut |part| {
            seen(part);
            None
        });
    }

    /// Names of its columns, each once, in order of place.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        self.visit(&mut |part| {
            if let Self::Column { name, .. } = part
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        });
        names
    }

    /// Its functions of many rows, in order of place.
    #[must_use]
    pub fn aggregates(&self) -> Vec<Aggregate> {
        let mut found = Vec::new();
        self.visit(&mut |part| {
            if let Self::Aggregate(aggregate) = part {
                found.push(aggregate.clone());
            }
        });
        found
    }
}
