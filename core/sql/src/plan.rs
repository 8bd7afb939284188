//! The typed plan: what `bind` makes of a query and what `core/engine` runs.
//!
//! Columns are numbered, not named: a [`ColumnId`] is unique in its query, so joins never clash and names matter only at the
//! root. Every expression carries its type; the binder has inserted all casts, so an executor never has to guess one.

use almanac_model::{Span, Type, Value};

use crate::functions::{Aggregate, Scalar, Window};

/// A column of some step of one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u32);

/// A column a step puts out.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its number in the query.
    pub id: ColumnId,
    /// Its name in the SQL text, for diagnostics and, at the root, for the result.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// A bound query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The steps.
    pub root: Plan,
    /// The result's columns in order; names may repeat. A subset of what `root` puts out.
    pub output: Vec<Field>,
    /// Whether the plan is asked for instead of the rows.
    pub explain: Option<Explain>,
}

/// What EXPLAIN asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Explain {
    /// The steps, nothing run.
    Plan,
    /// The steps with the rows and the time each took.
    Analyze,
}

/// One step and its inputs.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Rows of a table of the catalogue; only the columns the query reads.
    Scan {
        /// Name in the catalogue.
        table: String,
        /// Source column name and the field it becomes.
        columns: Vec<(String, Field)>,
    },
    /// Literal rows. No columns and one row stands for a query without FROM.
    Values {
        /// Output columns.
        fields: Vec<Field>,
        /// Rows of expressions without columns.
        rows: Vec<Vec<Expr>>,
    },
    /// Rows for which the predicate is true (not false, not NULL).
    Filter {
        /// Rows in.
        input: Box<Plan>,
        /// Of type BOOLEAN.
        predicate: Expr,
    },
    /// Computes columns. Only these are put out.
    Project {
        /// Rows in.
        input: Box<Plan>,
        /// Output fields and how they are computed.
        columns: Vec<(Field, Expr)>,
    },
    /// Groups rows. Without keys there is exactly one output row.
    Aggregate {
        /// Rows in.
        input: Box<Plan>,
        /// Keys; NULLs form one group.
        keys: Vec<(Field, Expr)>,
        /// Aggregates.
        aggregates: Vec<(Field, AggregateCall)>,
    },
    /// Adds columns computed over windows; puts out the input's columns and these.
    Window {
        /// Rows in.
        input: Box<Plan>,
        /// New columns.
        columns: Vec<(Field, WindowCall)>,
    },
    /// Pairs rows. Puts out the columns of both sides (of the left only for semi and anti).
    Join {
        /// Left rows.
        left: Box<Plan>,
        /// Right rows.
        right: Box<Plan>,
        /// Which unmatched rows stay.
        kind: JoinKind,
        /// Equalities, left expression and right expression, of one type each; NULL equals nothing unless `null_safe`.
        on: Vec<(Expr, Expr)>,
        /// A further condition over columns of both sides, part of the match (matters for outer joins).
        residual: Option<Expr>,
        /// NULL equals NULL: set operations and unnested subqueries need it.
        null_safe: bool,
    },
    /// Orders rows.
    Sort {
        /// Rows in.
        input: Box<Plan>,
        /// Most significant first.
        keys: Vec<SortKey>,
    },
    /// A window of rows in their current order.
    Limit {
        /// Rows in.
        input: Box<Plan>,
        /// Rows left out at the start.
        offset: u64,
        /// Most rows put out; `None` for all.
        limit: Option<u64>,
    },
    /// Rows without repetitions over all columns (NULLs are alike).
    Distinct {
        /// Rows in.
        input: Box<Plan>,
        /// Keep the first row of each of these values instead (`DISTINCT ON`); empty for all columns.
        on: Vec<Expr>,
    },
    /// Rows of all inputs, one after the other (UNION ALL). The other set operations are bound as joins and aggregates.
    Union {
        /// Inputs with, for each output column, the input's column it comes from.
        inputs: Vec<(Plan, Vec<ColumnId>)>,
        /// Output columns; inputs have been cast to their types.
        fields: Vec<Field>,
    },
    /// A common table expression used more than once: computed once.
    Shared {
        /// Same number, same rows.
        id: u32,
        /// What computes it. Its columns are renumbered by a `Project` on top of each use.
        input: std::rc::Rc<Plan>,
    },
    /// Each row once for every element of the longest of these lists; the others go on with NULLs. Puts out the input's columns
    /// and the elements.
    Unnest {
        /// Rows in.
        input: Box<Plan>,
        /// Elements and the lists they come from.
        columns: Vec<(Field, Expr)>,
    },
    /// Exactly one row: more are an error, none becomes one of NULLs. For scalar subqueries.
    SingleRow {
        /// Rows in.
        input: Box<Plan>,
    },
    /// For each row as many rows as a series from the first to the second bound in steps of the third has; puts out the input's
    /// columns and the series.
    Series {
        /// Rows in.
        input: Box<Plan>,
        /// Start, end and step, of type BIGINT, or TIMESTAMP twice and INTERVAL. A NULL makes an empty series.
        bounds: [Expr; 3],
        /// Whether the end belongs to it.
        inclusive: bool,
        /// The series.
        field: Field,
    },
    /// A recursive query: `step` is computed again and again over the rows that it gave the last time, until it gives none.
    Recursive {
        /// What [`Plan::Working`] refers to.
        id: u32,
        /// The rows to begin with, and the columns they come from.
        start: Box<Plan>,
        /// The next rows, read from `Working`, and the columns they come from.
        step: Box<Plan>,
        /// For each output column, its column of `start` and of `step`.
        sources: Vec<(ColumnId, ColumnId)>,
        /// Output columns; both inputs have been cast to their types.
        fields: Vec<Field>,
        /// UNION instead of UNION ALL: a row that was there before is not put out again, nor stepped from.
        distinct: bool,
    },
    /// The rows that the recursive query around gave the last time.
    Working {
        /// Which.
        id: u32,
        /// Its columns in order.
        fields: Vec<Field>,
    },
}

