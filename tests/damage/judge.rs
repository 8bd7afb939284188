//! What becomes of one damaged file: it must end in an answer or in a diagnostic, in time, within its memory, without a panic, and
//! the engine that met it must answer afterwards.

use crate::host::{Published, Way, site};
use crate::memory;
use almanac_engine::Engine;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use almanac_model::{Diagnostic, Type};
use almanac_native::block_on;
use almanac_tests::damage::{Case, Good};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

/// What the engine may take.
const MEMORY: u64 = 64 << 20;
/// What it may take beside tables: the file's footer, the plan, the answer, and what it has for itself from the first query on.
const BESIDE: usize = 4 << 20;
/// What a case may take on a busy machine, unoptimised; most take milliseconds.
const TIME: Duration = Duration::from_secs(10);

/// Panics so far.
static PANICS: AtomicUsize = AtomicUsize::new(0);
/// Memory is counted for all threads, so one case is looked at at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// What has been seen.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// How many cases ended how.
    outcomes: BTreeMap<String, usize>,
    /// The most bytes a case took, and the longest time, with its name.
    most: (usize, String),
    longest: (Duration, String),
    /// What must not be.
    pub(crate) failures: Vec<String>,
    by_name: BTreeMap<String, String>,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (bytes, largest) = &self.most;
        let (time, slowest) = &self.longest;
        write!(f, "{:?}; at most {} KiB ({largest}) and {time:?} ({slowest})", self.outcomes, bytes >> 10)
    }
}

/// One good file and what becomes of the bad ones made of it.
pub(crate) struct Judge<'a> {
    good: &'a Good,
    hash: String,
    /// Meets all dropped files.
    engine: Engine,
    summary: Summary,
}

fn limits() -> Limits {
    Limits { memory_bytes: MEMORY, ..Limits::default() }
}

