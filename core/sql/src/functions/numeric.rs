//! Mathematics.

use super::signature::{BIG, BOOL, DATE, DBL, INT, Signature, TS, TXT, sig};
use super::{Category, Entry, Scalar, Target};

const D: &[Signature] = &[sig(&[DBL], DBL)];
const EACH: &[Signature] = &[sig(&[BIG], BIG), sig(&[DBL], DBL)];
const DD: &[Signature] = &[sig(&[DBL, DBL], DBL)];
const TEST: &[Signature] = &[sig(&[DBL], BOOL)];
const ROUND: &[Signature] = &[sig(&[BIG], BIG), sig(&[DBL], DBL), sig(&[BIG, BIG], BIG), sig(&[DBL, BIG], DBL)];

const fn entry(
    names: &'static [&'static str],
    function: Scalar,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Scalar(function),
        category: Category::Numeric,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    entry(&["abs"], Scalar::Abs, EACH, "Absolute value.", ("abs(-5)", "5")),
    entry(&["sign"], Scalar::Sign, &[sig(&[BIG], BIG), sig(&[DBL], BIG)], "-1, 0 or 1.", ("sign(-5)", "-1")),
    entry(&["ceil", "ceiling"], Scalar::Ceil, D, "Up to a whole number.", ("ceil(2.1::double)", "3.0")),
    entry(&["floor"], Scalar::Floor, D, "Down to a whole number.", ("floor(-2.1::double)", "-3.0")),
    entry(
        &["round"],
        Scalar::Round,
        ROUND,
        "To a whole number or so many decimals, halves away from zero.",
        ("round(123.456, 2)", "123.46"),
    ),
    entry(
        &["trunc"],
        Scalar::Trunc,
        ROUND,
        "Towards zero to a whole number or so many decimals.",
        ("trunc(-2.9::double)", "-2.0"),
    ),
    entry(
        &["round_even", "roundbankers"],
        Scalar::RoundEven,
        &[sig(&[DBL, BIG], DBL)],
        "To so many decimals, halves to the even neighbour.",
        ("round_even(2.5, 0)", "2.0"),
    ),
    entry(
        &["fdiv"],
        Scalar::FloorDiv,
        DD,
        "Largest whole number that is not above the quotient.",
        ("fdiv(-7, 2)", "-4.0"),
    ),
    entry(&["fmod"], Scalar::FloorMod, DD, "Remainder, with the sign of the second number.", ("fmod(-7, 2)", "1.0")),
    entry(&["sqrt"], Scalar::Sqrt, D, "Square root.", ("sqrt(9)", "3.0")),
    entry(&["cbrt"], Scalar::Cbrt, D, "Cube root.", ("round(cbrt(27), 4)", "3.0")),
    entry(&["exp"], Scalar::Exp, D, "e to the power of the argument.", ("exp(0)", "1.0")),
    entry(&["ln"], Scalar::Ln, D, "Natural logarithm.", ("ln(1)", "0.0")),
    entry(&["log10", "log"], Scalar::Log10, D, "Logarithm to base 10.", ("log10(1000)", "3.0")),
    entry(&["log2"], Scalar::Log2, D, "Logarithm to base 2.", ("log2(8)", "3.0")),
    entry(
        &["log"],
        Scalar::Log,
        &[sig(&[DBL, DBL], DBL)],
        "Logarithm of the second number to the base of the first.",
        ("log(2, 8)", "3.0"),
    ),
    entry(&["pi"], Scalar::Pi, &[sig(&[], DBL)], "The number π.", ("round(pi(), 4)", "3.1416")),
    entry(&["sin"], Scalar::Sin, D, "Sine of an angle in radians.", ("sin(0)", "0.0")),
    entry(&["cos"], Scalar::Cos, D, "Cosine of an angle in radians.", ("cos(0)", "1.0")),
    entry(&["tan"], Scalar::Tan, D, "Tangent of an angle in radians.", ("tan(0)", "0.0")),
    entry(&["cot"], Scalar::Cot, D, "Cotangent of an angle in radians.", ("round(cot(1), 4)", "0.6421")),
    entry(&["asin"], Scalar::Asin, D, "Arc sine, in radians.", ("asin(0)", "0.0")),
    entry(&["acos"], Scalar::Acos, D, "Arc cosine, in radians.", ("acos(1)", "0.0")),
    entry(&["atan"], Scalar::Atan, D, "Arc tangent, in radians.", ("atan(0)", "0.0")),
    entry(
        &["atan2"],
        Scalar::Atan2,
        &[sig(&[DBL, DBL], DBL)],
        "Angle of the point with this y and x, in radians.",
        ("atan2(0, 1)", "0.0"),
    ),
    entry(&["sinh"], Scalar::Sinh, D, "Hyperbolic sine.", ("sinh(0)", "0.0")),
    entry(&["cosh"], Scalar::Cosh, D, "Hyperbolic cosine.", ("cosh(0)", "1.0")),
    entry(&["tanh"], Scalar::Tanh, D, "Hyperbolic tangent.", ("tanh(0)", "0.0")),
    entry(&["asinh"], Scalar::Asinh, D, "Inverse hyperbolic sine.", ("asinh(0)", "0.0")),
    entry(&["acosh"], Scalar::Acosh, D, "Inverse hyperbolic cosine.", ("acosh(1)", "0.0")),
    entry(&["atanh"], Scalar::Atanh, D, "Inverse hyperbolic tangent.", ("atanh(0)", "0.0")),
    entry(&["degrees"], Scalar::Degrees, D, "Radians to degrees.", ("degrees(pi())", "180.0")),
    entry(&["radians"], Scalar::Radians, D, "Degrees to radians.", ("radians(0)", "0.0")),
    entry(
        &["gcd", "greatest_common_divisor"],
        Scalar::Gcd,
        &[sig(&[BIG, BIG], BIG)],
        "Greatest common divisor.",
        ("gcd(12, 18)", "6"),
    ),
    entry(
        &["lcm", "least_common_multiple"],
        Scalar::Lcm,
        &[sig(&[BIG, BIG], BIG)],
        "Least common multiple.",
        ("lcm(4, 6)", "12"),
    ),
    entry(
        &["factorial"],
        Scalar::Factorial,
        &[sig(&[BIG], BIG)],
        "Product of 1 to the number.",
        ("factorial(5)", "120"),
    ),
    entry(&["gamma"], Scalar::Gamma, D, "Gamma function: the factorial of one less.", ("gamma(5)", "24.0")),
    entry(
        &["lgamma"],
        Scalar::LogGamma,
        D,
        "Natural logarithm of the gamma function.",
        ("round(lgamma(5), 4)", "3.1781"),
    ),
    entry(&["even"], Scalar::Even, D, "To the next even number away from zero.", ("even(3.1)", "4.0")),
    entry(&["isnan"], Scalar::IsNan, TEST, "Whether it is not a number.", ("isnan(1.0::double)", "false")),
    entry(
        &["isinf"],
        Scalar::IsInf,
        &[sig(&[DBL], BOOL), sig(&[DATE], BOOL), sig(&[TS], BOOL)],
        "Whether it is infinite.",
        ("isinf(1.0::double)", "false"),
    ),
    entry(
        &["isfinite"],
        Scalar::IsFinite,
        &[sig(&[DBL], BOOL), sig(&[DATE], BOOL), sig(&[TS], BOOL)],
        "Whether it is neither infinite nor NaN.",
        ("isfinite(1.0::double)", "true"),
    ),
    entry(&["signbit"], Scalar::SignBit, TEST, "Whether the sign is minus.", ("signbit(-1)", "true")),
    entry(
        &["nextafter"],
        Scalar::NextAfter,
        DD,
        "The next number that a DOUBLE can hold, in the direction of the second.",
        ("nextafter(1, 2)", "1.0000000000000002"),
    ),
    entry(
        &["bit_count"],
        Scalar::BitCount,
        &[sig(&[INT], BIG), sig(&[BIG], BIG)],
        "Bits that are set.",
        ("bit_count(7)", "3"),
    ),
    entry(
        &["to_base"],
        Scalar::ToBase,
        &[sig(&[BIG, BIG], TXT), sig(&[BIG, BIG, BIG], TXT)],
        "Digits in a base of 2 to 36, filled up with zeros to a length.",
        ("to_base(42, 16)", "2A"),
    ),
    entry(
        &["bin", "to_binary"],
        Scalar::Bin,
        &[sig(&[BIG], TXT), sig(&[TXT], TXT)],
        "Binary digits of a whole number, or of the bytes of a text.",
        ("bin(5)", "101"),
    ),
    entry(
        &["hex", "to_hex"],
        Scalar::Hex,
        &[sig(&[BIG], TXT), sig(&[TXT], TXT)],
        "Hexadecimal digits of a whole number, or of the bytes of a text.",
        ("hex(255)", "FF"),
    ),
    entry(
        &["format_bytes", "formatreadablesize"],
        Scalar::FormatBytes,
        &[sig(&[BIG], TXT)],
        "A number of bytes for people, in powers of 1024.",
        ("format_bytes(16000000)", "15.2 MiB"),
    ),
    entry(
        &["formatreadabledecimalsize"],
        Scalar::FormatBytesDecimal,
        &[sig(&[BIG], TXT)],
        "A number of bytes for people, in powers of 1000.",
        ("formatReadableDecimalSize(16000000)", "16.0 MB"),
    ),
    entry(
        &["bar"],
        Scalar::Bar,
        &[sig(&[DBL, DBL, DBL], TXT), sig(&[DBL, DBL, DBL, DBL], TXT)],
        "A bar of blocks: the value, the least, the most, and the width for the most.",
        ("trim(bar(3.3, 0, 10, 10))", "███▎"),
    ),
];
