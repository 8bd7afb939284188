//! One query from its plan to its rows: what it lacks is estimated, fetched and decoded, then the plan is computed.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use almanac_model::protocol::Progress;
use almanac_model::view::Fetched;
use almanac_model::{Diagnostic, Type};
use almanac_sql::plan::{Explain, Plan, Query};

use crate::engine::{Answer, Engine, Reading};
use crate::execute::engine_error;
use crate::explain;
use crate::held::Held;
use crate::host::{Estimate, Host, join_all};
use crate::load::extract::Meter;
use crate::load::fetch::WIDTH;
use crate::load::work::Work;
use crate::lower::Lowering;
use crate::needs::{self, Cut, Scan};
use crate::result::ResultSet;
use crate::store::{Missing, Origin, StoredTable};
use crate::views;

/// What is not held: the table's key, the column's number in the work, the column.
pub(crate) type Lacking = Vec<(String, usize, Missing)>;
/// The scans of each table.
pub(crate) type Scans<'a> = BTreeMap<String, Vec<Scan<'a>>>;

impl Engine {
    /// Runs a bound query: fetches the columns it reads that are not held, then computes.
    ///
    /// # Errors
    /// A file that is missing or damaged, a value that must not be, a bound that is exceeded.
    pub async fn run<H: Host>(&mut self, host: &H, query: &Query) -> Result<Answer, Diagnostic> {
        self.run_within(host, query, None).await
    }

