//! What the tests share: values as the SQL logic tests write them, their comparison, and the site's files on disk.
//!
//! May use: the public faces of the core crates. Never: their internals; the code here must not repeat what it judges.

pub mod answers;
pub mod disk;
pub mod notebook_run;
pub mod value_text;
