//! The tables of the db-benchmark (<https://github.com/duckdblabs/db-benchmark>, `_data/*.R`), in its shapes and proportions,
//! from a generator of our own: `x` of the group-by questions, its variant with NULLs, and `x`, `small`, `medium` and `big` of the
//! join questions.

use super::random::Random;
use super::tables::Table;
use arrow_array::{ArrayRef, Float64Array, Int32Array, StringArray};
use std::sync::Arc;

/// Groups of the small keys.
const GROUPS: usize = 100;

/// `x` and `x_nulls`: three text keys and three number keys, two whole numbers and a float to add up. In `x_nulls` one value
/// in twenty is NULL, keys included.
pub(super) fn groupby(rows: usize) -> Vec<Table> {
    vec![grouped("x", rows, 0), grouped("x_nulls", rows, 20)]
}

fn grouped(name: &'static str, rows: usize, null_once_in: usize) -> Table {
    let mut random = Random::new(1);
    let mut numbers = |end: usize| -> Vec<Option<usize>> {
        (0..rows)
            .map(|_| {
                let number = 1 + random.below(end);
                (null_once_in == 0 || !random.once_in(null_once_in)).then_some(number)
            })
            .collect()
    };
    let many = rows / GROUPS;
    let columns = vec![
        ("id1", texts(&numbers(GROUPS), 3)),
        ("id2", texts(&numbers(GROUPS), 3)),
        ("id3", texts(&numbers(many), 10)),
        ("id4", whole(&numbers(GROUPS))),
        ("id5", whole(&numbers(GROUPS))),
        ("id6", whole(&numbers(many))),
        ("v1", whole(&numbers(5))),
        ("v2", whole(&numbers(15))),
        // Six decimals below 100.
        ("v3", parts(&numbers(100_000_000))),
    ];
    Table::new(name, columns)
}

/// `x` and three tables to look it up in, each ten thousand, a hundred or one times smaller. A tenth of the keys of each side
/// has no partner on the other.
pub(super) fn join(rows: usize) -> Vec<Table> {
    let mut random = Random::new(2);
    let small = Keys::new(&mut random, (rows / 10_000).max(10));
    let medium = Keys::new(&mut random, rows / 100);
    let big = Keys::new(&mut random, rows);
    let mut value = || Some(1 + random.below(100_000_000));
    let x_values: Vec<_> = (0..rows).map(|_| value()).collect();
    let small_values: Vec<_> = small.right.iter().map(|_| value()).collect();
    let medium_values: Vec<_> = medium.right.iter().map(|_| value()).collect();
    let big_values: Vec<_> = big.right.iter().map(|_| value()).collect();
    let x = [drawn(&mut random, &small.left, rows), drawn(&mut random, &medium.left, rows), big.left.clone()];
    let of_medium = drawn(&mut random, &small.right, medium.right.len());
    let of_big =
        [drawn(&mut random, &small.right, big.right.len()), drawn(&mut random, &medium.right, big.right.len())];
    vec![
        Table::new(
            "x",
            vec![
                ("id1", whole(&x[0])),
                ("id2", whole(&x[1])),
                ("id3", whole(&x[2])),
                ("id4", texts(&x[0], 0)),
                ("id5", texts(&x[1], 0)),
                ("id6", texts(&x[2], 0)),
                ("v1", parts(&x_values)),
            ],
        ),
        Table::new(
            "small",
            vec![("id1", whole(&small.right)), ("id4", texts(&small.right, 0)), ("v2", parts(&small_values))],
        ),
        Table::new(
            "medium",
            vec![
                ("id1", whole(&of_medium)),
                ("id2", whole(&medium.right)),
                ("id4", texts(&of_medium, 0)),
                ("id5", texts(&medium.right, 0)),
                ("v2", parts(&medium_values)),
            ],
        ),
        Table::new(
            "big",
            vec![
                ("id1", whole(&of_big[0])),
                ("id2", whole(&of_big[1])),
                ("id3", whole(&big.right)),
                ("id4", texts(&of_big[0], 0)),
                ("id5", texts(&of_big[1], 0)),
                ("id6", texts(&big.right, 0)),
                ("v2", parts(&big_values)),
            ],
        ),
    ]
}

/// Keys of both sides of a join: nine tenths are on both.
struct Keys {
    left: Vec<Option<usize>>,
    right: Vec<Option<usize>>,
}

impl Keys {
    fn new(random: &mut Random, count: usize) -> Self {
        let alone = (count / 10).max(1);
        let mut all: Vec<Option<usize>> = (1..=count + alone).map(Some).collect();
        random.shuffle(&mut all);
        let mut left = all[..count].to_vec();
        let mut right = all[alone..].to_vec();
        random.shuffle(&mut left);
        random.shuffle(&mut right);
        Self { left, right }
    }
}

fn drawn(random: &mut Random, keys: &[Option<usize>], rows: usize) -> Vec<Option<usize>> {
    (0..rows).map(|_| *random.one_of(keys)).collect()
}

fn whole(values: &[Option<usize>]) -> ArrayRef {
    Arc::new(values.iter().map(|value| value.and_then(|value| i32::try_from(value).ok())).collect::<Int32Array>())
}

fn texts(values: &[Option<usize>], digits: usize) -> ArrayRef {
    Arc::new(values.iter().map(|value| value.map(|value| format!("id{value:0digits$}"))).collect::<StringArray>())
}

fn parts(values: &[Option<usize>]) -> ArrayRef {
    Arc::new(values.iter().map(|value| value.map(|value| value as f64 / 1e6)).collect::<Float64Array>())
}