impl Plan {
    /// The steps right below.
    #[must_use]
    pub fn inputs(&self) -> Vec<&Self> {
        crate::walk::inputs(self)
    }

    /// The steps right below, to be changed; none below a shared one.
    pub fn inputs_mut(&mut self) -> Vec<&mut Self> {
        crate::walk::inputs_mut(self)
    }
}

/// Which rows of a join stay without a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// None.
    Inner,
    /// Left rows.
    Left,
    /// Right rows.
    Right,
    /// Both.
    Full,
    /// Left rows that have a partner, each once.
    Semi,
    /// Left rows that have none.
    Anti,
    /// Every pair; no conditions.
    Cross,
}

/// A sort key.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// What to order by.
    pub expr: Expr,
    /// Largest first.
    pub descending: bool,
    /// Where NULLs go. The binder has applied the default of DuckDB: last, whatever the direction.
    pub nulls_first: bool,
}

/// An expression over the columns of its step's input.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Its place in the SQL text.
    pub span: Span,
}

/// Kinds of expression. Operators are functions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A column of the input.
    Column(ColumnId),
    /// A parameter of the lambda around, by its number: those of a lambda inside another are numbered on.
    Element(u32),
    /// A constant; bound `$parameters` are constants too.
    Literal(Value),
    /// A scalar function or operator; arguments have the types its signature asks for.
    Call(Scalar, Vec<Expr>),
    /// A conversion to the expression's type. `lenient` (TRY_CAST) gives NULL where the value does not convert.
    Cast {
        /// What is converted.
        input: Box<Expr>,
        /// NULL instead of an error.
        lenient: bool,
    },
    /// The first branch whose condition is true; else `otherwise`.
    Case {
        /// Conditions (BOOLEAN) and results.
        branches: Vec<(Expr, Expr)>,
        /// When none holds.
        otherwise: Box<Expr>,
    },
    /// Whether the value is one of literals, with SQL's three-valued answer. `NOT IN` is wrapped in `Scalar::Not`.
    InList {
        /// The value.
        input: Box<Expr>,
        /// Literals of the value's type.
        list: Vec<Value>,
    },
}

/// One aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateCall {
    /// Which.
    pub function: Aggregate,
    /// Its arguments; none for `count(*)`.
    pub args: Vec<Expr>,
    /// Over distinct values only.
    pub distinct: bool,
    /// Over rows for which this is true only.
    pub filter: Option<Expr>,
    /// Order of the rows, where it matters (`string_agg`, `first`).
    pub order_by: Vec<SortKey>,
    /// Result type.
    pub ty: Type,
}

/// One window function.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowCall {
    /// A ranking or offset function, or an aggregate.
    pub function: WindowFunction,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// Rows with equal values share a window.
    pub partition_by: Vec<Expr>,
    /// Order within the window.
    pub order_by: Vec<SortKey>,
    /// Aggregates: the order in which a frame's rows are taken, where it is not the window's.
    pub within: Vec<SortKey>,
    /// Which rows around the current one count.
    pub frame: Frame,
    /// Aggregates: over rows for which this is true only.
    pub filter: Option<Expr>,
    /// Aggregates: over distinct values only.
    pub distinct: bool,
    /// `IGNORE NULLS` of lag, lead, first_value, last_value, nth_value.
    pub ignore_nulls: bool,
    /// Result type.
    pub ty: Type,
}

/// What a window computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowFunction {
    /// `row_number`, `rank`, `lag`, …
    Window(Window),
    /// Any aggregate.
    Aggregate(Aggregate),
}

/// The rows of a window that count for the current row.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// How bounds are counted.
    pub unit: FrameUnit,
    /// First row.
    pub start: FrameBound,
    /// Last row.
    pub end: FrameBound,
    /// Rows of it that do not count.
    pub exclude: Exclude,
}

/// Rows of a frame that do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exclude {
    /// None.
    NoOthers,
    /// The current one.
    CurrentRow,
    /// The current one and its peers.
    Group,
    /// Its peers, but not itself.
    Ties,
}

/// How frame bounds are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameUnit {
    /// Rows.
    Rows,
    /// Values of the one order key.
    Range,
    /// Groups of peers.
    Groups,
}

/// An end of a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum FrameBound {
    /// The partition's first row.
    UnboundedPreceding,
    /// So much before; a constant (an interval for RANGE over dates).
    Preceding(Value),
    /// The current row (with its peers for RANGE and GROUPS).
    CurrentRow,
    /// So much after.
    Following(Value),
    /// The partition's last row.
    UnboundedFollowing,
}
