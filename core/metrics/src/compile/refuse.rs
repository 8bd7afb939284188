//! Questions without a right answer: each is refused with the reason and with what to ask instead.

use crate::catalogue::Catalogue;
use crate::check::{Missing, finest, fits, missing};
use crate::question::{Comparison, FilterOperator, MetricFilter, MetricQuery};
use crate::tree::{Binary, Expr};
use almanac_model::metric::{Grain, Lifecycle, Metric};
use almanac_model::{Diagnostic, Value};

type Judged = (Vec<Diagnostic>, Vec<(String, Expr)>);

/// What a reader should know, and the conditions of the filters; or all that is wrong.
pub(super) fn judge(catalogue: &Catalogue, question: &MetricQuery) -> Result<Judged, Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    let mut notes = Vec::new();
    if question.metrics.is_empty() {
        wrong.push(error("no-metric", "no metric is asked for").hint("name one: `win_rate`"));
    }
    for (at, id) in question.metrics.iter().enumerate() {
        if question.metrics[..at].contains(id) {
            wrong.push(error("metric-twice", format!("`{id}` is asked for twice")));
        }
        match known(catalogue, id, &mut notes) {
            Err(problem) => wrong.push(*problem),
            Ok(metric) => {
                wrong.extend(grain_problem(catalogue, metric, question.grain));
                for dimension in &question.dimensions {
                    wrong.extend(dimension_problem(catalogue, metric, dimension, "split"));
                }
                for filter in &question.filters {
                    wrong.extend(dimension_problem(catalogue, metric, &filter.dimension, "filtered"));
                }
                wrong.extend(comparison_problem(catalogue, metric, question, &mut notes));
            }
        }
    }
    for (at, dimension) in question.dimensions.iter().enumerate() {
        if question.dimensions[..at].contains(dimension) {
            wrong.push(error("dimension-twice", format!("`{dimension}` is asked for twice")));
        }
    }
    if let (Some(from), Some(to)) = (question.from, question.to.or(Some(question.as_of)))
        && from > to
    {
        wrong.push(error("empty-range", "the first day is after the last").hint("swap them"));
    }
    let mut filters = Vec::new();
    if wrong.is_empty() {
        for filter in &question.filters {
            match condition(catalogue, question, filter) {
                Ok(condition) => filters.push((filter.dimension.clone(), condition)),
                Err(problem) => wrong.push(*problem),
            }
        }
    }
    if wrong.is_empty() { Ok((notes, filters)) } else { Err(wrong) }
}

pub(super) fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error_without_place(code, message)
}

fn known<'a>(catalogue: &'a Catalogue, id: &str, notes: &mut Vec<Diagnostic>) -> Result<&'a Metric, Box<Diagnostic>> {
    let Some(metric) = catalogue.metric(id) else {
        let ids = catalogue.metrics().map(|metric| metric.id.as_str());
        return Err(Box::new(error("unknown-metric", format!("there is no metric `{id}`")).did_you_mean(id, ids)));
    };
    if let Some(problem) = catalogue.refusal(id) {
        let mut refused = error("broken-metric", format!("`{id}` is refused: {}", problem.message));
        refused.hints.clone_from(&problem.hints);
        return Err(Box::new(refused));
    }
    let note =
        |code, message: String| Diagnostic { severity: almanac_model::Severity::Warning, ..error(code, message) };
    match &metric.lifecycle {
        Lifecycle::Certified => {}
        Lifecycle::Draft | Lifecycle::InReview => {
            notes.push(note("not-certified", format!("`{id}` is not certified: it is {}", metric.lifecycle.name())));
        }
        Lifecycle::Deprecated { successor, sunset } => {
            let until = sunset.as_ref().map(|day| format!(", answered until {day}")).unwrap_or_default();
            let problem = note("deprecated-metric", format!("`{id}` is deprecated{until}"));
            notes.push(problem.hint(format!("use `{}`", successor.text)));
        }
        Lifecycle::Retired { successor } => {
            let problem = error("retired-metric", format!("`{id}` is retired"));
            return Err(Box::new(match successor {
                Some(successor) => problem.hint(format!("use `{}`", successor.text)),
                None => problem,
            }));
        }
    }
    Ok(metric)
}

fn grain_problem(catalogue: &Catalogue, metric: &Metric, grain: Option<Grain>) -> Option<Diagnostic> {
    let id = &metric.id;
    let grain = grain?;
    if metric.grains.is_empty() {
        return Some(
            error("no-history", format!("`{id}` is a state of today and has no history by {}", grain.name()))
                .hint("ask for it without a grain"),
        );
    }
    if metric.grains.contains(&grain) {
        return None;
    }
    let offered: Vec<&str> = metric.grains.iter().map(|grain| grain.name()).collect();
    let hint = format!("ask for {}", offered.join(", "));
    let finest = finest(catalogue, id);
    Some(match finest {
        Some((finest, why)) if grain < finest => {
            error("grain-too-fine", format!("`{id}` cannot be asked for by {}: {why}", grain.name())).hint(hint)
        }
        _ => error("grain-not-offered", format!("`{id}` is not offered by {}", grain.name())).hint(hint),
    })
}

