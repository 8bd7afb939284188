//! What is missing of columns, taken to pieces: one column of one row group each. Pieces are fetched and decoded in order, the
//! bytes of the next on their way while one is decoded.

use std::ops::Range;
use std::sync::Arc;

use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::page_index::offset_index::PageLocation;
use almanac_model::{Diagnostic, Type};
use bytes::Bytes;

use super::column::Builder;
use super::decode::{Flaw, Scratch};
use super::domain::Edge;
use super::extract::{FileState, Meter};
use super::fetch::{self, Answer, Queue};
use super::parquet::{self, Footer, Piece, Source};
use super::rows::Rows;
use crate::execute::engine_error;
use crate::host::Host;

/// A file that pieces are read from.
struct FileAtWork {
    path: String,
    whole: Option<Bytes>,
    metadata: Arc<ParquetMetaData>,
}

/// One column of one row group.
struct Unit {
    file: usize,
    group: usize,
    source: Source,
    /// Which column it goes to.
    target: usize,
    /// The wanted rows, counted in the row group; all when `None`.
    rows: Option<Rows>,
    count: u64,
    /// The rows of the pages that are read, when these are not all.
    held: Option<Rows>,
    data: Data,
}

enum Data {
    /// Bytes of the file, in order.
    Bytes(Vec<Range<u64>>),
    /// Every row has this value; `None` is NULL.
    Constant(Option<Edge>),
}

/// All that a query still has to load.
#[derive(Default)]
pub(crate) struct Work {
    files: Vec<FileAtWork>,
    units: Vec<Unit>,
    /// Type and number of rows of each column that is filled.
    targets: Vec<(Type, u64)>,
    skipped: u64,
}

impl Work {
    /// A column that is to be filled with so many rows; gives its number.
    pub(crate) fn target(&mut self, ty: Type, rows: u64) -> usize {
        self.targets.push((ty, rows));
        self.targets.len() - 1
    }

    /// Bytes of the files that are needed.
    pub(crate) fn bytes(&self) -> u64 {
        let fetched = self.units.iter().filter(|unit| self.files[unit.file].whole.is_none());
        fetched.map(|unit| unit.data.bytes()).sum()
    }

    /// Bytes of wanted column chunks that need not be fetched, by what statistics say.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// Adds what is missing of a file: for each column its name, number among the targets, and rows counted in the file.
    ///
    /// # Errors
    /// When the file lacks a column, or its footer is damaged.
    pub(crate) fn add(
        &mut self,
        path: &str,
        len: u64,
        state: &FileState,
        missing: &[(&str, usize, Rows)],
    ) -> Result<(), Diagnostic> {
        let Some(footer) = &state.footer else {
            // What the manifest says was enough to leave the whole file alone.
            self.skipped += len;
            return Ok(());
        };
        let file = self.files.len();
        let mut units = Vec::new();
        for group in 0..footer.groups() {
            let range = footer.group(group);
            for (name, target, rows) in missing {
                let rows = rows.within(range);
                let source = footer.source(name).ok_or_else(|| no_column(path, name))?;
                let chunk = footer.chunk_range(path, group, source.leaf, len)?;
                let size = chunk.end - chunk.start;
                if rows.is_empty() {
                    self.skipped += size;
                    continue;
                }
                let count = rows.total();
                let rows = (count < range.end - range.start).then_some(rows);
                let (data, held) = match constant(state, footer, group, source) {
                    Some(only) => (Data::Constant(only), None),
                    None => {
                        let pages = state.pages.locations(footer, (group, source.leaf), &chunk);
                        match rows.as_ref().zip(pages) {
                            Some((rows, pages)) => of_pages(chunk, pages, rows, range.end - range.start),
                            None => (Data::Bytes(vec![chunk]), None),
                        }
                    }
                };
                self.skipped += size.saturating_sub(data.bytes());
                let (source, target) = (source.clone(), *target);
                units.push(Unit { file, group, source, target, rows, count, held, data });
            }
        }
        if units.is_empty() {
            return Ok(());
        }
        let first = |unit: &Unit| match &unit.data {
            Data::Bytes(ranges) => ranges.first().map_or(0, |range| range.start),
            Data::Constant(_) => 0,
        };
        units.sort_by_key(|unit| (unit.group, first(unit)));
        self.units.append(&mut units);
        let metadata = Arc::clone(footer.metadata());
        self.files.push(FileAtWork { path: path.to_owned(), whole: state.whole.clone(), metadata });
        Ok(())
    }

