//! What the tests share: values as the SQL logic tests write them, their comparison, and where the project lies.
//!
//! May use: the public faces of the core crates. Never: their internals; the code here must not repeat what it judges.

pub mod answers;
pub mod damage;
pub mod extracts;
pub mod project;
pub mod value_text;
