//! Gives unchanged files of a fresh clone the time of change they had in the last run, so that cargo, which compares times,
//! does not compile again what it has.

use crate::failure::{AtPath, Failure};
use crate::project::Project;
use crate::stamp::{files, sha256};
use serde_json::{Map, Value};
use std::time::{Duration, UNIX_EPOCH};

/// Folders whose files cargo watches.
const WATCHED: [&str; 8] = ["app", "core", "cli", "tests", "xtask", "bench", ".cargo", "Cargo.toml"];

/// Restores the times of files whose content is known, and remembers those of the others.
pub(crate) fn restore(project: &Project) -> Result<(), Failure> {
    let memory = project.target.join("xtask/mtimes.json");
    let before: Map<String, Value> =
        std::fs::read(&memory).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
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
