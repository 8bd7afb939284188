//! How each kind of part comes to its answer.

use crate::chart;
use crate::expect::expected;
use crate::graph::{Node, Part};
use crate::kpi;
use crate::outlet::{CellHost, Outlet};
use crate::run::{Run, relative};
use crate::session::Session;
use crate::shown::{Shown, column};
use crate::state::{Fate, State};
use crate::values::{Values, unknown_column};
use almanac_engine::{Host, ResultSet};
use almanac_model::format::Format;
use almanac_model::notebook::{Cell, CellKind, Input, InputKind, Options, TableSpec};
use almanac_model::view::{CellBody, Cost, PlanStep, TableSource, TableView};
use almanac_model::{Diagnostic, Span};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Rows and what they cost; nothing when they were at hand.
type Rows = (Rc<ResultSet>, Option<Cost>);

impl Session {
    /// Runs a part.
    pub(crate) async fn answer<H: Host, O: Outlet>(
        &mut self,
        run: &Run<'_, H, O>,
        node: &Node,
        fingerprint: u64,
    ) -> State {
        match node.part {
            Part::Input(at) => self.options(run, node, &run.notebook.inputs[at], fingerprint).await,
            Part::Cell(at) => {
                let cell = run.cells[at];
                let state = match &cell.kind {
                    CellKind::Sql(text) => self.sql(run, node, cell, text, fingerprint).await,
                    CellKind::Chart(spec) => {
                        let fields: Vec<&str> = [&spec.x, &spec.y, &spec.color]
                            .into_iter()
                            .flatten()
                            .map(|channel| channel.field.as_str())
                            .collect();
                        match self.rows(run, node, cell, &spec.data, &fields).await {
                            Ok((result, cost)) => {
                                match chart::draw(&self.values(run), cell, spec, &result, run.request.width) {
                                    Ok((body, problems)) => State {
                                        cost,
                                        shown: Some(Shown::all(result)),
                                        ..State::answered(fingerprint, body, problems)
                                    },
                                    Err(problems) => State { cost, ..State::failed(fingerprint, problems) },
                                }
                            }
                            Err(problems) => State::failed(fingerprint, problems),
                        }
                    }
                    CellKind::Table(spec) => {
                        let fields: Vec<&str> = spec.columns.iter().map(String::as_str).collect();
                        match self.rows(run, node, cell, &spec.data, &fields).await {
                            Ok((result, cost)) => {
                                State { cost, ..table(&self.values(run), cell, spec, result, fingerprint) }
                            }
                            Err(problems) => State::failed(fingerprint, problems),
                        }
                    }
                    CellKind::Kpi(specs) => {
                        let (tiles, problems) = kpi::tiles(&self.values(run), cell, specs);
                        State::answered(fingerprint, CellBody::Kpis(tiles), problems)
                    }
                    CellKind::Expect(spec) => {
                        let compared = self.values(run).result(&spec.of, cell.body).map_err(|problem| *problem);
                        match compared.and_then(|result| expected(spec, result, cell.body)) {
                            Ok(checked) => State::answered(fingerprint, CellBody::Checked(checked), Vec::new()),
                            Err(problem) => State::answered(fingerprint, CellBody::None, vec![problem]),
                        }
                    }
                    CellKind::Input(_) | CellKind::Note(_) => State::empty(fingerprint, Fate::Answered),
                    CellKind::Unavailable(_) | CellKind::Broken(_) => State::empty(fingerprint, Fate::Failed),
                };
                State {
                    problems: state.problems.into_iter().map(|problem| relative(problem, run.base(node))).collect(),
                    ..state
                }
            }
        }
    }

