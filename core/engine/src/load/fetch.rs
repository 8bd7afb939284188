//! Requests: which parts of files are asked for together, and how many at a time.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::ops::Range;
use std::pin::Pin;
use std::task::Poll;

use almanac_model::Diagnostic;
use bytes::Bytes;

use crate::execute::engine_error;

/// Requests under way at a time: what a browser allows for one HTTP/1.1 origin.
pub(crate) const WIDTH: usize = 6;
/// Answers that wait to be decoded, at most; they take memory twice over.
const AHEAD: usize = 2 * WIDTH;
/// Most bytes of one request: what is asked for at once is held at once.
const LARGEST: u64 = 8 << 20;
/// Bytes between ranges that may be fetched in vain, as a part of those that are needed.
const WASTE: u64 = 20;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Which file.
    pub(crate) file: usize,
    /// Which bytes.
    pub(crate) range: Range<u64>,
}

/// Requests for ranges in the order they are needed, neighbours of one file together: a gap of up to `gap` bytes costs less than
/// another request. A range that is `at_hand` already stays by itself, or the gap beside it would be fetched for nothing. Gives the
/// requests and, for each range, those that bring it.
pub(crate) fn merged(
    needed: &[(usize, Range<u64>)],
    gap: u64,
    at_hand: impl Fn(usize, &Range<u64>) -> bool,
) -> (Vec<Request>, Vec<Range<usize>>) {
    let total: u64 = needed.iter().map(|(_, range)| range.end.saturating_sub(range.start)).sum();
    let mut spare = gap.max(total / WASTE);
    let mut requests: Vec<Request> = Vec::new();
    let mut places = Vec::with_capacity(needed.len());
    let mut last_at_hand = false;
    for (file, range) in needed {
        let alone = at_hand(*file, range);
        let apart = std::mem::replace(&mut last_at_hand, alone) || alone;
        if let Some(last) = requests.last_mut().filter(|last| last.file == *file && !apart)
            && range.start >= last.range.start
            && range.end.saturating_sub(last.range.start) <= LARGEST
        {
            let between = range.start.saturating_sub(last.range.end);
            if between <= gap && between <= spare {
                spare -= between;
                last.range.end = last.range.end.max(range.end);
                places.push(requests.len() - 1..requests.len());
                continue;
            }
        }
        let first = requests.len();
        let mut start = range.start;
        while start < range.end {
            let end = range.end.min(start + LARGEST);
            requests.push(Request { file: *file, range: start..end });
            start = end;
        }
        places.push(first..requests.len());
    }
    (requests, places)
}

/// An answer that is on its way.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Bytes, Diagnostic>> + 'a>>;

