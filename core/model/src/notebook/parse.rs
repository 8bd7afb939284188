//! A notebook's Markdown to its blocks.

use super::cells::{KINDS, LATER, chart, controls, expect, kpi, table};
use super::spec::{Notes, list};
use super::template::parse_value;
use super::{Block, Cell, CellKind, Notebook, Options, Value, front_matter};
use crate::diagnostic::{Diagnostic, Parsed, Span, closest};
use crate::markdown::{self, Block as Prose, plain_text};
use std::collections::BTreeSet;

/// Longest notebook that is read, in bytes; the rest is left out.
const MAX_BYTES: usize = 4 << 20;

/// Most cells of a notebook; further fences are shown as code.
const MAX_CELLS: usize = 1_000;

/// Parses a notebook.
#[must_use]
pub fn parse(source: &str) -> Parsed<Notebook> {
    let mut reading = Reading {
        source,
        notebook: Notebook::default(),
        diagnostics: Vec::new(),
        ids: BTreeSet::new(),
        values: Vec::new(),
        cells: 0,
    };
    if source.len() > MAX_BYTES {
        let mut end = MAX_BYTES;
        while !source.is_char_boundary(end) {
            end -= 1;
        }
        let message = format!(
            "this notebook is {} MiB long; only the first {} MiB are read",
            source.len() >> 20,
            MAX_BYTES >> 20
        );
        reading.diagnostics.push(
            Diagnostic::warning("long-notebook", Span::new(end, end), message).hint("split it into several notebooks"),
        );
        reading.source = &source[..end];
    }
    reading.all();
    let Reading { mut notebook, mut diagnostics, .. } = reading;
    if notebook.title.is_empty() {
        let first = notebook.outline().next().map(|(_, _, words)| plain_text(words));
        notebook.title = first.unwrap_or_default();
    }
    diagnostics.sort_by_key(|problem| problem.span.map_or(0, |span| span.start));
    Parsed { value: notebook, diagnostics }
}

struct Reading<'a> {
    source: &'a str,
    notebook: Notebook,
    diagnostics: Vec<Diagnostic>,
    ids: BTreeSet<String>,
    values: Vec<Span>,
    cells: usize,
}

