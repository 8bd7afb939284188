//! What a metric is, as an expression over aggregates: the one place where ratios and derived metrics are taken apart.

use super::Builder;
use super::block::Block;
use super::refuse::error;
use crate::catalogue::{Leaf, Shape};
use crate::tree::{Binary, Expr};
use almanac_model::Diagnostic;
use almanac_model::metric::{Additivity, Window, WindowAggregate};
use std::collections::BTreeMap;

/// What a running total is made of.
#[derive(Clone, Copy)]
pub(super) enum Base<'a> {
    Metric(&'a str),
    Leaf(&'a Leaf),
}

impl<'a> Builder<'a> {
    /// The value of a metric as it was `shift` months before, over the sources of a block, which get what is missing.
    pub(super) fn value(
        &mut self,
        block: &mut Block,
        id: &str,
        shift: u32,
        window: Option<Window>,
    ) -> Result<Expr, Vec<Diagnostic>> {
        let catalogue = self.catalogue;
        let Some(shape) = catalogue.shape(id) else {
            return Err(vec![error("unknown-metric", format!("there is no metric `{id}`"))]);
        };
        match shape {
            Shape::Leaf(leaf) => self.leaf(block, leaf, shift, window),
            Shape::Ratio { numerator, denominator } => {
                let above = self.value(block, numerator, shift, window)?;
                Ok(above.op(Binary::Divide, self.value(block, denominator, shift, window)?))
            }
            Shape::Conversion { converted, base } => {
                let above = self.leaf(block, converted, shift, window)?;
                Ok(above.op(Binary::Divide, self.leaf(block, base, shift, window)?))
            }
            Shape::Derived { expression, inputs } => {
                let mut values = BTreeMap::new();
                for input in inputs {
                    let value = self.value(block, &input.metric.text, shift + input.offset_months, window)?;
                    values.insert(input.alias.as_str(), value);
                }
                // The names are those of the inputs; what replaces them is not looked at again.
                Ok(expression.replaced(&mut |part| match part {
                    Expr::Column { source: None, name } => values.get(name.as_str()).cloned(),
                    _ => None,
                }))
            }
            Shape::Cumulative { metric, window: own, aggregate } => match window {
                Some(_) => Err(vec![
                    error("not-additive", format!("`{id}` is a running total already"))
                        .hint(format!("ask for `{metric}` with the window")),
                ]),
                None => self.window(block, Base::Metric(metric), id, (*own, *aggregate), shift),
            },
        }
    }

    fn leaf(
        &mut self,
        block: &mut Block,
        leaf: &'a Leaf,
        shift: u32,
        window: Option<Window>,
    ) -> Result<Expr, Vec<Diagnostic>> {
        let Some(window) = window else { return Ok(self.aggregate(block, leaf, shift)) };
        if leaf.additivity != Additivity::Sum || leaf.time.now {
            let what = match leaf.additivity {
                Additivity::Last | Additivity::First => "is a balance, which does not add up over months",
                Additivity::None => "does not add up over months",
                Additivity::Sum => "is a state of today",
            };
            return Err(vec![
                error("not-additive", format!("`{}` {what}, so it has no running total", leaf.alias))
                    .hint("ask for it by quarter or year: it is then computed for the whole period"),
            ]);
        }
        self.window(block, Base::Leaf(leaf), &leaf.alias, (window, WindowAggregate::Sum), shift)
    }
}
