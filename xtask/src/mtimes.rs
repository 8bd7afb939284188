//! Gives unchanged files of a fresh clone the time of change they had in the last run, so that cargo, which compares times,
//! does not compile again what it has.

use crate::failure::{AtPath, Failure};
use crate::project::Project;
use crate::stamp::{files, sha256};
use crate::toolchain::WASM;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Folders whose files cargo watches.
const WATCHED: [&str; 8] = ["app", "core", "cli", "tests", "xtask", "bench", ".cargo", "Cargo.toml"];

/// Restores the times of files whose content is known, and remembers those of the others.
pub(crate) fn restore(project: &Project) -> Result<(), Failure> {
    let memory = memory(project);
    let before: Map<String, Value> = if compiled_since(project, &memory) {
        Map::new()
    } else {
        std::fs::read(&memory).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    };
    let mut now = Map::new();
    for watched in WATCHED {
        for file in files(&project.root.join(watched))? {
            let name = file.strip_prefix(&project.root).unwrap_or(&file).to_string_lossy().into_owned();
            let hash = sha256(&std::fs::read(&file).at(&file)?);
            let known = before
                .get(&name)
                .filter(|known| known["sha256"] == hash.as_str())
                .and_then(|known| known["modified"].as_u64());
            if let Some(seconds) = known {
                std::fs::File::options()
                    .append(true)
                    .open(&file)
                    .and_then(|open| open.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)))
                    .at(&file)?;
            }
            let modified = std::fs::metadata(&file)
                .and_then(|metadata| metadata.modified())
                .at(&file)?
                .duration_since(UNIX_EPOCH)
                .map_or(0, |time| time.as_secs());
            now.insert(name, serde_json::json!({ "sha256": hash, "modified": modified }));
        }
    }
    let text = serde_json::to_vec(&now)
        .map_err(|error| Failure::new(format!("The list of file times cannot be written: {error}.")))?;
    std::fs::create_dir_all(project.target.join("xtask")).at(&project.target)?;
    std::fs::write(&memory, text).at(&memory)
}

/// Marks the end of the run: what the target folder holds now was compiled from the files that are remembered.
pub(crate) fn keep(project: &Project) -> Result<(), Failure> {
    let memory = memory(project);
    std::fs::File::options()
        .append(true)
        .open(&memory)
        .and_then(|file| file.set_modified(SystemTime::now()))
        .at(&memory)
}

fn memory(project: &Project) -> PathBuf {
    project.target.join("xtask/mtimes.json")
}

/// Whether a crate of this workspace other than this program was compiled after the run that wrote `memory` ended: from files nobody remembers, so
/// that no file's old time says anything about the products.
fn compiled_since(project: &Project, memory: &Path) -> bool {
    let modified = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let Some(ended) = modified(memory) else { return true };
    let folders = |path: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()).collect()
    };
    [&project.target, &project.target.join(WASM)]
        .into_iter()
        .flat_map(|target| folders(target))
        .flat_map(|profile| folders(&profile.join(".fingerprint")))
        .filter(|package| package.file_name().is_some_and(|name| name.to_string_lossy().starts_with("almanac")))
        .any(|package| modified(&package.join("invoked.timestamp")).is_some_and(|time| time > ended))
}
