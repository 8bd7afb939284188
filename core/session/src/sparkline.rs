//! A small line without axes: the course of a tile's value.

use almanac_model::view::{Svg, SvgElement};

const WIDTH: u32 = 120;
const HEIGHT: u32 = 32;
/// Room for half the stroke and the end dot.
const MARGIN: f64 = 3.0;

/// The line through the values, the last one marked; `None` without two finite values.
pub(crate) fn sparkline(values: &[Option<f64>]) -> Option<Svg> {
    let known: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| value.filter(|value| value.is_finite()).map(|value| (at, value)))
        .collect();
    if known.len() < 2 {
        return None;
    }
    let low = known.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let high = known.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let (width, height) = (f64::from(WIDTH) - 2.0 * MARGIN, f64::from(HEIGHT) - 2.0 * MARGIN);
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred points")]
    let place = |at: usize, value: f64| {
        let x = MARGIN + width * at as f64 / (values.len() - 1) as f64;
        let share = if high > low { (value - low) / span } else { 0.5 };
        (x, MARGIN + height * (1.0 - share))
    };
    let points: Vec<String> =
        known.iter().map(|&(at, value)| place(at, value)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let &(at, value) = known.last()?;
    let (x, y) = place(at, value);
    let attribute = |name: &str, value: String| (name.to_owned(), value);
    Some(Svg {
        width: WIDTH,
        height: HEIGHT,
        elements: vec![
            SvgElement {
                name: "polyline".into(),
                attributes: vec![attribute("class", "spark".into()), attribute("points", points.join(" "))],
                text: None,
            },
            SvgElement {
                name: "circle".into(),
                attributes: vec![
                    attribute("class", "spark-end".into()),
                    attribute("cx", format!("{x:.1}")),
                    attribute("cy", format!("{y:.1}")),
                    attribute("r", "2".into()),
                ],
                text: None,
            },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_spans_the_box_and_skips_gaps() {
        let svg = sparkline(&[Some(1.0), None, Some(3.0), Some(2.0)]).expect("three values");
        assert_eq!(svg.elements[0].attributes[1].1, "3.0,29.0 79.0,3.0 117.0,16.0");
        assert_eq!(svg.elements[1].attributes[1..3], [("cx".into(), "117.0".into()), ("cy".into(), "16.0".into())]);
        assert!(sparkline(&[Some(1.0), None]).is_none());
        assert_eq!(
            sparkline(&[Some(5.0), Some(5.0)]).expect("two values").elements[0].attributes[1].1,
            "3.0,16.0 117.0,16.0"
        );
    }
}
