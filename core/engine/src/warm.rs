//! Practice: queries over made-up rows, so that the browser's compiler makes fast code of the engine's loops before a reader waits
//! for them. A WebAssembly function first runs as code that was compiled in a hurry; which ones deserve better, the browser learns
//! by running them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use almanac_model::Type;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use almanac_model::view::TableSource;
use bytes::Bytes;
use polars_core::prelude::{NamedFrom, PlSmallStr, Series};

use crate::engine::Engine;
use crate::held::Held;
use crate::host::{Host, HostError};
use crate::store::{Origin, StoredTable};

/// Rows of the larger of the two made-up tables.
const ROWS: i64 = 30_000;
/// Rows of the smaller one.
const FEW: i64 = 2_000;
/// How often each query is run: the first time its loops are counted, then they are compiled, then they are run.
const ROUNDS: usize = 3;

/// One of each shape that dashboards and analysts ask for.
const QUERIES: &[&str] = &[
    "select sum(x * y) from long where d >= date '2020-06-01' and d < date '2021-01-01' and y between 0.02 and 0.06 and x < 400",
    "select t, k, sum(x), sum(x * (1 - y)), avg(y), count(*) from long where d <= date '2021-05-01' group by t, k order by t, k",
    "select date_trunc('month', d), sum(x), min(y), max(k) from long group by 1 order by 1",
    "select id, x from long order by x desc, id limit 10",
    "select floor(x / 50), count(*) from long group by 1 order by 1",
    "select key, sum(x) as s from long group by key having sum(x) > 10 order by s desc limit 5",
    "select name, sum(x) from long, short where key = short.id and kind in ('even', 'odd') and e > d group by name order by 2 desc",
    "select count(*) from short where exists (select * from long where key = short.id and y > 0.05)",
    "select count(*) from short where not exists (select * from long where key = short.id and t = 'delta')",
    "select s.id, count(l.id) from short s left join long l on s.id = l.key and u not like '%7%5%' group by s.id order by 2 desc limit 3",
    "select sum(case when t = 'alpha' or t = 'beta' then 1 else 0 end) from long where t in ('alpha', 'beta', 'gamma')",
    "select count(distinct key) from long where u like '%12%'",
    "select k, extract(year from d) as y, sum(x) from (select k, d, x * (1 - y) - y as x from long) group by k, y order by k, y desc",
    "select id, x from long where x > (select avg(x) from long) and k = 3 order by id limit 20",
    "select id, row_number() over (partition by k order by x) as n from short_long order by n limit 3",
];

/// Practice to be done bit by bit.
pub struct WarmUp {
    engine: Engine,
    next: usize,
}

impl std::fmt::Debug for WarmUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WarmUp").field("next", &self.next).finish_non_exhaustive()
    }
}

/// There is nothing to read.
struct Nowhere;

impl Host for Nowhere {
    async fn read(&self, path: &str, _: std::ops::Range<u64>) -> Result<Bytes, HostError> {
        Err(HostError::NotFound { path: path.to_owned() })
    }

    async fn read_whole(&self, path: &str) -> Result<Bytes, HostError> {
        Err(HostError::NotFound { path: path.to_owned() })
    }
}

impl WarmUp {
    /// Nothing is done yet.
    #[must_use]
    pub fn new() -> Self {
        let mut engine = Engine::new(Manifest::default(), Limits::default());
        engine.hold(long("long", ROWS));
        engine.hold(long("short_long", FEW));
        let numbers: Vec<i64> = (0..FEW).collect();
        let kinds: Vec<&str> = numbers.iter().map(|n| if n % 2 == 0 { "even" } else { "odd" }).collect();
        let names: Vec<String> = numbers.iter().map(|n| format!("name {}", n % 25)).collect();
        engine.hold(table(
            "short",
            vec![
                ("id", Type::BigInt, Series::new("id".into(), numbers)),
                ("kind", Type::Varchar, Series::new("kind".into(), kinds)),
                ("name", Type::Varchar, Series::new("name".into(), names)),
            ],
        ));
        Self { engine, next: 0 }
    }

