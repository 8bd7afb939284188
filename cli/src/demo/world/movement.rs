//! A change of an account's monthly recurring revenue.

/// A change of MRR.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Movement {
    /// When.
    pub(crate) day: i32,
    /// Signed, in cents.
    pub(crate) delta: i64,
    /// Why.
    pub(crate) kind: MovementKind,
}

/// Why MRR changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MovementKind {
    New,
    Expansion,
    Contraction,
    Churn,
    Reactivation,
}

impl MovementKind {
    /// As the tables call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Expansion => "expansion",
            Self::Contraction => "contraction",
            Self::Churn => "churn",
            Self::Reactivation => "reactivation",
        }
    }
}
