//! Lists and structs.

use almanac_model::{ListType, Type};

use super::signature::{ANY, BIG, BOOL, DBL, Signature, T, TL, TXT, many, sig};
use super::{Category, Entry, Nested, Param, Scalar, Shorthand, Target};

const TEXTS: Param = Param::Is(Type::List(ListType::of(&Type::Varchar)));
const BIGS: Param = Param::Is(Type::List(ListType::of(&Type::BigInt)));
const DOUBLES: Param = Param::Is(Type::List(ListType::of(&Type::Double)));
const BOOLS: Param = Param::Is(Type::List(ListType::of(&Type::Boolean)));

const SAME: &[Signature] = &[sig(&[TL], TL)];
const ELEMENTS: &[Signature] = &[sig(&[TL], ANY)];
const FIND: &[Signature] = &[sig(&[TL, T], BOOL)];
const BOTH: &[Signature] = &[sig(&[TL, TL], BOOL)];
const VECTORS: &[Signature] = &[sig(&[DOUBLES, DOUBLES], DBL)];
const SERIES: &[Signature] = &[sig(&[BIG], BIGS), sig(&[BIG, BIG], BIGS), sig(&[BIG, BIG, BIG], BIGS)];

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

/// An aggregate over a list; its signature is the aggregate's.
const fn of_aggregate(
    names: &'static [&'static str],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    entry(names, Target::Shorthand(Shorthand::ListAggregate), ELEMENTS, description, example)
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
        "Whole numbers up to the end, which is left out; in FROM, a table of them.",
        ("range(1, 4)", "[1, 2, 3]"),
    ),
    list(
        &["generate_series"],
        Nested::Series,
        SERIES,
        "Whole numbers up to and with the end; in FROM, a table of them.",
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
        &["list_aggregate", "list_aggr", "array_aggregate", "array_aggr"],
        Target::Shorthand(Shorthand::ListAggregate),
        &[sig(&[TL, TXT], ANY), many(&[TL, TXT, ANY], ANY)],
        "An aggregate over the elements, by its name.",
        ("list_aggregate(['b', 'a'], 'string_agg', '-')", "b-a"),
    ),
    of_aggregate(&["list_sum"], "Sum of the elements.", ("list_sum([1, 2, null])", "3")),
    of_aggregate(&["list_avg"], "Mean of the elements.", ("list_avg([1, 2])", "1.5")),
    of_aggregate(&["list_min"], "Smallest element.", ("list_min([3, 1])", "1")),
    of_aggregate(&["list_max"], "Largest element.", ("list_max([3, 1])", "3")),
    of_aggregate(&["list_count"], "Number of elements that are not NULL.", ("list_count([1, null])", "1")),
    of_aggregate(&["list_first"], "First element.", ("list_first([3, 1])", "3")),
    of_aggregate(&["list_last"], "Last element.", ("list_last([3, 1])", "1")),
    of_aggregate(&["list_any_value"], "First element that is not NULL.", ("list_any_value([null, 1])", "1")),
    of_aggregate(&["list_median"], "Middle element, interpolated.", ("list_median([1, 2, 5])", "2.0")),
    of_aggregate(&["list_mode"], "Most frequent element.", ("list_mode([1, 2, 2])", "2")),
    of_aggregate(&["list_product"], "Product of the elements.", ("list_product([2, 3])", "6.0")),
    of_aggregate(
        &["list_stddev_samp"],
        "Standard deviation of the elements, as a sample.",
        ("list_stddev_samp([1, 2, 3])", "1.0"),
    ),
    of_aggregate(&["list_var_samp"], "Variance of the elements, as a sample.", ("list_var_samp([1, 2, 3])", "1.0")),
    of_aggregate(&["list_string_agg"], "The elements joined with commas.", ("list_string_agg(['a', 'b'])", "a,b")),
    of_aggregate(&["list_bool_and"], "Whether all elements are true.", ("list_bool_and([true, false])", "false")),
    of_aggregate(&["list_bool_or"], "Whether any element is true.", ("list_bool_or([true, false])", "true")),
    entry(
        &["unnest"],
        Target::Shorthand(Shorthand::Unnest),
        &[sig(&[TL], T)],
        "A row for each element of a list, in the SELECT list or in FROM.",
        ("select sum(x) from unnest([1, 2, 3]) t(x)", "6"),
    ),
    entry(
        &["struct_pack"],
        Target::Shorthand(Shorthand::StructPack),
        &[many(&[ANY], ANY)],
        "A struct of named values: the same as `{'a': 1}`.",
        ("struct_pack(a := 1, b := 'x')", "{'a': 1, 'b': x}"),
    ),
    entry(
        &["struct_extract"],
        Target::Shorthand(Shorthand::StructExtract),
        &[sig(&[ANY, TXT], ANY)],
        "The value of a name: the same as `s.a`.",
        ("struct_extract({'a': 1}, 'a')", "1"),
    ),
];
