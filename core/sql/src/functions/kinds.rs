//! What can be computed. The executor matches these enums exhaustively.

use super::{DatePart, Nested};

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
    /// The first argument, NULL where any other is.
    ConstantOrNull,
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
    /// To so many decimals, halves to the even neighbour.
    RoundEven,
    /// Largest whole number not above the quotient (DOUBLE).
    FloorDiv,
    /// Remainder with the sign of the divisor (DOUBLE).
    FloorMod,
    /// Whether the sign is minus, also of -0.0.
    SignBit,
    /// The next double in the direction of the second argument.
    NextAfter,
    /// Digits in a base of 2 to 36, at least so many.
    ToBase,
    /// Binary digits of a whole number, or of the bytes of a text.
    Bin,
    /// Hexadecimal digits of a whole number, or of the bytes of a text.
    Hex,
    /// Bytes as `15.2 MiB`, in powers of 1024.
    FormatBytes,
    /// Bytes as `16.0 MB`, in powers of 1000.
    FormatBytesDecimal,
    /// A bar of blocks: value, least, most, width.
    Bar,
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
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Inverse hyperbolic sine.
    Asinh,
    /// Inverse hyperbolic cosine.
    Acosh,
    /// Inverse hyperbolic tangent; an error outside of -1 to 1.
    Atanh,
    /// Gamma function; an error at zero.
    Gamma,
    /// Logarithm of the gamma function; an error at zero.
    LogGamma,
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
    /// Edit distance, in bytes.
    Levenshtein,
    /// Edit distance that knows exchanged neighbours, in bytes.
    DamerauLevenshtein,
    /// Bytes that differ; an error when lengths do.
    Hamming,
    /// Jaro's similarity, 0 to 1.
    Jaro,
    /// Jaro's similarity with a bonus for a common start.
    JaroWinkler,
    /// Share of letters that both have among those that either has.
    Jaccard,
    /// Letters without their accents.
    StripAccents,
    /// MD5 as hexadecimal digits.
    Md5,
    /// SHA-1 as hexadecimal digits.
    Sha1,
    /// SHA-256 as hexadecimal digits.
    Sha256,
    /// Percent encoding of all but letters, digits and `-_.~`.
    UrlEncode,
    /// Percent encoding undone.
    UrlDecode,
    /// Base64 of the UTF-8 bytes.
    ToBase64,
    /// Text whose base64 it is.
    FromBase64,
    /// Text whose bytes these hexadecimal digits are.
    Unhex,
    /// Text whose bytes these binary digits are.
    Unbin,
    /// `printf`: format and values.
    Printf,
    /// `format`: `{}` and values.
    Format,
    /// Last part of a path; without its ending when the second argument is true.
    ParseFilename,
    /// First folder of a path.
    ParseDirname,
    /// All folders of a path.
    ParseDirpath,
    // Patterns
    /// `LIKE`: text, pattern, and the escape character if one was named.
    Like,
    /// `ILIKE`.
    ILike,
    /// Whether a regular expression (RE2 syntax) matches somewhere; options in a third argument.
    RegexpMatches,
    /// Whether it matches the whole text.
    RegexpFullMatch,
    /// First match (all with option 'g') replaced; `\1` stands for a group.
    RegexpReplace,
    /// First match, or its group; '' when there is none.
    RegexpExtract,
    /// The text as a pattern that matches it alone.
    RegexpEscape,
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
    /// From hour, minute, second (TIME).
    MakeTime,
    /// From year, month, day, hour, minute, second; or from microseconds since 1970.
    MakeTimestamp,
    /// Milliseconds since 1970 to a TIMESTAMP, or back; of a TIME since midnight, of an INTERVAL its length.
    EpochMs,
    /// The same in microseconds, to BIGINT only.
    EpochUs,
    /// The same in nanoseconds, to BIGINT only.
    EpochNs,
    /// Seconds since 1970 to a TIMESTAMP.
    ToTimestamp,
    /// Whole days of 24 hours and months of 30 days carried over.
    NormalizedInterval,
    /// An INTERVAL of so many units: `interval (n) month`, `to_days(n)`. BIGINT argument, DOUBLE for seconds.
    ToInterval(DatePart),
    /// Lists and structs.
    Nested(Nested),
    /// The first argument, unless the second, a number of rows, is more than one. Written by nobody: it is what a correlated
    /// subquery used as a value becomes.
    OneRow,
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
                | Self::Nested(_)
                | Self::OneRow
        )
    }
}
