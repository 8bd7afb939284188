//! Which parts of a notebook read which: the order to run them in, and the cycles that have none.

use almanac_model::notebook::{
    Cell, CellKind, Input, InputKind, Notebook, Options, Template, ValueSource, input_view_id,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A part of a notebook that has an outcome.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// A cell's id, or `$name` of an input.
    pub(crate) id: String,
    /// Which part it is.
    pub(crate) part: Part,
    /// The nodes it reads, by index.
    pub(crate) reads: BTreeSet<usize>,
    /// The tables of its SQL that are no cells, in lower case.
    pub(crate) tables: BTreeSet<String>,
    /// The inputs whose values it uses, by name.
    pub(crate) inputs: BTreeSet<String>,
}

/// A part of a notebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The input at this index.
    Input(usize),
    /// The cell at this index among the cells.
    Cell(usize),
}

/// The parts of a notebook and how they hang together.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// Inputs, then cells, in order of the notebook.
    pub(crate) nodes: Vec<Node>,
    /// Nodes without those of cycles: each after what it reads, else in order of the notebook.
    pub(crate) order: Vec<usize>,
    /// For each node of a cycle, the ids along it, from the node back to itself.
    pub(crate) cycles: BTreeMap<usize, Vec<String>>,
}

impl Graph {
    /// Builds the graph. `tables_of` names the tables a SQL text reads.
    pub(crate) fn new(notebook: &Notebook, tables_of: impl Fn(&str) -> Vec<String>) -> Self {
        let inputs =
            notebook.inputs.iter().enumerate().map(|(at, input)| (input_view_id(&input.name), Part::Input(at)));
        let cells = notebook.cells().enumerate().map(|(at, cell)| (cell.id.clone(), Part::Cell(at)));
        let mut nodes: Vec<Node> = inputs
            .chain(cells)
            .map(|(id, part)| Node {
                id,
                part,
                reads: BTreeSet::new(),
                tables: BTreeSet::new(),
                inputs: BTreeSet::new(),
            })
            .collect();
        let names = Names::new(notebook, &nodes);
        let all_inputs = notebook.inputs.iter().map(|input| names.of_input(input, &tables_of));
        let all_cells = notebook.cells().map(|cell| names.of_cell(cell, &tables_of));
        let reads: Vec<Reads> = all_inputs.chain(all_cells).collect();
        for (node, reads) in nodes.iter_mut().zip(reads) {
            node.reads = reads.nodes;
            node.tables = reads.tables;
            node.inputs = reads.inputs;
        }
        let cycles = cycles(&nodes);
        let order = order(&nodes, &cycles);
        Self { nodes, order, cycles }
    }
}

/// What a part reads.
#[derive(Default)]
struct Reads {
    nodes: BTreeSet<usize>,
    tables: BTreeSet<String>,
    inputs: BTreeSet<String>,
}

/// Nodes by the names they are called in SQL and in specs.
struct Names<'a> {
    /// Named SQL cells, in lower case.
    tables: BTreeMap<String, usize>,
    /// Cells by id.
    cells: BTreeMap<&'a str, usize>,
    /// Inputs by name.
    inputs: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn new(notebook: &'a Notebook, nodes: &[Node]) -> Self {
        let first_cell = notebook.inputs.len();
        let mut names = Self { tables: BTreeMap::new(), cells: BTreeMap::new(), inputs: BTreeMap::new() };
        for (at, input) in notebook.inputs.iter().enumerate() {
            names.inputs.insert(&input.name, at);
        }
        for (at, cell) in notebook.cells().enumerate() {
            names.cells.insert(&cell.id, first_cell + at);
            if cell.named && matches!(cell.kind, CellKind::Sql(_)) {
                names.tables.insert(nodes[first_cell + at].id.to_lowercase(), first_cell + at);
            }
        }
        names
    }

    fn of_input(&self, input: &Input, tables_of: &impl Fn(&str) -> Vec<String>) -> Reads {
        let mut reads = Reads::default();
        if let InputKind::Select(Options::Sql { sql, .. }) = &input.kind {
            self.sql(sql, tables_of, &mut reads);
        }
        reads
    }

    fn of_cell(&self, cell: &Cell, tables_of: &impl Fn(&str) -> Vec<String>) -> Reads {
        let mut reads = Reads::default();
        match &cell.kind {
            CellKind::Sql(sql) => self.sql(sql, tables_of, &mut reads),
            CellKind::Chart(spec) => {
                self.cell(&spec.data, &mut reads);
                self.words(&spec.title, &mut reads);
                self.words(&spec.subtitle, &mut reads);
            }
            CellKind::Table(spec) => {
                self.cell(&spec.data, &mut reads);
                self.words(spec.title.as_deref().unwrap_or_default(), &mut reads);
            }
            CellKind::Kpi(tiles) => {
                for tile in tiles {
                    self.cell(&tile.value.cell, &mut reads);
                    if let Some(compare) = &tile.compare {
                        self.cell(&compare.cell, &mut reads);
                    }
                    if let Some(spark) = &tile.spark {
                        self.cell(&spark.data, &mut reads);
                    }
                }
            }
            CellKind::Expect(spec) => self.cell(&spec.of, &mut reads),
            CellKind::Input(_) | CellKind::Note(_) | CellKind::Unavailable(_) | CellKind::Broken(_) => {}
        }
        reads
    }

    fn sql(&self, sql: &str, tables_of: &impl Fn(&str) -> Vec<String>, reads: &mut Reads) {
        for table in tables_of(sql) {
            let table = table.to_lowercase();
            match self.tables.get(&table) {
                Some(node) => {
                    reads.nodes.insert(*node);
                }
                None => {
                    reads.tables.insert(table);
                }
            }
        }
        for name in parameters(sql) {
            self.input(name, reads);
        }
    }

    fn input(&self, name: &str, reads: &mut Reads) {
        if let Some(node) = self.inputs.get(name) {
            reads.nodes.insert(*node);
            reads.inputs.insert(name.to_owned());
        }
    }

    fn cell(&self, id: &str, reads: &mut Reads) {
        match self.cells.get(id).or_else(|| self.tables.get(&id.to_lowercase())) {
            Some(node) => {
                reads.nodes.insert(*node);
            }
            None => {
                reads.tables.insert(id.to_lowercase());
            }
        }
    }

    fn words(&self, text: &str, reads: &mut Reads) {
        let (template, _) = Template::parse(text, 0);
        for expr in template.values() {
            match &expr.source {
                ValueSource::Input { name } => self.input(name, reads),
                source => {
                    if let Some(cell) = source.cell() {
                        self.cell(cell, reads);
                    }
                }
            }
        }
    }
}

