//! Which inputs of a chain of inner joins are joined first: the order with the fewest rows in all results between.
//!
//! Up to [`EXACT`] inputs, every tree without a cross product is compared (dynamic programming over connected sets, after
//! G. Moerkotte and T. Neumann, "Analysis of Two Existing and One New Dynamic Programming Algorithm", 2006). Beyond, and between
//! sets that no equality ties, two at a time, those with the smallest result first (L. Fegaras, "A New Heuristic for Optimizing
//! Large Queries", 1998).

use std::collections::BTreeMap;

use crate::functions::Scalar;
use crate::plan::{Expr, ExprKind};
use crate::walk::{self, Ids};

use super::equalities::Class;
use super::rows::{Domains, distinct, matched, selectivity};

/// Most inputs whose orders are all compared: 3¹⁰ pairs of sets.
const EXACT: u32 = 10;
/// Most inputs that are ordered at all: one bit each.
const MOST: usize = 64;

/// An order: which input, or which two results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    /// An input by its place.
    Input(usize),
    /// A join.
    Pair(Box<Tree>, Box<Tree>),
}

/// Inputs, one bit each.
type Set = u64;

/// Columns of inputs that are equal, each with its input; or the two sides of an equality of expressions, each with all it reads.
struct Tie<'a> {
    members: Vec<(Set, &'a Expr)>,
}

/// The best way found to join a set.
#[derive(Clone)]
struct Best {
    set: Set,
    rows: f64,
    /// Rows of all results within.
    cost: f64,
    tree: Tree,
}

struct Graph<'a> {
    ties: Vec<Tie<'a>>,
    /// Conditions that are no equality, with the share of rows they let pass.
    others: Vec<(Set, f64)>,
    domains: &'a Domains,
}

/// The order in which to join inputs with these columns and rows under these conditions.
pub(crate) fn order(inputs: &[(&Ids, f64)], classes: &[Class], conditions: &[Expr], domains: &Domains) -> Tree {
    if inputs.len() > MOST {
        let rest = (1..inputs.len()).map(Tree::Input);
        return rest.fold(Tree::Input(0), |tree, next| Tree::Pair(Box::new(tree), Box::new(next)));
    }
    let graph = Graph::new(inputs, classes, conditions, domains);
    let leaves = inputs.iter().enumerate().map(|(place, (_, rows))| Best {
        set: 1 << place,
        rows: *rows,
        cost: 0.0,
        tree: Tree::Input(place),
    });
    let mut joined = Vec::new();
    for island in graph.islands(leaves.collect()) {
        match graph.exact(&island) {
            Some(best) => joined.push(best),
            None => joined.extend(island),
        }
    }
    graph.greedy(joined)
}

impl<'a> Graph<'a> {
    fn new(inputs: &[(&Ids, f64)], classes: &'a [Class], conditions: &'a [Expr], domains: &'a Domains) -> Self {
        let set = |expr: &Expr| -> Set {
            let read = walk::columns(expr);
            let reads = |ids: &Ids| !ids.is_disjoint(&read);
            inputs.iter().enumerate().filter(|(_, (ids, _))| reads(ids)).map(|(place, _)| 1 << place).sum()
        };
        let of_class =
            |class: &'a Class| Tie { members: class.members.iter().map(|member| (set(member), member)).collect() };
        let mut ties: Vec<Tie<'a>> = classes.iter().map(of_class).collect();
        let mut others = Vec::new();
        for condition in conditions {
            if let ExprKind::Call(Scalar::Eq, args) = &condition.kind
                && let [a, b] = args.as_slice()
            {
                let (left, right) = (set(a), set(b));
                if left != 0 && right != 0 && left & right == 0 {
                    ties.push(Tie { members: vec![(left, a), (right, b)] });
                    continue;
                }
            }
            others.push((set(condition), selectivity(condition, domains)));
        }
        Self { ties, others, domains }
    }

