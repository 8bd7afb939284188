//! The engine as its hosts see it: tables by name, queries in, results out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use almanac_model::manifest::{Manifest, Resource};
use almanac_model::protocol::{Limits, Progress};
use almanac_model::view::{CatalogColumn, CatalogTable as TableInfo, PlanStep, TableSource};
use almanac_model::{Diagnostic, Type, Value};
use almanac_sql::catalog::{Catalog, CatalogTable};
use almanac_sql::plan::{Explain, Query};
use almanac_sql::{BindOptions, Limits as TextLimits, Parameter, bind, pivot_questions};
use bytes::Bytes;

use crate::execute::engine_error;
use crate::explain::{self, Counting, Meter};
use crate::host::Host;
use crate::load::{self, sniff};
use crate::lower::Lowering;
use crate::needs;
use crate::physical::bytes_of;
use crate::result::ResultSet;
use crate::store::{Origin, Store, StoredTable};
use crate::text_form;

/// How many times a text may ask for the columns of its PIVOTs: one may read another.
const MOST_QUESTIONS: usize = 8;

/// What a query gave and what it cost.
#[derive(Debug)]
pub struct Answer {
    /// The rows.
    pub result: ResultSet,
    /// Bytes fetched for it now; zero when everything was held.
    pub bytes_fetched: u64,
    /// Rows of the tables it read.
    pub rows_read: u64,
    /// The steps that EXPLAIN asks for; the rows then tell them as text.
    pub plan: Option<Vec<PlanStep>>,
}

