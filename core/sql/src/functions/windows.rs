//! Functions of a row's place in its window.

use super::signature::{BIG, DBL, Signature, T, sig};
use super::{Category, Entry, Target, Window};

const NUMBER: &[Signature] = &[sig(&[], BIG)];
const SHARE: &[Signature] = &[sig(&[], DBL)];
const OFFSET: &[Signature] = &[sig(&[T], T), sig(&[T, BIG], T), sig(&[T, BIG, T], T)];

const fn entry(
    names: &'static [&'static str],
    function: Window,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Window(function),
        category: Category::Window,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        &["row_number"],
        Window::RowNumber,
        NUMBER,
        "Number of the row in its window, from 1.",
        ("select row_number() over (order by x) from (values (5), (7)) t(x) order by 1 desc limit 1", "2"),
    ),
    entry(
        &["rank"],
        Window::Rank,
        NUMBER,
        "Place; equal rows share one, and gaps follow.",
        ("select rank() over (order by x) from (values (5), (5), (7)) t(x) order by 1 desc limit 1", "3"),
    ),
    entry(
        &["dense_rank", "rank_dense"],
        Window::DenseRank,
        NUMBER,
        "Place; equal rows share one, without gaps.",
        ("select dense_rank() over (order by x) from (values (5), (5), (7)) t(x) order by 1 desc limit 1", "2"),
    ),
    entry(
        &["percent_rank"],
        Window::PercentRank,
        SHARE,
        "Place from 0 to 1.",
        (
            "select percent_rank() over (order by x) from (values (5), (6), (7)) t(x) where x < 9 order by 1 limit 1 offset 1",
            "0.5",
        ),
    ),
    entry(
        &["cume_dist"],
        Window::CumeDist,
        SHARE,
        "Share of rows up to and with this one.",
        ("select cume_dist() over (order by x) from (values (5), (6)) t(x) order by 1 limit 1", "0.5"),
    ),
    entry(
        &["ntile"],
        Window::Ntile,
        &[sig(&[BIG], BIG)],
        "Bucket of so many of nearly equal size, from 1.",
        ("select ntile(2) over (order by x) from (values (5), (6), (7)) t(x) order by 1 desc limit 1", "2"),
    ),
    entry(
        &["lag"],
        Window::Lag,
        OFFSET,
        "The value one row, or so many rows, before.",
        ("select lag(x) over (order by x) from (values (5), (7)) t(x) order by x desc limit 1", "5"),
    ),
    entry(
        &["lead"],
        Window::Lead,
        OFFSET,
        "The value one row, or so many rows, after.",
        ("select lead(x) over (order by x) from (values (5), (7)) t(x) order by x limit 1", "7"),
    ),
    entry(
        &["first_value"],
        Window::FirstValue,
        &[sig(&[T], T)],
        "The value of the frame's first row.",
        ("select first_value(x) over (order by x) from (values (5), (7)) t(x) order by x desc limit 1", "5"),
    ),
    entry(
        &["last_value"],
        Window::LastValue,
        &[sig(&[T], T)],
        "The value of the frame's last row.",
        ("select last_value(x) over () from (select 5 as x)", "5"),
    ),
    entry(
        &["nth_value"],
        Window::NthValue,
        &[sig(&[T, BIG], T)],
        "The value of the frame's n-th row.",
        ("select nth_value(x, 2) over (order by x) from (values (5), (7)) t(x) order by x desc limit 1", "7"),
    ),
];
