//! What is made of what: sources, tables, columns, metrics, notebooks and goals, both ways.
//!
//! **Invariant:** the same definitions make the same value: nodes and edges are sorted.

use crate::quality::{Marked, Outcome, Quality, Subject};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something that is made of other things, or that others are made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Node {
    /// An object of another system: `stripe.invoices`.
    Source(String),
    /// A table: `invoices`.
    Table(String),
    /// A column: `invoices.amount_usd`.
    Column(String),
    /// A metric, by id.
    Metric(String),
    /// A notebook, by its path in the site.
    Notebook(String),
    /// A goal, by id.
    Goal(String),
}

/// Everything and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lineage {
    /// Each once, sorted.
    pub nodes: Vec<Node>,
    /// Places in `nodes`: the first is read by the second. Sorted.
    pub edges: Vec<(usize, usize)>,
}

impl Node {
    /// Its name without its kind.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Source(name)
            | Self::Table(name)
            | Self::Column(name)
            | Self::Metric(name)
            | Self::Notebook(name)
            | Self::Goal(name) => name,
        }
    }

    /// The word for its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Table(_) => "table",
            Self::Column(_) => "column",
            Self::Metric(_) => "metric",
            Self::Notebook(_) => "notebook",
            Self::Goal(_) => "goal",
        }
    }

    /// A column of a table.
    #[must_use]
    pub fn column(table: &str, column: &str) -> Self {
        Self::Column(format!("{table}.{column}"))
    }
}

impl Lineage {
    /// The lineage of pairs: the first is read by the second.
    #[must_use]
    pub fn of(pairs: &BTreeSet<(Node, Node)>) -> Self {
        let all: BTreeSet<&Node> = pairs.iter().flat_map(|(read, reader)| [read, reader]).collect();
        let place: BTreeMap<&Node, usize> = all.iter().enumerate().map(|(at, node)| (*node, at)).collect();
        let mut edges: Vec<(usize, usize)> =
            pairs.iter().filter_map(|(read, reader)| Some((*place.get(read)?, *place.get(reader)?))).collect();
        edges.sort_unstable();
        Self { nodes: all.into_iter().cloned().collect(), edges }
    }

    /// The place of a node.
    #[must_use]
    pub fn place(&self, node: &Node) -> Option<usize> {
        self.nodes.binary_search(node).ok()
    }

    /// The places of all nodes of a name: a table and a notebook may have the same.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<usize> {
        (0..self.nodes.len()).filter(|at| self.nodes[*at].name() == name).collect()
    }

    /// What a node reads itself.
    pub fn made_of(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.edges.iter().filter(move |(_, reader)| *reader == at).map(|(read, _)| *read)
    }

    /// What reads a node itself.
    pub fn read_by(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.edges.iter().filter(move |(read, _)| *read == at).map(|(_, reader)| *reader)
    }

    /// A node and everything that is made of it, however far away.
    #[must_use]
    pub fn below(&self, at: usize) -> BTreeSet<usize> {
        self.reach(at, |at| self.read_by(at).collect())
    }

    /// A node and everything it is made of, however far away.
    #[must_use]
    pub fn above(&self, at: usize) -> BTreeSet<usize> {
        self.reach(at, |at| self.made_of(at).collect())
    }

    fn reach(&self, at: usize, next: impl Fn(usize) -> Vec<usize>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![at];
        while let Some(at) = waiting.pop() {
            if at < self.nodes.len() && found.insert(at) {
                waiting.extend(next(at));
            }
        }
        found
    }

    /// Writes into a run what depends on its tests that did not pass.
    pub fn mark(&self, quality: &mut Quality) {
        let marked = self.marked(quality).into_iter();
        let marked = marked.filter_map(|(at, tests)| Some(Marked { node: self.nodes.get(at)?.clone(), tests }));
        quality.marked = marked.collect();
    }

    /// The nodes that depend on tests that did not pass, each with the places of those tests among the results. A test of a column
    /// marks what reads the column; one of a table, what reads any column of it; one of a metric, the metric and what is made of it.
    #[must_use]
    pub fn marked(&self, quality: &Quality) -> BTreeMap<usize, Vec<usize>> {
        let mut marked: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (test, result) in quality.results.iter().enumerate() {
            if result.outcome == Outcome::Passed {
                continue;
            }
            let node = match &result.subject {
                Subject::Metric(id) => Node::Metric(id.clone()),
                Subject::Table(table) => Node::Table(table.clone()),
                Subject::Column { table, column } => Node::column(table, column),
            };
            for at in self.place(&node).map(|at| self.below(at)).unwrap_or_default() {
                marked.entry(at).or_default().push(test);
            }
        }
        marked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::TestResult;

    fn shop() -> Lineage {
        let (orders, mrr) = (Node::Table("orders".into()), Node::Metric("mrr".into()));
        let amount = Node::column("orders", "amount");
        let pairs = [
            (Node::Source("app.orders".into()), orders.clone()),
            (orders.clone(), amount.clone()),
            (orders, Node::column("orders", "day")),
            (amount, mrr.clone()),
            (mrr.clone(), Node::Metric("arr".into())),
            (mrr, Node::Goal("G1".into())),
            (Node::column("orders", "day"), Node::Notebook("days.md".into())),
        ];
        Lineage::of(&pairs.into())
    }

    fn names(lineage: &Lineage, places: impl IntoIterator<Item = usize>) -> Vec<&str> {
        places.into_iter().map(|at| lineage.nodes[at].name()).collect()
    }

    #[test]
    fn both_ways() {
        let shop = shop();
        let [mrr] = shop.named("mrr")[..] else { panic!("it is there once") };
        assert_eq!(names(&shop, shop.made_of(mrr)), ["orders.amount"]);
        assert_eq!(names(&shop, shop.read_by(mrr)), ["arr", "G1"]);
        assert_eq!(names(&shop, shop.above(mrr)), ["app.orders", "orders", "orders.amount", "mrr"]);
        assert!(shop.named("nothing").is_empty());
    }

    #[test]
    fn a_failed_test_marks_exactly_what_depends_on_it() {
        let shop = shop();
        let marked = |subject, outcome| {
            let result = TestResult {
                subject,
                test: "t".into(),
                outcome,
                found: String::new(),
                expected: String::new(),
                next: String::new(),
                reads: Vec::new(),
            };
            let quality = Quality { results: vec![result], ..Quality::default() };
            names(&shop, shop.marked(&quality).into_keys()).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let column = |column: &str| Subject::Column { table: "orders".into(), column: column.into() };
        assert_eq!(marked(column("day"), Outcome::Failed), ["orders.day", "days.md"]);
        assert_eq!(marked(column("amount"), Outcome::Broken), ["orders.amount", "arr", "mrr", "G1"]);
        assert_eq!(marked(Subject::Metric("arr".into()), Outcome::Failed), ["arr"]);
        assert_eq!(marked(Subject::Table("orders".into()), Outcome::Failed).len(), 7);
        assert!(marked(column("day"), Outcome::Passed).is_empty());
    }
}
