//! The tables the engine knows and the columns of them it holds in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use almanac_model::manifest::Resource;
use almanac_model::view::TableSource;
use almanac_model::{Diagnostic, Type};
use bytes::Bytes;
use polars_core::prelude::Series;

use crate::execute::engine_error;
use crate::held::Held;
use crate::host::Host;
use crate::load::extract::{self, FileState, Look, Meter};
use crate::load::parquet::Footer;
use crate::load::prune::Condition;
use crate::load::rows::Rows;
use crate::load::work::Work;
use crate::lower::Tables;
use crate::needs::Scan;
use crate::scan::facts::Facts;

/// Where a table's columns come from when they are not held.
pub(crate) enum Origin {
    /// The site's files.
    Extract {
        /// Its entry in the manifest.
        resource: Box<Resource>,
        /// One a file.
        files: Vec<FileState>,
    },
    /// A Parquet file the reader dropped.
    Parquet {
        /// The file, whole.
        file: Box<FileState>,
        /// Its length.
        bytes: u64,
    },
    /// All columns are held.
    Memory,
}

impl Origin {
    /// A dropped file.
    pub(crate) fn dropped(bytes: Bytes, footer: Footer) -> Self {
        let length = bytes.len() as u64;
        let file = FileState { footer: Some(footer), whole: Some(bytes), ..FileState::default() };
        Self::Parquet { file: Box::new(file), bytes: length }
    }
}

/// One table.
pub(crate) struct StoredTable {
    pub(crate) name: String,
    pub(crate) source: TableSource,
    pub(crate) columns: Vec<(String, Type)>,
    pub(crate) rows: u64,
    pub(crate) origin: Origin,
    pub(crate) held: BTreeMap<String, Held>,
    /// What is known of held columns.
    pub(crate) facts: RefCell<BTreeMap<String, Rc<Facts>>>,
}

/// What a query still lacks of a column.
#[derive(Debug)]
pub(crate) struct Missing {
    /// The column.
    pub(crate) name: String,
    /// Its type.
    pub(crate) ty: Type,
    /// The rows, of the table.
    pub(crate) rows: Rows,
}

