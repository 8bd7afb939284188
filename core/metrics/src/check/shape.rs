//! Texts to shapes, and what must hold between a metric and those it reads.

use crate::catalogue::{Catalogue, Leaf, Shape};
use crate::language::parse_expression;
use crate::tree::{Aggregate, AggregateFunction, Binary, Expr};
use almanac_model::Diagnostic;
use almanac_model::metric::{Additivity, Fill, Grain, Metric, MetricKind, Source, Written};

/// The shape of a metric.
pub(super) fn shape(catalogue: &Catalogue, id: &str) -> Result<Shape, Vec<Diagnostic>> {
    let Some(metric) = catalogue.metric(id) else { return Err(Vec::new()) };
    let one = |problem: Box<Diagnostic>| vec![*problem];
    Ok(match &metric.kind {
        MetricKind::Simple(simple) => {
            let measure = parse_expression(&simple.measure).map_err(one)?;
            let counts =
                |aggregate: &Aggregate| matches!(aggregate.function, AggregateFunction::Sum | AggregateFunction::Count);
            let aggregates = measure.aggregates();
            // The sum of nothing is 0; the mean of nothing is unknown, and so is a share of sums.
            let zero = aggregates.iter().all(counts) && !divides(&measure) && !aggregates.is_empty();
            let fill = metric.fill.unwrap_or(if zero { Fill::Zero } else { Fill::Null });
            Shape::Leaf(leaf(catalogue, metric, &simple.source, measure, simple.additivity, fill, id)?)
        }
        MetricKind::Ratio { numerator, denominator } => {
            Shape::Ratio { numerator: numerator.text.clone(), denominator: denominator.text.clone() }
        }
        MetricKind::Derived { expression, inputs } => {
            Shape::Derived { expression: parse_expression(expression).map_err(one)?, inputs: inputs.clone() }
        }
        MetricKind::Cumulative { metric, window, aggregate } => {
            Shape::Cumulative { metric: metric.text.clone(), window: *window, aggregate: *aggregate }
        }
        MetricKind::Conversion { source, converted, entity_key, .. } => {
            let converted = parse_expression(converted).map_err(one)?;
            let count = rows(catalogue, source, entity_key);
            let leaf = |alias: &str| {
                leaf(catalogue, metric, source, count.clone(), Additivity::Sum, Fill::Zero, &format!("{id}_{alias}"))
            };
            let base = leaf("base")?;
            let mut those = leaf("converted")?;
            those.filter = Expr::all(those.filter.into_iter().chain([converted]));
            Shape::Conversion { converted: Box::new(those), base: Box::new(base) }
        }
    })
}

/// How many things convert: the rows, where each thing has one.
fn rows(catalogue: &Catalogue, source: &Source, key: &Written) -> Expr {
    let own = catalogue.table(&source.table.text).is_some_and(|table| table.primary_key == [key.text.clone()]);
    Expr::Aggregate(Aggregate {
        function: AggregateFunction::Count,
        distinct: !own,
        argument: (!own).then(|| Box::new(Expr::column(&key.text))),
        filter: None,
    })
}

fn leaf(
    catalogue: &Catalogue,
    metric: &Metric,
    source: &Source,
    measure: Expr,
    additivity: Additivity,
    fill: Fill,
    alias: &str,
) -> Result<Leaf, Vec<Diagnostic>> {
    let table = &source.table;
    let Some(facts) = catalogue.table(&table.text) else {
        let message = format!("the table `{}` is not described in the file of tables", table.text);
        let problem = Diagnostic::error("unknown-table", table.span, message);
        return Err(vec![problem.did_you_mean(&table.text, catalogue.tables.tables.keys().map(String::as_str))]);
    };
    let filter = match &source.filter {
        Some(filter) => Some(parse_expression(filter).map_err(|problem| vec![*problem])?),
        None => None,
    };
    let time = source.time.clone().unwrap_or_else(|| facts.time.clone());
    if !time.now && time.month.is_none() && time.day.is_none() {
        let message = format!("`{}` has no time column", table.text);
        return Err(vec![
            Diagnostic::error("no-time", metric.span, message)
                .hint("name one (`time: {month: signup_month}`), or say that it is the state of today: `time: now`"),
        ]);
    }
    Ok(Leaf {
        alias: alias.to_owned(),
        table: table.text.clone(),
        time,
        measure,
        filter,
        within: None,
        additivity,
        fill,
    })
}

