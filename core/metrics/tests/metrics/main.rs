//! The metric layer over the site's own catalogue and the columns of the company's extracts.

mod catalogue;
mod common;
mod dialects;
mod questions;
mod refused;
mod text;
mod trust;
