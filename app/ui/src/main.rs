//! The page: shows what the worker answers, never computes.
//!
//! May use: `almanac-model`, Leptos, the browser. Never: the engine's crates, markup as text (`inner_html`), inline styles,
//! another origin.
//!
//! **Invariant:** only `tasks/` touch the worker, storage and the address; `components/` get values and callbacks; `queries/`
//! derive and have no effects.
//! **Invariant:** an answer of an older generation is dropped (`state/receive.rs`).
//! **Invariant:** what a reader types is stored at every change (`tasks/edit.rs`).

#![expect(unreachable_pub, reason = "the component macro makes the items it generates public")]
#![expect(clippy::needless_pass_by_value, reason = "components own what they are given: a view outlives the call")]

mod app;
mod browser;
mod components;
mod engine;
mod pages;
mod queries;
mod state;
mod tasks;
#[cfg(test)]
mod tokens;

fn main() {
    console_error_panic_hook::set_once();
    browser::document().get_element_by_id("loading").into_iter().for_each(|element| element.remove());
    leptos::mount::mount_to_body(app::App);
}
