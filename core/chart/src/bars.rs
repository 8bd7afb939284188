//! Bars from zero: upright or lying, side by side or stacked.

use almanac_model::chart::ChartSpec;
use almanac_model::data::Table;
use almanac_model::format::plural;
use almanac_model::view::{PointView, SvgElement};
use almanac_model::{Diagnostic, Type, Value};
use plotters::prelude::*;

use crate::canvas::{Role, colour};
use crate::frame::{Frame, height, shortened, text_width, up_ticks};
use crate::read::{Field, field, series};
use crate::scale::step_of;
use crate::{Drawn, words};

/// Most categories; more would be thinner than a pixel and its gap.
const MAX_CATEGORIES: usize = 200;
/// Most categories that are turned to lie down when their names do not fit.
const MAX_LYING: usize = 30;
/// Share of a category's room that its bars fill.
const FILLED: f64 = 0.76;

/// One bar.
struct Bar {
    category: usize,
    series: usize,
    /// What it shows. Its ends are sums of this and what lies below, which need not differ by it to the last digit.
    value: f64,
    from: f64,
    to: f64,
    row: usize,
}

/// Draws bars of `y` for each value of `x`; rows of one category and series are added up.
pub(crate) fn draw(spec: &ChartSpec, table: &Table, width: u32) -> Result<Drawn, Diagnostic> {
    let (mut x, mut y) = (field(table, spec.x.as_ref(), "x")?, field(table, spec.y.as_ref(), "y")?);
    // `horizontal` says how bars lie; a spec may also simply put the measure on x.
    let mut lying = spec.horizontal;
    if !y.column.ty.is_numeric() && x.column.ty.is_numeric() {
        std::mem::swap(&mut x, &mut y);
        lying = true;
    }
    y.must_be_numeric("y")?;
    let parted = series(spec, table, |row| y.number(row).unwrap_or(0.0))?;
    let (mut names, mut of_row) = categories(&x, table);
    let mut drawn = Drawn::default();
    if names.len() > MAX_CATEGORIES {
        drawn.notes.push(format!(
            "showing the first {MAX_CATEGORIES} of {}",
            plural(names.len() as i64, "category", "categories")
        ));
        names.truncate(MAX_CATEGORIES);
        for category in &mut of_row {
            *category = category.filter(|at| *at < MAX_CATEGORIES);
        }
    }
    let stacked = spec.stack && parted.names.len() > 1;
    let bars = bars(&parted.rows, &of_row, &y, names.len(), stacked);
    if bars.is_empty() {
        return Ok(Drawn { height: 80, summary: words::nothing(table.rows), ..drawn });
    }
    let low = bars.iter().map(|bar| bar.to.min(bar.from)).fold(0.0, f64::min);
    let high = bars.iter().map(|bar| bar.to.max(bar.from)).fold(0.0, f64::max);
    let widest = names.iter().map(|name| text_width(&shortened(name, 22))).fold(0.0, f64::max);
    let room = f64::from(width) * 0.9 / names.len().max(1) as f64;
    let ordered = x.column.ty.is_temporal() || x.column.ty.is_numeric();
    lying |= !ordered && names.len() <= MAX_LYING && widest + 4.0 > room;

    let groups = if stacked { 1 } else { parted.names.len() };
    let frame = if lying {
        lay(&mut drawn.elements, spec, width, &names, &y, (low, high), groups)
    } else {
        stand(&mut drawn.elements, spec, width, &names, &y, (low, high))
    };
    let place = |bar: &Bar| {
        let slot = FILLED / groups as f64;
        let start = bar.category as f64 + (1.0 - FILLED) / 2.0 + if stacked { 0.0 } else { bar.series as f64 * slot };
        let (from, to) =
            if lying { (names.len() as f64 - start - slot, names.len() as f64 - start) } else { (start, start + slot) };
        (from, to)
    };
    // One pixel of air between bars that touch, where they are wide enough to spare it.
    let slot_pixels = (if lying { frame.down() } else { frame.across() }) / names.len() as f64 * FILLED / groups as f64;
    let air = u32::from(slot_pixels > 3.0 && groups > 1 && !lying);
    for bar in &bars {
        let (from, to) = place(bar);
        let corners = if lying { [(bar.from, from), (bar.to, to)] } else { [(from, bar.from), (to, bar.to)] };
        frame.marks(&mut drawn.elements, |chart| {
            let mut shape = Rectangle::new(corners, colour(bar.series, Role::Mark).filled());
            shape.set_margin(0, 0, 0, air);
            chart.draw_series(std::iter::once(shape)).map(|_| ())
        })?;
        let middle = (from + to) / 2.0;
        let (px, py) = if lying { (frame.px(bar.to), frame.py(middle)) } else { (frame.px(middle), frame.py(bar.to)) };
        let mut lines = Vec::new();
        if !parted.names[bar.series].is_empty() {
            lines.push(parted.names[bar.series].clone());
        }
        lines.push(names[bar.category].clone());
        lines.push(format!("{} {}", y.title, said(&y, bar)));
        drawn.points.push(PointView { x: px as f32, y: py as f32, series: bar.series as u32, lines });
    }
    drawn.height = frame.height as u32;
    // What is not drawn is not in the sum, which is then no total.
    let complete = drawn.notes.is_empty() && parted.left_out == 0;
    drawn.summary = summary(&names, &bars, &parted.names, (&x, &y), (ordered, complete));
    drawn.notes.extend(words::left_out(parted.left_out));
    drawn.series = parted.names;
    Ok(drawn)
}

