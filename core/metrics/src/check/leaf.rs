//! One aggregate over one table: its columns are there, it aggregates, and its months roll up as it says.

use super::shape::divides;
use super::tables::{column, columns};
use crate::catalogue::{Catalogue, Leaf, Shape};
use crate::tree::{AggregateFunction, Binary, Expr};
use almanac_model::metric::{Additivity, Metric, MetricKind, TableFacts, Written};
use almanac_model::{Diagnostic, Type, Value};

pub(super) fn check(catalogue: &Catalogue, id: &str) -> Vec<Diagnostic> {
    let Some(metric) = catalogue.metric(id) else { return Vec::new() };
    let leaves: Vec<&Leaf> = match catalogue.shape(id) {
        Some(Shape::Leaf(leaf)) => vec![leaf],
        Some(Shape::Conversion { converted, .. }) => vec![converted],
        _ => return Vec::new(),
    };
    let mut problems = Vec::new();
    for leaf in leaves {
        for expr in leaf.filter.iter().chain([&leaf.measure]) {
            for name in expr.columns() {
                problems.extend(column(catalogue, &leaf.table, &place_of(metric, &name)));
            }
        }
        for time in [&leaf.time.month, &leaf.time.day].into_iter().flatten() {
            problems.extend(column(catalogue, &leaf.table, time));
        }
        if let Some(filter) = &leaf.filter {
            problems.extend(filter_problem(catalogue, metric, leaf, filter));
        }
        if let MetricKind::Simple(simple) = &metric.kind {
            let written = &simple.measure;
            problems.extend(aggregation(leaf, written));
            problems.extend(additivity(leaf, written));
            problems.extend(catalogue.table(&leaf.table).and_then(|table| fan_out(leaf, table, written)));
        }
    }
    problems
}

/// The texts of a metric in which a name may stand.
fn texts(metric: &Metric) -> Vec<&Written> {
    let source = metric.kind.source();
    let mut texts: Vec<&Written> = source.iter().filter_map(|source| source.filter.as_ref()).collect();
    match &metric.kind {
        MetricKind::Simple(simple) => texts.push(&simple.measure),
        MetricKind::Conversion { converted, entity_key, .. } => texts.extend([converted, entity_key]),
        _ => {}
    }
    texts
}

/// A name at its place in the file.
fn place_of(metric: &Metric, name: &str) -> Written {
    for text in texts(metric) {
        let lower = text.text.to_ascii_lowercase();
        let word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        let whole =
            |at: &usize| !word(lower[..*at].chars().next_back()) && !word(lower[at + name.len()..].chars().next());
        if let Some(at) = lower.match_indices(name).map(|(at, _)| at).find(whole) {
            let span = match text.plain {
                true => almanac_model::Span::new(text.span.start + at, text.span.start + at + name.len()),
                false => text.span,
            };
            return Written { text: name.to_owned(), span, plain: text.plain };
        }
    }
    Written { text: name.to_owned(), span: metric.span, plain: false }
}

/// Aggregates stand in the measure, and columns in the aggregates.
fn aggregation(leaf: &Leaf, written: &Written) -> Option<Diagnostic> {
    let wrong =
        |message: &str, hint: &str| Some(Diagnostic::error("not-an-aggregate", written.span, message).hint(hint));
    if leaf.measure.aggregates().is_empty() {
        return wrong("a measure aggregates rows", "write `sum(…)`, `count(*)`, `avg(…)` around it");
    }
    let nested = |expr: &Expr| !expr.aggregates().is_empty();
    if leaf.measure.aggregates().iter().any(|aggregate| aggregate.argument.as_deref().is_some_and(nested)) {
        return wrong("an aggregate cannot hold another one", "make a metric of each and derive the third");
    }
    let outside = leaf.measure.replaced(&mut |part| match part {
        Expr::Aggregate(_) => Some(Expr::int(0)),
        _ => None,
    });
    outside.columns().first().and_then(|name| {
        wrong(&format!("`{name}` stands outside of any aggregate"), "every column of a measure is aggregated")
    })
}

