//! What can be computed. The executor matches these enums exhaustively.

use super::DatePart;

/// Functions and operators of values of one row. NULL in, NULL out, unless it says otherwise.
/// The executor tells overloads apart by the types of the arguments; the registry lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    // Arithmetic
    /// `+`: numbers; date + days; date, time or timestamp + interval; intervals.
    Add,
    /// `-`: numbers; date - days; date - date in days; timestamps to an interval; minus an interval.
    Sub,
    /// `*`: numbers; interval * number.
    Mul,
    /// `/`: always DOUBLE, by zero NULL; interval / number.
    Div,
    /// `//`: whole division towards zero for integers, floor for DOUBLE; by zero NULL.
    IntDiv,
    /// `%`: remainder with the sign of the dividend; by zero NULL.
    Mod,
    /// `-x`.
    Neg,
    /// `^` and `**`.
    Pow,
    /// `&`.
    BitAnd,
    /// `|`.
    BitOr,
    /// `xor(a, b)`.
    BitXor,
    /// `~`.
    BitNot,
    /// `<<`.
    ShiftLeft,
    /// `>>`.
    ShiftRight,
    // Comparison. NaN equals itself and is the largest number.
    /// `=`.
    Eq,
    /// `<>`.
    NotEq,
    /// `<`.
    Lt,
    /// `<=`.
    LtEq,
    /// `>`.
    Gt,
    /// `>=`.
    GtEq,
    /// `IS DISTINCT FROM`; never NULL.
    IsDistinctFrom,
    /// `IS NOT DISTINCT FROM`; never NULL.
    IsNotDistinctFrom,
    /// `IS NULL`; never NULL.
    IsNull,
    /// `IS NOT NULL`; never NULL.
    IsNotNull,
    // Logic, three-valued
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// `NOT`.
    Not,
    // Choice
    /// First argument that is not NULL; later ones are not evaluated for that row.
    Coalesce,
    /// Largest argument, NULLs left out; NULL when all are.
    Greatest,
    /// Smallest argument, NULLs left out; NULL when all are.
    Least,
    // Numeric
    /// Absolute value.
    Abs,
    /// -1, 0 or 1 (BIGINT).
    Sign,
    /// Up to a whole number.
    Ceil,
    /// Down to a whole number.
    Floor,
    /// To a whole number or to so many decimals, halves away from zero.
    Round,
    /// Towards zero.
    Trunc,
    /// Square root; an error below zero.
    Sqrt,
    /// Cube root.
    Cbrt,
    /// e to the power.
    Exp,
    /// Natural logarithm; an error at and below zero.
    Ln,
    /// Logarithm to base 10.
    Log10,
    /// Logarithm to base 2.
    Log2,
    /// Logarithm of the second argument to the base of the first.
    Log,
    /// π.
    Pi,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent.
    Tan,
    /// Cotangent.
    Cot,
    /// Arc sine.
    Asin,
    /// Arc cosine.
    Acos,
    /// Arc tangent.
    Atan,
    /// Angle of (x, y) given y and x.
    Atan2,
    /// Radians to degrees.
    Degrees,
    /// Degrees to radians.
    Radians,
    /// Greatest common divisor.
    Gcd,
    /// Least common multiple.
    Lcm,
    /// Factorial.
    Factorial,
    /// To the next even number away from zero.
    Even,
    /// Whether it is NaN.
    IsNan,
    /// Whether it is infinite.
    IsInf,
    /// Whether it is neither NaN nor infinite.
    IsFinite,
    /// Bits that are set.
    BitCount,
    // Text
    /// `||`.
    Concat,
    /// `concat(…)`: any types, NULLs left out.
    ConcatAll,
    /// `concat_ws(separator, …)`: any types, NULLs left out; NULL separator gives NULL.
    ConcatWs,
    /// Unicode characters.
    Length,
    /// Bytes of UTF-8.
    Strlen,
    /// Bits of UTF-8.
    BitLength,
    /// Upper case.
    Upper,
    /// Lower case.
    Lower,
    /// Without spaces, or any of the characters given, at both ends.
    Trim,
    /// … at the start.
    LTrim,
    /// … at the end.
    RTrim,
    /// From a position (1 is the first, negative from the end) for so many characters.
    Substring,
    /// First characters; negative leaves so many off the end.
    Left,
    /// Last characters; negative leaves so many off the start.
    Right,
    /// All occurrences replaced.
    Replace,
    /// Backwards.
    Reverse,
    /// So many times.
    Repeat,
    /// Padded or cut on the left to a length.
    LPad,
    /// Padded or cut on the right to a length.
    RPad,
    /// Position of the first occurrence, from 1; 0 when there is none.
    StrPos,
    /// The n-th part between separators, from 1, negative from the end; '' when there is none.
    SplitPart,
    /// Whether it starts with the second argument.
    StartsWith,
    /// Whether it ends with the second argument.
    EndsWith,
    /// Whether it holds the second argument.
    Contains,
    /// Code point of the first character; 0 for ''.
    Ascii,
    /// Character of a code point.
    Chr,
    /// Code point of the first character; -1 for ''.
    Unicode,
    /// Characters of the second argument replaced by those of the third.
    Translate,
    /// Edit distance.
    Levenshtein,
    /// Positions that differ; an error when lengths do.
    Hamming,
    // Patterns
    /// `LIKE`: text, pattern, and the escape character if one was named.
    Like,
    /// `ILIKE`.
    ILike,
    /// `GLOB`: `*`, `?`, `[…]`.
    Glob,
    /// Whether a regular expression (RE2 syntax) matches somewhere; options in a third argument.
    RegexpMatches,
    /// Whether it matches the whole text.
    RegexpFullMatch,
    /// First match (all with option 'g') replaced; `\1` stands for a group.
    RegexpReplace,
    /// First match, or its group; '' when there is none.
    RegexpExtract,
    // Dates and times
    /// A part as BIGINT (`Epoch` as DOUBLE) of a DATE, TIMESTAMP, TIME or INTERVAL.
    DatePart(DatePart),
    /// Cut off at the start of a part: DATE for days and longer, else TIMESTAMP.
    DateTrunc(DatePart),
    /// Boundaries of that part between two points in time (BIGINT).
    DateDiff(DatePart),
    /// Whole lengths of that part between two points in time (BIGINT).
    DateSub(DatePart),
    /// Start of the bucket of that length.
    TimeBucket,
    /// Difference in years, months and days (INTERVAL).
    Age,
    /// Last day of the month (DATE).
    LastDay,
    /// `Monday`.
    DayName,
    /// `January`.
    MonthName,
    /// Point in time to text by a format of `%` codes; the format is the second argument.
    Strftime,
    /// Text to TIMESTAMP by a format; an error when it does not fit.
    Strptime,
    /// `Strptime` with NULL instead of an error.
    TryStrptime,
    /// From year, month, day.
    MakeDate,
    /// From year, month, day, hour, minute, second; or from microseconds since 1970.
    MakeTimestamp,
    /// Milliseconds since 1970 to a TIMESTAMP, or a TIMESTAMP to milliseconds.
    EpochMs,
    /// An INTERVAL of so many units: `interval (n) month`, `to_days(n)`. BIGINT argument, DOUBLE for seconds.
    ToInterval(DatePart),
    /// The first argument, unless the second, a number of rows, is more than one. Written by nobody: it is what a correlated
    /// subquery used as a value becomes.
    OneRow,
}

/// Functions of many rows. They leave NULLs out, and are NULL over no rows, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aggregate {
    /// `count(*)`: rows; 0 over none.
    CountStar,
    /// `count(x)`: values that are not NULL; 0 over none.
    Count,
    /// Rows for which the argument is true; 0 over none.
    CountIf,
    /// Sum; BIGINT of integers, an error when it does not fit.
    Sum,
    /// Product (DOUBLE).
    Product,
    /// Arithmetic mean (DOUBLE).
    Avg,
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
    /// Sample skewness.
    Skewness,
    /// Sample excess kurtosis.
    Kurtosis,
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

impl Scalar {
    /// Whether a NULL argument always makes the result NULL.
    #[must_use]
    pub fn propagates_null(self) -> bool {
        !matches!(
            self,
            Self::And
                | Self::Or
                | Self::IsNull
                | Self::IsNotNull
                | Self::IsDistinctFrom
                | Self::IsNotDistinctFrom
                | Self::Coalesce
                | Self::Greatest
                | Self::Least
                | Self::ConcatAll
                | Self::ConcatWs
                | Self::OneRow
        )
    }
}
