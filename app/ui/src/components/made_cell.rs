//! A cell that a page made up, in its place on that page.

use super::cell::Cell;
use crate::state::{App, Load};
use leptos::prelude::*;

/// The cell of that id, as soon as the page's cells are known; until then the room it will take, a class of skeletons.
pub(crate) fn made_cell(app: App, id: &'static str, face: &'static str) -> AnyView {
    let sheet = app.sheet;
    let there = Memo::new(move |_| sheet.load.get() == Load::Ready && sheet.view.with(|view| view.cell(id).is_some()));
    let shown = move || {
        if there.get() {
            return view! { <Cell id=id.to_owned() hidden=false named=false /> }.into_any();
        }
        match sheet.load.get() {
            Load::Missing(why) => view! { <p class="notice">"Nothing can be computed: "{why}"."</p> }.into_any(),
            _ => view! { <div class=format!("skeleton {face}") aria-hidden="true"></div> }.into_any(),
        }
    };
    shown.into_any()
}
