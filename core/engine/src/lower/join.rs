//! Joins: rows are paired by number, a further condition is tried on the pairs, and then it is said which rows of both sides the
//! result consists of. Columns are copied by whoever reads them.

use almanac_model::Diagnostic;
use almanac_sql::plan::{Expr, JoinKind, Plan};
use polars_arrow::bitmap::Bitmap;
use polars_core::prelude::*;

use super::Lowering;
use super::ask::{Ask, Hint, plain};
use super::expr::{Ids, columns_of, name};
use crate::execute::engine_error;
use crate::join::index::Index;
use crate::join::lane::{lanes, whole};
use crate::join::pairs::{NONE, Pairs, occurring};
use crate::join::set::Set;
use crate::rows::{Rows, chosen, numbers};

/// Pairs of rows held at a time while a condition is tried on all of them.
const BLOCK_PAIRS: usize = 1 << 21;
/// Most pairs tried at all: some tens of seconds.
const MOST_PAIRS: u64 = 4_000_000_000;
/// A side with at most so many rows tells the other side which keys it has.
const FEW: usize = 4 << 20;

/// The two inputs of a join.
struct Sides {
    left: Rows,
    right: Rows,
}

/// Rows of both sides, pair by pair; [`NONE`] for a row of NULLs. Nothing instead of the rows of a side as they lie there.
struct Paired {
    left: Option<Vec<u32>>,
    right: Option<Vec<u32>>,
}

/// The parts of a join.
#[derive(Clone, Copy)]
struct Terms<'p> {
    kind: JoinKind,
    on: &'p [(Expr, Expr)],
    residual: Option<&'p Expr>,
    null_safe: bool,
}

