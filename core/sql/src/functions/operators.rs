//! Operators.

use super::signature::{ANY, BIG, BOOL, DATE, DBL, IVL, Signature, T, TIME, TS, TXT, sig};
use super::{Category, Entry, Scalar, Target};

const COMPARE: &[Signature] = &[sig(&[T, T], BOOL)];
const ANY_TEST: &[Signature] = &[sig(&[ANY], BOOL)];
const LOGIC: &[Signature] = &[sig(&[BOOL, BOOL], BOOL)];
const BITS: &[Signature] = &[sig(&[BIG, BIG], BIG)];
const NUMBERS: &[Signature] = &[sig(&[BIG, BIG], BIG), sig(&[DBL, DBL], DBL)];

const fn entry(
    names: &'static [&'static str],
    function: Scalar,
    category: Category,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Scalar(function),
        category,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

const ADD: &[Signature] = &[
    sig(&[BIG, BIG], BIG),
    sig(&[DBL, DBL], DBL),
    sig(&[DATE, BIG], DATE),
    sig(&[BIG, DATE], DATE),
    sig(&[DATE, IVL], TS),
    sig(&[IVL, DATE], TS),
    sig(&[TS, IVL], TS),
    sig(&[IVL, TS], TS),
    sig(&[TIME, IVL], TIME),
    sig(&[IVL, TIME], TIME),
    sig(&[IVL, IVL], IVL),
    sig(&[DATE, TIME], TS),
];
const SUB: &[Signature] = &[
    sig(&[BIG, BIG], BIG),
    sig(&[DBL, DBL], DBL),
    sig(&[DATE, BIG], DATE),
    sig(&[DATE, DATE], BIG),
    sig(&[DATE, IVL], TS),
    sig(&[TS, TS], IVL),
    sig(&[TS, IVL], TS),
    sig(&[TIME, IVL], TIME),
    sig(&[IVL, IVL], IVL),
];
const MUL: &[Signature] = &[sig(&[BIG, BIG], BIG), sig(&[DBL, DBL], DBL), sig(&[IVL, DBL], IVL), sig(&[DBL, IVL], IVL)];

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        &["+"],
        Scalar::Add,
        Category::Operator,
        ADD,
        "Sum; a date plus days or an interval.",
        ("date '2024-02-28' + 2", "2024-03-01"),
    ),
    entry(
        &["-"],
        Scalar::Sub,
        Category::Operator,
        SUB,
        "Difference; days between dates.",
        ("date '2024-03-01' - date '2024-02-28'", "2"),
    ),
    entry(&["*"], Scalar::Mul, Category::Operator, MUL, "Product.", ("6 * 7", "42")),
    entry(
        &["/"],
        Scalar::Div,
        Category::Operator,
        &[sig(&[DBL, DBL], DBL), sig(&[IVL, DBL], IVL)],
        "Quotient with decimals; NULL by zero.",
        ("7 / 2", "3.5"),
    ),
    entry(&["//"], Scalar::IntDiv, Category::Operator, NUMBERS, "Whole quotient; NULL by zero.", ("7 // 2", "3")),
    entry(
        &["divide"],
        Scalar::IntDiv,
        Category::Numeric,
        NUMBERS,
        "Whole quotient of whole numbers; NULL by zero.",
        ("divide(7, 2)", "3"),
    ),
    entry(
        &["%"],
        Scalar::Mod,
        Category::Operator,
        NUMBERS,
        "Remainder, with the sign of the first number; NULL by zero.",
        ("-7 % 3", "-1"),
    ),
    entry(
        &["mod"],
        Scalar::Mod,
        Category::Numeric,
        NUMBERS,
        "Remainder, with the sign of the first number; NULL by zero.",
        ("mod(7, 3)", "1"),
    ),
    entry(
        &["-"],
        Scalar::Neg,
        Category::Operator,
        &[sig(&[BIG], BIG), sig(&[DBL], DBL), sig(&[IVL], IVL)],
        "The opposite number.",
        ("-(2 + 3)", "-5"),
    ),
    entry(
        &["^", "**"],
        Scalar::Pow,
        Category::Operator,
        &[sig(&[DBL, DBL], DBL)],
        "First number to the power of the second.",
        ("2 ^ 10", "1024.0"),
    ),
    entry(
        &["pow", "power"],
        Scalar::Pow,
        Category::Numeric,
        &[sig(&[DBL, DBL], DBL)],
        "First number to the power of the second.",
        ("pow(2, 10)", "1024.0"),
    ),
    entry(&["&"], Scalar::BitAnd, Category::Operator, BITS, "Bits set in both.", ("6 & 3", "2")),
    entry(&["|"], Scalar::BitOr, Category::Operator, BITS, "Bits set in either.", ("6 | 3", "7")),
    entry(&["xor"], Scalar::BitXor, Category::Numeric, BITS, "Bits set in one of the two.", ("xor(5, 3)", "6")),
    entry(&["~"], Scalar::BitNot, Category::Operator, &[sig(&[BIG], BIG)], "All bits flipped.", ("~5", "-6")),
    entry(&["<<"], Scalar::ShiftLeft, Category::Operator, BITS, "Bits moved up.", ("1 << 4", "16")),
    entry(&[">>"], Scalar::ShiftRight, Category::Operator, BITS, "Bits moved down.", ("16 >> 2", "4")),
    entry(
        &["="],
        Scalar::Eq,
        Category::Comparison,
        COMPARE,
        "Whether both are equal; NULL when either is NULL.",
        ("1 = 1.0", "true"),
    ),
    entry(
        &["<>", "!="],
        Scalar::NotEq,
        Category::Comparison,
        COMPARE,
        "Whether they differ; NULL when either is NULL.",
        ("'a' <> 'A'", "true"),
    ),
    entry(
        &["<"],
        Scalar::Lt,
        Category::Comparison,
        COMPARE,
        "Whether the first is smaller.",
        ("'apple' < 'pear'", "true"),
    ),
    entry(&["<="], Scalar::LtEq, Category::Comparison, COMPARE, "Whether the first is not larger.", ("2 <= 2", "true")),
    entry(
        &[">"],
        Scalar::Gt,
        Category::Comparison,
        COMPARE,
        "Whether the first is larger.",
        ("date '2024-02-01' > '2024-01-01'", "true"),
    ),
    entry(
        &[">="],
        Scalar::GtEq,
        Category::Comparison,
        COMPARE,
        "Whether the first is not smaller.",
        ("1 >= 2", "false"),
    ),
    entry(
        &["is distinct from"],
        Scalar::IsDistinctFrom,
        Category::Comparison,
        COMPARE,
        "Whether they differ, where NULL equals NULL.",
        ("1 is distinct from null", "true"),
    ),
    entry(
        &["is not distinct from"],
        Scalar::IsNotDistinctFrom,
        Category::Comparison,
        COMPARE,
        "Whether they are equal, where NULL equals NULL.",
        ("null is not distinct from null", "true"),
    ),
    entry(&["is null"], Scalar::IsNull, Category::Comparison, ANY_TEST, "Whether it is NULL.", ("1 is null", "false")),
    entry(
        &["is not null"],
        Scalar::IsNotNull,
        Category::Comparison,
        ANY_TEST,
        "Whether it is not NULL.",
        ("1 is not null", "true"),
    ),
    entry(&["and"], Scalar::And, Category::Logic, LOGIC, "Whether both are true.", ("null and false", "false")),
    entry(&["or"], Scalar::Or, Category::Logic, LOGIC, "Whether either is true.", ("null or true", "true")),
    entry(&["not"], Scalar::Not, Category::Logic, &[sig(&[BOOL], BOOL)], "Whether it is false.", ("not true", "false")),
    entry(
        &["||"],
        Scalar::Concat,
        Category::Text,
        &[sig(&[TXT, TXT], TXT)],
        "Texts joined; NULL when either is NULL.",
        ("'a' || 1", "a1"),
    ),
    entry(
        &["like"],
        Scalar::Like,
        Category::Pattern,
        &[sig(&[TXT, TXT], BOOL), sig(&[TXT, TXT, TXT], BOOL)],
        "Whether a text fits a pattern: `%` is any text, `_` any character.",
        ("'notebook' like 'note%'", "true"),
    ),
    entry(
        &["ilike"],
        Scalar::ILike,
        Category::Pattern,
        &[sig(&[TXT, TXT], BOOL), sig(&[TXT, TXT, TXT], BOOL)],
        "LIKE, letter case aside.",
        ("'Notebook' ilike 'note%'", "true"),
    ),
];
