//! Tests of the SQL front: one test program, a module a topic.

mod common;
mod completion;
