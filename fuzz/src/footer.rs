//! What the engine does with bytes as the footer of a Parquet file: used by the fuzz target and by the test that replays its
//! corpus.

use almanac_engine::Engine;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use almanac_native::{Disk, block_on};
use std::collections::BTreeMap;

/// Data that a footer may point into.
const DATA: &[u8] = b"PAR1\x15\x04\x15\x10\x15\x10\x4c\x15\x02\x15\x00\x00\x00\x07\0\0\0\0\0\0\0\x15\x00\x15\x06\x15\x06\x2c\x15\x02\x15\x10\x15\x06\x15\x06\x00\x00\x01\x02\x00";

/// Opens a file with that footer, and asks for 1 afterwards.
pub(crate) fn read(footer: &[u8]) {
    let Ok(length) = u32::try_from(footer.len()) else { return };
    let file = [DATA, footer, &length.to_le_bytes(), b"PAR1"].concat();
    let limits = Limits { memory_bytes: 64 << 20, ..Limits::default() };
    let mut engine = Engine::new(Manifest::default(), limits);
    if let Err(problem) = engine.open_file("fuzz.parquet", file.into()) {
        assert!(!problem.message.is_empty(), "refused without a word");
    }
    let one = block_on(engine.query(&Disk::new("/nowhere"), "select 1 as one", &BTreeMap::new()));
    assert!(one.is_ok_and(|answer| answer.result.rows() == 1), "afterwards the engine does not answer");
}
