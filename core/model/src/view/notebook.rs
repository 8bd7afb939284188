//! What the page shows of a notebook before anything is computed.

use super::{Control, InputView};
use crate::ahead::fingerprint;
use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::{Block as Prose, plain_text};
use crate::notebook::{Block, Cell, CellKind, InputKind, Options, parse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A notebook without what only the worker needs: specifications of charts and tiles, values, expectations.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct NotebookView {
    /// Its title; may be empty.
    pub title: String,
    /// One sentence below the title; may be empty.
    pub description: String,
    /// The last day its data speak of, when that is not the site's.
    pub as_of: Option<String>,
    /// Its inputs with their defaults. The choices of a select that come from a query are empty until the worker knows them.
    pub inputs: Vec<InputView>,
    /// Prose and cells in order, without a first heading that says the title again.
    pub parts: Vec<NotebookPart>,
    /// Problems of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotebookPart {
    /// Differs from the keys of all other parts, and stays the same while the part does: a cell keeps its editor when the text
    /// around it changes, and when its own text does.
    pub key: String,
    /// What it is.
    pub content: PartContent,
}

/// What a part of the page is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartContent {
    /// Words.
    Prose(Prose),
    /// A cell.
    Cell(CellHead),
}

/// A cell before it has an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellHead {
    /// Its name, unique in the notebook.
    pub id: String,
    /// Whether the author gave the name, so that SQL can read it.
    pub named: bool,
    /// Whether readers do not see it.
    pub hidden: bool,
    /// What it looks like.
    pub face: CellFace,
    /// The whole fence in the source.
    pub span: Span,
    /// The text between the fence lines.
    pub body: Span,
}

/// What a cell looks like before it has an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellFace {
    /// A query.
    Sql(String),
    /// A drawing.
    Chart,
    /// A result as a table, under the title its author gave it.
    Table(Option<String>),
    /// Tiles.
    Kpi,
    /// Places for controls, by input name.
    Input(Vec<String>),
    /// Words that stand out.
    Note(Vec<Prose>),
    /// Something else: an expectation, or what could not be read.
    Line,
}

impl NotebookView {
    /// Reads the source of a notebook.
    #[must_use]
    pub fn of(source: &str) -> Self {
        let parsed = parse(source);
        let notebook = parsed.value;
        let inputs = notebook.inputs.into_iter().map(|input| InputView {
            control: Control::of(&input.kind, listed(&input.kind)),
            name: input.name,
            label: input.label,
            value: input.default.clone(),
            default: input.default,
        });
        Self {
            parts: parts(notebook.blocks, &notebook.title),
            title: notebook.title,
            description: notebook.description,
            as_of: notebook.as_of,
            inputs: inputs.collect(),
            diagnostics: parsed.diagnostics,
        }
    }

    /// The cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &CellHead> {
        self.parts.iter().filter_map(|part| match &part.content {
            PartContent::Cell(cell) => Some(cell),
            PartContent::Prose(_) => None,
        })
    }

    /// The cell of that id; of two with one name, the first.
    #[must_use]
    pub fn cell(&self, id: &str) -> Option<&CellHead> {
        self.cells().find(|cell| cell.id == id)
    }

    /// The input of that name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&InputView> {
        self.inputs.iter().find(|input| input.name == name)
    }
}

impl CellHead {
    /// The query, if it is one.
    #[must_use]
    pub fn sql(&self) -> Option<&str> {
        match &self.face {
            CellFace::Sql(sql) => Some(sql),
            _ => None,
        }
    }
}

fn listed(kind: &InputKind) -> Vec<String> {
    match kind {
        InputKind::Select(Options::List(options)) => options.clone(),
        _ => Vec::new(),
    }
}

fn parts(blocks: Vec<Block>, title: &str) -> Vec<NotebookPart> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut parts = Vec::with_capacity(blocks.len());
    for (index, block) in blocks.into_iter().enumerate() {
        let says_title = matches!(&block, Block::Prose { block: Prose::Heading { level: 1, content, .. }, .. } if plain_text(content) == title);
        if index == 0 && says_title {
            continue;
        }
        let (key, content) = part(block);
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        parts.push(NotebookPart { key: format!("{key} {count}"), content });
    }
    parts
}

fn part(block: Block) -> (String, PartContent) {
    match block {
        Block::Prose { block, .. } => (fingerprint(&format!("{block:?}")), PartContent::Prose(block)),
        Block::Cell(Cell { id, named, hidden, kind, span, body, .. }) => {
            let key = match &kind {
                CellKind::Note(_) | CellKind::Input(_) => fingerprint(&format!("{kind:?}")),
                _ => format!("cell {id} {hidden} {named}"),
            };
            (key, PartContent::Cell(CellHead { id, named, hidden, face: face(kind), span, body }))
        }
    }
}

fn face(kind: CellKind) -> CellFace {
    match kind {
        CellKind::Sql(sql) => CellFace::Sql(sql),
        CellKind::Chart(_) => CellFace::Chart,
        CellKind::Table(table) => CellFace::Table(table.title),
        CellKind::Kpi(_) => CellFace::Kpi,
        CellKind::Input(names) => CellFace::Input(names),
        CellKind::Note(words) => CellFace::Note(words),
        CellKind::Expect(_) | CellKind::Unavailable(_) | CellKind::Broken(_) => CellFace::Line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(source: &str) -> Vec<String> {
        NotebookView::of(source).parts.into_iter().map(|part| part.key).collect()
    }

    #[test]
    fn a_part_keeps_its_key_when_others_change() {
        let before = keys("# Sales\n\nWords.\n\nWords.\n\n```sql one\nselect 1\n```\n");
        let after = keys("# Sales\n\nNew.\n\nWords.\n\n```sql one\nselect 2\n```\n\nWords.\n");
        assert_eq!(before.len(), 3, "the heading says the title");
        assert!(before.iter().all(|key| after.contains(key)), "{before:?} {after:?}");
        assert_eq!(before.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn a_heading_that_is_not_the_title_is_shown() {
        assert_eq!(keys("---\ntitle: A\n---\n# B\n").len(), 1);
        assert_eq!(keys("---\ntitle: A\n---\n# A\n").len(), 0);
        assert_eq!(keys("Words.\n\n# A\n").len(), 2, "only the first block");
    }
}
