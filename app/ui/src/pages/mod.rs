//! One file per page: what stands where. Pages put components together and hand them the state and the tasks.

mod catalogue;
mod data;
mod functions;
mod home;
mod limits;
mod metric;
mod metrics;
mod missing;
mod notebook;
mod setup;
mod table;

pub(crate) use catalogue::catalogue_page;
pub(crate) use data::DataPage;
pub(crate) use functions::FunctionsPage;
pub(crate) use home::HomePage;
pub(crate) use metrics::metrics_page;
pub(crate) use missing::MissingPage;
pub(crate) use notebook::NotebookPage;
