//! Lines and areas. Long lines are reduced to the first, last, lowest and highest value of each pixel column (M4), which draws
//! the same pixels as all of them. Source: Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014.

use almanac_model::chart::{ChartSpec, Mark};
use almanac_model::data::Table;
use almanac_model::view::{PointView, SvgElement};
use almanac_model::{Diagnostic, Type};
use plotters::prelude::*;

use crate::canvas::{Role, colour};
use crate::frame::{Frame, height, shortened, text, text_width, up_ticks};
use crate::read::{Field, field, series};
use crate::{Drawn, scale, words};

/// Most points that can be visited, over all series.
const MAX_POINTS: usize = 2000;

/// A point of a line: place, value (`None` is a gap) and row.
type Point = (f64, Option<f64>, usize);

/// Draws lines or areas over numbers, dates or, in their order, categories.
pub(crate) fn draw(spec: &ChartSpec, table: &Table, width: u32) -> Result<Drawn, Diagnostic> {
    let x = field(table, spec.x.as_ref(), "x")?;
    let y = field(table, spec.y.as_ref(), "y")?;
    y.must_be_numeric("y")?;
    let parted = series(spec, table, |row| y.number(row).unwrap_or(0.0))?;
    let categories = !(x.column.ty.is_numeric() || x.column.ty.is_temporal());
    let places = if categories { Some(category_places(&x, table.rows)) } else { None };
    let place = |row: usize| match &places {
        Some((places, _)) => Some(places[row] as f64),
        None => x.number(row),
    };
    let mut lines: Vec<Vec<Point>> = parted
        .rows
        .iter()
        .map(|rows| {
            let mut line: Vec<Point> =
                rows.iter().filter_map(|row| Some((place(*row)?, y.number(*row), *row))).collect();
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
            line
        })
        .collect();
    let stacked = spec.mark == Mark::Area && spec.stack && lines.len() > 1;
    let base = if stacked { stack(&mut lines) } else { vec![Vec::new(); lines.len()] };
    let known = || lines.iter().flatten().filter_map(|(x, y, _)| Some((*x, (*y)?)));
    if known().next().is_none() {
        return Ok(Drawn { height: 80, summary: words::nothing(table.rows), ..Drawn::default() });
    }
    let range = |pick: fn((f64, f64)) -> f64| {
        known()
            .map(pick)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let (x_low, x_high) = range(|(x, _)| x);
    let across = scale::apart(x_low, x_high);
    let (low, high) = range(|(_, y)| y);
    // A line far from zero may leave it out; an area is read by its size.
    let zero = spec.mark == Mark::Area || low <= 0.0 || (high - low) > high * 0.5;
    let ups = up_ticks(low, high, zero);
    let label = |tick: f64| y.tick(tick, scale::step_of(&ups));
    let labels: Vec<String> = ups.iter().map(|tick| label(*tick)).collect();
    let widest = parted.names.iter().map(|name| text_width(&shortened(name, 18))).fold(0.0, f64::max);
    let labelled = parted.names.len() > 1 && width >= 480;
    let right = if labelled { widest + 12.0 } else { 12.0 };
    let frame = Frame::new(width, height(spec.height, width), &labels, right, across, (ups[0], ups[ups.len() - 1]));

    let mut drawn = Drawn { height: frame.height as u32, labelled, ..Drawn::default() };
    frame.values_up(&mut drawn.elements, &ups, label);
    bottom_labels(&frame, &mut drawn.elements, &x, places.as_ref().map(|(_, names)| names.as_slice()));
    let columns = frame.across();
    for (at, line) in lines.iter().enumerate() {
        for part in segments(line) {
            let reduced = m4(&part, |x| frame.px(x).floor() as i64, columns as usize);
            let floor = |x: f64| {
                base[at].iter().find(|(bx, _)| *bx == x).map_or(0.0_f64.clamp(frame.y.0, frame.y.1), |(_, y)| *y)
            };
            let fill = (spec.mark == Mark::Area).then(|| {
                let down = reduced.iter().rev().map(|(x, _)| (*x, floor(*x)));
                Polygon::new(reduced.iter().copied().chain(down).collect::<Vec<_>>(), colour(at, Role::Area).filled())
            });
            frame.marks(&mut drawn.elements, |chart| {
                if let Some(fill) = fill {
                    chart.draw_series(std::iter::once(fill))?;
                }
                if let [(x, y)] = reduced[..] {
                    chart.draw_series(std::iter::once(Circle::new((x, y), 3, colour(at, Role::Mark).filled())))?;
                } else {
                    chart.draw_series(LineSeries::new(
                        reduced.iter().copied(),
                        colour(at, Role::Mark).stroke_width(2),
                    ))?;
                }
                Ok(())
            })?;
        }
    }
    if labelled {
        end_labels(&frame, &mut drawn.elements, &lines, &parted.names);
    }
    drawn.points = visits(&frame, &lines, &parted.names, &x, &y);
    drawn.summary = summary(&lines, &parted.names, &x, &y);
    drawn.notes.extend(words::left_out(parted.left_out));
    drawn.series = parted.names;
    Ok(drawn)
}

/// Index of each row's category in order of first appearance, and the names.
fn category_places(x: &Field<'_>, rows: usize) -> (Vec<usize>, Vec<String>) {
    let mut seen = std::collections::BTreeMap::new();
    let mut names = Vec::new();
    let places = (0..rows)
        .map(|row| {
            let name = x.label(row);
            *seen.entry(name.clone()).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            })
        })
        .collect();
    (places, names)
}

