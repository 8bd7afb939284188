//! The messages between the page and the worker: two closed enums.
//!
//! **Invariant:** every request that computes carries a [`Generation`]; an answer to an older one is dropped by the page.
//! **Invariant:** `Run` says the whole wanted state, so that a fresh worker needs no history: after a crash the page sends
//! `Hello`, the dropped files and the last `Run` again, with the cell that failed among `skip`.
//!
//! **On the wire** (JSON text is smaller code and faster than building JavaScript objects field by field):
//! - The page posts `[json, buffer]` to the worker: a `Request` as JSON text and, for `OpenFile`, the file's bytes as a transferred
//!   `ArrayBuffer` (else `undefined`). The page's `worker.js` loads the module and posts `{loaded: WebAssembly.Module}`; only then
//!   does the first request follow, so the worker's `main` only has to set its message handler before it returns.
//! - The worker posts a `Response` as JSON text. Before it dies of a panic it posts `{fatal: "why"}`.

use crate::ahead::{Reading, TextKind};
use crate::diagnostic::Diagnostic;
use crate::view::{CatalogTable, CellView, Completion, MetricAnswer, MetricQuestion, Page};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Grows with each edit or input change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(pub u32);

/// Ties an answer to its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u32);

/// Page → worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// First message: where the site lives and what the worker may use.
    Hello {
        /// Absolute address of the folder that holds `datapackage.json`, with a trailing slash.
        data_url: String,
        /// Bounds on what a query may take.
        limits: Limits,
        /// Workers that may compute at a time, this one among them; none but this one when zero.
        #[serde(default)]
        workers: u32,
    },
    /// A file the reader dropped; its bytes travel beside this message as a transferred buffer.
    OpenFile {
        /// Ties the answer.
        request: RequestId,
        /// File name, of which the table name is made.
        name: String,
    },
    /// Forget a dropped file.
    CloseFile {
        /// Table name.
        table: String,
    },
    /// Read a text of the site. May come before `Hello`, and is answered between two steps of a run.
    Read {
        /// Ties the answer.
        request: RequestId,
        /// What it is.
        kind: TextKind,
        /// The text.
        text: String,
    },
    /// Answer this notebook with these inputs. Cells whose text, inputs and sources did not change are not run again.
    Run {
        /// Of the page's state.
        generation: Generation,
        /// The notebook's Markdown.
        source: String,
        /// Values of the inputs that differ from their defaults, as in the address.
        inputs: BTreeMap<String, String>,
        /// Width of the column in CSS pixels: charts are laid out for it.
        width: u32,
        /// Cells the page holds no view of, which are sent even if nothing changed; `None` for all.
        wanted: Option<Vec<String>>,
        /// Cells that are not run, nor those that read them: they crashed the engine or were stopped, and wait for the reader.
        #[serde(default)]
        skip: Vec<String>,
        /// Cells that may take more than [`Limits`] let them without asking: the reader said so.
        #[serde(default)]
        allow: Vec<String>,
    },
    /// Other bounds than those of `Hello`, from the next query on.
    Limit {
        /// The bounds.
        limits: Limits,
    },
    /// What this browser keeps of the site.
    Kept {
        /// Ties the answer.
        request: RequestId,
        /// Whether to forget it first.
        forget: bool,
    },
    /// The page has taken in everything that was said of this run, `Finished` included: what does not change from here on
    /// need not be sent again. Without it every view is sent in every run, as the page drops those of older generations.
    Seen {
        /// Of the run.
        generation: Generation,
    },
    /// Rows of a cell's table.
    Page {
        /// Ties the answer.
        request: RequestId,
        /// Of the result that is paged; a newer one refuses.
        generation: Generation,
        /// Cell id.
        cell: String,
        /// First row.
        offset: u64,
        /// Number of rows.
        limit: u32,
        /// Column index and direction, if the reader sorts.
        sort: Option<SortBy>,
    },
    /// The whole result of a cell as CSV (RFC 4180, UTF-8).
    ExportCsv {
        /// Ties the answer.
        request: RequestId,
        /// Cell id.
        cell: String,
        /// Order as shown.
        sort: Option<SortBy>,
    },
    /// What can be written at a place of a SQL cell.
    Complete {
        /// Ties the answer.
        request: RequestId,
        /// The cell's SQL.
        sql: String,
        /// Byte offset of the cursor.
        cursor: u32,
    },
    /// Problems of a SQL text, without running it.
    Check {
        /// Ties the answer.
        request: RequestId,
        /// The cell's SQL.
        sql: String,
    },
    /// The query of a metric, without running it.
    Metric {
        /// Ties the answer.
        request: RequestId,
        /// The site's files of metrics by path; that of the tables is called `tables.yml`.
        files: BTreeMap<String, String>,
        /// What is asked.
        question: MetricQuestion,
    },
}

