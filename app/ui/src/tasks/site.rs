//! Fetches the site file.

use super::navigate::arrive;
use super::read::fetch_read;
use crate::browser::document;
use crate::state::{App, SiteState};
use almanac_model::ahead::{Reading, TextKind};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Fetches `site.yml`, then goes where the address says.
pub(crate) fn load_site(app: App) {
    spawn_local(async move {
        match fetch_read(app, "site.yml", TextKind::Site).await {
            Ok((_, Reading::Site(parsed))) => {
                if !parsed.value.title.is_empty() {
                    document().set_title(&parsed.value.title);
                }
                app.site.set(SiteState::Found(Arc::new(parsed)));
            }
            Ok((_, Reading::Notebook(_))) => app.site.set(SiteState::Missing("it is not a site file".to_owned())),
            Err(why) => app.site.set(SiteState::Missing(why)),
        }
        arrive(app);
    });
}
