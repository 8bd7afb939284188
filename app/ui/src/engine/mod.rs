//! The engine as the page sees it: one Web Worker that may die at any time, and what is needed to put another in its place.
//!
//! `lifecycle` is the state machine, `worker` the connection to one worker, `client` the handle the tasks use, `inner` what it keeps.

mod client;
mod inner;
mod lifecycle;
mod worker;

pub(crate) use client::{Engine, Event};
pub(crate) use lifecycle::{Cause, Phase};
