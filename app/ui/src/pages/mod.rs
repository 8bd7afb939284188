//! One file per page: what stands where. Pages put components together and hand them the state and the tasks.

mod data;
mod functions;
mod home;
mod limits;
mod missing;
mod notebook;
mod setup;

pub(crate) use data::DataPage;
pub(crate) use functions::FunctionsPage;
pub(crate) use home::HomePage;
pub(crate) use missing::MissingPage;
pub(crate) use notebook::NotebookPage;
