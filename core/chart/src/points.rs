//! Dots: one a row, or their density where there are too many to tell apart.

use almanac_model::chart::ChartSpec;
use almanac_model::data::Table;
use almanac_model::format::plural;
use almanac_model::view::PointView;
use almanac_model::{Diagnostic, Type};
use plotters::prelude::*;

use crate::canvas::{Role, colour};
use crate::frame::{Frame, height};
use crate::read::{Field, field, series};
use crate::{Drawn, density, scale, words};

/// Most dots drawn one by one.
const MAX_DOTS: usize = 2000;

/// Draws `y` over `x`, both numbers or dates.
pub(crate) fn draw(spec: &ChartSpec, table: &Table, width: u32) -> Result<Drawn, Diagnostic> {
    let x = field(table, spec.x.as_ref(), "x")?;
    let y = field(table, spec.y.as_ref(), "y")?;
    y.must_be_numeric("y")?;
    if !x.column.ty.is_temporal() {
        x.must_be_numeric("x")?;
    }
    let parted = series(spec, table, |_| 1.0)?;
    let places = |rows: &[usize]| -> Vec<(f64, f64, usize)> {
        rows.iter().filter_map(|row| Some((x.number(*row)?, y.number(*row)?, *row))).collect()
    };
    let dots: Vec<Vec<(f64, f64, usize)>> = parted.rows.iter().map(|rows| places(rows)).collect();
    let count: usize = dots.iter().map(Vec::len).sum();
    if count == 0 {
        return Ok(Drawn { height: 80, summary: words::nothing(table.rows), ..Drawn::default() });
    }
    let range = |pick: fn(&(f64, f64, usize)) -> f64| {
        dots.iter()
            .flatten()
            .map(pick)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let ((x_low, x_high), (y_low, y_high)) = (range(|dot| dot.0), range(|dot| dot.1));
    let ups = scale::ticks(y_low, y_high, 5);
    let label = |tick: f64| y.tick(tick, scale::step_of(&ups));
    let labels: Vec<String> = ups.iter().map(|tick| label(*tick)).collect();
    let most = (f64::from(width) / 90.0).max(2.0) as usize;
    let temporal = x.column.ty.is_temporal();
    let along: Vec<f64> = if temporal {
        scale::moment_ticks(x_low, x_high, most, x.column.ty == Type::Timestamp)
    } else {
        scale::ticks(x_low, x_high, most)
    };
    let bounds = if temporal { scale::apart(x_low, x_high) } else { (along[0], along[along.len() - 1]) };
    let frame = Frame::new(width, height(spec.height, width), &labels, 16.0, bounds, (ups[0], ups[ups.len() - 1]));
    let mut drawn = Drawn { height: frame.height as u32, ..Drawn::default() };
    frame.values_up(&mut drawn.elements, &ups, label);
    let named = if temporal {
        x.moments(&along)
    } else {
        along.iter().map(|tick| x.tick(*tick, scale::step_of(&along))).collect()
    };
    let named: Vec<(f64, String)> = along.iter().map(|tick| frame.px(*tick)).zip(named).collect();
    frame.labels_below(&mut drawn.elements, &named);

    if count > MAX_DOTS {
        let all: Vec<(f64, f64)> = dots.iter().flatten().map(|(x, y, _)| (frame.px(*x), frame.py(*y))).collect();
        density::draw(&frame, &all, &mut drawn);
        drawn.notes.push(format!("showing the density of {}", plural(count as i64, "point", "points")));
    } else {
        for (at, dots) in dots.iter().enumerate() {
            frame.marks(&mut drawn.elements, |chart| {
                let style = colour(at, Role::Mark).filled();
                chart.draw_series(dots.iter().map(|(x, y, _)| Circle::new((*x, *y), 3, style))).map(|_| ())
            })?;
            for (px, py, row) in dots {
                drawn.points.push(visit(&frame, (*px, *py), at, &parted.names[at], (&x, &y), *row));
            }
        }
        drawn.series.clone_from(&parted.names);
    }
    drawn.points.sort_by(|a, b| a.series.cmp(&b.series).then(a.x.total_cmp(&b.x)));
    let place = |at: f64| if temporal { x.day(at.floor() as i64, false) } else { x.say(at) };
    drawn.summary = format!(
        "{}: {} from {} to {}, {} from {} to {}.{}",
        plural(count as i64, "point", "points"),
        x.title,
        place(x_low),
        place(x_high),
        y.title,
        y.say(y_low),
        y.say(y_high),
        correlation(&dots).map(|r| format!(" Correlation {r:.2}.").replace('-', "\u{2212}")).unwrap_or_default()
    );
    drawn.notes.extend(words::left_out(parted.left_out));
    Ok(drawn)
}

fn visit(
    frame: &Frame,
    at: (f64, f64),
    series: usize,
    name: &str,
    fields: (&Field<'_>, &Field<'_>),
    row: usize,
) -> PointView {
    let (x, y) = fields;
    let mut lines = Vec::new();
    if !name.is_empty() {
        lines.push(name.to_owned());
    }
    lines.push(format!("{} {}", x.title, x.exact(row)));
    lines.push(format!("{} {}", y.title, y.exact(row)));
    PointView { x: frame.px(at.0) as f32, y: frame.py(at.1) as f32, series: series as u32, lines }
}

/// Pearson's correlation over all dots; `None` where one side does not vary.
fn correlation(dots: &[Vec<(f64, f64, usize)>]) -> Option<f64> {
    let n = dots.iter().map(Vec::len).sum::<usize>() as f64;
    let mean = |pick: fn(&(f64, f64, usize)) -> f64| dots.iter().flatten().map(pick).sum::<f64>() / n;
    let (mx, my) = (mean(|dot| dot.0), mean(|dot| dot.1));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y, _) in dots.iter().flatten() {
        let (dx, dy) = (x - mx, y - my);
        xy += dx * dy;
        xx += dx * dx;
        yy += dy * dy;
    }
    let below = (xx * yy).sqrt();
    (below > 0.0 && n > 2.0).then(|| xy / below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_pearsons() {
        // Hand calculation: x = 1..4, y = 2, 4, 5, 9: r = 11 / sqrt(5 * 26).
        let dots = vec![vec![(1.0, 2.0, 0), (2.0, 4.0, 1), (3.0, 5.0, 2), (4.0, 9.0, 3)]];
        assert!((correlation(&dots).expect("varies") - 11.0 / 130.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(correlation(&[vec![(1.0, 2.0, 0), (1.0, 3.0, 1), (1.0, 4.0, 2)]]), None);
    }
}
