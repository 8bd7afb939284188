//! Shapes of plans, read from their text.

use crate::common::{bound, options, tables};
use almanac_sql::bind;

fn plan(sql: &str) -> String {
    bound(sql).to_string()
}

/// Lines of a plan without numbers of columns and types: `scan sales [day, qty]`.
fn steps(sql: &str) -> Vec<String> {
    let plan = plan(sql);
    plan.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Tables in the order they are read.
fn scans(sql: &str) -> Vec<String> {
    steps(sql).iter().filter_map(|line| Some(line.strip_prefix("scan ")?.split(' ').next()?.to_owned())).collect()
}

fn kinds(sql: &str) -> Vec<String> {
    steps(sql)
        .iter()
        .filter(|line| line.contains(" join"))
        .map(|line| line.split(' ').next().unwrap_or("").to_owned())
        .collect()
}

#[test]
fn filters_go_down_to_the_scan_and_unused_columns_go() {
    let steps = steps(
        "select x.qty from (select qty, day, note from sales) x join stores s on x.qty = s.id where x.day > date '2024-01-01' and s.city = 'Oslo'",
    );
    let at = |text: &str| {
        steps.iter().position(|step| step.starts_with(text)).unwrap_or_else(|| panic!("{text} in {steps:#?}"))
    };
    assert!(steps[at("scan sales") - 1].starts_with("filter gt("), "{steps:#?}");
    assert!(steps[at("scan stores") - 1].starts_with("filter eq("), "{steps:#?}");
    assert!(!steps[at("scan sales")].contains("note") && steps[at("scan sales")].contains("day="));
    assert!(!steps[at("scan stores")].contains("opened"));
}

#[test]
fn what_all_sides_of_an_or_share_is_taken_out() {
    let sql = "select sum(l_extendedprice) from lineitem, part where (p_partkey = l_partkey and p_brand = 'Brand#12' \
               and l_quantity >= 1) or (p_partkey = l_partkey and p_brand = 'Brand#23' and l_quantity >= 10)";
    let steps = steps(sql);
    assert!(steps.iter().any(|step| step.starts_with("inner join on #") && step.contains(" if or(")), "{steps:#?}");
    assert!(
        steps.iter().any(|step| step.starts_with("filter or(eq(")),
        "each side of the join is filtered: {steps:#?}"
    );
    assert_eq!(kinds(sql), ["inner"]);
}

const Q5: &str = "select n_name, sum(l_extendedprice) from customer, orders, lineitem, supplier, nation, region \
    where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey \
    and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'ASIA' group by n_name";
const Q9: &str = "select n_name, sum(l_extendedprice - ps_supplycost * l_quantity) \
    from part, supplier, lineitem, partsupp, orders, nation where s_suppkey = l_suppkey and ps_suppkey = l_suppkey \
    and ps_partkey = l_partkey and p_partkey = l_partkey and o_orderkey = l_orderkey and s_nationkey = n_nationkey \
    and p_name like '%green%' group by n_name";

#[test]
fn joins_have_equalities_and_begin_with_small_tables() {
    for sql in [Q5, Q9] {
        let steps = steps(sql);
        let joins: Vec<&String> = steps.iter().filter(|step| step.contains(" join")).collect();
        assert_eq!(joins.len(), 5, "{steps:#?}");
        assert!(joins.iter().all(|join| join.starts_with("inner join on ")), "no cross join: {joins:#?}");
    }
    // The last scan of a side is the deepest. Customers are tied to their nations, as suppliers are to theirs; the region's orders
    // meet their lines before the suppliers, who are joined by two keys at once: a pair of customer and supplier by nation alone
    // would be 60 million rows.
    assert_eq!(scans(Q5), ["lineitem", "orders", "customer", "nation", "region", "supplier"]);
}

#[test]
fn a_cte_read_twice_is_computed_once() {
    let twice = plan(
        "with t as (select store_id, sum(qty) as q from sales group by store_id) \
         select a.q from t a join t b on a.store_id = b.store_id",
    );
    assert_eq!(twice.matches("shared 0").count(), 2, "{twice}");
    let once = plan("with t as (select store_id, sum(qty) as q from sales group by store_id) select q from t");
    assert!(!once.contains("shared"), "{once}");
}

#[test]
fn subqueries_become_joins() {
    let kind = |sql: &str| kinds(sql).join(" ");
    assert_eq!(kind("select city from stores where exists (select 1 from sales where store_id = stores.id)"), "semi");
    assert_eq!(
        kind("select city from stores where not exists (select 1 from sales where store_id = stores.id)"),
        "anti"
    );
    assert_eq!(kind("select city from stores where id in (select store_id from sales)"), "semi");
    // Twenty stores against a thousand sales: only their sums are made.
    assert_eq!(kind("select city, (select sum(qty) from sales where store_id = stores.id) from stores"), "left semi");
    let count = plan("select city, (select count(*) from sales where store_id = stores.id) as n from stores");
    assert!(count.contains("coalesce("), "no rows count as none: {count}");
    let not_in = plan("select city from stores where id not in (select store_id from sales)");
    assert!(not_in.contains("anti join") && not_in.contains("countstar()"), "NULLs are looked for: {not_in}");
}

#[test]
fn parameters_are_values_never_text() {
    let sql = "select city from stores where id >= $least and city = $city";
    let text = plan(sql);
    assert!(text.contains("eq(#1, 'O'Hara'; drop table sales; --')"), "{text}");
    assert!(text.contains("gteq(#0, 3)"), "{text}");
    let list = plan("select city from stores where city in ($cities)");
    assert!(list.contains("in ('A', 'B')"), "{list}");
    let quoted = bind("select '$city' as a", &tables(), &options()).expect("a string");
    assert!(quoted.to_string().contains("= '$city'"), "a string stays what it is");
}

#[test]
fn all_and_any_compare_with_the_least_or_the_greatest() {
    let all = plan("select city from stores where id > all (select store_id from sales)");
    // Not at most the greatest: false without rows, unknown with a NULL.
    assert!(all.contains("not(case when lteq(#0, "), "{all}");
    assert!(all.contains("countstar()") && all.contains("max(") && all.contains("isnull(#0)"), "{all}");
    let any = plan("select city from stores where id >= any (select store_id from sales)");
    assert!(any.contains("case when gteq(#0, ") && any.contains("min("), "{any}");
    let several = plan("select city from stores where id <> any (select store_id from sales)");
    assert!(several.contains("case when or(noteq(#0, "), "{several}");
}

#[test]
fn equal_parts_are_computed_once() {
    let by_store = "(select store_id, sum(qty) as total, max(note) as note from sales where qty > 0 group by store_id)";
    // The plan tells what is shared where it is read, each time.
    let once = plan(&format!("select a.total, b.note from {by_store} a join {by_store} b on a.store_id = b.store_id"));
    assert_eq!(once.matches("shared 0").count(), 2, "{once}");
    let other = by_store.replace("qty > 0", "qty > 1");
    let twice = plan(&format!("select a.total, b.note from {by_store} a join {other} b on a.store_id = b.store_id"));
    assert!(!twice.contains("shared"), "{twice}");
    // A table alone is at hand anyway.
    assert!(!plan("select a.qty from sales a join sales b on a.qty = b.store_id").contains("shared"));
}
