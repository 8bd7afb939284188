//! `cargo build` that survives a damaged target folder: a run that was killed, or a compiler that changed under the same version,
//! leaves products that cargo takes for fresh and rustc cannot read.

use crate::failure::{AtPath, Failure};
use crate::process::{Ended, must, run};
use crate::project::Project;
use crate::report::Note;
use std::path::Path;
use std::process::Command;

/// What rustc says of a compiled crate that is not there, is of another compiler or another build, or cannot be read.
const DAMAGE: [&str; 5] = ["error[E0460]", "error[E0461]", "error[E0463]", "error[E0514]", "error[E0786]"];

/// Runs `command`; where products in `folder` of the target folder turn out to be unreadable, has all of them compiled anew.
/// A mistake in the code that looks the same fails the second time, after a longer wait.
pub(crate) fn build(
    project: &Project,
    command: impl Fn() -> Command,
    name: &str,
    folder: &Path,
    note: &Note,
) -> Result<(), Failure> {
    let ended = run(command(), name, &project.logs(), note)?;
    if ended.success {
        return Ok(());
    }
    // Without them cargo takes nothing for fresh and writes every product anew.
    let fingerprints = project.target.join(folder).join(".fingerprint");
    if !damaged(&ended) || !fingerprints.is_dir() {
        return Err(ended.failure(name));
    }
    note.doing("compiled before, but not readable: compiling anew");
    std::fs::remove_dir_all(&fingerprints).at(&fingerprints)?;
    must(command(), name, &project.logs(), note).map(|_| ())
}

fn damaged(ended: &Ended) -> bool {
    ended.lines.iter().any(|line| DAMAGE.iter().any(|code| line.starts_with(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(line: &str) -> Ended {
        Ended { success: false, lines: vec!["   Compiling a v1.0.0".into(), line.into()], log: "log".into() }
    }

    #[test]
    fn a_crate_that_cannot_be_read_is_damage_and_a_slip_of_the_pen_is_not() {
        assert!(damaged(&ended("error[E0463]: can't find crate for `serde`")));
        assert!(damaged(&ended("error[E0514]: found crate `serde` compiled by an incompatible version of rustc")));
        assert!(!damaged(&ended("error[E0425]: cannot find value `x` in this scope")));
        assert!(!damaged(&ended("warning: error[E0463] is only mentioned here")));
    }
}
