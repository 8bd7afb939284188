//! Rewrites change how a query is answered, never what is answered: all on, all off, each off alone.

use crate::cases;
use crate::database::{Database, rows};
use crate::expressions::{Kind, any_expression, columns, expression, key, sources};
use almanac_sql::Optimise;
use proptest::prelude::*;

fn switches() -> Vec<(&'static str, Optimise)> {
    let all = Optimise::default();
    vec![
        ("none", Optimise::none()),
        ("no folding", Optimise { fold: false, ..all }),
        ("no push-down", Optimise { push_down: false, ..all }),
        ("no join order", Optimise { order_joins: false, ..all }),
        ("no reduction", Optimise { reduce: false, ..all }),
        ("no sharing", Optimise { share: false, ..all }),
        ("no pruning", Optimise { prune: false, ..all }),
    ]
}

fn alike(rows: &(Vec<crate::database::Row>, Vec<crate::database::Row>), sql: &str) -> Result<(), TestCaseError> {
    let mut database = Database::of(rows);
    let expected = database.ask(sql)?;
    for (name, switches) in switches() {
        let got = database.ask_with(sql, switches)?;
        prop_assert_eq!(&got, &expected, "with {}\n{}", name, sql);
    }
    prop_assume!(expected.is_some());
    Ok(())
}

fn predicate() -> BoxedStrategy<String> {
    expression(Kind::Bool, &columns(&["t", "u"]), 2)
}

fn item() -> BoxedStrategy<String> {
    any_expression(&columns(&["t", "u"]), 2)
}

/// Chains of inner and outer joins over `t`, `u` and both again.
fn chains() -> impl Strategy<Value = String> {
    let kinds = || prop::sample::select(&["join", "left join", "full join", "join"][..]);
    let on = |a: &'static [&'static str]| prop::sample::select(a);
    (
        kinds(),
        on(&["t.k = u.k", "t.s = u.s", "t.k < u.k"]),
        kinds(),
        on(&["u.day = v.day", "t.k = v.k", "t.k = v.k and u.i < v.i", "true"]),
        kinds(),
        on(&["w.k = v.k", "w.k = t.k and w.s = u.s", "w.ok and t.ok"]),
    )
        .prop_map(|(a, on_a, b, on_b, c, on_c)| format!("t {a} u on {on_a} {b} t v on {on_b} {c} u w on {on_c}"))
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn of_joins_and_filters(rows in rows(), from in sources(), p in predicate(), a in item(), b in item()) {
        alike(&rows, &format!("select {a} as a, {b} as b from {from} where {p}"))?;
    }

    #[test]
    fn of_chains(rows in rows(), from in chains(), p in expression(Kind::Bool, &columns(&["t", "u", "v", "w"]), 2)) {
        let short = (rows.0.into_iter().take(6).collect(), rows.1.into_iter().take(5).collect());
        alike(&short, &format!("select t.k, u.s, v.i, w.day from {from} where {p}"))?;
    }

    #[test]
    fn of_groups(rows in rows(), from in sources(), p in predicate(), key in key(), a in item()) {
        alike(&rows, &format!(
            "select {key} as key, count(*), count(distinct {a}), sum(t.i), max({a}) from {from} where {p} group by 1 having count(*) > 1 or {key} is null"
        ))?;
    }

    #[test]
    fn of_a_filter_above_everything(rows in rows(), p in expression(Kind::Bool, &above(), 2), inner in predicate(), shape in 0..6_u8) {
        let below = match shape {
            0 => format!("select t.k as x, u.s as y, t.day as z from t left join u on t.k = u.k where {inner}"),
            1 => "select k as x, min(s) as y, max(day) as z from t group by k".to_owned(),
            2 => "select k as x, s as y, day as z from t union all select k, s, day from u".to_owned(),
            3 => "select k as x, s as y, day as z from t intersect select k, s, day from u".to_owned(),
            4 => "select distinct k as x, s as y, day as z from t".to_owned(),
            _ => "select k as x, s as y, day as z, row_number() over (partition by k order by s, day, i) as n from t".to_owned(),
        };
        alike(&rows, &format!("select * from ({below}) b where {p}"))?;
        alike(&rows, &format!("with b as ({below}) select b.x, c.y from b join b c on b.x = c.x where {p}"))?;
    }

    #[test]
    fn of_the_first_rows(rows in rows(), p in predicate(), a in item(), from in sources(), limit in 0..6_u8) {
        alike(&rows, &format!("select {a} as a, t.k as k, u.i as i from {from} where {p} order by all limit {limit}"))?;
    }
}

fn above() -> crate::expressions::Leaves {
    vec![("b.x".into(), Kind::Int), ("b.y".into(), Kind::Text), ("b.z".into(), Kind::Date)]
}
