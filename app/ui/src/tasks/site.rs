//! Fetches the site file.

use super::navigate::arrive;
use super::open_notebook::fetch_text;
use crate::browser::{base_url, document};
use crate::state::{App, SiteState};
use almanac_model::site::Site;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Fetches `site.yml`, then goes where the address says.
pub(crate) fn load_site(app: App) {
    spawn_local(async move {
        match fetch_text(&format!("{}site.yml", base_url())).await {
            Ok(text) => {
                let parsed = Site::parse(&text);
                if !parsed.value.title.is_empty() {
                    document().set_title(&parsed.value.title);
                }
                app.site.set(SiteState::Found(Arc::new(parsed)));
            }
            Err(why) => app.site.set(SiteState::Missing(why)),
        }
        arrive(app);
    });
}
