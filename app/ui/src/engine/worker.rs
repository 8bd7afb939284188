//! The connection to one worker.

use crate::browser::{Listener, base_url, build, listen};
use almanac_model::protocol::{Request, Response};
use wasm_bindgen::{JsCast as _, JsValue};

/// What a worker says.
pub(crate) enum Message {
    /// Its module is loaded; the compiled module starts the next worker faster.
    Loaded(JsValue),
    /// An answer.
    Answer(Box<Response>),
    /// It died.
    Fatal(String),
}

/// A live worker. Dropping it ends it.
pub(crate) struct Connection {
    worker: web_sys::Worker,
    _listeners: [Listener; 3],
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Connection {
    /// Starts a worker, from the compiled module if an earlier one left it.
    pub(crate) fn open(module: Option<&JsValue>, hear: impl Fn(Message) + Clone + 'static) -> Result<Self, String> {
        let build = build();
        let version = if build.is_empty() { String::new() } else { format!("?v={build}") };
        let options = web_sys::WorkerOptions::new();
        options.set_type(web_sys::WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(&format!("{}worker.js{version}", base_url()), &options)
            .map_err(|error| describe(&error))?;
        let listeners = [
            listen(&worker, "message", {
                let hear = hear.clone();
                move |event| {
                    if let Some(event) = event.dyn_ref::<web_sys::MessageEvent>() {
                        hear(read(&event.data()));
                    }
                }
            }),
            listen(&worker, "messageerror", {
                let hear = hear.clone();
                move |_| hear(Message::Fatal("an answer could not be read".to_owned()))
            }),
            listen(&worker, "error", move |event| {
                // The page deals with it: no second report in the console.
                event.prevent_default();
                let why = event.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message);
                hear(Message::Fatal(
                    why.filter(|why| !why.is_empty()).unwrap_or_else(|| "the engine could not be loaded".to_owned()),
                ));
            }),
        ];
        let connection = Self { worker, _listeners: listeners };
        let first = js_sys::Object::new();
        if let Some(module) = module {
            let _ = js_sys::Reflect::set(&first, &"module".into(), module);
        }
        connection.worker.post_message(&first).map_err(|error| describe(&error))?;
        Ok(connection)
    }

    /// Sends a request, with the bytes that belong to it.
    pub(crate) fn post(&self, request: &Request, bytes: Option<&js_sys::ArrayBuffer>) -> Result<(), String> {
        let text = serde_json::to_string(request).map_err(|error| error.to_string())?;
        let message = js_sys::Array::of2(&text.into(), bytes.map_or(&JsValue::UNDEFINED, AsRef::as_ref));
        let transfer: js_sys::Array = bytes.into_iter().collect();
        self.worker.post_message_with_transfer(&message, &transfer).map_err(|error| describe(&error))
    }
}

fn read(data: &JsValue) -> Message {
    if let Some(text) = data.as_string() {
        return match serde_json::from_str(&text) {
            Ok(answer) => Message::Answer(Box::new(answer)),
            Err(error) => Message::Fatal(format!("an answer could not be read ({error})")),
        };
    }
    let field = |name: &str| js_sys::Reflect::get(data, &name.into()).ok().filter(|value| !value.is_undefined());
    match (field("loaded"), field("fatal")) {
        (Some(module), _) => Message::Loaded(module),
        (None, Some(why)) => Message::Fatal(why.as_string().unwrap_or_default()),
        (None, None) => Message::Fatal("an unknown message came from the engine".to_owned()),
    }
}

fn describe(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(String::new, |error| error.message().into())
}
