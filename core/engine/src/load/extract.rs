//! Columns of the site's extracts: what to fetch, in which order, and whether it is what the manifest promised.

use std::cell::Cell;
use std::fmt::Write as _;
use std::ops::Range;

use almanac_model::manifest::{File, Resource};
use almanac_model::protocol::Progress;
use almanac_model::{Diagnostic, Type};
use arrow::array::ArrayRef;
use bytes::Bytes;
use polars_core::prelude::Series;
use sha2::{Digest, Sha256};

use super::convert;
use super::parquet::{self, Footer};
use super::sparse::{SparseFile, merged};
use crate::host::{Host, HostError, join_all};

/// Files up to this length are fetched whole, which also lets their hash be checked.
const SMALL: u64 = 1 << 20;
/// Requests under way at a time: what a browser allows for one HTTP/1.1 origin.
const WIDTH: usize = 6;

/// What is known of a file besides its manifest entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileState {
    footer: Option<Footer>,
    /// The bytes of a small file.
    whole: Option<Bytes>,
}

/// Columns of one table, whole.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// One contiguous chunk each.
    pub(crate) columns: Vec<(String, Series)>,
    /// Bytes that came over the network.
    pub(crate) bytes: u64,
}

fn from_host(error: &HostError) -> Diagnostic {
    let code = match error {
        HostError::NotFound { .. } => "file-missing",
        HostError::TooShort { .. } | HostError::TooLong { .. } => "file-changed",
        HostError::Failed { .. } => "file-unreachable",
    };
    let hint = match error {
        HostError::NotFound { .. } => "publish the data folder again: a file the manifest names is not there",
        HostError::TooShort { .. } | HostError::TooLong { .. } => {
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

/// How far one load has got; told to the host after each answer.
struct Meter<'a, H: Host> {
    host: &'a H,
    bytes: Cell<u64>,
    total: Cell<u64>,
}

impl<H: Host> Meter<'_, H> {
    async fn read(&self, path: &str, range: Range<u64>) -> Result<Bytes, Diagnostic> {
        let expected = range.end - range.start;
        let bytes = self.host.read(path, range).await.map_err(|error| from_host(&error))?;
        if bytes.len() as u64 != expected {
            return Err(changed(path, format_args!("{} bytes came where {expected} were asked for", bytes.len())));
        }
        self.add(expected);
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
        self.add(file.bytes);
        Ok(bytes)
    }

    fn add(&self, bytes: u64) {
        self.bytes.set(self.bytes.get() + bytes);
        self.host.progress(Progress {
            stage: "fetching".into(),
            bytes: self.bytes.get(),
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

async fn load_file<H: Host>(
    meter: &Meter<'_, H>,
    file: &File,
    state: &mut FileState,
    wanted: &[(&str, Type)],
) -> Result<Vec<Vec<ArrayRef>>, Diagnostic> {
    let path = file.path.as_str();
    if file.bytes <= SMALL && state.whole.is_none() {
        meter.total.set(meter.total.get() + file.bytes);
        let bytes = meter.read_whole(file).await?;
        state.footer = Some(parquet::footer_of_whole(path, &bytes)?);
        state.whole = Some(bytes);
    }
    if state.footer.is_none() {
        if file.footer_start > file.bytes.saturating_sub(parquet::TAIL) {
            return Err(changed(path, "the manifest puts its footer past its end"));
        }
        let tail = meter.read(path, file.footer_start..file.bytes).await?;
        let (body, end) = tail.split_at(tail.len() - parquet::TAIL as usize);
        let range = parquet::footer_range(path, end, file.bytes).map_err(|error| changed(path, error.message))?;
        if range.start != file.footer_start {
            return Err(changed(
                path,
                format_args!("its footer starts at byte {} instead of {}", range.start, file.footer_start),
            ));
        }
        state.footer = Some(parquet::footer(path, body)?);
    }
    let Some(footer) = &state.footer else {
        return Err(changed(path, "it has no footer"));
    };
    if footer.rows() != file.rows {
        return Err(changed(path, format_args!("it has {} rows instead of {}", footer.rows(), file.rows)));
    }
    let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    let ranges = parquet::ranges(path, footer, &names, file.bytes)?;
    let source = match &state.whole {
        Some(bytes) => SparseFile::whole(bytes.clone()),
        None => {
            let ranges = merged(ranges);
            meter.total.set(meter.total.get() + ranges.iter().map(|range| range.end - range.start).sum::<u64>());
            let parts = ranges.into_iter().map(|range| async move {
                let start = range.start;
                Ok((start, meter.read(path, range).await?))
            });
            SparseFile::new(file.bytes, join_all(parts.collect(), WIDTH).await?)
        }
    };
    parquet::decode(path, source, footer, wanted)
}

/// Fetches and decodes the wanted columns of all files of a table. `states` has one entry a file and is kept between calls.
///
/// # Errors
/// A file that is missing, unreachable, damaged, or not what the manifest says.
pub(crate) async fn load<H: Host>(
    host: &H,
    resource: &Resource,
    states: &mut Vec<FileState>,
    wanted: &[(&str, Type)],
) -> Result<Loaded, Diagnostic> {
    states.resize(resource.files.len(), FileState::default());
    let meter = Meter { host, bytes: Cell::new(0), total: Cell::new(0) };
    let jobs: Vec<_> = resource
        .files
        .iter()
        .zip(states.iter_mut())
        .map(|(file, state)| load_file(&meter, file, state, wanted))
        .collect();
    let files = join_all(jobs, WIDTH).await?;
    let mut chunks: Vec<Vec<ArrayRef>> = wanted.iter().map(|_| Vec::new()).collect();
    for file in files {
        for (all, mut more) in chunks.iter_mut().zip(file) {
            all.append(&mut more);
        }
    }
    let mut columns = Vec::with_capacity(wanted.len());
    for ((name, ty), chunks) in wanted.iter().zip(chunks) {
        columns.push(((*name).to_owned(), column(name, *ty, &chunks)?));
    }
    Ok(Loaded { columns, bytes: meter.bytes.get() })
}

/// The chunks as one column.
pub(crate) fn column(name: &str, ty: Type, chunks: &[ArrayRef]) -> Result<Series, Diagnostic> {
    if chunks.is_empty() {
        return Ok(Series::new_empty(name.into(), &crate::physical::dtype(ty)));
    }
    convert::series(name, chunks)
        .map_err(|error| Diagnostic::error_without_place("unreadable-column", format!("column `{name}`: {error}")))
}
