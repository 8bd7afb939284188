//! The editor: CodeMirror, fetched at the first edit. Where it cannot be loaded, a plain text area does its work.

use crate::browser::{base_url, build};
use leptos::html;
use leptos::prelude::*;
use std::pin::Pin;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

#[wasm_bindgen(module = "/src/components/editor_loader.js")]
extern "C" {
    fn load(address: &str) -> js_sys::Promise;
}

#[wasm_bindgen]
extern "C" {
    /// The module of `app/editor/src/editor.js`.
    type Module;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Module, host: &web_sys::Element, options: &JsValue) -> Result<Handle, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn compare(this: &Module, host: &web_sys::Element, published: &str, draft: &str) -> Result<Handle, JsValue>;

    /// An open editor.
    type Handle;
    #[wasm_bindgen(method)]
    fn focus(this: &Handle);
    #[wasm_bindgen(method)]
    fn replace(this: &Handle, text: &str);
    #[wasm_bindgen(method)]
    fn close(this: &Handle);
}

/// A question of the editor that the worker answers with JSON.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Option<String>>>>;

/// Asks one.
pub(crate) type Ask<T> = Box<dyn Fn(T) -> Answer>;

/// What an editor reports and asks.
#[derive(Clone, Copy)]
pub(crate) struct EditorCalls {
    /// The text changed.
    pub(crate) change: Callback<String>,
    /// The reader wants it to run.
    pub(crate) run: Callback<()>,
    /// The reader is done.
    pub(crate) close: Callback<()>,
    /// What can be written at a UTF-16 offset.
    pub(crate) complete: StoredValue<Ask<(String, usize)>, LocalStorage>,
    /// The problems of the text.
    pub(crate) check: StoredValue<Ask<String>, LocalStorage>,
}

/// An editor.
#[component]
pub(crate) fn Editor(
    /// `sql` or `markdown`.
    language: &'static str,
    /// What is edited, for assistive technology.
    label: String,
    /// The text to begin with.
    text: String,
    /// Replaces the text when it changes.
    #[prop(optional, into)]
    replaced: Option<Signal<Option<String>>>,
    /// What it reports and asks.
    calls: EditorCalls,
) -> AnyView {
    let host = NodeRef::<html::Div>::new();
    let handle = StoredValue::new_local(None::<Handle>);
    let kept = StoredValue::new_local(Vec::<Box<dyn std::any::Any>>::new());
    let failed = RwSignal::new(false);
    let now = RwSignal::new(text);
    let loading = RwSignal::new(true);
    let title = label.clone();
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let label = label.clone();
        spawn_local(async move {
            let text = now.get_untracked();
            match open_in(&host, language, &label, &text, calls).await {
                Ok((editor, closures)) => {
                    loading.set(false);
                    editor.focus();
                    kept.set_value(closures);
                    handle.set_value(Some(editor));
                }
                Err(_) => {
                    loading.set(false);
                    failed.set(true);
                }
            }
        });
    });
    if let Some(replaced) = replaced {
        Effect::new(move || {
            if let Some(text) = replaced.get() {
                handle.with_value(|handle| handle.iter().for_each(|handle| handle.replace(&text)));
                now.set(text);
            }
        });
    }
    on_cleanup(move || {
        let _ = handle.try_update_value(|handle| handle.take().iter().for_each(Handle::close));
    });
    let typed = move |event: web_sys::Event| {
        if let Some(area) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlTextAreaElement>().ok()) {
            now.set(area.value());
            calls.change.run(area.value());
        }
    };
    view! {
        <div class="editor">
            <Show when=move || loading.get()><pre class="code editor-waiting">{move || now.get()}</pre></Show>
            <Show when=move || failed.get()>
                <textarea class="code" rows="8" spellcheck="false" aria-label=title.clone() prop:value=move || now.get() on:input=typed></textarea>
            </Show>
            <div class="editor-host" node_ref=host></div>
        </div>
    }
    .into_any()
}

/// The draft with its differences from the published text marked.
#[component]
pub(crate) fn Comparison(
    /// As published.
    published: String,
    /// As drafted.
    draft: String,
) -> AnyView {
    let host = NodeRef::<html::Div>::new();
    let handle = StoredValue::new_local(None::<Handle>);
    let failed = RwSignal::new(false);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let (published, draft) = (published.clone(), draft.clone());
        spawn_local(async move {
            match module().await.and_then(|module| module.compare(&host, &published, &draft)) {
                Ok(view) => handle.set_value(Some(view)),
                Err(_) => failed.set(true),
            }
        });
    });
    on_cleanup(move || {
        let _ = handle.try_update_value(|handle| handle.take().iter().for_each(Handle::close));
    });
    view! {
        <div class="editor comparison">
            <Show when=move || failed.get()><p>"The comparison could not be loaded. Download the draft to compare it elsewhere."</p></Show>
            <div class="editor-host" node_ref=host></div>
        </div>
    }
    .into_any()
}

async fn module() -> Result<Module, JsValue> {
    let build = build();
    let version = if build.is_empty() { String::new() } else { format!("?v={build}") };
    Ok(JsFuture::from(load(&format!("{}assets/editor.js{version}", base_url()))).await?.unchecked_into())
}

type Kept = Vec<Box<dyn std::any::Any>>;

async fn open_in(
    host: &web_sys::Element,
    language: &str,
    label: &str,
    text: &str,
    calls: EditorCalls,
) -> Result<(Handle, Kept), JsValue> {
    let module = module().await?;
    let options = js_sys::Object::new();
    let set = |name: &str, value: &JsValue| js_sys::Reflect::set(&options, &name.into(), value).map(drop);
    set("language", &language.into())?;
    set("label", &label.into())?;
    set("text", &text.into())?;
    let change = Closure::<dyn Fn(String)>::new(move |text| calls.change.run(text));
    let run = Closure::<dyn Fn()>::new(move || calls.run.run(()));
    let close = Closure::<dyn Fn()>::new(move || calls.close.run(()));
    let complete = Closure::<dyn Fn(String, u32) -> js_sys::Promise>::new(move |text, position: u32| {
        promise(calls.complete.with_value(|ask| ask((text, position as usize))))
    });
    let check =
        Closure::<dyn Fn(String) -> js_sys::Promise>::new(move |text| promise(calls.check.with_value(|ask| ask(text))));
    set("change", change.as_ref())?;
    set("run", run.as_ref())?;
    set("close", close.as_ref())?;
    set("complete", complete.as_ref())?;
    set("check", check.as_ref())?;
    let handle = module.open(host, &options)?;
    Ok((handle, vec![Box::new(change), Box::new(run), Box::new(close), Box::new(complete), Box::new(check)]))
}

fn promise(answer: Answer) -> js_sys::Promise {
    future_to_promise(async move { Ok(answer.await.map_or(JsValue::NULL, JsValue::from)) })
}
