//! Ten million rows and a gigabyte of memory.

use crate::memory;
use almanac_engine::Engine;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use almanac_native::{Disk, block_on};
use bytes::Bytes;
use std::collections::BTreeMap;

const MEMORY: u64 = 1 << 30;

/// What is asked: what a reader would, and what asks for more than there is.
const QUESTIONS: [&str; 3] = [
    "select count(*), sum(n), max(t) from t",
    "select n, x from t where k = 3 order by x desc limit 5",
    "select * from t order by x, n",
];

/// How each question ended: `answered`, or the code of the diagnostic. None may take more than the gigabyte.
pub(crate) fn outcomes(file: Bytes) -> BTreeMap<&'static str, String> {
    let mut engine = Engine::new(Manifest::default(), Limits { memory_bytes: MEMORY, ..Limits::default() });
    let mut out = BTreeMap::new();
    let (opened, took) = memory::of(|| engine.open_file("t.parquet", file));
    assert!(took as u64 <= MEMORY, "opening it took {} MiB", took >> 20);
    opened.expect("its values fit");
    for question in QUESTIONS {
        let (answer, more) =
            memory::of(|| block_on(engine.query(&Disk::new("/nowhere"), question, &BTreeMap::new())).map(|_| ()));
        let word = match answer {
            Ok(()) => "answered".to_owned(),
            Err(problems) => problems[0].code.0.to_string(),
        };
        eprintln!("{question}: {word}, {} MiB more than the table's {}", more >> 20, took >> 20);
        assert!((took + more) as u64 <= MEMORY, "`{question}` took {} MiB", (took + more) >> 20);
        out.insert(question, word);
    }
    let one = block_on(engine.query(&Disk::new("/nowhere"), "select 1", &BTreeMap::new()));
    assert!(one.is_ok_and(|answer| answer.result.rows() == 1));
    out
}
