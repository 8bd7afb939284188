//! A notebook: one Markdown file with YAML front matter, prose, and fenced cells.
//!
//! The same form serves dashboards, guides and executive pages. A cell is a fence on the top level of the document whose
//! info string names its kind and id: `` ```sql by_stage ``. Fences in quotes and lists, and fences of other languages,
//! are code that is only shown.
//!
//! **Invariant:** [`parse`] returns a notebook for every text; what is wrong is a diagnostic with its place.

mod cells;
mod front_matter;
mod parse;
mod spec;
pub mod template;
#[cfg(test)]
mod tests;
mod yaml;

pub use parse::parse;
pub use template::{Part, Template, ValueExpr, ValueSource};
pub(crate) use yaml::{Kind, Node, read_yaml};

use crate::chart::ChartSpec;
use crate::diagnostic::Span;
use crate::markdown::{Block as Prose, Inline};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A parsed notebook.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Notebook {
    /// From the front matter, else the words of the first heading, else empty.
    pub title: String,
    /// One sentence for lists and link previews; may be empty.
    pub description: String,
    /// The team it belongs to; may be empty.
    pub team: String,
    /// Who it is for; may be empty.
    pub audience: String,
    /// `draft`, `published`, …; may be empty.
    pub status: String,
    /// The notebook's "today", `2025-11-30`, when it is not the data's.
    pub as_of: Option<String>,
    /// Inputs in the order they are declared: the parameters of the SQL cells.
    pub inputs: Vec<Input>,
    /// Prose and cells in order.
    pub blocks: Vec<Block>,
    /// The `{{ … }}` of the prose in order of place, then those of notes; [`Inline::Value`] counts them.
    pub values: Vec<Value>,
}

/// A part of a notebook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Words.
    Prose {
        /// The block.
        block: Prose,
        /// Its place.
        span: Span,
    },
    /// A cell.
    Cell(Cell),
}

/// A fenced cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Its name, unique in the notebook; cells without one are called `cell-3` by their position among the cells.
    pub id: String,
    /// Whether the author gave the name: only then is it a table that SQL can read.
    pub named: bool,
    /// Written `sql by_stage hidden`: a step of the computation that readers do not see.
    pub hidden: bool,
    /// What it does.
    pub kind: CellKind,
    /// The whole fence.
    pub span: Span,
    /// The text between the fence lines.
    pub body: Span,
    /// Where the parts of a YAML body are, by path: `x`, `y.format`, `0.value`.
    pub places: BTreeMap<String, Span>,
}

/// What a cell does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// A query; its result is a table of that name.
    Sql(String),
    /// A drawing of a result.
    Chart(Box<ChartSpec>),
    /// A result as a table.
    Table(TableSpec),
    /// Tiles.
    Kpi(Vec<KpiSpec>),
    /// Places for controls, by input name.
    Input(Vec<String>),
    /// Words that stand out; its values are among the notebook's.
    Note(Vec<Prose>),
    /// What the cell of that id must answer: lines of `a | b`.
    Expect(ExpectSpec),
    /// A kind this version does not know how to run.
    Unavailable(String),
    /// Its text could not be read; the diagnostics say why.
    Broken(BrokenKind),
}

/// What a broken cell was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokenKind {
    /// A chart.
    Chart,
    /// A table.
    Table,
    /// Tiles.
    Kpi,
    /// A control.
    Input,
    /// An expectation.
    Expect,
}

/// A result shown as a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TableSpec {
    /// Id of the cell, or name of the table, whose rows are shown.
    pub data: String,
    /// Takeaway title; may hold `{{ … }}`.
    pub title: Option<String>,
    /// The columns to show, in order; all of them when empty.
    pub columns: Vec<String>,
    /// Formats by column name.
    pub formats: BTreeMap<String, String>,
}

/// One tile.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct KpiSpec {
    /// What it measures.
    pub label: String,
    /// The value: a column of the first row of a cell.
    pub value: CellColumn,
    /// What it is compared with.
    pub compare: Option<CellColumn>,
    /// What the comparison is called: "previous month".
    pub comparator: Option<String>,
    /// Number format of the value.
    pub format: Option<String>,
    /// Which direction is good news; `None` when neither.
    pub good: Option<Direction>,
    /// The course of the value.
    pub spark: Option<SparkSpec>,
}

/// A column of a cell, written `cell.column`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CellColumn {
    /// Cell id.
    pub cell: String,
    /// Column name.
    pub column: String,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// The data of a sparkline, in row order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SparkSpec {
    /// Cell id.
    pub data: String,
    /// Column name.
    pub y: String,
}

/// What a cell must answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExpectSpec {
    /// Id of the cell.
    pub of: String,
    /// Rows of values as written; NULL is spelt `NULL`.
    pub rows: Vec<Vec<String>>,
}

/// An input: a control whose value SQL reads as `$name`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Parameter name, without `$`.
    pub name: String,
    /// What it chooses; the name in words when the author gave none.
    pub label: String,
    /// Its kind and bounds.
    pub kind: InputKind,
    /// The value when the address says nothing.
    pub default: String,
    /// Where it is declared.
    pub span: Span,
}

/// A kind of input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// One of these values.
    Select(Options),
    /// A number.
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
    /// A day.
    Date,
    /// On or off: `true` or `false`.
    Toggle,
}

/// The choices of a select.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Options {
    /// These.
    List(Vec<String>),
    /// The first column of a query's result.
    Sql {
        /// The query.
        sql: String,
        /// Where its text is.
        span: Span,
    },
}

/// A `{{ … }}` of the prose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// Its place, braces included.
    pub span: Span,
    /// The words between the braces.
    pub text: String,
    /// What it stands for; `None` when it could not be read.
    pub expr: Option<ValueExpr>,
}

impl Notebook {
    /// The cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Cell(cell) => Some(cell),
            Block::Prose { .. } => None,
        })
    }

    /// The cell of that id; of two with one name, the first.
    #[must_use]
    pub fn cell(&self, id: &str) -> Option<&Cell> {
        self.cells().find(|cell| cell.id == id)
    }

    /// The input of that name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// The headings of the prose: level, anchor, words.
    pub fn outline(&self) -> impl Iterator<Item = (u8, &str, &[Inline])> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Prose { block: Prose::Heading { level, id, content }, .. } => {
                Some((*level, id.as_str(), content.as_slice()))
            }
            _ => None,
        })
    }
}

/// The id of the view of an input's control: `$region`.
#[must_use]
pub fn input_view_id(name: &str) -> String {
    format!("${name}")
}
