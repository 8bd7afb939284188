//! The rectangle that marks are drawn in, its axes and its labels.

use std::convert::Infallible;

use almanac_model::Diagnostic;
use almanac_model::view::SvgElement;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::canvas::{Canvas, element};
use crate::scale;

/// Width of a character of a 12 px label, on average.
const CHARACTER: f64 = 6.6;
const TOP: f64 = 12.0;

/// Width of a label in pixels, nearly.
pub(crate) fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

/// The first `most` characters, with a sign that there were more.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A place of the drawing and the values at its edges.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
}

/// plotters' chart over our canvas.
pub(crate) type Chart<'a, 'b> = ChartContext<'a, Canvas<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

impl Frame {
    /// A frame `width` wide whose left margin fits the labels of the vertical axis.
    pub(crate) fn new(width: u32, height: u32, labels: &[String], right: f64, x: (f64, f64), y: (f64, f64)) -> Self {
        let widest = labels.iter().map(|label| text_width(label)).fold(0.0, f64::max);
        let (width, height) = (f64::from(width), f64::from(height));
        Self { width, height, left: (widest + 10.0).min(width * 0.45).round(), right, top: TOP, bottom: 28.0, x, y }
    }

    /// Width of the plot.
    pub(crate) fn across(&self) -> f64 {
        (self.width - self.left - self.right).max(1.0)
    }

    /// Height of the plot.
    pub(crate) fn down(&self) -> f64 {
        (self.height - self.top - self.bottom).max(1.0)
    }

    /// Pixel column of a value.
    pub(crate) fn px(&self, x: f64) -> f64 {
        self.left + share(x, self.x) * self.across()
    }

    /// Pixel row of a value.
    pub(crate) fn py(&self, y: f64) -> f64 {
        self.height - self.bottom - share(y, self.y) * self.down()
    }

    /// Lets plotters draw marks in this frame.
    pub(crate) fn marks(
        &self,
        elements: &mut Vec<SvgElement>,
        draw: impl FnOnce(&mut Chart<'_, '_>) -> Result<(), DrawingAreaErrorKind<Infallible>>,
    ) -> Result<(), Diagnostic> {
        let canvas = Canvas { elements, size: (self.width as u32, self.height as u32) };
        let area =
            canvas.into_drawing_area().margin(self.top as u32, self.bottom as u32, self.left as u32, self.right as u32);
        ChartBuilder::on(&area)
            .build_cartesian_2d(self.x.0..self.x.1, self.y.0..self.y.1)
            .and_then(|mut chart| draw(&mut chart))
            .map_err(|error| {
                Diagnostic::error_without_place("drawing-failed", format!("the chart could not be drawn: {error}"))
            })
    }

    /// Horizontal grid lines with their labels; the zero line is an axis.
    pub(crate) fn values_up(&self, elements: &mut Vec<SvgElement>, ticks: &[f64], label: impl Fn(f64) -> String) {
        for tick in ticks {
            let y = self.py(*tick).round();
            let class = if *tick == 0.0 { "axis" } else { "grid" };
            elements.push(line(class, (self.left, y), (self.width - self.right, y)));
            elements.push(text("", (self.left - 8.0, y + 4.0), "end", &label(*tick)));
        }
    }

    /// Vertical grid lines with their labels below.
    pub(crate) fn values_along(&self, elements: &mut Vec<SvgElement>, ticks: &[f64], label: impl Fn(f64) -> String) {
        for tick in ticks {
            let x = self.px(*tick).round();
            let class = if *tick == 0.0 { "axis" } else { "grid" };
            elements.push(line(class, (x, self.top), (x, self.height - self.bottom)));
            self.below(elements, x, &label(*tick));
        }
    }

    /// Labels below the plot with a small tick, those that would touch the one before left out.
    pub(crate) fn labels_below(&self, elements: &mut Vec<SvgElement>, labels: &[(f64, String)]) {
        let mut free_from = f64::NEG_INFINITY;
        for (x, label) in labels {
            let half = text_width(label) / 2.0;
            if x - half < free_from {
                continue;
            }
            let y = self.height - self.bottom;
            elements.push(line("tick", (x.round(), y), (x.round(), y + 4.0)));
            self.below(elements, *x, label);
            free_from = x + half + 8.0;
        }
    }

    /// A label below the plot, kept inside the drawing.
    fn below(&self, elements: &mut Vec<SvgElement>, x: f64, label: &str) {
        let half = text_width(label) / 2.0;
        let x = x.clamp(half.min(self.width / 2.0), (self.width - half).max(self.width / 2.0));
        elements.push(text("", (x, self.height - self.bottom + 18.0), "middle", label));
    }
}

/// How far a value lies between two others; half of the way where they are one.
fn share(value: f64, between: (f64, f64)) -> f64 {
    let share = (value - between.0) / (between.1 - between.0);
    if share.is_finite() { share } else { 0.5 }
}

/// A straight line of an axis or grid.
pub(crate) fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> SvgElement {
    element(
        "line",
        vec![
            ("class", class.to_owned()),
            ("x1", pixels(from.0)),
            ("y1", pixels(from.1)),
            ("x2", pixels(to.0)),
            ("y2", pixels(to.1)),
        ],
        None,
    )
}

/// A label; `class` may be empty.
pub(crate) fn text(class: &str, at: (f64, f64), anchor: &str, words: &str) -> SvgElement {
    let mut attributes = vec![("x", pixels(at.0)), ("y", pixels(at.1)), ("text-anchor", anchor.to_owned())];
    if !class.is_empty() {
        attributes.push(("class", class.to_owned()));
    }
    element("text", attributes, Some(words.to_owned()))
}

/// A coordinate with at most one decimal.
pub(crate) fn pixels(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}

/// The height of a drawing of this width when the spec says none.
pub(crate) fn height(spec: Option<u32>, width: u32) -> u32 {
    spec.unwrap_or(if width < 480 { 240 } else { 300 })
}

/// Round ticks of a vertical axis for values between these; `zero` keeps zero in sight.
pub(crate) fn up_ticks(low: f64, high: f64, zero: bool) -> Vec<f64> {
    let (low, high) = if zero { (low.min(0.0), high.max(0.0)) } else { (low, high) };
    let (low, high) = if low == 0.0 && high == 0.0 { (0.0, 1.0) } else { (low, high) };
    scale::ticks(low, high, 5)
}
