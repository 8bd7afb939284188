//! Charts of every kind over ordinary and awkward rows.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use almanac_chart::draw;
use almanac_model::chart::{Channel, ChartSpec, Mark};
use almanac_model::data::{Column, Table, Values};
use almanac_model::view::{ChartView, SvgElement};
use almanac_model::{Diagnostic, Type};

fn channel(field: &str) -> Option<Channel> {
    Some(Channel { field: field.to_owned(), format: None, title: None })
}

fn spec(mark: Mark) -> ChartSpec {
    ChartSpec {
        data: "rows".into(),
        mark,
        x: channel("x"),
        y: channel("y"),
        color: None,
        title: "Title".into(),
        subtitle: String::new(),
        stack: false,
        horizontal: false,
        bins: None,
        height: None,
    }
}

fn texts(name: &str, values: &[&str]) -> Column {
    let values = values.iter().map(|value| Some((*value).to_owned())).collect();
    Column { name: name.into(), ty: Type::Varchar, values: Values::Text(values) }
}

fn doubles(name: &str, values: &[Option<f64>]) -> Column {
    Column { name: name.into(), ty: Type::Double, values: Values::Double(values.to_vec()) }
}

fn ints(name: &str, values: &[i64]) -> Column {
    Column { name: name.into(), ty: Type::BigInt, values: Values::Int(values.iter().copied().map(Some).collect()) }
}

fn dates(name: &str, values: &[i32]) -> Column {
    Column { name: name.into(), ty: Type::Date, values: Values::Date(values.iter().copied().map(Some).collect()) }
}

fn table(columns: Vec<Column>, rows: usize) -> Table {
    Table { columns, rows }
}

fn drawn(spec: &ChartSpec, table: &Table) -> ChartView {
    let parsed = draw(spec, table, 720);
    assert_eq!(parsed.diagnostics, Vec::<Diagnostic>::new());
    parsed.value
}

fn marks<'a>(view: &'a ChartView, name: &'a str) -> Vec<&'a SvgElement> {
    let class = |element: &SvgElement| {
        element.attributes.iter().any(|(key, value)| key == "class" && value.starts_with("series-"))
    };
    view.svg.elements.iter().filter(|element| element.name == name && class(element)).collect()
}

fn attribute(element: &SvgElement, name: &str) -> f64 {
    element.attributes.iter().find(|(key, _)| key == name).unwrap().1.parse().unwrap()
}

#[test]
fn bars_are_as_long_as_their_values() {
    let rows = table(vec![texts("x", &["a", "b", "c"]), doubles("y", &[Some(10.0), Some(20.0), Some(-10.0)])], 3);
    let view = drawn(&spec(Mark::Bar), &rows);
    let bars = marks(&view, "rect");
    let heights: Vec<f64> = bars.iter().map(|bar| attribute(bar, "height")).collect();
    assert_eq!(bars.len(), 3);
    assert!((heights[1] / heights[0] - 2.0).abs() < 0.03, "{heights:?}");
    assert!((heights[2] / heights[0] - 1.0).abs() < 0.03, "{heights:?}");
    // The negative bar hangs from where the others stand.
    assert!((attribute(bars[2], "y") - (attribute(bars[0], "y") + heights[0])).abs() <= 1.0);
    assert_eq!(view.points[1].lines, ["b", "y 20"]);
}

#[test]
fn stacked_bars_stand_on_each_other() {
    let rows =
        table(vec![texts("x", &["a", "a"]), texts("s", &["one", "two"]), doubles("y", &[Some(30.0), Some(10.0)])], 2);
    let stacked = ChartSpec { color: channel("s"), stack: true, ..spec(Mark::Bar) };
    let view = drawn(&stacked, &rows);
    let bars = marks(&view, "rect");
    assert!((attribute(bars[1], "y") + attribute(bars[1], "height") - attribute(bars[0], "y")).abs() <= 1.0);
    assert_eq!(view.legend.iter().map(|entry| entry.class.as_str()).collect::<Vec<_>>(), ["series-1", "series-2"]);
}

/// 0.1 + 0.2 − 0.1 is not 0.2 in binary, but the bar of 0.2 shows 0.2.
#[test]
fn stacked_bars_say_their_own_value() {
    let rows =
        table(vec![texts("x", &["a", "a"]), texts("s", &["one", "two"]), doubles("y", &[Some(0.1), Some(0.2)])], 2);
    let stacked = ChartSpec { color: channel("s"), stack: true, ..spec(Mark::Bar) };
    let said: Vec<String> = drawn(&stacked, &rows).points.iter().map(|point| point.lines[2].clone()).collect();
    assert_eq!(said, ["y 0.1", "y 0.2"]);
}