/// Tables and what runs queries over them.
pub struct Engine {
    manifest: Manifest,
    limits: Limits,
    store: Store,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("tables", &self.store.tables.keys().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine over the site's extracts. Nothing is fetched yet.
    #[must_use]
    pub fn new(manifest: Manifest, limits: Limits) -> Self {
        let mut store = Store::default();
        for resource in &manifest.resources {
            store.insert(StoredTable {
                name: resource.name.clone(),
                source: TableSource::Extract,
                columns: resource.schema.fields.iter().map(|field| (field.name.clone(), field.ty)).collect(),
                rows: resource.rows,
                origin: Origin::Extract { resource: resource.clone(), files: Vec::new() },
                held: BTreeMap::new(),
                facts: RefCell::default(),
            });
        }
        Self { manifest, limits, store }
    }

    /// The site's manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bounds it keeps.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Binds a query and runs it.
    ///
    /// # Errors
    /// What is wrong with the text, with the files, or with a value met on the way.
    pub async fn query<H: Host>(
        &mut self,
        host: &H,
        sql: &str,
        parameters: &BTreeMap<String, Value>,
    ) -> Result<Answer, Vec<Diagnostic>> {
        let mut options = self.options(parameters);
        let (mut bytes_fetched, mut rows_read) = (0, 0);
        for _ in 0..MOST_QUESTIONS {
            let problems = match bind(sql, self, &options) {
                Ok(query) => {
                    let mut answer = self.run(host, &query).await.map_err(|diagnostic| vec![diagnostic])?;
                    answer.bytes_fetched += bytes_fetched;
                    answer.rows_read += rows_read;
                    return Ok(answer);
                }
                Err(problems) => problems,
            };
            // Only the data know the columns of a PIVOT that names none.
            let questions = match problems.iter().all(|problem| problem.code.0 == "pivot-values") {
                true => pivot_questions(sql, self, &options),
                false => Vec::new(),
            };
            if questions.is_empty() {
                return Err(problems);
            }
            for (place, question) in questions {
                let answer = self.run(host, &question).await.map_err(|diagnostic| vec![diagnostic])?;
                bytes_fetched += answer.bytes_fetched;
                rows_read += answer.rows_read;
                options.pivots.insert(place, answer.result.texts());
            }
        }
        Err(vec![
            Diagnostic::error_without_place("pivot-values", "this query pivots what it has pivoted too many times")
                .hint("put the inner queries into cells of their own"),
        ])
    }

    /// Binds a query to the tables there are. `parameters` are the values of `$name`; `current_date` is the manifest's last day.
    ///
    /// # Errors
    /// Every mistake of the text.
    pub fn bind(&self, sql: &str, parameters: &BTreeMap<String, Value>) -> Result<Query, Vec<Diagnostic>> {
        bind(sql, self, &self.options(parameters))
    }

    fn options(&self, parameters: &BTreeMap<String, Value>) -> BindOptions {
        BindOptions {
            parameters: parameters.iter().map(|(name, value)| (name.clone(), Parameter::One(value.clone()))).collect(),
            today: self.today(),
            limits: TextLimits { bytes: self.limits.sql_bytes as usize, ..TextLimits::default() },
            ..BindOptions::default()
        }
    }

    /// The day the data speak of: results must not depend on when they are looked at.
    fn today(&self) -> Option<i32> {
        match text_form::parse(self.manifest.as_of.as_deref()?, Type::Date) {
            Some(Value::Date(days)) => Some(days),
            _ => None,
        }
    }

    /// Runs a bound query: fetches the columns it reads that are not held, then computes.
    ///
    /// # Errors
    /// A file that is missing or damaged, a value that must not be, a bound that is exceeded.
    pub async fn run<H: Host>(&mut self, host: &H, query: &Query) -> Result<Answer, Diagnostic> {
        if query.explain == Some(Explain::Plan) {
            let steps = explain::steps(query, None, &BTreeMap::new());
            let result = explain::rows(&steps, false)?;
            return Ok(Answer { result, bytes_fetched: 0, rows_read: 0, plan: Some(steps) });
        }
        let scans = needs::scans(&query.root);
        self.make_room(&scans)?;
        let counting = Counting::new(host);
        let mut fetched = BTreeMap::new();
        let mut bytes_fetched = 0;
        let mut rows_read = 0;
        for (table, columns) in &scans {
            let Some(stored) = self.store.get_mut(table) else {
                return Err(Diagnostic::error_without_place("unknown-table", format!("there is no table `{table}`")));
            };
            bytes_fetched += stored.load(&counting, columns).await?;
            rows_read += stored.rows;
            fetched.insert(table.clone(), counting.take());
        }
        host.progress(Progress { stage: "computing".into(), bytes: bytes_fetched, bytes_total: None });
        if query.explain.is_none() {
            return Ok(Answer { result: self.compute(query, None)?, bytes_fetched, rows_read, plan: None });
        }
        let clock = || host.millis();
        let meter = Meter::new(&clock);
        self.compute(query, Some(&meter))?;
        let steps = explain::steps(query, Some(&meter), &fetched);
        Ok(Answer { result: explain::rows(&steps, true)?, bytes_fetched, rows_read, plan: Some(steps) })
    }

    fn compute(&self, query: &Query, meter: Option<&Meter<'_>>) -> Result<ResultSet, Diagnostic> {
        // Polars may panic where it should not; natively that becomes a diagnostic, in the browser the worker is replaced.
        let run = || Lowering::new(&self.store, self.limits, meter).run(query);
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

    /// Makes a result a table that later queries can read; one of that name is replaced.
    pub fn register(&mut self, name: &str, result: &ResultSet) {
        let columns = result.as_columns();
        self.store.insert(StoredTable {
            name: name.to_owned(),
            source: TableSource::Cell,
            columns: columns.iter().map(|(name, ty, _)| (name.clone(), *ty)).collect(),
            rows: result.rows(),
            origin: Origin::Memory,
            held: columns.into_iter().map(|(name, _, series)| (name, series)).collect(),
            facts: RefCell::default(),
        });
    }

    /// Makes columns at hand a table.
    pub(crate) fn hold(&mut self, table: StoredTable) {
        self.store.insert(table);
    }

    /// Forgets a table that was registered or opened; an extract of the same name comes back.
    pub fn close(&mut self, name: &str) {
        let key = name.to_lowercase();
        if self.store.tables.get(&key).is_some_and(|table| table.source == TableSource::Extract) {
            return;
        }
        self.store.tables.remove(&key);
        if let Some(resource) = self.manifest.resources.iter().find(|resource| resource.name.to_lowercase() == key) {
            let fresh = Self::new(Manifest { resources: vec![resource.clone()], ..Manifest::default() }, self.limits);
            self.store.tables.extend(fresh.store.tables);
        }
    }

    /// Makes a file the reader dropped a table. What it is, its bytes decide. The warnings name columns that were left out.
    ///
    /// # Errors
    /// An empty, damaged or foreign file.
    pub fn open_file(&mut self, file_name: &str, bytes: Bytes) -> Result<(TableInfo, Vec<Diagnostic>), Diagnostic> {
        let length = bytes.len() as u64;
        if length > self.limits.memory_bytes / 2 {
            return Err(Diagnostic::error_without_place(
                "over-budget",
                format!(
                    "`{file_name}` has {length} bytes, too many for the {} of memory allowed",
                    self.limits.memory_bytes
                ),
            ));
        }
        // Damaged files make decoders panic now and then.
        let read = move || read(file_name, &bytes);
        let opened = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
            Err(Diagnostic::error_without_place(
                "damaged-file",
                format!("`{file_name}` is damaged: its values cannot be decoded"),
            )
            .hint("copy or export the file again; it may have been cut off on its way"))
        })?;
        let (mut table, warnings) = opened;
        table.name = self.free_name(file_name);
        let info = info(&table, None, Some(length));
        self.store.insert(table);
        Ok((info, warnings))
    }

