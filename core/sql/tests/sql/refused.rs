//! What is no query, or too much of one.

use crate::common::problems;

fn codes(sql: &str) -> Vec<String> {
    problems(sql).iter().map(|problem| problem.code.0.to_string()).collect()
}

#[test]
fn only_queries_are_run() {
    for sql in [
        "insert into sales values (1)",
        "update sales set qty = 1",
        "delete from sales",
        "copy sales to 'x.csv'",
        "attach 'x.db'",
        "detach x",
        "pragma version",
        "set threads = 1",
        "create table t (a int)",
        "create or replace view v as select 1",
        "drop table sales",
        "alter table sales add column x int",
        "install httpfs",
        "load httpfs",
        "call x()",
        "export database 'x'",
        "with d as (delete from sales) select 1",
        "select * into t from sales",
    ] {
        assert_eq!(codes(sql), ["only-queries"], "{sql}");
    }
}

#[test]
fn one_statement_at_a_time() {
    assert_eq!(codes("select 1; select 2"), ["one-statement"]);
    assert_eq!(codes("select 1; drop table sales"), ["one-statement"]);
    assert_eq!(codes(""), ["sql-empty"]);
    assert_eq!(codes(" -- nothing\n"), ["sql-empty"]);
}

#[test]
fn files_are_not_read() {
    assert_eq!(codes("select * from 'x.csv'"), ["unknown-table"]);
    assert_eq!(codes("select * from read_csv('x.csv')"), ["unknown-function"]);
}

#[test]
fn long_and_deep_texts() {
    assert_eq!(codes(&format!("select '{}'", "a".repeat(100_000))), ["sql-too-long"]);
    assert_eq!(codes(&format!("select {}1{}", "(".repeat(60), ")".repeat(60))), ["sql-too-deep"]);
    assert_eq!(codes(&format!("select 1{}", " + 1".repeat(2_000))), ["sql-too-deep"]);
    assert_eq!(codes(&format!("select 1{}", " union select 1".repeat(2_000))), ["sql-too-deep"]);
    assert_eq!(codes(&format!("select {}1", "case when true then ".repeat(60))), ["sql-too-deep"]);
}