fn dimension_problem(catalogue: &Catalogue, metric: &Metric, dimension: &str, done: &str) -> Option<Diagnostic> {
    let id = &metric.id;
    if metric.dimensions.iter().any(|known| known.text == *dimension) {
        return None;
    }
    let allowed: Vec<&str> = metric.dimensions.iter().map(|known| known.text.as_str()).collect();
    if !catalogue.tables.dimensions.contains_key(dimension) {
        let names = catalogue.tables.dimensions.keys().map(String::as_str);
        let problem = error("unknown-dimension", format!("there is no dimension `{dimension}`"));
        let problem = problem.did_you_mean(dimension, names);
        return Some(if problem.hints.is_empty() { allow(problem, id, &allowed) } else { problem });
    }
    let because = match missing(catalogue, id, dimension) {
        Some(Missing::Table(table)) => format!("`{table}`, which it reads, does not have it"),
        Some(Missing::Meaning(a, b)) => format!("it means one thing in `{a}` and another in `{b}`"),
        None => "its definition leaves it out".to_owned(),
    };
    let message = format!("`{id}` cannot be {done} by `{dimension}`: {because}");
    Some(allow(error("dimension-not-allowed", message), id, &allowed))
}

fn allow(problem: Diagnostic, id: &str, allowed: &[&str]) -> Diagnostic {
    match allowed {
        [] => problem.hint(format!("`{id}` has no dimensions: ask for it as a whole")),
        allowed => problem.hint(format!("`{id}` has {}", allowed.join(", "))),
    }
}

fn comparison_problem(
    catalogue: &Catalogue,
    metric: &Metric,
    question: &MetricQuery,
    notes: &mut Vec<Diagnostic>,
) -> Option<Diagnostic> {
    let id = &metric.id;
    match (question.comparison?, question.grain) {
        (Comparison::Previous | Comparison::YearAgo, None) => {
            let message = "one value for a whole range has no period before it";
            Some(error("comparison-needs-grain", message).hint("ask by month, quarter or year"))
        }
        (Comparison::Plan, grain) => {
            let Some(plan) = &metric.plan else {
                let message = format!("there is no plan for `{id}`");
                let with: Vec<String> = catalogue
                    .metrics()
                    .filter(|metric| metric.plan.is_some())
                    .map(|metric| format!("`{}`", metric.id))
                    .collect();
                let problem =
                    error("no-plan", message).hint("name the metric that is its plan in its definition: `plan: …`");
                return Some(if with.is_empty() {
                    problem
                } else {
                    problem.hint(format!("metrics with a plan: {}", with.join(", ")))
                });
            };
            let plan = match known(catalogue, &plan.text, notes) {
                Ok(plan) => plan,
                Err(problem) => return Some(*problem),
            };
            let dimensions = question.dimensions.iter().chain(question.filters.iter().map(|filter| &filter.dimension));
            grain_problem(catalogue, plan, grain)
                .or_else(|| dimensions.into_iter().find_map(|name| dimension_problem(catalogue, plan, name, "split")))
        }
        _ => None,
    }
}

/// A filter as a condition on its column.
fn condition(catalogue: &Catalogue, question: &MetricQuery, filter: &MetricFilter) -> Result<Expr, Box<Diagnostic>> {
    let name = &filter.dimension;
    let one = !matches!(filter.operator, FilterOperator::In | FilterOperator::NotIn);
    let none = matches!(filter.operator, FilterOperator::IsNull | FilterOperator::IsNotNull);
    let count = filter.values.len();
    if (none && count > 0) || (one && !none && count != 1) || (!one && count == 0) {
        let wanted = if none {
            "no value"
        } else if one {
            "one value"
        } else {
            "at least one value"
        };
        let message = format!("the filter on `{name}` takes {wanted}, here are {count}");
        return Err(Box::new(error("filter-values", message)));
    }
    let tables = question.metrics.iter().flat_map(|id| catalogue.leaves(id)).map(|(leaf, _)| leaf.table.as_str());
    let types = tables.filter_map(|table| catalogue.schema.as_ref()?.get(table)?.get(name));
    for ty in types {
        if let Some(value) = filter.values.iter().find(|value| !fits(value, *ty) || matches!(value, Value::Null)) {
            let message = format!("`{name}` is {ty}, and a value of its filter is {}", value.ty());
            return Err(Box::new(error("filter-type", message)));
        }
    }
    let unusable = |value: &&Value| match value {
        Value::Double(number) => !number.is_finite(),
        Value::Boolean(_) | Value::Int(_) | Value::Text(_) | Value::Date(_) => false,
        _ => true,
    };
    if filter.values.iter().any(|value| unusable(&value)) {
        return Err(Box::new(error("filter-type", format!("a value of the filter on `{name}` cannot be compared"))));
    }
    let column = Expr::column(name);
    let bound: Vec<Expr> = filter.values.iter().cloned().map(Expr::Bound).collect();
    let with = |operator, bound: Vec<Expr>| {
        let column = Expr::column(name);
        bound.into_iter().next().map_or(column.clone(), |value| column.op(operator, value))
    };
    Ok(match filter.operator {
        FilterOperator::Is => with(Binary::Equal, bound),
        FilterOperator::IsNot => with(Binary::NotEqual, bound),
        FilterOperator::AtLeast => with(Binary::GreaterOrEqual, bound),
        FilterOperator::AtMost => with(Binary::LessOrEqual, bound),
        FilterOperator::In => Expr::In(Box::new(column), bound, false),
        FilterOperator::NotIn => Expr::In(Box::new(column), bound, true),
        FilterOperator::IsNull => Expr::IsNull(Box::new(column), false),
        FilterOperator::IsNotNull => Expr::IsNull(Box::new(column), true),
    })
}
