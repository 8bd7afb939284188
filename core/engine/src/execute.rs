//! Optimised Polars plans to rows, on Polars' in-memory executors.
//!
//! `LazyFrame::collect` is not used: for a grouping of many rows into few groups it calls the streaming engine, which is not in
//! a browser build, and panics. Grouping is our own ([`aggregate`](crate::aggregate)), so no plan here contains it.

use std::sync::{Arc, Mutex};

use almanac_model::Diagnostic;
use polars_core::prelude::{DataFrame, PolarsError, PolarsResult, polars_err};
use polars_expr::state::ExecutionState;
use polars_lazy::prelude::{LazyFrame, OptFlags};
use polars_mem_engine::{Executor, create_physical_plan};
use polars_plan::plans::{AExpr, IR};
use polars_utils::arena::{Arena, Node};

/// Where a column function leaves the diagnostic of a value it refused: Polars' errors have no place for one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trouble(Arc<Mutex<Option<Diagnostic>>>);

impl Trouble {
    /// Keeps the first diagnostic and gives Polars an error to stop with.
    pub(crate) fn raise(&self, diagnostic: Diagnostic) -> PolarsError {
        let message = diagnostic.message.clone();
        if let Ok(mut slot) = self.0.lock() {
            slot.get_or_insert(diagnostic);
        }
        polars_err!(ComputeError: "{message}")
    }

    /// The diagnostic behind an error of Polars: the one that was raised, or `engine-error`.
    pub(crate) fn explain(&self, error: &PolarsError) -> Diagnostic {
        self.0.lock().ok().and_then(|mut slot| slot.take()).unwrap_or_else(|| engine_error(error))
    }
}

/// A failure of the engine itself, which the text of the query is not to blame for.
pub(crate) fn engine_error(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error_without_place("engine-error", format!("the engine could not run this query: {error}"))
        .hint("this is a fault of Almanac, not of the query; please report it with the SQL text")
}

/// Optimisations that keep SQL's meaning. Row order is observed by LIMIT and window functions, so the one that forgets it is out.
fn optimisations() -> OptFlags {
    OptFlags::PROJECTION_PUSHDOWN
        | OptFlags::PREDICATE_PUSHDOWN
        | OptFlags::SLICE_PUSHDOWN
        | OptFlags::TYPE_COERCION
        | OptFlags::TYPE_CHECK
        | OptFlags::SIMPLIFY_EXPR
        | OptFlags::COMM_SUBEXPR_ELIM
        | OptFlags::ROW_ESTIMATE
        | OptFlags::FAST_PROJECTION
}

fn no_streaming(_: Node, _: &mut Arena<IR>, _: &mut Arena<AExpr>) -> PolarsResult<Box<dyn Executor>> {
    Err(polars_err!(ComputeError: "a step asked for the streaming engine, which is not part of this build"))
}

/// Optimises and runs a plan.
pub(crate) fn run(frame: LazyFrame) -> PolarsResult<DataFrame> {
    let mut plan = frame.with_optimizations(optimisations()).to_alp_optimized()?;
    let mut executor = create_physical_plan(plan.lp_top, &mut plan.lp_arena, &mut plan.expr_arena, Some(no_streaming))?;
    executor.execute(&mut ExecutionState::new())
}
