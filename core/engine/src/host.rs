//! The only door to the outside: bytes of the site's files, and a place to say how far the work has got.
//!
//! The worker implements it with `fetch`, the `almanac` command with files. Futures need not be `Send`: a host has one thread.

use std::future::Future;
use std::ops::Range;
use std::pin::{Pin, pin};
use std::task::Poll;

use almanac_model::pool::Part;
use almanac_model::protocol::Progress;
use bytes::Bytes;

/// What a query is going to take, estimated before its data are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Bytes that are not held and have to be read from files.
    pub bytes: u64,
    /// Bytes of memory at most.
    pub memory: u64,
}

/// Helpers a host has, and when their help pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// How many there are, beside the engine that asks.
    pub helpers: usize,
    /// Rows of a table below which one engine alone is as fast.
    pub least_rows: u64,
    /// Groups above which putting the parts together costs more than is won.
    pub most_groups: u64,
}

/// What the engine asks of its surroundings.
pub trait Host {
    /// The bytes `range` of the file at `path`, relative to the manifest's folder. Exactly `range.end - range.start` of them.
    /// A server that ignores ranges and sends the whole file is the host's business: it cuts the range out.
    fn read(&self, path: &str, range: Range<u64>) -> impl Future<Output = Result<Bytes, HostError>>;

    /// The whole file at `path`.
    fn read_whole(&self, path: &str) -> impl Future<Output = Result<Bytes, HostError>>;

    /// Bytes that come in the time of a round trip: ranges closer than this are asked for together. A host that does not measure
    /// is taken for 100 Mbit/s and 20 ms.
    fn gap(&self) -> u64 {
        256 << 10
    }

    /// Whether these bytes of a file come from nearer than the network.
    fn has(&self, _path: &str, _range: &Range<u64>) -> bool {
        false
    }

    /// Lets answers that are under way get on; called between two pieces of work.
    fn turn(&self) -> impl Future<Output = ()> {
        std::future::ready(())
    }

    /// Whether a query may take that much. One that may not is refused with `needs-consent`.
    fn allows(&self, _: &Estimate) -> bool {
        true
    }

    /// A result that [`remember`](Self::remember) was given under that name, by this or an earlier visit.
    fn recall(&self, _: &str) -> Option<Bytes> {
        None
    }

    /// May keep a small result for a later visit. The name says all that the result depends on.
    fn remember(&self, _: &str, _: &[u8]) {}

    /// Bytes that came over a network so far; `None` when the host does not tell them from those it had.
    fn network_bytes(&self) -> Option<u64> {
        None
    }

    /// Told now and then how far the current query has got. A host that nobody watches need not listen.
    fn progress(&self, _: Progress) {}

    /// The helpers there are; `None` for a host that has none.
    fn pool(&self) -> Option<Pool> {
        None
    }

    /// What [`Engine::part`](crate::Engine::part) of the helper's own engine gives; `None` when there is no such helper, or it has
    /// failed.
    fn help(&self, _helper: usize, _part: &Part) -> impl Future<Output = Option<Bytes>> {
        std::future::ready(None)
    }

    /// Milliseconds since any fixed moment, for EXPLAIN ANALYZE. A host without a clock lets every step take no time.
    fn millis(&self) -> f64 {
        0.0
    }
}

/// Why bytes did not come.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// There is no such file.
    #[error("`{path}` is missing on the server")]
    NotFound {
        /// Path relative to the manifest's folder.
        path: String,
    },
    /// The file ends before the bytes that were asked for.
    #[error("`{path}` is {actual} bytes long, {expected} were expected")]
    TooShort {
        /// Path relative to the manifest's folder.
        path: String,
        /// Bytes the manifest speaks of.
        expected: u64,
        /// Bytes there are.
        actual: u64,
    },
    /// The file goes on after the bytes that were expected.
    #[error("`{path}` is {actual} bytes long, only {expected} were expected")]
    TooLong {
        /// Path relative to the manifest's folder.
        path: String,
        /// Bytes the manifest speaks of.
        expected: u64,
        /// Bytes there are.
        actual: u64,
    },
    /// The file was replaced by another between two reads.
    #[error("`{path}` has been published anew since the page was opened")]
    Changed {
        /// Path relative to the manifest's folder.
        path: String,
    },
    /// The network, the disk or the server failed.
    #[error("`{path}` could not be read: {message}")]
    Failed {
        /// Path relative to the manifest's folder.
        path: String,
        /// What the host was told.
        message: String,
    },
}

/// Runs the futures side by side, at most `width` at a time, and gives their values in order; the first error ends all.
pub(crate) async fn join_all<F, T, E>(futures: Vec<F>, width: usize) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut waiting: Vec<(usize, F)> = futures.into_iter().enumerate().rev().collect();
    let mut done: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    let turn = std::future::poll_fn(move |context| {
        loop {
            while running.len() < width.max(1) {
                let Some((index, future)) = waiting.pop() else { break };
                running.push((index, Box::pin(future)));
            }
            if running.is_empty() {
                return Poll::Ready(Ok(std::mem::take(&mut done)));
            }
            let mut finished = false;
            let mut at = 0;
            while at < running.len() {
                match running[at].1.as_mut().poll(context) {
                    Poll::Pending => at += 1,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Ready(Ok(value)) => {
                        done[running[at].0] = Some(value);
                        drop(running.swap_remove(at));
                        finished = true;
                    }
                }
            }
            if !finished {
                return Poll::Pending;
            }
        }
    });
    Ok(pin!(turn).await?.into_iter().flatten().collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    /// Polls to the end; these futures wake by being polled again.
    pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
        let mut future = pin!(future);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
        }
    }

    #[test]
    fn keeps_order_and_width() {
        let live = Rc::new(Cell::new(0));
        let most = Rc::new(Cell::new(0));
        let jobs: Vec<_> = (0..10_u64)
            .map(|n| {
                let (live, most) = (Rc::clone(&live), Rc::clone(&most));
                async move {
                    live.set(live.get() + 1);
                    most.set(most.get().max(live.get()));
                    let mut waits = 10 - n;
                    std::future::poll_fn(|_| {
                        waits -= 1;
                        if waits == 0 { Poll::Ready(()) } else { Poll::Pending }
                    })
                    .await;
                    live.set(live.get() - 1);
                    Ok::<_, ()>(n)
                }
            })
            .collect();
        assert_eq!(block_on(join_all(jobs, 3)), Ok((0..10).collect()));
        assert_eq!(most.get(), 3);
    }

    #[test]
    fn first_error_ends_all() {
        let jobs: Vec<_> = (0..4).map(|n| async move { if n == 2 { Err(n) } else { Ok(n) } }).collect();
        assert_eq!(block_on(join_all(jobs, 2)), Err(2));
    }
}
