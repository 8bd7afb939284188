//! The binder: a query tree and a catalogue to a typed plan, or diagnostics.
//!
//! May use: the parser's tree, the registry. Never: rows. It keeps going after a mistake, so that a reader sees them all.

mod aggregate;
mod asof;
mod call;
mod coerce;
mod columns;
mod cte;
mod dependent;
mod elements;
mod expr;
mod from;
mod grouping;
mod lambda;
mod literals;
mod names;
mod nested;
mod operator;
mod order;
mod pivot;
mod quantified;
mod query;
mod record;
mod recursive;
mod scalar_subquery;
mod scope;
mod select;
mod series;
mod set_operation;
mod star;
mod subquery;
mod syntax;
mod unnest;
mod unpivot;
mod using;
mod window;

use almanac_model::{DEEPEST, Diagnostic, Span, Type, Value};
use sqlparser::ast::Spanned;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::TokenWithSpan;
use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::depth::too_deep;
use crate::limits::Limits;
use crate::optimise::{self, Optimise};
use crate::parse::rewrite::rewritten;
use crate::parse::{AlmanacDialect, Lines, parse};
use crate::plan::{AggregateCall, ColumnId, Expr, Field, Plan, Query};
use crate::walk;
use scope::Scope;

/// The value of a `$parameter`.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// One value.
    One(Value),
    /// Several, for `in $parameter`; all of one type.
    List(Vec<Value>),
}

/// What a query may refer to beside the catalogue.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BindOptions {
    /// Values of `$parameters` by name, without the sign.
    pub parameters: BTreeMap<String, Parameter>,
    /// The manifest's `as_of`, days since 1970-01-01: `current_date` and `today()`. Without it they are an error.
    pub today: Option<i32>,
    /// Values of PIVOTs that name none, in order, by the place that [`pivot_questions`] gives.
    pub pivots: BTreeMap<usize, Vec<String>>,
    /// Bounds on the text.
    pub limits: Limits,
    /// Rewrites to make.
    pub optimise: Optimise,
}

/// Binds the one query of `sql`.
///
/// ```
/// use almanac_model::Type;
/// use almanac_sql::catalog::{Catalog, CatalogTable};
/// use almanac_sql::{BindOptions, bind};
///
/// struct Deals;
///
/// impl Catalog for Deals {
///     fn table(&self, name: &str) -> Option<CatalogTable> {
///         name.eq_ignore_ascii_case("deals").then(|| CatalogTable {
///             name: "deals".into(),
///             columns: vec![("region".into(), Type::Varchar), ("amount_usd".into(), Type::Double)],
///             rows: Some(3),
///             distinct: [].into(),
///         })
///     }
///
///     fn table_names(&self) -> Vec<String> {
///         vec!["deals".into()]
///     }
/// }
///
/// let query = bind("select region, sum(amount_usd) as amount from deals group by region", &Deals, &BindOptions::default())?;
/// let types: Vec<Type> = query.output.iter().map(|field| field.ty).collect();
/// assert_eq!(types, [Type::Varchar, Type::Double]);
///
/// let problems = bind("select amount from deals", &Deals, &BindOptions::default()).unwrap_err();
/// assert_eq!(problems[0].code.to_string(), "unknown-column");
/// # Ok::<(), Vec<almanac_model::Diagnostic>>(())
/// ```
///
/// # Errors
/// Every mistake found, in order of place, with byte spans of `sql`. A PIVOT whose values are neither in the text nor in the
/// options is one, `pivot-values`, see [`pivot_questions`].
pub fn bind(sql: &str, catalog: &dyn Catalog, options: &BindOptions) -> Result<Query, Vec<Diagnostic>> {
    let (tree, explain) = parse(sql, &options.limits)?;
    let mut binder = Binder::new(sql, catalog, options);
    let bound = binder.query(&tree);
    let bound = binder.typed(bound);
    if !binder.lifted.is_empty() {
        let message = "an aggregate of a query around is not allowed in this place";
        binder.report(Diagnostic::error_without_place("misplaced-aggregate", message));
    }
    for field in bound.fields.iter().filter(|field| field.ty.depth() > DEEPEST) {
        let message = format!("`{}` has lists or structs inside of each other more than {DEEPEST} times", field.name);
        binder.diagnostics.push(Diagnostic::error_without_place("unsupported", message));
    }
    if binder.diagnostics.is_empty() && Binder::is_correlated(&bound.plan) {
        let problem =
            Diagnostic::error_without_place("correlated-subquery", "a subquery reads columns out of its reach");
        binder.report(problem.hint("write it as a join"));
    }
    let mut diagnostics = binder.diagnostics;
    if diagnostics.is_empty() {
        let query = Query { root: bound.plan, output: bound.fields, explain };
        return Ok(optimise::optimise(query, catalog, &options.optimise));
    }
    // What the columns of a PIVOT are is asked once all else is right.
    let asks = |problem: &Diagnostic| problem.code.0 == "pivot-values";
    if !diagnostics.iter().all(asks) {
        diagnostics.retain(|problem| !asks(problem));
    }
    diagnostics.sort_by_key(|problem| problem.span.map_or((0, 0), |span| (span.start, span.end)));
    diagnostics.dedup();
    Err(diagnostics)
}

