//! The engine's host in a browser: what was kept from earlier, else `fetch`, by byte ranges.
//!
//! A server that ignores `Range` answers 200 with the whole file: it is kept, and later ranges are cut from it; requests beside
//! the first wait for it. A file whose tag changes between two answers was published anew: its parts are not mixed.

use crate::answers::{Asking, cut, header, told, total};
use crate::keep::Keep;
use crate::pace::Pace;
use crate::page::Page;
use crate::pool::{self, Pool};
use almanac_model::manifest::Manifest;
use almanac_model::pool::Part;
use almanac_session::{Host, HostError, Pool as Help};
use bytes::Bytes;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::ops::Range;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Bytes that wait to be kept, at most: they stay in memory until the worker is idle.
const MOST_PENDING: u64 = 96 << 20;

/// What is known of a file on the server.
#[derive(Default, Clone)]
struct Known {
    /// From the manifest: its hash, and its length.
    hash: String,
    bytes: u64,
    /// The tag of the first answer.
    tag: Option<String>,
}

/// A file that came whole although a part was asked for.
enum Whole {
    /// On its way.
    Coming,
    /// Here.
    Here(Bytes),
}

/// Bytes that are to be kept when there is time.
struct Pending {
    name: String,
    version: String,
    of: Range<u64>,
    bytes: Bytes,
}

/// The files of the site's data folder.
pub(crate) struct Net {
    /// Ends with a slash.
    base: String,
    page: Rc<Page>,
    known: RefCell<BTreeMap<String, Known>>,
    whole: RefCell<BTreeMap<String, Whole>>,
    waiting: RefCell<Vec<Waker>>,
    keep: RefCell<Option<Rc<Keep>>>,
    pending: RefCell<Vec<Pending>>,
    pace: Pace,
    bytes: Cell<u64>,
    /// Itself, for the helpers' questions.
    own: Weak<Self>,
    pub(crate) pool: Pool,
}

impl Net {
    /// The files below `base`; `workers` may compute, this one among them.
    pub(crate) fn new(base: String, page: Rc<Page>, workers: usize) -> Rc<Self> {
        Rc::new_cyclic(|own| Self {
            own: own.clone(),
            pool: Pool::new(workers.saturating_sub(1)),
            base,
            page,
            known: RefCell::default(),
            whole: RefCell::default(),
            waiting: RefCell::default(),
            keep: RefCell::default(),
            pending: RefCell::default(),
            pace: Pace::default(),
            bytes: Cell::new(0),
        })
    }

    /// The files of a manifest are asked for by their hashes from now on: a browser's cache never mixes two versions of a file.
    pub(crate) fn know(&self, manifest: &Manifest) {
        let files = manifest.resources.iter().flat_map(|resource| &resource.files);
        let known = |hash: &String, bytes| Known { hash: hash.clone(), bytes, tag: None };
        *self.known.borrow_mut() = files.map(|file| (file.path.clone(), known(&file.sha256, file.bytes))).collect();
        self.whole.borrow_mut().clear();
        if let Some(keep) = self.keep() {
            keep.know(manifest);
        }
    }

    /// Reads from and writes to what this browser keeps.
    pub(crate) fn use_keep(&self, keep: Keep) {
        *self.keep.borrow_mut() = Some(Rc::new(keep));
    }

    /// What this browser keeps, if it lets.
    pub(crate) fn keep(&self) -> Option<Rc<Keep>> {
        self.keep.borrow().clone()
    }

    /// Keeps what came, as long as `idle` says that nothing else is to be done.
    pub(crate) fn keep_pending(&self, idle: impl Fn() -> bool) {
        let Some(keep) = self.keep() else {
            self.pending.borrow_mut().clear();
            return;
        };
        let mut wrote = false;
        while idle() {
            let Some(next) = self.pending.borrow_mut().pop() else { break };
            keep.write(&next.name, &next.version, &next.of, &next.bytes);
            wrote = true;
        }
        if wrote {
            keep.save();
        }
    }

