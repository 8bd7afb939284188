//! One answer: the file, a part of it, "not changed", or why not.

use super::compress::accepted;
use super::types::{is_compressible, is_hashed, media_type};
use super::{Site, paths};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use http_range_header::{EndPosition, StartPosition, parse_range_header};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Names with a hash never change; everything else is asked for again, and answered with "not changed" if so.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// Answers a request for a path.
pub(super) fn answer(site: &Site, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    let found = paths::file(&site.root, path).and_then(|file| Some((Content::open(&file)?, file)));
    let Some((content, file)) = found else {
        if paths::is_page_without_slash(&site.root, path) {
            let mut response = plain(StatusCode::PERMANENT_REDIRECT, "The page's address ends in a slash.\n");
            set(&mut response, header::LOCATION, &format!("{path}/"));
            return response;
        }
        return plain(StatusCode::NOT_FOUND, "There is no such file here.\n");
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut response = body(site, &content, &file, &name, (method, headers));
    if *method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    let good = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let caching = if good && is_hashed(&name) { FOREVER } else { ASK_AGAIN };
    set(&mut response, header::CACHE_CONTROL, caching);
    if is_compressible(&name) {
        set(&mut response, header::VARY, "accept-encoding");
    }
    secured(response)
}

fn body(site: &Site, content: &Content, file: &Path, name: &str, (method, headers): (&Method, &HeaderMap)) -> Response {
    if let Some(tag) = matched(headers.get(header::IF_NONE_MATCH), &content.tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        set(&mut response, header::ETAG, &format!("\"{tag}\""));
        return response;
    }
    let same = headers.get(header::IF_RANGE).is_none_or(|tag| tag.as_bytes() == content.quoted("").as_bytes());
    // Ranges are of GET alone (RFC 9110, 14.2).
    let ranged = same && *method == Method::GET;
    let range = headers.get(header::RANGE).filter(|_| ranged).and_then(|value| value.to_str().ok());
    match range.map(|range| wanted(range, content.length)) {
        Some(Wanted::Part(range)) => return part(content, name, &range),
        Some(Wanted::Nothing) => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE, "The file is shorter than that.\n");
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", content.length));
            return response;
        }
        Some(Wanted::All) | None => {}
    }
    let Some(bytes) = content.read(0, content.length) else { return broken() };
    let small = is_compressible(name).then(|| site.compressed.get(file, &bytes, &accepted(headers))).flatten();
    let (coding, bytes) = match small {
        Some((coding, small)) => (Some(coding), small),
        None => (None, bytes.into()),
    };
    let mut response = Response::new(Body::empty());
    set(&mut response, header::CONTENT_TYPE, media_type(name));
    set(&mut response, header::CONTENT_LENGTH, &bytes.len().to_string());
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    set(&mut response, header::ETAG, &content.quoted(coding.map_or("", |coding| coding.name())));
    if let Some(coding) = coding {
        set(&mut response, header::CONTENT_ENCODING, coding.name());
    }
    *response.body_mut() = Body::from(bytes);
    response
}

fn part(content: &Content, name: &str, range: &RangeInclusive<u64>) -> Response {
    let length = range.end() - range.start() + 1;
    let Some(bytes) = content.read(*range.start(), length) else { return broken() };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    set(&mut response, header::CONTENT_TYPE, media_type(name));
    set(&mut response, header::CONTENT_LENGTH, &length.to_string());
    set(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{}/{}", range.start(), range.end(), content.length));
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    set(&mut response, header::ETAG, &content.quoted(""));
    response
}

enum Wanted {
    Part(RangeInclusive<u64>),
    Nothing,
    All,
}

/// What a `Range` header asks for. Several ranges, other units and nonsense may be ignored (RFC 9110, 14.2), and are; nothing
/// can be had only when every range begins behind the end. A suffix longer than the file is all of it (14.1.2).
fn wanted(header: &str, length: u64) -> Wanted {
    let Ok(parsed) = parse_range_header(header) else { return Wanted::All };
    let last = length.saturating_sub(1);
    let bounds: Vec<RangeInclusive<u64>> = parsed
        .ranges
        .iter()
        .map(|range| {
            let to = match range.end {
                EndPosition::Index(to) => to,
                EndPosition::LastByte => u64::MAX,
            };
            match range.start {
                StartPosition::Index(from) => from..=to,
                StartPosition::FromLast(count) => length.saturating_sub(count)..=to,
            }
        })
        .collect();
    if bounds.iter().any(RangeInclusive::is_empty) {
        return Wanted::All;
    }
    if bounds.iter().all(|range| *range.start() >= length) {
        return Wanted::Nothing;
    }
    match bounds.as_slice() {
        [range] => Wanted::Part(*range.start()..=(*range.end()).min(last)),
        _ => Wanted::All,
    }
}

/// A file that is there.
struct Content {
    file: File,
    length: u64,
    /// Of its length and time: enough to know that it changed.
    tag: String,
}

impl Content {
    fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let data = file.metadata().ok()?;
        let age = data.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        Some(Self { length: data.len(), tag: format!("{:x}-{:x}", data.len(), age.as_micros()), file })
    }

    /// The entity tag; each coding of a file has one of its own.
    fn quoted(&self, coding: &str) -> String {
        if coding.is_empty() { format!("\"{}\"", self.tag) } else { format!("\"{}-{coding}\"", self.tag) }
    }

    fn read(&self, from: u64, length: u64) -> Option<Vec<u8>> {
        let mut file = &self.file;
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        file.seek(SeekFrom::Start(from)).and_then(|_| file.read_exact(&mut bytes)).ok()?;
        Some(bytes)
    }
}

/// The tag of an `If-None-Match` that names this file in any coding; tags are compared weakly. A cache may keep what it has only
/// under the tag it asked with.
fn matched(header: Option<&HeaderValue>, tag: &str) -> Option<String> {
    let value = header.and_then(|value| value.to_str().ok())?;
    let mut tags = value.split(',').map(|one| one.trim().trim_start_matches("W/").trim_matches('"'));
    let own = |one: &&str| {
        *one == "*" || *one == tag || ["-br", "-gzip"].iter().any(|coding| one.strip_suffix(coding) == Some(tag))
    };
    tags.find(own).map(|one| if one == "*" { tag.to_owned() } else { one.to_owned() })
}

/// An answer in words.
pub(super) fn plain(status: StatusCode, words: &'static str) -> Response {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    set(&mut response, header::CONTENT_TYPE, "text/plain; charset=utf-8");
    set(&mut response, header::CACHE_CONTROL, ASK_AGAIN);
    secured(response)
}

fn broken() -> Response {
    plain(StatusCode::INTERNAL_SERVER_ERROR, "The file cannot be read.\n")
}

/// The page's policy is in the page; what only a header can say is said here.
fn secured(mut response: Response) -> Response {
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::REFERRER_POLICY, "no-referrer");
    set(&mut response, header::X_FRAME_OPTIONS, "SAMEORIGIN");
    response
}

pub(super) fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
