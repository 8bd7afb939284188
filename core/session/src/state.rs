//! What is known of one part of a notebook after it has run.

use crate::shown::Shown;
use almanac_engine::ResultSet;
use almanac_model::protocol::Generation;
use almanac_model::view::{CellBody, Cost};
use almanac_model::{Diagnostic, Value};
use std::rc::Rc;

/// The outcome of a cell or an input.
#[derive(Debug)]
pub(crate) struct State {
    /// What the outcome depends on; see [`crate::fingerprint`].
    pub(crate) fingerprint: u64,
    /// What became of it.
    pub(crate) fate: Fate,
    /// Rows that other cells read.
    pub(crate) result: Option<Rc<ResultSet>>,
    /// Rows that the page turns over.
    pub(crate) shown: Option<Shown>,
    /// What the page shows.
    pub(crate) body: CellBody,
    /// Problems, places relative to the part's own start, so that they stay right when text above it changes.
    pub(crate) problems: Vec<Diagnostic>,
    /// What it cost.
    pub(crate) cost: Option<Cost>,
    /// The value of an input and its text.
    pub(crate) input: Option<(Value, String)>,
    /// The run that answered it: pages of older answers are refused.
    pub(crate) born: Generation,
    /// The run in which the page was last told.
    pub(crate) told_in: Generation,
    /// Problems as the page was last told, places in the notebook.
    pub(crate) told: Option<Vec<Diagnostic>>,
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It has an answer.
    Answered,
    /// It has none, and running it again would not help.
    Failed,
    /// It has none because of something outside, such as the network: the next run tries again.
    Interrupted,
    /// It waits for another that has no answer.
    Waits,
    /// The reader stopped it, or it crashed the engine.
    Stopped,
}

impl Fate {
    /// Whether there is an answer to read.
    pub(crate) fn answered(self) -> bool {
        self == Self::Answered
    }

    /// In words, after "which".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Answered => "has its answer",
            Self::Failed | Self::Interrupted => "failed",
            Self::Waits => "waits itself",
            Self::Stopped => "was stopped",
        }
    }
}

impl State {
    /// An outcome without anything to show.
    pub(crate) fn empty(fingerprint: u64, fate: Fate) -> Self {
        Self {
            fingerprint,
            fate,
            result: None,
            shown: None,
            body: CellBody::None,
            problems: Vec::new(),
            cost: None,
            input: None,
            born: Generation::default(),
            told_in: Generation::default(),
            told: None,
        }
    }

    /// A failure. One that no text is to blame for may pass by itself.
    pub(crate) fn failed(fingerprint: u64, problems: Vec<Diagnostic>) -> Self {
        let outside = problems.iter().any(|problem| problem.span.is_none());
        let fate = if outside { Fate::Interrupted } else { Fate::Failed };
        Self { problems, ..Self::empty(fingerprint, fate) }
    }

    /// Something to show.
    pub(crate) fn answered(fingerprint: u64, body: CellBody, problems: Vec<Diagnostic>) -> Self {
        Self { body, problems, ..Self::empty(fingerprint, Fate::Answered) }
    }
}