    fn builders(&self) -> Result<Vec<Builder>, Diagnostic> {
        let builder = |(ty, rows): &(Type, u64)| {
            Builder::new(*ty, *rows).map_err(|flaw| match flaw {
                Flaw::NoMemory(bytes) => parquet::no_memory(bytes),
                other => engine_error(format_args!("{other:?}")),
            })
        };
        self.targets.iter().map(builder).collect()
    }

    /// Decodes all of it from files that are wholly at hand; texts may take `room` bytes.
    ///
    /// # Errors
    /// Damaged files; no memory.
    pub(crate) fn run_at_hand(&self, mut room: u64) -> Result<Vec<Builder>, Diagnostic> {
        let mut builders = self.builders()?;
        let mut scratch = Scratch::default();
        for unit in &self.units {
            let file = &self.files[unit.file];
            unit.fill(file, &unit.of_whole(file), &mut scratch, &mut builders, &mut room)?;
        }
        Ok(builders)
    }

    /// Fetches and decodes all of it; gives the columns by their numbers.
    ///
    /// # Errors
    /// What the host says; damaged files; no memory.
    pub(crate) async fn run<H: Host>(self, meter: &Meter<'_, H>) -> Result<Vec<Builder>, Diagnostic> {
        let mut builders = self.builders()?;
        let mut scratch = Scratch::default();
        let Self { files, units, .. } = self;
        let of_unit = |unit: &Unit| -> Vec<(usize, Range<u64>)> {
            match &unit.data {
                Data::Bytes(ranges) if files[unit.file].whole.is_none() => {
                    ranges.iter().map(|range| (unit.file, range.clone())).collect()
                }
                _ => Vec::new(),
            }
        };
        let needed: Vec<(usize, Range<u64>)> = units.iter().flat_map(of_unit).collect();
        let (requests, places) =
            fetch::merged(&needed, meter.host.gap(), |file, range| meter.host.has(&files[file].path, range));
        meter.expect(requests.iter().map(|request| request.range.end - request.range.start).sum());
        let mut last_use = vec![0; requests.len()];
        for (at, place) in places.iter().enumerate() {
            place.clone().for_each(|request| last_use[request] = at);
        }
        let answers = requests
            .iter()
            .map(|request| -> Answer<'_> { Box::pin(meter.read(&files[request.file].path, request.range.clone())) });
        let mut queue = Queue::new(answers.collect());
        let mut places = places.iter().enumerate();
        let mut room = meter.budget;
        for (at, unit) in units.iter().enumerate() {
            let file = &files[unit.file];
            if file.whole.is_some() {
                unit.fill(file, &unit.of_whole(file), &mut scratch, &mut builders, &mut room)?;
                continue;
            }
            let mut parts = Vec::new();
            for ((_, range), (at, place)) in of_unit(unit).into_iter().zip(places.by_ref()) {
                let mut answers = Vec::with_capacity(place.len());
                for request in place.clone() {
                    answers.push((requests[request].range.start, queue.get(request).await?));
                }
                parts.push(cut(&answers, &range));
                place.clone().filter(|request| last_use[*request] == at).for_each(|request| queue.release(request));
            }
            unit.fill(file, &parts, &mut scratch, &mut builders, &mut room)?;
            // A row group is done with the last of its columns.
            if units.get(at + 1).is_none_or(|next| (next.file, next.group) != (unit.file, unit.group)) {
                meter.decoded(unit.count);
            }
            meter.host.turn().await;
        }
        Ok(builders)
    }
}

impl Unit {
    /// Its pages out of a file that is wholly at hand.
    fn of_whole(&self, file: &FileAtWork) -> Vec<Bytes> {
        let whole = [(0, file.whole.clone().unwrap_or_default())];
        match &self.data {
            Data::Bytes(ranges) => ranges.iter().map(|range| cut(&whole, range)).collect(),
            Data::Constant(_) => Vec::new(),
        }
    }

