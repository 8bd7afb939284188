//! Joins. Equality joins without further conditions are Polars' own; the others pair rows first, keep the pairs that meet the
//! condition, and then add the rows that found no partner.

use almanac_model::Diagnostic;
use almanac_sql::plan::{Expr, ExprKind, JoinKind, Plan};
use polars_core::prelude::*;
use polars_lazy::dsl::{self, Expr as Lazy};
use polars_lazy::frame::{IntoLazy, LazyFrame};
use polars_ops::prelude::{JoinArgs, JoinCoalesce, JoinType};

use super::expr::{name, reads_columns};
use super::{Lowering, Step};
use crate::execute;

/// Pairs of rows held at a time while a condition is tried on all of them.
const BLOCK_PAIRS: usize = 1 << 21;
/// Most pairs tried at all: some tens of seconds.
const MOST_PAIRS: u64 = 4_000_000_000;

impl Lowering<'_> {
    pub(super) fn join(
        &mut self,
        left: &Plan,
        right: &Plan,
        kind: JoinKind,
        on: &[(Expr, Expr)],
        residual: Option<&Expr>,
        null_safe: bool,
    ) -> Result<Step, Diagnostic> {
        let left = self.lower(left)?;
        let right = self.lower(right)?;
        let left_only = matches!(kind, JoinKind::Semi | JoinKind::Anti);
        let columns =
            if left_only { left.columns.clone() } else { [left.columns.clone(), right.columns.clone()].concat() };
        let (left_keys, left) = self.keyed(left, on.iter().map(|(key, _)| key))?;
        let (right_keys, right) = self.keyed(right, on.iter().map(|(_, key)| key))?;
        let frame = match (kind, residual) {
            (JoinKind::Inner, Some(condition)) if !on.is_empty() => {
                let joined = joined(left.frame, right.frame, left_keys, right_keys, JoinType::Inner, null_safe);
                joined.filter(self.expressions.lower(condition))
            }
            (
                JoinKind::Inner | JoinKind::Left | JoinKind::Right | JoinKind::Full | JoinKind::Semi | JoinKind::Anti,
                None,
            ) if !on.is_empty() => {
                let how = match kind {
                    JoinKind::Left => JoinType::Left,
                    JoinKind::Right => JoinType::Right,
                    JoinKind::Full => JoinType::Full,
                    JoinKind::Semi => JoinType::Semi,
                    JoinKind::Anti => JoinType::Anti,
                    JoinKind::Inner | JoinKind::Cross => JoinType::Inner,
                };
                joined(left.frame, right.frame, left_keys, right_keys, how, null_safe)
            }
            _ => self.paired(&left, &right, kind, (left_keys, right_keys), residual, null_safe)?,
        };
        Ok(Step { frame, columns })
    }

    /// The step with its join keys as columns of their own.
    fn keyed<'e>(
        &mut self,
        step: Step,
        keys: impl Iterator<Item = &'e Expr>,
    ) -> Result<(Vec<PlSmallStr>, Step), Diagnostic> {
        let mut names = Vec::new();
        let mut computed: Vec<Lazy> = Vec::new();
        for key in keys {
            match &key.kind {
                // A column may be a key twice only if Polars never sees it twice.
                ExprKind::Column(id) if !names.contains(&name(*id)) => names.push(name(*id)),
                _ => {
                    let fresh = self.fresh();
                    computed.push(self.expressions.lower(key).alias(fresh.clone()));
                    names.push(fresh);
                    debug_assert!(reads_columns(key) || !computed.is_empty());
                }
            }
        }
        let frame = if computed.is_empty() { step.frame } else { step.frame.with_columns(computed) };
        Ok((names, Step { frame, columns: step.columns }))
    }

    /// A join by pairs: `keys` may be empty, the condition absent.
    fn paired(
        &mut self,
        left: &Step,
        right: &Step,
        kind: JoinKind,
        keys: (Vec<PlSmallStr>, Vec<PlSmallStr>),
        condition: Option<&Expr>,
        null_safe: bool,
    ) -> Result<LazyFrame, Diagnostic> {
        let (left_keys, right_keys) = keys;
        let (left_row, right_row) = (self.fresh(), self.fresh());
        let left = self.numbered(left, &left_keys, left_row.clone())?;
        let right = self.numbered(right, &right_keys, right_row.clone())?;
        let condition = condition.map(|condition| self.expressions.lower(condition));
        let pairs = if left_keys.is_empty() {
            self.all_pairs(&left, &right, condition.as_ref())?
        } else {
            let all =
                joined(left.clone().lazy(), right.clone().lazy(), left_keys, right_keys, JoinType::Inner, null_safe);
            let kept = match condition {
                Some(condition) => all.filter(condition),
                None => all,
            };
            execute::run(kept).map_err(|error| self.explain(&error))?
        };
        let explained = |error: PolarsError| self.explain(&error);
        let mut out = match kind {
            JoinKind::Semi => {
                left.filter(&partnered(&pairs, &left_row, left.height()).map_err(explained)?).map_err(explained)?
            }
            JoinKind::Anti => {
                left.filter(&!&partnered(&pairs, &left_row, left.height()).map_err(explained)?).map_err(explained)?
            }
            JoinKind::Inner | JoinKind::Cross | JoinKind::Left | JoinKind::Right | JoinKind::Full => pairs.clone(),
        };
        if matches!(kind, JoinKind::Left | JoinKind::Full) {
            let alone =
                left.filter(&!&partnered(&pairs, &left_row, left.height()).map_err(explained)?).map_err(explained)?;
            out = out.vstack(&widened(&alone, &out)).map_err(explained)?;
        }
        if matches!(kind, JoinKind::Right | JoinKind::Full) {
            let alone = right
                .filter(&!&partnered(&pairs, &right_row, right.height()).map_err(explained)?)
                .map_err(explained)?;
            out = out.vstack(&widened(&alone, &out)).map_err(explained)?;
        }
        Ok(out.lazy())
    }

    /// The rows of a step with their numbers.
    fn numbered(&mut self, step: &Step, keys: &[PlSmallStr], row: PlSmallStr) -> Result<DataFrame, Diagnostic> {
        let mut columns = step.columns.clone();
        columns.extend(keys.iter().filter(|key| !step.columns.contains(key)).cloned());
        let frame = if columns.is_empty() {
            execute::run(step.frame.clone()).map_err(|error| self.explain(&error))?
        } else {
            self.collect(&Step { frame: step.frame.clone(), columns })?
        };
        let numbers = Column::new(row, (0..frame.height() as IdxSize).collect::<Vec<_>>());
        let mut columns = frame.take_columns();
        columns.push(numbers);
        DataFrame::new(columns).map_err(|error| self.explain(&error))
    }

    /// Every pair that meets the condition, tried block by block so that memory stays bounded.
    fn all_pairs(
        &self,
        left: &DataFrame,
        right: &DataFrame,
        condition: Option<&Lazy>,
    ) -> Result<DataFrame, Diagnostic> {
        let (n, m) = (left.height(), right.height());
        let most = if condition.is_some() { MOST_PAIRS } else { self.limits.result_rows };
        if n as u64 * m as u64 > most {
            return Err(Diagnostic::error_without_place(
                "over-budget",
                format!("this join pairs {n} rows with {m} rows, more than {most} pairs"),
            )
            .hint("join on an equality (`on a.key = b.key`), or filter one side first"));
        }
        let block = (BLOCK_PAIRS / m.max(1)).max(1);
        let mut out: Option<DataFrame> = None;
        let mut start = 0;
        loop {
            let rows = block.min(n - start);
            let lefts: Vec<IdxSize> =
                (start..start + rows).flat_map(|row| std::iter::repeat_n(row as IdxSize, m)).collect();
            let rights: Vec<IdxSize> = (0..rows).flat_map(|_| 0..m as IdxSize).collect();
            let explained = |error: PolarsError| self.explain(&error);
            let mut columns = Vec::with_capacity(left.width() + right.width());
            let (lefts, rights) =
                (IdxCa::from_vec(PlSmallStr::EMPTY, lefts), IdxCa::from_vec(PlSmallStr::EMPTY, rights));
            for column in left.get_columns() {
                columns.push(column.take(&lefts).map_err(explained)?);
            }
            for column in right.get_columns() {
                columns.push(column.take(&rights).map_err(explained)?);
            }
            let mut pairs = DataFrame::new(columns).map_err(explained)?;
            if let Some(condition) = condition {
                pairs = execute::run(pairs.lazy().filter(condition.clone())).map_err(explained)?;
            }
            match &mut out {
                Some(all) => _ = all.vstack_mut(&pairs).map_err(explained)?,
                None => out = Some(pairs),
            }
            start += rows;
            if start >= n {
                return Ok(out.unwrap_or_default());
            }
        }
    }
}

