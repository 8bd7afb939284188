//! Any text as SQL: bound, looked through for tables, completed at a place.
#![no_main]

#[path = "../src/sql.rs"]
mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read(bytes));
