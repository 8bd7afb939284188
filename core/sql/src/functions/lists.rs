//! Lists and structs.

use almanac_model::{ListType, Type};

use super::signature::{ANY, BIG, BOOL, DBL, IVL, Signature, T, TL, TS, TXT, many, sig};
use super::{Category, Entry, Nested, Param, Scalar, Shorthand, Target};

const TEXTS: Param = Param::Is(Type::List(ListType::of(&Type::Varchar)));
const BIGS: Param = Param::Is(Type::List(ListType::of(&Type::BigInt)));
const DOUBLES: Param = Param::Is(Type::List(ListType::of(&Type::Double)));
const BOOLS: Param = Param::Is(Type::List(ListType::of(&Type::Boolean)));

const SAME: &[Signature] = &[sig(&[TL], TL)];
const FIND: &[Signature] = &[sig(&[TL, T], BOOL)];
const BOTH: &[Signature] = &[sig(&[TL, TL], BOOL)];
const VECTORS: &[Signature] = &[sig(&[DOUBLES, DOUBLES], DBL)];
const SERIES: &[Signature] = &[
    sig(&[BIG], BIGS),
    sig(&[BIG, BIG], BIGS),
    sig(&[BIG, BIG, BIG], BIGS),
    sig(&[TS, TS, IVL], Param::Is(Type::List(ListType::of(&Type::Timestamp)))),
];

const fn entry(
    names: &'static [&'static str],
    target: Target,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry { names, target, category: Category::List, signatures, description, example: example.0, answer: example.1 }
}

