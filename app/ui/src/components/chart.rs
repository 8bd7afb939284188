//! A chart: takeaway title, drawing, legend, exact values under the pointer or the arrow keys, words and a data table.

use super::data_table::DataTable;
use super::svg::Drawing;
use almanac_model::view::{ChartView, PointView};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// A chart.
#[component]
pub(crate) fn Chart(
    /// Id of its cell, for the ids of its parts.
    id: String,
    /// What it shows.
    chart: Arc<ChartView>,
    /// Whether the data table is open; it stays so when the chart changes.
    open: RwSignal<bool>,
    /// Reads words out.
    announce: Callback<String>,
) -> AnyView {
    let active = RwSignal::new(None::<usize>);
    let plot = NodeRef::<html::Div>::new();
    let tip = NodeRef::<html::Div>::new();
    let title_id = format!("chart-{id}-title");
    let labelled_by = title_id.clone();
    let help_id = format!("chart-{id}-help");
    let described_by = help_id.clone();
    let points = StoredValue::new(chart.points.clone());
    let size = (f64::from(chart.svg.width.max(1)), f64::from(chart.svg.height.max(1)));

    Effect::new(move || {
        let (Some(plot), Some(tip), Some(index)) = (plot.get(), tip.get(), active.get()) else { return };
        let Some(point) = points.with_value(|points| points.get(index).cloned()) else { return };
        place(&plot, &tip, &point, size);
    });

    let at_pointer = move |event: web_sys::PointerEvent| {
        let Some(plot) = plot.get_untracked() else { return };
        let bounds = plot.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0) * size.0;
        let y = (f64::from(event.client_y()) - bounds.top()) / bounds.height().max(1.0) * size.1;
        let nearest = points.with_value(|points| nearest(points, x, y));
        if active.get_untracked() != nearest {
            active.set(nearest);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let next = points.with_value(|points| step(points, active.get_untracked(), &event.key()));
        if event.key() == "Escape" {
            active.set(None);
        } else if let Some(next) = next {
            event.prevent_default();
            active.set(Some(next));
            announce.run(points.with_value(|points| points[next].lines.join(", ")));
        }
    };

    let svg = Arc::new(chart.svg.clone());
    let table = Arc::new(chart.table.clone());
    let label = format!("{}. {}", chart.title, chart.summary);
    view! {
        <div role="group" aria-labelledby=labelled_by><figure class="chart">
            <figcaption>
                <p class="chart-title" id=title_id>{chart.title.clone()}</p>
                {(!chart.subtitle.is_empty()).then(|| view! { <p class="chart-subtitle">{chart.subtitle.clone()}</p> })}
            </figcaption>
            {(chart.legend.len() > 1).then(|| view! {
                <ul class="legend" aria-label="Legend">
                    {chart.legend.iter().map(|entry| view! { <li><span class=format!("swatch {}", entry.class)></span>{entry.label.clone()}</li> }).collect_view()}
                </ul>
            })}
            <div class="plot" node_ref=plot tabindex="0" role="img" aria-roledescription="chart" aria-label=label aria-describedby=described_by
                on:pointermove=at_pointer
                on:pointerleave=move |_| active.set(None)
                on:blur=move |_| active.set(None)
                on:keydown=on_key>
                <Drawing svg=Signal::stored(svg) />
                {move || active.get().and_then(|index| points.with_value(|points| points.get(index).cloned())).map(|point| view! {
                    <div class=format!("point-mark series-{}", point.series + 1)></div>
                    <div class="tooltip" role="tooltip" node_ref=tip>
                        {point.lines.iter().map(|line| view! { <p>{line.clone()}</p> }).collect_view()}
                    </div>
                })}
            </div>
            <p class="visually-hidden" id=help_id>"Arrow keys visit the points."</p>
            <p class="chart-summary">{chart.summary.clone()}</p>
            {chart.note.clone().map(|note| view! { <p class="chart-note">{note}</p> })}
            <details class="chart-data" prop:open=move || open.get() on:toggle=move |event| open.set(is_open(&event))>
                <summary>"Data table"</summary>
                <Show when=move || open.get()>
                    <DataTable view=Arc::clone(&table) label=format!("Data of {id}") />
                </Show>
            </details>
        </figure></div>
    }
    .into_any()
}

