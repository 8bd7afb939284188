//! Compressed forms of a file: the `.br` or `.gz` beside it when it is not older, else made here once and kept.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// Smaller files are sent as they are.
const WORTH: usize = 1024;
/// Larger ones are not compressed on the fly with brotli: a 25 MB file would take half a minute.
const QUICK: usize = 4 << 20;

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// As the header says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }
}

/// The codings a request accepts, best first (RFC 9110, 12.5.3; a quality of 0 refuses).
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Coding> {
    let offered: Vec<String> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|item| {
            let (name, quality) = item.split_once(';').map_or((item, ""), |(name, rest)| (name, rest));
            let refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
            (!refused).then(|| name.trim().to_ascii_lowercase())
        })
        .collect();
    [Coding::Brotli, Coding::Gzip]
        .into_iter()
        .filter(|coding| offered.iter().any(|name| name == coding.name()))
        .collect()
}

/// A file, the time of its last change, and how it was compressed.
type Key = (PathBuf, Option<SystemTime>, Coding);

/// What was compressed before.
#[derive(Default)]
pub(super) struct Cache(Mutex<BTreeMap<Key, Bytes>>);

impl Cache {
    /// The compressed content in the best accepted coding; `None` when it would not be smaller.
    pub(super) fn get(&self, file: &Path, content: &[u8], accepted: &[Coding]) -> Option<(Coding, Bytes)> {
        if content.len() < WORTH {
            return None;
        }
        let beside = accepted.iter().find_map(|coding| Some((*coding, beside(file, *coding)?)));
        if beside.is_some() {
            return beside;
        }
        let quick = |coding: &&Coding| **coding == Coding::Gzip || content.len() <= QUICK;
        let coding = *accepted.iter().find(quick)?;
        let time = std::fs::metadata(file).and_then(|data| data.modified()).ok();
        let key = (file.to_owned(), time, coding);
        // A thread that panicked left the map whole: values are put in at once.
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Some((coding, known.clone()));
        }
        let small = Bytes::from(compress(content, coding)?);
        if small.len() >= content.len() {
            return None;
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, small.clone());
        Some((coding, small))
    }
}

/// The copy that a build put beside the file, unless the file is newer.
fn beside(file: &Path, coding: Coding) -> Option<Bytes> {
    let mut name = file.file_name()?.to_owned();
    name.push(".");
    name.push(coding.extension());
    let copy = file.with_file_name(name);
    let time = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    if time(&copy)? < time(file)? {
        return None;
    }
    std::fs::read(copy).ok().map(Bytes::from)
}

fn compress(content: &[u8], coding: Coding) -> Option<Vec<u8>> {
    let mut small = Vec::new();
    match coding {
        Coding::Brotli => {
            let parameters =
                brotli::enc::BrotliEncoderParams { quality: 5, size_hint: content.len(), ..Default::default() };
            brotli::BrotliCompress(&mut &content[..], &mut small, &parameters).ok()?;
        }
        Coding::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(&mut small, flate2::Compression::new(6));
            encoder.write_all(content).ok()?;
            encoder.finish().ok()?;
        }
    }
    Some(small)
}
