//! What the reader can do: one file per action. Only these touch the worker, storage and the address.

mod adopt;
mod ask_editor;
mod catalogue;
mod edit;
mod files;
mod functions;
mod inputs;
mod navigate;
mod open_notebook;
mod read;
mod rows;
mod run;
mod settings;
mod share;
mod site;

pub(crate) use ask_editor::{check, complete};
pub(crate) use catalogue::{ask_metric, choose, load_listing, show_made, type_search};
pub(crate) use edit::{discard, download_draft, finish_source, revert_cell, run_cell, type_cell, type_source};
pub(crate) use files::{close_file, open_files, query_table};
pub(crate) use functions::{load_functions, try_function, try_query};
pub(crate) use inputs::{reset_inputs, set_input};
pub(crate) use navigate::watch_address;
pub(crate) use open_notebook::SCRATCH;
pub(crate) use rows::{copy_rows, export_csv, fetch_rows};
pub(crate) use run::{allow, hold, retry, set_width, stop};
pub(crate) use settings::{
    Bound, load_kept, set_bound, set_deadline, set_theme, stored_deadline, stored_limits, stored_theme,
};
pub(crate) use share::{copy_link, copy_text};
pub(crate) use site::load_site;
