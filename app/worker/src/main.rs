//! The engine in a Web Worker: takes [`Request`]s from the page, runs a [`Session`], posts [`Response`]s.
//!
//! May use: the session, `fetch`, `postMessage`, a file of its own (`keep.rs`), helpers (`pool.rs`). Never: the DOM, another origin.
//!
//! **Invariant:** messages are handled in order, except that a newer `Run` ends an older one between two cells, and that a text
//! is read at once, between the steps of a run.
//! **Invariant:** nothing here is worth saving: the page may end this worker at any time and give a fresh one the same requests.
//! What is kept between visits is only faster to have than to fetch.
//!
//! `fn main` sets the message handler before it returns; how messages look on the wire is told in
//! [`almanac_model::protocol`].

mod answers;
mod helper;
mod keep;
mod mailbox;
mod net;
mod pace;
mod page;
mod pool;
mod serve;

use mailbox::Mailbox;
use page::Page;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

fn main() {
    let Ok(scope) = js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() else {
        return;
    };
    let last_words = scope.clone();
    std::panic::set_hook(Box::new(move |panic| page::say_fatal(&last_words, &panic.to_string())));
    if scope.name() == pool::NAME {
        helper::start(scope);
        return;
    }
    let page = Rc::new(Page::new(scope.clone()));

    let mailbox = Rc::new(Mailbox::default());
    let (inbox, outbox) = (Rc::clone(&mailbox), Rc::clone(&page));
    let receive = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        if let Some(response) = inbox.receive(&event.data()) {
            outbox.post(&response);
        }
    });
    scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    // The handler lives as long as the worker.
    receive.forget();

    wasm_bindgen_futures::spawn_local(serve::serve(mailbox, page));
}

/// Names this build: another one may compute other results.
fn build() -> &'static str {
    thread_local! {
        static BUILD: &'static str = {
            let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
            String::leak(format!("{}{}", env!("CARGO_PKG_VERSION"), scope.location().search()))
        };
    }
    BUILD.with(|build| *build)
}
