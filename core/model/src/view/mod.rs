//! What the page shows: view models the worker makes and the page only displays.

mod metric;
mod notebook;
mod plan;

pub use metric::{MetricAnswer, MetricColumn, MetricQuestion};
pub use notebook::{CellFace, CellHead, NotebookPart, NotebookView, PartContent};
pub use plan::{Fetched, Measured, PlanStep};

use crate::diagnostic::Diagnostic;
use crate::notebook::InputKind;
use crate::types::Type;
use serde::{Deserialize, Serialize};

/// The outcome of one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellView {
    /// Which cell; unnamed cells are called `cell-3` by position.
    pub id: String,
    /// What to show. The last good body is kept by the page while errors are shown.
    pub body: CellBody,
    /// Problems, spans relative to the notebook source.
    pub diagnostics: Vec<Diagnostic>,
    /// What it cost; absent when nothing ran.
    pub cost: Option<Cost>,
}

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellBody {
    /// Nothing: it failed, or it only defines something.
    None,
    /// Rows; further pages are asked for.
    Table(TableView),
    /// A drawing with its words.
    Chart(Box<ChartView>),
    /// Tiles, four to six in a row.
    Kpis(Vec<KpiView>),
    /// An expectation that holds.
    Checked(CheckedView),
    /// A control.
    Input(InputView),
}

/// What answering cost.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Bytes fetched for it now; zero when everything was cached.
    pub bytes_fetched: u64,
    /// Bytes that this browser had kept from an earlier visit.
    #[serde(default)]
    pub bytes_kept: u64,
    /// Bytes of the columns it reads that need not be fetched.
    #[serde(default)]
    pub bytes_skipped: u64,
    /// Rows of the extracts it read.
    pub rows_read: u64,
    /// Rows of the extracts that were passed over, as none of them can be in the answer.
    #[serde(default)]
    pub rows_skipped: u64,
    /// Whether this browser had kept the answer itself.
    #[serde(default)]
    pub recalled: bool,
    /// Further workers that computed a part of it.
    #[serde(default)]
    pub helpers: u32,
    /// Milliseconds from start to answer, measured by the host.
    pub millis: f64,
}

/// An expectation that holds: what was compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckedView {
    /// The cell whose answer was expected.
    pub of: String,
    /// Its rows, the same as those that were expected.
    pub table: TableView,
}

/// A table of which a window of rows is at hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableView {
    /// The title its author gave it, values filled in.
    #[serde(default)]
    pub title: Option<String>,
    /// Column heads.
    pub columns: Vec<ColumnView>,
    /// Rows in all.
    pub total_rows: u64,
    /// The first rows.
    pub page: Page,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Name as shown.
    pub name: String,
    /// Its type: numbers are right-aligned.
    pub ty: Type,
}

/// A window of rows, already formatted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Page {
    /// Index of the first row in the current order.
    pub offset: u64,
    /// Rows of cells; `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
}

/// A drawing and everything that stands for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartView {
    /// Takeaway title, values filled in.
    pub title: String,
    /// Measure, unit, filter.
    pub subtitle: String,
    /// The drawing as an element tree, colours as token names. It is built node by node; the page never parses markup.
    pub svg: Svg,
    /// One sentence or two: trend, extremes, last value.
    pub summary: String,
    /// Points a pointer or the arrow keys can visit, left to right.
    pub points: Vec<PointView>,
    /// The drawn values as a table.
    pub table: TableView,
    /// Series and their colour tokens, when there is more than one.
    pub legend: Vec<LegendEntry>,
    /// "showing 5,000 of 1,240,000 rows", when not everything could be drawn.
    pub note: Option<String>,
}

/// A drawing: size and elements, in painting order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Svg {
    /// Width of the view box in pixels.
    pub width: u32,
    /// Height of the view box in pixels.
    pub height: u32,
    /// The elements.
    pub elements: Vec<SvgElement>,
}

/// One SVG element of a closed set of names and attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SvgElement {
    /// `rect`, `line`, `polyline`, `polygon`, `circle`, `path`, `text` or `image`.
    pub name: String,
    /// Attributes, sorted by name; colours are classes (`series-1`, `axis`), never literals.
    pub attributes: Vec<(String, String)>,
    /// Text content of a `text` element.
    pub text: Option<String>,
}