/// A bar's exact value: its row's when it is of one row, else the sum.
fn said(y: &Field<'_>, bar: &Bar) -> String {
    if y.number(bar.row) == Some(bar.value) {
        y.exact(bar.row)
    } else {
        almanac_model::format::exact(&Value::Double(bar.value))
    }
}

/// Category names in order (dates and numbers by value, others by first appearance) and each row's category.
fn categories(x: &Field<'_>, table: &Table) -> (Vec<String>, Vec<Option<usize>>) {
    let ordered = x.column.ty.is_temporal() || x.column.ty.is_numeric();
    let mut rows: Vec<usize> = (0..table.rows).collect();
    if ordered {
        rows.sort_by(|a, b| x.number(*a).unwrap_or(f64::INFINITY).total_cmp(&x.number(*b).unwrap_or(f64::INFINITY)));
    }
    let whole_months = x.column.ty == Type::Date
        && (0..table.rows).all(|row| {
            x.number(row).is_none_or(|day| almanac_model::format::civil_from_days(day.floor() as i64).2 == 1)
        });
    let name = |row: usize| match x.column.values.get(row) {
        value @ Value::Date(_) if x.format.is_none() && whole_months => {
            almanac_model::format::format_value(&value, Some("mmm-yy"))
        }
        _ => x.label(row),
    };
    let mut seen = std::collections::BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut of_row = vec![None; table.rows];
    for row in rows {
        let name = name(row);
        let at = *seen.entry(name.clone()).or_insert_with(|| {
            names.push(name);
            names.len() - 1
        });
        of_row[row] = Some(at);
    }
    (names, of_row)
}

fn bars(series: &[Vec<usize>], of_row: &[Option<usize>], y: &Field<'_>, categories: usize, stacked: bool) -> Vec<Bar> {
    let (mut up, mut down) = (vec![0.0; categories], vec![0.0; categories]);
    let mut out = Vec::new();
    for (at, rows) in series.iter().enumerate() {
        let mut sums: Vec<Option<(f64, usize)>> = vec![None; categories];
        for row in rows {
            if let (Some(category), Some(value)) = (of_row[*row], y.number(*row)) {
                let sum = sums[category].get_or_insert((0.0, *row));
                sum.0 += value;
            }
        }
        for (category, sum) in sums.into_iter().enumerate() {
            let Some((value, row)) = sum else { continue };
            let from = match (stacked, value < 0.0) {
                (false, _) => 0.0,
                (true, false) => up[category],
                (true, true) => down[category],
            };
            if value < 0.0 {
                down[category] = from + value;
            } else {
                up[category] = from + value;
            }
            out.push(Bar { category, series: at, value, from, to: from + value, row });
        }
    }
    out
}

