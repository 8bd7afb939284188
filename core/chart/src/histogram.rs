//! Counts of rows per bin of one measure.

use almanac_model::chart::{ChartSpec, Mark};
use almanac_model::data::Table;
use almanac_model::format::plural;
use almanac_model::view::PointView;
use almanac_model::{Diagnostic, Type};
use plotters::prelude::*;

use crate::canvas::{Role, colour};
use crate::frame::{Frame, height, up_ticks};
use crate::read::field;
use crate::scale::nice_step;
use crate::{Drawn, words};

/// Most bins when the spec names no number.
const MAX_BINS: u32 = 40;

/// Bins of equal, round width: each from its start up to but not including the next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bins {
    pub(crate) start: f64,
    pub(crate) width: f64,
    pub(crate) counts: Vec<u64>,
}

/// Bins for values: as wide as Freedman and Diaconis say (2 × IQR × n^(-1/3); Z. Wahrscheinlichkeitstheorie 57, 1981), rounded
/// up to 1, 2 or 5 times a power of ten, and no more of them than `most`, but for one more when they begin below zero. Whole numbers
/// get bins of whole numbers.
pub(crate) fn bins(values: &mut [f64], most: u32, whole: bool) -> Bins {
    values.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (values.first(), values.last()) else {
        return Bins { start: 0.0, width: 1.0, counts: Vec::new() };
    };
    let quantile = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    let spread = quantile(0.75) - quantile(0.25);
    let advised = 2.0 * spread / (values.len() as f64).cbrt();
    let most = most.clamp(1, 200);
    let span = high - low;
    let wanted = if advised > 0.0 { ((span / advised).ceil() as u32).clamp(1, most) } else { most.min(10) };
    let mut width = nice_step(span, wanted as usize);
    if whole {
        width = width.max(1.0);
    }
    // Where numbers are so large that the next one is further away, a narrow bin would begin where it ends.
    width = width.max(low.abs().max(high.abs()) * 1e-12);
    let laid = |width: f64| {
        let start = (low / width).floor() * width;
        (start, ((high - start) / width).floor() as usize + 1)
    };
    let allowed = most as usize + usize::from(low < 0.0);
    let (mut start, mut count) = laid(width);
    while count > allowed {
        width = nice_step(width * 1.5, 1);
        (start, count) = laid(width);
    }
    let mut counts = vec![0; count];
    for value in values.iter() {
        counts[(((value - start) / width).floor() as usize).min(count - 1)] += 1;
    }
    Bins { start, width, counts }
}

