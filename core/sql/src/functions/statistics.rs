//! Statistics of many rows: quantiles, spread, correlation, regression.

use super::signature::{ANY, BIG, DATE, DBL, Signature, T, TIME, TS, sig};
use super::{Aggregate, Category, Entry, Target};

const D: &[Signature] = &[sig(&[DBL], DBL)];
const DD: &[Signature] = &[sig(&[DBL, DBL], DBL)];
const MIDDLE: &[Signature] = &[sig(&[DBL], DBL), sig(&[DATE], TS), sig(&[TS], TS)];

const fn entry(
    names: &'static [&'static str],
    function: Aggregate,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Aggregate(function),
        category: Category::Statistics,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        &["median"],
        Aggregate::Median,
        MIDDLE,
        "Middle value, interpolated.",
        ("select median(x) from (values (1), (2), (4), (5)) t(x)", "3.0"),
    ),
    entry(
        &["quantile_cont", "percentile_cont"],
        Aggregate::QuantileCont,
        &[sig(&[DBL, DBL], DBL), sig(&[DATE, DBL], TS), sig(&[TS, DBL], TS)],
        "Quantile, interpolated between values.",
        ("select quantile_cont(x, 0.25) from (values (1), (2), (3)) t(x)", "1.5"),
    ),
    entry(
        &["quantile_disc", "percentile_disc", "quantile"],
        Aggregate::QuantileDisc,
        &[sig(&[T, DBL], T)],
        "Quantile that is one of the values.",
        ("select quantile_disc(x, 0.5) from (values (1), (2), (4), (5)) t(x)", "2"),
    ),
    entry(
        &["approx_quantile"],
        Aggregate::ApproxQuantile,
        &[
            sig(&[BIG, DBL], BIG),
            sig(&[DBL, DBL], DBL),
            sig(&[DATE, DBL], DATE),
            sig(&[TS, DBL], TS),
            sig(&[TIME, DBL], TIME),
        ],
        "Quantile that may be off by a little; here it is not.",
        ("select approx_quantile(x, 0.5) from (values (1), (2), (4), (5)) t(x)", "3"),
    ),
    entry(
        &["mode"],
        Aggregate::Mode,
        &[sig(&[T], T)],
        "Most frequent value.",
        ("select mode(x) from (values (1), (2), (2)) t(x)", "2"),
    ),
    entry(
        &["mad"],
        Aggregate::Mad,
        D,
        "Median of the distances to the median.",
        ("select mad(x) from (values (1), (2), (9)) t(x)", "1.0"),
    ),
    entry(
        &["geomean", "geometric_mean"],
        Aggregate::Geomean,
        D,
        "Geometric mean.",
        ("select round(geomean(x), 4) from (values (2), (8)) t(x)", "4.0"),
    ),
    entry(
        &["stddev_samp", "stddev"],
        Aggregate::StddevSamp,
        D,
        "Standard deviation of a sample.",
        ("select stddev_samp(x) from (values (1), (2), (3)) t(x)", "1.0"),
    ),
    entry(
        &["stddev_pop"],
        Aggregate::StddevPop,
        D,
        "Standard deviation of a population.",
        ("select stddev_pop(x) from (values (1), (3)) t(x)", "1.0"),
    ),
    entry(
        &["var_samp", "variance"],
        Aggregate::VarSamp,
        D,
        "Variance of a sample.",
        ("select var_samp(x) from (values (1), (2), (3)) t(x)", "1.0"),
    ),
    entry(
        &["var_pop"],
        Aggregate::VarPop,
        D,
        "Variance of a population.",
        ("select var_pop(x) from (values (1), (3)) t(x)", "1.0"),
    ),
    entry(
        &["sem"],
        Aggregate::Sem,
        D,
        "Standard error of the mean.",
        ("select round(sem(x), 4) from (values (1), (2), (3)) t(x)", "0.4714"),
    ),
    entry(
        &["entropy"],
        Aggregate::Entropy,
        &[sig(&[ANY], DBL)],
        "Shannon entropy of how often each value occurs, in bits.",
        ("select entropy(x) from (values ('a'), ('b'), ('c'), ('d')) t(x)", "2.0"),
    ),
    entry(
        &["skewness"],
        Aggregate::Skewness,
        D,
        "Skewness of a sample.",
        ("select round(skewness(x), 4) from (values (1), (2), (9)) t(x)", "1.6301"),
    ),
    entry(
        &["kurtosis"],
        Aggregate::Kurtosis,
        D,
        "Excess kurtosis of a sample.",
        ("select round(kurtosis(x), 4) from (values (1), (2), (3), (9)) t(x)", "3.0144"),
    ),
    entry(
        &["kurtosis_pop"],
        Aggregate::KurtosisPop,
        D,
        "Excess kurtosis of a population.",
        ("select kurtosis_pop(x) from (values (1), (2)) t(x)", "-2.0"),
    ),
    entry(
        &["corr"],
        Aggregate::Corr,
        DD,
        "Pearson correlation, -1 to 1.",
        ("select corr(x, y) from (values (1, 2), (2, 4)) t(x, y)", "1.0"),
    ),
    entry(
        &["covar_pop"],
        Aggregate::CovarPop,
        DD,
        "Covariance of a population.",
        ("select covar_pop(x, y) from (values (1, 2), (3, 6)) t(x, y)", "2.0"),
    ),
    entry(
        &["covar_samp"],
        Aggregate::CovarSamp,
        DD,
        "Covariance of a sample.",
        ("select covar_samp(x, y) from (values (1, 2), (3, 6)) t(x, y)", "4.0"),
    ),
    entry(
        &["regr_slope"],
        Aggregate::RegrSlope,
        DD,
        "Slope of the line of least squares through (x, y); y comes first.",
        ("select regr_slope(y, x) from (values (1, 2), (3, 6)) t(x, y)", "2.0"),
    ),
    entry(
        &["regr_intercept"],
        Aggregate::RegrIntercept,
        DD,
        "Where the line of least squares meets x = 0.",
        ("select regr_intercept(y, x) from (values (1, 3), (3, 7)) t(x, y)", "1.0"),
    ),
    entry(
        &["regr_r2"],
        Aggregate::RegrR2,
        DD,
        "Share of the variance the line of least squares explains.",
        ("select regr_r2(y, x) from (values (1, 3), (3, 7)) t(x, y)", "1.0"),
    ),
    entry(
        &["regr_count"],
        Aggregate::RegrCount,
        &[sig(&[DBL, DBL], BIG)],
        "Number of pairs without a NULL.",
        ("select regr_count(y, x) from (values (1, 3), (3, null)) t(x, y)", "1"),
    ),
    entry(
        &["regr_avgx"],
        Aggregate::RegrAvgX,
        DD,
        "Mean of x over pairs without a NULL.",
        ("select regr_avgx(y, x) from (values (1, 3), (3, 7)) t(x, y)", "2.0"),
    ),
    entry(
        &["regr_avgy"],
        Aggregate::RegrAvgY,
        DD,
        "Mean of y over pairs without a NULL.",
        ("select regr_avgy(y, x) from (values (1, 3), (3, 7)) t(x, y)", "5.0"),
    ),
    entry(
        &["regr_sxx"],
        Aggregate::RegrSxx,
        DD,
        "Sum of squared distances of x from its mean, over pairs without a NULL.",
        ("select regr_sxx(y, x) from (values (1, 3), (3, 7)) t(x, y)", "2.0"),
    ),
    entry(
        &["regr_syy"],
        Aggregate::RegrSyy,
        DD,
        "Sum of squared distances of y from its mean, over pairs without a NULL.",
        ("select regr_syy(y, x) from (values (1, 3), (3, 7)) t(x, y)", "8.0"),
    ),
    entry(
        &["regr_sxy"],
        Aggregate::RegrSxy,
        DD,
        "Sum of the products of both distances from their means, over pairs without a NULL.",
        ("select regr_sxy(y, x) from (values (1, 3), (3, 7)) t(x, y)", "4.0"),
    ),
];