    /// Runs the next query, which takes some milliseconds; `false` when all have been run.
    pub async fn step(&mut self) -> bool {
        let Some(sql) = QUERIES.get(self.next % QUERIES.len()).filter(|_| self.next < QUERIES.len() * ROUNDS) else {
            return false;
        };
        self.next += 1;
        // What it answers is of no interest; that it does, a test says.
        let _ = self.engine.query(&Nowhere, sql, &BTreeMap::new()).await;
        true
    }
}

impl Default for WarmUp {
    fn default() -> Self {
        Self::new()
    }
}

/// Rows that have a bit of everything.
fn long(name: &str, rows: i64) -> StoredTable {
    let all = || 0..rows;
    let mixed = |n: i64| (n.wrapping_mul(2_654_435_761) >> 7) & 0xFFFF;
    let words = ["alpha", "beta", "gamma", "delta", "a word of many letters"];
    let words: Vec<&str> = all().map(|n| words[(mixed(n) % 5) as usize]).collect();
    let notes: Vec<String> = all().map(|n| format!("note {} on row {n}", mixed(n))).collect();
    table(
        name,
        vec![
            ("id", Type::BigInt, Series::new("id".into(), all().collect::<Vec<_>>())),
            ("key", Type::BigInt, Series::new("key".into(), all().map(|n| n / 15).collect::<Vec<_>>())),
            ("k", Type::Integer, Series::new("k".into(), all().map(|n| (mixed(n) % 7) as i32).collect::<Vec<_>>())),
            ("x", Type::Double, Series::new("x".into(), all().map(|n| mixed(n) as f64 / 128.0).collect::<Vec<_>>())),
            (
                "y",
                Type::Double,
                Series::new("y".into(), all().map(|n| (mixed(n) % 11) as f64 / 100.0).collect::<Vec<_>>()),
            ),
            ("t", Type::Varchar, Series::new("t".into(), words)),
            ("u", Type::Varchar, Series::new("u".into(), notes)),
            (
                "d",
                Type::Date,
                Series::new("d".into(), all().map(|n| 18_262 + (mixed(n) % 700) as i32).collect::<Vec<_>>()),
            ),
            ("e", Type::Date, Series::new("e".into(), all().map(|n| 18_600 + (n % 90) as i32).collect::<Vec<_>>())),
        ],
    )
}

fn table(name: &str, columns: Vec<(&str, Type, Series)>) -> StoredTable {
    StoredTable {
        name: name.to_owned(),
        source: TableSource::Cell,
        columns: columns.iter().map(|(name, ty, _)| ((*name).to_owned(), *ty)).collect(),
        rows: columns.first().map_or(0, |(_, _, series)| series.len() as u64),
        origin: Origin::Memory,
        held: columns
            .into_iter()
            .map(|(name, _, series)| (name.to_owned(), Held::all(series.with_name(PlSmallStr::from_str(name)))))
            .collect(),
        facts: RefCell::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn now<F: Future>(future: F) -> F::Output {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("there is nothing to wait for"),
        }
    }

    #[test]
    fn every_query_has_an_answer() {
        let mut practice = WarmUp::new();
        for sql in QUERIES {
            let answer = now(practice.engine.query(&Nowhere, sql, &BTreeMap::new()));
            assert!(answer.is_ok_and(|answer| answer.result.rows() > 0), "{sql}");
        }
    }

    #[test]
    fn practice_ends() {
        let mut practice = WarmUp { engine: Engine::new(Manifest::default(), Limits::default()), next: 0 };
        let steps = (0..1000).take_while(|_| now(practice.step())).count();
        assert_eq!(steps, QUERIES.len() * ROUNDS);
    }
}
