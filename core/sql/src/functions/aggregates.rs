//! Functions of many rows.

use super::signature::{ANY, BIG, BOOL, DATE, DBL, Signature, T, TS, TXT, many, sig};
use super::{Aggregate, Category, Entry, Shorthand, Target};

const D: &[Signature] = &[sig(&[DBL], DBL)];
const DD: &[Signature] = &[sig(&[DBL, DBL], DBL)];
const ONE: &[Signature] = &[sig(&[T], T)];
const BY: &[Signature] = &[sig(&[ANY, ANY], ANY)];
const BITS: &[Signature] = &[sig(&[BIG], BIG)];
const MIDDLE: &[Signature] = &[sig(&[DBL], DBL), sig(&[DATE], TS), sig(&[TS], TS)];

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

const fn statistic(
    names: &'static [&'static str],
    function: Aggregate,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry { category: Category::Statistics, ..plain(names, function, signatures, description, example) }
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
        Aggregate::CountIf,
        &[sig(&[BOOL], BIG)],
        "Number of rows for which the condition holds.",
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
        MIDDLE,
        "Arithmetic mean.",
        ("select avg(x) from (values (1), (2)) t(x)", "1.5"),
    ),
    plain(&["min"], Aggregate::Min, ONE, "Smallest value.", ("select min(x) from (values ('b'), ('a')) t(x)", "a")),
    plain(&["max"], Aggregate::Max, ONE, "Largest value.", ("select max(x) from (values ('b'), ('a')) t(x)", "b")),
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
        BY,
        "The first argument where the second is smallest.",
        ("select arg_min(x, y) from (values ('a', 2), ('b', 1)) t(x, y)", "b"),
    ),
    plain(
        &["arg_max", "max_by", "argmax"],
        Aggregate::ArgMax,
        BY,
        "The first argument where the second is largest.",
        ("select arg_max(x, y) from (values ('a', 2), ('b', 1)) t(x, y)", "a"),
    ),
    plain(
        &["string_agg", "group_concat", "listagg"],
        Aggregate::StringAgg,
        &[sig(&[TXT], TXT), sig(&[TXT, TXT], TXT)],
        "Texts joined by a separator (a comma).",
        ("select string_agg(x, '-' order by x) from (values ('b'), ('a')) t(x)", "a-b"),
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
    statistic(
        &["median"],
        Aggregate::Median,
        MIDDLE,
        "Middle value, interpolated.",
        ("select median(x) from (values (1), (2), (4), (5)) t(x)", "3.0"),
    ),
    statistic(
        &["quantile_cont", "percentile_cont"],
        Aggregate::QuantileCont,
        &[sig(&[DBL, DBL], DBL), sig(&[DATE, DBL], TS), sig(&[TS, DBL], TS)],
        "Quantile, interpolated between values.",
        ("select quantile_cont(x, 0.25) from (values (1), (2), (3)) t(x)", "1.5"),
    ),
    statistic(
        &["quantile_disc", "percentile_disc", "quantile"],
        Aggregate::QuantileDisc,
        &[sig(&[T, DBL], T)],
        "Quantile that is one of the values.",
        ("select quantile_disc(x, 0.5) from (values (1), (2), (4), (5)) t(x)", "2"),
    ),
    statistic(
        &["mode"],
        Aggregate::Mode,
        ONE,
        "Most frequent value.",
        ("select mode(x) from (values (1), (2), (2)) t(x)", "2"),
    ),
    statistic(
        &["mad"],
        Aggregate::Mad,
        D,
        "Median of the distances to the median.",
        ("select mad(x) from (values (1), (2), (9)) t(x)", "1.0"),
    ),
    statistic(
        &["geomean", "geometric_mean"],
        Aggregate::Geomean,
        D,
        "Geometric mean.",
        ("select round(geomean(x), 4) from (values (2), (8)) t(x)", "4.0"),
    ),
    statistic(
        &["stddev_samp", "stddev"],
        Aggregate::StddevSamp,
        D,
        "Standard deviation of a sample.",
        ("select stddev_samp(x) from (values (1), (2), (3)) t(x)", "1.0"),
    ),
    statistic(
        &["stddev_pop"],
        Aggregate::StddevPop,
        D,
        "Standard deviation of a population.",
        ("select stddev_pop(x) from (values (1), (3)) t(x)", "1.0"),
    ),
    statistic(
        &["var_samp", "variance"],
        Aggregate::VarSamp,
        D,
        "Variance of a sample.",
        ("select var_samp(x) from (values (1), (2), (3)) t(x)", "1.0"),
    ),
    statistic(
        &["var_pop"],
        Aggregate::VarPop,
        D,
        "Variance of a population.",
        ("select var_pop(x) from (values (1), (3)) t(x)", "1.0"),
    ),
    statistic(
        &["skewness"],
        Aggregate::Skewness,
        D,
        "Skewness of a sample.",
        ("select round(skewness(x), 4) from (values (1), (2), (9)) t(x)", "1.6523"),
    ),
    statistic(
        &["kurtosis"],
        Aggregate::Kurtosis,
        D,
        "Excess kurtosis of a sample.",
        ("select round(kurtosis(x), 4) from (values (1), (2), (3), (9)) t(x)", "3.0"),
    ),
    statistic(
        &["corr"],
        Aggregate::Corr,
        DD,
        "Pearson correlation, -1 to 1.",
        ("select corr(x, y) from (values (1, 2), (2, 4)) t(x, y)", "1.0"),
    ),
    statistic(
        &["covar_pop"],
        Aggregate::CovarPop,
        DD,
        "Covariance of a population.",
        ("select covar_pop(x, y) from (values (1, 2), (3, 6)) t(x, y)", "2.0"),
    ),
    statistic(
        &["covar_samp"],
        Aggregate::CovarSamp,
        DD,
        "Covariance of a sample.",
        ("select covar_samp(x, y) from (values (1, 2), (3, 6)) t(x, y)", "4.0"),
    ),
    statistic(
        &["regr_slope"],
        Aggregate::RegrSlope,
        DD,
        "Slope of the line of least squares through (x, y); y comes first.",
        ("select regr_slope(y, x) from (values (1, 2), (3, 6)) t(x, y)", "2.0"),
    ),
    statistic(
        &["regr_intercept"],
        Aggregate::RegrIntercept,
        DD,
        "Where the line of least squares meets x = 0.",
        ("select regr_intercept(y, x) from (values (1, 3), (3, 7)) t(x, y)", "1.0"),
    ),
    statistic(
        &["regr_r2"],
        Aggregate::RegrR2,
        DD,
        "Share of the variance the line of least squares explains.",
        ("select regr_r2(y, x) from (values (1, 3), (3, 7)) t(x, y)", "1.0"),
    ),
    statistic(
        &["regr_count"],
        Aggregate::RegrCount,
        &[sig(&[DBL, DBL], BIG)],
        "Number of pairs without a NULL.",
        ("select regr_count(y, x) from (values (1, 3), (3, null)) t(x, y)", "1"),
    ),
    statistic(
        &["regr_avgx"],
        Aggregate::RegrAvgX,
        DD,
        "Mean of x over pairs without a NULL.",
        ("select regr_avgx(y, x) from (values (1, 3), (3, 7)) t(x, y)", "2.0"),
    ),
    statistic(
        &["regr_avgy"],
        Aggregate::RegrAvgY,
        DD,
        "Mean of y over pairs without a NULL.",
        ("select regr_avgy(y, x) from (values (1, 3), (3, 7)) t(x, y)", "5.0"),
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