    /// Inputs that equalities tie together, directly or through others.
    fn islands(&self, inputs: Vec<Best>) -> Vec<Vec<Best>> {
        let mut islands: Vec<(Set, Vec<Best>)> = inputs.into_iter().map(|best| (best.set, vec![best])).collect();
        for tie in &self.ties {
            let bridge = tie.members.iter().fold(0, |bridge, (set, _)| bridge | set);
            let (tied, mut apart): (Vec<_>, Vec<_>) = islands.into_iter().partition(|(set, _)| set & bridge != 0);
            let set = tied.iter().map(|(set, _)| set).sum();
            apart.push((set, tied.into_iter().flat_map(|(_, inputs)| inputs).collect()));
            islands = apart;
        }
        islands.into_iter().map(|(_, inputs)| inputs).collect()
    }

    /// Every order of an island without a cross product; none where the island is too large, or an equality needs two inputs that
    /// nothing ties.
    fn exact(&self, island: &[Best]) -> Option<Best> {
        let all: Set = island.iter().map(|best| best.set).sum();
        if all.count_ones() > EXACT {
            return None;
        }
        let mut known: BTreeMap<Set, Best> = island.iter().map(|best| (best.set, best.clone())).collect();
        // Subsets in ascending order: those within a set come before it.
        let mut set: Set = 0;
        while set != all {
            set = set.wrapping_sub(all) & all;
            if set.count_ones() < 2 {
                continue;
            }
            let first = set & set.wrapping_neg();
            let mut one = (set - 1) & set;
            let mut best: Option<Best> = None;
            while one != 0 {
                if one & first != 0
                    && let (Some(a), Some(b)) = (known.get(&one), known.get(&(set ^ one)))
                    && self.tied(a.set, b.set)
                {
                    let rows = self.rows(a, b);
                    let cost = a.cost + b.cost + rows;
                    if best.as_ref().is_none_or(|best| cost < best.cost) {
                        best = Some(pair(a.clone(), b.clone(), rows));
                    }
                }
                one = (one - 1) & set;
            }
            known.extend(best.map(|best| (set, best)));
        }
        known.remove(&all)
    }

    /// Two at a time, the smallest result first; every pair of rows only where nothing else is left, or where one side is a
    /// single row, which adds columns, not rows.
    fn greedy(&self, mut parts: Vec<Best>) -> Tree {
        while parts.len() > 1 {
            let mut best: Option<(bool, f64, usize, usize)> = None;
            for a in 0..parts.len() {
                for b in a + 1..parts.len() {
                    let product = !self.tied(parts[a].set, parts[b].set) && parts[a].rows > 1.0 && parts[b].rows > 1.0;
                    let rows = self.rows(&parts[a], &parts[b]);
                    if best.is_none_or(|(p, r, ..)| (product, rows) < (p, r)) {
                        best = Some((product, rows, a, b));
                    }
                }
            }
            let Some((_, rows, a, b)) = best else { break };
            let right = parts.swap_remove(b);
            let left = parts.swap_remove(a);
            parts.push(pair(left, right, rows));
        }
        parts.pop().map_or(Tree::Input(0), |best| best.tree)
    }

    /// What ties two sets: of each tie the members that know the fewest values, since all within a set are equal.
    fn between(&self, a: Set, b: Set) -> impl Iterator<Item = (&'a Expr, &'a Expr)> {
        let least = move |tie: &Tie<'a>, within: Set| {
            let members = tie.members.iter().filter(|(set, _)| set & !within == 0).map(|(_, member)| *member);
            members.min_by(|one, other| distinct(one, self.domains).total_cmp(&distinct(other, self.domains)))
        };
        self.ties.iter().filter_map(move |tie| Some((least(tie, a)?, least(tie, b)?)))
    }

    fn tied(&self, a: Set, b: Set) -> bool {
        self.between(a, b).next().is_some()
    }

    /// Rows of two results joined by all conditions that then have their columns.
    fn rows(&self, a: &Best, b: &Best) -> f64 {
        let set = a.set | b.set;
        let passes: f64 = self
            .others
            .iter()
            .filter(|(needed, _)| needed & !set == 0 && needed & !a.set != 0 && needed & !b.set != 0)
            .map(|(_, share)| share)
            .product();
        (a.rows * b.rows / matched(self.between(a.set, b.set), self.domains) * passes).max(1.0)
    }
}

fn pair(a: Best, b: Best, rows: f64) -> Best {
    Best {
        set: a.set | b.set,
        rows,
        cost: a.cost + b.cost + rows,
        tree: Tree::Pair(Box::new(a.tree), Box::new(b.tree)),
    }
}