fn is_open(event: &web_sys::Event) -> bool {
    use wasm_bindgen::JsCast as _;
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|details| details.has_attribute("open"))
}

/// The point nearest to a place of the view box; horizontal distance counts more, as readers point at a time or a category.
fn nearest(points: &[PointView], x: f64, y: f64) -> Option<usize> {
    let distance = |point: &PointView| {
        let (dx, dy) = (f64::from(point.x) - x, f64::from(point.y) - y);
        4.0 * dx * dx + dy * dy
    };
    (0..points.len()).min_by(|a, b| distance(&points[*a]).total_cmp(&distance(&points[*b])))
}

/// The point an arrow key leads to: left and right along a series, up and down to the series above and below.
fn step(points: &[PointView], from: Option<usize>, key: &str) -> Option<usize> {
    let last = points.len().checked_sub(1)?;
    let Some(from) = from else {
        return match key {
            "ArrowRight" | "ArrowDown" | "Home" => Some(0),
            "ArrowLeft" | "ArrowUp" | "End" => Some(last),
            _ => None,
        };
    };
    let here = &points[from.min(last)];
    let same_series = |index: &usize| points[*index].series == here.series;
    match key {
        "ArrowRight" => (from + 1..=last).find(same_series),
        "ArrowLeft" => (0..from).rev().find(same_series),
        "Home" => (0..=last).find(same_series),
        "End" => (0..=last).rev().find(same_series),
        "ArrowUp" | "ArrowDown" => {
            let up = key == "ArrowUp";
            let beyond = |point: &PointView| if up { point.y < here.y } else { point.y > here.y };
            (0..=last)
                .filter(|index| {
                    points[*index].series != here.series
                        && (points[*index].x - here.x).abs() < 0.5
                        && beyond(&points[*index])
                })
                .min_by(|a, b| (points[*a].y - here.y).abs().total_cmp(&(points[*b].y - here.y).abs()))
        }
        _ => None,
    }
}

/// Puts the tooltip beside its point, and the ring around it; on the other side where it would leave the chart. Set through the
/// object model, which the content-security policy allows, unlike a `style` attribute.
fn place(plot: &web_sys::HtmlElement, tip: &web_sys::HtmlElement, point: &PointView, size: (f64, f64)) {
    let bounds = plot.get_bounding_client_rect();
    let (x, y) = (f64::from(point.x) / size.0 * bounds.width(), f64::from(point.y) / size.1 * bounds.height());
    let (width, height) = (f64::from(tip.offset_width()), f64::from(tip.offset_height()));
    let left = if x + width + 12.0 > bounds.width() { (x - width - 12.0).max(0.0) } else { x + 12.0 };
    let top = (y - height - 8.0).max(0.0);
    let set = |element: &web_sys::HtmlElement, left: f64, top: f64| {
        let _ = element.style().set_property("left", &format!("{left:.1}px"));
        let _ = element.style().set_property("top", &format!("{top:.1}px"));
    };
    set(tip, left, top);
    use wasm_bindgen::JsCast as _;
    if let Some(mark) = tip.previous_element_sibling().and_then(|mark| mark.dyn_into::<web_sys::HtmlElement>().ok()) {
        set(&mark, x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points() -> Vec<PointView> {
        let point = |x: f32, y: f32, series: u32| PointView { x, y, series, lines: vec![format!("{x} {y}")] };
        vec![point(0.0, 10.0, 0), point(0.0, 50.0, 1), point(20.0, 12.0, 0), point(20.0, 48.0, 1)]
    }

    #[test]
    fn arrow_keys_follow_series_and_change_them() {
        let points = points();
        assert_eq!(step(&points, None, "ArrowRight"), Some(0));
        assert_eq!(step(&points, Some(0), "ArrowRight"), Some(2));
        assert_eq!(step(&points, Some(2), "ArrowRight"), None);
        assert_eq!(step(&points, Some(2), "ArrowDown"), Some(3));
        assert_eq!(step(&points, Some(3), "ArrowUp"), Some(2));
        assert_eq!(step(&points, Some(3), "Home"), Some(1));
        assert_eq!(step(&[], None, "ArrowRight"), None);
    }

    #[test]
    fn the_pointer_finds_the_nearest_point() {
        assert_eq!(nearest(&points(), 17.0, 44.0), Some(3));
        assert_eq!(nearest(&[], 0.0, 0.0), None);
    }
}