/// Puts each line on top of those before it, at the same places; returns the lower edges.
fn stack(lines: &mut [Vec<Point>]) -> Vec<Vec<(f64, f64)>> {
    let mut tops: std::collections::BTreeMap<u64, f64> = std::collections::BTreeMap::new();
    lines
        .iter_mut()
        .map(|line| {
            line.iter_mut()
                .map(|(x, y, _)| {
                    let top = tops.entry(x.to_bits()).or_insert(0.0);
                    let lower = *top;
                    *top += y.unwrap_or(0.0);
                    *y = Some(*top);
                    (*x, lower)
                })
                .collect()
        })
        .collect()
}

/// The parts of a line between its gaps.
fn segments(line: &[Point]) -> Vec<Vec<(f64, f64)>> {
    line.split(|(_, y, _)| y.is_none())
        .map(|part| part.iter().filter_map(|(x, y, _)| Some((*x, (*y)?))).collect::<Vec<_>>())
        .filter(|part| !part.is_empty())
        .collect()
}

/// First, lowest, highest and last point of each pixel column; lines with few points stay whole.
pub(crate) fn m4(points: &[(f64, f64)], column: impl Fn(f64) -> i64, columns: usize) -> Vec<(f64, f64)> {
    if points.len() <= 4 * columns.max(1) {
        return points.to_vec();
    }
    let mut out = Vec::new();
    for group in points.chunk_by(|a, b| column(a.0) == column(b.0)) {
        let by = |pick: fn(f64, f64) -> bool| {
            (1..group.len()).fold(0, |best, at| if pick(group[at].1, group[best].1) { at } else { best })
        };
        let mut kept = vec![0, by(|a, b| a < b), by(|a, b| a > b), group.len() - 1];
        kept.sort_unstable();
        kept.dedup();
        out.extend(kept.into_iter().map(|at| group[at]));
    }
    out
}

fn bottom_labels(frame: &Frame, elements: &mut Vec<SvgElement>, x: &Field<'_>, names: Option<&[String]>) {
    let most = (frame.across() / 76.0).max(2.0) as usize;
    let labels: Vec<(f64, String)> = match names {
        Some(names) => {
            let step = names.len().div_ceil(most).max(1);
            names
                .iter()
                .enumerate()
                .step_by(step)
                .map(|(at, name)| (frame.px(at as f64), shortened(name, 14)))
                .collect()
        }
        None if x.column.ty == Type::Date || x.column.ty == Type::Timestamp => {
            let ticks = scale::moment_ticks(frame.x.0, frame.x.1, most, x.column.ty == Type::Timestamp);
            ticks.iter().map(|tick| frame.px(*tick)).zip(x.moments(&ticks)).collect()
        }
        None => {
            let ticks = scale::ticks(frame.x.0, frame.x.1, most);
            let step = scale::step_of(&ticks);
            ticks
                .into_iter()
                .filter(|tick| *tick >= frame.x.0 && *tick <= frame.x.1)
                .map(|tick| (frame.px(tick), x.tick(tick, step)))
                .collect()
        }
    };
    frame.labels_below(elements, &labels);
}

