//! The keys that depend on a metric's type.

use super::fields::{Fields, written};
use super::{Additivity, Grain, Input, MetricKind, MetricTime, Simple, Source, Window, WindowAggregate};
use crate::diagnostic::{Diagnostic, Span};
use crate::notebook::{Kind, Node};

/// The keys of the type that the entry names; `None` when it names none.
pub(super) fn kind(fields: &mut Fields<'_>, text: &str) -> Option<MetricKind> {
    const TYPES: [(&str, u8); 5] = [("simple", 0), ("ratio", 1), ("derived", 2), ("cumulative", 3), ("conversion", 4)];
    fields.needed("type");
    Some(match fields.one_of("type", &TYPES)? {
        0 => MetricKind::Simple(Simple {
            source: source(fields, text),
            measure: fields.needed("measure"),
            additivity: additivity(fields),
        }),
        1 => MetricKind::Ratio { numerator: fields.needed("numerator"), denominator: fields.needed("denominator") },
        2 => MetricKind::Derived { expression: fields.needed("expression"), inputs: inputs(fields, text) },
        3 => MetricKind::Cumulative {
            metric: fields.needed("metric"),
            window: window(fields),
            aggregate: fields
                .one_of("aggregate", &[("sum", WindowAggregate::Sum), ("avg", WindowAggregate::Avg)])
                .unwrap_or(WindowAggregate::Sum),
        },
        _ => MetricKind::Conversion {
            source: source(fields, text),
            converted: fields.needed("converted"),
            window_days: fields.count("window_days").unwrap_or(0),
            entity_key: fields.needed("entity_key"),
        },
    })
}

fn source(fields: &mut Fields<'_>, text: &str) -> Source {
    Source { table: fields.needed("table"), filter: fields.written("filter"), time: time(fields, text) }
}

/// `time: {month: closed_month, day: closed_date}` or `time: now`.
pub(super) fn time(fields: &mut Fields<'_>, text: &str) -> Option<MetricTime> {
    let node = fields.node("time")?;
    if node.text() == Some("now") {
        return Some(MetricTime { now: true, ..MetricTime::default() });
    }
    let mut own = Fields::new(text, "`time`", node.span, node);
    let time = MetricTime { month: own.written("month"), day: own.written("day"), now: false };
    if time.month.is_none() && time.day.is_none() && own.problems.is_empty() {
        own.wrong(
            node,
            "`time` names a column of months, of days or of both: `{month: closed_month, day: closed_date}`",
        );
    }
    own.finish(&mut fields.problems);
    Some(time)
}

/// The times a source names, or none.
pub(super) fn time_of(time: &Option<MetricTime>) -> MetricTime {
    time.clone().unwrap_or_default()
}

fn additivity(fields: &mut Fields<'_>) -> Additivity {
    let choices = [
        ("sum", Additivity::Sum),
        ("last", Additivity::Last),
        ("first", Additivity::First),
        ("none", Additivity::None),
    ];
    fields.needed("additivity");
    fields.one_of("additivity", &choices).unwrap_or_default()
}

fn window(fields: &mut Fields<'_>) -> Window {
    let needed = fields.needed("window");
    match needed.text.as_str() {
        "ytd" => Window::ToDate(Grain::Year),
        "qtd" => Window::ToDate(Grain::Quarter),
        text => match months(text) {
            Some(months) => Window::Months(months),
            None => {
                if !text.is_empty() {
                    let message = format!("`{text}` is no window");
                    let hint = "write months as `3m` or `12m`, or `qtd`, or `ytd`";
                    fields.problems.push(Diagnostic::error(super::fields::CODE, needed.span, message).hint(hint));
                }
                Window::Months(1)
            }
        },
    }
}

/// `12m`.
fn months(text: &str) -> Option<u32> {
    text.strip_suffix('m')?.parse().ok().filter(|months| (1..=120).contains(months))
}

/// `[mrr, {metric: mrr, offset: 12m, as: mrr_py}]`.
fn inputs(fields: &mut Fields<'_>, text: &str) -> Vec<Input> {
    let Some(node) = fields.node("inputs") else {
        fields.needed("inputs");
        return Vec::new();
    };
    let Kind::List(items) = &node.kind else {
        fields.wrong(node, "`inputs` should be a list of metrics");
        return Vec::new();
    };
    items.iter().filter_map(|item| input(fields, text, item)).collect()
}

fn input(fields: &mut Fields<'_>, text: &str, item: &Node) -> Option<Input> {
    if let Some(metric) = written(text, item) {
        return Some(Input { alias: metric.text.clone(), metric, offset_months: 0 });
    }
    let mut own = Fields::new(text, "an input", Span::new(item.span.start, item.span.start + 1), item);
    let metric = own.needed("metric");
    let offset = own.written("offset");
    let alias = own.text("as");
    let offset_months = match &offset {
        None => 0,
        Some(offset) => months(&offset.text).unwrap_or_else(|| {
            let problem =
                Diagnostic::error(super::fields::CODE, offset.span, format!("`{}` is no offset", offset.text));
            own.problems.push(problem.hint("write months as `1m` or `12m`"));
            0
        }),
    };
    let alias = if alias.is_empty() { metric.text.clone() } else { alias };
    own.finish(&mut fields.problems).then_some(Input { metric, offset_months, alias })
}
