//! Any text as a notebook, and as a site's `site.yml`.
#![no_main]

#[path = "../src/notebook.rs"]
mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read(bytes));
