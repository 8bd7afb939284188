//! The parts of the set-up, for the commands that need them.

use crate::failure::Failure;
use crate::project::Project;
use crate::{toolchain, tools};

/// A compiler for the browser: Rust's and, for zstd, C's.
pub(crate) fn compiler(project: &Project) -> Result<(), Failure> {
    toolchain::set_up(project)?;
    tools::clang(project)
}

/// wasm-bindgen and trunk.
pub(crate) fn programs(project: &Project) -> Result<(), Failure> {
    tools::wasm_bindgen(project)?;
    tools::trunk(project)
}

/// Everything a build of the site runs.
pub(crate) fn tools(project: &Project) -> Result<(), Failure> {
    compiler(project)?;
    programs(project)
}

/// The npm packages of the editor, the demo data and the browser tests.
pub(crate) fn packages(project: &Project) -> Result<(), Failure> {
    tools::npm(project, "npm packages", &project.root)
}