impl StoredTable {
    /// Makes known what is needed to tell which rows the scans may need.
    ///
    /// # Errors
    /// A file that is missing, unreachable, damaged, or not what the manifest says.
    pub(crate) async fn open<H: Host>(&mut self, meter: &Meter<'_, H>, scans: &[Scan<'_>]) -> Result<(), Diagnostic> {
        let held =
            |name: &String| (name.clone(), self.held.get(name).map(|held| held.rows.clone()).unwrap_or_default());
        let looks: Vec<Look<'_>> = scans
            .iter()
            .map(|scan| Look { columns: scan.columns.iter().map(held).collect(), condition: scan.condition })
            .collect();
        let reads = looks.iter().any(|look| look.columns.iter().any(|(_, held)| held.total() < self.rows));
        match &mut self.origin {
            Origin::Extract { resource, files } if reads => extract::open(meter, resource, files, &looks).await,
            _ => Ok(()),
        }
    }

    /// The rows that a scan may need, as far as is known now.
    pub(crate) fn needed(&self, scan: &Scan<'_>) -> Rows {
        self.needed_within(scan.condition.as_ref(), scan.within.as_ref())
    }

    fn needed_within(&self, condition: Option<&Condition<'_>>, within: Option<&Range<u64>>) -> Rows {
        let passing = self.passing(condition);
        within.map_or_else(|| passing.clone(), |within| passing.and(&only(within)))
    }

    /// Where the row groups begin of the files whose footers are at hand, and the others themselves.
    pub(crate) fn group_starts(&self) -> Vec<u64> {
        let Origin::Extract { resource, files } = &self.origin else { return Vec::new() };
        let (mut out, mut start) = (Vec::new(), 0);
        for (at, file) in resource.files.iter().enumerate() {
            match files.get(at).and_then(|state| state.footer.as_ref()) {
                Some(footer) => out.extend((0..footer.groups()).map(|group| start + footer.group(group).start)),
                None => out.push(start),
            }
            start += file.rows;
        }
        out
    }

    /// The rows that can pass a condition, as far as is known now.
    fn passing(&self, condition: Option<&Condition<'_>>) -> Rows {
        let Some(condition) = condition else { return Rows::below(self.rows) };
        let mut out = Rows::default();
        match &self.origin {
            Origin::Memory => return Rows::below(self.rows),
            Origin::Parquet { file, .. } => return file.rows(Some(condition)),
            Origin::Extract { resource, files } => {
                let mut start = 0;
                for (at, file) in resource.files.iter().enumerate() {
                    if !extract::may_pass(resource, file, condition) {
                        start += file.rows;
                        continue;
                    }
                    // A file whose footer is not at hand was not needed before, and all of it may be needed now.
                    match files.get(at).filter(|state| state.footer.is_some()) {
                        Some(state) => {
                            let rows = state.rows(Some(condition)).shifted(start);
                            rows.ranges().iter().for_each(|range| out.push(range.clone()));
                        }
                        None => out.push(start..start + file.rows),
                    }
                    start += file.rows;
                }
            }
        }
        out
    }

    /// What the scans read that is not held.
    pub(crate) fn missing(&self, scans: &[Scan<'_>]) -> Vec<Missing> {
        let mut out: Vec<Missing> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let types: BTreeMap<&str, Type> = self.columns.iter().rev().map(|(name, ty)| (name.as_str(), *ty)).collect();
        for scan in scans {
            let rows = self.needed(scan);
            for name in &scan.columns {
                let held = self.held.get(name).map(|held| &held.rows);
                let lacking = held.map_or_else(|| rows.clone(), |held| rows.without(held));
                if lacking.is_empty() {
                    continue;
                }
                match (places.get(name.as_str()), types.get(name.as_str())) {
                    (Some(place), _) => out[*place].rows = out[*place].rows.or(&lacking),
                    (None, Some(ty)) => {
                        places.insert(name, out.len());
                        out.push(Missing { name: name.clone(), ty: *ty, rows: lacking });
                    }
                    (None, None) => {}
                }
            }
        }
        out
    }

    /// Adds what is missing to the work; gives the number of each column there.
    ///
    /// # Errors
    /// A file that lacks a column, or whose footer is damaged.
    pub(crate) fn plan(&self, missing: &[Missing], work: &mut Work) -> Result<Vec<usize>, Diagnostic> {
        let targets: Vec<usize> = missing.iter().map(|column| work.target(column.ty, column.rows.total())).collect();
        let mut add = |path: &str, len: u64, state: &FileState, range: std::ops::Range<u64>| {
            let of_file: Vec<(&str, usize, Rows)> = missing
                .iter()
                .zip(&targets)
                .map(|(column, target)| (column.name.as_str(), *target, column.rows.within(&range)))
                .collect();
            work.add(path, len, state, &of_file)
        };
        match &self.origin {
            Origin::Extract { resource, files } => {
                let mut start = 0;
                for (file, state) in resource.files.iter().zip(files) {
                    add(&file.path, file.bytes, state, start..start + file.rows)?;
                    start += file.rows;
                }
            }
            Origin::Parquet { file, bytes } => add(&self.name, *bytes, file, 0..self.rows)?,
            Origin::Memory => {}
        }
        Ok(targets)
    }

    /// Decodes every column of a dropped Parquet file; texts may take `room` bytes.
    ///
    /// # Errors
    /// When it is damaged.
    pub(crate) fn decode_all(&mut self, room: u64) -> Result<(), Diagnostic> {
        let columns = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let missing = self.missing(&[Scan { columns, condition: None, within: None }]);
        let mut work = Work::default();
        let targets = self.plan(&missing, &mut work)?;
        let mut columns: Vec<Option<_>> = work.run_at_hand(room)?.into_iter().map(Some).collect();
        for (missing, target) in missing.into_iter().zip(targets) {
            if let Some(column) = columns.get_mut(target).and_then(Option::take) {
                let series = column.finish(&missing.name);
                self.hold(missing, series)?;
            }
        }
        Ok(())
    }

    /// Keeps values of rows that were missing.
    ///
    /// # Errors
    /// When there are more or fewer values than rows.
    pub(crate) fn hold(&mut self, missing: Missing, series: Series) -> Result<(), Diagnostic> {
        if missing.rows.total() != series.len() as u64 {
            return Err(Diagnostic::error_without_place(
                "damaged-file",
                format!(
                    "column `{}` of `{}` has {} values for {} rows",
                    missing.name,
                    self.name,
                    series.len(),
                    missing.rows.total()
                ),
            ));
        }
        let more = Held::new(missing.rows, series)?;
        let held = match self.held.remove(&missing.name) {
            Some(held) => held.with(&more)?,
            None => more,
        };
        self.facts.get_mut().remove(&missing.name);
        self.held.insert(missing.name, held);
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
        self.held.values().map(Held::bytes).sum::<u64>() + facts
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

    pub(crate) fn insert(&mut self, table: StoredTable) {
        self.tables.insert(table.name.to_lowercase(), table);
    }
}

impl StoredTable {
    /// The rows that a scan with that condition is to see, when that are not all: those that can pass, or a few more where leaving
    /// them out would cost a copy; none outside of `within`.
    pub(crate) fn view(
        &self,
        names: &[&str],
        condition: Option<&Condition<'_>>,
        within: Option<&Range<u64>>,
    ) -> Option<Rows> {
        let all = Rows::below(self.rows);
        let passing = self.needed_within(condition, within);
        if passing == all {
            return None;
        }
        let inside = |held: &&Rows| within.is_none_or(|within| only(within).covers(held));
        let held = |name: &&str| self.held.get(*name).map(|held| &held.rows);
        let mut columns = names.iter().map(held);
        let first = columns.next().flatten().filter(|first| columns.all(|held| held == Some(*first)));
        let near = |first: &&Rows| first.total() / 2 <= passing.total() && first.covers(&passing);
        match first.filter(inside).filter(near) {
            Some(first) if *first == all => None,
            Some(first) if passing.ranges().len() > 1 => Some(first.clone()),
            _ => Some(passing),
        }
    }

    /// These rows of the named columns, all of which are held, as a table of its own.
    pub(crate) fn part(&self, name: String, names: &[&str], rows: &Rows) -> Result<Self, Diagnostic> {
        let (mut held, mut facts) = (BTreeMap::new(), BTreeMap::new());
        for (column, ty) in self.columns.iter().filter(|(column, _)| names.contains(&column.as_str())) {
            let series = match self.held.get(column).filter(|held| held.rows.covers(rows)) {
                Some(whole) => {
                    // What is known of the very values that are held goes on to count, and what is found out is kept.
                    if whole.rows == *rows {
                        facts.insert(
                            column.clone(),
                            Rc::clone(self.facts.borrow_mut().entry(column.clone()).or_default()),
                        );
                    }
                    whole.of(rows)?
                }
                None if rows.is_empty() => Series::new_empty(column.as_str().into(), &crate::physical::dtype(*ty)),
                None => {
                    let lacking = format!("rows of `{column}` of `{}` that may be needed were not read", self.name);
                    return Err(engine_error(lacking));
                }
            };
            held.insert(column.clone(), Held::all(series));
        }
        Ok(Self {
            name,
            source: self.source,
            columns: self.columns.iter().filter(|(column, _)| names.contains(&column.as_str())).cloned().collect(),
            rows: rows.total(),
            origin: Origin::Memory,
            held,
            facts: RefCell::new(facts),
        })
    }
}

/// The rows of one range.
fn only(range: &Range<u64>) -> Rows {
    let mut rows = Rows::default();
    rows.push(range.clone());
    rows
}

impl Tables for Store {
    fn columns(&self, table: &str, names: &[&str]) -> Result<(Vec<Series>, usize), Diagnostic> {
        let stored = self
            .get(table)
            .ok_or_else(|| Diagnostic::error_without_place("unknown-table", format!("there is no table `{table}`")))?;
        let all = Rows::below(stored.rows);
        let series = names
            .iter()
            .map(|name| {
                let Some(held) = stored.held.get(*name) else {
                    // Of a table without rows nothing was read.
                    let known = stored.columns.iter().find(|(column, _)| column == name && stored.rows == 0);
                    return known
                        .map(|(_, ty)| Series::new_empty((*name).into(), &crate::physical::dtype(*ty)))
                        .ok_or_else(|| {
                            let message = format!("table `{table}` has no column `{name}`");
                            Diagnostic::error_without_place("unknown-column", message)
                        });
                };
                if held.rows != all {
                    return Err(engine_error(format_args!("only a part of `{table}.{name}` was read")));
                }
                held.of(&all)
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
