//! The session from outside. One program, so that Polars is linked once.
#![allow(unreachable_pub)]

mod common;
mod extracts;
mod run;