/// What must hold between a metric and those it reads.
pub(super) fn check(catalogue: &Catalogue, id: &str) -> Vec<Diagnostic> {
    let Some(metric) = catalogue.metric(id) else { return Vec::new() };
    let mut problems = Vec::new();
    match (&metric.kind, catalogue.shape(id)) {
        (MetricKind::Derived { expression, inputs }, Some(Shape::Derived { expression: tree, .. })) => {
            for name in tree.columns() {
                if !inputs.iter().any(|input| input.alias == name) {
                    let message = format!("`{name}` is not among the inputs");
                    problems.push(
                        Diagnostic::error("unknown-input", expression.span, message)
                            .did_you_mean(&name, inputs.iter().map(|input| input.alias.as_str())),
                    );
                }
            }
            if !tree.aggregates().is_empty() {
                let message = "a derived metric computes with metrics and aggregates no rows";
                problems.push(Diagnostic::error("aggregate-of-metric", expression.span, message));
            }
        }
        (MetricKind::Cumulative { metric: base, .. }, _) if !is_additive(catalogue, &base.text, 0) => {
            let message = format!("the months of `{}` do not add up", base.text);
            problems.push(
                Diagnostic::error("not-additive", base.span, message)
                    .hint("make running totals of what it is made of, and then the ratio of those"),
            );
        }
        _ => {}
    }
    let finest = finest(catalogue, id);
    if let (Some((finest, why)), Some(grain)) = (finest, metric.grains.first())
        && *grain < finest
    {
        let message = format!("`{}` is finer than the data: {why}", grain.name());
        problems.push(
            Diagnostic::error("grain-too-fine", metric.span, message).hint(format!("begin with `{}`", finest.name())),
        );
    }
    problems
}

/// The finest grain the rows allow, and why none finer.
pub(crate) fn finest(catalogue: &Catalogue, id: &str) -> Option<(Grain, String)> {
    for (leaf, shift) in catalogue.leaves(id) {
        if leaf.day().is_none() && leaf.month().is_some() {
            let grain = catalogue.table(&leaf.table).map_or("", |table| table.grain.as_str());
            let time = leaf.month().unwrap_or_default();
            return Some((
                Grain::Month,
                format!("`{}` has one row per {grain}, and `{time}` holds months", leaf.table),
            ));
        }
        if shift > 0 {
            return Some((Grain::Month, "it reads months before".to_owned()));
        }
    }
    cumulative(catalogue, id, 0).then(|| (Grain::Month, "running totals are made of months".to_owned()))
}

fn cumulative(catalogue: &Catalogue, id: &str, depth: usize) -> bool {
    let Some(metric) = catalogue.metric(id).filter(|_| depth < super::DEEPEST) else { return false };
    matches!(metric.kind, MetricKind::Cumulative { .. })
        || metric.kind.metrics().iter().any(|read| cumulative(catalogue, &read.text, depth + 1))
}

/// Whether the months of a metric add up.
fn is_additive(catalogue: &Catalogue, id: &str, depth: usize) -> bool {
    match catalogue.shape(id) {
        _ if depth > super::DEEPEST => false,
        Some(Shape::Leaf(leaf)) => leaf.additivity == Additivity::Sum && !leaf.time.now,
        Some(Shape::Derived { expression, inputs }) => {
            is_linear(expression) && inputs.iter().all(|input| is_additive(catalogue, &input.metric.text, depth + 1))
        }
        // Another check names what cannot be read.
        None => true,
        _ => false,
    }
}

/// Whether a sum of its values is its value of the sums: inputs added, subtracted, multiplied by numbers.
pub(crate) fn is_linear(expression: &Expr) -> bool {
    fn constant(expr: &Expr) -> bool {
        matches!(expr, Expr::Literal(_))
    }
    match expression {
        Expr::Column { .. } => true,
        Expr::Binary(a, Binary::Add | Binary::Subtract, b) => is_linear(a) && is_linear(b),
        Expr::Binary(a, Binary::Multiply, b) => (constant(a) && is_linear(b)) || (is_linear(a) && constant(b)),
        Expr::Binary(a, Binary::Divide, b) => is_linear(a) && constant(b),
        Expr::Unary(crate::tree::Unary::Negative, x) => is_linear(x),
        _ => false,
    }
}

/// Whether it divides one aggregate by another.
pub(super) fn divides(measure: &Expr) -> bool {
    let mut found = false;
    measure.visit(&mut |part| {
        if let Expr::Binary(_, Binary::Divide, below) = part {
            found |= !below.aggregates().is_empty();
        }
    });
    found
}
