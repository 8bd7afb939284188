//! Chart spec and rows to a drawing and the words that stand for it.
//!
//! May use: `almanac-model`, plotters (coordinates and marks). Never: I/O, Polars, the browser, colours (classes instead).
//!
//! Marks go through plotters onto a [`canvas`] that writes down elements; axes and labels are set here, because plotters
//! lays text out with fonts it does not have in a browser. A drawing is made for one width: it is laid out again, not scaled.

mod bars;
mod canvas;
mod density;
mod frame;
mod histogram;
mod lines;
mod plan;
mod points;
mod read;
mod scale;
mod words;

use almanac_model::chart::{ChartSpec, Mark};
use almanac_model::data::Table;
use almanac_model::view::{ChartView, ColumnView, LegendEntry, Page, PointView, Svg, SvgElement, TableView};
use almanac_model::{Diagnostic, Parsed, format};

pub use plan::plan;

/// Most series told apart; a ninth colour could not be.
pub(crate) const MAX_SERIES: usize = 8;
/// Rows of the data table behind a chart.
const TABLE_ROWS: usize = 200;

/// What a kind of chart has drawn.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    pub(crate) elements: Vec<SvgElement>,
    pub(crate) height: u32,
    pub(crate) points: Vec<PointView>,
    pub(crate) series: Vec<String>,
    /// Series are named beside their marks, so no legend is needed.
    pub(crate) labelled: bool,
    pub(crate) summary: String,
    pub(crate) notes: Vec<String>,
}

/// Draws `table` as `spec` says, for a column `width` CSS pixels wide (at least 240).
///
/// Diagnostics (`unknown-column`, `not-a-number`, `missing-channel`) have no place: the spec's text is not known here.
/// With an error the drawing is empty.
#[must_use]
pub fn draw(spec: &ChartSpec, table: &Table, width: u32) -> Parsed<ChartView> {
    let width = width.clamp(240, 1600);
    let mut diagnostics = Vec::new();
    let drawn = match kind(spec, table, width) {
        Ok(drawn) => drawn,
        Err(problem) => {
            diagnostics.push(problem);
            Drawn::default()
        }
    };
    let legend = if drawn.series.len() > 1 && !drawn.labelled {
        let entry = |(at, name): (usize, &String)| LegendEntry { label: name.clone(), class: class(at) };
        drawn.series.iter().enumerate().map(entry).collect()
    } else {
        Vec::new()
    };
    let view = ChartView {
        title: spec.title.clone(),
        subtitle: spec.subtitle.clone(),
        svg: Svg { width, height: drawn.height, elements: drawn.elements },
        summary: drawn.summary,
        points: drawn.points,
        table: rows_of(table),
        legend,
        note: (!drawn.notes.is_empty()).then(|| drawn.notes.join("; ")),
    };
    Parsed { value: view, diagnostics }
}

fn kind(spec: &ChartSpec, table: &Table, width: u32) -> Result<Drawn, Diagnostic> {
    match spec.mark {
        Mark::Histogram => histogram::draw(spec, table, width),
        Mark::Bar => bars::draw(spec, table, width),
        Mark::Line | Mark::Area => lines::draw(spec, table, width),
        Mark::Point => points::draw(spec, table, width),
    }
}

/// The class of a series' colour.
pub(crate) fn class(series: usize) -> String {
    format!("series-{}", series.min(MAX_SERIES - 1) + 1)
}

fn rows_of(table: &Table) -> TableView {
    let rows = table.rows.min(TABLE_ROWS);
    TableView {
        title: None,
        columns: table.columns.iter().map(|column| ColumnView { name: column.name.clone(), ty: column.ty }).collect(),
        total_rows: table.rows as u64,
        page: Page {
            offset: 0,
            rows: (0..rows)
                .map(|row| {
                    table.columns.iter().map(|column| format::table_cell(&column.values.get(row), None)).collect()
                })
                .collect(),
        },
    }
}