impl Lowering<'_> {
    pub(super) fn join(&mut self, plan: &Plan, ask: &Ask) -> Result<Rows, Diagnostic> {
        let Plan::Join { left, right, kind, on, residual, null_safe } = plan else {
            return Err(engine_error("not a join"));
        };
        let terms = Terms { kind: *kind, on, residual: residual.as_ref(), null_safe: *null_safe };
        let sides = self.sides(left, right, terms, ask)?;
        let wanted = |column: &PlSmallStr| ask.wants_named(column);
        let rows = self.paired(&sides, terms)?;
        let one = |side: Rows, rows: Option<Vec<u32>>| -> Result<Rows, Diagnostic> {
            let side = side.keep(wanted);
            match rows {
                None => Ok(side),
                Some(rows) => side.picked(&nullable(rows)).map_err(|error| self.explain(&error)),
            }
        };
        let left = one(sides.left, rows.left)?;
        if matches!(terms.kind, JoinKind::Semi | JoinKind::Anti) {
            return Ok(left);
        }
        Ok(left.beside(one(sides.right, rows.right)?))
    }

    /// Runs both inputs, the one with fewer rows first: the other one need not put out rows that will find no partner. Of an
    /// inner join that is the right one, as the order of joins has it.
    fn sides(&mut self, left: &Plan, right: &Plan, terms: Terms<'_>, ask: &Ask) -> Result<Sides, Diagnostic> {
        use JoinKind::{Anti, Cross, Full, Inner, Left, Right, Semi};
        let of_on = terms.on.iter().flat_map(|(a, b)| [a, b]);
        let below = ask.and(of_on.chain(terms.residual));
        let kind = terms.kind;
        // Rows that the steps above drop anyway; none where a row without a partner would take their place.
        let to_left = if matches!(kind, Right | Full) { Ask::default() } else { ask.clone() };
        let to_right = if matches!(kind, Inner | Cross | Right) { ask.clone() } else { Ask::default() };
        let mut to_left = below.clone().hinted(&to_left);
        let mut to_right = below.hinted(&to_right);
        if terms.null_safe {
            // A hint leaves rows with NULL out.
            return Ok(Sides { left: self.lower(left, &to_left)?, right: self.lower(right, &to_right)? });
        }
        if matches!(kind, Inner | Left | Semi | Anti) {
            to_right = to_right.with(across(to_left.hints(), terms.on.iter().map(|(a, b)| (a, b))));
        }
        if matches!(kind, Inner | Right) {
            to_left = to_left.with(across(to_right.hints(), terms.on.iter().map(|(a, b)| (b, a))));
        }
        if kind != Inner && self.weight(left).rows < self.weight(right).rows {
            let left = self.lower(left, &to_left)?;
            if matches!(kind, Inner | Left | Semi | Anti) {
                to_right = to_right.with(self.hints(&left, terms.on.iter().map(|(a, b)| (a, b)))?);
            }
            return Ok(Sides { left, right: self.lower(right, &to_right)? });
        }
        let right = self.lower(right, &to_right)?;
        if matches!(kind, Inner | Right | Semi) {
            to_left = to_left.with(self.hints(&right, terms.on.iter().map(|(a, b)| (b, a)))?);
        }
        Ok(Sides { left: self.lower(left, &to_left)?, right })
    }

    /// What the rows of one side tell the other: the keys they have, if they are not all that there are.
    fn hints<'e>(
        &mut self,
        rows: &Rows,
        on: impl Iterator<Item = (&'e Expr, &'e Expr)>,
    ) -> Result<Vec<Hint>, Diagnostic> {
        let mut out = Vec::new();
        if rows.len() > FEW {
            return Ok(out);
        }
        for (own, other) in on {
            let (Some(id), Some(column)) = (plain(own), plain(other)) else { continue };
            let name = name(id);
            if rows.of_source(&name) <= rows.len() {
                continue;
            }
            let values = rows.column(&name).map_err(|error| self.explain(&error))?;
            if let Some(lane) = whole(&values).map_err(|error| self.explain(&error))? {
                out.push(Hint { column, keys: Set::new(&lane).into() });
            }
        }
        Ok(out)
    }

    /// Pairs that are held at most: eight bytes each, and as many again while a condition is tried on them.
    fn most_pairs(&self) -> usize {
        usize::try_from(self.limits.memory_bytes / 16).unwrap_or(usize::MAX)
    }

    /// Which rows the result consists of.
    fn paired(&mut self, sides: &Sides, terms: Terms<'_>) -> Result<Paired, Diagnostic> {
        if terms.on.is_empty() {
            return self.unkeyed(sides, terms);
        }
        let lefts: Vec<&Expr> = terms.on.iter().map(|(key, _)| key).collect();
        let rights: Vec<&Expr> = terms.on.iter().map(|(_, key)| key).collect();
        let lefts = self.evaluate(&sides.left, &lefts)?;
        let rights = self.evaluate(&sides.right, &rights)?;
        let left_is_smaller = sides.left.len() < sides.right.len();
        let (left, right) = if left_is_smaller {
            lanes(&lefts, &rights, terms.null_safe)
        } else {
            lanes(&rights, &lefts, terms.null_safe).map(|(right, left)| (left, right))
        }
        .map_err(|error| self.explain(&error))?;
        let most = self.most_pairs();
        let look_up =
            |held, asked, alone| Pairs::new(&Index::new(held), asked, alone, most).ok_or_else(|| too_many(most));
        match (terms.kind, terms.residual) {
            (JoinKind::Semi | JoinKind::Anti, None) => {
                let rows = Set::new(&right).rows(&left, terms.kind == JoinKind::Semi);
                Ok(Paired { left: (rows.len() < left.len()).then_some(rows), right: None })
            }
            (JoinKind::Left, None) => Ok(of_left(look_up(&right, &left, true)?, sides.left.len())),
            (JoinKind::Right, None) => Ok(of_left(look_up(&left, &right, true)?, sides.right.len()).swapped()),
            // Rows of the side that is looked up keep their order.
            (JoinKind::Right, Some(_)) => {
                let pairs = self.kept(sides, look_up(&left, &right, false)?.swapped(), terms)?;
                Ok(of_left(pairs.swapped().with_alone(sides.right.len()), sides.right.len()).swapped())
            }
            (JoinKind::Left | JoinKind::Full, _) => {
                let pairs = look_up(&right, &left, false)?;
                let pairs = self.kept(sides, pairs, terms)?;
                self.finished(sides, pairs, terms.kind)
            }
            (JoinKind::Inner | JoinKind::Cross, None) if left_is_smaller => {
                Ok(of_left(look_up(&left, &right, false)?, sides.right.len()).swapped())
            }
            (JoinKind::Inner | JoinKind::Cross, None) => Ok(of_left(look_up(&right, &left, false)?, sides.left.len())),
            (JoinKind::Inner | JoinKind::Cross | JoinKind::Semi | JoinKind::Anti, Some(_)) => {
                let pairs = if left_is_smaller {
                    look_up(&left, &right, false)?.swapped()
                } else {
                    look_up(&right, &left, false)?
                };
                let pairs = self.kept(sides, pairs, terms)?;
                self.finished(sides, pairs, terms.kind)
            }
        }
    }

    /// The pairs of left (`asked`) and right rows (`held`) for which the further condition holds.
    fn kept(&mut self, sides: &Sides, pairs: Pairs, terms: Terms<'_>) -> Result<Pairs, Diagnostic> {
        let Some(condition) = terms.residual else { return Ok(pairs) };
        let mut read = Ids::new();
        columns_of(condition, &mut read);
        let names: Vec<PlSmallStr> = read.into_iter().map(name).collect();
        let side = |rows: &Rows, places: &[u32]| {
            rows.clone().keep(|name| names.contains(name)).picked(&numbers(places.to_vec()))
        };
        let left = side(&sides.left, &pairs.asked).map_err(|error| self.explain(&error))?;
        let right = side(&sides.right, &pairs.held).map_err(|error| self.explain(&error))?;
        let Some(mask) = self.evaluate(&left.beside(right), &[condition])?.pop() else { return Ok(pairs) };
        let Some(some) = chosen(&mask).map_err(|error| self.explain(&error))? else { return Ok(pairs) };
        let of = |rows: &[u32]| some.iter().map(|pair| rows[*pair as usize]).collect();
        Ok(Pairs { held: of(&pairs.held), asked: of(&pairs.asked) })
    }

    /// What becomes of pairs and of the rows without any, left rows being `asked`.
    fn finished(&self, sides: &Sides, pairs: Pairs, kind: JoinKind) -> Result<Paired, Diagnostic> {
        let (lefts, rights) = (sides.left.len(), sides.right.len());
        Ok(match kind {
            JoinKind::Semi | JoinKind::Anti => {
                Paired { left: Some(occurring(&pairs.asked, lefts, kind == JoinKind::Semi)), right: None }
            }
            JoinKind::Inner | JoinKind::Cross => Paired { left: Some(pairs.asked), right: Some(pairs.held) },
            JoinKind::Left | JoinKind::Right | JoinKind::Full => {
                let alone = if kind == JoinKind::Left { Vec::new() } else { occurring(&pairs.held, rights, false) };
                let mut pairs = if kind == JoinKind::Right { pairs } else { pairs.with_alone(lefts) };
                pairs.asked.extend(alone.iter().map(|_| NONE));
                pairs.held.extend(alone);
                Paired { left: Some(pairs.asked), right: Some(pairs.held) }
            }
        })
    }

    /// A join without equalities: every pair is tried, block by block, so that memory stays bounded.
    fn unkeyed(&mut self, sides: &Sides, terms: Terms<'_>) -> Result<Paired, Diagnostic> {
        let (n, m) = (sides.left.len(), sides.right.len());
        let is_inner = matches!(terms.kind, JoinKind::Inner | JoinKind::Cross);
        let most = if terms.residual.is_some() { MOST_PAIRS } else { self.limits.result_rows };
        if n as u64 * m as u64 > most {
            return Err(Diagnostic::error_without_place(
                "over-budget",
                format!("this join pairs {n} rows with {m} rows, more than {most} pairs"),
            )
            .hint("join on an equality (`on a.key = b.key`), or filter one side first"));
        }
        let block = (BLOCK_PAIRS / m.max(1)).max(1);
        let mut all = Pairs::default();
        for start in (0..n).step_by(block) {
            let rows = start as u32..(start + block).min(n) as u32;
            let asked = rows.clone().flat_map(|row| std::iter::repeat_n(row, m)).collect();
            let held = rows.flat_map(|_| 0..m as u32).collect();
            let pairs = self.kept(sides, Pairs { held, asked }, terms)?;
            all.asked.extend(pairs.asked);
            all.held.extend(pairs.held);
            if all.held.len() > self.most_pairs() {
                return Err(too_many(self.most_pairs()));
            }
        }
        // One row beside all others moves none of them.
        if is_inner && m == 1 && all.asked.len() == n {
            return Ok(Paired { left: None, right: Some(all.held) });
        }
        if is_inner && n == 1 && all.held.len() == m {
            return Ok(Paired { left: Some(all.asked), right: None });
        }
        self.finished(sides, all, terms.kind)
    }
}

