//! Text and regular expressions.

use super::signature::{ANY, BIG, BOOL, Signature, TXT, many, sig};
use super::{Category, Entry, Scalar, Target};

const T1: &[Signature] = &[sig(&[TXT], TXT)];
const LEN: &[Signature] = &[sig(&[TXT], BIG)];
const TRIM: &[Signature] = &[sig(&[TXT], TXT), sig(&[TXT, TXT], TXT)];
const FIND: &[Signature] = &[sig(&[TXT, TXT], BOOL)];
const TAKE: &[Signature] = &[sig(&[TXT, BIG], TXT)];
const PAD: &[Signature] = &[sig(&[TXT, BIG, TXT], TXT)];
const MATCH: &[Signature] = &[sig(&[TXT, TXT], BOOL), sig(&[TXT, TXT, TXT], BOOL)];

const fn text(
    names: &'static [&'static str],
    function: Scalar,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Scalar(function),
        category: Category::Text,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

const fn pattern(
    names: &'static [&'static str],
    function: Scalar,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry { category: Category::Pattern, ..text(names, function, signatures, description, example) }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    text(
        &["concat"],
        Scalar::ConcatAll,
        &[many(&[ANY], TXT)],
        "Values of any type joined, NULLs left out.",
        ("concat('a', 1, null)", "a1"),
    ),
    text(
        &["concat_ws"],
        Scalar::ConcatWs,
        &[many(&[TXT, ANY], TXT)],
        "Values joined by the first argument, NULLs left out.",
        ("concat_ws('-', 2024, null, 7)", "2024-7"),
    ),
    text(
        &["length", "len", "char_length", "character_length"],
        Scalar::Length,
        LEN,
        "Number of characters.",
        ("length('Zürich')", "6"),
    ),
    text(&["strlen"], Scalar::Strlen, LEN, "Number of bytes in UTF-8.", ("strlen('Zürich')", "7")),
    text(&["bit_length"], Scalar::BitLength, LEN, "Number of bits in UTF-8.", ("bit_length('abc')", "24")),
    text(&["upper", "ucase"], Scalar::Upper, T1, "Upper case.", ("upper('abc')", "ABC")),
    text(&["lower", "lcase"], Scalar::Lower, T1, "Lower case.", ("lower('ABC')", "abc")),
    text(
        &["trim"],
        Scalar::Trim,
        TRIM,
        "Without spaces, or any of the characters given, at both ends.",
        ("trim('  a b ')", "a b"),
    ),
    text(
        &["ltrim"],
        Scalar::LTrim,
        TRIM,
        "Without spaces, or any of the characters given, at the start.",
        ("ltrim('xxa', 'x')", "a"),
    ),
    text(
        &["rtrim"],
        Scalar::RTrim,
        TRIM,
        "Without spaces, or any of the characters given, at the end.",
        ("rtrim('axx', 'x')", "a"),
    ),
    text(
        &["substring", "substr"],
        Scalar::Substring,
        &[sig(&[TXT, BIG], TXT), sig(&[TXT, BIG, BIG], TXT)],
        "Characters from a position, counted from 1, at most so many.",
        ("substring('notebook', 5, 4)", "book"),
    ),
    text(&["left"], Scalar::Left, TAKE, "The first characters.", ("left('notebook', 4)", "note")),
    text(&["right"], Scalar::Right, TAKE, "The last characters.", ("right('notebook', 4)", "book")),
    text(
        &["replace"],
        Scalar::Replace,
        &[sig(&[TXT, TXT, TXT], TXT)],
        "Every occurrence of the second text replaced by the third.",
        ("replace('banana', 'a', 'o')", "bonono"),
    ),
    text(&["reverse"], Scalar::Reverse, T1, "Backwards.", ("reverse('abc')", "cba")),
    text(&["repeat"], Scalar::Repeat, TAKE, "So many times, one after the other.", ("repeat('ab', 3)", "ababab")),
    text(&["lpad"], Scalar::LPad, PAD, "Padded or cut to a length, on the left.", ("lpad('7', 3, '0')", "007")),
    text(&["rpad"], Scalar::RPad, PAD, "Padded or cut to a length, on the right.", ("rpad('7', 3, '.')", "7..")),
    text(
        &["strpos", "instr", "position"],
        Scalar::StrPos,
        &[sig(&[TXT, TXT], BIG)],
        "Where the second text first occurs, from 1; 0 for nowhere.",
        ("strpos('banana', 'an')", "2"),
    ),
    text(
        &["split_part"],
        Scalar::SplitPart,
        &[sig(&[TXT, TXT, BIG], TXT)],
        "The n-th part between separators, from 1.",
        ("split_part('a,b,c', ',', 2)", "b"),
    ),
    text(
        &["starts_with", "prefix"],
        Scalar::StartsWith,
        FIND,
        "Whether the text starts with the second.",
        ("starts_with('notebook', 'note')", "true"),
    ),
    text(
        &["ends_with", "suffix"],
        Scalar::EndsWith,
        FIND,
        "Whether the text ends with the second.",
        ("ends_with('notebook', 'book')", "true"),
    ),
    text(
        &["contains"],
        Scalar::Contains,
        FIND,
        "Whether the second text occurs in the first.",
        ("contains('notebook', 'teb')", "true"),
    ),
    text(&["ascii"], Scalar::Ascii, LEN, "Code of the first character.", ("ascii('A')", "65")),
    text(
        &["unicode", "ord"],
        Scalar::Unicode,
        LEN,
        "Unicode code point of the first character.",
        ("unicode('ü')", "252"),
    ),
    text(&["chr"], Scalar::Chr, &[sig(&[BIG], TXT)], "Character of a code point.", ("chr(65)", "A")),
    text(
        &["translate"],
        Scalar::Translate,
        &[sig(&[TXT, TXT, TXT], TXT)],
        "Characters of the second text replaced by those of the third.",
        ("translate('hello', 'el', 'ip')", "hippo"),
    ),
    text(
        &["levenshtein", "editdist3"],
        Scalar::Levenshtein,
        &[sig(&[TXT, TXT], BIG)],
        "Number of single-character edits between two texts.",
        ("levenshtein('kitten', 'sitting')", "3"),
    ),
    text(
        &["hamming", "mismatches"],
        Scalar::Hamming,
        &[sig(&[TXT, TXT], BIG)],
        "Number of positions at which two texts of one length differ.",
        ("hamming('abc', 'abd')", "1"),
    ),
    pattern(
        &["regexp_matches"],
        Scalar::RegexpMatches,
        MATCH,
        "Whether a regular expression matches somewhere.",
        ("regexp_matches('order 17', '[0-9]+')", "true"),
    ),
    pattern(
        &["regexp_full_match"],
        Scalar::RegexpFullMatch,
        MATCH,
        "Whether a regular expression matches the whole text.",
        ("regexp_full_match('order 17', '[0-9]+')", "false"),
    ),
    pattern(
        &["regexp_replace"],
        Scalar::RegexpReplace,
        &[sig(&[TXT, TXT, TXT], TXT), sig(&[TXT, TXT, TXT, TXT], TXT)],
        "The first match (all with 'g') of a regular expression replaced.",
        ("regexp_replace('a1b2', '[0-9]', '#', 'g')", "a#b#"),
    ),
    pattern(
        &["regexp_extract"],
        Scalar::RegexpExtract,
        &[sig(&[TXT, TXT], TXT), sig(&[TXT, TXT, BIG], TXT)],
        "The first match of a regular expression, or one of its groups.",
        ("regexp_extract('order 17', '([a-z]+) ([0-9]+)', 2)", "17"),
    ),
];