fn labels(view: &ChartView) -> Vec<String> {
    view.svg
        .elements
        .iter()
        .filter(|element| element.name == "text")
        .filter_map(|element| element.text.clone())
        .collect()
}

#[test]
fn neighbouring_labels_differ() {
    for (low, high, expected) in [
        (10.0, 12.0, ["10.0", "10.5", "11.0", "11.5", "12.0"]),
        (1.0e6, 1.2e6, ["1.00M", "1.05M", "1.10M", "1.15M", "1.20M"]),
    ] {
        let rows = table(vec![doubles("x", &[Some(0.0), Some(1.0)]), doubles("y", &[Some(low), Some(high)])], 2);
        let view = drawn(&spec(Mark::Line), &rows);
        assert_eq!(labels(&view)[..5], expected, "{:?}", labels(&view));
    }
}

#[test]
fn a_line_within_a_day_has_hours() {
    let hour = 3_600_000_000_i64;
    let moments = Column {
        name: "x".to_owned(),
        ty: Type::Timestamp,
        values: Values::Timestamp(vec![Some(hour), Some(12 * hour), Some(23 * hour)]),
    };
    let rows = table(vec![moments, doubles("y", &[Some(1.0), Some(2.0), Some(3.0)])], 3);
    let shown = labels(&drawn(&spec(Mark::Line), &rows));
    assert!(["06:00", "12:00", "18:00"].iter().all(|time| shown.iter().any(|label| label == time)), "{shown:?}");
}

/// Seven lines end at the bottom and one at the top: all names stay inside.
#[test]
fn end_labels_stay_inside() {
    let names: Vec<String> = (0..8).map(|at| format!("s{at}")).collect();
    let (mut series, mut xs, mut ys) = (Vec::new(), Vec::new(), Vec::new());
    for (at, name) in names.iter().enumerate() {
        for x in [0.0, 1.0] {
            series.push(name.as_str());
            xs.push(Some(x));
            ys.push(Some(if at == 0 { 100.0 } else { 0.0 }));
        }
    }
    let rows = table(vec![doubles("x", &xs), doubles("y", &ys), texts("s", &series)], 16);
    let view = drawn(&ChartSpec { color: channel("s"), ..spec(Mark::Line) }, &rows);
    let ends: Vec<_> = view
        .svg
        .elements
        .iter()
        .filter(|element| element.text.as_ref().is_some_and(|text| names.contains(text)))
        .collect();
    assert_eq!(ends.len(), 8);
    for label in ends {
        assert!((0.0..=f64::from(view.svg.height)).contains(&attribute(label, "y")), "{label:?}");
    }
}

