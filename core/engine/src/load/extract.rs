//! The files of an extract: their footers, whether they are what the manifest promised, and which of their rows a scan may need.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use almanac_model::manifest::{File, Resource};
use almanac_model::protocol::Progress;
use almanac_model::view::Fetched;
use almanac_model::{Diagnostic, Type};
use arrow::array::ArrayRef;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use polars_core::prelude::Series;
use sha2::{Digest, Sha256};

use super::convert;
use super::domain::Domain;
use super::fetch::{self, WIDTH};
use super::pages::Pages;
use super::parquet::{self, Footer};
use super::prune::Condition;
use super::rows::Rows;
use super::sparse::SparseFile;
use crate::host::{Host, HostError, join_all};

/// Files up to this length are fetched whole, which also lets their hash be checked.
const SMALL: u64 = 1 << 20;
/// Less than this part of a row group is fetched page by page; of more, all of it.
const FEW_ROWS: f64 = 0.5;

/// What is known of a file besides its manifest entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileState {
    /// Its footer, once it is at hand.
    pub(crate) footer: Option<Footer>,
    /// The bytes of a small file.
    pub(crate) whole: Option<Bytes>,
    /// What is known of its pages.
    pub(crate) pages: Pages,
}

fn from_host(error: &HostError) -> Diagnostic {
    let code = match error {
        HostError::NotFound { .. } => "file-missing",
        HostError::TooShort { .. } | HostError::TooLong { .. } | HostError::Changed { .. } => "file-changed",
        HostError::Failed { .. } => "file-unreachable",
    };
    let hint = match error {
        HostError::NotFound { .. } => "publish the data folder again: a file the manifest names is not there",
        HostError::TooShort { .. } | HostError::TooLong { .. } | HostError::Changed { .. } => {
            "reload the page; if that does not help, publish the data folder again, whole"
        }
        HostError::Failed { .. } => "look at the network connection and try again",
    };
    Diagnostic::error_without_place(code, error.to_string()).hint(hint)
}

fn changed(path: &str, what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error_without_place("file-changed", format!("`{path}` is not the file the manifest describes: {what}"))
        .hint("reload the page; if that does not help, publish the data folder again, whole")
}

/// How far one query's loading has got; told to the host after each answer.
pub(crate) struct Meter<'a, H: Host> {
    /// Where bytes come from.
    pub(crate) host: &'a H,
    /// Bytes that what is read may take in memory.
    pub(crate) budget: u64,
    bytes: Cell<u64>,
    total: Cell<u64>,
    rows: Cell<u64>,
    by_path: RefCell<BTreeMap<String, Fetched>>,
}

impl<'a, H: Host> Meter<'a, H> {
    /// Nothing has come yet.
    pub(crate) fn new(host: &'a H, budget: u64) -> Self {
        let (bytes, total, rows) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Self { host, budget, bytes, total, rows, by_path: RefCell::default() }
    }

    /// Bytes that came so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// Bytes that are going to be asked for.
    pub(crate) fn expect(&self, bytes: u64) {
        self.total.set(self.total.get() + bytes);
    }

    /// Reads a part of a file.
    ///
    /// # Errors
    /// What the host says, or another number of bytes than were asked for.
    pub(crate) async fn read(&self, path: &str, range: Range<u64>) -> Result<Bytes, Diagnostic> {
        let expected = range.end - range.start;
        let bytes = self.host.read(path, range).await.map_err(|error| from_host(&error))?;
        if bytes.len() as u64 != expected {
            return Err(changed(path, format_args!("{} bytes came where {expected} were asked for", bytes.len())));
        }
        self.add(path, expected);
        Ok(bytes)
    }

    async fn read_whole(&self, file: &File) -> Result<Bytes, Diagnostic> {
        let bytes = self.host.read_whole(&file.path).await.map_err(|error| from_host(&error))?;
        if bytes.len() as u64 != file.bytes {
            return Err(changed(&file.path, format_args!("{} bytes long instead of {}", bytes.len(), file.bytes)));
        }
        if !file.sha256.is_empty() && !hexadecimal(&Sha256::digest(&bytes)).eq_ignore_ascii_case(&file.sha256) {
            return Err(changed(&file.path, "its SHA-256 differs"));
        }
        self.add(&file.path, file.bytes);
        Ok(bytes)
    }