/// The queries whose answers are the columns of PIVOTs that name none, each with the place for them in
/// [`BindOptions::pivots`]: one column of texts. Where one PIVOT reads another, the outer one asks when the inner one is answered.
#[must_use]
pub fn pivot_questions(sql: &str, catalog: &dyn Catalog, options: &BindOptions) -> Vec<(usize, Query)> {
    let Ok((tree, _)) = parse(sql, &options.limits) else { return Vec::new() };
    let mut binder = Binder::new(sql, catalog, options);
    binder.query(&tree);
    let optimised = |(place, query)| (place, optimise::optimise(query, catalog, &options.optimise));
    binder.questions.into_iter().map(optimised).collect()
}

/// The columns of a query whose tokens stand in a text being written; none when it does not parse.
pub(crate) fn columns_of(
    tokens: &[TokenWithSpan],
    catalog: &dyn Catalog,
    options: &BindOptions,
) -> Vec<(String, Type)> {
    if too_deep(tokens, &options.limits).is_some() {
        return Vec::new();
    }
    let mut parser = Parser::new(&AlmanacDialect)
        .with_recursion_limit(options.limits.depth + 10)
        .with_tokens_with_locations(rewritten(tokens.to_vec()));
    let Ok(tree) = parser.parse_query() else { return Vec::new() };
    let mut binder = Binder::new("columns", catalog, options);
    binder.query(&tree).fields.into_iter().map(|field| (field.name, field.ty)).collect()
}

/// Whether a word is somewhere in a text, letter case aside.
fn contains(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// A step and the columns of it that a reader may name.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) plan: Plan,
    pub(crate) fields: Vec<Field>,
}

/// The state of binding one text.
pub(crate) struct Binder<'a> {
    catalog: &'a dyn Catalog,
    options: &'a BindOptions,
    lines: Lines<'a>,
    diagnostics: Vec<Diagnostic>,
    next_column: u32,
    next_shared: u32,
    /// Scopes of the queries around, the innermost last.
    scopes: Vec<Scope>,
    /// CTEs in sight, the innermost last.
    ctes: Vec<cte::Cte>,
    /// Parameters of the lambdas around, the innermost last.
    parameters: Vec<(String, Expr)>,
    /// How many lambdas are around.
    lambdas: u32,
    /// Aggregates of a subquery that read columns of queries around alone, each with the place of its query in `scopes`.
    lifted: Vec<(usize, Field, AggregateCall)>,
    /// Aliases that stand for expressions with aliases: how deep.
    alias_depth: usize,
    /// Whether `COLUMNS` may stand anywhere in the text.
    mentions_columns: bool,
    /// Queries for the columns of a PIVOT that names none.
    questions: Vec<(usize, Query)>,
}

impl<'a> Binder<'a> {
    fn new(sql: &'a str, catalog: &'a dyn Catalog, options: &'a BindOptions) -> Self {
        Self {
            catalog,
            options,
            lines: Lines::new(sql),
            diagnostics: Vec::new(),
            next_column: 0,
            next_shared: 0,
            scopes: Vec::new(),
            ctes: Vec::new(),
            parameters: Vec::new(),
            lambdas: 0,
            lifted: Vec::new(),
            alias_depth: 0,
            mentions_columns: ["columns", "like", "similar"].iter().any(|word| contains(sql, word)),
            questions: Vec::new(),
        }
    }

    fn field(&mut self, name: impl Into<String>, ty: Type) -> Field {
        let id = ColumnId(self.next_column);
        self.next_column += 1;
        Field { id, name: name.into(), ty }
    }

    fn report(&mut self, problem: Diagnostic) {
        self.diagnostics.push(problem);
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::error(code, span, message));
    }

    fn unsupported(&mut self, span: Span, what: &str) {
        self.error("unsupported", span, format!("{what} is not supported"));
    }

    fn span(&self, node: &impl Spanned) -> Span {
        self.lines.span(node.span())
    }

    /// Stands for an expression that could not be bound. Its type fits everywhere, so that one mistake is told once.
    fn broken(span: Span) -> Expr {
        walk::literal(Value::Null, Type::Null, span)
    }

    /// Columns computed and nothing else.
    fn project(&mut self, plan: Plan, columns: Vec<(Field, Expr)>) -> Plan {
        Plan::Project { input: Box::new(plan), columns }
    }

    /// NULLs that nothing gave a type are INTEGER once they are given out, as in DuckDB.
    fn typed(&mut self, bound: Bound) -> Bound {
        if bound.fields.iter().all(|field| field.ty != Type::Null) {
            return bound;
        }
        let columns: Vec<(Field, Expr)> = bound
            .fields
            .iter()
            .map(|old| match old.ty {
                Type::Null => {
                    let value = walk::literal(Value::Null, Type::Integer, Span::default());
                    (self.field(old.name.clone(), Type::Integer), value)
                }
                ty => (self.field(old.name.clone(), ty), walk::column(old.id, ty, Span::default())),
            })
            .collect();
        let fields = columns.iter().map(|(field, _)| field.clone()).collect();
        Bound { plan: self.project(bound.plan, columns), fields }
    }

    /// Each field again under a new number.
    fn renumber(&mut self, plan: Plan, fields: &[Field]) -> Bound {
        let columns: Vec<(Field, Expr)> = fields
            .iter()
            .map(|old| (self.field(old.name.clone(), old.ty), walk::column(old.id, old.ty, Span::default())))
            .collect();
        let fields = columns.iter().map(|(field, _)| field.clone()).collect();
        Bound { plan: self.project(plan, columns), fields }
    }
}
