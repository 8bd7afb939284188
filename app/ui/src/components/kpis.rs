//! Tiles: a value, what it is compared with, and its course.

use super::svg::Drawing;
use almanac_model::view::KpiView;
use leptos::prelude::*;
use std::sync::Arc;

/// A row of tiles.
#[component]
pub(crate) fn Kpis(
    /// The tiles.
    tiles: Vec<KpiView>,
) -> AnyView {
    view! { <ul class="kpis">{tiles.into_iter().map(tile).collect_view()}</ul> }.into_any()
}

fn tile(tile: KpiView) -> AnyView {
    // Good and bad are said by a mark and a word, not by colour alone.
    let (class, mark, word) = match tile.good {
        Some(true) => ("good", "●", "On track"),
        Some(false) => ("bad", "◆", "Behind"),
        None => ("", "", ""),
    };
    view! {
        <li class="kpi">
            <p class="kpi-label">{tile.label}</p>
            <p class="kpi-value" title=tile.exact>{tile.value}</p>
            {tile.variance.map(|variance| view! {
                <p class=format!("kpi-variance {class}")>
                    {(!word.is_empty()).then(|| view! { <span aria-hidden="true">{mark}</span><span class="visually-hidden">{word}": "</span> })}
                    <span>{variance}</span>
                </p>
            })}
            {tile.sparkline.map(|svg| view! { <div class="kpi-spark"><Drawing svg=Signal::stored(Arc::new(svg)) /></div> })}
        </li>
    }
    .into_any()
}
