//! The engine's native host: a folder of extracts on disk, and a clock for the cost of cells.

use almanac_model::protocol::{Progress, Response};
use almanac_session::{Flow, Host, HostError, Outlet};
use bytes::Bytes;
use std::cell::RefCell;
use std::fs::File;
use std::future::{Future, ready};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

/// Files below a data folder.
pub(crate) struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The folder that holds `datapackage.json`.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn open(&self, path: &str) -> Result<(File, u64), HostError> {
        let opened = File::open(self.root.join(path)).and_then(|file| Ok((file.metadata()?.len(), file)));
        opened.map(|(length, file)| (file, length)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => HostError::NotFound { path: path.to_owned() },
            _ => failed(path, &error),
        })
    }

    fn bytes(&self, path: &str, range: Option<Range<u64>>) -> Result<Bytes, HostError> {
        let (mut file, actual) = self.open(path)?;
        let range = range.unwrap_or(0..actual);
        if range.end > actual {
            return Err(HostError::TooShort { path: path.to_owned(), expected: range.end, actual });
        }
        let length = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(range.start))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|error| failed(path, &error))?;
        Ok(bytes.into())
    }
}

fn failed(path: &str, error: &std::io::Error) -> HostError {
    HostError::Failed { path: path.to_owned(), message: error.to_string() }
}

impl Host for Disk {
    fn read(&self, path: &str, range: Range<u64>) -> impl Future<Output = Result<Bytes, HostError>> {
        ready(self.bytes(path, Some(range)))
    }

    fn read_whole(&self, path: &str) -> impl Future<Output = Result<Bytes, HostError>> {
        ready(self.bytes(path, None))
    }

    fn progress(&self, _: Progress) {}
}

/// Where a session's messages go, in order.
pub(crate) struct Messages {
    /// All of them.
    pub(crate) sent: RefCell<Vec<Response>>,
    start: Instant,
}

impl Messages {
    /// None yet; the clock starts.
    pub(crate) fn new() -> Self {
        Self { sent: RefCell::new(Vec::new()), start: Instant::now() }
    }
}

impl Outlet for Messages {
    fn send(&self, response: Response) {
        self.sent.borrow_mut().push(response);
    }

    fn pause(&self) -> impl Future<Output = Flow> {
        ready(Flow::Continue)
    }

    fn millis(&self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1000.0
    }
}

/// The value of a future over files on disk. It is ready after a few turns, because nothing here waits; the thread only
/// gives way between them.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}
