//! What went wrong outside any cell, and what assistive technology reads out.

use crate::state::Alert;
use leptos::prelude::*;

/// The region that is read out politely, and the alerts with a button to close each.
#[component]
pub(crate) fn Alerts(
    /// Words to read out.
    announcement: RwSignal<String>,
    /// What went wrong.
    alerts: RwSignal<Vec<Alert>>,
) -> AnyView {
    let close = move |gone: Alert| alerts.update(|alerts| alerts.retain(|alert| *alert != gone));
    view! {
        <div class="visually-hidden" role="status" aria-live="polite">{move || announcement.get()}</div>
        <div class="alerts" role="alert">
            {move || {
                alerts.get().into_iter().map(|alert| {
                    let gone = alert.clone();
                    view! {
                        <div class="alert">
                            <p><strong>{alert.message}</strong>{alert.hints.into_iter().map(|hint| format!(". {}", capitalised(&hint))).collect::<String>()}</p>
                            <button type="button" class="quiet" on:click=move |_| close(gone.clone())>"Close"</button>
                        </div>
                    }
                }).collect_view()
            }}
        </div>
    }
    .into_any()
}

/// With a capital first letter.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
