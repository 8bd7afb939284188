//! What the reader prefers, kept in the browser.

use crate::browser::{device_gigabytes, document, load, store};
use crate::state::{App, Kept, Theme};
use almanac_model::protocol::{Limits, Request, Response};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

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

/// A bound on what queries may take, in megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// To fetch without asking.
    Fetch,
    /// Of memory without asking.
    Memory,
    /// To keep in the browser.
    Keep,
}

const MEGABYTE: u64 = 1_000_000;

impl Bound {
    fn key(self) -> &'static str {
        match self {
            Self::Fetch => "almanac.ask_fetch_mb",
            Self::Memory => "almanac.ask_memory_mb",
            Self::Keep => "almanac.keep_mb",
        }
    }

    /// Megabytes as long as the reader says nothing. A quarter of the device's memory may be used without asking.
    fn usual(self) -> u64 {
        match self {
            Self::Fetch => 200,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "browsers say 0.25 to 32 gigabytes"
            )]
            Self::Memory => device_gigabytes().map_or(1_000, |gigabytes| (gigabytes * 250.0) as u64).clamp(250, 2_000),
            Self::Keep => 500,
        }
    }

    fn of(self, limits: &mut Limits) -> &mut u64 {
        match self {
            Self::Fetch => &mut limits.ask_fetch_bytes,
            Self::Memory => &mut limits.ask_memory_bytes,
            Self::Keep => &mut limits.keep_bytes,
        }
    }

    /// What it is now, in megabytes.
    pub(crate) fn megabytes(self, mut limits: Limits) -> u64 {
        *self.of(&mut limits) / MEGABYTE
    }
}

/// The bounds the reader set, or the usual ones.
pub(crate) fn stored_limits() -> Limits {
    let mut limits = Limits::default();
    for bound in [Bound::Fetch, Bound::Memory, Bound::Keep] {
        let stored = load(bound.key()).and_then(|text| text.parse::<u64>().ok());
        *bound.of(&mut limits) = stored.unwrap_or_else(|| bound.usual()).min(100_000) * MEGABYTE;
    }
    limits
}

/// Sets a bound, for the next query on.
pub(crate) fn set_bound(app: App, bound: Bound, megabytes: u64) {
    let megabytes = megabytes.min(100_000);
    let _ = store(bound.key(), &megabytes.to_string());
    app.engine.limits.update(|limits| *bound.of(limits) = megabytes * MEGABYTE);
    app.engine.tell(&Request::Limit { limits: app.engine.limits.get_untracked() });
}

/// Asks the worker what the browser keeps of the site; `forget` empties it first.
pub(crate) fn load_kept(app: App, forget: bool) {
    spawn_local(async move {
        if let Some(Response::Kept { kept, .. }) = app.engine.ask(|request| Request::Kept { request, forget }).await {
            app.kept.set(kept.map_or(Kept::Nothing, Kept::Files));
            if forget {
                app.announce("Forgotten");
            }
        }
    });
}