const fn list(
    names: &'static [&'static str],
    function: Nested,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    entry(names, Target::Scalar(Scalar::Nested(function)), signatures, description, example)
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    list(
        &["list_value", "list_pack"],
        Nested::List,
        &[many(&[T], TL), sig(&[], TL)],
        "A list of the arguments: the same as `[1, 2]`.",
        ("list_value(1, 2, null)", "[1, 2, NULL]"),
    ),
    list(
        &["list_extract", "list_element", "array_extract"],
        Nested::Element,
        &[sig(&[TL, BIG], T)],
        "The element at a place, from 1, from the end when negative: the same as `x[1]`.",
        ("list_extract(['a', 'b'], -1)", "b"),
    ),
    list(
        &["list_slice", "array_slice"],
        Nested::Slice,
        &[sig(&[TL, BIG, BIG], TL), sig(&[TL, BIG, BIG, BIG], TL)],
        "The elements from one place to another: the same as `x[2:3]`.",
        ("list_slice([1, 2, 3, 4], 2, 3)", "[2, 3]"),
    ),
    list(
        &["array_length", "len", "length"],
        Nested::Length,
        &[sig(&[TL], BIG)],
        "Number of elements.",
        ("len([1, 2, null])", "3"),
    ),
    list(
        &["list_contains", "list_has", "array_contains", "array_has", "contains"],
        Nested::Contains,
        FIND,
        "Whether a value is among the elements.",
        ("list_contains([1, 2], 2)", "true"),
    ),
    list(
        &["list_position", "list_indexof", "array_position", "array_indexof"],
        Nested::Position,
        &[sig(&[TL, T], BIG)],
        "Where a value first is, from 1; NULL for nowhere.",
        ("list_position(['a', 'b'], 'b')", "2"),
    ),
    list(
        &["list_has_any", "array_has_any"],
        Nested::HasAny,
        BOTH,
        "Whether an element of the second list is in the first.",
        ("list_has_any([1, 2], [2, 3])", "true"),
    ),
    list(
        &["list_has_all", "array_has_all"],
        Nested::HasAll,
        BOTH,
        "Whether all elements of the second list are in the first.",
        ("list_has_all([1, 2], [2, 3])", "false"),
    ),
    list(
        &["list_sort", "array_sort"],
        Nested::Sort,
        &[sig(&[TL], TL), sig(&[TL, TXT], TL), sig(&[TL, TXT, TXT], TL)],
        "The elements in order, NULLs last; `'DESC'` and `'NULLS FIRST'` say otherwise.",
        ("list_sort([3, 1, null, 2])", "[1, 2, 3, NULL]"),
    ),
    list(
        &["list_reverse_sort", "array_reverse_sort"],
        Nested::ReverseSort,
        &[sig(&[TL], TL), sig(&[TL, TXT], TL)],
        "The elements in reverse order, NULLs last.",
        ("list_reverse_sort([3, 1, null, 2])", "[3, 2, 1, NULL]"),
    ),
    list(
        &["list_distinct", "array_distinct"],
        Nested::Distinct,
        SAME,
        "Each element once, NULLs left out; the order is not told.",
        ("list_sort(list_distinct([1, 1, 2, null]))", "[1, 2]"),
    ),
    list(
        &["list_unique", "array_unique"],
        Nested::Unique,
        &[sig(&[TL], BIG)],
        "Number of different elements, NULLs left out.",
        ("list_unique([1, 1, 2, null])", "2"),
    ),
    list(
        &["list_reverse", "array_reverse"],
        Nested::Reverse,
        SAME,
        "The elements backwards.",
        ("list_reverse([1, 2, 3])", "[3, 2, 1]"),
    ),
    list(
        &["list_concat", "list_cat", "array_concat", "array_cat"],
        Nested::Concat,
        &[many(&[TL, TL], TL)],
        "Lists one after the other: the same as `||`.",
        ("list_concat([1], [2, 3])", "[1, 2, 3]"),
    ),
    list(
        &["list_append", "array_append", "array_push_back"],
        Nested::Append,
        &[sig(&[TL, T], TL)],
        "The list with an element at the end.",
        ("list_append([1], 2)", "[1, 2]"),
    ),
    list(
        &["list_prepend", "array_prepend"],
        Nested::Prepend,
        &[sig(&[T, TL], TL)],
        "The list with an element at the start.",
        ("list_prepend(0, [1])", "[0, 1]"),
    ),
    list(
        &["list_select", "array_select"],
        Nested::Select,
        &[sig(&[TL, BIGS], TL)],
        "The elements at these places.",
        ("list_select(['a', 'b', 'c'], [3, 1])", "[c, a]"),
    ),
    list(
        &["list_where", "array_where"],
        Nested::Where,
        &[sig(&[TL, BOOLS], TL)],
        "The elements where the second list is true.",
        ("list_where([1, 2, 3], [true, false, true])", "[1, 3]"),
    ),
    list(
        &["list_resize", "array_resize"],
        Nested::Resize,
        &[sig(&[TL, BIG], TL), sig(&[TL, BIG, T], TL)],
        "The list cut or filled up to a length.",
        ("list_resize([1, 2], 3, 0)", "[1, 2, 0]"),
    ),
    list(
        &["list_intersect", "array_intersect"],
        Nested::Intersect,
        &[sig(&[TL, TL], TL)],
        "Elements that are in both lists, each once; the order is not told.",
        ("list_sort(list_intersect([1, 2, 2, 3], [2, 3, 4]))", "[2, 3]"),
    ),
    list(
        &["array_to_string"],
        Nested::Join,
        &[sig(&[TL, TXT], TXT)],
        "The elements as one text with a separator between them, NULLs left out.",
        ("array_to_string(['a', null, 'b'], '-')", "a-b"),
    ),
    list(
        &["range"],
        Nested::Range,
        SERIES,
        "Whole numbers, or points in time, up to the end, which is left out; in FROM, a table of them.",
        ("range(1, 4)", "[1, 2, 3]"),
    ),
    list(
        &["generate_series"],
        Nested::Series,
        SERIES,
        "Whole numbers, or points in time, up to and with the end; in FROM, a table of them.",
        ("generate_series(1, 3)", "[1, 2, 3]"),
    ),
    list(
        &["string_split", "str_split", "string_to_array", "split"],
        Nested::Split,
        &[sig(&[TXT, TXT], TEXTS)],
        "The parts of a text between separators.",
        ("string_split('a,b', ',')", "[a, b]"),
    ),
    list(
        &["regexp_split_to_array", "string_split_regex", "str_split_regex"],
        Nested::SplitPattern,
        &[sig(&[TXT, TXT], TEXTS)],
        "The parts of a text between matches of a regular expression.",
        ("regexp_split_to_array('a1b22c', '[0-9]+')", "[a, b, c]"),
    ),
    list(
        &["regexp_extract_all"],
        Nested::ExtractAll,
        &[sig(&[TXT, TXT], TEXTS), sig(&[TXT, TXT, BIG], TEXTS)],
        "All matches of a regular expression, or of one of its groups.",
        ("regexp_extract_all('a1b2', '[0-9]')", "[1, 2]"),
    ),
    list(
        &["list_dot_product", "list_inner_product"],
        Nested::DotProduct,
        VECTORS,
        "Sum of the products of two lists of one length.",
        ("list_dot_product([1, 2], [3, 4])", "11.0"),
    ),
    list(
        &["list_distance"],
        Nested::Distance,
        VECTORS,
        "Euclidean distance of two lists of one length.",
        ("list_distance([1, 2], [4, 6])", "5.0"),
    ),
    list(
        &["list_cosine_similarity"],
        Nested::Cosine,
        VECTORS,
        "Cosine of the angle between two lists of one length.",
        ("list_cosine_similarity([1, 0], [2, 0])", "1.0"),
    ),
    entry(
        &["unnest"],
        Target::Shorthand(Shorthand::Unnest),
        &[sig(&[TL], T)],
        "A row for each element of a list, in the SELECT list or in FROM.",
        ("select sum(x) from unnest([1, 2, 3]) t(x)", "6"),
    ),
    entry(
        &["flatten"],
        Target::Shorthand(Shorthand::Flatten),
        &[sig(&[ANY], ANY)],
        "The elements of lists inside of a list, one after the other.",
        ("flatten([[1, 2], [], [3]])", "[1, 2, 3]"),
    ),
    entry(
        &["list_zip", "array_zip"],
        Target::Shorthand(Shorthand::ListZip),
        &[many(&[TL], ANY), sig(&[TL, TL, BOOL], ANY)],
        "The first elements of lists as a struct, the second ones, …; NULL where a list is shorter, or with `true` no longer than the shortest.",
        ("list_zip([1, 2], ['a', 'b'])::varchar", "[(1, a), (2, b)]"),
    ),
    entry(
        &["array_pop_back"],
        Target::Shorthand(Shorthand::PopBack),
        SAME,
        "All elements but the last.",
        ("array_pop_back([1, 2, 3])", "[1, 2]"),
    ),
    entry(
        &["array_pop_front"],
        Target::Shorthand(Shorthand::PopFront),
        SAME,
        "All elements but the first.",
        ("array_pop_front([1, 2, 3])", "[2, 3]"),
    ),
];
