//! A folder of extracts as the engine's [`Host`], and a way to wait for its futures, which never wait.

use almanac_engine::{Host, HostError};
use almanac_model::protocol::Progress;
use bytes::Bytes;
use std::ops::Range;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Files below a folder.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The folder that holds `datapackage.json`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl Host for Disk {
    async fn read(&self, path: &str, range: Range<u64>) -> Result<Bytes, HostError> {
        let whole = self.read_whole(path).await?;
        let actual = whole.len() as u64;
        if range.end > actual {
            return Err(HostError::TooShort { path: path.to_owned(), expected: range.end, actual });
        }
        let at = |byte: u64| usize::try_from(byte).expect("a byte of a file that is in memory");
        Ok(whole.slice(at(range.start)..at(range.end)))
    }

    async fn read_whole(&self, path: &str) -> Result<Bytes, HostError> {
        match std::fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(HostError::NotFound { path: path.to_owned() })
            }
            Err(error) => Err(HostError::Failed { path: path.to_owned(), message: error.to_string() }),
        }
    }

    fn progress(&self, _: Progress) {}
}

/// The value of a future that a [`Disk`] feeds: it is ready after a few turns, because nothing here ever waits.
///
/// # Panics
/// When the future waits for something else.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    panic!("a future over files on disk never became ready");
}

/// A folder of the project, whatever the folder the tests are started from.
///
/// Cargo names the folder when it starts the test: one that was named when the test was compiled may belong to another clone
/// with the same target folder.
///
/// # Panics
/// When the test was not started by cargo.
#[must_use]
pub fn project(path: &str) -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("tests are started by cargo");
    PathBuf::from(package).join("..").join(path)
}
