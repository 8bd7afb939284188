//! Ternary logic partitioning: what a query gives is what it gives where a predicate is true, is false and is NULL, together.

use crate::cases;
use crate::database::{Database, rows};
use crate::expressions::{Kind, any_expression, columns, expression, key, sources};
use proptest::prelude::*;

/// The parts of a query with a place `{}` for a condition.
fn parts(query: &str, predicate: &str) -> String {
    let part = |condition: String| query.replace("{}", &condition);
    [part(format!("({predicate})")), part(format!("not ({predicate})")), part(format!("(({predicate}) is null)"))]
        .join(" union all ")
}

fn predicate() -> BoxedStrategy<String> {
    expression(Kind::Bool, &columns(&["t", "u"]), 3)
}

fn item() -> BoxedStrategy<String> {
    any_expression(&columns(&["t", "u"]), 2)
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn of_rows(rows in rows(), from in sources(), p in predicate(), a in item(), b in item()) {
        let query = format!("select {a} as a, {b} as b, t.k, u.s from {from}");
        Database::of(&rows).same(&query, &parts(&format!("{query} where {{}}"), &p))?;
    }

    #[test]
    fn of_distinct_rows(rows in rows(), from in sources(), p in predicate(), a in item()) {
        let whole = format!("select distinct {a} as a from {from}");
        let parted = parts(&format!("select {a} as a from {from} where {{}}"), &p);
        Database::of(&rows).same(&whole, &format!("select distinct a from ({parted}) parted"))?;
    }

    #[test]
    fn of_totals(rows in rows(), from in sources(), p in predicate(), a in item()) {
        let select = format!(
            "select count(*) as c, count({a}) as n, sum(t.i) as s, min({a}) as low, max({a}) as high from {from}"
        );
        let parted = parts(&format!("{select} where {{}}"), &p);
        let merged = format!("select sum(c), sum(n), sum(s), min(low), max(high) from ({parted}) parted");
        Database::of(&rows).same(&select, &merged)?;
    }

    #[test]
    fn of_groups(rows in rows(), from in sources(), p in predicate(), key in key(), a in item()) {
        let select = format!("select {key} as key, count(*) as c, count({a}) as n, sum(u.i) as s, min({a}) as low from {from}");
        let parted = parts(&format!("{select} where {{}} group by {key}"), &p);
        let merged = format!("select key, sum(c), sum(n), sum(s), min(low) from ({parted}) parted group by key");
        Database::of(&rows).same(&format!("{select} group by {key}"), &merged)?;
    }

    #[test]
    fn of_groups_by_having(
        rows in rows(), key in prop::sample::select(&["k", "s", "day", "ok"][..]),
        p in expression(Kind::Bool, &aggregates(), 2),
    ) {
        let query = format!("select {key}, count(*) as c, min(s) as low, max(day) as late from t group by {key}");
        Database::of(&rows).same(&query, &parts(&format!("{query} having {{}}"), &p))?;
    }

    #[test]
    fn of_windows_by_qualify(rows in rows(), p in expression(Kind::Bool, &windows(), 2), a in any_expression(&columns(&["t"]), 1)) {
        let query = format!("select t.k, t.i, {a} as a, sum(t.k) over (partition by t.s) as s from t");
        Database::of(&rows).same(&query, &parts(&format!("{query} qualify {{}}"), &p))?;
    }
}

/// What a HAVING may speak of.
fn aggregates() -> crate::expressions::Leaves {
    vec![
        ("count(*)".into(), Kind::Int),
        ("sum(i)".into(), Kind::Int),
        ("max(d)".into(), Kind::Double),
        ("min(s)".into(), Kind::Text),
        ("max(day)".into(), Kind::Date),
        ("bool_or(ok)".into(), Kind::Bool),
    ]
}

/// What a QUALIFY may speak of: windows whose values do not depend on the order of equal rows.
fn windows() -> crate::expressions::Leaves {
    let mut all = columns(&["t"]);
    all.push(("rank() over (partition by t.k order by t.i)".into(), Kind::Int));
    all.push(("count(*) over (partition by t.s)".into(), Kind::Int));
    all.push(("max(t.day) over (order by t.i)".into(), Kind::Date));
    all
}
