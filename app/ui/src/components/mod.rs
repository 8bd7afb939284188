//! The parts pages are made of. They get values, signals and callbacks, and touch neither worker nor storage nor address.

mod alerts;
mod cell;
mod cell_result;
mod chart;
mod checked;
mod control;
mod data_table;
mod diagnostics;
mod draft_banner;
mod drop_zone;
mod editor;
mod filter_bar;
mod icon;
mod kpis;
mod page_head;
mod progress;
mod prose;
mod rail;
mod source_editor;
mod sql;
mod svg;
mod table_state;
mod theme_switch;
mod toolbar;

pub(crate) use alerts::Alerts;
pub(crate) use cell::Cell;
pub(crate) use diagnostics::Diagnostics;
pub(crate) use draft_banner::DraftBanner;
pub(crate) use drop_zone::{DropZone, OpenFile};
pub(crate) use filter_bar::{FilterBar, control_of};
pub(crate) use icon::{Icon, Picture};
pub(crate) use page_head::PageHead;
pub(crate) use prose::{Around, prose};
pub(crate) use rail::Rail;
pub(crate) use source_editor::SourceEditor;