/// A point of a chart that can be read out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointView {
    /// Horizontal place in the view box.
    pub x: f32,
    /// Vertical place in the view box.
    pub y: f32,
    /// Series index, for its colour.
    pub series: u32,
    /// Lines of the tooltip, exact values: `["EMEA", "November 2025", "MRR 1,204,331.50"]`.
    pub lines: Vec<String>,
}

/// One series in the legend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegendEntry {
    /// Series name.
    pub label: String,
    /// Class of its colour: `series-1`.
    pub class: String,
}

/// A tile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiView {
    /// What it measures.
    pub label: String,
    /// The value with its unit, formatted; `n/a` when there is none.
    pub value: String,
    /// The exact value, for the tooltip.
    pub exact: String,
    /// "+4.2 % vs previous month", signed and named.
    pub variance: Option<String>,
    /// Whether the variance is good news; `None` when neither.
    pub good: Option<bool>,
    /// A sparkline, when the cell has one.
    pub sparkline: Option<Svg>,
}

/// A control whose value is a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputView {
    /// Parameter name, without `$`.
    pub name: String,
    /// What it chooses.
    pub label: String,
    /// Its kind and choices.
    pub control: Control,
    /// Current value as text, the form it has in the address.
    pub value: String,
    /// Value when the address says nothing.
    pub default: String,
}

/// A kind of control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// One of these values.
    Select {
        /// Values in order.
        options: Vec<String>,
    },
    /// A number within bounds.
    Number {
        /// Lowest.
        min: Option<f64>,
        /// Highest.
        max: Option<f64>,
        /// Step.
        step: Option<f64>,
    },
    /// A number on a track.
    Slider {
        /// Lowest.
        min: f64,
        /// Highest.
        max: f64,
        /// Step.
        step: f64,
    },
    /// Free text.
    Text,
    /// A day, `2025-11-30`.
    Date,
    /// On or off.
    Toggle,
}

impl Control {
    /// The control of an input of that kind. `options` are the choices of a select.
    #[must_use]
    pub fn of(kind: &InputKind, options: Vec<String>) -> Self {
        match *kind {
            InputKind::Select(_) => Self::Select { options },
            InputKind::Number { min, max, step } => Self::Number { min, max, step },
            InputKind::Slider { min, max, step } => Self::Slider { min, max, step },
            InputKind::Text => Self::Text,
            InputKind::Date => Self::Date,
            InputKind::Toggle => Self::Toggle,
        }
    }
}

/// A table the SQL can read, for completion and the list of tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogTable {
    /// Name in SQL.
    pub name: String,
    /// Where it comes from.
    pub source: TableSource,
    /// What one row is.
    pub description: String,
    /// Rows, when known.
    pub rows: Option<u64>,
    /// Bytes of its files, when known.
    pub bytes: Option<u64>,
    /// Columns.
    pub columns: Vec<CatalogColumn>,
    /// What the manifest says beside that; `None` for tables that are not of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<TableFacts>,
}

/// What the manifest says of a table, for the data catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TableFacts {
    /// `entity`, `entity_month`, `event`, `cube` or `helper`; may be empty.
    pub kind: String,
    /// What one row stands for, in a few words; may be empty.
    pub grain: String,
    /// Columns that together name a row.
    pub key: Vec<String>,
    /// The objects of other systems that it is made of.
    pub sources: Vec<String>,
    /// Its Parquet files.
    pub files: u32,
    /// The newest day it has values of, not after the day the data reach: `2025-11-30`.
    pub newest: Option<String>,
}

/// Where a table comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableSource {
    /// The site's manifest.
    Extract,
    /// A file the reader dropped on the page.
    Dropped,
    /// An earlier cell of the notebook.
    Cell,
}

/// A column in the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogColumn {
    /// Name.
    pub name: String,
    /// SQL type.
    pub ty: Type,
    /// What it means.
    pub description: String,
    /// What its numbers count: `usd`; empty for keys, names and plain counts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Whether NULL can occur.
    #[serde(default)]
    pub nullable: bool,
    /// The table and column whose rows it names: `accounts`, `account_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<(String, String)>,
}

/// One thing the editor can complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// What is inserted.
    pub label: String,
    /// `table`, `column`, `function`, `keyword` or `parameter`.
    pub kind: String,
    /// Type, signature or row count.
    pub detail: String,
    /// A sentence, with an example for functions.
    pub info: String,
}
