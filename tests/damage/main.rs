//! Damaged Parquet files, thousands of them: each ends in an answer or a diagnostic, within its time and its memory and without a
//! panic, and afterwards the same engine answers. Both as dropped files and as published extracts, read by ranges.

mod host;
mod judge;
mod memory;
mod ten_million;

use almanac_tests::damage::{each_case, good, large};
use judge::{Judge, Summary};

#[global_allocator]
static COUNTING: memory::Counting = memory::Counting;

/// Judges every case of a good file; gives how many there are.
fn all_of(name: &str) -> usize {
    let good = good::all().into_iter().find(|good| good.name == name).expect("a good file of that name");
    let mut judge = Judge::new(&good);
    judge.must_answer();
    let mut count = 0;
    each_case(&good, |case| {
        judge.look_at(count, &case);
        count += 1;
    });
    eprintln!("{}", judge.summary());
    assert_eq!(judge.summary().failures, Vec::<String>::new());
    count
}

macro_rules! kinds {
    ($($test:ident = $name:literal, at least $count:literal;)*) => {
        $(
            #[test]
            fn $test() {
                let count = all_of($name);
                assert!(count >= $count, "only {count} cases");
            }
        )*

        #[test]
        fn every_kind_has_a_test() {
            let named = [$($name),*];
            let all: Vec<&str> = good::all().iter().map(|good| good.name).collect();
            assert_eq!(all, named);
            assert!([$($count),*].into_iter().sum::<usize>() >= 5_000);
        }
    };
}

kinds! {
    plain = "plain", at least 480;
    dictionary = "dictionary", at least 480;
    open_dictionary = "open dictionary", at least 480;
    second_version = "second version", at least 480;
    deltas = "deltas", at least 480;
    packed_deltas = "packed deltas", at least 480;
    times = "times", at least 480;
    decimals = "decimals", at least 480;
    nested = "nested", at least 480;
    no_rows = "no rows", at least 200;
    paged = "paged", at least 480;
}

#[test]
fn large_claims() {
    let small = good::all().into_iter().find(|good| good.name == "plain").expect("a good file of that name");
    let mut judge = Judge::new(&small);
    for case in large::cases() {
        judge.drop_it(&case);
    }
    let Summary { failures, .. } = judge.summary();
    assert_eq!(*failures, Vec::<String>::new());
    for (case, outcome) in [
        ("10000 columns", "answered"),
        ("10000 row groups", "answered"),
        ("extreme values", "answered"),
        ("seven bytes", "damaged-file"),
        ("100000 levels", "damaged-file"),
        ("rows beyond counting", "over-budget"),
        ("a text of 100 MiB", "over-budget"),
        ("gigabytes of shared beginnings", "damaged-file"),
        ("texts that are none", "damaged-file"),
    ] {
        assert_eq!(judge.outcome(&format!("large/{case}")), Some(outcome), "{case}");
    }
}

/// Ten million rows in a file of half a megabyte, with a gigabyte for them: all that is asked is answered or refused in words.
#[test]
fn ten_million_rows() {
    let file = large::ten_million_rows().expect("a file that can be written");
    let words = ten_million::outcomes(file);
    assert_eq!(words["select count(*), sum(n), max(t) from t"], "answered");
    assert_eq!(words["select * from t order by x, n"], "over-budget");
    assert!(words.values().all(|word| word == "answered" || word == "over-budget"), "{words:?}");
}
