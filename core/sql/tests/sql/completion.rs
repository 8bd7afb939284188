//! What is offered at a cursor, written `|` in the texts.

use almanac_model::Value;
use almanac_model::view::Completion;
use almanac_sql::complete;
use std::collections::BTreeMap;

use crate::common::tables;

fn at(text: &str) -> (String, Vec<Completion>) {
    let cursor = text.find('|').expect("a cursor");
    let sql = text.replacen('|', "", 1);
    let parameters =
        BTreeMap::from([("region".to_owned(), Value::Text("west".to_owned())), ("since".to_owned(), Value::Date(0))]);
    let (start, items) = complete(&sql, u32::try_from(cursor).expect("a short text"), &tables(), &parameters);
    (sql[start as usize..cursor].to_owned(), items)
}

fn labels(text: &str) -> Vec<String> {
    at(text).1.into_iter().map(|item| item.label).collect()
}

fn of_kind(text: &str, kind: &str) -> Vec<String> {
    at(text).1.into_iter().filter(|item| item.kind == kind).map(|item| item.label).collect()
}

#[test]
fn a_text_starts_with_select() {
    assert_eq!(labels("|"), ["select", "with", "from", "values"]);
    assert_eq!(labels("SEL|"), ["select"]);
}

#[test]
fn tables_follow_from_and_join() {
    assert_eq!(labels("select * from sa|"), ["sales"]);
    assert_eq!(labels("select * from stores join sal| on true"), ["sales"]);
    assert_eq!(labels("select * from sales s, stor|"), ["stores"]);
    assert_eq!(labels("select * from pla|"), ["\"2024 plan\""], "a name with a space is quoted");
    assert_eq!(labels("select * from \"2024|"), ["\"2024 plan\""]);
    assert_eq!(labels("select * from \"2024|\" where 1"), ["\"2024 plan"], "the closing quote is there already");
    let (word, items) = at("with sums as (select 1) select * from s|");
    assert_eq!(word, "s");
    assert_eq!(items[0].label, "sums");
    assert_eq!(items[1].label, "sales");
    assert_eq!(items[1].detail, "1000 rows");
    assert_eq!(labels("select extract(year from da|) from sales")[0], "day");
}

#[test]
fn columns_of_an_alias_follow_its_dot() {
    assert_eq!(labels("select s.| from sales s"), ["id", "day", "store_id", "\"Net Sales\"", "qty", "note", "paid"]);
    assert_eq!(labels("select t.o| from sales s join stores t on s.store_id = t.id")[..2], ["\"Order\"", "opened"]);
    assert_eq!(labels("select sales.q| from sales"), ["qty"]);
    assert_eq!(labels("select x.| from sales s"), Vec::<String>::new());
}

#[test]
fn columns_come_from_tables_after_the_cursor_too() {
    assert_eq!(labels("select da| from sales")[0], "day");
    assert_eq!(of_kind("select | from sales", "column").len(), 7);
    assert_eq!(of_kind("select * from sales where q|", "column"), ["qty"]);
    assert_eq!(of_kind("select net| from sales", "column"), ["\"Net Sales\""]);
    assert_eq!(of_kind("select sales| from sales", "column"), ["\"Net Sales\""], "a part of a name will do");
}

#[test]
fn a_name_that_two_tables_share_is_told_apart() {
    assert_eq!(of_kind("select i| from sales s join stores on true", "column")[..2], ["s.id", "stores.id"]);
    assert_eq!(of_kind("select i| from sales", "column")[0], "id");
}

#[test]
fn the_innermost_query_comes_first() {
    let text = "select * from sales where store_id in (select | from stores where opened > day)";
    assert_eq!(of_kind(text, "column")[..4], ["id", "city", "\"Order\"", "opened"]);
    assert_eq!(of_kind(text, "column")[4], "day");
    assert_eq!(of_kind("select city from stores union all select no| from sales", "column"), ["note"]);
}

