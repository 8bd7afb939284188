//! Many dots as cells whose strength says how many lie there.

use almanac_model::format::plural;
use almanac_model::view::PointView;

use crate::Drawn;
use crate::canvas::element;
use crate::frame::{Frame, pixels};

/// Side of a cell in pixels.
const CELL: f64 = 6.0;
/// Strengths told apart.
const LEVELS: f64 = 5.0;
/// Cells that can be visited: the fullest.
const MAX_VISITED: usize = 300;

/// Counts dots (in pixels) by cell and draws each cell in one of five strengths, logarithmic in the count.
pub(crate) fn draw(frame: &Frame, dots: &[(f64, f64)], drawn: &mut Drawn) {
    let mut counts: std::collections::BTreeMap<(i64, i64), i64> = std::collections::BTreeMap::new();
    for (x, y) in dots {
        let cell = (((x - frame.left) / CELL).floor() as i64, ((y - frame.top) / CELL).floor() as i64);
        *counts.entry(cell).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1) as f64;
    for ((column, row), count) in &counts {
        let level = if most > 1.0 { 1.0 + ((*count as f64).ln() / most.ln() * (LEVELS - 1.0)).round() } else { LEVELS };
        drawn.elements.push(element(
            "rect",
            vec![
                ("class", format!("series-1 density-{level:.0}")),
                ("x", pixels(frame.left + *column as f64 * CELL)),
                ("y", pixels(frame.top + *row as f64 * CELL)),
                ("width", pixels(CELL)),
                ("height", pixels(CELL)),
            ],
            None,
        ));
    }
    let mut fullest: Vec<_> = counts.into_iter().collect();
    fullest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    for ((column, row), count) in fullest.into_iter().take(MAX_VISITED) {
        drawn.points.push(PointView {
            x: (frame.left + (column as f64 + 0.5) * CELL) as f32,
            y: (frame.top + (row as f64 + 0.5) * CELL) as f32,
            series: 0,
            lines: vec![plural(count, "point here", "points here")],
        });
    }
}