    /// A SQL cell.
    async fn sql<H: Host, O: Outlet>(
        &mut self,
        run: &Run<'_, H, O>,
        node: &Node,
        cell: &Cell,
        text: &str,
        fingerprint: u64,
    ) -> State {
        self.unregister(&cell.id);
        let mut problems = self.shadowed(run.line(node), cell);
        match self.query(run, &node.id, text).await {
            Ok((result, cost, Some(steps))) => {
                let drawing = almanac_chart::plan(&steps, &result.to_table(usize::MAX), run.request.width);
                State {
                    shown: Some(Shown::all(result)),
                    cost: Some(cost),
                    ..State::answered(fingerprint, CellBody::Chart(Box::new(drawing)), problems)
                }
            }
            Ok((result, cost, None)) => {
                if cell.named && !problems.iter().any(Diagnostic::is_error) {
                    self.engine.register(&cell.id, &result);
                    self.registered.insert(cell.id.clone());
                }
                let shown = Shown::all(Rc::clone(&result));
                let body = CellBody::Table(shown.view());
                State {
                    result: Some(result),
                    shown: Some(shown),
                    cost: Some(cost),
                    ..State::answered(fingerprint, body, problems)
                }
            }
            Err(found) => {
                problems.extend(found.into_iter().map(|problem| problem.shifted(cell.body.start)));
                State::failed(fingerprint, problems)
            }
        }
    }

    /// A cell with the name of a table hides it, and that is told.
    fn shadowed(&self, line: Span, cell: &Cell) -> Vec<Diagnostic> {
        if !cell.named {
            return Vec::new();
        }
        let hidden = self.engine.tables().into_iter().find(|table| table.name.eq_ignore_ascii_case(&cell.id));
        let problem = hidden.and_then(|table| match table.source {
            TableSource::Extract => Some(Diagnostic::warning(
                "shadowed-table",
                line,
                format!("the cell `{}` hides the extract of that name", cell.id),
            )),
            TableSource::Dropped => Some(Diagnostic::error(
                "shadowed-table",
                line,
                format!("a file on this page is called `{}`, so other cells read the file", cell.id),
            )),
            TableSource::Cell => None,
        });
        problem.map(|problem| problem.hint("give the cell another name")).into_iter().collect()
    }

    /// The options of an input, if a query makes them.
    async fn options<H: Host, O: Outlet>(
        &mut self,
        run: &Run<'_, H, O>,
        node: &Node,
        input: &Input,
        fingerprint: u64,
    ) -> State {
        let InputKind::Select(Options::Sql { sql: text, span }) = &input.kind else {
            return State::empty(fingerprint, Fate::Answered);
        };
        match self.query(run, &node.id, text).await {
            Ok((result, cost, _)) => {
                State { result: Some(result), cost: Some(cost), ..State::empty(fingerprint, Fate::Answered) }
            }
            Err(problems) => {
                // YAML may have escaped the text: a place in it is then a place in the notebook only if it stands there verbatim.
                let verbatim = self.source[span.start..span.end].find(text.as_str());
                let place = |problem: Diagnostic| match verbatim {
                    Some(at) => problem.shifted(span.start + at),
                    None => Diagnostic { span: problem.span.map(|_| *span), ..problem },
                };
                State::failed(
                    fingerprint,
                    problems.into_iter().map(|problem| relative(place(problem), run.base(node))).collect(),
                )
            }
        }
    }

