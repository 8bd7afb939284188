//! `time_queries <folder of extracts> <folder of .sql files> [runs] [part of a name]`: the median time of each query natively,
//! columns at hand, and the rows it gives. For profiles of the engine; what counts is measured in the browser (`cargo xtask bench`).
//!
//! With `PLAN=1` the plans are printed instead, with `ROWS=1` the rows, separated by tabs.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use almanac_engine::Engine;
use almanac_model::Value;
use almanac_model::protocol::Limits;
use almanac_native::{Disk, block_on, manifest_of};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, data, queries, rest @ ..] = arguments.as_slice() else {
        return Err("usage: time_queries <extracts> <queries> [runs] [part of a name]".into());
    };
    let runs: usize = rest.first().map_or(Ok(5), |runs| runs.parse())?;
    let only = rest.get(1).map_or("", String::as_str);
    let data = PathBuf::from(data);
    let limits = Limits { memory_bytes: 8 << 30, ..Limits::default() };
    let mut engine = Engine::new(manifest_of(&data)?, limits);
    let host = Disk::new(&data);
    let mut files: Vec<PathBuf> = std::fs::read_dir(queries)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut total = 0.0;
    for file in files.iter().filter(|file| file.to_string_lossy().contains(only)) {
        let sql = std::fs::read_to_string(file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let query = engine.bind(&sql, &BTreeMap::new()).map_err(|problems| format!("{name}: {problems:?}"))?;
        if std::env::var_os("PLAN").is_some() {
            println!("{name}\n{query}");
            continue;
        }
        if std::env::var_os("ROWS").is_some() {
            let answer = block_on(engine.run(&host, &query)).map_err(|problem| format!("{name}: {problem:?}"))?;
            println!("{name}");
            for row in answer.result.page(0, u32::MAX, None, |_, value| shown(value)).rows {
                println!("{}", row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join("\t"));
            }
            continue;
        }
        let mut rows =
            block_on(engine.run(&host, &query)).map_err(|problem| format!("{name}: {problem:?}"))?.result.rows();
        let mut times = Vec::with_capacity(runs);
        for _ in 0..runs {
            let start = Instant::now();
            rows = block_on(engine.run(&host, &query)).map_err(|problem| format!("{name}: {problem:?}"))?.result.rows();
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        let median = times.get(runs / 2).copied().unwrap_or_default();
        total += median;
        println!("{name} {median:8.1} ms {rows:8} rows");
    }
    println!("sum {total:8.1} ms");
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Double(x) => format!("{x:?}"),
        Value::Text(text) => text.clone(),
        Value::Int(n) => n.to_string(),
        other => format!("{other:?}"),
    }
}