    /// Nothing of the data that came so far is used again: they may have been of two versions.
    pub(crate) fn distrust(&self) {
        self.pending.borrow_mut().clear();
        let names: Vec<String> = self.known.borrow().keys().cloned().collect();
        if let Some(keep) = self.keep() {
            names.iter().for_each(|name| keep.forget(name));
        }
    }

    fn later(&self, name: &str, version: &str, of: Range<u64>, bytes: &Bytes) {
        let mut pending = self.pending.borrow_mut();
        let waiting: u64 = pending.iter().map(|one| one.of.end - one.of.start).sum();
        if !version.is_empty() && self.keep.borrow().is_some() && waiting + (of.end - of.start) <= MOST_PENDING {
            pending.push(Pending { name: name.to_owned(), version: version.to_owned(), of, bytes: bytes.clone() });
        }
    }

    fn kept(&self, path: &str, range: &Range<u64>) -> Option<Bytes> {
        let hash = self.known.borrow().get(path).map(|known| known.hash.clone()).filter(|hash| !hash.is_empty())?;
        let pending = self.pending.borrow().iter().find_map(|one| {
            let inside =
                one.name == path && one.version == hash && one.of.start <= range.start && range.end <= one.of.end;
            let from = usize::try_from(range.start - one.of.start.min(range.start)).ok()?;
            inside.then(|| one.bytes.slice(from..from + (range.end - range.start) as usize))
        });
        pending.or_else(|| self.keep()?.read(path, &hash, range))
    }

    /// Asks for a file, or for a part of it. The answer can be read as long as the request is not dropped.
    async fn fetch(&self, path: &str, range: Option<&Range<u64>>) -> Result<(web_sys::Response, Asking), HostError> {
        let failed = |message: &str| HostError::Failed { path: path.to_owned(), message: message.to_owned() };
        let init = web_sys::RequestInit::new();
        init.set_method("GET");
        let asking = Asking::new(&init);
        let known = self.known.borrow().get(path).cloned().unwrap_or_default();
        let address = if known.hash.is_empty() {
            init.set_cache(web_sys::RequestCache::NoCache);
            format!("{}{path}", self.base)
        } else {
            if self.keep.borrow().is_some() {
                // Kept by the worker itself; a browser's own cache lets requests for one file wait for each other.
                init.set_cache(web_sys::RequestCache::NoStore);
            }
            format!("{}{path}?v={}", self.base, known.hash.chars().take(16).collect::<String>())
        };
        let request =
            web_sys::Request::new_with_str_and_init(&address, &init).map_err(|_| failed("its address is not one"))?;
        if let Some(range) = range {
            let value = format!("bytes={}-{}", range.start, range.end - 1);
            request.headers().set("Range", &value).map_err(|_| failed("the browser refuses byte ranges"))?;
            // Only a strong tag promises the same bytes (RFC 9110, 13.1.5).
            if let Some(tag) = known.tag.filter(|tag| tag.starts_with('"')) {
                let _ = request.headers().set("If-Range", &tag);
            }
        }
        let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
        let asked = self.page.now();
        let response = JsFuture::from(scope.fetch_with_request(&request))
            .await
            .map_err(|error| failed(&format!("the server cannot be reached ({})", told(&error))))?;
        self.pace.answered(self.page.now() - asked);
        let response: web_sys::Response = response.unchecked_into();
        // Some servers answer with a page of their own where a file is missing.
        let is_page = header(&response, "Content-Type").is_some_and(|kind| kind.starts_with("text/html"));
        match response.status() {
            200 | 206 if is_page => Err(HostError::NotFound { path: path.to_owned() }),
            200 | 206 => self.same_file(path, &response).map(|()| (response, asking)),
            404 | 410 => Err(HostError::NotFound { path: path.to_owned() }),
            416 => {
                let (expected, actual) = (range.map_or(0, |range| range.end), total(&response).unwrap_or(0));
                Err(HostError::TooShort { path: path.to_owned(), expected, actual })
            }
            status => Err(failed(&format!("the server answers {status}"))),
        }
    }