/// The `$names` of a text. Those in quotes and comments count too: a run too many does no harm.
pub(crate) fn parameters(sql: &str) -> impl Iterator<Item = &str> {
    sql.split('$').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })
}

/// For each node that can be reached from itself, the shortest way back.
fn cycles(nodes: &[Node]) -> BTreeMap<usize, Vec<String>> {
    let mut found = BTreeMap::new();
    for start in 0..nodes.len() {
        let mut before: BTreeMap<usize, usize> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(at) = waiting.pop_front() {
            for &next in &nodes[at].reads {
                if before.contains_key(&next) {
                    continue;
                }
                before.insert(next, at);
                waiting.push_back(next);
            }
            if before.contains_key(&start) {
                break;
            }
        }
        if before.contains_key(&start) {
            let mut path = vec![start];
            let mut at = before[&start];
            while at != start {
                path.push(at);
                at = before[&at];
            }
            path.push(start);
            path.reverse();
            found.insert(start, path.into_iter().map(|at| nodes[at].id.clone()).collect());
        }
    }
    found
}

/// Depth first along what is read, in order of the notebook: what stands at the top is answered first.
fn order(nodes: &[Node], cycles: &BTreeMap<usize, Vec<String>>) -> Vec<usize> {
    let mut order = Vec::with_capacity(nodes.len());
    let mut entered = vec![false; nodes.len()];
    for start in 0..nodes.len() {
        let mut stack = vec![(start, false)];
        while let Some((at, left)) = stack.pop() {
            if left {
                order.push(at);
            } else if !entered[at] && !cycles.contains_key(&at) {
                entered[at] = true;
                stack.push((at, true));
                stack.extend(nodes[at].reads.iter().rev().map(|&next| (next, false)));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::notebook::parse;

    /// The word after each `from` or `join`: enough for these notebooks, and independent of the SQL front.
    fn words_after_from(sql: &str) -> Vec<String> {
        let words: Vec<&str> = sql.split_whitespace().collect();
        words.windows(2).filter(|pair| matches!(pair[0], "from" | "join")).map(|pair| pair[1].to_owned()).collect()
    }

    fn graph(source: &str) -> Graph {
        Graph::new(&parse(source).value, words_after_from)
    }

    fn ids<'a>(graph: &'a Graph, nodes: &[usize]) -> Vec<&'a str> {
        nodes.iter().map(|&at| graph.nodes[at].id.as_str()).collect()
    }

    #[test]
    fn each_comes_after_what_it_reads() {
        let graph = graph(
            "---\ninputs:\n  r: {kind: select, options: {sql: \"select r from base\"}}\n---\n```chart\ndata: late\nmark: bar\nx: a\ny: b\ntitle: \"{{ other.n }} for {{ $r }}\"\n```\n\n```sql late\nselect 1 from early\n```\n\n```sql early\nselect 2 from accounts where r = $r\n```\n\n```sql other\nselect 1\n```\n\n```sql base\nselect 3\n```\n",
        );
        assert_eq!(ids(&graph, &graph.order), ["base", "$r", "early", "late", "other", "cell-1"]);
        let early = graph.nodes.iter().find(|node| node.id == "early").expect("the cell");
        assert_eq!(early.tables, BTreeSet::from(["accounts".to_owned()]));
        assert_eq!(early.inputs, BTreeSet::from(["r".to_owned()]));
        assert!(graph.cycles.is_empty());
    }

    #[test]
    fn a_cycle_names_its_cells_and_leaves_the_others_alone() {
        let graph = graph(
            "```sql a\nselect 1 from b\n```\n\n```sql b\nselect 1 from C\n```\n\n```sql c\nselect 1 from a\n```\n\n```sql after\nselect 1 from a\n```\n\n```sql free\nselect 1\n```\n\n```sql selfish\nselect 1 from selfish\n```\n",
        );
        let cycles: Vec<Vec<&str>> =
            graph.cycles.values().map(|path| path.iter().map(String::as_str).collect()).collect();
        assert_eq!(
            cycles,
            [vec!["a", "b", "c", "a"], vec!["b", "c", "a", "b"], vec!["c", "a", "b", "c"], vec!["selfish", "selfish"]]
        );
        assert_eq!(ids(&graph, &graph.order), ["after", "free"]);
    }

    #[test]
    fn parameters_are_words_after_a_dollar() {
        assert_eq!(parameters("select $a, '$b' || $c_1$, $ from x$").collect::<Vec<_>>(), ["a", "b", "c_1"]);
    }
}
