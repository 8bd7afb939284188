//! Opens a notebook: fetches its file and puts the reader's draft, if there is one, over it.

use super::run::run;
use crate::browser::{base_url, entries};
use crate::queries::fingerprint;
use crate::state::{App, Draft, Load, SiteState, draft_key, draft_prefix};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The slug and path of the notebook that belongs to no file: where a reader queries files dropped on the page.
pub(crate) const SCRATCH: &str = "scratch";

/// What an empty scratch notebook says.
const SCRATCH_TEXT: &str = "# Scratch\n\nA notebook of your own. It is kept in this browser and never leaves it.\n";

/// Opens the notebook of that slug with these inputs.
pub(crate) fn open_notebook(app: App, slug: String, inputs: BTreeMap<String, String>) {
    let path = path_of(app, &slug);
    if app.sheet.path.get_untracked() == path && app.sheet.load.get_untracked() == Load::Ready {
        if app.sheet.inputs.get_untracked() != inputs {
            app.sheet.inputs.set(inputs);
            run(app);
        }
        return;
    }
    app.sheet.clear(&path);
    app.sheet.inputs.set(inputs);
    if slug == SCRATCH {
        show(app, SCRATCH_TEXT);
        return;
    }
    spawn_local(async move {
        let outcome = fetch_text(&format!("{}{path}", base_url())).await;
        // The reader may have gone elsewhere meanwhile.
        if app.sheet.path.get_untracked() != path {
            return;
        }
        match outcome {
            Ok(text) => show(app, &text),
            Err(why) => app.sheet.load.set(Load::Missing(why)),
        }
    });
}

fn path_of(app: App, slug: &str) -> String {
    if slug == SCRATCH {
        return SCRATCH.to_owned();
    }
    let listed = app.site.with_untracked(|site| match site {
        SiteState::Found(site) => site.value.notebook(slug).map(|entry| entry.path.clone()),
        _ => None,
    });
    listed.unwrap_or_else(|| format!("notebooks/{slug}.md"))
}

fn show(app: App, published: &str) {
    let sheet = app.sheet;
    let path = sheet.path.get_untracked();
    let mark = fingerprint(published);
    sheet.published.set(Arc::from(published));
    let draft = newest_draft(&path, &mark).filter(|(_, draft)| draft.text != published);
    sheet.drafted.set(draft.is_some());
    sheet.outdated.set(draft.as_ref().is_some_and(|(current, _)| !current));
    sheet.source.set(draft.map_or_else(|| Arc::from(published), |(_, draft)| Arc::from(draft.text)));
    sheet.load.set(Load::Ready);
    run(app);
}

/// The draft over this published version, else the newest over an older one; and whether it is the former.
fn newest_draft(path: &str, mark: &str) -> Option<(bool, Draft)> {
    let wanted = draft_key(path, mark);
    let drafts = entries(&draft_prefix(path))
        .into_iter()
        .filter_map(|(key, text)| Some((key == wanted, serde_json::from_str::<Draft>(&text).ok()?)));
    drafts.max_by(|a, b| a.0.cmp(&b.0).then(a.1.saved.total_cmp(&b.1.saved)))
}

/// A text file of the site. Some hosts answer with their start page where there is no file: that is no text file either.
pub(super) async fn fetch_text(address: &str) -> Result<String, String> {
    let answer = gloo_net::http::Request::get(address)
        .send()
        .await
        .map_err(|_| "the file could not be fetched; check the connection".to_owned())?;
    if !answer.ok() {
        return Err(format!("the server answered {} {}", answer.status(), answer.status_text()));
    }
    let text = answer.text().await.map_err(|_| "the file is not UTF-8 text".to_owned())?;
    if text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
        return Err("there is no such file".to_owned());
    }
    Ok(text)
}
