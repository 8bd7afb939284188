//! A subquery in the condition of a join, which DuckDB refuses for most outer joins, answers as its value in a column of that side does.

use crate::cases;
use crate::database::{Database, rows};
use proptest::prelude::*;

/// A condition with a subquery; the same over `x`, and the columns of which side (`t` or `u`) give `x`.
const CONDITIONS: &[(&str, &str, bool, &str)] = &[
    ("t.k = u.k and t.i > (select avg(i) from u)", "t.k = u.k and t.i > t.x", true, "(select avg(i) from u)"),
    ("t.k = u.k and u.i < (select max(i) from t)", "t.k = u.k and u.i < u.x", false, "(select max(i) from t)"),
    ("u.k = (select max(k) from u z where z.i < t.i)", "u.k = t.x", true, "(select max(k) from u z where z.i < t.i)"),
    (
        "t.k = u.k and exists (select 1 from u z where z.s = t.s)",
        "t.k = u.k and t.x",
        true,
        "exists (select 1 from u z where z.s = t.s)",
    ),
    ("t.k = u.k and u.s in (select s from t)", "t.k = u.k and u.x", false, "u.s in (select s from t)"),
    ("t.k = u.k and t.k not in (select k from u)", "t.k = u.k and not t.x", true, "t.k in (select k from u)"),
];

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn subqueries_in_conditions_are_values_of_a_side(
        rows in rows(),
        condition in prop::sample::select(CONDITIONS),
        kind in prop::sample::select(&["join", "left join", "right join", "full join", "semi join", "anti join"][..]),
    ) {
        let (with, without, left, value) = condition;
        let mut database = Database::of(&rows);
        let list = if kind.starts_with("semi") || kind.starts_with("anti") { "t.k, t.i, t.s" } else { "t.k, t.i, t.s, u.k, u.i, u.s" };
        let x = |side: &str| format!("(select *, {value} as x from {side}) {side}");
        let (t, u) = if left { (x("t"), "u".to_owned()) } else { ("t".to_owned(), x("u")) };
        let one = format!("select {list} from t {kind} u on {with}");
        let other = format!("select {list} from {t} {kind} {u} on {without}");
        let (a, b) = (database.ask(&one)?, database.ask(&other)?);
        prop_assert!(a.is_some() && b.is_some(), "\n{}\n{}", one, other);
        prop_assert_eq!(a, b, "\n{}\n{}", one, other);
    }
}