/// Whether the months roll up as the metric says.
fn additivity(leaf: &Leaf, written: &Written) -> Option<Diagnostic> {
    let wrong = |message: String, hint: &str| Some(Diagnostic::error("not-additive", written.span, message).hint(hint));
    if leaf.additivity == Additivity::Sum {
        for aggregate in leaf.measure.aggregates() {
            let what = match aggregate.function {
                _ if aggregate.distinct => "a distinct count does",
                AggregateFunction::Avg => "means do",
                AggregateFunction::Quantile(_) => "medians and quantiles do",
                AggregateFunction::Min | AggregateFunction::Max => "extremes do",
                AggregateFunction::Sum | AggregateFunction::Count => continue,
            };
            return wrong(
                format!("{what} not add up over months"),
                "write `additivity: none`: it is computed from the rows of each period",
            );
        }
        if divides(&leaf.measure) {
            return wrong(
                "a share does not add up over months".into(),
                "write `additivity: none`, or make it a ratio of two metrics",
            );
        }
    }
    if matches!(leaf.additivity, Additivity::Last | Additivity::First) && leaf.month().is_none() && !leaf.time.now {
        return wrong(
            "a balance is read at a month, and its time has no column of months".into(),
            "name one: `time: {month: …}`",
        );
    }
    None
}

/// A value that stands in several rows of one key is added up as often: the mistake of a join that fans out.
fn fan_out(leaf: &Leaf, table: &TableFacts, written: &Written) -> Option<Diagnostic> {
    for aggregate in leaf.measure.aggregates() {
        let harmless = aggregate.distinct
            || matches!(aggregate.function, AggregateFunction::Min | AggregateFunction::Max | AggregateFunction::Count);
        if let (false, Some(Expr::Column { name, .. })) = (harmless, aggregate.argument.as_deref())
            && let Some(key) = table.repeated.get(name)
        {
            let message = format!(
                "`{name}` stands in every row of a `{key}` in `{}` (one row per {}), so it is counted several times",
                table.name, table.grain
            );
            let hint = format!(
                "multiply it by a weight that adds up to 1 for each `{key}`, or measure the table of `{key}` itself"
            );
            return Some(Diagnostic::error("fan-out", written.span, message).hint(hint));
        }
    }
    None
}

/// A filter is a condition on one row, and compares what can be compared.
fn filter_problem(catalogue: &Catalogue, metric: &Metric, leaf: &Leaf, filter: &Expr) -> Option<Diagnostic> {
    let place = texts(metric).first().map_or(metric.span, |written| written.span);
    if !filter.aggregates().is_empty() {
        let problem =
            Diagnostic::error("aggregate-in-filter", place, "a filter decides about one row and cannot aggregate");
        return Some(problem);
    }
    let columns = columns(catalogue, &leaf.table)?;
    let mut found = None;
    filter.visit(&mut |part| {
        let pair = match part {
            Expr::Binary(a, operator, b) if !matches!(operator, Binary::And | Binary::Or) => Some((a, b.as_ref())),
            Expr::In(x, items, _) => items.first().map(|item| (x, item)),
            _ => None,
        };
        if let Some((x, Expr::Literal(value))) = pair
            && let Expr::Column { name, .. } = x.as_ref()
            && let Some(ty) = columns.get(name)
            && !fits(value, *ty)
        {
            let shown = crate::print::expression(&Expr::Literal(value.clone()), crate::print::Dialect::DuckDb);
            let message = format!("`{name}` is {ty}, and {shown} is not");
            found = Some(Diagnostic::error("filter-type", place_of(metric, name).span, message));
        }
    });
    found
}

/// Whether a value can be compared with a column of a type.
pub(crate) fn fits(value: &Value, ty: Type) -> bool {
    match value {
        Value::Null => true,
        Value::Int(_) | Value::Double(_) => ty.is_numeric(),
        Value::Text(_) => ty == Type::Varchar,
        Value::Boolean(_) => ty == Type::Boolean,
        Value::Date(_) => ty.is_temporal(),
        _ => false,
    }
}
