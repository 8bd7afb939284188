//! One run of a notebook: every part in order, what has not changed from what is at hand.

use crate::fingerprint::Fingerprint;
use crate::graph::{Graph, Node, Part};
use crate::inputs::{Resolved, resolve};
use crate::outlet::{Flow, Outlet};
use crate::session::Session;
use crate::state::{Fate, State};
use crate::values::{Values, waits};
use almanac_engine::Host;
use almanac_model::notebook::{Cell, CellKind, InputKind, Notebook, Options, ValueSource, input_view_id};
use almanac_model::protocol::{Generation, Progress, Response};
use almanac_model::view::{CellBody, CellView};
use almanac_model::{Diagnostic, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The wanted state of the page: what [`almanac_model::protocol::Request::Run`] says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunRequest {
    /// Of the page's state.
    pub generation: Generation,
    /// The notebook's Markdown.
    pub source: String,
    /// Values of inputs that differ from their defaults.
    pub inputs: BTreeMap<String, String>,
    /// Width of the column in CSS pixels.
    pub width: u32,
    /// Parts whose views are sent even if nothing changed; `None` for all.
    pub wanted: Option<Vec<String>>,
    /// Parts that are not run.
    pub skip: Vec<String>,
    /// Parts that may take more than the limits let them without asking.
    pub allow: Vec<String>,
}

/// What one run has at hand.
pub(crate) struct Run<'a, H, O> {
    pub(crate) host: &'a H,
    pub(crate) outlet: &'a O,
    pub(crate) request: &'a RunRequest,
    pub(crate) notebook: &'a Notebook,
    /// Problems of the text, in order of place.
    problems: &'a [Diagnostic],
    graph: &'a Graph,
    pub(crate) cells: Vec<&'a Cell>,
}

impl Session {
    /// Runs a notebook: sends a view for each part that changed or is wanted, the values of the prose, and the end.
    pub async fn run<H: Host, O: Outlet>(&mut self, host: &H, outlet: &O, request: &RunRequest) -> Flow {
        if self.source != request.source {
            self.source.clone_from(&request.source);
            self.notebook = Rc::new(almanac_model::notebook::parse(&request.source));
        }
        let parsed = Rc::clone(&self.notebook);
        let graph = Graph::new(&parsed.value, almanac_sql::tables_of);
        self.forget(&graph);
        let run = Run {
            host,
            outlet,
            request,
            notebook: &parsed.value,
            problems: &parsed.diagnostics,
            graph: &graph,
            cells: parsed.value.cells().collect(),
        };
        for (&at, path) in &graph.cycles {
            self.settle_cycle(&run, &graph.nodes[at], path);
        }
        let mut awaited = run.read_by_prose();
        let mut told = false;
        for &at in &graph.order {
            // The prose is filled in as soon as its cells have answered, before those further down.
            if !told && awaited.is_empty() {
                self.tell_values(&run);
                told = true;
            }
            if self.part(&run, &graph.nodes[at]).await == Flow::Superseded {
                return Flow::Superseded;
            }
            awaited.remove(graph.nodes[at].id.as_str());
        }
        if !told {
            self.tell_values(&run);
        }
        let of_notebook = |problem: &&Diagnostic| !run.cells.iter().any(|cell| belongs(problem, cell.span));
        let diagnostics = run.problems.iter().filter(of_notebook).cloned().collect();
        outlet.send(Response::Finished { generation: request.generation, diagnostics, tables: self.tables() });
        Flow::Continue
    }

    fn tell_values<H: Host, O: Outlet>(&self, run: &Run<'_, H, O>) {
        run.outlet.send(Response::Values { generation: run.request.generation, values: self.values(run).of_prose() });
    }

