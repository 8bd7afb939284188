//! Functions that choose between values.

use super::signature::{ANY, BOOL, Signature, T, TXT, many, sig};
use super::{Category, Entry, Scalar, Shorthand, Target};

const fn entry(
    names: &'static [&'static str],
    target: Target,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target,
        category: Category::Conditional,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        &["coalesce", "ifnull"],
        Target::Scalar(Scalar::Coalesce),
        &[many(&[T], T)],
        "The first argument that is not NULL.",
        ("coalesce(null, 3)", "3"),
    ),
    entry(
        &["nullif"],
        Target::Shorthand(Shorthand::NullIf),
        &[sig(&[T, T], T)],
        "NULL when both are equal, else the first.",
        ("nullif(1, 1)", "NULL"),
    ),
    entry(
        &["if", "iff"],
        Target::Shorthand(Shorthand::If),
        &[sig(&[BOOL, T, T], T)],
        "The second argument when the first is true, else the third.",
        ("if(2 > 1, 'yes', 'no')", "yes"),
    ),
    entry(
        &["greatest"],
        Target::Scalar(Scalar::Greatest),
        &[many(&[T], T)],
        "The largest argument, NULLs left out.",
        ("greatest(1, 3, null)", "3"),
    ),
    entry(
        &["least"],
        Target::Scalar(Scalar::Least),
        &[many(&[T], T)],
        "The smallest argument, NULLs left out.",
        ("least(1, 3, null)", "1"),
    ),
    entry(
        &["constant_or_null"],
        Target::Scalar(Scalar::ConstantOrNull),
        &[many(&[ANY, ANY], ANY)],
        "The first argument, or NULL where any other is NULL.",
        ("constant_or_null('yes', 1)", "yes"),
    ),
    entry(
        &["typeof"],
        Target::Shorthand(Shorthand::TypeOf),
        &[sig(&[ANY], TXT)],
        "The name of the argument's type.",
        ("typeof(1 / 2)", "DOUBLE"),
    ),
];
