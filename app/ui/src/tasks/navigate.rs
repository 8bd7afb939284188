//! Follows the address: Back, Forward, links and typed addresses all come through here.

use super::open_notebook::open_notebook;
use crate::browser::{fragment, go, on_window, visit, window};
use crate::state::{App, SiteState};
use almanac_model::link::Route;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Listens to changes of the address.
pub(crate) fn watch_address(app: App) {
    on_window("hashchange", move |_| {
        let route = Route::parse(&fragment());
        let before = app.route.get_untracked();
        if route == before {
            return;
        }
        let other_page =
            std::mem::discriminant(&route) != std::mem::discriminant(&before) || slug(&route) != slug(&before);
        app.route.set(route);
        app.drawer.set(false);
        arrive(app);
        if other_page {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            visit("main");
        }
    });
}

/// Goes to a page of the site.
pub(crate) fn follow(route: &Route) {
    go(&route.to_string());
}

/// Opens what the route names. Before the site file is read no path is known, so its arrival calls this again.
pub(super) fn arrive(app: App) {
    if app.site.with_untracked(|site| *site == SiteState::Loading) {
        return;
    }
    if let Route::Notebook { slug, inputs } = app.route.get_untracked() {
        spawn_local(open_notebook(app, &slug, inputs));
    }
}

fn slug(route: &Route) -> Option<&str> {
    match route {
        Route::Notebook { slug, .. } => Some(slug),
        Route::Data { table: name } | Route::Catalogue { table: name, .. } | Route::Metrics { id: name, .. } => {
            name.as_deref()
        }
        _ => None,
    }
}