/// Column and direction of a reader's sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SortBy {
    /// Index of the column.
    pub column: u32,
    /// Largest first.
    pub descending: bool,
}

/// Bounds the page sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Most bytes of memory a query may hold, estimated before it runs.
    pub memory_bytes: u64,
    /// Longest SQL text in bytes.
    pub sql_bytes: u32,
    /// Most rows of a result.
    pub result_rows: u64,
    /// Bytes to fetch beyond which a query asks the reader first, estimated before it runs.
    pub ask_fetch_bytes: u64,
    /// Bytes of memory beyond which it asks.
    pub ask_memory_bytes: u64,
    /// Most bytes that are kept in this browser between visits; none when zero.
    pub keep_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 2 << 30,
            sql_bytes: 64 << 10,
            result_rows: 20_000_000,
            ask_fetch_bytes: u64::MAX,
            ask_memory_bytes: u64::MAX,
            keep_bytes: 512 << 20,
        }
    }
}

/// Worker → page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// The worker is up and has read the manifest, or says why not.
    Ready {
        /// Version of the engine.
        version: String,
        /// Tables of the site.
        tables: Vec<CatalogTable>,
        /// The last day of the data, `2025-11-30`.
        as_of: Option<String>,
        /// A missing or broken manifest.
        diagnostics: Vec<Diagnostic>,
    },
    /// A dropped file became a table, or says why not.
    Opened {
        /// The question.
        request: RequestId,
        /// The table; `None` with diagnostics.
        table: Option<CatalogTable>,
        /// What is wrong with the file.
        diagnostics: Vec<Diagnostic>,
    },
    /// What a text says.
    Read {
        /// The question.
        request: RequestId,
        /// The answer.
        reading: Reading,
    },
    /// A cell began, or gets on.
    Progress {
        /// Of the run.
        generation: Generation,
        /// Cell id.
        cell: String,
        /// How far.
        progress: Progress,
    },
    /// A cell has its outcome.
    Cell {
        /// Of the run.
        generation: Generation,
        /// What to show.
        view: CellView,
    },
    /// Values for the `{{ … }}` places of the prose, in order of place.
    Values {
        /// Of the run.
        generation: Generation,
        /// One for each place.
        values: Vec<ProseValue>,
    },
    /// Every cell has its outcome.
    Finished {
        /// Of the run.
        generation: Generation,
        /// Problems of the notebook as a whole: front matter, cycles, double ids.
        diagnostics: Vec<Diagnostic>,
        /// Tables the SQL can now read, cells among them.
        tables: Vec<CatalogTable>,
    },
    /// Rows asked for.
    Page {
        /// The question.
        request: RequestId,
        /// The rows; `None` when that result is gone.
        page: Option<Page>,
    },
    /// The CSV text.
    Csv {
        /// The question.
        request: RequestId,
        /// The text; `None` when that result is gone.
        csv: Option<String>,
    },
    /// What can be written there.
    Completions {
        /// The question.
        request: RequestId,
        /// Byte offset where the completed word starts.
        from: u32,
        /// Best first.
        items: Vec<Completion>,
    },
    /// What this browser keeps.
    Kept {
        /// The question.
        request: RequestId,
        /// The answer; `None` when the browser keeps nothing for this page.
        kept: Option<Vec<KeptFile>>,
    },
    /// Problems found.
    Checked {
        /// The question.
        request: RequestId,
        /// Spans relative to the SQL.
        diagnostics: Vec<Diagnostic>,
    },
    /// The query of a metric.
    Metric {
        /// The question.
        request: RequestId,
        /// The answer.
        answer: MetricAnswer,
    },
}

/// Something that this browser keeps of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// The table whose bytes these are; `None` for results.
    pub table: Option<String>,
    /// Bytes kept.
    pub bytes: u64,
    /// Files or results.
    pub count: u64,
}

/// How far a cell has got.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// `fetching`, `decoding`, `computing`, `drawing`.
    pub stage: String,
    /// Bytes fetched so far.
    pub bytes: u64,
    /// Rows read, once that is known.
    #[serde(default)]
    pub rows: u64,
    /// Bytes in all, when known.
    pub bytes_total: Option<u64>,
}

/// A value in the prose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProseValue {
    /// Formatted; the placeholder text when it failed.
    pub text: String,
    /// Why there is no value.
    pub problem: Option<Diagnostic>,
}
