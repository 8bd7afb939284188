//! Fences to cells: the kinds, their info strings and their YAML bodies.

use super::front_matter::input;
use super::spec::{Fields, Notes, check_format};
use super::yaml::{Kind, Node, read_yaml};
use super::{BrokenKind, CellColumn, CellKind, Direction, ExpectSpec, Input, KpiSpec, SparkSpec, TableSpec, Template};
use crate::chart::{Channel, ChartSpec, Mark};
use crate::diagnostic::{Diagnostic, Span};

/// Kinds of cell that run.
pub(super) const KINDS: &[&str] = &["sql", "chart", "table", "kpi", "input", "note", "expect"];

/// Kinds of cell that notebooks may already hold and a later version will run.
pub(super) const LATER: &[&str] = &["metric", "insights", "goals", "exercise"];

const CHART: &str = "broken-chart-spec";
const TABLE: &str = "broken-table-spec";
const KPI: &str = "broken-kpi-spec";
const INPUT: &str = "broken-input-spec";

const CHART_KEYS: &[&str] =
    &["data", "mark", "x", "y", "color", "title", "subtitle", "stack", "horizontal", "bins", "height"];
const KPI_KEYS: &[&str] = &["label", "value", "compare", "comparator", "format", "good", "spark"];
const MARKS: &[(&str, Mark)] = &[
    ("bar", Mark::Bar),
    ("line", Mark::Line),
    ("area", Mark::Area),
    ("point", Mark::Point),
    ("histogram", Mark::Histogram),
];

/// A chart from its YAML.
pub(super) fn chart(source: &str, body: Span, notes: &mut Notes) -> CellKind {
    let broken = CellKind::Broken(BrokenKind::Chart);
    let Some(node) = yaml(source, body, CHART, "a chart needs `data`, `mark` and `x`", notes) else { return broken };
    let fields = Fields::of(&node, "a chart", CHART, CHART_KEYS, "", notes);
    if notes.failed() {
        return broken;
    }
    let data = fields.required("data", notes);
    let mark = fields.choice("mark", MARKS, notes);
    if mark.is_none() && !notes.places.contains_key("mark") {
        notes.diagnostics.push(
            Diagnostic::error(CHART, node.span, "a chart needs `mark`")
                .hint("it is one of `bar`, `line`, `area`, `point`, `histogram`"),
        );
    }
    let x = channel(&fields, "x", notes);
    let y = channel(&fields, "y", notes);
    let color = channel(&fields, "color", notes);
    if x.is_none() && !notes.failed() {
        notes.diagnostics.push(Diagnostic::error(CHART, node.span, "a chart needs `x`").hint("add a line `x: column`"));
    }
    if y.is_none() && mark.is_some_and(|mark| mark != Mark::Histogram) && !notes.failed() {
        notes.diagnostics.push(
            Diagnostic::error(CHART, node.span, "a chart needs `y`")
                .hint("add a line `y: column`; only a histogram counts by itself"),
        );
    }
    let spec = ChartSpec {
        data,
        mark: mark.unwrap_or(Mark::Bar),
        x,
        y,
        color,
        title: words(&fields, "title", notes).unwrap_or_default(),
        subtitle: words(&fields, "subtitle", notes).unwrap_or_default(),
        stack: fields.flag("stack", notes),
        horizontal: fields.flag("horizontal", notes),
        bins: fields.count("bins", 1, 200, notes),
        height: fields.count("height", 80, 2000, notes),
    };
    if notes.failed() { broken } else { CellKind::Chart(Box::new(spec)) }
}

/// A table from its YAML.
pub(super) fn table(source: &str, body: Span, notes: &mut Notes) -> CellKind {
    let broken = CellKind::Broken(BrokenKind::Table);
    let Some(node) = yaml(source, body, TABLE, "a table needs `data`", notes) else { return broken };
    let fields = Fields::of(&node, "a table", TABLE, &["data", "title", "columns", "formats"], "", notes);
    if notes.failed() {
        return broken;
    }
    let mut spec = TableSpec {
        data: fields.required("data", notes),
        title: words(&fields, "title", notes),
        columns: fields.texts("columns", notes),
        ..TableSpec::default()
    };
    if let Some(node) = fields.node("formats", notes) {
        match &node.kind {
            Kind::Map(entries) => {
                for (column, _, value) in entries {
                    notes.places.insert(format!("formats.{column}"), value.span);
                    if let Some(format) = value.text().and_then(|text| check_format(text.to_owned(), value.span, notes))
                    {
                        spec.formats.insert(column.clone(), format);
                    }
                }
            }
            _ => fields.misfit("formats", node, "a map from columns to formats", notes),
        }
    }
    if notes.failed() { broken } else { CellKind::Table(spec) }
}

/// Tiles from their YAML: a list, or one.
pub(super) fn kpi(source: &str, body: Span, notes: &mut Notes) -> CellKind {
    let broken = CellKind::Broken(BrokenKind::Kpi);
    let Some(node) = yaml(source, body, KPI, "tiles are a list of `- label: …` with `value: cell.column`", notes)
    else {
        return broken;
    };
    let tiles: Vec<KpiSpec> = match &node.kind {
        Kind::List(items) => {
            items.iter().enumerate().map(|(index, item)| tile(item, &format!("{index}."), notes)).collect()
        }
        _ => vec![tile(&node, "0.", notes)],
    };
    if notes.failed() { broken } else { CellKind::Kpi(tiles) }
}

