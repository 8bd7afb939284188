//! Functions of many rows.

use super::signature::{ANY, BIG, BOOL, DATE, DBL, Signature, T, TL, TS, TXT, many, sig};
use super::{Aggregate, Category, Entry, Shorthand, Target};

const D: &[Signature] = &[sig(&[DBL], DBL)];
const ONE: &[Signature] = &[sig(&[T], T)];
const EXTREME: &[Signature] = &[sig(&[T], T), sig(&[T, BIG], TL)];
const BY: &[Signature] = &[sig(&[ANY, ANY], ANY)];
const BY_MANY: &[Signature] = &[sig(&[ANY, ANY], ANY), sig(&[T, ANY, BIG], TL)];
const BITS: &[Signature] = &[sig(&[BIG], BIG)];

const fn plain(
    names: &'static [&'static str],
    function: Aggregate,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Aggregate(function),
        category: Category::Aggregate,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    plain(
        &["count"],
        Aggregate::CountStar,
        &[sig(&[], BIG)],
        "Number of rows: `count(*)`.",
        ("select count(*) from (values (1), (null)) t(x)", "2"),
    ),
    plain(
        &["count"],
        Aggregate::Count,
        &[sig(&[ANY], BIG)],
        "Number of values that are not NULL.",
        ("select count(x) from (values (1), (null)) t(x)", "1"),
    ),
    plain(
        &["count_if", "countif"],
        Aggregate::Sum,
        &[sig(&[BOOL], BIG)],
        "Number of rows for which the condition holds; NULL where it is NULL for all.",
        ("select count_if(x > 1) from (values (1), (2), (3)) t(x)", "2"),
    ),
    plain(
        &["sum"],
        Aggregate::Sum,
        &[sig(&[BIG], BIG), sig(&[DBL], DBL), sig(&[BOOL], BIG)],
        "Sum; NULL over no values.",
        ("select sum(x) from (values (1), (2), (4)) t(x)", "7"),
    ),
    plain(&["product"], Aggregate::Product, D, "Product.", ("select product(x) from (values (2), (3)) t(x)", "6.0")),
    plain(
        &["avg", "mean"],
        Aggregate::Avg,
        &[sig(&[DBL], DBL), sig(&[DATE], TS), sig(&[TS], TS)],
        "Arithmetic mean.",
        ("select avg(x) from (values (1), (2)) t(x)", "1.5"),
    ),
    plain(
        &["fsum", "kahan_sum", "sumkahan"],
        Aggregate::ExactSum,
        D,
        "Sum of doubles that keeps what single additions round off.",
        ("select fsum(x) from (values (0.1), (0.2), (0.3)) t(x)", "0.6"),
    ),
    plain(
        &["favg"],
        Aggregate::ExactAvg,
        D,
        "Mean of doubles by the same careful sum.",
        ("select favg(x) from (values (1.0), (2.0)) t(x)", "1.5"),
    ),
    plain(
        &["weighted_avg", "wavg"],
        Aggregate::WeightedAvg,
        &[sig(&[DBL, DBL], DBL)],
        "Mean of the first argument, weighted by the second.",
        ("select weighted_avg(x, w) from (values (1, 1), (2, 3)) t(x, w)", "1.75"),
    ),
    plain(
        &["min"],
        Aggregate::Min,
        EXTREME,
        "Smallest value, or a list of so many of them.",
        ("select min(x) from (values ('b'), ('a')) t(x)", "a"),
    ),
    plain(
        &["max"],
        Aggregate::Max,
        EXTREME,
        "Largest value, or a list of so many of them.",
        ("select max(x, 2) from (values (1), (3), (2)) t(x)", "[3, 2]"),
    ),
    plain(
        &["any_value"],
        Aggregate::AnyValue,
        ONE,
        "Some value that is not NULL.",
        ("select any_value(x) from (values (null), (3)) t(x)", "3"),
    ),
    plain(
        &["first", "arbitrary"],
        Aggregate::First,
        ONE,
        "First value in the order given.",
        ("select first(x order by x) from (values (2), (1)) t(x)", "1"),
    ),
    plain(
        &["last"],
        Aggregate::Last,
        ONE,
        "Last value in the order given.",
        ("select last(x order by x) from (values (2), (1)) t(x)", "2"),
    ),
    plain(
        &["arg_min", "min_by", "argmin"],
        Aggregate::ArgMin,
        BY_MANY,
        "The first argument where the second is smallest; a list of so many, in order, with a third.",
        ("select arg_min(x, y) from (values ('a', 2), ('b', 1)) t(x, y)", "b"),
    ),
    plain(
        &["arg_max", "max_by", "argmax"],
        Aggregate::ArgMax,
        BY_MANY,
        "The first argument where the second is largest; a list of so many, in order, with a third.",
        ("select arg_max(x, y) from (values ('a', 2), ('b', 1)) t(x, y)", "a"),
    ),
    plain(
        &["arg_min_null"],
        Aggregate::ArgMinNull,
        BY,
        "The first argument, NULL or not, where the second is smallest.",
        ("select arg_min_null(x, y) from (values (null, 1), ('b', 2)) t(x, y)", "NULL"),
    ),
    plain(
        &["arg_max_null"],
        Aggregate::ArgMaxNull,
        BY,
        "The first argument, NULL or not, where the second is largest.",
        ("select arg_max_null(x, y) from (values ('a', 1), ('b', 2)) t(x, y)", "b"),
    ),
    plain(
        &["string_agg", "group_concat", "listagg"],
        Aggregate::StringAgg,
        &[sig(&[ANY], TXT), sig(&[ANY, TXT], TXT)],
        "Values as texts, joined by a separator (a comma).",
        ("select string_agg(x, '-' order by x) from (values ('b'), ('a')) t(x)", "a-b"),
    ),
    plain(
        &["list", "array_agg"],
        Aggregate::List,
        &[sig(&[T], TL)],
        "All values as a list, NULLs too; NULL over no rows.",
        ("select list(x order by x) from (values (2), (1)) t(x)", "[1, 2]"),
    ),
    plain(
        &["bool_and"],
        Aggregate::BoolAnd,
        &[sig(&[BOOL], BOOL)],
        "Whether all are true.",
        ("select bool_and(x) from (values (true), (false)) t(x)", "false"),
    ),
    plain(
        &["bool_or"],
        Aggregate::BoolOr,
        &[sig(&[BOOL], BOOL)],
        "Whether any is true.",
        ("select bool_or(x) from (values (true), (false)) t(x)", "true"),
    ),
    plain(
        &["bit_and"],
        Aggregate::BitAnd,
        BITS,
        "Bits set in all values.",
        ("select bit_and(x) from (values (3), (6)) t(x)", "2"),
    ),
    plain(
        &["bit_or"],
        Aggregate::BitOr,
        BITS,
        "Bits set in any value.",
        ("select bit_or(x) from (values (3), (6)) t(x)", "7"),
    ),
    plain(
        &["bit_xor"],
        Aggregate::BitXor,
        BITS,
        "Bits set in an odd number of values.",
        ("select bit_xor(x) from (values (3), (6)) t(x)", "5"),
    ),
    plain(
        &["approx_count_distinct"],
        Aggregate::ApproxCountDistinct,
        &[sig(&[ANY], BIG)],
        "Number of distinct values.",
        ("select approx_count_distinct(x) from (values (1), (1), (2)) t(x)", "2"),
    ),
    Entry {
        names: &["grouping", "grouping_id"],
        target: Target::Shorthand(Shorthand::Grouping),
        category: Category::Aggregate,
        signatures: &[many(&[ANY], BIG)],
        description: "With GROUPING SETS, ROLLUP or CUBE: 1 where rows are not grouped by the key; of several keys, a bit each.",
        example: "select grouping(x) from (values (1)) t(x) group by rollup (x) order by 1 desc limit 1",
        answer: "1",
    },
];