    /// The same over a part of the rows of one table.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(crate) async fn run_within<H: Host>(
        &mut self,
        host: &H,
        query: &Query,
        cut: Option<&Cut>,
    ) -> Result<Answer, Diagnostic> {
        if query.explain == Some(Explain::Plan) {
            let steps = explain::steps(query, None, &BTreeMap::new());
            let result = explain::rows(&steps, false)?;
            return Ok(Answer { result, reading: Reading::default(), plan: Some(steps) });
        }
        let scans = needs::scans_within(&query.root, cut);
        let before = host.network_bytes();
        let meter = Meter::new(host, self.limits.memory_bytes);
        let (missing, work) = self.weigh(&meter, &query.root, &scans).await?;
        let mut reading = self.reading(&scans, &work);
        self.load(&meter, missing, work).await?;
        let came = before.and_then(|before| host.network_bytes()?.checked_sub(before));
        reading.bytes_fetched = came.unwrap_or(meter.bytes());
        reading.bytes_kept = meter.bytes().saturating_sub(reading.bytes_fetched);
        let scanned = Cell::new(0);
        let watch = |rows: u64| {
            scanned.set(scanned.get() + rows);
            let (bytes, rows) = (meter.bytes(), scanned.get());
            host.progress(Progress { stage: "computing".into(), bytes, rows, bytes_total: None });
        };
        watch(0);
        let clock = || host.millis();
        let steps = explain::Meter::new(&clock);
        let steps = query.explain.is_some().then_some(&steps);
        let (narrowed, parts) = match views::narrowed(query, &self.store, cut)? {
            Some((narrowed, parts)) => (Some(narrowed), parts),
            None => (None, Vec::new()),
        };
        let run = narrowed.as_ref().unwrap_or(query);
        let names: Vec<(String, String)> =
            parts.iter().map(|(table, part)| (table.clone(), part.name.clone())).collect();
        parts.into_iter().for_each(|(_, part)| self.store.insert(part));
        let result = self.compute(run, steps, &watch);
        names.iter().for_each(|(_, name)| drop(self.store.tables.remove(&name.to_lowercase())));
        let result = result?;
        let Some(steps) = steps else { return Ok(Answer { result, reading, plan: None }) };
        let mut fetched: BTreeMap<String, Fetched> =
            scans.keys().map(|table| (table.clone(), self.fetched(table, &meter))).collect();
        for (table, name) in names {
            fetched.insert(name, self.fetched(&table, &meter));
        }
        let steps = explain::steps(run, Some(steps), &fetched);
        Ok(Answer { result: explain::rows(&steps, true)?, reading, plan: Some(steps) })
    }

    /// What the scans lack, and the work of getting it, unless that is too much or nobody allows it.
    ///
    /// # Errors
    /// A file that is missing or damaged, a bound that is exceeded, a reader who is to be asked.
    pub(crate) async fn weigh<H: Host>(
        &mut self,
        meter: &Meter<'_, H>,
        plan: &Plan,
        scans: &Scans<'_>,
    ) -> Result<(Lacking, Work), Diagnostic> {
        // Without a condition nothing can be left out: what is too much then is refused before anything is fetched.
        let whole = scans.iter().map(|(table, scans)| {
            (table.clone(), scans.iter().filter(|scan| scan.condition.is_none()).cloned().collect())
        });
        let whole: Scans<'_> = whole.collect();
        let copies = if needs::sorts_all(plan) { 3 } else { 2 };
        self.refuse_too_much(self.estimate(&whole, &self.plan(&whole)?.0, copies))?;
        self.open(meter, scans).await?;
        let (missing, work) = self.plan(scans)?;
        let estimate = Estimate { bytes: work.bytes(), memory: self.estimate(scans, &missing, copies) };
        if !meter.host.allows(&estimate) {
            return Err(needs_consent(&estimate));
        }
        self.make_room(scans, estimate.memory)?;
        Ok((missing, work))
    }

    /// What was read of a table's files.
    fn fetched<H: Host>(&self, table: &str, meter: &Meter<'_, H>) -> Fetched {
        let mut all = Fetched::default();
        if let Some(Origin::Extract { resource, .. }) = self.store.get(table).map(|table| &table.origin) {
            for file in &resource.files {
                let fetched = meter.of(&file.path);
                all.ranges += fetched.ranges;
                all.bytes += fetched.bytes;
            }
        }
        all
    }

    /// What the scans read, as far as it is known before the data come.
    pub(crate) fn reading(&self, scans: &Scans<'_>, work: &Work) -> Reading {
        let mut reading = Reading { bytes_skipped: work.skipped(), ..Reading::default() };
        for (table, scans) in scans {
            let Some(stored) = self.store.get(table) else { continue };
            let read = scans.iter().map(|scan| stored.needed(scan)).reduce(|all, rows| all.or(&rows));
            let read = read.map_or(0, |rows| rows.total());
            reading.rows_read += read;
            reading.rows_skipped += stored.rows - read.min(stored.rows);
        }
        reading
    }

    /// Makes the footers known of the files that the scans read, those of all tables side by side.
    async fn open<H: Host>(&mut self, meter: &Meter<'_, H>, scans: &Scans<'_>) -> Result<(), Diagnostic> {
        for table in scans.keys() {
            if self.store.get(table).is_none() {
                return Err(Diagnostic::error_without_place("unknown-table", format!("there is no table `{table}`")));
            }
        }
        let by_key: BTreeMap<String, &Vec<Scan<'_>>> =
            scans.iter().map(|(table, scans)| (table.to_lowercase(), scans)).collect();
        let jobs = self.store.tables.iter_mut().filter_map(|(key, table)| {
            let scans = by_key.get(key)?;
            Some(table.open(meter, scans))
        });
        join_all(jobs.collect(), WIDTH).await.map(drop)
    }

    /// What is not held, and the work of getting it.
    fn plan(&self, scans: &Scans<'_>) -> Result<(Lacking, Work), Diagnostic> {
        let mut work = Work::default();
        let mut all = Vec::new();
        for (table, scans) in scans {
            let Some(stored) = self.store.get(table) else { continue };
            let missing = stored.missing(scans);
            let targets = stored.plan(&missing, &mut work)?;
            all.extend(
                missing.into_iter().zip(targets).map(|(missing, target)| (table.to_lowercase(), target, missing)),
            );
        }
        Ok((all, work))
    }

    async fn load<H: Host>(&mut self, meter: &Meter<'_, H>, missing: Lacking, work: Work) -> Result<(), Diagnostic> {
        if work.is_empty() {
            return Ok(());
        }
        let mut columns: Vec<Option<_>> = work.run(meter).await?.into_iter().map(Some).collect();
        for (table, target, missing) in missing {
            let column = columns.get_mut(target).and_then(Option::take);
            if let (Some(stored), Some(column)) = (self.store.tables.get_mut(&table), column) {
                let series = column.finish(&missing.name);
                stored.hold(missing, series)?;
            }
        }
        Ok(())
    }

    fn compute(
        &self,
        query: &Query,
        steps: Option<&explain::Meter<'_>>,
        watch: &dyn Fn(u64),
    ) -> Result<ResultSet, Diagnostic> {
        // Polars may panic where it should not; natively that becomes a diagnostic, in the browser the worker is replaced.
        let run = || Lowering::new(&self.store, self.limits, steps, watch).run(query);
        let frame = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("it panicked");
            Err(engine_error(text))
        })?;
        let columns = query.output.iter().map(|field| (field.name.clone(), field.ty)).collect();
        Ok(ResultSet::new(columns, frame))
    }

    /// Bytes of memory a query takes, roughly: so many times what it reads.
    fn estimate(&self, scans: &Scans<'_>, missing: &[(String, usize, Missing)], copies: u64) -> u64 {
        let mut needed: u64 = missing.iter().map(|(_, _, column)| width(column.ty) * column.rows.total()).sum();
        for (table, scans) in scans {
            if let Some(stored) = self.store.get(table) {
                let columns: BTreeSet<&String> = scans.iter().flat_map(|scan| &scan.columns).collect();
                needed += columns.into_iter().filter_map(|name| stored.held.get(name)).map(Held::bytes).sum::<u64>();
            }
        }
        // The plan's own rows: once for what is read, as filters and joins copy what they keep; sorts take as much once more.
        needed.saturating_mul(copies)
    }

    /// Refuses a query that needs more memory than there may be.
    fn refuse_too_much(&self, estimate: u64) -> Result<(), Diagnostic> {
        if estimate > self.limits.memory_bytes {
            let mib = |bytes: u64| bytes.div_ceil(1 << 20);
            return Err(Diagnostic::error_without_place(
                "over-budget",
                format!(
                    "this query needs about {} MiB of memory, more than the {} MiB allowed",
                    mib(estimate),
                    mib(self.limits.memory_bytes)
                ),
            )
            .hint("read fewer columns, or a smaller table"));
        }
        Ok(())
    }

    /// Lets go of columns that a query does not read, if they are in the way.
    fn make_room(&mut self, scans: &Scans<'_>, estimate: u64) -> Result<(), Diagnostic> {
        self.refuse_too_much(estimate)?;
        let held: u64 = self.store.tables.values().map(StoredTable::held_bytes).sum();
        if held + estimate > self.limits.memory_bytes {
            for (name, table) in &mut self.store.tables {
                let columns: Vec<String> = scans
                    .iter()
                    .filter(|(scanned, _)| scanned.to_lowercase() == *name)
                    .flat_map(|(_, scans)| scans.iter().flat_map(|scan| scan.columns.clone()))
                    .collect();
                table.release_except(&columns);
            }
        }
        Ok(())
    }
}

fn needs_consent(estimate: &Estimate) -> Diagnostic {
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    let message = format!(
        "this query reads {} MB and takes about {} MB of memory, more than it may without asking",
        megabytes(estimate.bytes),
        megabytes(estimate.memory)
    );
    Diagnostic::error_without_place("needs-consent", message)
        .hint("run it anyway, read fewer columns or rows, or set other limits on the Data page")
}

/// Bytes a value takes in memory, texts at a guess.
pub(crate) fn width(ty: Type) -> u64 {
    match ty {
        Type::Null | Type::Boolean => 1,
        Type::Integer | Type::Date => 4,
        Type::BigInt | Type::Double | Type::Time | Type::Timestamp => 8,
        Type::Varchar => 24,
        Type::Interval | Type::List(_) | Type::Struct(_) => 48,
    }
}