fn stand(
    elements: &mut Vec<SvgElement>,
    spec: &ChartSpec,
    width: u32,
    names: &[String],
    y: &Field<'_>,
    range: (f64, f64),
) -> Frame {
    let ups = up_ticks(range.0, range.1, true);
    let label = |tick: f64| y.tick(tick, step_of(&ups));
    let labels: Vec<String> = ups.iter().map(|tick| label(*tick)).collect();
    let across = (0.0, names.len() as f64);
    let frame = Frame::new(width, height(spec.height, width), &labels, 12.0, across, (ups[0], ups[ups.len() - 1]));
    frame.values_up(elements, &ups, label);
    let widest = names.iter().map(|name| text_width(&shortened(name, 14))).fold(0.0, f64::max);
    let most = (frame.across() / (widest + 10.0)).max(1.0) as usize;
    let step = names.len().div_ceil(most).max(1);
    let labels: Vec<(f64, String)> = names
        .iter()
        .enumerate()
        .step_by(step)
        .map(|(at, name)| (frame.px(at as f64 + 0.5), shortened(name, 14)))
        .collect();
    frame.labels_below(elements, &labels);
    frame
}

fn lay(
    elements: &mut Vec<SvgElement>,
    spec: &ChartSpec,
    width: u32,
    names: &[String],
    y: &Field<'_>,
    range: (f64, f64),
    groups: usize,
) -> Frame {
    let ticks = up_ticks(range.0, range.1, true);
    let shown: Vec<String> = names.iter().map(|name| shortened(name, 22)).collect();
    let row = if groups > 1 { 12 * groups as u32 + 12 } else { 26 };
    let tall = spec.height.unwrap_or((names.len() as u32 * row).clamp(60, 2400) + 44);
    let frame = Frame::new(width, tall, &shown, 16.0, (ticks[0], ticks[ticks.len() - 1]), (0.0, names.len() as f64));
    // On a narrow page every second value keeps its label.
    let step = if frame.across() / (ticks.len() as f64) < 56.0 { 2 } else { 1 };
    let kept: Vec<f64> = ticks.iter().copied().step_by(step).collect();
    frame.values_along(elements, &kept, |tick| y.tick(tick, step_of(&kept)));
    let every = (14.0 / (frame.down() / names.len() as f64)).ceil().max(1.0) as usize;
    for (at, name) in shown.iter().enumerate().step_by(every) {
        let middle = frame.py(names.len() as f64 - at as f64 - 0.5);
        elements.push(crate::frame::text("strong", (frame.left - 8.0, middle + 4.0), "end", name));
    }
    frame
}

fn summary(
    names: &[String],
    bars: &[Bar],
    series: &[String],
    (x, y): (&Field<'_>, &Field<'_>),
    (ordered, complete): (bool, bool),
) -> String {
    let mut totals = vec![0.0; names.len()];
    for bar in bars {
        totals[bar.category] += bar.value;
    }
    let all: Vec<(String, f64)> = names.iter().cloned().zip(totals).collect();
    let say = |value: f64| y.say(value);
    let measure = y.measure(x, &say);
    let measure = words::Measure { adds_up: measure.adds_up && complete, ..measure };
    let said =
        if ordered && series.len() == 1 { words::course("", &all, measure) } else { words::largest(&all, measure) };
    if series.len() > 1 { format!("{said} {} series: {}.", series.len(), series.join(", ")) } else { said }
}
