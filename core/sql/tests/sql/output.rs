//! Names and types of what a query gives, as DuckDB 1.4 tells them (integers of tables are BIGINT here).

use crate::common::bound;

fn output(sql: &str) -> Vec<String> {
    bound(sql).output.iter().map(|field| format!("{} {}", field.name, field.ty)).collect()
}

#[test]
fn names_are_duckdbs() {
    assert_eq!(
        output("select qty, count(*), sum(qty), qty + 1, qty::int, \"Net Sales\", 'a' || note from sales group by all"),
        [
            "qty BIGINT",
            "count_star() BIGINT",
            "sum(qty) BIGINT",
            "(qty + 1) BIGINT",
            "CAST(qty AS INTEGER) INTEGER",
            "Net Sales DOUBLE",
            "('a' || note) VARCHAR",
        ]
    );
    assert_eq!(output("select 1 as x, 'a' as x"), ["x INTEGER", "x VARCHAR"]);
}

#[test]
fn types_of_literals_and_operators() {
    assert_eq!(
        output("select 1, -1, 3000000000, 1 / 2, date '2024-01-01', qty = 1, day - 1, day - day from sales"),
        [
            "1 INTEGER",
            "-1 INTEGER",
            "3000000000 BIGINT",
            "(1 / 2) DOUBLE",
            "CAST('2024-01-01' AS DATE) DATE",
            "(qty = 1) BOOLEAN",
            "(day - 1) DATE",
            "(day - day) BIGINT",
        ]
    );
}

#[test]
fn null_has_a_type_once_it_is_given_out() {
    assert_eq!(output("select null"), ["NULL INTEGER"]);
    assert_eq!(output("select null as a, 1 as b"), ["a INTEGER", "b INTEGER"]);
    assert_eq!(output("select 'a' || null as a"), ["a INTEGER"]);
    assert_eq!(output("select null union all select 'a'"), ["NULL VARCHAR"]);
    assert_eq!(output("select coalesce(null, day) as d from sales"), ["d DATE"]);
}

#[test]
fn stars() {
    assert_eq!(output("select * from stores"), ["id BIGINT", "city VARCHAR", "Order VARCHAR", "opened DATE"]);
    assert_eq!(output("select * exclude (id, opened) from stores"), ["city VARCHAR", "Order VARCHAR"]);
    assert_eq!(output("select t.* replace (id::double as id) from stores t")[0], "id DOUBLE");
    assert_eq!(output("from stores select id"), ["id BIGINT"]);
}

#[test]
fn words_that_are_keywords_elsewhere_are_names() {
    assert_eq!(output("select top.id from (select id from sales) top order by 1"), ["id BIGINT"]);
    assert_eq!(output("select view.id from sales view, stores start where start.id = 1"), ["id BIGINT"]);
}