#[test]
fn a_part_is_not_called_the_total() {
    let names: Vec<String> = (0..300).map(|at| format!("c{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = table(vec![texts("x", &names), ints("y", &[1; 300])], 300);
    let view = drawn(&spec(Mark::Bar), &rows);
    assert!(!view.summary.contains("total"), "{}", view.summary);
    assert!(view.note.is_some_and(|note| note.contains("200 of 300")));
}

#[test]
fn long_names_make_bars_lie_down() {
    let names: Vec<String> = (0..12).map(|at| format!("a rather long category {at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<Option<f64>> = (1..=12).map(|at| Some(f64::from(at))).collect();
    let view = drawn(&spec(Mark::Bar), &table(vec![texts("x", &names), doubles("y", &values)], 12));
    let bars = marks(&view, "rect");
    let widths: Vec<f64> = bars.iter().map(|bar| attribute(bar, "width")).collect();
    assert!(widths.windows(2).all(|pair| pair[0] < pair[1]), "{widths:?}");
}

#[test]
fn lines_sort_their_places_and_break_at_gaps() {
    let rows = table(
        vec![dates("x", &[19_783, 19_723, 19_754, 19_814]), doubles("y", &[None, Some(1.0), Some(2.0), Some(3.0)])],
        4,
    );
    let view = drawn(&spec(Mark::Line), &rows);
    assert_eq!(marks(&view, "polyline").len(), 1);
    assert_eq!(marks(&view, "circle").len(), 1);
    let xs: Vec<f32> = view.points.iter().map(|point| point.x).collect();
    assert!(xs.windows(2).all(|pair| pair[0] < pair[1]), "{xs:?}");
    assert!(view.summary.contains("rose from 1"), "{}", view.summary);
}

#[test]
fn a_million_places_become_few_elements() {
    let count = 1_000_000;
    let ys: Vec<Option<f64>> = (0..count).map(|at| Some(f64::from(at % 97))).collect();
    let xs: Vec<Option<f64>> = (0..count).map(|at| Some(f64::from(at))).collect();
    let rows = table(vec![doubles("x", &xs), doubles("y", &ys)], count as usize);
    let line = drawn(&spec(Mark::Line), &rows);
    assert!(marks(&line, "polyline")[0].attributes[1].1.split(' ').count() <= 4 * 720);
    let dots = drawn(&spec(Mark::Point), &rows);
    assert!(dots.svg.elements.len() < 8000);
    assert!(dots.note.unwrap().contains("density of 1\u{2009}000\u{2009}000 points"));
}

#[test]
fn a_histogram_counts_every_row_once() {
    let values: Vec<Option<f64>> = (0..1000).map(|at| Some(f64::from(at) / 10.0)).collect();
    let mut histogram = spec(Mark::Histogram);
    histogram.y = None;
    let view = drawn(&histogram, &table(vec![doubles("x", &values)], 1000));
    let counted: u64 = view
        .points
        .iter()
        .map(|point| point.lines[1].chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap())
        .sum();
    assert_eq!(counted, 1000);
}

#[test]
fn awkward_rows_are_said_in_words() {
    for mark in [Mark::Bar, Mark::Line, Mark::Area, Mark::Point, Mark::Histogram] {
        let mut one = spec(mark);
        if mark == Mark::Histogram {
            one.y = None;
        }
        let empty = drawn(&one, &table(vec![doubles("x", &[]), doubles("y", &[])], 0));
        assert_eq!(empty.summary, "There are no rows to draw.", "{mark:?}");
        let nulls = table(vec![doubles("x", &[None, None]), doubles("y", &[None, None])], 2);
        assert_eq!(drawn(&one, &nulls).summary, "None of the 2 rows has values to draw.", "{mark:?}");
        let odd = table(
            vec![doubles("x", &[Some(f64::NAN), Some(1.0)]), doubles("y", &[Some(f64::INFINITY), Some(1e300)])],
            2,
        );
        let view = drawn(&one, &odd);
        let words = format!("{:?}", view.svg);
        assert!(!words.contains("NaN") && !words.contains("inf"), "{mark:?} {words}");
        for x in [5.0, 9_007_199_254_740_992.0, -1e300, 1e308] {
            let single = table(vec![doubles("x", &[Some(x)]), doubles("y", &[Some(0.0)])], 1);
            let view = drawn(&one, &single);
            let drawing = !view.svg.elements.is_empty();
            assert!(drawing || view.summary.starts_with("None of"), "{mark:?} {x}");
            assert!(view.points.iter().all(|point| point.x.is_finite() && point.y.is_finite()), "{mark:?} {x}");
        }
        let apart = table(vec![doubles("x", &[Some(-1e308), Some(1e308)]), doubles("y", &[Some(0.0), Some(1.0)])], 2);
        assert!(drawn(&one, &apart).points.iter().all(|point| point.x.is_finite()), "{mark:?}");
    }
}

#[test]
fn unknown_and_unfit_columns_are_diagnosed() {
    let rows = table(vec![texts("x", &["a"]), texts("amount", &["b"])], 1);
    let mut wrong = spec(Mark::Bar);
    wrong.y = channel("amuont");
    let problem = &draw(&wrong, &rows, 720).diagnostics[0];
    assert_eq!(
        (problem.code.to_string().as_str(), problem.hints[0].as_str()),
        ("unknown-column", "did you mean `amount`?")
    );
    wrong.y = channel("amount");
    assert_eq!(draw(&wrong, &rows, 720).diagnostics[0].code.to_string(), "not-a-number");
    wrong.y = None;
    assert_eq!(draw(&wrong, &rows, 720).diagnostics[0].code.to_string(), "missing-channel");
}

#[test]
fn labels_are_text_and_never_markup() {
    let evil = "</text><script>alert(1)</script>";
    let view = drawn(&spec(Mark::Bar), &table(vec![texts("x", &[evil]), doubles("y", &[Some(1.0)])], 1));
    let allowed = ["rect", "line", "polyline", "polygon", "circle", "text"];
    assert!(view.svg.elements.iter().all(|element| allowed.contains(&element.name.as_str())));
    assert!(view.svg.elements.iter().all(|element| element.attributes.iter().all(|(_, value)| !value.contains('<'))));
    assert_eq!(view.points[0].lines[0], evil);
}

#[test]
fn no_label_leaves_a_narrow_drawing() {
    let names: Vec<String> = (0..40).map(|at| format!("category {at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<Option<f64>> = (0..40).map(|at| Some(f64::from(at) * 1e6)).collect();
    let rows = table(vec![texts("x", &names), doubles("y", &values)], 40);
    for mark in [Mark::Bar, Mark::Line] {
        let view = draw(&spec(mark), &rows, 320).value;
        for label in view.svg.elements.iter().filter(|element| element.name == "text") {
            let x = attribute(label, "x");
            assert!((0.0..=320.0).contains(&x), "{label:?}");
        }
    }
}