    /// Whether an answer is of the same file as those before it.
    fn same_file(&self, path: &str, response: &web_sys::Response) -> Result<(), HostError> {
        let mut known = self.known.borrow_mut();
        let Some(known) = known.get_mut(path) else { return Ok(()) };
        let tag = header(response, "ETag").or_else(|| header(response, "Last-Modified"));
        // A host may mark the tag of an answer that it compresses as weak, and not that of another.
        let bare = |tag: &String| tag.trim_start_matches("W/").to_owned();
        match (&known.tag, tag) {
            (Some(before), Some(now)) if bare(before) != bare(&now) => {
                Err(HostError::Changed { path: path.to_owned() })
            }
            (None, now) => {
                known.tag = now;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The body, told to the page as it comes.
    async fn body(&self, path: &str, response: &web_sys::Response, expected: Option<u64>) -> Result<Bytes, HostError> {
        let broken = |error: JsValue| HostError::Failed {
            path: path.to_owned(),
            message: format!("the connection broke off ({})", told(&error)),
        };
        let mut bytes = Vec::with_capacity(expected.and_then(|length| usize::try_from(length).ok()).unwrap_or(0));
        let Some(stream) = response.body() else { return Ok(Bytes::new()) };
        let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let began = self.page.now();
        loop {
            let step = JsFuture::from(reader.read()).await.map_err(broken)?;
            let field = |name: &str| js_sys::Reflect::get(&step, &name.into()).unwrap_or(JsValue::UNDEFINED);
            if field("done").is_truthy() {
                self.pace.came(bytes.len() as u64, self.page.now() - began);
                return Ok(bytes.into());
            }
            let Ok(chunk) = field("value").dyn_into::<js_sys::Uint8Array>() else { continue };
            let start = bytes.len();
            bytes.resize(start + chunk.length() as usize, 0);
            chunk.copy_to(&mut bytes[start..]);
            self.bytes.set(self.bytes.get() + u64::from(chunk.length()));
            self.page.received(u64::from(chunk.length()));
        }
    }

    /// The whole file that the first such answer to a range brings; the others are broken off.
    async fn take_whole(&self, path: &str, response: &web_sys::Response) -> Result<Bytes, HostError> {
        self.whole.borrow_mut().insert(path.to_owned(), Whole::Coming);
        let _promise = Promise(self, path);
        let bytes = self.body(path, response, None).await.and_then(|bytes| self.promised(path, bytes));
        if let Ok(bytes) = &bytes {
            self.later(path, &self.hash(path), 0..bytes.len() as u64, bytes);
            self.whole.borrow_mut().insert(path.to_owned(), Whole::Here(bytes.clone()));
        }
        bytes
    }

    /// A whole file, if it is as long as the manifest says.
    fn promised(&self, path: &str, bytes: Bytes) -> Result<Bytes, HostError> {
        let expected = self.known.borrow().get(path).map(|known| known.bytes);
        let (actual, path) = (bytes.len() as u64, path.to_owned());
        match expected {
            Some(expected) if actual < expected => Err(HostError::TooShort { path, expected, actual }),
            Some(expected) if actual > expected => Err(HostError::TooLong { path, expected, actual }),
            _ => Ok(bytes),
        }
    }

    /// A file that another request is bringing.
    async fn wait_for_whole(&self, path: &str) -> Result<Bytes, HostError> {
        poll_fn(|context| match self.whole.borrow().get(path) {
            Some(Whole::Here(bytes)) => Poll::Ready(Ok(bytes.clone())),
            Some(Whole::Coming) => {
                self.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(Err(HostError::Failed {
                path: path.to_owned(),
                message: "the connection broke off".to_owned(),
            })),
        })
        .await
    }

    /// Fetches a part of a file.
    async fn part(&self, path: &str, range: &Range<u64>) -> Result<Bytes, HostError> {
        let (response, asking) = self.fetch(path, Some(range)).await?;
        if response.status() == 200 {
            if self.whole.borrow().contains_key(path) {
                drop(asking);
                return cut(path, &self.wait_for_whole(path).await?, range);
            }
            return cut(path, &self.take_whole(path, &response).await?, range);
        }
        let expected = range.end - range.start;
        let bytes = self.body(path, &response, Some(expected)).await?;
        let length = bytes.len() as u64;
        let promised = self.known.borrow().get(path).map(|known| known.bytes);
        let actual = total(&response).unwrap_or(range.start + length);
        if length == expected && promised.is_none_or(|promised| total(&response).is_none_or(|total| total == promised))
        {
            return Ok(bytes);
        }
        Err(if actual < promised.unwrap_or(range.end) {
            HostError::TooShort { path: path.to_owned(), expected: promised.unwrap_or(range.end), actual }
        } else {
            HostError::TooLong { path: path.to_owned(), expected: promised.unwrap_or(range.end), actual }
        })
    }

    fn hash(&self, path: &str) -> String {
        self.known.borrow().get(path).map(|known| known.hash.clone()).unwrap_or_default()
    }
}

/// A whole file that is on its way. When its request ends without it, whoever waits is told.
struct Promise<'a>(&'a Net, &'a str);

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        let Self(net, path) = self;
        net.whole.borrow_mut().retain(|name, whole| name != path || matches!(whole, Whole::Here(_)));
        net.waiting.borrow_mut().drain(..).for_each(Waker::wake);
    }
}

impl Host for Net {
    async fn read(&self, path: &str, range: Range<u64>) -> Result<Bytes, HostError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        if self.whole.borrow().contains_key(path) {
            return cut(path, &self.wait_for_whole(path).await?, &range);
        }
        if let Some(bytes) = self.kept(path, &range) {
            return Ok(bytes);
        }
        let bytes = self.part(path, &range).await?;
        self.later(path, &self.hash(path), range, &bytes);
        Ok(bytes)
    }

    async fn read_whole(&self, path: &str) -> Result<Bytes, HostError> {
        if self.whole.borrow().contains_key(path) {
            return self.wait_for_whole(path).await;
        }
        let length = self.known.borrow().get(path).map_or(0, |known| known.bytes);
        if length > 0
            && let Some(bytes) = self.kept(path, &(0..length))
        {
            return Ok(bytes);
        }
        let (response, _asking) = self.fetch(path, None).await?;
        let bytes = self.body(path, &response, None).await?;
        if bytes.len() as u64 == length {
            self.later(path, &self.hash(path), 0..length, &bytes);
        }
        Ok(bytes)
    }

    fn gap(&self) -> u64 {
        self.pace.gap()
    }

    fn has(&self, path: &str, range: &Range<u64>) -> bool {
        let hash = self.hash(path);
        !hash.is_empty() && self.keep().is_some_and(|keep| keep.has(path, &hash, range))
    }

    async fn turn(&self) {
        crate::page::next_turn().await;
    }

    fn recall(&self, name: &str) -> Option<Bytes> {
        // The length is not known before: it stands in front of the result.
        let keep = self.keep()?;
        let head = keep.read(name, crate::build(), &(0..8))?;
        let length = u64::from_le_bytes(head.as_ref().try_into().ok()?);
        keep.read(name, crate::build(), &(0..length.checked_add(8)?)).map(|bytes| bytes.slice(8..))
    }

    fn remember(&self, name: &str, bytes: &[u8]) {
        let all = [(bytes.len() as u64).to_le_bytes().as_slice(), bytes].concat();
        self.later(name, crate::build(), 0..all.len() as u64, &all.into());
    }

    fn network_bytes(&self) -> Option<u64> {
        Some(self.bytes.get())
    }

    fn pool(&self) -> Option<Help> {
        Some(Help { helpers: self.pool.size(), least_rows: pool::LEAST_ROWS, most_groups: pool::MOST_GROUPS })
    }

    async fn help(&self, helper: usize, part: &Part) -> Option<Bytes> {
        self.pool.help(&self.own, helper, part).await
    }
}
