//! Helpers: workers of this worker, started from its own compiled module, that compute parts of queries.
//!
//! They share nothing and fetch nothing: what they need they ask of this worker, so that all bytes of the site come in, are kept
//! and are checked in one place. They are ended with this worker. One that fails is asked no more: its part is computed here.

use crate::net::Net;
use almanac_model::manifest::Manifest;
use almanac_model::pool::{Order, Part, Report};
use almanac_model::protocol::Limits;
use almanac_session::{Host as _, HostError};
use bytes::Bytes;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;

/// The name by which a worker knows that it is a helper.
pub(crate) const NAME: &str = "helper";

/// Rows below which help costs more than it saves.
pub(crate) const LEAST_ROWS: u64 = 1_000_000;
/// Groups above which it does.
pub(crate) const MOST_GROUPS: u64 = 20_000;

/// The helpers there may be.
pub(crate) struct Pool {
    /// Filled as helpers are first asked; `None` for one that could not be made.
    helpers: RefCell<Vec<Option<Rc<Helper>>>>,
    most: usize,
    site: RefCell<Option<Order>>,
}

impl Pool {
    /// A pool that does not start anything yet. `most` helpers may be made.
    pub(crate) fn new(most: usize) -> Self {
        Self { helpers: RefCell::default(), most, site: RefCell::default() }
    }

    /// How many helpers there may be: none where a worker cannot have workers.
    pub(crate) fn size(&self) -> usize {
        if self.site.borrow().is_some() { self.most } else { 0 }
    }

    /// The tables that helpers know from now on. Those that know others are ended.
    pub(crate) fn know(&self, manifest: &Manifest, limits: Limits) {
        self.helpers.borrow_mut().clear();
        let can = js_sys::Reflect::has(&js_sys::global(), &"Worker".into()).unwrap_or(false);
        let limits = Limits { memory_bytes: limits.memory_bytes / (self.most as u64 + 1), ..limits };
        let site = Order::Site { manifest: Box::new(manifest.clone()), limits };
        *self.site.borrow_mut() = Some(site).filter(|_| can && self.most > 0);
    }

    /// What a helper makes of a part; `None` when it fails.
    pub(crate) async fn help(&self, net: &Weak<Net>, at: usize, part: &Part) -> Option<Bytes> {
        let helper = self.helper(net, at)?;
        helper.answer.borrow_mut().take();
        helper.order(Order::Part(part.clone()));
        let answer = poll_fn(|context| {
            if helper.failed.get() {
                return Poll::Ready(None);
            }
            if let Some(answer) = helper.answer.borrow_mut().take() {
                return Poll::Ready(answer);
            }
            *helper.waiting.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        });
        answer.await
    }

    fn helper(&self, net: &Weak<Net>, at: usize) -> Option<Rc<Helper>> {
        let mut helpers = self.helpers.borrow_mut();
        while helpers.len() <= at {
            let made = self.site.borrow().clone().and_then(|site| Helper::start(net.clone(), site));
            helpers.push(made);
        }
        helpers.get(at).cloned().flatten().filter(|helper| !helper.failed.get())
    }
}

type Listener = Closure<dyn Fn(web_sys::Event)>;

/// One helper. Dropping it ends it.
struct Helper {
    worker: web_sys::Worker,
    /// Orders that wait until its module runs; `None` once it does.
    early: RefCell<Option<Vec<Order>>>,
    failed: Cell<bool>,
    answer: RefCell<Option<Option<Bytes>>>,
    waiting: RefCell<Option<Waker>>,
    listeners: RefCell<Vec<Listener>>,
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Helper {
    fn start(net: Weak<Net>, site: Order) -> Option<Rc<Self>> {
        let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
        let options = web_sys::WorkerOptions::new();
        options.set_type(web_sys::WorkerType::Module);
        options.set_name(NAME);
        let worker = web_sys::Worker::new_with_options(&scope.location().href(), &options).ok()?;
        let helper = Rc::new(Self {
            worker,
            early: RefCell::new(Some(vec![site])),
            failed: Cell::new(false),
            answer: RefCell::default(),
            waiting: RefCell::default(),
            listeners: RefCell::default(),
        });
        let weak = Rc::downgrade(&helper);
        helper.listen("message", move |event| {
            if let (Some(helper), Some(event)) = (weak.upgrade(), event.dyn_ref::<web_sys::MessageEvent>()) {
                helper.hear(&net, &event.data());
            }
        });
        for name in ["error", "messageerror"] {
            let weak = Rc::downgrade(&helper);
            helper.listen(name, move |event| {
                // The part is computed here: nobody need read of it.
                event.prevent_default();
                weak.upgrade().inspect(|helper| helper.fail());
            });
        }
        let first = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&first, &"module".into(), &wasm_bindgen::module());
        helper.worker.post_message(&first).ok()?;
        Some(helper)
    }

    fn listen(&self, name: &str, hear: impl Fn(web_sys::Event) + 'static) {
        let listener = Listener::new(hear);
        let _ = self.worker.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        self.listeners.borrow_mut().push(listener);
    }

    fn fail(&self) {
        self.failed.set(true);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waiting.borrow_mut().take() {
            waker.wake();
        }
    }

    fn order(&self, order: Order) {
        match &mut *self.early.borrow_mut() {
            Some(early) => early.push(order),
            None => self.post(&order, None),
        }
    }

    fn post(&self, order: &Order, bytes: Option<&Bytes>) {
        let Ok(text) = serde_json::to_string(order) else { return self.fail() };
        let buffer = bytes.map(|bytes| js_sys::Uint8Array::from(bytes.as_ref()).buffer());
        let message = js_sys::Array::of2(&text.into(), buffer.as_ref().map_or(&JsValue::UNDEFINED, AsRef::as_ref));
        let transfer: js_sys::Array = buffer.iter().collect();
        if self.worker.post_message_with_transfer(&message, &transfer).is_err() {
            self.fail();
        }
    }

    fn hear(self: &Rc<Self>, net: &Weak<Net>, data: &JsValue) {
        let has = |name: &str| js_sys::Reflect::get(data, &name.into()).is_ok_and(|value| !value.is_undefined());
        if has("loaded") {
            let early = self.early.borrow_mut().take();
            early.into_iter().flatten().for_each(|order| self.post(&order, None));
            return;
        }
        let field = |at: u32| js_sys::Reflect::get_u32(data, at).unwrap_or(JsValue::UNDEFINED);
        let report = field(0).as_string().and_then(|text| serde_json::from_str(&text).ok());
        match report {
            Some(Report::Done) => {
                let bytes = field(1).dyn_into::<js_sys::ArrayBuffer>().ok();
                let bytes = bytes.map(|bytes| js_sys::Uint8Array::new(&bytes).to_vec().into());
                *self.answer.borrow_mut() = Some(bytes);
                self.wake();
            }
            Some(Report::Need { question, path, range }) => {
                let (helper, net) = (Rc::downgrade(self), net.clone());
                spawn_local(async move {
                    let Some(net) = net.upgrade() else { return };
                    let bytes: Result<Bytes, HostError> = match range {
                        Some(range) => net.read(&path, range).await,
                        None => net.read_whole(&path).await,
                    };
                    helper.upgrade().inspect(|helper| helper.post(&Order::Bytes { question }, bytes.ok().as_ref()));
                });
            }
            // Its last words, or nothing that this build says.
            None => self.fail(),
        }
    }
}
