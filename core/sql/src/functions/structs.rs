//! Structs, and lambdas over lists.

use super::signature::{ANY, FN, Signature, T, TL, TXT, many, sig};
use super::{Category, Entry, Shorthand, Target};

const fn entry(
    names: &'static [&'static str],
    target: Shorthand,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Shorthand(target),
        category: Category::List,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        &["struct_pack"],
        Shorthand::StructPack,
        &[many(&[ANY], ANY)],
        "A struct of named values: the same as `{'a': 1}`.",
        ("struct_pack(a := 1, b := 'x')", "{'a': 1, 'b': x}"),
    ),
    entry(
        &["struct_extract"],
        Shorthand::StructExtract,
        &[sig(&[ANY, TXT], ANY)],
        "The value of a name: the same as `s.a`.",
        ("struct_extract({'a': 1}, 'a')", "1"),
    ),
    entry(
        &["row"],
        Shorthand::Row,
        &[many(&[ANY], ANY)],
        "A struct of values without names: the same as `(1, 'x')`.",
        ("row(1, 'x')::varchar", "(1, x)"),
    ),
    entry(
        &["struct_insert"],
        Shorthand::StructInsert,
        &[many(&[ANY, ANY], ANY)],
        "The struct with more named values.",
        ("struct_insert({'a': 1}, b := 2)", "{'a': 1, 'b': 2}"),
    ),
    entry(
        &["struct_update"],
        Shorthand::StructUpdate,
        &[many(&[ANY, ANY], ANY)],
        "The struct with other values for some names; new names are added.",
        ("struct_update({'a': 1, 'b': 2}, b := 3)", "{'a': 1, 'b': 3}"),
    ),
    entry(
        &["struct_concat"],
        Shorthand::StructConcat,
        &[many(&[ANY], ANY)],
        "The names and values of several structs.",
        ("struct_concat({'a': 1}, {'b': 2})", "{'a': 1, 'b': 2}"),
    ),
    entry(
        &["list_transform", "list_apply", "array_transform", "array_apply", "apply"],
        Shorthand::ListTransform,
        &[sig(&[TL, FN], TL)],
        "What a lambda makes of each element; a second parameter is its place. The same as `[x + 1 for x in list]`.",
        ("list_transform([1, 2, 3], x -> x * x)", "[1, 4, 9]"),
    ),
    entry(
        &["list_filter", "array_filter", "filter"],
        Shorthand::ListFilter,
        &[sig(&[TL, FN], TL)],
        "The elements for which a lambda is true. The same as `[x for x in list if x > 1]`.",
        ("list_filter([1, 2, 3], x -> x > 1)", "[2, 3]"),
    ),
    entry(
        &["list_reduce", "array_reduce", "reduce"],
        Shorthand::ListReduce,
        &[sig(&[TL, FN], T), sig(&[TL, FN, T], T)],
        "One value from all elements: a lambda of what there is so far and the next element, perhaps with something to begin with.",
        ("list_reduce([1, 2, 3], (a, b) -> a + b)", "6"),
    ),
];