#[test]
fn functions_tell_how_they_are_called() {
    let (_, items) = at("select date_tr|");
    assert_eq!(items[0].label, "date_trunc");
    assert_eq!(items[0].kind, "function");
    assert!(items[0].detail.starts_with("('part', "), "{}", items[0].detail);
    assert!(items[0].info.contains("Example: "), "{}", items[0].info);
    assert!(of_kind("select su| from sales", "function").contains(&"sum".to_owned()));
    assert!(
        !of_kind("select * from sales where su|", "function").contains(&"sum".to_owned()),
        "no aggregates in WHERE"
    );
}

#[test]
fn keywords_fit_their_place() {
    assert_eq!(labels("select id fr|")[0], "from");
    assert_eq!(labels("select * fr|"), ["from"]);
    assert_eq!(labels("select * from sales wh|"), ["where"]);
    assert_eq!(labels("select * from sales s wh|"), ["where"]);
    assert_eq!(labels("select * from sales group |"), ["by"]);
    assert_eq!(labels("select * from sales order by qty de|"), ["desc"]);
    assert_eq!(labels("select cast(id as big|"), ["bigint"]);
    assert_eq!(labels("select id::da|"), ["date"]);
    assert_eq!(labels("select id as na|"), Vec::<String>::new(), "a new name is anybody's guess");
    assert_eq!(labels("select * from sales where paid is n|")[..2], ["null", "not null"]);
}

#[test]
fn parameters_follow_their_sign() {
    assert_eq!(at("select * from sales where note = $re|").0, "$re");
    assert_eq!(labels("select * from sales where note = $re|"), ["$region"]);
    assert_eq!(labels("select * from sales where note = $|"), ["$region", "$since"]);
    assert_eq!(labels("select * from sales where note = sin|")[0], "$since");
}

#[test]
fn strings_comments_and_numbers_stay_alone() {
    for text in [
        "select 'sa|",
        "select 'sa| from sales'",
        "select 1 -- sa|",
        "select /* sa| */ 1",
        "select 12|",
        "select /* /* */ sa|",
    ] {
        assert_eq!(labels(text), Vec::<String>::new(), "{text}");
    }
    assert!(labels("select 1 -- no\n, su|").contains(&"sum".to_owned()));
    assert!(labels("select 'it''s', su|").contains(&"sum".to_owned()));
}

#[test]
fn broken_text_and_odd_cursors_do_no_harm() {
    assert_eq!(of_kind("select ((q| from sales where ') group by", "column"), ["qty"]);
    let none = BTreeMap::new();
    for cursor in [0, 1, 8, 9, 10, 11, 500, u32::MAX] {
        let (start, items) = complete("select 'é' € from", cursor, &tables(), &none);
        assert!(start <= 21 && items.len() <= 60);
    }
    assert!(labels("select |").len() <= 60);
}

#[test]
fn queries_of_the_text_have_columns_too() {
    let cte = "with t as (select id as key, qty * 2 as double_qty from sales) ";
    assert_eq!(of_kind(&format!("{cte}select dou| from t"), "column"), ["double_qty"]);
    assert_eq!(labels(&format!("{cte}select t.| from t")), ["key", "double_qty"]);
    assert_eq!(labels(&format!("{cte}select x.| from t as x")), ["key", "double_qty"]);
    assert_eq!(labels("with t(a, b) as (select id, note from sales) select t.| from t"), ["a", "b"]);
    assert_eq!(
        of_kind(
            "with a as (select id as k, note from sales), b as (select k + 1 as l from a) select | from b",
            "column"
        )[..1],
        ["l"]
    );
    assert_eq!(labels("with a as materialized (select id as k from sales) select a.| from a"), ["k"]);
    assert_eq!(
        labels("select x.| from (select city as town, count(*) as shops from stores group by 1) x"),
        ["town", "shops"]
    );
    assert_eq!(of_kind("select to| from (select city as town from stores) as x where true", "column"), ["town"]);
    assert_eq!(
        labels("with r(n) as (select 1 union all select n + 1 from r) select r.| from r")[..1],
        ["n"],
        "a query that does not bind has the columns it names"
    );
    assert!(!labels("with t as (select id as k from sales where |) select k from t").contains(&"k".to_owned()));
    assert_eq!(labels("with t as (select from where) select t.| from t"), Vec::<String>::new());
}
