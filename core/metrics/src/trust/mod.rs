//! The automated tests of metrics: which questions they need, and what the answers say about each.
//!
//! One question serves many tests: the months of all metrics over the same tables are one query, and so are the sums over one
//! dimension of one table. Whoever runs the queries ([`questions`]) puts their rows into [`Answers`]; [`judge`] needs nothing else.

mod answers;
mod arithmetic;
mod judge;
mod questions;
mod single;

pub use answers::Answers;
pub use judge::judge;
pub use questions::{Purpose, Question, questions};
pub(crate) use questions::{asked, slices_add_up};
