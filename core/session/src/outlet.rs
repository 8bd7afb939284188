//! What a session asks of the program around it, beside the engine's [`Host`]: to pass messages on, to let others have a turn,
//! to measure time.

use almanac_engine::{Estimate, Host, HostError, Pool};
use almanac_model::pool::Part;
use almanac_model::protocol::{Generation, Limits, Progress, Response};
use bytes::Bytes;
use std::future::Future;
use std::ops::Range;

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    Continue,
    /// A newer run waits: this one ends between two cells and says nothing more.
    Superseded,
}

/// The program around a session.
pub trait Outlet {
    /// Passes a message on to the page.
    fn send(&self, response: Response);

    /// Lets other work have a turn; called between cells.
    fn pause(&self) -> impl Future<Output = Flow>;

    /// Milliseconds since any fixed moment, for the cost of a cell.
    fn millis(&self) -> f64;
}

/// The engine's host for one cell: says on whose behalf progress is made.
pub(crate) struct CellHost<'a, H, O> {
    pub(crate) host: &'a H,
    pub(crate) outlet: &'a O,
    pub(crate) generation: Generation,
    pub(crate) cell: &'a str,
    /// What it may take without asking; `None` when the reader was asked.
    pub(crate) limits: Option<Limits>,
}

impl<H: Host, O: Outlet> Host for CellHost<'_, H, O> {
    fn read(&self, path: &str, range: Range<u64>) -> impl Future<Output = Result<Bytes, HostError>> {
        self.host.read(path, range)
    }

    fn read_whole(&self, path: &str) -> impl Future<Output = Result<Bytes, HostError>> {
        self.host.read_whole(path)
    }

    fn gap(&self) -> u64 {
        self.host.gap()
    }

    fn turn(&self) -> impl Future<Output = ()> {
        self.host.turn()
    }

    fn allows(&self, estimate: &Estimate) -> bool {
        let within =
            |limits: &Limits| estimate.bytes <= limits.ask_fetch_bytes && estimate.memory <= limits.ask_memory_bytes;
        self.limits.as_ref().is_none_or(within)
    }

    fn recall(&self, name: &str) -> Option<Bytes> {
        self.host.recall(name)
    }

    fn remember(&self, name: &str, bytes: &[u8]) {
        self.host.remember(name, bytes);
    }

    fn pool(&self) -> Option<Pool> {
        self.host.pool()
    }

    fn help(&self, helper: usize, part: &Part) -> impl Future<Output = Option<Bytes>> {
        self.host.help(helper, part)
    }

    fn network_bytes(&self) -> Option<u64> {
        self.host.network_bytes()
    }

    fn progress(&self, progress: Progress) {
        self.host.progress(progress.clone());
        self.outlet.send(Response::Progress { generation: self.generation, cell: self.cell.to_owned(), progress });
    }

    fn millis(&self) -> f64 {
        self.outlet.millis()
    }
}
