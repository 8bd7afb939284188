//! Sets inputs. Their values live in the address, so that a link reproduces what its sender saw.

use super::run::run;
use crate::browser::{go, replace_fragment};
use crate::state::App;
use almanac_model::link::Route;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Milliseconds of rest after which a dragged or typed value takes effect.
const REST: u32 = 150;

thread_local! {
    static SETTLING: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Gives an input a value. A chosen value is a step of the history; one that is dragged or typed (`settling`) is not, and waits
/// for a moment of rest.
pub(crate) fn set_input(app: App, name: &str, value: String, settling: bool) {
    let Route::Notebook { slug, mut inputs } = app.route.get_untracked() else { return };
    let default = app.sheet.view.with_untracked(|view| view.input(name).map(|input| input.default.clone()));
    if default.as_ref() == Some(&value) {
        inputs.remove(name);
    } else {
        inputs.insert(name.to_owned(), value);
    }
    let route = Route::Notebook { slug, inputs: inputs.clone() };
    if !settling {
        go(&route.to_string());
        return;
    }
    replace_fragment(&route.to_string());
    app.route.set(route);
    app.sheet.inputs.set(inputs);
    SETTLING.with_borrow_mut(|timer| *timer = Some(Timeout::new(REST, move || run(app))));
}

/// Gives every input its default.
pub(crate) fn reset_inputs(app: App) {
    if let Route::Notebook { slug, .. } = app.route.get_untracked() {
        go(&Route::Notebook { slug, inputs: BTreeMap::new() }.to_string());
    }
}
