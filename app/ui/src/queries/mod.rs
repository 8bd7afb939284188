//! What follows from the state: pure functions without effects, tested natively.

mod cell_text;
mod export;
mod links;
mod made;
mod offsets;
mod rows;
mod tables;
mod words;

pub(crate) use cell_text::{with_cells, with_new_cell};
pub(crate) use export::tab_separated;
pub(crate) use links::{Target, target};
pub(crate) use made::{has_profile, identifier, metric_notebook, table_notebook};
pub(crate) use offsets::{byte_of_utf16, line_and_column, utf16_of_byte};
pub(crate) use rows::{Layout, ROW_HEIGHT, Window};
pub(crate) use tables::{column_widths, table_name};
pub(crate) use words::{bytes, cost_words, count, data_date, day, digits, skipped_words};