impl<'a> Judge<'a> {
    /// Nothing has been seen yet.
    pub(crate) fn new(good: &'a Good) -> Self {
        static QUIET: Once = Once::new();
        QUIET.call_once(|| {
            std::panic::set_hook(Box::new(|panic| {
                PANICS.fetch_add(1, Relaxed);
                eprintln!("{panic}");
            }));
        });
        let hash = Sha256::digest(&good.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut judge =
            Self { good, hash, engine: Engine::new(Manifest::default(), limits()), summary: Summary::default() };
        // What is made once, at the first query.
        judge.engine_answers();
        judge
    }

    /// What has been seen.
    pub(crate) fn summary(&self) -> &Summary {
        &self.summary
    }

    /// How a case ended.
    pub(crate) fn outcome(&self, name: &str) -> Option<&str> {
        self.summary.by_name.get(name).map(String::as_str)
    }

    /// The good file is read in all ways.
    pub(crate) fn must_answer(&mut self) {
        let case = Case { name: "good".into(), bytes: self.good.bytes.clone() };
        for number in [0, 1, 9] {
            self.look_at(number, &case);
        }
        assert_eq!(self.summary.failures, Vec::<String>::new());
        let answered = self.summary.outcomes.get("answered").copied();
        assert_eq!(answered, Some(6), "{}", self.summary);
    }

    /// A case as a dropped file and as an extract, which is published in a way that its number decides.
    pub(crate) fn look_at(&mut self, number: usize, case: &Case) {
        self.drop_it(case);
        let way = match number {
            _ if number % 10 == 9 => Way::WithHash,
            _ if number.is_multiple_of(2) => Way::FooterAtHand,
            _ => Way::FooterAway,
        };
        self.publish_it(case, way);
    }

    /// A case as a dropped file.
    pub(crate) fn drop_it(&mut self, case: &Case) {
        let alone = alone();
        let before = PANICS.load(Relaxed);
        let began = Instant::now();
        let engine = &mut self.engine;
        let (outcome, bytes) = memory::of(|| {
            let (table, _) = engine.open_file("t.parquet", case.bytes.clone())?;
            let columns: Vec<(String, Type)> =
                table.columns.iter().map(|column| (column.name.clone(), column.ty)).collect();
            let answer = ask(engine, &Published::whole(Bytes::new()), &question(&table.name, &columns, None));
            engine.close(&table.name);
            answer
        });
        self.engine_answers();
        self.note(&format!("{} (dropped)", case.name), &case.name, &outcome, bytes, began.elapsed(), before);
        drop(alone);
    }

    fn publish_it(&mut self, case: &Case, way: Way) {
        let alone = alone();
        let before = PANICS.load(Relaxed);
        let began = Instant::now();
        let (manifest, host) = site(self.good, &case.bytes, way, &self.hash);
        let mut engine = Engine::new(manifest, limits());
        let good = self.good;
        let (mut outcome, bytes) = memory::of(|| {
            let some = good.condition.map(|condition| question("t", &good.columns, Some(condition)));
            let some = some.map_or(Ok(()), |some| ask(&mut engine, &host, &some));
            some.and(ask(&mut engine, &host, &question("t", &good.columns, None)))
        });
        if way == Way::WithHash && outcome.is_ok() && case.bytes != self.good.bytes && self.has_hash() {
            outcome = Err(Diagnostic::error_without_place("unnoticed", "another file than the manifest's was read"));
        }
        let name = format!("{} (published, {way:?})", case.name);
        if one(&mut engine) != Ok(()) {
            self.summary.failures.push(format!("{name}: afterwards the engine does not answer"));
        }
        self.note(&name, "", &outcome, bytes, began.elapsed(), before);
        drop(alone);
    }

    /// Whether the hash of the file is looked at: it is small enough to be read whole, and is read.
    fn has_hash(&self) -> bool {
        self.good.rows > 0 && self.good.bytes.len() <= 1 << 20
    }

    fn engine_answers(&mut self) {
        if one(&mut self.engine) != Ok(()) {
            self.summary.failures.push("the engine does not answer any more".into());
        }
    }

    fn note(
        &mut self,
        name: &str,
        key: &str,
        outcome: &Result<(), Diagnostic>,
        bytes: usize,
        time: Duration,
        panics: usize,
    ) {
        let summary = &mut self.summary;
        let word = match outcome {
            Ok(()) => "answered".to_owned(),
            Err(problem) => problem.code.0.to_string(),
        };
        let mut fail = |what: String| summary.failures.push(format!("{name}: {what}"));
        if let Err(problem) = outcome
            && (problem.message.is_empty() || matches!(word.as_str(), "engine-error" | "unnoticed"))
        {
            fail(format!("{word}: {}", problem.message));
        }
        if PANICS.load(Relaxed) > panics {
            fail("a panic".to_owned());
        }
        if bytes > MEMORY as usize + BESIDE {
            fail(format!("{} MiB of memory", bytes >> 20));
        }
        if time > TIME {
            fail(format!("{time:?}"));
        }
        summary.by_name.insert(key.to_owned(), word.clone());
        *summary.outcomes.entry(word).or_default() += 1;
        if bytes > summary.most.0 {
            summary.most = (bytes, name.to_owned());
        }
        if time > summary.longest.0 {
            summary.longest = (time, name.to_owned());
        }
    }
}

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A query that reads every column, up to a dozen, and writes out values of each.
fn question(table: &str, columns: &[(String, Type)], condition: Option<&str>) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let columns = columns.iter().take(12).filter(|(name, _)| !name.is_empty()).map(|(name, ty)| match ty {
        Type::Varchar => format!(", max({0}), sum(length({0}))", quoted(name)),
        _ => format!(", count({0}), max({0})::varchar", quoted(name)),
    });
    let columns: String = columns.collect();
    let condition = condition.map(|condition| format!(" where {condition}")).unwrap_or_default();
    // What no footer tells: all columns have to be read.
    format!("select count(*), sum(length('x')){columns} from {}{condition}", quoted(table))
}

fn ask(engine: &mut Engine, host: &Published, sql: &str) -> Result<(), Diagnostic> {
    match block_on(engine.query(host, sql, &BTreeMap::new())) {
        Ok(answer) => {
            assert_eq!(answer.result.rows(), 1);
            Ok(())
        }
        Err(problems) => {
            Err(problems.into_iter().next().unwrap_or_else(|| Diagnostic::error_without_place("silence", "")))
        }
    }
}

fn one(engine: &mut Engine) -> Result<(), Diagnostic> {
    ask(engine, &Published::whole(Bytes::new()), "select 1")
}
