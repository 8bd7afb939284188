//! Opens a notebook: fetches its file and puts the reader's draft, if there is one, over it.

use super::adopt::adopt;
use super::read::{NO_READER, fetch_read, read_notebook};
use super::run::run;
use crate::browser::entries;
use crate::state::{App, Draft, Load, SiteState, draft_key, draft_prefix};
use almanac_model::ahead::{Reading, TextKind, fingerprint};
use almanac_model::view::NotebookView;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The slug and path of the notebook that belongs to no file: where a reader queries files dropped on the page.
pub(crate) const SCRATCH: &str = "scratch";

/// What an empty scratch notebook says.
const SCRATCH_TEXT: &str = "# Scratch\n\nA notebook of your own. It is kept in this browser and never leaves it.\n";

/// Opens the notebook of that slug with these inputs. The one that was open is gone when this returns; the new one is there when
/// the future is ready.
pub(crate) fn open_notebook(
    app: App,
    slug: &str,
    inputs: BTreeMap<String, String>,
) -> impl Future<Output = ()> + use<> {
    let path = path_of(app, slug);
    let open = app.sheet.path.get_untracked() == path && app.sheet.load.get_untracked() == Load::Ready;
    if !open {
        app.sheet.clear(&path);
        app.sheet.inputs.set(inputs);
    } else if app.sheet.inputs.get_untracked() != inputs {
        app.sheet.inputs.set(inputs);
        run(app);
    }
    async move {
        if open {
            return;
        }
        let shown = load(app, &path).await;
        // The reader may have gone elsewhere meanwhile.
        if let Err(why) = shown
            && app.sheet.path.get_untracked() == path
        {
            app.sheet.load.set(Load::Missing(why));
        }
    }
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

async fn load(app: App, path: &str) -> Result<(), String> {
    let (text, view) = if path == SCRATCH {
        let view = read_notebook(app, SCRATCH_TEXT).await.ok_or(NO_READER)?;
        (SCRATCH_TEXT.to_owned(), view)
    } else {
        match fetch_read(app, path, TextKind::Notebook).await? {
            (text, Reading::Notebook(view)) => (text, Arc::new(view)),
            (_, Reading::Site(_)) => return Err("it is not a notebook".to_owned()),
        }
    };
    let sheet = app.sheet;
    if sheet.path.get_untracked() != path {
        return Ok(());
    }
    let published: Arc<str> = Arc::from(text);
    sheet.published.set(Arc::clone(&published));
    sheet.published_view.set(Arc::clone(&view));
    show(app, path, published, view).await
}

async fn show(app: App, path: &str, published: Arc<str>, view: Arc<NotebookView>) -> Result<(), String> {
    let sheet = app.sheet;
    let draft = newest_draft(path, &fingerprint(&published)).filter(|(_, draft)| *draft.text != *published);
    sheet.drafted.set(draft.is_some());
    sheet.outdated.set(draft.as_ref().is_some_and(|(current, _)| !current));
    let shown = match draft {
        Some((_, draft)) => adopt(app, Arc::from(draft.text), None).await,
        None => adopt(app, published, Some(view)).await,
    };
    if shown {
        sheet.load.set(Load::Ready);
        run(app);
        return Ok(());
    }
    Err(NO_READER.to_owned())
}

/// The draft over this published version, else the newest over an older one; and whether it is the former.
fn newest_draft(path: &str, mark: &str) -> Option<(bool, Draft)> {
    let wanted = draft_key(path, mark);
    let drafts = entries(&draft_prefix(path))
        .into_iter()
        .filter_map(|(key, text)| Some((key == wanted, serde_json::from_str::<Draft>(&text).ok()?)));
    drafts.max_by(|a, b| a.0.cmp(&b.0).then(a.1.saved.total_cmp(&b.1.saved)))
}
