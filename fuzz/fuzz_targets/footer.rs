//! Any bytes as the footer of a Parquet file.
#![no_main]

#[path = "../src/footer.rs"]
mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read(bytes));
