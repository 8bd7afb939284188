//! Counts and extremes by statistics alone: no byte is asked for, and the answers are those of the rows.

use std::collections::BTreeMap;

use crate::bytes::{Dice, FIELDS, ROWS, ask, base64, condition, properties, site, table};
use crate::common::{BIG, MemoryHost, TXT, array, engine, file, parquet, resource, rows};
use almanac_engine::Engine;
use almanac_model::manifest::File;
use almanac_model::protocol::Limits;
use arrow::array::{Int64Array, StringArray};

#[test]
fn what_statistics_tell_is_what_the_rows_say() {
    let mut dice = Dice(11);
    let batch = table(&mut dice);
    let columns: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).filter(|name| *name != "noise").collect();
    let variants = [properties().build(), properties().set_statistics_truncate_length(Some(3)).build()];
    let (mut told, mut asked) = (0, 0);
    for properties in &variants {
        let (mut whole, other) = site(&batch, properties, true);
        let all = ask(&mut whole, &other, "select * from t").result;
        whole.register("t", &all);
        let (first, host) = site(&batch, properties, true);
        for round in 0..400 {
            // Nothing is held yet.
            let mut engine = Engine::new(first.manifest().clone(), Limits::default());
            host.reads.borrow_mut().clear();
            let (a, b) = (dice.one_of(&columns), dice.one_of(&columns));
            let extreme = dice.one_of(&["min", "max"]);
            let from = match round % 4 {
                0 => String::new(),
                // Ends of row groups, so that groups pass whole.
                1 => format!(" where k >= {}", dice.below(13)),
                2 => format!(" where n is not null and n < {}", dice.below(ROWS as u64)),
                _ => format!(" where {}", condition(&mut dice, 1)),
            };
            let sql = format!("select count(*), {extreme}({a}), count({b}), max({b}) as m from t{from}");
            let (got, wanted) = (ask(&mut engine, &host, &sql), ask(&mut whole, &other, &sql));
            assert_eq!(rows(&got.result), rows(&wanted.result), "{sql}");
            told += u64::from(host.reads.borrow().is_empty());
            asked += u64::from(!host.reads.borrow().is_empty());
        }
    }
    assert!(told > 200 && asked > 200, "{told} without a byte, {asked} with");
}

#[test]
fn nothing_is_read_and_the_plan_says_so() {
    let batch = table(&mut Dice(7));
    let plain = properties().build();
    for (sql, expected) in [
        // 3,000 rows from day 19000, 40 a day; k is the row group of 250 and NULL in the sixth.
        ("select min(day), max(day), count(*) from t", ["day 19000", "day 19074", "3000"]),
        ("select min(k), max(k), count(k) from t", ["0", "11", "2750"]),
        ("select min(day), count(*), count(k) from t where k in (3)", ["day 19018", "250", "250"]),
        (
            "select min(day) + 1, count(*), (select max(u) from t) from t where k >= 8",
            ["day 19051", "1000", "2147485146"],
        ),
    ] {
        let (mut engine, host) = site(&batch, &plain, true);
        let told = ask(&mut engine, &host, &format!("explain {sql}"));
        let told = rows(&told.result).concat().join("\n");
        assert_eq!(told.contains("by the statistics of t"), !sql.contains(" in "), "{sql}\n{told}");
        let answer = ask(&mut engine, &host, sql);
        assert_eq!(rows(&answer.result), [expected], "{sql}");
        assert_eq!(host.reads.borrow().is_empty(), !sql.contains(" in "), "{sql}");
    }
    // Zeros of either sign, NaN, and texts that were cut off must be looked at.
    for sql in
        ["select max(d) from t", "select min(noise) from t", "select count(*) from t where day > date '2022-01-15'"]
    {
        let (mut engine, host) = site(&batch, &plain, true);
        ask(&mut engine, &host, sql);
        assert!(!host.reads.borrow().is_empty(), "{sql}");
    }
}

#[test]
fn a_small_file_is_not_fetched_for_its_extremes() {
    let columns = vec![
        ("n", array(Int64Array::from(vec![Some(5), None, Some(-3)]))),
        ("s", array(StringArray::from(vec![Some("b"), Some("ä"), None]))),
    ];
    let bytes = parquet(columns, 10);
    let known = file("t.parquet", &bytes, 3);
    let footer = base64(&bytes[known.footer_start as usize..bytes.len() - 8]);
    let host = MemoryHost { files: BTreeMap::from([("t.parquet".to_owned(), bytes)]), ..MemoryHost::default() };
    let sql = "select min(n), max(n), count(n), min(s), max(s), count(*) from t";
    for footer in [Some(footer), None] {
        let known = File { footer: footer.clone(), ..known.clone() };
        let mut engine = engine(vec![resource("t", &[("n", BIG), ("s", TXT)], vec![known])]);
        let answer = ask(&mut engine, &host, sql);
        assert_eq!(rows(&answer.result), [["-3", "5", "2", "b", "ä", "3"]]);
        assert_eq!(host.reads.borrow().is_empty(), footer.is_some());
    }
}