/// Names at the ends of the lines, moved apart where they would overlap.
fn end_labels(frame: &Frame, elements: &mut Vec<SvgElement>, lines: &[Vec<Point>], names: &[String]) {
    let mut ends: Vec<(f64, usize)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| line.iter().rev().find_map(|(_, y, _)| *y).map(|y| (frame.py(y), at)))
        .collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free_from = f64::NEG_INFINITY;
    for (y, _) in &mut ends {
        *y = y.max(free_from);
        free_from = *y + 14.0;
    }
    // Those pushed out at the bottom go up again, and push what is in their way.
    let mut lowest = frame.height - frame.bottom;
    for (y, _) in ends.iter_mut().rev() {
        *y = y.min(lowest);
        lowest = *y - 14.0;
    }
    for (y, at) in ends {
        let x = frame.width - frame.right + 8.0;
        elements.push(text("strong", (x, y + 4.0), "start", &shortened(&names[at], 18)));
        elements.push(crate::canvas::element(
            "rect",
            vec![
                ("class", crate::class(at)),
                ("x", crate::frame::pixels(x - 6.0)),
                ("y", crate::frame::pixels(y - 4.0)),
                ("width", "3".into()),
                ("height", "8".into()),
            ],
            None,
        ));
    }
}

fn visits(frame: &Frame, lines: &[Vec<Point>], names: &[String], x: &Field<'_>, y: &Field<'_>) -> Vec<PointView> {
    let count: usize = lines.iter().map(Vec::len).sum();
    let step = count.div_ceil(MAX_POINTS).max(1);
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (px, py, row) in line.iter().step_by(step) {
            let Some(py) = py else { continue };
            let mut lines = Vec::new();
            if !names[at].is_empty() {
                lines.push(names[at].clone());
            }
            lines.push(x.exact(*row));
            lines.push(format!("{} {}", y.title, y.exact(*row)));
            out.push(PointView { x: frame.px(*px) as f32, y: frame.py(*py) as f32, series: at as u32, lines });
        }
    }
    out
}

fn summary(lines: &[Vec<Point>], names: &[String], x: &Field<'_>, y: &Field<'_>) -> String {
    let sentence = |at: usize| {
        let points: Vec<(String, f64)> =
            lines[at].iter().filter_map(|(_, _, row)| Some((x.label(*row), y.number(*row)?))).collect();
        let name = if names[at].is_empty() { capital(&y.title) } else { names[at].clone() };
        words::course(&name, &points, y.measure(x, &|value| y.say(value)))
    };
    let said = (0..lines.len()).take(2).map(sentence).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    if lines.len() > 2 { format!("{} series. {said}", lines.len()) } else { said }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The four values of each pixel column, computed by definition.
    #[test]
    fn m4_keeps_the_extremes_and_ends_of_each_column() {
        let points: Vec<(f64, f64)> =
            (0..10_000_u64).map(|at| (at as f64, ((at.wrapping_mul(2_654_435_761)) % 1009) as f64)).collect();
        let column = |x: f64| (x / 100.0) as i64;
        let reduced = m4(&points, column, 100);
        assert!(reduced.len() <= 400);
        for bucket in 0..100 {
            let of = |all: &[(f64, f64)]| all.iter().filter(|p| column(p.0) == bucket).copied().collect::<Vec<_>>();
            let (all, kept) = (of(&points), of(&reduced));
            let extreme = |set: &[(f64, f64)]| {
                let ys = set.iter().map(|p| p.1);
                (ys.clone().fold(f64::INFINITY, f64::min), ys.fold(f64::NEG_INFINITY, f64::max))
            };
            assert_eq!(extreme(&all), extreme(&kept));
            assert_eq!((all[0], all[all.len() - 1]), (kept[0], kept[kept.len() - 1]));
        }
    }

    #[test]
    fn gaps_part_a_line() {
        let line = [(0.0, Some(1.0), 0), (1.0, None, 1), (2.0, Some(2.0), 2), (3.0, Some(3.0), 3)];
        assert_eq!(segments(&line), vec![vec![(0.0, 1.0)], vec![(2.0, 2.0), (3.0, 3.0)]]);
    }
}
