//! Expressions over rows at hand: optimised by Polars, then computed one after the other.
//!
//! `LazyFrame::collect` is not used: it would bring all of Polars' executors along, and the streaming engine, which cannot run in
//! a browser.

use std::sync::{Arc, Mutex};

use almanac_model::Diagnostic;
use polars_core::prelude::{Column, DataFrame, PolarsError, PolarsResult, polars_err};
use polars_expr::state::ExecutionState;
use polars_expr::{ExpressionConversionState, create_physical_expr};
use polars_lazy::prelude::{LazyFrame, OptFlags};
use polars_plan::plans::expr_ir::ExprIR;
use polars_plan::plans::{AExpr, Context, IR};
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

/// Optimises and runs a plan that does nothing but compute expressions over rows at hand.
pub(crate) fn run(frame: LazyFrame) -> PolarsResult<DataFrame> {
    let plan = frame.with_optimizations(optimisations()).to_alp_optimized()?;
    step(plan.lp_top, &plan.lp_arena, &plan.expr_arena)
}

/// The rows of a step: the few kinds there are, so that Polars' executors, its joins and groupings among them, are not part of
/// the download.
fn step(node: Node, plans: &Arena<IR>, exprs: &Arena<AExpr>) -> PolarsResult<DataFrame> {
    match plans.get(node) {
        IR::DataFrameScan { df, output_schema, .. } => match output_schema {
            Some(columns) => df.select(columns.iter_names_cloned()),
            None => Ok(df.as_ref().clone()),
        },
        IR::SimpleProjection { input, columns } => step(*input, plans, exprs)?.select(columns.iter_names_cloned()),
        IR::Select { input, expr, .. } => DataFrame::new(computed(&step(*input, plans, exprs)?, expr, exprs)?),
        IR::HStack { input, exprs: more, .. } => {
            let mut frame = step(*input, plans, exprs)?;
            for column in computed(&frame, more, exprs)? {
                frame.with_column(column)?;
            }
            Ok(frame)
        }
        IR::Filter { input, predicate } => {
            let frame = step(*input, plans, exprs)?;
            let mask = computed(&frame, std::slice::from_ref(predicate), exprs)?;
            match mask.first() {
                Some(mask) => frame.filter(mask.bool()?),
                None => Ok(frame),
            }
        }
        _ => Err(polars_err!(ComputeError: "a plan has a step that is not for expressions")),
    }
}

/// The values of expressions, as many as there are rows.
fn computed(frame: &DataFrame, list: &[ExprIR], exprs: &Arena<AExpr>) -> PolarsResult<Vec<Column>> {
    let state = ExecutionState::new();
    let value = |expr: &ExprIR| {
        let mut conversion = ExpressionConversionState::new(false);
        let physical = create_physical_expr(expr, Context::Default, exprs, frame.schema(), &mut conversion)?;
        let column = physical.evaluate(frame, &state)?;
        // What reads no column has one value, which counts for all rows.
        Ok(if column.len() == 1 { column.new_from_index(0, frame.height()) } else { column })
    };
    list.iter().map(value).collect()
}
