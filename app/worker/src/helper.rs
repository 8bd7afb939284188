//! A helper: an engine that computes parts of queries for the worker that started it, and asks that one for the bytes it needs.

use crate::page;
use almanac_model::pool::{Order, Part, Report};
use almanac_session::{Engine, Host, HostError};
use bytes::Bytes;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::ops::Range;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;

/// A question that was asked, and its answer once it is here.
#[derive(Default)]
struct Question {
    answer: Option<Option<Bytes>>,
    waiting: Option<Waker>,
}

/// What came of the worker, and the way to it.
struct Desk {
    scope: web_sys::DedicatedWorkerGlobalScope,
    orders: RefCell<VecDeque<Order>>,
    waiting: RefCell<Option<Waker>>,
    asked: Cell<u32>,
    questions: RefCell<BTreeMap<u32, Question>>,
}

/// Listens to the worker until it ends this helper.
pub(crate) fn start(scope: web_sys::DedicatedWorkerGlobalScope) {
    let desk = Rc::new(Desk {
        scope,
        orders: RefCell::default(),
        waiting: RefCell::default(),
        asked: Cell::new(0),
        questions: RefCell::default(),
    });
    let inbox = Rc::clone(&desk);
    let receive = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        inbox.receive(&event.data());
    });
    desk.scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    // The handler lives as long as the helper.
    receive.forget();
    spawn_local(serve(desk));
}

async fn serve(desk: Rc<Desk>) {
    let mut engine: Option<Engine> = None;
    loop {
        match desk.next().await {
            Order::Site { manifest, limits } => engine = Some(Engine::new(*manifest, limits)),
            Order::Part(part) => {
                let answer = compute(engine.as_mut(), &desk, &part).await;
                desk.post(&Report::Done, answer.as_ref());
            }
            Order::Bytes { .. } => {}
        }
    }
}

async fn compute(engine: Option<&mut Engine>, desk: &Rc<Desk>, part: &Part) -> Option<Bytes> {
    engine?.part(&**desk, part).await
}

impl Desk {
    fn receive(&self, data: &JsValue) {
        let field = |at: u32| js_sys::Reflect::get_u32(data, at).unwrap_or(JsValue::UNDEFINED);
        let order = field(0).as_string().and_then(|text| serde_json::from_str(&text).ok());
        match order {
            Some(Order::Bytes { question }) => {
                let bytes = field(1).dyn_into::<js_sys::ArrayBuffer>().ok();
                let bytes = bytes.map(|bytes| js_sys::Uint8Array::new(&bytes).to_vec().into());
                if let Some(question) = self.questions.borrow_mut().get_mut(&question) {
                    question.answer = Some(bytes);
                    question.waiting.take().into_iter().for_each(Waker::wake);
                }
            }
            Some(order) => {
                self.orders.borrow_mut().push_back(order);
                self.waiting.borrow_mut().take().into_iter().for_each(Waker::wake);
            }
            None => page::say_fatal(&self.scope, "an order could not be read"),
        }
    }

    async fn next(&self) -> Order {
        poll_fn(|context| match self.orders.borrow_mut().pop_front() {
            Some(order) => Poll::Ready(order),
            None => {
                *self.waiting.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }

    fn post(&self, report: &Report, bytes: Option<&Bytes>) {
        let Ok(text) = serde_json::to_string(report) else { return };
        let buffer = bytes.map(|bytes| js_sys::Uint8Array::from(bytes.as_ref()).buffer());
        let message = js_sys::Array::of2(&text.into(), buffer.as_ref().map_or(&JsValue::UNDEFINED, AsRef::as_ref));
        let transfer: js_sys::Array = buffer.iter().collect();
        let _ = self.scope.post_message_with_transfer(&message, &transfer);
    }

    async fn ask(&self, path: &str, range: Option<Range<u64>>) -> Result<Bytes, HostError> {
        let question = self.asked.get();
        self.asked.set(question + 1);
        self.questions.borrow_mut().insert(question, Question::default());
        self.post(&Report::Need { question, path: path.to_owned(), range }, None);
        let answer = poll_fn(|context| {
            let mut questions = self.questions.borrow_mut();
            let Some(asked) = questions.get_mut(&question) else { return Poll::Ready(None) };
            match asked.answer.take() {
                Some(answer) => {
                    questions.remove(&question);
                    Poll::Ready(answer)
                }
                None => {
                    asked.waiting = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        });
        // Why they could not be had, the worker finds out when it computes the part itself.
        let failed = || HostError::Failed { path: path.to_owned(), message: "the worker has no bytes".to_owned() };
        answer.await.ok_or_else(failed)
    }
}

impl Host for Desk {
    async fn read(&self, path: &str, range: Range<u64>) -> Result<Bytes, HostError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.ask(path, Some(range)).await
    }

    async fn read_whole(&self, path: &str) -> Result<Bytes, HostError> {
        self.ask(path, None).await
    }

    async fn turn(&self) {
        page::next_turn().await;
    }
}
