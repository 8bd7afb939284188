//! What the engine's worker and its helpers say to each other.
//!
//! **On the wire**: as between page and worker ([`protocol`](crate::protocol)), `[json, buffer]` in both directions.

use crate::manifest::Manifest;
use crate::protocol::Limits;
use crate::types::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// A part of a query: what it computes of some of the rows of one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The query's text.
    pub sql: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, Value>,
    /// Which step of the plan is computed, counted from the root.
    pub step: u32,
    /// The table that is divided.
    pub table: String,
    /// Its rows.
    pub rows: Range<u64>,
}

/// Worker → helper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// First message: the site's tables.
    Site {
        /// As the worker has it.
        manifest: Box<Manifest>,
        /// What a part may take.
        limits: Limits,
    },
    /// Compute a part.
    Part(Part),
    /// The bytes a helper asked for are beside this message; none when they could not be had.
    Bytes {
        /// Ties it to the question.
        question: u32,
    },
}

/// Helper → worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// Bytes of a file are needed: helpers fetch nothing themselves, so that all of a site's bytes are fetched, kept and checked
    /// in one place.
    Need {
        /// Ties the answer.
        question: u32,
        /// The file.
        path: String,
        /// Which bytes; `None` for all.
        range: Option<Range<u64>>,
    },
    /// The part is done: its answer is beside this message; none when it failed.
    Done,
}