fn tile(node: &Node, prefix: &str, notes: &mut Notes) -> KpiSpec {
    let fields = Fields::of(node, "a tile", KPI, KPI_KEYS, prefix, notes);
    if !matches!(node.kind, Kind::Map(_)) {
        return KpiSpec::default();
    }
    let label = fields.required("label", notes);
    let value = fields.required("value", notes);
    let value = cell_column("value", &value, node.span, prefix, notes).unwrap_or_default();
    let compare =
        fields.text("compare", notes).and_then(|text| cell_column("compare", &text, node.span, prefix, notes));
    let spark = fields.node("spark", notes).map(|node| {
        let inner = Fields::of(node, "a sparkline", KPI, &["data", "y"], &format!("{prefix}spark."), notes);
        SparkSpec { data: inner.required("data", notes), y: inner.required("y", notes) }
    });
    KpiSpec {
        label,
        value,
        compare,
        comparator: fields.text("comparator", notes),
        format: fields.format("format", notes),
        good: fields.choice("good", &[("up", Direction::Up), ("down", Direction::Down)], notes),
        spark,
    }
}

fn cell_column(key: &str, text: &str, around: Span, prefix: &str, notes: &mut Notes) -> Option<CellColumn> {
    if text.is_empty() {
        return None;
    }
    if let Some((cell, column)) =
        text.split_once('.').filter(|(cell, column)| !cell.trim().is_empty() && !column.trim().is_empty())
    {
        return Some(CellColumn { cell: cell.trim().to_owned(), column: column.trim().to_owned() });
    }
    let span = notes.places.get(&format!("{prefix}{key}")).copied().unwrap_or(around);
    notes.diagnostics.push(
        Diagnostic::error(KPI, span, format!("`{key}` of a tile is a column of a cell, but this is `{text}`"))
            .hint("write `cell.column`: the first row's value is shown"),
    );
    None
}

/// Controls: those named after the kind, or the one declared in the body.
pub(super) fn controls(
    source: &str,
    body: Span,
    names: &[&str],
    at: Span,
    notes: &mut Notes,
) -> (CellKind, Option<Input>) {
    let text = &source[body.start..body.end];
    if text.trim().is_empty() {
        if names.is_empty() {
            notes.diagnostics.push(
                Diagnostic::error(INPUT, at, "an input cell names the input it shows")
                    .hint("write the name after `input`"),
            );
            return (CellKind::Broken(BrokenKind::Input), None);
        }
        return (CellKind::Input(names.iter().map(|&name| name.to_owned()).collect()), None);
    }
    let Some(node) = yaml(source, body, INPUT, "an input is described by `kind: …`", notes) else {
        return (CellKind::Broken(BrokenKind::Input), None);
    };
    let Some(name) = names.first() else {
        notes.diagnostics.push(
            Diagnostic::error(INPUT, at, "this input has no name")
                .hint("write the name after `input`: SQL reads it as `$name`"),
        );
        return (CellKind::Broken(BrokenKind::Input), None);
    };
    match input(name, body, &node, notes) {
        Some(input) => (CellKind::Input(vec![input.name.clone()]), Some(input)),
        None => (CellKind::Broken(BrokenKind::Input), None),
    }
}

/// An expectation: `a | b` a line.
pub(super) fn expect(source: &str, body: Span, of: Option<&str>, at: Span, notes: &mut Notes) -> CellKind {
    let Some(of) = of else {
        notes.diagnostics.push(
            Diagnostic::error("broken-expect", at, "an expectation names the cell it is about")
                .hint("write the cell's id after `expect`"),
        );
        return CellKind::Broken(BrokenKind::Expect);
    };
    let rows = source[body.start..body.end]
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split('|').map(|value| value.trim().to_owned()).collect())
        .collect();
    CellKind::Expect(ExpectSpec { of: of.to_owned(), rows })
}

fn yaml(source: &str, body: Span, code: &'static str, empty: &str, notes: &mut Notes) -> Option<Node> {
    if source[body.start..body.end].trim().is_empty() {
        notes.diagnostics.push(Diagnostic::error(code, body, "this cell is empty").hint(empty));
        return None;
    }
    match read_yaml(source, body, code) {
        Ok(node) => Some(node),
        Err(problem) => {
            notes.diagnostics.push(*problem);
            None
        }
    }
}

/// Text that may hold values; the broken ones are told.
fn words(fields: &Fields<'_>, key: &str, notes: &mut Notes) -> Option<String> {
    let text = fields.text(key, notes)?;
    let span = notes.places.get(key).copied().unwrap_or_default();
    let (_, problems) = Template::parse(&text, 0);
    notes.diagnostics.extend(problems.into_iter().map(|problem| Diagnostic {
        span: Some(span),
        severity: crate::Severity::Warning,
        ..problem
    }));
    Some(text)
}

/// A channel: the column's name, or a map with `field`.
fn channel(fields: &Fields<'_>, key: &str, notes: &mut Notes) -> Option<Channel> {
    let node = fields.node(key, notes)?;
    if let Some(field) = node.text() {
        return Some(Channel { field: field.to_owned(), format: None, title: None });
    }
    let prefix = format!("{key}.");
    let inner = Fields::of(node, "a channel", CHART, &["field", "format", "title"], &prefix, notes);
    Some(Channel {
        field: inner.required("field", notes),
        format: inner.format("format", notes),
        title: inner.text("title", notes),
    })
}
