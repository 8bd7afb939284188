//! The engine as its hosts see it: tables by name, queries in, results out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use almanac_model::view::{CatalogTable as TableInfo, PlanStep, TableSource};
use almanac_model::{Diagnostic, Type, Value};
use almanac_sql::catalog::{Catalog, CatalogTable};
use almanac_sql::plan::Query;
use almanac_sql::{BindOptions, Limits as TextLimits, Parameter, bind, pivot_questions};
use bytes::Bytes;

use crate::dropped;
use crate::facts::info;
use crate::held::Held;
use crate::host::Host;
use crate::kept_result;
use crate::needs;
use crate::result::ResultSet;
use crate::store::{Origin, Store, StoredTable};
use crate::text_form;
use crate::told;

/// How many times a text may ask for the columns of its PIVOTs: one may read another.
const MOST_QUESTIONS: usize = 8;

/// What a query gave and what it cost.
#[derive(Debug)]
pub struct Answer {
    /// The rows.
    pub result: ResultSet,
    /// What was read for it, and what was left out.
    pub reading: Reading,
    /// The steps that EXPLAIN asks for; the rows then tell them as text.
    pub plan: Option<Vec<PlanStep>>,
}

/// What a query read of its tables' files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Bytes that came over the network now.
    pub bytes_fetched: u64,
    /// Bytes that the host had kept from earlier.
    pub bytes_kept: u64,
    /// Bytes of the wanted columns that need not be read: of rows that cannot pass, or whose values the statistics tell.
    pub bytes_skipped: u64,
    /// Rows of the tables it read.
    pub rows_read: u64,
    /// Rows of the tables that cannot pass.
    pub rows_skipped: u64,
    /// Whether the host had kept the result itself, so that nothing was read at all.
    pub recalled: bool,
    /// Helpers that computed a part of it.
    pub helpers: u32,
}

impl Reading {
    /// Adds what another query read for the same answer.
    fn add(&mut self, other: &Self) {
        self.bytes_fetched += other.bytes_fetched;
        self.bytes_kept += other.bytes_kept;
        self.bytes_skipped += other.bytes_skipped;
        self.rows_read += other.rows_read;
        self.rows_skipped += other.rows_skipped;
        self.helpers = self.helpers.max(other.helpers);
    }
}

/// Tables and what runs queries over them.
pub struct Engine {
    manifest: Manifest,
    pub(crate) limits: Limits,
    pub(crate) store: Store,
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
                origin: Origin::Extract { resource: Box::new(resource.clone()), files: Vec::new() },
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

