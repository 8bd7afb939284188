//! Scans: filters, expressions and groups over columns at hand, a few thousand rows at a time.
//!
//! A batch is small enough for the nearest caches, so what a step makes is read by the next one before it leaves them, and nothing
//! is ever materialised in full: memory does not depend on the number of rows. An expression is compiled to a list of nodes
//! ([`program`]); each node is one branch-free loop over a batch ([`machine`]). What has no node of its own is computed once for each
//! distinct value of the one column it reads ([`few`]), or else by the general way before the scan.
//!
//! May use: Polars' columns, the plan's expressions. Never: a plan's other steps, the network, a clock.
//! **Invariant:** a scan gives the general way's answer, or none: a value that must be refused ends the scan ([`Bail`]), and the
//! general way then says why and where.

mod buffer;
pub(crate) mod codes;
pub(crate) mod facts;
pub(crate) mod few;
pub(crate) mod filter;
pub(crate) mod fold;
mod kernels;
pub(crate) mod machine;
pub(crate) mod program;
pub(crate) mod source;

/// Rows of a batch: a column of doubles takes 16 KiB.
pub(crate) const BATCH: usize = 2048;

/// Rows after which a scan says how far it has got: less than a millisecond of work.
const TELL_EVERY: usize = 64 * BATCH;

/// Tells `watch` of the rows before `start` that it was not told of yet.
pub(crate) fn told(watch: &dyn Fn(u64), start: usize) {
    if start > 0 && start.is_multiple_of(TELL_EVERY) {
        watch(TELL_EVERY as u64);
    }
}

/// The scan has no answer; the general way may have one.
#[derive(Debug)]
pub(crate) struct Bail;

impl From<polars_core::prelude::PolarsError> for Bail {
    fn from(_: polars_core::prelude::PolarsError) -> Self {
        Self
    }
}