/// Requests under way, begun in order; the answers are taken in any.
pub(crate) struct Queue<'a> {
    waiting: VecDeque<(usize, Answer<'a>)>,
    running: Vec<(usize, Answer<'a>)>,
    done: Vec<Option<Bytes>>,
    at_hand: usize,
}

impl<'a> Queue<'a> {
    /// Requests in the order in which their answers are needed.
    pub(crate) fn new(answers: Vec<Answer<'a>>) -> Self {
        let done = answers.iter().map(|_| None).collect();
        Self { waiting: answers.into_iter().enumerate().collect(), running: Vec::new(), done, at_hand: 0 }
    }

    /// The answer to a request; others get on meanwhile.
    ///
    /// # Errors
    /// The first failure of any request.
    pub(crate) async fn get(&mut self, wanted: usize) -> Result<Bytes, Diagnostic> {
        poll_fn(|context| {
            loop {
                let mut finished = false;
                let mut at = 0;
                while at < self.running.len() {
                    match self.running[at].1.as_mut().poll(context) {
                        Poll::Pending => at += 1,
                        Poll::Ready(answer) => {
                            let (index, _) = self.running.swap_remove(at);
                            self.done[index] = Some(answer?);
                            self.at_hand += 1;
                            finished = true;
                        }
                    }
                }
                // What is wanted now is begun even when much is at hand: the requests before it may be held back by nobody.
                let mut begun = false;
                while self.running.len() < WIDTH
                    && (self.at_hand + self.running.len() < AHEAD || self.running.is_empty())
                    && let Some(next) = self.waiting.pop_front()
                {
                    self.running.push(next);
                    begun = true;
                }
                if let Some(bytes) = self.done.get(wanted).and_then(Option::as_ref) {
                    if !begun {
                        return Poll::Ready(Ok(bytes.clone()));
                    }
                } else if self.running.is_empty() && self.waiting.is_empty() {
                    return Poll::Ready(Err(engine_error("bytes were let go of too early")));
                } else if !finished && !begun {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// The answer is needed no more.
    pub(crate) fn release(&mut self, request: usize) {
        if self.done.get_mut(request).and_then(Option::take).is_some() {
            self.at_hand -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::tests::block_on;
    use std::cell::Cell;
    use std::rc::Rc;

    fn requests(needed: &[(usize, Range<u64>)], gap: u64) -> Vec<(usize, u64, u64)> {
        merged(needed, gap, |_, _| false)
            .0
            .into_iter()
            .map(|request| (request.file, request.range.start, request.range.end))
            .collect()
    }

    #[test]
    fn neighbours_become_one() {
        let near = [(0, 0..10), (0, 20..30), (0, 900_000..900_010), (1, 5..6)];
        assert_eq!(requests(&near, 1_000), [(0, 0, 30), (0, 900_000, 900_010), (1, 5, 6)]);
        assert_eq!(merged(&near, 1_000, |_, _| false).1, [0..1, 0..1, 1..2, 2..3]);
        assert_eq!(requests(&[(0, 5..5)], 10), []);
    }

    #[test]
    fn a_request_has_at_most_8_mebibytes() {
        let (large, third) = (20 << 20, LARGEST);
        assert_eq!(requests(&[(0, 0..large)], 10), [(0, 0, third), (0, third, 2 * third), (0, 2 * third, large)]);
        assert_eq!(merged(&[(0, 0..large), (0, large..large + 1)], 10, |_, _| false).1, [0..3, 2..3]);
        let halves = [(0, 0..5 << 20), (0, 5 << 20..10 << 20)];
        assert_eq!(requests(&halves, 10).len(), 2);
    }

    #[test]
    fn what_is_at_hand_is_not_asked_for_with_its_neighbours() {
        let needed: Vec<_> = [0..10_u64, 20..30, 40..50, 60..70].map(|range| (0, range)).into();
        let (requests, places) = merged(&needed, 1_000, |_, range| range.start == 20);
        let ranges: Vec<_> = requests.into_iter().map(|request| request.range).collect();
        assert_eq!(ranges, [0..10, 20..30, 40..70]);
        assert_eq!(places, [0..1, 1..2, 2..3, 2..3]);
    }

    #[test]
    fn gaps_add_up_to_no_more_than_a_twentieth() {
        let needed: Vec<_> = (0..1000_u64).map(|n| (0, n * 1_500..n * 1_500 + 1_000)).collect();
        let fetched: u64 = requests(&needed, 1_000).iter().map(|(_, start, end)| end - start).sum();
        assert!((1_000_000..=1_050_000).contains(&fetched), "{fetched}");
    }

    #[test]
    fn answers_come_in_order_of_need_and_a_few_at_a_time() {
        let live = Rc::new(Cell::new(0));
        let most = Rc::new(Cell::new(0));
        let begun = Rc::new(Cell::new(0));
        let answers: Vec<Answer<'_>> = (0..40_u8)
            .map(|n| -> Answer<'_> {
                let (live, most, begun) = (Rc::clone(&live), Rc::clone(&most), Rc::clone(&begun));
                Box::pin(async move {
                    live.set(live.get() + 1);
                    begun.set(begun.get() + 1);
                    most.set(most.get().max(live.get()));
                    let mut turns = 1 + n % 5;
                    poll_fn(|_| {
                        turns -= 1;
                        if turns == 0 { Poll::Ready(()) } else { Poll::Pending }
                    })
                    .await;
                    live.set(live.get() - 1);
                    Ok(Bytes::from(vec![n]))
                })
            })
            .collect();
        let mut queue = Queue::new(answers);
        block_on(async {
            for n in 0..40_u8 {
                assert_eq!(queue.get(usize::from(n)).await, Ok(Bytes::from(vec![n])));
                assert!(begun.get() <= usize::from(n) + AHEAD, "no more is begun than can be held");
                queue.release(usize::from(n));
            }
        });
        assert!(most.get() <= WIDTH);
    }
}
