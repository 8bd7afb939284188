//! What a chart cell asks for, after its YAML has been read. Names follow Vega-Lite.

use serde::{Deserialize, Serialize};

/// A chart over the result of one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartSpec {
    /// The id of the cell whose rows are drawn.
    pub data: String,
    /// The shape.
    pub mark: Mark,
    /// Horizontal position.
    pub x: Option<Channel>,
    /// Vertical position. Absent for a histogram, whose heights are counts.
    pub y: Option<Channel>,
    /// One series per value of this column.
    pub color: Option<Channel>,
    /// Takeaway title; may contain `{{ … }}` values.
    pub title: String,
    /// Measure, unit, filter.
    pub subtitle: String,
    /// Stacked bars and areas, or side by side.
    pub stack: bool,
    /// Bars lie down: categories on the vertical axis.
    pub horizontal: bool,
    /// Number of bins of a histogram, at most.
    pub bins: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
}

/// One column on one channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Column name.
    pub field: String,
    /// Number or date format, `usd0`, `pct1`, `mmm-yy`; see `format`.
    pub format: Option<String>,
    /// Axis title; the column name in words when absent.
    pub title: Option<String>,
}

/// The shape of the marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Bars from zero.
    Bar,
    /// A line per series.
    Line,
    /// A filled line per series.
    Area,
    /// A dot per row.
    Point,
    /// Counts of rows per bin of `x`.
    Histogram,
}