    fn settle_cycle<H: Host, O: Outlet>(&mut self, run: &Run<'_, H, O>, node: &Node, path: &[String]) {
        self.unregister(&node.id);
        let chain = path[1..].iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", which reads ");
        let problem = Diagnostic::error("cell-cycle", run.line(node), format!("`{}` reads {chain}", path[0])).hint(
            if path.len() == 2 {
                "give the cell another name than the table it reads"
            } else {
                "let one of them read a table instead"
            },
        );
        let state = State::failed(0, vec![relative(problem, run.base(node))]);
        self.settle(run, node, state, true);
    }

    /// Brings one part up to date.
    async fn part<H: Host, O: Outlet>(&mut self, run: &Run<'_, H, O>, node: &Node) -> Flow {
        if run.request.skip.contains(&node.id) {
            self.unregister(&node.id);
            let stopped = State::empty(0, Fate::Stopped);
            match node.part {
                // Its value still counts, as the address or the default says.
                Part::Input(_) => self.resolve_input(run, node, stopped, false),
                Part::Cell(_) => {
                    self.states.insert(node.id.clone(), stopped);
                }
            }
            return Flow::Continue;
        }
        let fingerprint = self.fingerprint(run, node);
        if let Some(waiting) = self.waiting(run, node, fingerprint) {
            self.unregister(&node.id);
            let changed = self
                .states
                .get(&node.id)
                .is_none_or(|state| state.fate != Fate::Waits || state.problems != waiting.problems);
            self.resolve_input(run, node, waiting, changed);
            return Flow::Continue;
        }
        let fresh = self.states.get(&node.id).is_some_and(|state| {
            state.fingerprint == fingerprint && matches!(state.fate, Fate::Answered | Fate::Failed)
        });
        let state = if fresh {
            self.states.remove(&node.id)
        } else {
            if run.outlet.pause().await == Flow::Superseded {
                return Flow::Superseded;
            }
            run.begin(node);
            Some(self.answer(run, node, fingerprint).await)
        };
        if let Some(state) = state {
            self.resolve_input(run, node, state, !fresh);
        }
        Flow::Continue
    }

    /// Everything the answer of a part depends on.
    fn fingerprint<H: Host, O: Outlet>(&self, run: &Run<'_, H, O>, node: &Node) -> u64 {
        let mut print = match node.part {
            Part::Input(at) => match &run.notebook.inputs[at].kind {
                InputKind::Select(Options::Sql { sql, .. }) => Fingerprint::of("options").text(sql),
                _ => Fingerprint::of("input"),
            },
            Part::Cell(at) => {
                let cell = run.cells[at];
                let body = &self.source[cell.body.start..cell.body.end];
                let print = Fingerprint::of(kind_name(&cell.kind)).text(&cell.id).text(body);
                if matches!(cell.kind, CellKind::Chart(_)) { print.number(u64::from(run.request.width)) } else { print }
            }
        };
        for name in &node.inputs {
            if let Some((value, text)) = self.states.get(&input_view_id(name)).and_then(|state| state.input.as_ref()) {
                print = print.text(name).text(text).value(value);
            }
        }
        for &at in &node.reads {
            let read = &run.graph.nodes[at];
            if let (Part::Cell(_), Some(state)) = (read.part, self.states.get(&read.id)) {
                print = print.text(&read.id).number(state.fingerprint).number(state.fate as u64);
            }
        }
        for table in &node.tables {
            print = print.text(table).number(self.versions.get(table).copied().unwrap_or(0));
        }
        print.finish()
    }

    /// What a part waits for: rows it cannot do without. A tile or a value without its cell reads `n/a` instead.
    fn waiting<H: Host, O: Outlet>(&self, run: &Run<'_, H, O>, node: &Node, fingerprint: u64) -> Option<State> {
        if matches!(node.part, Part::Cell(at) if matches!(run.cells[at].kind, CellKind::Kpi(_))) {
            return None;
        }
        let problems: Vec<Diagnostic> = node
            .reads
            .iter()
            .map(|&at| &run.graph.nodes[at])
            .filter(|read| matches!(read.part, Part::Cell(_)) || run.graph.cycles.contains_key(&run.index(read)))
            .filter(|read| run.needs(node, read))
            .filter_map(|read| {
                let fate = self.states.get(&read.id).map_or(Fate::Stopped, |state| state.fate);
                (!fate.answered()).then(|| relative(waits(&read.id, fate.words(), run.line(node)), run.base(node)))
            })
            .collect();
        (!problems.is_empty()).then(|| State { problems, ..State::empty(fingerprint, Fate::Waits) })
    }

    pub(crate) fn values<'a, H: Host, O: Outlet>(&'a self, run: &Run<'a, H, O>) -> Values<'a> {
        Values { notebook: run.notebook, states: &self.states }
    }

    /// An input's value is looked at in every run: the address may have changed while its options did not.
    fn resolve_input<H: Host, O: Outlet>(
        &mut self,
        run: &Run<'_, H, O>,
        node: &Node,
        mut state: State,
        mut changed: bool,
    ) {
        if let Part::Input(at) = node.part {
            let input = &run.notebook.inputs[at];
            let rows = state.result.as_ref().map(|result| result.to_table(crate::inputs::MAX_OPTIONS + 1));
            let Resolved { view, value, problems } =
                resolve(input, run.request.inputs.get(&input.name).map(String::as_str), rows.as_ref());
            let base = run.base(node);
            state.problems.retain(|problem| !crate::inputs::is_about_value(problem));
            state.problems.extend(problems.into_iter().map(|problem| relative(problem, base)));
            state.input = Some((value, view.value.clone()));
            let body = CellBody::Input(view);
            changed |= state.body != body;
            state.body = body;
        }
        self.settle(run, node, state, changed);
    }

    /// Keeps an outcome and tells the page, if there is something to tell.
    fn settle<H: Host, O: Outlet>(&mut self, run: &Run<'_, H, O>, node: &Node, mut state: State, changed: bool) {
        let base = run.base(node);
        let mut diagnostics: Vec<Diagnostic> = match node.part {
            Part::Cell(at) => {
                run.problems.iter().filter(|problem| belongs(problem, run.cells[at].span)).cloned().collect()
            }
            Part::Input(_) => Vec::new(),
        };
        for problem in state.problems.iter().cloned().map(|problem| problem.shifted(base)) {
            // A title that names one failed cell four times says so once.
            if !diagnostics.contains(&problem) {
                diagnostics.push(problem);
            }
        }
        let wanted = run.request.wanted.as_ref().is_none_or(|wanted| wanted.contains(&node.id));
        if changed {
            state.born = run.request.generation;
        }
        let before = self.states.get_mut(&node.id);
        let (told, told_in) = match (state.told.take(), before) {
            (None, Some(before)) => (before.told.take(), before.told_in),
            (told, _) => (told, state.told_in),
        };
        // What was said in a run that the page had already left behind was not heard.
        let unheard = told_in > self.seen;
        if changed || wanted || unheard || told.as_ref() != Some(&diagnostics) {
            let view = CellView {
                id: node.id.clone(),
                body: state.body.clone(),
                diagnostics: diagnostics.clone(),
                cost: state.cost,
            };
            run.outlet.send(Response::Cell { generation: run.request.generation, view });
            state.told_in = run.request.generation;
        } else {
            state.told_in = told_in;
        }
        state.told = Some(diagnostics);
        self.states.insert(node.id.clone(), state);
    }
}