fn joined(
    left: LazyFrame,
    right: LazyFrame,
    left_keys: Vec<PlSmallStr>,
    right_keys: Vec<PlSmallStr>,
    how: JoinType,
    null_safe: bool,
) -> LazyFrame {
    let columns = |keys: Vec<PlSmallStr>| keys.into_iter().map(dsl::col).collect::<Vec<_>>();
    // Semi and anti joins have no right columns to keep.
    let coalesce = if matches!(how, JoinType::Semi | JoinType::Anti) {
        JoinCoalesce::JoinSpecific
    } else {
        JoinCoalesce::KeepColumns
    };
    let mut args = JoinArgs::new(how).with_coalesce(coalesce);
    args.nulls_equal = null_safe;
    left.join(right, columns(left_keys), columns(right_keys), args)
}

/// Which of `rows` rows occur in a column of row numbers.
fn partnered(pairs: &DataFrame, row: &PlSmallStr, rows: usize) -> PolarsResult<BooleanChunked> {
    let mut hit = vec![false; rows];
    for number in pairs.column(row)?.idx()?.into_no_null_iter() {
        hit[number as usize] = true;
    }
    Ok(BooleanChunked::from_iter_values(PlSmallStr::EMPTY, hit.into_iter()))
}

/// The rows with the columns of another frame: NULL where they have none.
fn widened(rows: &DataFrame, like: &DataFrame) -> DataFrame {
    let columns = like
        .get_columns()
        .iter()
        .map(|column| match rows.column(column.name()) {
            Ok(own) => own.clone(),
            Err(_) => Column::full_null(column.name().clone(), rows.height(), column.dtype()),
        })
        .collect();
    DataFrame::new(columns).unwrap_or_default()
}
