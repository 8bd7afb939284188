//! One query computed in parts by several engines: each computes a step of the plan over some rows of one table, the engine that
//! was asked puts the parts together in the order of the rows and computes the rest.
//!
//! Parts are results like any other, so that no step has a state that must be written down: counts are added up, of sums and
//! extremes sums and extremes are taken, of first rows the first. What cannot be put together so is computed undivided, as is
//! everything when a part is refused: the undivided run then says why.
//!
//! May use: plans, the store, the [`Host`]. Never: messages; how a helper is reached is the host's business.
//! **Invariant:** the answer does not depend on when which helper answers, and with one engine nothing here costs anything.

mod divide;
mod ranges;
mod weigh;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;

use almanac_model::pool::Part;
use almanac_model::{Diagnostic, Value};
use almanac_sql::plan::Query;
use bytes::Bytes;

use crate::engine::{Answer, Engine};
use crate::execute::engine_error;
use crate::host::{Host, join_all};
use crate::kept_result;
use crate::load::extract::Meter;
use crate::needs::{self, Cut};
use crate::result::ResultSet;
use divide::{Divided, PARTS};

/// A part of more cells is not worth the way.
const MOST_CELLS: u64 = 1 << 20;
/// Nor one of more bytes.
const MOST_BYTES: usize = 32 << 20;

type Job<'a> = Pin<Box<dyn Future<Output = Result<Option<Bytes>, Infallible>> + 'a>>;

impl Engine {
    /// Runs a bound query, with the host's helpers where that pays.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(crate) async fn run_in_parts<H: Host>(
        &mut self,
        host: &H,
        query: &Query,
        sql: &str,
        parameters: &BTreeMap<String, Value>,
    ) -> Result<Answer, Diagnostic> {
        let pool = host.pool().filter(|pool| pool.helpers > 0);
        let divided = pool.and_then(|pool| divide::divided(query, &self.store, &pool));
        let (Some(pool), Some(divided)) = (pool, divided) else { return self.run(host, query).await };
        let scans = needs::scans(&query.root);
        let before = host.network_bytes();
        let meter = Meter::new(host, self.limits.memory_bytes);
        let (_, work) = self.weigh(&meter, &query.root, &scans).await?;
        let mut reading = self.reading(&scans, &work);
        drop(work);
        let ranges = self.ranges(&divided, pool.helpers + 1, pool.least_rows);
        if ranges.len() < 2 {
            return self.run(host, query).await;
        }
        let (answers, helpers) = self.answers(host, &divided, &ranges, sql, parameters).await;
        let mut bytes = meter.bytes();
        let mut parts = Vec::with_capacity(answers.len());
        for answer in answers {
            let part = answer.as_ref().and_then(read);
            let Some((read, part)) = part else { return self.run(host, query).await };
            bytes += read;
            parts.push(part);
        }
        let all = ResultSet::of_parts(&parts).map_err(engine_error)?;
        self.register(PARTS, &all);
        let rest = self.run(host, &divided.rest).await;
        self.close(PARTS);
        let mut answer = rest?;
        bytes += answer.reading.bytes_fetched + answer.reading.bytes_kept;
        reading.bytes_fetched = before.and_then(|before| host.network_bytes()?.checked_sub(before)).unwrap_or(bytes);
        reading.bytes_kept = bytes.saturating_sub(reading.bytes_fetched);
        reading.helpers = helpers;
        answer.reading = reading;
        Ok(answer)
    }

    /// The answers of all parts in order, the first by this engine, as are those that helpers fail to give; and how many helpers
    /// gave theirs.
    async fn answers<H: Host>(
        &mut self,
        host: &H,
        divided: &Divided,
        ranges: &[Range<u64>],
        sql: &str,
        parameters: &BTreeMap<String, Value>,
    ) -> (Vec<Option<Bytes>>, u32) {
        let part = |rows: &Range<u64>| Part {
            sql: sql.to_owned(),
            parameters: parameters.clone(),
            step: divided.step,
            table: divided.table.clone(),
            rows: rows.clone(),
        };
        let parts: Vec<Part> = ranges.iter().skip(1).map(part).collect();
        // Helpers begin before this engine does, whose work leaves no time to tell them.
        let mut jobs: Vec<Job<'_>> = Vec::with_capacity(ranges.len());
        for (helper, part) in parts.iter().enumerate() {
            jobs.push(Box::pin(async move { Ok(host.help(helper, part).await) }));
        }
        let own = self.one(host, divided, &ranges[0]);
        jobs.push(Box::pin(async move { Ok(own.await.ok()) }));
        let width = jobs.len();
        let Ok(mut answers) = join_all(jobs, width).await;
        answers.rotate_right(1);
        let helpers = answers.iter().skip(1).flatten().count();
        for (answer, rows) in answers.iter_mut().zip(ranges) {
            if answer.is_none() {
                *answer = self.one(host, divided, rows).await.ok();
            }
        }
        (answers, u32::try_from(helpers).unwrap_or(u32::MAX))
    }

    /// One part.
    async fn one<H: Host>(&mut self, host: &H, divided: &Divided, rows: &Range<u64>) -> Result<Bytes, Diagnostic> {
        let cut = Cut { table: divided.table.clone(), rows: rows.clone() };
        let answer = self.run_within(host, &divided.part, Some(&cut)).await?;
        let read = answer.reading.bytes_fetched + answer.reading.bytes_kept;
        let result = kept_result::write_up_to(&answer.result, MOST_CELLS, MOST_BYTES);
        let result = result.ok_or_else(|| engine_error("a part is too large"))?;
        Ok([read.to_le_bytes().as_slice(), &result].concat().into())
    }

    /// Computes a part of a query for another engine over the same manifest; `None` when this cannot be.
    pub async fn part<H: Host>(&mut self, host: &H, part: &Part) -> Option<Bytes> {
        let mut options = self.options(&part.parameters);
        // As the engine that asks has bound it: what is shared cannot be computed in parts.
        options.optimise.share = false;
        let query = almanac_sql::bind(&part.sql, self, &options).ok()?;
        let divided = divide::in_two(&query, part.step, &part.table)?;
        self.one(host, &divided, &part.rows).await.ok()
    }

    /// The rows of the parts, in order.
    fn ranges(&self, divided: &Divided, parts: usize, least_rows: u64) -> Vec<Range<u64>> {
        let scans = needs::scans(&divided.part.root);
        let scan = scans.get(&divided.table).and_then(|scans| scans.first());
        let (Some(scan), Some(stored)) = (scan, self.store.get(&divided.table)) else { return Vec::new() };
        let needed = stored.needed(scan);
        if needed.total() < least_rows {
            return Vec::new();
        }
        ranges::ranges(&needed, &stored.group_starts(), stored.rows, parts)
    }
}

/// Bytes read for a part, and its rows.
fn read(answer: &Bytes) -> Option<(u64, ResultSet)> {
    let (head, rest) = answer.split_first_chunk::<8>()?;
    Some((u64::from_le_bytes(*head), kept_result::read(rest)?))
}
