//! The steps of a query's plan, as EXPLAIN tells them.

use serde::{Deserialize, Serialize};

/// One step of a plan; the steps it reads from follow it, one deeper.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlanStep {
    /// How many steps are above it.
    pub depth: u32,
    /// What it does: `read sales`, `inner join`.
    pub title: String,
    /// With which columns or conditions.
    pub detail: String,
    /// What was measured; absent when it was not run, or run as one with the step above it.
    pub measured: Option<Measured>,
    /// What reading a table fetched.
    pub fetched: Option<Fetched>,
}

/// What one step took.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Rows it put out, in all rounds together.
    pub rows: u64,
    /// Milliseconds of its own, without those of its inputs.
    pub millis: f64,
}

/// What was fetched for a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fetched {
    /// Ranges of bytes that were asked for.
    pub ranges: u32,
    /// Their bytes.
    pub bytes: u64,
}
