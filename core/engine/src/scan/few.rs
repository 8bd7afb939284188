//! Columns with few values, over which an expression is computed once for each value instead of once for each row.

use almanac_sql::plan::{ColumnId, Expr, ExprKind};
use polars_core::prelude::{Column, IntoColumn, NamedFrom, Series};

use super::source::{Source, Values};

/// Where the values of a column with few of them stand in tables over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Few {
    /// Entries of a table.
    pub(crate) bound: u32,
    /// Whole numbers: the smallest. Texts have numbers of their own.
    pub(crate) low: i64,
}

/// A table over the distinct values of a column with few of them may have so many entries.
const LARGEST_TABLE: u64 = 1 << 16;
/// Whether a column's values are few: texts that are numbered, or whole numbers of a small span. NULL counts as a value.
pub(crate) fn few(source: &Source, column: usize) -> Option<Few> {
    let held = &source.columns[column];
    match &held.values {
        Values::Texts(_) => {
            let texts = held.facts.texts(&held.values)?;
            Some(Few { bound: texts.first.len() as u32, low: 0 })
        }
        Values::I32(_) | Values::I64(_) => {
            let (low, high) = held.facts.span(&held.values)?;
            let span = high.checked_sub(low).and_then(|span| u64::try_from(span).ok())?;
            // One more for NULL.
            (span + 2 <= LARGEST_TABLE.min(source.rows as u64)).then(|| Few { bound: span as u32 + 2, low })
        }
        _ => None,
    }
}

/// The distinct values of a column with few of them, NULL last where it is whole numbers.
pub(crate) fn distinct(source: &Source, column: usize, few: Few) -> Option<Column> {
    let held = &source.columns[column];
    let name = crate::lower::expr::name(held.id);
    if let Some(texts) = held.facts.texts(&held.values) {
        return Some(texts.distinct(&held.series).ok()?.with_name(name).into_column());
    }
    let values: Vec<Option<i64>> =
        (0..i64::from(few.bound) - 1).map(|at| Some(few.low + at)).chain(std::iter::once(None)).collect();
    Some(Series::new(name, values).cast(held.series.dtype()).ok()?.into_column())
}

/// The columns an expression reads, in order of first appearance.
pub(crate) fn columns_of(expr: &Expr) -> Vec<ColumnId> {
    fn visit(expr: &Expr, found: &mut Vec<ColumnId>) {
        match &expr.kind {
            ExprKind::Column(id) if !found.contains(id) => found.push(*id),
            ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => {}
            ExprKind::Call(_, args) => args.iter().for_each(|arg| visit(arg, found)),
            ExprKind::Cast { input, .. } | ExprKind::InList { input, .. } => visit(input, found),
            ExprKind::Case { branches, otherwise } => {
                for (when, then) in branches {
                    visit(when, found);
                    visit(then, found);
                }
                visit(otherwise, found);
            }
        }
    }
    let mut found = Vec::new();
    visit(expr, &mut found);
    found
}

/// The one column an expression reads.
pub(crate) fn only_column(expr: &Expr) -> Option<ColumnId> {
    if let [only] = columns_of(expr).as_slice() { Some(*only) } else { None }
}
