//! Two random tables of the same columns, and answers as heaps of rows.

use almanac_engine::Engine;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::Limits;
use almanac_model::{Diagnostic, Value};
use almanac_native::{Disk, block_on};
use almanac_sql::{BindOptions, Optimise, bind};
use almanac_tests::extracts::Table;
use almanac_tests::value_text;
use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, StringArray};
use proptest::prelude::*;
use std::sync::Arc;

/// A row of `t` or `u`: `k INTEGER, i BIGINT, d DOUBLE, s VARCHAR, day DATE, ok BOOLEAN`, each NULL now and then.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    k: Option<i32>,
    i: Option<i64>,
    d: Option<f64>,
    s: Option<&'static str>,
    day: Option<i32>,
    ok: Option<bool>,
}

/// Few values, so that joins and groups meet; sums of these doubles are exact in any order.
const DOUBLES: &[f64] = &[0.0, -0.0, 1.5, -2.25, 100.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
const TEXTS: &[&str] = &["", "a", "A", "ab", "b%", "ä", "日本", "a longer text than twelve bytes"];
/// 1969-12-31, 1970-01-01, 2024-02-29, 2024-03-31, 2025-11-30.
const DAYS: &[i32] = &[-1, 0, 19_782, 19_813, 20_422];

fn row() -> impl Strategy<Value = Row> {
    let often = |value: BoxedStrategy<usize>| prop::option::weighted(0.85, value);
    (
        prop::option::weighted(0.85, -2_i32..4),
        prop::option::weighted(0.85, -1_000_i64..1_000),
        often((0..DOUBLES.len()).boxed()),
        often((0..TEXTS.len()).boxed()),
        often((0..DAYS.len()).boxed()),
        prop::option::weighted(0.8, any::<bool>()),
    )
        .prop_map(|(k, i, d, s, day, ok)| Row {
            k,
            i,
            d: d.map(|at| DOUBLES[at]),
            s: s.map(|at| TEXTS[at]),
            day: day.map(|at| DAYS[at]),
            ok,
        })
}

/// The rows of both tables; either may be empty.
pub(crate) fn rows() -> impl Strategy<Value = (Vec<Row>, Vec<Row>)> {
    (prop::collection::vec(row(), 0..14), prop::collection::vec(row(), 0..8))
}

/// An engine that holds both tables.
pub(crate) struct Database {
    engine: Engine,
    host: Disk,
}

impl Database {
    pub(crate) fn of((t, u): &(Vec<Row>, Vec<Row>)) -> Self {
        let mut engine = Engine::new(Manifest::default(), Limits::default());
        for (name, rows) in [("t", t), ("u", u)] {
            let columns: Vec<(&str, ArrayRef)> = vec![
                ("k", Arc::new(rows.iter().map(|row| row.k).collect::<Int32Array>())),
                ("i", Arc::new(rows.iter().map(|row| row.i).collect::<Int64Array>())),
                ("d", Arc::new(rows.iter().map(|row| row.d).collect::<Float64Array>())),
                ("s", Arc::new(rows.iter().map(|row| row.s).collect::<StringArray>())),
                ("day", Arc::new(rows.iter().map(|row| row.day).collect::<Date32Array>())),
                ("ok", Arc::new(rows.iter().map(|row| row.ok).collect::<BooleanArray>())),
            ];
            let bytes = Table::new(name, columns).to_parquet().expect("plain types");
            engine.open_file(&format!("{name}.parquet"), bytes).expect("a good file");
        }
        Self { engine, host: Disk::new("/nowhere") }
    }

    /// The rows of an answer as sorted texts, with the rewrites that are asked for.
    ///
    /// A query that is not supported yet is `None`; any other refusal is a failure, as all expressions here are total.
    pub(crate) fn ask_with(&mut self, sql: &str, optimise: Optimise) -> Result<Option<Vec<String>>, TestCaseError> {
        let answer = bind(sql, &self.engine, &BindOptions { optimise, ..BindOptions::default() })
            .and_then(|query| block_on(self.engine.run(&self.host, &query)).map_err(|problem| vec![problem]));
        match answer {
            Ok(answer) => {
                let table = answer.result.to_table(usize::MAX);
                let mut rows: Vec<String> = (0..table.rows)
                    .map(|row| {
                        let values: Vec<String> =
                            table.columns.iter().map(|column| plain(&column.values.get(row))).collect();
                        values.join(" | ")
                    })
                    .collect();
                rows.sort();
                Ok(Some(rows))
            }
            Err(problems) if problems.iter().all(|problem| problem.code.0 == "unsupported") => Ok(None),
            Err(problems) => Err(refused(sql, &problems)),
        }
    }

    pub(crate) fn ask(&mut self, sql: &str) -> Result<Option<Vec<String>>, TestCaseError> {
        self.ask_with(sql, Optimise::default())
    }

    /// Fails unless both queries give the same heap of rows.
    pub(crate) fn same(&mut self, one: &str, other: &str) -> Result<(), TestCaseError> {
        let (a, b) = (self.ask(one)?, self.ask(other)?);
        prop_assume!(a.is_some() && b.is_some());
        prop_assert_eq!(a, b, "\n{}\n{}", one, other);
        Ok(())
    }
}

fn refused(sql: &str, problems: &[Diagnostic]) -> TestCaseError {
    TestCaseError::fail(format!("refused: {sql}\n{problems:?}"))
}

/// Ten digits of a number, one zero, so that the order of an addition does not show.
fn plain(value: &Value) -> String {
    match value {
        Value::Double(number) if number.is_finite() => format!("{:.9e}", number + 0.0),
        other => value_text::text(other),
    }
}
