//! Damaged Parquet files: good ones of many kinds, and everything that can go wrong with one, applied by operators. The same files
//! on every machine, so that a case that fails can be asked for again by its name.
//!
//! `cargo run -p almanac-tests -- damage <folder> <count>` writes some of them for the browser tests.

pub mod file;
pub mod footer;
pub mod good;
pub mod large;
pub mod operators;
pub mod pages;
pub mod thrift;

use crate::extracts::Random;
use bytes::Bytes;
pub use good::Good;

/// A damaged file.
#[derive(Debug, Clone)]
pub struct Case {
    /// The good file's name, the operator's, and what it did.
    pub name: String,
    /// The file.
    pub bytes: Bytes,
}

/// Calls `look` with every case made of a good file: each operator's, and of those that would be many some that its name chooses.
pub fn each_case(good: &Good, mut look: impl FnMut(Case)) {
    let Some(file) = file::File::read(&good.bytes) else { return };
    for (operator, most, all_of) in operators::ALL {
        let mut damaged = all_of(&file);
        let seed = good.name.bytes().chain(operator.bytes()).fold(7, |sum, byte| sum * 31 % 65_521 + u64::from(byte));
        let mut random = Random::new(seed);
        while damaged.len() > *most {
            drop(damaged.swap_remove(random.below(damaged.len())));
        }
        for (what, make) in damaged {
            look(Case { name: format!("{}/{operator}/{what}", good.name), bytes: make().into() });
        }
    }
}

/// About `count` of all cases, some of each kind, with the files they were made of.
#[must_use]
pub fn sample(count: usize) -> Vec<(Good, Case)> {
    let goods = good::all();
    let mut all = 0;
    goods.iter().for_each(|good| each_case(good, |_| all += 1));
    let step = all / count.max(1) + 1;
    let (mut at, mut out) = (0, Vec::new());
    for good in &goods {
        each_case(good, |case| {
            if at % step == 0 {
                out.push((good.clone(), case));
            }
            at += 1;
        });
    }
    out
}
