//! The function registry: every function and operator, its names, signatures, words and an example, as data.
//!
//! One table serves the binder, completion, the documentation and the tests. May use: the model's types. Never: evaluates.
//! Examples' answers are DuckDB's.

mod aggregates;
mod conditional;
mod date_part;
mod kinds;
mod list_aggregates;
mod list_kinds;
mod lists;
mod many_rows;
mod numeric;
mod operators;
mod reference;
mod signature;
mod statistics;
mod structs;
mod temporal;
mod text;
mod windows;

pub use date_part::DatePart;
pub use kinds::Scalar;
pub use list_kinds::Nested;
pub use many_rows::{Aggregate, Window};
pub use reference::reference;
pub use signature::{Param, Signature};

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A scalar function.
    Scalar(Scalar),
    /// A scalar function chosen by its first argument, a constant such as `'month'`; signatures leave that argument out.
    WithPart(fn(DatePart) -> Scalar),
    /// An aggregate.
    Aggregate(Aggregate),
    /// A window function.
    Window(Window),
    /// Shorthand that the binder writes out: `if`, `nullif`, `today`, `typeof`, …
    Shorthand(Shorthand),
}

/// Functions that are bound as something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shorthand {
    /// `if(condition, a, b)`: a CASE.
    If,
    /// `nullif(a, b)`: a CASE.
    NullIf,
    /// `today()`: the host's date as a literal.
    Today,
    /// `now()`: the start of that day.
    Now,
    /// `age(x)`: from that day.
    AgeToday,
    /// `typeof(x)`: a literal.
    TypeOf,
    /// `date_add(x, interval)`: `x + interval`.
    DateAdd,
    /// `grouping(key, …)`: a literal in each set of keys.
    Grouping,
    /// `list_sum(x)`, `list_aggregate(x, 'sum')`: an aggregate over elements.
    ListAggregate,
    /// `unnest(x)` in the SELECT list: a row for each element.
    Unnest,
    /// `struct_pack(a := 1)`.
    StructPack,
    /// `struct_extract(x, 'a')`.
    StructExtract,
    /// `row(1, 'x')`: a struct without names.
    Row,
    /// `struct_insert(x, b := 2)`: the same struct with more fields.
    StructInsert,
    /// `struct_update(x, a := 2)`: the same struct with other values.
    StructUpdate,
    /// `struct_concat(x, y)`: the fields of both.
    StructConcat,
    /// `list_zip(x, y)`: a list of structs.
    ListZip,
    /// `flatten(x)`: a list of the elements of lists.
    Flatten,
    /// `array_pop_back(x)`: a slice.
    PopBack,
    /// `array_pop_front(x)`: a slice.
    PopFront,
    /// `list_transform(x, y -> …)`.
    ListTransform,
    /// `list_filter(x, y -> …)`.
    ListFilter,
    /// `list_reduce(x, (a, b) -> …)`.
    ListReduce,
}

/// A section of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Arithmetic and bits.
    Operator,
    /// Equality and order.
    Comparison,
    /// Three-valued logic.
    Logic,
    /// Choice between values.
    Conditional,
    /// Mathematics.
    Numeric,
    /// Text.
    Text,
    /// Patterns: LIKE and regular expressions.
    Pattern,
    /// Dates, times, intervals.
    Temporal,
    /// Lists and structs.
    List,
    /// Many rows to one.
    Aggregate,
    /// Many rows to one, statistics.
    Statistics,
    /// One value per row from the rows around it.
    Window,
}

/// One line of the registry. A name may have several entries; overloads are chosen among all their signatures.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Names in lower case, the preferred one first. Operators are named by their sign and cannot be called by it.
    pub names: &'static [&'static str],
    /// What it is.
    pub target: Target,
    /// Section of the documentation.
    pub category: Category,
    /// Accepted arguments, first fit at equal cost.
    pub signatures: &'static [Signature],
    /// One sentence.
    pub description: &'static str,
    /// An expression, or a query that starts with `select`.
    pub example: &'static str,
    /// The example's one value as text, as DuckDB casts it to VARCHAR; `NULL` for NULL.
    pub answer: &'static str,
}

impl Entry {
    /// A query that computes the example.
    #[must_use]
    pub fn example_query(&self) -> String {
        if self.example.starts_with("select ") { self.example.to_owned() } else { format!("select {}", self.example) }
    }

    /// Whether the name is a word that can be called, not a sign.
    #[must_use]
    pub fn is_callable(&self) -> bool {
        self.names[0].starts_with(|letter: char| letter.is_ascii_lowercase())
            && !matches!(self.category, Category::Comparison | Category::Logic)
            && !matches!(self.target, Target::Scalar(Scalar::Like | Scalar::ILike))
    }
}

/// The whole registry, section by section.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [
        operators::ENTRIES,
        conditional::ENTRIES,
        numeric::ENTRIES,
        text::ENTRIES,
        temporal::ENTRIES,
        lists::ENTRIES,
        list_aggregates::ENTRIES,
        structs::ENTRIES,
        aggregates::ENTRIES,
        statistics::ENTRIES,
        windows::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// The callable entries of a name, letter case aside.
pub fn lookup(name: &str) -> impl Iterator<Item = &'static Entry> {
    let wanted = name.to_lowercase();
    all().filter(move |entry| entry.is_callable() && entry.names.contains(&wanted.as_str()))
}

/// The signatures of an operator.
#[must_use]
pub fn of_scalar(function: Scalar) -> Option<&'static Entry> {
    all().find(|entry| matches!(entry.target, Target::Scalar(found) if found == function))
}
