//! The tables the engine knows and the columns of them it holds in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use almanac_model::manifest::Resource;
use almanac_model::view::TableSource;
use almanac_model::{Diagnostic, Type};
use bytes::Bytes;
use polars_core::prelude::Series;

use crate::host::Host;
use crate::load::extract::{self, FileState};
use crate::load::parquet::{self, Footer};
use crate::load::sparse::SparseFile;
use crate::lower::Tables;
use crate::physical::bytes_of;
use crate::scan::facts::Facts;

/// Where a table's columns come from when they are not held.
pub(crate) enum Origin {
    /// The site's files.
    Extract {
        /// Its entry in the manifest.
        resource: Resource,
        /// One a file.
        files: Vec<FileState>,
    },
    /// A Parquet file the reader dropped.
    Parquet {
        /// The file.
        bytes: Bytes,
        /// Its footer.
        footer: Box<Footer>,
    },
    /// All columns are held.
    Memory,
}

/// One table.
pub(crate) struct StoredTable {
    pub(crate) name: String,
    pub(crate) source: TableSource,
    pub(crate) columns: Vec<(String, Type)>,
    pub(crate) rows: u64,
    pub(crate) origin: Origin,
    pub(crate) held: BTreeMap<String, Series>,
    /// What is known of held columns.
    pub(crate) facts: RefCell<BTreeMap<String, Rc<Facts>>>,
}

impl StoredTable {
    /// Columns among these that are not held, with their types.
    pub(crate) fn missing<'a>(&'a self, names: &'a [String]) -> Vec<(&'a str, Type)> {
        let mut out: Vec<(&str, Type)> = Vec::new();
        for name in names {
            if !self.held.contains_key(name)
                && !out.iter().any(|(seen, _)| seen == name)
                && let Some((name, ty)) = self.columns.iter().find(|(column, _)| column == name)
            {
                out.push((name, *ty));
            }
        }
        out
    }

    /// Fetches and decodes what is missing; gives the bytes that came over the network.
    pub(crate) async fn load<H: Host>(&mut self, host: &H, names: &[String]) -> Result<u64, Diagnostic> {
        let missing: Vec<(String, Type)> =
            self.missing(names).into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect();
        if missing.is_empty() {
            return Ok(0);
        }
        let wanted: Vec<(&str, Type)> = missing.iter().map(|(name, ty)| (name.as_str(), *ty)).collect();
        if let Origin::Extract { resource, files } = &mut self.origin {
            let loaded = extract::load(host, resource, files, &wanted).await?;
            self.hold(loaded.columns)?;
            return Ok(loaded.bytes);
        }
        self.decode(&wanted)?;
        Ok(0)
    }

    /// Decodes every column of a dropped Parquet file.
    pub(crate) fn decode_all(&mut self) -> Result<(), Diagnostic> {
        let columns = self.columns.clone();
        let wanted: Vec<(&str, Type)> = columns.iter().map(|(name, ty)| (name.as_str(), *ty)).collect();
        self.decode(&wanted)
    }

    fn decode(&mut self, wanted: &[(&str, Type)]) -> Result<(), Diagnostic> {
        let Origin::Parquet { bytes, footer } = &self.origin else { return Ok(()) };
        let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
        parquet::ranges(&self.name, footer, &names, bytes.len() as u64)?;
        let chunks = parquet::decode(&self.name, SparseFile::whole(bytes.clone()), footer, wanted)?;
        let columns = wanted
            .iter()
            .zip(chunks)
            .map(|((name, ty), chunks)| Ok(((*name).to_owned(), extract::column(name, *ty, &chunks)?)))
            .collect::<Result<Vec<_>, Diagnostic>>()?;
        self.hold(columns)
    }

    fn hold(&mut self, columns: Vec<(String, Series)>) -> Result<(), Diagnostic> {
        for (name, series) in columns {
            if series.len() as u64 != self.rows {
                return Err(Diagnostic::error_without_place(
                    "damaged-file",
                    format!("column `{name}` of `{}` has {} values for {} rows", self.name, series.len(), self.rows),
                ));
            }
            self.facts.get_mut().remove(&name);
            self.held.insert(name, series);
        }
        Ok(())
    }

    /// Distinct values of the columns whose number the manifest tells.
    pub(crate) fn distinct(&self) -> BTreeMap<String, u64> {
        let Origin::Extract { resource, .. } = &self.origin else { return BTreeMap::new() };
        let fields = resource.schema.fields.iter();
        fields.filter_map(|field| Some((field.name.clone(), field.distinct?))).collect()
    }

    /// Bytes the held columns take, estimated.
    pub(crate) fn held_bytes(&self) -> u64 {
        let facts: u64 = self.facts.borrow().values().map(|facts| facts.bytes()).sum();
        self.held.values().map(bytes_of).sum::<u64>() + facts
    }

    /// Lets go of columns that can be fetched again.
    pub(crate) fn release_except(&mut self, names: &[String]) {
        if !matches!(self.origin, Origin::Memory) {
            self.held.retain(|name, _| names.contains(name));
            self.facts.get_mut().retain(|name, _| names.contains(name));
        }
    }
}

/// All tables, by lower-case name.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) tables: BTreeMap<String, StoredTable>,
}

impl Store {
    pub(crate) fn get(&self, name: &str) -> Option<&StoredTable> {
        self.tables.get(&name.to_lowercase())
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut StoredTable> {
        self.tables.get_mut(&name.to_lowercase())
    }

    pub(crate) fn insert(&mut self, table: StoredTable) {
        self.tables.insert(table.name.to_lowercase(), table);
    }
}

impl Tables for Store {
    fn columns(&self, table: &str, names: &[&str]) -> Result<(Vec<Series>, usize), Diagnostic> {
        let stored = self
            .get(table)
            .ok_or_else(|| Diagnostic::error_without_place("unknown-table", format!("there is no table `{table}`")))?;
        let series = names
            .iter()
            .map(|name| {
                stored.held.get(*name).cloned().ok_or_else(|| {
                    Diagnostic::error_without_place("unknown-column", format!("table `{table}` has no column `{name}`"))
                })
            })
            .collect::<Result<_, _>>()?;
        let rows = usize::try_from(stored.rows).map_err(|_| {
            Diagnostic::error_without_place("over-budget", format!("table `{table}` has too many rows"))
        })?;
        Ok((series, rows))
    }

    fn facts(&self, table: &str, column: &str) -> Rc<Facts> {
        let Some(stored) = self.get(table) else { return Rc::default() };
        Rc::clone(stored.facts.borrow_mut().entry(column.to_owned()).or_default())
    }
}
