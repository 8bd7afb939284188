//! What a step is asked for besides its rows: which columns are read above it, and which rows cannot matter there.

use std::rc::Rc;

use almanac_model::Type;
use almanac_sql::plan::{ColumnId, Expr, ExprKind, Field};

use super::expr::{Ids, columns_of, name};
use crate::join::set::Set;

/// Rows where `column` is not among `keys` may be left out: a join above drops them.
#[derive(Debug, Clone)]
pub(crate) struct Hint {
    pub(crate) column: ColumnId,
    pub(crate) keys: Rc<Set>,
}

/// What is asked of a step. Hints may be ignored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    /// Columns that are read; `None` for all.
    wanted: Option<Ids>,
    hints: Vec<Hint>,
}

impl Ask {
    /// No column is read yet.
    pub(super) fn none() -> Self {
        Self::only(Ids::new())
    }

    /// Only these columns are read.
    pub(super) fn only(wanted: Ids) -> Self {
        Self { wanted: Some(wanted), hints: Vec::new() }
    }

    /// Whether a column is read, by its name in frames.
    pub(super) fn wants_named(&self, column: &str) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|id| name(*id) == column))
    }

    pub(super) fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// The same with more columns and without hints.
    pub(super) fn and<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> Self {
        let mut wanted = self.wanted.clone();
        if let Some(wanted) = &mut wanted {
            exprs.into_iter().for_each(|expr| columns_of(expr, wanted));
        }
        Self { wanted, hints: Vec::new() }
    }

    /// The same with these hints.
    pub(super) fn with(mut self, hints: impl IntoIterator<Item = Hint>) -> Self {
        self.hints.extend(hints);
        self
    }

    /// The same with the hints of another.
    pub(super) fn hinted(self, other: &Self) -> Self {
        self.with(other.hints.iter().cloned())
    }

    /// The hints on columns that are columns of the input under another name, as hints on those.
    pub(super) fn below(&self, columns: &[(Field, Expr)]) -> Vec<Hint> {
        let renamed = |hint: &Hint| {
            let (_, expr) = columns.iter().find(|(field, _)| field.id == hint.column)?;
            Some(Hint { column: plain(expr)?, keys: Rc::clone(&hint.keys) })
        };
        self.hints.iter().filter_map(renamed).collect()
    }
}

/// The column of whole numbers that an expression is; widening changes no number.
pub(super) fn plain(expr: &Expr) -> Option<ColumnId> {
    match &expr.kind {
        ExprKind::Column(id) => {
            let whole = matches!(expr.ty, Type::Integer | Type::BigInt | Type::Date | Type::Time | Type::Timestamp);
            whole.then_some(*id)
        }
        ExprKind::Cast { input, .. } if (input.ty, expr.ty) == (Type::Integer, Type::BigInt) => plain(input),
        _ => None,
    }
}