impl<H, O: Outlet> Run<'_, H, O> {
    /// Names the part that is at work: if the engine dies now, the page knows of what.
    fn begin(&self, node: &Node) {
        let stage = match node.part {
            Part::Cell(at) => match self.cells[at].kind {
                CellKind::Sql(_) | CellKind::Table(_) => "computing",
                CellKind::Chart(_) | CellKind::Kpi(_) => "drawing",
                _ => return,
            },
            Part::Input(at) => match self.notebook.inputs[at].kind {
                InputKind::Select(Options::Sql { .. }) => "computing",
                _ => return,
            },
        };
        let progress = Progress { stage: stage.to_owned(), ..Progress::default() };
        self.outlet.send(Response::Progress { generation: self.request.generation, cell: node.id.clone(), progress });
    }
}

impl<H, O> Run<'_, H, O> {
    /// The nodes whose values stand in the prose, inputs among them.
    fn read_by_prose(&self) -> BTreeSet<&str> {
        let exprs = || self.notebook.values.iter().filter_map(|value| value.expr.as_ref()).map(|expr| &expr.source);
        let reads = |node: &&Node| {
            exprs().any(|source| match source {
                ValueSource::Input { name } => node.id.strip_prefix('$') == Some(name),
                source => source.cell().is_some_and(|cell| cell.eq_ignore_ascii_case(&node.id)),
            })
        };
        self.graph.order.iter().map(|&at| &self.graph.nodes[at]).filter(reads).map(|node| node.id.as_str()).collect()
    }

    /// Where the places of a part are counted from.
    pub(crate) fn base(&self, node: &Node) -> usize {
        match node.part {
            Part::Cell(at) => self.cells[at].span.start,
            Part::Input(at) => self.notebook.inputs[at].span.start,
        }
    }

    /// The line that names a part.
    pub(crate) fn line(&self, node: &Node) -> Span {
        match node.part {
            Part::Cell(at) => {
                let Span { start, end } = self.cells[at].span;
                let line = self.request.source[start..end].lines().next().unwrap_or_default();
                Span::new(start, start + line.trim_end().len())
            }
            Part::Input(at) => self.notebook.inputs[at].span,
        }
    }

    fn index(&self, node: &Node) -> usize {
        match node.part {
            Part::Input(at) => at,
            Part::Cell(at) => self.notebook.inputs.len() + at,
        }
    }

    /// Whether `node` can do nothing without the rows of `read`. A title can.
    fn needs(&self, node: &Node, read: &Node) -> bool {
        let Part::Cell(at) = node.part else { return true };
        match &self.cells[at].kind {
            CellKind::Chart(spec) => spec.data.eq_ignore_ascii_case(&read.id),
            CellKind::Table(spec) => spec.data.eq_ignore_ascii_case(&read.id),
            _ => true,
        }
    }
}

fn kind_name(kind: &CellKind) -> &'static str {
    match kind {
        CellKind::Sql(_) => "sql",
        CellKind::Chart(_) => "chart",
        CellKind::Table(_) => "table",
        CellKind::Kpi(_) => "kpi",
        CellKind::Input(_) => "input",
        CellKind::Note(_) => "note",
        CellKind::Expect(_) => "expect",
        CellKind::Unavailable(_) => "unavailable",
        CellKind::Broken(_) => "broken",
    }
}

/// Whether a problem lies within a part of the notebook.
fn belongs(problem: &Diagnostic, part: Span) -> bool {
    problem.span.is_some_and(|span| span.start >= part.start && span.end <= part.end)
}

/// A place in the notebook as a place in a part of it.
pub(crate) fn relative(problem: Diagnostic, base: usize) -> Diagnostic {
    let span = problem.span.map(|span| Span::new(span.start.saturating_sub(base), span.end.saturating_sub(base)));
    Diagnostic { span, ..problem }
}