impl Reading<'_> {
    fn all(&mut self) {
        let fence = front_matter::find(self.source, &mut self.diagnostics);
        if let Some(yaml) = fence.yaml {
            front_matter::read(self.source, yaml, &mut self.notebook, &mut self.diagnostics);
        }
        let mut document = markdown::parse(self.source, fence.body, 0);
        self.values = std::mem::take(&mut document.values);
        self.diagnostics.append(&mut document.diagnostics);
        for placed in document.blocks {
            let block = match placed.block {
                Prose::Code { info, text, body } if !info.is_empty() => self.fence(info, text, body, placed.span),
                block => Block::Prose { block, span: placed.span },
            };
            self.notebook.blocks.push(block);
        }
        for span in std::mem::take(&mut self.values) {
            self.value(span);
        }
        self.references();
    }

    fn value(&mut self, span: Span) {
        let text = self.source[span.start + 2..span.end - 2].trim().to_owned();
        let expr = match parse_value(&text, span) {
            Ok(expr) => Some(expr),
            Err(problem) => {
                self.diagnostics.push(*problem);
                None
            }
        };
        self.notebook.values.push(Value { span, text, expr });
    }

    /// A fence: a cell if its language is a kind of cell, else code to show.
    fn fence(&mut self, info: String, text: String, body: Span, span: Span) -> Block {
        let words: Vec<&str> = info.split_whitespace().collect();
        let kind = words.first().copied().unwrap_or_default();
        if !KINDS.contains(&kind) && !LATER.contains(&kind) {
            self.misspelt(kind, words.len(), span);
            return Block::Prose { block: Prose::Code { info, text, body }, span };
        }
        if self.cells >= MAX_CELLS {
            if self.cells == MAX_CELLS {
                self.cells += 1;
                let message =
                    format!("a notebook holds at most {MAX_CELLS} cells; from here on they are shown, not run");
                self.diagnostics.push(Diagnostic::error("too-many-cells", self.info_line(span), message));
            }
            return Block::Prose { block: Prose::Code { info, text, body }, span };
        }
        self.cells += 1;
        let body = if body.start >= body.end { self.empty_body(span) } else { body };
        let line = self.info_line(span);
        let names: Vec<&str> = words[1..].iter().copied().filter(|word| *word != "hidden").collect();
        let mut notes = Notes::default();
        let mut declared = None;
        let cell_kind = match kind {
            // As it stands in the source, so that a place in the query is a place in the notebook.
            "sql" => CellKind::Sql(self.source[body.start..body.end].to_owned()),
            "chart" => chart(self.source, body, &mut notes),
            "table" => table(self.source, body, &mut notes),
            "kpi" => kpi(self.source, body, &mut notes),
            "note" => self.note(body),
            "expect" => expect(self.source, body, names.first().copied(), line, &mut notes),
            "input" => {
                let (kind, input) = controls(self.source, body, &names, line, &mut notes);
                declared = input;
                kind
            }
            later => {
                let message = format!("cells of kind `{later}` are not available yet");
                self.diagnostics.push(
                    Diagnostic::warning("unavailable-cell", line, message)
                        .hint("this version runs `sql`, `chart`, `table` and `kpi` cells"),
                );
                CellKind::Unavailable(later.to_owned())
            }
        };
        if let Some(input) = declared {
            if self.notebook.input(&input.name).is_some() {
                self.diagnostics.push(
                    Diagnostic::error(
                        "double-input",
                        line,
                        format!("there are two inputs called `{}`; the first one counts", input.name),
                    )
                    .hint("give one of them another name"),
                );
            } else {
                self.notebook.inputs.push(input);
            }
        }
        self.diagnostics.append(&mut notes.diagnostics);
        // The words after these kinds name another thing than the cell itself.
        let given = if matches!(kind, "expect" | "input") { None } else { names.first().copied() };
        let (id, named) = self.id(given, line);
        Block::Cell(Cell {
            id,
            named,
            hidden: words.contains(&"hidden"),
            kind: cell_kind,
            span,
            body,
            places: notes.places,
        })
    }

    /// The words of a note, whose values follow those of the prose.
    fn note(&mut self, body: Span) -> CellKind {
        let mut document = markdown::parse(&self.source[..body.end], body.start, self.values.len());
        self.values.append(&mut document.values);
        self.diagnostics.append(&mut document.diagnostics);
        CellKind::Note(document.blocks.into_iter().map(|placed| placed.block).collect())
    }

    fn id(&mut self, given: Option<&str>, line: Span) -> (String, bool) {
        let fallback = format!("cell-{}", self.cells);
        let Some(given) = given else { return (fallback, false) };
        let good = given.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && given.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !good {
            self.diagnostics.push(
                Diagnostic::error("bad-cell-id", line, format!("a cell cannot be called `{given}`"))
                    .hint("use letters, digits and `_`, a letter first: SQL reads it as a table"),
            );
            return (fallback, false);
        }
        if !self.ids.insert(given.to_lowercase()) {
            self.diagnostics.push(
                Diagnostic::error(
                    "double-cell-id",
                    line,
                    format!("there are two cells called `{given}`; other cells read the first one"),
                )
                .hint("give one of them another name"),
            );
            return (fallback, false);
        }
        (given.to_owned(), true)
    }

    /// ```` ```chrat sales ```` is a slip, ```` ```rust ```` is not.
    fn misspelt(&mut self, kind: &str, words: usize, span: Span) {
        let near = closest(kind, KINDS.iter().chain(LATER).copied());
        if let Some(near) = near.filter(|_| words <= 3 && kind.len() > 3) {
            let message = format!("`{kind}` is no kind of cell, so this is shown as code");
            self.diagnostics.push(
                Diagnostic::warning("unknown-cell-kind", self.info_line(span), message)
                    .hint(format!("did you mean `{near}`?"))
                    .hint(format!("the kinds are {}", list(KINDS))),
            );
        }
    }

    fn info_line(&self, span: Span) -> Span {
        let end = self.source[span.start..span.end].find('\n').map_or(span.end, |at| span.start + at);
        Span::new(span.start, self.source[span.start..end].trim_end().len() + span.start)
    }

    /// Just after the line that opens the fence.
    fn empty_body(&self, span: Span) -> Span {
        let at = self.source[span.start..span.end].find('\n').map_or(span.end, |at| span.start + at + 1);
        Span::new(at, at)
    }

    /// References to cells and inputs that are not there, so far as they are no table of the site.
    fn references(&mut self) {
        let mut problems = Vec::new();
        for cell in self.notebook.cells() {
            let line = self.info_line(cell.span);
            match &cell.kind {
                CellKind::Input(names) => {
                    for name in names.iter().filter(|name| self.notebook.input(name).is_none()) {
                        let names = self.notebook.inputs.iter().map(|input| input.name.as_str());
                        problems.push(
                            Diagnostic::error("unknown-input", line, format!("there is no input `{name}`"))
                                .did_you_mean(name, names)
                                .hint("declare it under `inputs:` in the front matter"),
                        );
                    }
                }
                CellKind::Expect(spec) if self.notebook.cell(&spec.of).is_none() => {
                    let ids = self.notebook.cells().filter(|cell| cell.named).map(|cell| cell.id.as_str());
                    problems.push(
                        Diagnostic::error("unknown-cell", line, format!("there is no cell `{}`", spec.of))
                            .did_you_mean(&spec.of, ids),
                    );
                }
                _ => {}
            }
        }
        for input in &self.notebook.inputs {
            if let super::InputKind::Select(Options::List(options)) = &input.kind
                && !options.is_empty()
                && !options.contains(&input.default)
            {
                problems.push(
                    Diagnostic::warning(
                        "default-not-an-option",
                        input.span,
                        format!("the default `{}` of `{}` is not among its options", input.default, input.name),
                    )
                    .did_you_mean(&input.default, options.iter().map(String::as_str)),
                );
            }
        }
        self.diagnostics.append(&mut problems);
    }
}