    /// The table name made of a file name: `Sales 2025.csv` becomes `sales_2025`; a number is added to one that is taken.
    fn free_name(&self, file_name: &str) -> String {
        let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let mut name: String = stem
            .chars()
            .map(|c| if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { '_' })
            .collect();
        let trimmed = name.trim_matches('_').to_owned();
        name = if trimmed.is_empty() { "file".to_owned() } else { trimmed };
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            name.insert(0, '_');
        }
        let taken = |name: &str| self.store.get(name).is_some();
        if !taken(&name) {
            return name;
        }
        (2..).map(|n| format!("{name}_{n}")).find(|name| !taken(name)).unwrap_or(name)
    }

    /// All tables, sorted by name.
    #[must_use]
    pub fn tables(&self) -> Vec<TableInfo> {
        self.store
            .tables
            .values()
            .map(|table| {
                let resource = match &table.origin {
                    Origin::Extract { resource, .. } => Some(resource),
                    Origin::Parquet { .. } | Origin::Memory => None,
                };
                let bytes = match &table.origin {
                    Origin::Extract { resource, .. } => Some(resource.files.iter().map(|file| file.bytes).sum()),
                    Origin::Parquet { bytes, .. } => Some(bytes.len() as u64),
                    Origin::Memory => None,
                };
                info(table, resource, bytes)
            })
            .collect()
    }

    /// Estimates the memory a query takes and lets go of columns it does not read, if they are in the way.
    fn make_room(&mut self, scans: &BTreeMap<String, Vec<String>>) -> Result<(), Diagnostic> {
        let mut needed = 0;
        for (table, columns) in scans {
            if let Some(stored) = self.store.get(table) {
                let types = stored.missing(columns);
                needed += types.iter().map(|(_, ty)| width(*ty)).sum::<u64>() * stored.rows;
                needed += columns.iter().filter_map(|name| stored.held.get(name)).map(bytes_of).sum::<u64>();
            }
        }
        // The plan's own rows: once for what is read, as filters and joins copy what they keep.
        let estimate = needed.saturating_mul(2);
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
        let held: u64 = self.store.tables.values().map(StoredTable::held_bytes).sum();
        if held + estimate > self.limits.memory_bytes {
            for (name, table) in &mut self.store.tables {
                let columns = scans
                    .iter()
                    .find(|(scanned, _)| scanned.to_lowercase() == *name)
                    .map(|(_, columns)| columns.as_slice());
                table.release_except(columns.unwrap_or_default());
            }
        }
        Ok(())
    }
}