    /// Keeps other bounds from now on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Takes a manifest that was published since the engine was made; gives the names of the tables that are others now. Those
    /// whose files are the same keep what they hold.
    pub fn renew(&mut self, manifest: Manifest) -> Vec<String> {
        let fresh = Self::new(manifest, self.limits);
        let mut changed = Vec::new();
        for old in &self.manifest.resources {
            if !fresh.manifest.resources.iter().any(|new| new == old) {
                changed.push(old.name.clone());
                let is_old = |table: &mut StoredTable| table.source == TableSource::Extract;
                let key = old.name.to_lowercase();
                if self.store.tables.get_mut(&key).is_some_and(is_old) {
                    self.store.tables.remove(&key);
                }
            }
        }
        for (key, table) in fresh.store.tables {
            if !self.manifest.resources.iter().any(|old| old.name == table.name) {
                changed.push(table.name.clone());
            }
            self.store.tables.entry(key).or_insert(table);
        }
        self.manifest = fresh.manifest;
        changed
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
        // What is shared cannot be computed in parts, and helpers bind the text as it is bound here.
        let apart = host.pool().is_some_and(|pool| pool.helpers > 0);
        options.optimise.share = !apart;
        let mut before = Reading::default();
        for _ in 0..MOST_QUESTIONS {
            let problems = match bind(sql, self, &options) {
                Ok(query) => {
                    let mut answer = self.recall_or_run(host, &query, apart, sql, parameters).await?;
                    answer.reading.add(&before);
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
                before.add(&answer.reading);
                options.pivots.insert(place, answer.result.texts());
            }
        }
        Err(vec![
            Diagnostic::error_without_place("pivot-values", "this query pivots what it has pivoted too many times")
                .hint("put the inner queries into cells of their own"),
        ])
    }

    /// The result as the host kept it, else as it is computed now; in parts, if it was bound to be.
    async fn recall_or_run<H: Host>(
        &mut self,
        host: &H,
        query: &Query,
        apart: bool,
        sql: &str,
        parameters: &BTreeMap<String, Value>,
    ) -> Result<Answer, Vec<Diagnostic>> {
        let files = if query.explain.is_none() { self.files_of(query) } else { None };
        let name = files.map(|files| kept_result::name(sql, parameters, self.today(), &files));
        let kept = name.as_ref().and_then(|name| host.recall(name)).and_then(|bytes| kept_result::read(&bytes));
        let fits = |result: &ResultSet| {
            let names = query.output.iter().map(|field| (&field.name, &field.ty));
            result.columns().iter().map(|(name, ty)| (name, ty)).eq(names)
        };
        if let Some(result) = kept.filter(fits) {
            return Ok(Answer { result, reading: Reading { recalled: true, ..Reading::default() }, plan: None });
        }
        let told = told::told(query, &self.store, self.limits.memory_bytes);
        let query = told.as_ref().unwrap_or(query);
        // Helpers know the site's files, and only those, and number the steps of the plan as it was bound.
        let answer = match name {
            Some(_) if apart && told.is_none() => self.run_in_parts(host, query, sql, parameters).await,
            _ => self.run(host, query).await,
        };
        let answer = answer.map_err(|diagnostic| vec![diagnostic])?;
        if let Some(name) = name
            && let Some(bytes) = kept_result::write(&answer.result)
        {
            host.remember(&name, &bytes);
        }
        Ok(answer)
    }

    /// Names and hashes of the files a query reads; `None` when it reads none, or something that is no extract.
    fn files_of(&self, query: &Query) -> Option<Vec<(String, String)>> {
        let mut files = Vec::new();
        for table in needs::scans(&query.root).keys() {
            let Origin::Extract { resource, .. } = &self.store.get(table)?.origin else { return None };
            files.extend(resource.files.iter().map(|file| (file.path.clone(), file.sha256.clone())));
        }
        let known = !files.is_empty() && files.iter().all(|(_, hash)| !hash.is_empty());
        known.then_some(files)
    }

    /// Binds a query to the tables there are. `parameters` are the values of `$name`; `current_date` is the manifest's last day.
    ///
    /// # Errors
    /// Every mistake of the text.
    pub fn bind(&self, sql: &str, parameters: &BTreeMap<String, Value>) -> Result<Query, Vec<Diagnostic>> {
        bind(sql, self, &self.options(parameters))
    }

    pub(crate) fn options(&self, parameters: &BTreeMap<String, Value>) -> BindOptions {
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

    /// Makes a result a table that later queries can read; one of that name is replaced.
    pub fn register(&mut self, name: &str, result: &ResultSet) {
        let columns = result.as_columns();
        self.store.insert(StoredTable {
            name: name.to_owned(),
            source: TableSource::Cell,
            columns: columns.iter().map(|(name, ty, _)| (name.clone(), *ty)).collect(),
            rows: result.rows(),
            origin: Origin::Memory,
            held: columns.into_iter().map(|(name, _, series)| (name, Held::all(series))).collect(),
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
        // A query takes its columns and once more as much.
        let budget = self.limits.memory_bytes / 2;
        let read = move || dropped::read(file_name, &bytes, budget);
        let opened = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
            Err(Diagnostic::error_without_place(
                "damaged-file",
                format!("`{file_name}` is damaged: its values cannot be decoded"),
            )
            .hint("copy or export the file again; it may have been cut off on its way"))
        })?;
        let (mut table, warnings) = opened;
        table.name = self.free_name(file_name);
        let info = info(&table, None, Some(length), None);
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
                    Origin::Extract { resource, .. } => Some(resource.as_ref()),
                    Origin::Parquet { .. } | Origin::Memory => None,
                };
                let bytes = match &table.origin {
                    Origin::Extract { resource, .. } => Some(resource.files.iter().map(|file| file.bytes).sum()),
                    Origin::Parquet { bytes, .. } => Some(*bytes),
                    Origin::Memory => None,
                };
                info(table, resource, bytes, self.manifest().as_of.as_deref())
            })
            .collect()
    }
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
