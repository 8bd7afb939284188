//! A chart cell: its rows, its words, and what the drawing needs.

use crate::shown::column;
use crate::values::{Values, unknown_column};
use almanac_engine::ResultSet;
use almanac_model::chart::ChartSpec;
use almanac_model::notebook::Cell;
use almanac_model::view::{CellBody, ChartView};
use almanac_model::{Diagnostic, Span};

/// Most rows that are drawn, a number or a text for each column used.
pub(crate) const MAX_ROWS: usize = 5_000_000;

/// Draws a result. A column that is not there is an error at its place.
pub(crate) fn draw(
    values: &Values<'_>,
    cell: &Cell,
    spec: &ChartSpec,
    result: &ResultSet,
    width: u32,
) -> Result<(CellBody, Vec<Diagnostic>), Vec<Diagnostic>> {
    let place = |key: &str| cell.places.get(key).copied().unwrap_or(cell.body);
    let mut problems = Vec::new();
    for (key, channel) in [("x", &spec.x), ("y", &spec.y), ("color", &spec.color)] {
        if let Some(channel) = channel
            && column(result, &channel.field).is_none()
        {
            let at = cell.places.get(&format!("{key}.field")).copied().unwrap_or_else(|| place(key));
            problems.push(unknown_column(result, &spec.data, &channel.field, at));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut spec = spec.clone();
    spec.title = values.fill(&spec.title, place("title"), &mut problems);
    spec.subtitle = values.fill(&spec.subtitle, place("subtitle"), &mut problems);
    let table = result.to_table(MAX_ROWS);
    let drawn = almanac_chart::draw(&spec, &table, width);
    let mut view: ChartView = drawn.value;
    if result.rows() > table.rows as u64 && view.note.is_none() {
        let count = |rows: u64| {
            almanac_model::format::format_value(
                &almanac_model::Value::Int(i64::try_from(rows).unwrap_or(i64::MAX)),
                Some("int"),
            )
        };
        view.note = Some(format!("showing the first {} of {} rows", count(table.rows as u64), count(result.rows())));
    }
    problems.extend(drawn.diagnostics.into_iter().map(|problem| placed(problem, place("mark"))));
    if problems.iter().any(Diagnostic::is_error) {
        return Err(problems);
    }
    Ok((CellBody::Chart(Box::new(view)), problems))
}

/// The drawing knows no source text: what it says belongs to the cell.
fn placed(problem: Diagnostic, place: Span) -> Diagnostic {
    Diagnostic { span: Some(problem.span.unwrap_or(place)), ..problem }
}
