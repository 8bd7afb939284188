//! Functions of many rows: aggregates, and those of a row's place in its window.

/// Functions of many rows. They leave NULLs out, and are NULL over no rows, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aggregate {
    /// `count(*)`: rows; 0 over none.
    CountStar,
    /// `count(x)`: values that are not NULL; 0 over none.
    Count,
    /// Rows for which the argument is true; 0 over none. Written by nobody: it is what ANY, ALL and IN become. `count_if` is a sum
    /// of truths, and NULL where no truth is known.
    CountIf,
    /// Sum; BIGINT of integers, an error when it does not fit.
    Sum,
    /// Product (DOUBLE).
    Product,
    /// Arithmetic mean (DOUBLE).
    Avg,
    /// Sum that keeps what additions round off (DOUBLE).
    ExactSum,
    /// Mean of that sum (DOUBLE).
    ExactAvg,
    /// Mean of the first argument, weighted by the second (DOUBLE).
    WeightedAvg,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Some value that is not NULL: the first.
    AnyValue,
    /// First value, NULL or not.
    First,
    /// Last value, NULL or not.
    Last,
    /// Value of the first argument where the second is smallest; rows with a NULL in either left out.
    ArgMin,
    /// … largest.
    ArgMax,
    /// Value of the first argument, NULL or not, where the second is smallest.
    ArgMinNull,
    /// … largest.
    ArgMaxNull,
    /// All values as a list, NULLs too.
    List,
    /// Texts joined by the second argument.
    StringAgg,
    /// Whether all are true.
    BoolAnd,
    /// Whether any is true.
    BoolOr,
    /// Bits set in all.
    BitAnd,
    /// Bits set in any.
    BitOr,
    /// Bits set in an odd number of values.
    BitXor,
    /// Distinct values, approximately; an exact count is one.
    ApproxCountDistinct,
    /// Middle value, interpolated (DOUBLE; TIMESTAMP of dates).
    Median,
    /// Quantile, interpolated; the second argument is a constant from 0 to 1.
    QuantileCont,
    /// Quantile, one of the values.
    QuantileDisc,
    /// Quantile, approximately: values count from the middle of their share.
    ApproxQuantile,
    /// Most frequent value; the first seen of several.
    Mode,
    /// Median of the distances to the median.
    Mad,
    /// Geometric mean.
    Geomean,
    /// Sample standard deviation.
    StddevSamp,
    /// Population standard deviation.
    StddevPop,
    /// Sample variance.
    VarSamp,
    /// Population variance.
    VarPop,
    /// Standard error of the mean.
    Sem,
    /// Shannon entropy of the frequencies, in bits; 0 over no values.
    Entropy,
    /// Sample skewness.
    Skewness,
    /// Sample excess kurtosis.
    Kurtosis,
    /// Population excess kurtosis.
    KurtosisPop,
    /// Pearson correlation.
    Corr,
    /// Population covariance.
    CovarPop,
    /// Sample covariance.
    CovarSamp,
    /// Slope of the line of least squares; arguments are y, x.
    RegrSlope,
    /// Where that line meets x = 0.
    RegrIntercept,
    /// Coefficient of determination.
    RegrR2,
    /// Pairs without a NULL; 0 over none.
    RegrCount,
    /// Mean of x over those pairs.
    RegrAvgX,
    /// Mean of y over those pairs.
    RegrAvgY,
    /// Sum of squared distances of x from its mean.
    RegrSxx,
    /// Sum of squared distances of y from its mean.
    RegrSyy,
    /// Sum of products of both distances.
    RegrSxy,
}

/// Functions of a row's place in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// 1, 2, 3, …
    RowNumber,
    /// Place, peers alike, with gaps.
    Rank,
    /// Place, peers alike, without gaps.
    DenseRank,
    /// (rank - 1) / (rows - 1); 0 for one row.
    PercentRank,
    /// Share of rows up to and with the peers.
    CumeDist,
    /// Bucket of so many equal ones, from 1.
    Ntile,
    /// Value so many rows before (1), or a default (NULL).
    Lag,
    /// Value so many rows after (1), or a default (NULL).
    Lead,
    /// Value of the frame's first row.
    FirstValue,
    /// Value of the frame's last row.
    LastValue,
    /// Value of the frame's n-th row; NULL when it is shorter.
    NthValue,
}
