//! The engine's host in a browser: `fetch`, by byte ranges.
//!
//! A server that ignores `Range` answers 200 with the whole file: it is kept, and later ranges are cut from it.

use crate::page::Page;
use almanac_model::manifest::Manifest;
use almanac_session::{Host, HostError};
use bytes::Bytes;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The files of the site's data folder.
pub(crate) struct Net {
    /// Ends with a slash.
    base: String,
    page: Rc<Page>,
    /// Hashes of the files, part of their addresses: a browser's cache never mixes two versions of a file.
    versions: BTreeMap<String, String>,
    /// Files that came whole although a part was asked for.
    whole: RefCell<BTreeMap<String, Bytes>>,
}

impl Net {
    pub(crate) fn new(base: String, page: Rc<Page>) -> Self {
        Self { base, page, versions: BTreeMap::new(), whole: RefCell::default() }
    }

    /// The files of a manifest are asked for by their hashes from now on.
    pub(crate) fn know(&mut self, manifest: &Manifest) {
        let files = manifest.resources.iter().flat_map(|resource| &resource.files);
        self.versions = files.map(|file| (file.path.clone(), file.sha256.chars().take(16).collect())).collect();
    }

    /// Asks for a file, or for a part of it.
    async fn fetch(&self, path: &str, range: Option<&Range<u64>>) -> Result<web_sys::Response, HostError> {
        let failed = |message: &str| HostError::Failed { path: path.to_owned(), message: message.to_owned() };
        let init = web_sys::RequestInit::new();
        init.set_method("GET");
        let address = match self.versions.get(path) {
            Some(version) => format!("{}{path}?v={version}", self.base),
            None => {
                init.set_cache(web_sys::RequestCache::NoCache);
                format!("{}{path}", self.base)
            }
        };
        let request =
            web_sys::Request::new_with_str_and_init(&address, &init).map_err(|_| failed("its address is not one"))?;
        if let Some(range) = range {
            let value = format!("bytes={}-{}", range.start, range.end - 1);
            request.headers().set("Range", &value).map_err(|_| failed("the browser refuses byte ranges"))?;
        }
        let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
        let response = JsFuture::from(scope.fetch_with_request(&request))
            .await
            .map_err(|error| failed(&format!("the server cannot be reached ({})", told(&error))))?;
        let response: web_sys::Response = response.unchecked_into();
        // Some servers answer with a page of their own where a file is missing.
        let is_page =
            response.headers().get("Content-Type").ok().flatten().is_some_and(|kind| kind.starts_with("text/html"));
        match response.status() {
            200 | 206 if is_page => Err(HostError::NotFound { path: path.to_owned() }),
            200 | 206 => Ok(response),
            404 | 410 => Err(HostError::NotFound { path: path.to_owned() }),
            416 => {
                let (expected, actual) = (range.map_or(0, |range| range.end), total(&response).unwrap_or(0));
                Err(HostError::TooShort { path: path.to_owned(), expected, actual })
            }
            status => Err(failed(&format!("the server answers {status}"))),
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
        loop {
            let step = JsFuture::from(reader.read()).await.map_err(broken)?;
            let field = |name: &str| js_sys::Reflect::get(&step, &name.into()).unwrap_or(JsValue::UNDEFINED);
            if field("done").is_truthy() {
                return Ok(bytes.into());
            }
            let Ok(chunk) = field("value").dyn_into::<js_sys::Uint8Array>() else { continue };
            let start = bytes.len();
            bytes.resize(start + chunk.length() as usize, 0);
            chunk.copy_to(&mut bytes[start..]);
            self.page.received(u64::from(chunk.length()));
        }
    }
}

impl Host for Net {
    async fn read(&self, path: &str, range: Range<u64>) -> Result<Bytes, HostError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let known = self.whole.borrow().get(path).cloned();
        if let Some(whole) = known {
            return cut(path, &whole, &range);
        }
        let response = self.fetch(path, Some(&range)).await?;
        if response.status() == 200 {
            let whole = self.body(path, &response, None).await?;
            self.whole.borrow_mut().insert(path.to_owned(), whole.clone());
            return cut(path, &whole, &range);
        }
        let expected = range.end - range.start;
        let bytes = self.body(path, &response, Some(expected)).await?;
        let length = bytes.len() as u64;
        if length == expected {
            return Ok(bytes);
        }
        let actual = total(&response).unwrap_or(range.start + length);
        Err(if length < expected {
            HostError::TooShort { path: path.to_owned(), expected: range.end, actual }
        } else {
            HostError::TooLong { path: path.to_owned(), expected: range.end, actual }
        })
    }

    async fn read_whole(&self, path: &str) -> Result<Bytes, HostError> {
        let known = self.whole.borrow().get(path).cloned();
        if let Some(whole) = known {
            return Ok(whole);
        }
        let response = self.fetch(path, None).await?;
        self.body(path, &response, None).await
    }
}

/// What the browser says of a failure.
fn told(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| "the browser gives no reason".to_owned(), |error| error.message().into())
}

/// A part of a file that is here.
fn cut(path: &str, whole: &Bytes, range: &Range<u64>) -> Result<Bytes, HostError> {
    let place = |at: u64| usize::try_from(at).ok().filter(|at| *at <= whole.len());
    match (place(range.start), place(range.end)) {
        (Some(start), Some(end)) => Ok(whole.slice(start..end)),
        _ => Err(HostError::TooShort { path: path.to_owned(), expected: range.end, actual: whole.len() as u64 }),
    }
}

/// The length of the file as `Content-Range: bytes 0-9/100` or `bytes */100` tells it.
fn total(response: &web_sys::Response) -> Option<u64> {
    let header = response.headers().get("Content-Range").ok().flatten()?;
    header.rsplit('/').next()?.trim().parse().ok()
}
