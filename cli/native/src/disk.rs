//! A folder of extracts as the engine's [`Host`], and a way to wait for its futures, which never wait.

use almanac_engine::{Host, HostError};
use almanac_model::manifest::{FILE_NAME, Manifest};
use bytes::Bytes;
use std::cell::Cell;
use std::fs::File;
use std::future::{Future, ready};
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Files below a data folder.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    read: Cell<u64>,
}

impl Disk {
    /// The folder that holds `datapackage.json`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), read: Cell::new(0) }
    }

    /// Bytes that were read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.read.get()
    }

    fn bytes(&self, path: &str, range: Option<Range<u64>>) -> Result<Bytes, HostError> {
        let failed = |error: Error| match error.kind() {
            ErrorKind::NotFound => HostError::NotFound { path: path.to_owned() },
            _ => HostError::Failed { path: path.to_owned(), message: error.to_string() },
        };
        let mut file = File::open(self.root.join(path)).map_err(failed)?;
        let actual = file.metadata().map_err(failed)?.len();
        let range = range.unwrap_or(0..actual);
        if range.end > actual {
            return Err(HostError::TooShort { path: path.to_owned(), expected: range.end, actual });
        }
        let length = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(range.start)).and_then(|_| file.read_exact(&mut bytes)).map_err(failed)?;
        self.read.set(self.read.get() + bytes.len() as u64);
        Ok(bytes.into())
    }
}

impl Host for Disk {
    fn read(&self, path: &str, range: Range<u64>) -> impl Future<Output = Result<Bytes, HostError>> {
        ready(self.bytes(path, Some(range)))
    }

    fn read_whole(&self, path: &str) -> impl Future<Output = Result<Bytes, HostError>> {
        ready(self.bytes(path, None))
    }
}

/// The value of a future that a [`Disk`] feeds. It is ready after a few turns, because nothing here waits; the thread only
/// gives way between them.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}

/// The manifest of a folder of extracts.
///
/// # Errors
/// A sentence with the path: it is missing, or no manifest.
pub fn manifest_of(folder: &Path) -> Result<Manifest, String> {
    let path = folder.join(FILE_NAME);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}