/// Draws the histogram of `x`.
pub(crate) fn draw(spec: &ChartSpec, table: &Table, width: u32) -> Result<Drawn, Diagnostic> {
    debug_assert_eq!(spec.mark, Mark::Histogram);
    let x = field(table, spec.x.as_ref(), "x")?;
    x.must_be_numeric("x")?;
    let mut values: Vec<f64> = (0..table.rows).filter_map(|row| x.number(row)).collect();
    if values.is_empty() {
        return Ok(Drawn { height: 80, summary: words::nothing(table.rows), ..Drawn::default() });
    }
    let missing = table.rows - values.len();
    let whole = matches!(x.column.ty, Type::Integer | Type::BigInt);
    let bins = bins(&mut values, spec.bins.unwrap_or(MAX_BINS), whole);
    let high = bins.counts.iter().copied().max().unwrap_or(1) as f64;
    let ups = up_ticks(0.0, high, true);
    let labels: Vec<String> = ups.iter().map(|tick| count_label(*tick)).collect();
    let end = bins.start + bins.width * bins.counts.len() as f64;
    let frame =
        Frame::new(width, height(spec.height, width), &labels, 16.0, (bins.start, end), (0.0, ups[ups.len() - 1]));
    let mut drawn = Drawn { height: frame.height as u32, ..Drawn::default() };
    frame.values_up(&mut drawn.elements, &ups, count_label);
    let edge = |at: usize| bins.start + bins.width * at as f64;
    let most = (frame.across() / 64.0).max(2.0) as usize;
    let step = bins.counts.len().div_ceil(most).max(1);
    let edges: Vec<(f64, String)> =
        (0..=bins.counts.len()).step_by(step).map(|at| (frame.px(edge(at)), x.tick(edge(at), bins.width))).collect();
    frame.labels_below(&mut drawn.elements, &edges);
    let wide = frame.across() / bins.counts.len() as f64 > 3.0;
    frame.marks(&mut drawn.elements, |chart| {
        let bars = bins.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(at, count)| {
            let mut bar =
                Rectangle::new([(edge(at), 0.0), (edge(at + 1), *count as f64)], colour(0, Role::Mark).filled());
            // One pixel of air between neighbours.
            bar.set_margin(0, 0, 0, u32::from(wide));
            bar
        });
        chart.draw_series(bars).map(|_| ())
    })?;
    let span = |at: usize| format!("{} to {}", x.tick(edge(at), bins.width), x.tick(edge(at + 1), bins.width));
    for (at, count) in bins.counts.iter().enumerate() {
        drawn.points.push(PointView {
            x: frame.px(edge(at) + bins.width / 2.0) as f32,
            y: frame.py(*count as f64) as f32,
            series: 0,
            lines: vec![format!("{} {}", x.title, span(at)), plural(*count as i64, "row", "rows")],
        });
    }
    let fullest =
        (1..bins.counts.len()).fold(0, |best, at| if bins.counts[at] > bins.counts[best] { at } else { best });
    drawn.summary = format!(
        "{} between {} and {}; half of them between {} and {}. Most, {}, lie in {}.",
        plural(values.len() as i64, "value", "values"),
        x.say(values[0]),
        x.say(values[values.len() - 1]),
        x.say(values[(values.len() - 1) / 4]),
        x.say(values[(values.len() - 1) * 3 / 4]),
        almanac_model::format::format_value(
            &almanac_model::Value::Double(bins.counts[fullest] as f64 / values.len() as f64),
            Some("pct1")
        ),
        span(fullest)
    );
    if missing > 0 {
        drawn.notes.push(format!("{} without a value", plural(missing as i64, "row", "rows")));
    }
    Ok(drawn)
}

fn count_label(count: f64) -> String {
    let tag = if count >= 1e6 {
        "num1m"
    } else if count >= 1e4 {
        "num0k"
    } else {
        "num0"
    };
    almanac_model::format::format_value(&almanac_model::Value::Double(count), Some(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: quartiles 2 and 19, advised width 2 × 17 / 7^(1/3) = 17.8, so two bins of 9.5, rounded up to 10.
    #[test]
    fn bins_are_round_and_half_open() {
        let mut values = vec![1.0, 2.0, 2.0, 3.0, 10.0, 19.0, 20.0];
        let found = bins(&mut values, 4, true);
        assert_eq!(found, Bins { start: 0.0, width: 10.0, counts: vec![4, 2, 1] });
        assert_eq!(found.counts.iter().sum::<u64>(), 7);
    }

    #[test]
    fn no_more_bins_than_asked_for() {
        let mut values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(bins(&mut values, 1, true), Bins { start: 0.0, width: 50.0, counts: vec![20] });
        let mut around_zero = vec![-3.0, -1.0, 2.0, 3.0];
        assert_eq!(bins(&mut around_zero, 1, true), Bins { start: -10.0, width: 10.0, counts: vec![2, 2] });
    }

    #[test]
    fn bins_of_large_numbers_have_a_width() {
        let two_to_53 = 9_007_199_254_740_992.0;
        let found = bins(&mut [two_to_53], 40, true);
        assert!(found.counts == [1] && found.start + found.width > two_to_53, "{found:?}");
        assert!(bins(&mut [-1e300, 1e300], 40, false).counts.len() <= 41);
    }

    #[test]
    fn one_value_is_one_bin() {
        assert_eq!(bins(&mut [3.0, 3.0], 40, true), Bins { start: 3.0, width: 1.0, counts: vec![2] });
        assert_eq!(bins(&mut [], 40, true).counts.len(), 0);
    }
}