    /// What was read of a file so far.
    pub(crate) fn of(&self, path: &str) -> Fetched {
        self.by_path.borrow().get(path).copied().unwrap_or_default()
    }

    fn add(&self, path: &str, bytes: u64) {
        let mut by_path = self.by_path.borrow_mut();
        let fetched = by_path.entry(path.to_owned()).or_default();
        fetched.ranges += 1;
        fetched.bytes += bytes;
        drop(by_path);
        self.bytes.set(self.bytes.get() + bytes);
        self.tell("fetching");
    }

    /// So many more rows have been decoded.
    pub(crate) fn decoded(&self, rows: u64) {
        self.rows.set(self.rows.get() + rows);
        self.tell(if self.bytes.get() < self.total.get() { "fetching" } else { "decoding" });
    }

    fn tell(&self, stage: &str) {
        self.host.progress(Progress {
            stage: stage.into(),
            bytes: self.bytes.get(),
            rows: self.rows.get(),
            bytes_total: Some(self.total.get().max(self.bytes.get())),
        });
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl FileState {
    /// Makes the footer known: from the manifest, or from the file's end; a small file is fetched whole.
    async fn open<H: Host>(&mut self, meter: &Meter<'_, H>, file: &File) -> Result<(), Diagnostic> {
        let path = file.path.as_str();
        if self.footer.is_some() {
            return Ok(());
        }
        let footer = if file.bytes <= SMALL {
            meter.expect(file.bytes);
            let bytes = meter.read_whole(file).await?;
            let footer = parquet::footer_of_whole(path, &bytes, meter.budget)?;
            self.whole = Some(bytes);
            footer
        } else if let Some(footer) = published_footer(file, meter.budget) {
            footer?
        } else {
            tail(meter, file).await?
        };
        if footer.rows() != file.rows {
            return Err(changed(path, format_args!("it has {} rows instead of {}", footer.rows(), file.rows)));
        }
        self.footer = Some(footer);
        Ok(())
    }

    /// The rows that can pass the condition, counted in the file.
    pub(crate) fn rows(&self, condition: Option<&Condition<'_>>) -> Rows {
        let Some(footer) = &self.footer else { return Rows::default() };
        let mut kept = Rows::default();
        for group in 0..footer.groups() {
            let range = footer.group(group);
            let Some(condition) = condition else {
                kept.push(range.clone());
                continue;
            };
            if !footer.may_pass(group, condition) {
                continue;
            }
            let rows = self.pages.rows(footer, group, condition);
            if rows.total() as f64 > FEW_ROWS * (range.end - range.start) as f64 {
                kept.push(range.clone());
            } else {
                rows.shifted(range.start).ranges().iter().for_each(|part| kept.push(part.clone()));
            }
        }
        kept
    }

    /// Looks closer at what the footer could not rule out, where that may pay.
    async fn look_closer<H: Host>(
        &mut self,
        meter: &Meter<'_, H>,
        file: &File,
        condition: &Condition<'_>,
        wanted: &[(String, Rows)],
    ) -> Result<(), Diagnostic> {
        let Some(footer) = &self.footer else { return Ok(()) };
        if self.whole.is_some() {
            return Ok(());
        }
        let missing = |group: &usize| wanted.iter().any(|(_, held)| !held.covers(&within(footer, *group)));
        let groups: Vec<usize> =
            (0..footer.groups()).filter(|group| footer.may_pass(*group, condition)).filter(missing).collect();
        let leaves: Vec<usize> = wanted.iter().filter_map(|(name, _)| Some(footer.source(name)?.leaf)).collect();
        let parts = self.pages.worth(footer, &groups, condition, &leaves);
        let mut needed: Vec<(usize, Range<u64>)> = parts.iter().map(|part| (0, part.range.clone())).collect();
        needed.sort_by_key(|(_, range)| range.start);
        if needed.is_empty() || needed.iter().any(|(_, range)| range.end > file.bytes) {
            return Ok(());
        }
        let (requests, _) = fetch::merged(&needed, meter.host.gap(), |_, range| meter.host.has(&file.path, range));
        let reads = requests.into_iter().map(|request| async {
            let start = request.range.start;
            meter.expect(request.range.end - start);
            Ok((start, meter.read(&file.path, request.range).await?))
        });
        let at_hand = SparseFile::new(file.bytes, join_all(reads.collect(), WIDTH).await?);
        for part in &parts {
            self.pages.take(footer, part, &at_hand);
        }
        Ok(())
    }
}

/// The copy of a file's footer in the manifest, if there is one; it may take `budget` bytes.
pub(crate) fn published_footer(file: &File, budget: u64) -> Option<Result<Footer, Diagnostic>> {
    let path = file.path.as_str();
    let bytes = BASE64_STANDARD
        .decode(file.footer.as_ref()?)
        .map_err(|error| changed(path, format_args!("the manifest's copy of its footer is damaged: {error}")));
    Some(bytes.and_then(|bytes| parquet::footer(path, &bytes, budget)))
}

/// Whether rows of a file can pass a condition, by what the manifest says of the file.
pub(crate) fn may_pass(resource: &Resource, file: &File, condition: &Condition<'_>) -> bool {
    file.between.is_empty()
        || condition.may_pass(&|id| {
            let known = condition.name(id).and_then(|name| {
                let field = resource.schema.fields.iter().find(|field| field.name == name)?;
                Some(Domain::between(field.ty, file.between.get(name)?))
            });
            known.unwrap_or_else(Domain::anything)
        })
}

fn within(footer: &Footer, group: usize) -> Rows {
    let mut rows = Rows::default();
    rows.push(footer.group(group).clone());
    rows
}

/// The footer at the end of a file.
async fn tail<H: Host>(meter: &Meter<'_, H>, file: &File) -> Result<Footer, Diagnostic> {
    let path = file.path.as_str();
    if file.footer_start > file.bytes.saturating_sub(parquet::TAIL) {
        return Err(changed(path, "the manifest puts its footer past its end"));
    }
    meter.expect(file.bytes - file.footer_start);
    let tail = meter.read(path, file.footer_start..file.bytes).await?;
    let (body, end) = tail.split_at(tail.len() - parquet::TAIL as usize);
    let range = parquet::footer_range(path, end, file.bytes).map_err(|error| changed(path, error.message))?;
    if range.start != file.footer_start {
        return Err(changed(
            path,
            format_args!("its footer starts at byte {} instead of {}", range.start, file.footer_start),
        ));
    }
    parquet::footer(path, body, meter.budget)
}

/// One scan of a table: the rows of each column that are held already, by file, and the condition on its rows.
pub(crate) struct Look<'a> {
    /// Columns it reads, with the rows held of them.
    pub(crate) columns: Vec<(String, Rows)>,
    /// The condition, if there is one.
    pub(crate) condition: Option<Condition<'a>>,
}

/// Makes the footers known of all files that may be needed, and of their pages what the scans may profit from. `states` has one
/// entry a file and is kept between calls.
///
/// # Errors
/// A file that is missing, unreachable, damaged, or not what the manifest says.
pub(crate) async fn open<H: Host>(
    meter: &Meter<'_, H>,
    resource: &Resource,
    states: &mut Vec<FileState>,
    looks: &[Look<'_>],
) -> Result<(), Diagnostic> {
    states.resize(resource.files.len(), FileState::default());
    let mut start = 0;
    let jobs: Vec<_> = resource
        .files
        .iter()
        .zip(states.iter_mut())
        .map(|(file, state)| {
            let range = start..start + file.rows;
            start = range.end;
            // To open a file for which the manifest has no footer, it must be fetched.
            let wanted = file.footer.is_some()
                || state.footer.is_some()
                || looks
                    .iter()
                    .any(|look| look.condition.as_ref().is_none_or(|condition| may_pass(resource, file, condition)));
            async move {
                if !wanted {
                    return Ok(());
                }
                state.open(meter, file).await?;
                for look in looks {
                    if let Some(condition) = &look.condition {
                        let held: Vec<(String, Rows)> =
                            look.columns.iter().map(|(name, rows)| (name.clone(), rows.within(&range))).collect();
                        state.look_closer(meter, file, condition, &held).await?;
                    }
                }
                Ok(())
            }
        })
        .collect();
    join_all(jobs, WIDTH).await?;
    Ok(())
}

/// The chunks as one column.
pub(crate) fn column(name: &str, ty: Type, chunks: &[ArrayRef]) -> Result<Series, Diagnostic> {
    if chunks.is_empty() {
        return Ok(Series::new_empty(name.into(), &crate::physical::dtype(ty)));
    }
    convert::series(name, chunks)
        .map_err(|error| Diagnostic::error_without_place("unreadable-column", format!("column `{name}`: {error}")))
}
