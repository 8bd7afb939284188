//! Tests of the SQL front: one test program, a module a topic.

mod common;
mod completion;
mod diagnostics;
mod explained;
mod hostile;
mod output;
mod plans;
mod refused;