/// Bytes a value takes in memory, texts at a guess.
fn width(ty: Type) -> u64 {
    match ty {
        Type::Null | Type::Boolean => 1,
        Type::Integer | Type::Date => 4,
        Type::BigInt | Type::Double | Type::Time | Type::Timestamp => 8,
        Type::Varchar => 24,
        Type::Interval | Type::List(_) | Type::Struct(_) => 48,
    }
}

fn info(table: &StoredTable, resource: Option<&Resource>, bytes: Option<u64>) -> TableInfo {
    let description = |name: &str| {
        resource
            .and_then(|resource| resource.schema.fields.iter().find(|field| field.name == name))
            .map(|field| field.description.clone())
            .unwrap_or_default()
    };
    TableInfo {
        name: table.name.clone(),
        source: table.source,
        description: resource.map(|resource| resource.description.clone()).unwrap_or_default(),
        rows: Some(table.rows),
        bytes,
        columns: table
            .columns
            .iter()
            .map(|(name, ty)| CatalogColumn { name: name.clone(), ty: *ty, description: description(name) })
            .collect(),
    }
}

fn read(name: &str, bytes: &Bytes) -> Result<(StoredTable, Vec<Diagnostic>), Diagnostic> {
    let refused = |code, what: &str| {
        Err(Diagnostic::error_without_place(code, format!("`{name}` {what}"))
            .hint("Almanac reads Parquet, CSV and Arrow files"))
    };
    let memory = match sniff::kind(bytes) {
        sniff::Kind::Parquet => {
            let footer = load::parquet::footer_of_whole(name, bytes)?;
            let warnings = footer.unreadable.iter().map(|(column, ty)| load::left_out(name, column, ty)).collect();
            let mut table = StoredTable {
                name: name.to_owned(),
                source: TableSource::Dropped,
                columns: footer.columns.clone(),
                rows: footer.rows(),
                origin: Origin::Parquet { bytes: bytes.clone(), footer: Box::new(footer) },
                held: BTreeMap::new(),
                facts: RefCell::default(),
            };
            // Decoded at once, so that damage is told when the file is dropped and not by some query later.
            table.decode_all()?;
            return Ok((table, warnings));
        }
        sniff::Kind::ArrowFile => load::ipc::read(name, bytes, false)?,
        sniff::Kind::ArrowStream => load::ipc::read(name, bytes, true)?,
        sniff::Kind::Csv if sniff::is_named_binary(name) => {
            return refused("foreign-file", "is text, though its name says that it is not");
        }
        sniff::Kind::Csv => load::csv::read(name, bytes)?,
        sniff::Kind::Empty => return refused("empty-file", "is empty"),
        sniff::Kind::Foreign(what) => return refused("foreign-file", &format!("is {what}")),
        sniff::Kind::Unknown => return refused("foreign-file", "is of a kind Almanac does not know"),
    };
    let table = StoredTable {
        name: name.to_owned(),
        source: TableSource::Dropped,
        columns: memory.columns.iter().map(|(name, ty, _)| (name.clone(), *ty)).collect(),
        rows: memory.rows,
        origin: Origin::Memory,
        held: memory.columns.into_iter().map(|(name, _, series)| (name, series)).collect(),
        facts: RefCell::default(),
    };
    Ok((table, memory.warnings))
}

impl Catalog for Engine {
    fn table(&self, name: &str) -> Option<CatalogTable> {
        self.store.get(name).map(|table| CatalogTable {
            name: table.name.clone(),
            columns: table.columns.clone(),
            rows: Some(table.rows),
            distinct: table.distinct(),
        })
    }

    fn table_names(&self) -> Vec<String> {
        self.store.tables.values().map(|table| table.name.clone()).collect()
    }
}
