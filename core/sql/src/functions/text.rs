//! Text and regular expressions.

use super::signature::{ANY, BIG, BOOL, DBL, Signature, TXT, many, sig};
use super::{Category, Entry, Scalar, Target};

const T1: &[Signature] = &[sig(&[TXT], TXT)];
const LEN: &[Signature] = &[sig(&[TXT], BIG)];
const TRIM: &[Signature] = &[sig(&[TXT], TXT), sig(&[TXT, TXT], TXT)];
const FIND: &[Signature] = &[sig(&[TXT, TXT], BOOL)];
const TAKE: &[Signature] = &[sig(&[TXT, BIG], TXT)];
const PAD: &[Signature] = &[sig(&[TXT, BIG, TXT], TXT)];
const NEAR: &[Signature] = &[sig(&[TXT, TXT], DBL)];
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
    text(
        &["damerau_levenshtein"],
        Scalar::DamerauLevenshtein,
        &[sig(&[TXT, TXT], BIG)],
        "Number of edits between two texts, where exchanged neighbours are one.",
        ("damerau_levenshtein('abcd', 'acbd')", "1"),
    ),
    text(
        &["jaro_similarity"],
        Scalar::Jaro,
        NEAR,
        "How alike two texts are, 0 to 1, after Jaro.",
        ("round(jaro_similarity('crate', 'trace'), 4)", "0.7333"),
    ),
    text(
        &["jaro_winkler_similarity"],
        Scalar::JaroWinkler,
        NEAR,
        "How alike two texts are, 0 to 1; a common start counts more.",
        ("round(jaro_winkler_similarity('dwayne', 'duane'), 4)", "0.84"),
    ),
    text(
        &["jaccard"],
        Scalar::Jaccard,
        NEAR,
        "Share of letters that both texts have, among those that either has.",
        ("jaccard('duck', 'luck')", "0.6"),
    ),
    text(
        &["strip_accents"],
        Scalar::StripAccents,
        T1,
        "Letters without their accents.",
        ("strip_accents('Zürich')", "Zurich"),
    ),
    text(
        &["printf"],
        Scalar::Printf,
        &[many(&[TXT, ANY], TXT), sig(&[TXT], TXT)],
        "A text with values put in by the rules of C: `%d`, `%5.2f`, `%s`.",
        ("printf('%d of %s, %.1f %%', 3, 'ten', 30.0)", "3 of ten, 30.0 %"),
    ),
    text(
        &["format"],
        Scalar::Format,
        &[many(&[TXT, ANY], TXT), sig(&[TXT], TXT)],
        "A text with values put in for `{}`; `{:,}` groups digits, `{:.2f}` rounds, `{:>8}` aligns.",
        ("format('{} of {:,}', 3, 12345)", "3 of 12,345"),
    ),
    text(
        &["md5"],
        Scalar::Md5,
        T1,
        "MD5 hash, as hexadecimal digits.",
        ("md5('abc')", "900150983cd24fb0d6963f7d28e17f72"),
    ),
    text(
        &["sha1"],
        Scalar::Sha1,
        T1,
        "SHA-1 hash, as hexadecimal digits.",
        ("sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ),
    text(
        &["sha256"],
        Scalar::Sha256,
        T1,
        "SHA-256 hash, as hexadecimal digits.",
        ("left(sha256('abc'), 16)", "ba7816bf8f01cfea"),
    ),
    text(
        &["url_encode"],
        Scalar::UrlEncode,
        T1,
        "With all but letters, digits and `-_.~` percent-encoded, as in an address.",
        ("url_encode('a b/c')", "a%20b%2Fc"),
    ),
    text(&["url_decode"], Scalar::UrlDecode, T1, "With percent encoding undone.", ("url_decode('a%20b%2Fc')", "a b/c")),
    text(&["to_base64", "base64"], Scalar::ToBase64, T1, "Base64 of the text's bytes.", ("to_base64('abc')", "YWJj")),
    text(&["from_base64"], Scalar::FromBase64, T1, "The text whose base64 this is.", ("from_base64('YWJj')", "abc")),
    text(
        &["unhex", "from_hex"],
        Scalar::Unhex,
        T1,
        "The text whose bytes these hexadecimal digits are.",
        ("unhex('616263')", "abc"),
    ),
    text(
        &["unbin", "from_binary"],
        Scalar::Unbin,
        T1,
        "The text whose bytes these binary digits are.",
        ("unbin('01100001')", "a"),
    ),
    text(
        &["parse_filename"],
        Scalar::ParseFilename,
        &[sig(&[TXT], TXT), sig(&[TXT, BOOL], TXT)],
        "The last part of a path, without its ending if so told.",
        ("parse_filename('a/b/sales.csv', true)", "sales"),
    ),
    text(
        &["parse_dirname"],
        Scalar::ParseDirname,
        T1,
        "The first folder of a path.",
        ("parse_dirname('a/b/sales.csv')", "a"),
    ),
    text(
        &["parse_dirpath"],
        Scalar::ParseDirpath,
        T1,
        "The folders of a path.",
        ("parse_dirpath('a/b/sales.csv')", "a/b"),
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
    pattern(
        &["regexp_escape"],
        Scalar::RegexpEscape,
        T1,
        "The text as a regular expression that matches it alone.",
        ("regexp_escape('a.b')", "a\\.b"),
    ),
];