fn too_many(most: usize) -> Diagnostic {
    Diagnostic::error_without_place("over-budget", format!("this join makes more than {most} pairs of rows"))
        .hint("join on further columns, or group one side first")
}

/// Hints on columns of one side as hints on the columns of the other that they are compared with.
fn across<'e>(hints: &[Hint], on: impl Iterator<Item = (&'e Expr, &'e Expr)>) -> Vec<Hint> {
    let pairs = on.filter_map(|(own, other)| Some((plain(own)?, plain(other)?)));
    pairs
        .flat_map(|(own, column)| {
            let same = hints.iter().filter(move |hint| hint.column == own);
            same.map(move |hint| Hint { column, keys: hint.keys.clone() })
        })
        .collect()
}

/// Pairs whose `asked` rows are the left ones, all of them in their order if there are as many.
fn of_left(pairs: Pairs, rows: usize) -> Paired {
    let all = pairs.asked.len() == rows && pairs.asked.iter().zip(0..).all(|(row, place)| *row == place);
    Paired { left: (!all).then_some(pairs.asked), right: Some(pairs.held) }
}

impl Paired {
    fn swapped(self) -> Self {
        Self { left: self.right, right: self.left }
    }
}

/// Row numbers as Polars takes them, NULL for rows that are not there.
fn nullable(rows: Vec<u32>) -> IdxCa {
    if !rows.contains(&NONE) {
        return numbers(rows);
    }
    let there: Bitmap = rows.iter().map(|row| *row != NONE).collect();
    IdxCa::from_vec_validity(PlSmallStr::EMPTY, rows, Some(there))
}