    /// Adds its values to its column; texts may take `room` bytes, of which it takes its part.
    fn fill(
        &self,
        file: &FileAtWork,
        pages: &[Bytes],
        scratch: &mut Scratch,
        builders: &mut [Builder],
        room: &mut u64,
    ) -> Result<(), Diagnostic> {
        let into = &mut builders[self.target];
        if let Data::Constant(value) = &self.data {
            return into.push_constant(value.as_ref(), self.count);
        }
        let piece = Piece {
            path: &file.path,
            metadata: &file.metadata,
            group: self.group,
            source: &self.source,
            held: self.held.as_ref(),
            rows: self.rows.as_ref(),
            count: self.count,
            room: *room,
        };
        let before = into.text_bytes();
        parquet::decode(&piece, pages, scratch, into)?;
        *room = room.saturating_sub(builders[self.target].text_bytes() - before);
        Ok(())
    }
}

fn no_column(path: &str, name: &str) -> Diagnostic {
    Diagnostic::error_without_place("file-changed", format!("`{path}` has no column `{name}` any more"))
        .hint("reload the page: the data have been published anew since it was opened")
}

/// What every row of a column has, when the statistics say it all. With the bytes at hand they are read, so that damage shows.
fn constant(state: &FileState, footer: &Footer, group: usize, source: &Source) -> Option<Option<Edge>> {
    if state.whole.is_some() {
        return None;
    }
    let domain = footer.domain(group, source);
    let only = domain.only()?;
    let is_whole = only.is_none_or(|edge| !matches!(edge, Edge::Text(text) if std::str::from_utf8(text).is_err()));
    is_whole.then(|| only.cloned())
}

/// The pages of a chunk that hold wanted rows, behind what lies before the first, and all rows of theirs.
fn of_pages(chunk: Range<u64>, pages: &[PageLocation], rows: &Rows, all: u64) -> (Data, Option<Rows>) {
    let mut ranges = Vec::new();
    let mut held = Rows::default();
    let first = pages.first().map_or(chunk.end, |page| page.offset as u64);
    if chunk.start < first {
        ranges.push(chunk.start..first);
    }
    for (at, page) in pages.iter().enumerate() {
        let start = page.first_row_index as u64;
        let end = pages.get(at + 1).map_or(all, |next| next.first_row_index as u64);
        if !rows.within(&(start..end)).is_empty() {
            let offset = page.offset as u64;
            ranges.push(offset..offset + page.compressed_page_size as u64);
            held.push(start..end);
        }
    }
    (Data::Bytes(ranges), Some(held))
}

impl Data {
    fn bytes(&self) -> u64 {
        match self {
            Self::Bytes(ranges) => ranges.iter().map(|range| range.end - range.start).sum(),
            Self::Constant(_) => 0,
        }
    }
}

/// A range out of the answers that bring it.
fn cut(answers: &[(u64, Bytes)], range: &Range<u64>) -> Bytes {
    let part = |(start, bytes): &(u64, Bytes)| {
        let from = usize::try_from(range.start.saturating_sub(*start)).unwrap_or(usize::MAX).min(bytes.len());
        let to = usize::try_from(range.end.saturating_sub(*start)).unwrap_or(usize::MAX).clamp(from, bytes.len());
        bytes.slice(from..to)
    };
    match answers {
        [one] => part(one),
        // A chunk larger than a request.
        several => several
            .iter()
            .map(part)
            .fold(Vec::new(), |mut all, part| {
                all.extend_from_slice(&part);
                all
            })
            .into(),
    }
}