    /// The rows of a cell, or of a table of the site of which only the named columns are read.
    async fn rows<H: Host, O: Outlet>(
        &mut self,
        run: &Run<'_, H, O>,
        node: &Node,
        cell: &Cell,
        data: &str,
        fields: &[&str],
    ) -> Result<Rows, Vec<Diagnostic>> {
        let place = cell.places.get("data").copied().unwrap_or(cell.body);
        let problem = match self.values(run).result(data, place) {
            Ok(result) => return Ok((result, None)),
            Err(problem) => problem,
        };
        let tables = self.engine.tables();
        let Some(table) = tables.iter().find(|table| table.name.eq_ignore_ascii_case(data)) else {
            let cells = run
                .cells
                .iter()
                .filter(|cell| cell.named && matches!(cell.kind, CellKind::Sql(_)))
                .map(|cell| cell.id.as_str());
            let names = cells.chain(tables.iter().map(|table| table.name.as_str()));
            let unknown = Diagnostic::error("unknown-cell", place, format!("there is no cell and no table `{data}`"))
                .did_you_mean(data, names);
            return Err(vec![if problem.code.0 == "unknown-cell" { unknown } else { *problem }]);
        };
        let known = |field: &&str| table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(field));
        let unique: BTreeSet<&str> = fields.iter().filter_map(known).map(|column| column.name.as_str()).collect();
        // With a column that is not there all are read, so that the answer can name those that are.
        let columns = if fields.is_empty() || fields.iter().any(|field| known(field).is_none()) {
            "*".to_owned()
        } else {
            unique.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
        };
        let text = format!("select {columns} from {}", quoted(&table.name));
        let (result, cost, _) = self.query(run, &node.id, &text).await.map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| Diagnostic { span: problem.span.map(|_| place), ..problem })
                .collect::<Vec<_>>()
        })?;
        Ok((result, Some(cost)))
    }

    /// Runs a query; places are those of its text. Of EXPLAIN also the steps.
    async fn query<H: Host, O: Outlet>(
        &mut self,
        run: &Run<'_, H, O>,
        id: &str,
        text: &str,
    ) -> Result<(Rc<ResultSet>, Cost, Option<Vec<PlanStep>>), Vec<Diagnostic>> {
        let limit = self.engine.limits().sql_bytes as usize;
        if text.len() > limit {
            let message = format!(
                "this query is {} KiB long; at most {} KiB are read",
                text.len().div_ceil(1 << 10),
                limit >> 10
            );
            return Err(vec![
                Diagnostic::error("sql-too-long", Span::new(0, text.find('\n').unwrap_or(0)), message)
                    .hint("put long lists of values into an extract and join it"),
            ]);
        }
        self.queries_run += 1;
        let start = run.outlet.millis();
        let allowed = run.request.allow.iter().any(|cell| cell == id);
        let limits = (!allowed).then(|| self.engine.limits());
        let host =
            CellHost { host: run.host, outlet: run.outlet, generation: run.request.generation, cell: id, limits };
        let answer = self.engine.query(&host, text, &self.parameters()).await?;
        let cost = Cost {
            bytes_fetched: answer.reading.bytes_fetched,
            bytes_kept: answer.reading.bytes_kept,
            bytes_skipped: answer.reading.bytes_skipped,
            rows_read: answer.reading.rows_read,
            rows_skipped: answer.reading.rows_skipped,
            recalled: answer.reading.recalled,
            helpers: answer.reading.helpers,
            millis: run.outlet.millis() - start,
        };
        Ok((Rc::new(answer.result), cost, answer.plan))
    }
}

/// A table cell over its rows.
fn table(values: &Values<'_>, cell: &Cell, spec: &TableSpec, result: Rc<ResultSet>, fingerprint: u64) -> State {
    let mut problems = Vec::new();
    let place = cell.places.get("title").copied().unwrap_or(cell.body);
    let title = spec.title.as_ref().map(|title| values.fill(title, place, &mut problems));
    let mut columns = Vec::new();
    for (at, name) in spec.columns.iter().enumerate() {
        match column(&result, name) {
            Some(column) => columns.push(column),
            None => {
                let place = cell.places.get(&format!("columns.{at}")).copied().unwrap_or(cell.body);
                problems.push(unknown_column(&result, &spec.data, name, place));
            }
        }
    }
    if spec.columns.is_empty() {
        columns = (0..result.columns().len()).collect();
    }
    let mut formats = vec![None; result.columns().len()];
    for (name, tag) in &spec.formats {
        let place = cell.places.get(&format!("formats.{name}")).copied().unwrap_or(cell.body);
        match column(&result, name) {
            Some(column) => formats[column] = Format::parse(tag),
            None => problems.push(Diagnostic {
                severity: almanac_model::Severity::Warning,
                ..unknown_column(&result, &spec.data, name, place)
            }),
        }
    }
    if columns.is_empty() && !spec.columns.is_empty() {
        return State::failed(fingerprint, problems);
    }
    let shown = Shown::some(result, columns, formats);
    let body = CellBody::Table(TableView { title, ..shown.view() });
    State { shown: Some(shown), ..State::answered(fingerprint, body, problems) }
}

/// A name as SQL quotes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
