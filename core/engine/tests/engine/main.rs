//! The engine from outside: files by ranges, damaged files, plans written by hand. One program, so that Polars is linked once.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod bytes;
mod chance;
mod common;
mod definition;
mod encodings;
mod files;
mod joins;
mod partitions;
mod plans;
mod scans;
mod told;
mod windows;
