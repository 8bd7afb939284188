//! How far something has got. The style sheet shows it only after 300 ms, so that quick answers do not flicker.

use crate::queries::{bytes, count};
use almanac_model::protocol::Progress;
use leptos::prelude::*;

/// A bar and words: "Fetching, 4.2 MB of 12 MB, 300 000 rows".
#[component]
pub(crate) fn ProgressBar(
    /// How far.
    progress: Progress,
) -> AnyView {
    #[expect(clippy::cast_precision_loss, reason = "a share of a bar")]
    let share = progress.bytes_total.filter(|total| *total > 0).map(|total| progress.bytes as f64 / total as f64);
    let words = words(&progress);
    view! {
        <div class="progress">
            <progress max="1" value=share.map(|share| share.to_string()) aria-label=words.clone()></progress>
            <span>{words}</span>
        </div>
    }
    .into_any()
}

fn words(progress: &Progress) -> String {
    let stage = match progress.stage.as_str() {
        "fetching" => "Fetching",
        "decoding" => "Decoding",
        "drawing" => "Drawing",
        _ => "Computing",
    };
    let came = match (progress.bytes, progress.bytes_total) {
        (0, None | Some(0)) => None,
        (done, Some(total)) if done < total => Some(format!("{} of {}", bytes(done), bytes(total))),
        (done, _) => Some(bytes(done)),
    };
    let rows = (progress.rows > 0).then(|| count(progress.rows, "row", "rows"));
    let words: Vec<String> = came.into_iter().chain(rows).collect();
    if words.is_empty() { format!("{stage}…") } else { format!("{stage}, {}", words.join(", ")) }
}
