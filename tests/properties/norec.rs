//! NoREC: a WHERE that can be optimised keeps as many rows as the same predicate, computed for each row, finds true.

use crate::cases;
use crate::database::{Database, rows};
use crate::expressions::{Kind, columns, expression, sources};
use almanac_sql::Optimise;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn counting_equals_adding_up(rows in rows(), from in sources(), p in expression(Kind::Bool, &columns(&["t", "u"]), 3)) {
        let mut database = Database::of(&rows);
        let counted = format!("select count(*) from {from} where {p}");
        let added = format!("select coalesce(sum(case when {p} then 1 else 0 end), 0) from {from}");
        let (a, b) = (database.ask(&counted)?, database.ask_with(&added, Optimise::none())?);
        prop_assume!(a.is_some() && b.is_some());
        prop_assert_eq!(a, b, "\n{}\n{}", counted, added);
    }
}
