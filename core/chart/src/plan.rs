//! A query's plan as a drawing: a line a step, inputs below and further right, a bar as long as the step's share of the time.

use almanac_model::Value;
use almanac_model::data::Table;
use almanac_model::format::format_value;
use almanac_model::view::{ChartView, PlanStep, PointView, Svg, SvgElement};

use crate::canvas::element;
use crate::frame::{line, shortened, text, text_width};

const ROW: f64 = 44.0;
const INDENT: f64 = 16.0;
/// Deeper steps are drawn no further right.
const DEEPEST: u32 = 16;

/// Draws the steps of a plan for a column `width` CSS pixels wide; `rows` are what stands for the drawing as a table.
#[must_use]
pub fn plan(steps: &[PlanStep], rows: &Table, width: u32) -> ChartView {
    let width = width.clamp(240, 1600);
    let total: f64 = steps.iter().filter_map(|step| Some(step.measured?.millis)).sum();
    let slowest =
        steps.iter().filter_map(|step| Some((step.measured?.millis, step))).max_by(|a, b| a.0.total_cmp(&b.0));
    let mut drawing = Drawing { width: f64::from(width), total, elements: Vec::new(), points: Vec::new() };
    // For each depth, the last step there: the one that reads the next deeper ones.
    let mut above: Vec<f64> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let top = at as f64 * ROW + 4.0;
        let depth = step.depth.min(DEEPEST) as usize;
        above.truncate(depth);
        if let Some(parent) = above.last() {
            drawing.tie(depth, *parent, top);
        }
        above.resize(depth + 1, top);
        drawing.step(step, depth as f64 * INDENT, top);
    }
    let summary = match slowest {
        Some((millis, step)) if total > 0.0 => format!(
            "{} steps took {} ms; the longest is `{}` with {} ms.",
            steps.len(),
            number(total),
            step.title,
            number(millis)
        ),
        _ => format!("{} steps; none was run.", steps.len()),
    };
    ChartView {
        title: "Plan of the query".to_owned(),
        subtitle: if total > 0.0 { "Rows put out and time of each step".to_owned() } else { String::new() },
        svg: Svg { width, height: (steps.len() as f64 * ROW + 8.0) as u32, elements: drawing.elements },
        summary,
        points: drawing.points,
        table: crate::rows_of(rows),
        legend: Vec::new(),
        note: None,
    }
}

struct Drawing {
    width: f64,
    total: f64,
    elements: Vec<SvgElement>,
    points: Vec<PointView>,
}

impl Drawing {
    /// The line from a step to one it reads from.
    fn tie(&mut self, depth: usize, parent: f64, top: f64) {
        let x = (depth as f64 - 1.0) * INDENT + 4.0;
        self.elements.push(line("grid", (x, parent + ROW - 12.0), (x, top + 10.0)));
        self.elements.push(line("grid", (x, top + 10.0), (x + INDENT - 6.0, top + 10.0)));
    }

    fn step(&mut self, step: &PlanStep, left: f64, top: f64) {
        let mut facts = Vec::new();
        if let Some(measured) = step.measured {
            let rows = format_value(&Value::Int(i64::try_from(measured.rows).unwrap_or(i64::MAX)), Some("int"));
            facts.push(format!("{rows} {}", if measured.rows == 1 { "row" } else { "rows" }));
            facts.push(format!("{} ms", number(measured.millis)));
        }
        if let Some(fetched) = step.fetched.filter(|fetched| fetched.ranges > 0) {
            facts.push(format!("{} KB in {} ranges", number(fetched.bytes as f64 / 1000.0), fetched.ranges));
        }
        let facts = facts.join(" · ");
        let room = |taken: f64| ((self.width - left - taken - 12.0) / text_width("x")).max(4.0) as usize;
        let title = shortened(&step.title, room(text_width(&facts)));
        self.elements.push(text("strong", (left, top + 14.0), "start", &title));
        self.elements.push(text("", (self.width, top + 14.0), "end", &facts));
        self.elements.push(text("", (left, top + 30.0), "start", &shortened(&step.detail, room(0.0))));
        if let Some(measured) = step.measured.filter(|_| self.total > 0.0) {
            let share = (measured.millis / self.total).clamp(0.0, 1.0);
            let bar = vec![
                ("class", "series-1".to_owned()),
                ("x", left.to_string()),
                ("y", (top + 34.0).to_string()),
                ("width", format!("{:.1}", share * (self.width - left))),
                ("height", "3".to_owned()),
            ];
            self.elements.push(element("rect", bar, None));
        }
        let mut lines = vec![step.title.clone()];
        lines.extend([step.detail.clone(), facts].into_iter().filter(|line| !line.is_empty()));
        self.points.push(PointView { x: left as f32, y: (top + 14.0) as f32, series: 0, lines });
    }
}

fn number(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}
