//! What the reader prefers, kept in the browser.

use crate::browser::{document, load, store};
use crate::state::{App, Theme};
use leptos::prelude::*;

const THEME: &str = "almanac.theme";
const DEADLINE: &str = "almanac.deadline_seconds";
/// Seconds a run may go without a sign of life.
const USUAL_DEADLINE: u32 = 60;

/// The scheme the reader chose.
pub(crate) fn stored_theme() -> Theme {
    load(THEME).map_or(Theme::Auto, |name| Theme::named(&name))
}

/// Chooses a scheme. `color-scheme` and all tokens follow the attribute.
pub(crate) fn set_theme(app: App, theme: Theme) {
    let _ = store(THEME, theme.name());
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme.name());
    }
    app.theme.set(theme);
}

/// The limit the reader set, in seconds.
pub(crate) fn stored_deadline() -> u32 {
    load(DEADLINE).and_then(|text| text.parse().ok()).filter(|seconds| *seconds > 0).unwrap_or(USUAL_DEADLINE)
}

/// Sets the limit.
pub(crate) fn set_deadline(app: App, seconds: u32) {
    let seconds = seconds.clamp(1, 3_600);
    let _ = store(DEADLINE, &seconds.to_string());
    app.engine.deadline.set(seconds);
}
